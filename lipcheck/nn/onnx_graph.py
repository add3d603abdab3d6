"""The parts of a module as an ONNX graph that onnxruntime runs, and back.

Affine layers are Gemm, sorting is TopK within reshaped groups, MaxMin is ReduceMax and ReduceMin beside each other,
Select is Gather. A lattice is one Gemm per group size, reduced over groups of pieces and then over the groups: its size
is linear in the pieces. The initialisers "0.weight", ... hold the numbers, the model's metadata the description.
Opset 18, the first in which ReduceMax and ReduceMin take their axes as an input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from onnx import TensorProto, helper, numpy_helper

from lipcheck.layers import Abs, Elementwise, FullSort, GroupSort, Layer, LeakyReLU, MaxMin, Maxout, ReLU, Select
from lipcheck.nn.description import DESCRIPTION, FileError, Parts, assemble, group_sizes
from lipcheck.nn.lattice import LatticeModule
from lipcheck.nn.modules import flat

OPSET, IR_VERSION = 18, 8
_SMOOTH = {"tanh": "Tanh", "sigmoid": "Sigmoid", "softplus": "Softplus", "sin": "Sin", "atan": "Atan"}


def write(found: Parts) -> bytes:
    """The model's bytes: input "x" (batch, inputs), output "y" (batch, outputs)."""
    data: bytes = _model(found).SerializeToString(deterministic=True)
    return data


def read(data: bytes) -> Parts:
    """The parts; FileError unless the graph is the very one that `write` makes of them."""
    try:
        model = onnx.load_model_from_string(data)
        if any(tensor.HasField("data_location") for tensor in model.graph.initializer):
            raise ValueError("its numbers are in other files")
        texts = {entry.key: entry.value for entry in model.metadata_props}
        # A copy: the bytes of the file are read-only.
        arrays = {tensor.name: numpy_helper.to_array(tensor).copy() for tensor in model.graph.initializer}
    except (DecodeError, ValueError, TypeError, KeyError) as problem:
        raise FileError(f"this is no ONNX model ({problem}): save the model again.") from problem
    if set(texts) != {DESCRIPTION}:
        raise FileError(f"the metadata is {sorted(texts)}, not only {DESCRIPTION!r}: lipcheck did not write it.")
    floats = {name: torch.from_numpy(a) for name, a in arrays.items() if a.dtype in (np.float64, np.float32)}
    found = Parts(texts[DESCRIPTION], {name: t for name, t in floats.items() if not name.startswith("c.")})
    if found.data.get("kind") == "lattice":
        found = _in_order(found)
    if _model(found) != model:
        raise FileError("the graph is not the one that its description means: save the model again.")
    return found


@dataclass
class _Graph:
    """Nodes and initialisers in the making; every node gives the tensor that is named like it."""

    dtype: Any
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    tensors: list[TensorProto] = field(default_factory=list)

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """The name of the new node's output."""
        name = f"n.{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def constant(self, values: Any, dtype: Any = np.int64) -> str:
        """The name of a new initialiser that is part of the graph's build, not of the model's numbers."""
        return self.tensor(f"c.{len(self.tensors)}", np.asarray(values, dtype))

    def tensor(self, name: str, values: Any) -> str:
        """The name of an initialiser."""
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def reshape(self, x: str, *shape: int) -> str:
        """X as (batch, *shape)."""
        return self.node("Reshape", x, self.constant([0, *shape]))

    def reduce(self, kind: str, x: str, axis: int, keepdims: bool = False) -> str:
        """ReduceMax or ReduceMin along an axis."""
        return self.node(kind, x, self.constant([axis]), keepdims=int(keepdims))


def _model(found: Parts) -> onnx.ModelProto:
    module = assemble(found)
    tensors = {name: tensor.numpy() for name, tensor in found.tensors.items()}
    dtype = next(iter(tensors.values())).dtype if tensors else np.dtype(np.float64)
    graph = _Graph(dtype)
    if isinstance(module, LatticeModule):
        outputs = 1
        last = _lattice(graph, module)
    else:
        last, outputs = "x", module.inputs
        for i, layer in enumerate(flat(module)):
            if isinstance(layer, torch.nn.Linear):
                weight, bias = (graph.tensor(f"{i}.{part}", tensors[f"{i}.{part}"]) for part in ("weight", "bias"))
                last, outputs = graph.node("Gemm", last, weight, bias, transB=1), layer.out_features
            else:
                last, outputs = _layer(graph, layer, last, outputs), layer.outputs(outputs)
    graph.nodes.append(helper.make_node("Identity", [last], ["y"], name="y"))
    kind = helper.np_dtype_to_tensor_dtype(dtype)
    x = helper.make_tensor_value_info("x", kind, ["batch", module.inputs])
    y = helper.make_tensor_value_info("y", kind, ["batch", outputs])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "lipcheck", [x], [y], graph.tensors),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="lipcheck",
    )
    helper.set_model_props(model, {DESCRIPTION: found.description})
    onnx.checker.check_model(model, full_check=True)
    return model


def _layer(graph: _Graph, layer: Layer, x: str, width: int) -> str:
    match layer:
        case Abs():
            return graph.node("Abs", x)
        case ReLU():
            return graph.node("Max", x, graph.constant(0, graph.dtype))
        case LeakyReLU(slope=slope):
            positive = graph.node("Greater", x, graph.constant(0, graph.dtype))
            return graph.node("Where", positive, x, graph.node("Mul", x, graph.constant(float(slope), graph.dtype)))
        case Elementwise(name="atan") if graph.dtype == np.float64:
            raise FileError("onnxruntime has no atan in float64: save the model as .safetensors, or in float32.")
        case Elementwise(name=name):
            return graph.node(_SMOOTH[name], x)
        case MaxMin():
            pairs = graph.reshape(x, width // 2, 2)
            ends = [graph.reduce(kind, pairs, 2, keepdims=True) for kind in ("ReduceMax", "ReduceMin")]
            return graph.reshape(graph.node("Concat", *ends, axis=2), width)
        case GroupSort(order=order) | FullSort(order=order):
            size = layer.group(width)
            grouped, count = graph.reshape(x, width // size, size), graph.constant([size])
            name = f"n.{len(graph.nodes)}"
            sort: dict[str, Any] = {"axis": 2, "largest": int(order == "descending"), "sorted": 1}
            graph.nodes.append(helper.make_node("TopK", [grouped, count], [name, f"{name}.places"], name=name, **sort))
            return graph.reshape(name, width)
        case Maxout(size=size):
            return graph.reduce("ReduceMax", graph.reshape(x, width // size, size), 2)
        case Select(indices=indices):
            return graph.node("Gather", x, graph.constant(indices), axis=1)
        case _:
            raise FileError(f"the layer {layer!r} has no ONNX form here: save the model as .safetensors.")


def _lattice(graph: _Graph, module: LatticeModule) -> str:
    inner, outer = ("ReduceMin", "ReduceMax") if module.outer == "max" else ("ReduceMax", "ReduceMin")
    weight, bias, found = module.weight.detach().numpy(), module.bias.detach().numpy(), []
    for size, places in _by_size(module.sizes):
        names = [graph.tensor(f"{size}.{part}", a[places]) for part, a in (("weight", weight), ("bias", bias))]
        grouped = graph.reshape(graph.node("Gemm", "x", *names, transB=1), len(places) // size, size)
        found.append(graph.reduce(inner, grouped, 2))
    together = found[0] if len(found) == 1 else graph.node("Concat", *found, axis=1)
    return graph.reduce(outer, together, 1, keepdims=True)


def _by_size(sizes: Sequence[int]) -> list[tuple[int, Any]]:
    """For every size, in ascending order, the places of the pieces in groups of that size."""
    of_piece = np.repeat(sizes, sizes)
    return [(int(size), np.flatnonzero(of_piece == size)) for size in np.unique(of_piece)]


def _in_order(found: Parts) -> Parts:
    """The parts of a lattice with its pieces group after group again."""
    pieces = sum(len(tensor) for name, tensor in found.tensors.items() if name.endswith(".bias"))
    by_size = _by_size(group_sizes(found.data.get("sizes"), pieces))
    places = torch.from_numpy(np.concatenate([of_size for _, of_size in by_size]))
    whole = {}
    for part in ("weight", "bias"):
        names = [f"{size}.{part}" for size, _ in by_size]
        if any(name not in found.tensors for name in names):
            raise FileError("a tensor of the lattice is missing: save the model again.")
        packed = torch.cat([found.tensors[name] for name in names])
        if len(packed) != pieces:
            raise FileError("the tensors of the lattice differ in length: save the model again.")
        whole[part] = torch.empty_like(packed).index_copy_(0, places, packed)
    return Parts(found.description, whole)
