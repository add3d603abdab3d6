"""Files, ONNX and Python code as targets; no pickle is loaded; and what a module's state does to it."""

from __future__ import annotations

import json
import pickle
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lipcheck.graph import Dense, Graph, Input, Node
from lipcheck.graph.evaluate import evaluate
from lipcheck.network import Abs, Affine, FullSort, LeakyReLU, MaxMin, Network, Select, to_json

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")
safetensors_torch = pytest.importorskip("safetensors.torch")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from torch import Tensor, nn  # noqa: E402
from torch.nn.utils import parametrizations, parametrize  # noqa: E402

from lipcheck.nn import FullSort as FullSortModule  # noqa: E402
from lipcheck.nn import GroupSort, save  # noqa: E402
from lipcheck.nn.reading import ReadingError, check_state, read_network, read_target  # noqa: E402
from lipcheck.nn.reading.archive import check_archive  # noqa: E402
from lipcheck.nn.reading.state import differences  # noqa: E402
from lipcheck.readings.rational import evaluate as exact_evaluate  # noqa: E402

RNG = np.random.default_rng(0)
LOW = np.array(-1, np.float32)


def whole(*shape: int) -> np.ndarray:
    return RNG.integers(-3, 4, shape).astype(np.float32)


def make(tmp_path: Path, nodes: list[Any], shape: list[Any], constants: dict[str, np.ndarray], opset: int = 18) -> Path:
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", "m"])
    tensors = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "g", [x], [y], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    path = tmp_path / "model.onnx"
    onnx.save(model, path)
    return path


def node(kind: str, *inputs: str, **attributes: Any) -> Any:
    return helper.make_node(kind, list(inputs), ["y"], **attributes)


VECTORS: dict[str, tuple[Any, dict[str, np.ndarray]]] = {
    "gemm": (node("Gemm", "x", "w", "b", transB=1), {"w": whole(3, 4), "b": whole(3)}),
    "gemm_scaled": (node("Gemm", "x", "w", "b", alpha=0.5, beta=2.0), {"w": whole(4, 3), "b": whole(3)}),
    "matmul": (node("MatMul", "x", "w"), {"w": whole(4, 2)}),
    "add": (node("Add", "x", "b"), {"b": whole(4)}),
    "sub": (node("Sub", "b", "x"), {"b": whole(4)}),
    "mul": (node("Mul", "x", "b"), {"b": whole(4)}),
    "div": (node("Div", "x", "b"), {"b": np.array([1, 2, 4, 8], np.float32)}),
    "residual": (node("Add", "x", "x"), {}),
    "relu": (node("Relu", "x"), {}),
    "leaky": (node("LeakyRelu", "x", alpha=0.25), {}),
    "prelu": (node("PRelu", "x", "s"), {"s": whole(4) / 4}),
    "abs": (node("Abs", "x"), {}),
    "clip": (node("Clip", "x", "low", "high"), {"low": LOW, "high": np.array(2, np.float32)}),
    "max": (node("Max", "x", "b"), {"b": whole(4)}),
    "min": (node("Min", "x", "b"), {"b": np.array(1, np.float32)}),
    "reshape": (node("Reshape", "x", "s"), {"s": np.array([0, 2, 2])}),
    "transpose": (node("Transpose", "x", perm=[0, 1]), {}),
    "unsqueeze": (node("Unsqueeze", "x", "a"), {"a": np.array([1])}),
    "slice": (node("Slice", "x", "i", "j", "a", "s"), {"i": np.array([3]), "j": np.array([-9]), "a": np.array([1]), "s": np.array([-2])}),  # noqa: E501
    "gather": (node("Gather", "x", "i", axis=1), {"i": np.array([3, 0, 0])}),
    "concat": (node("Concat", "x", "x", axis=1), {}),
    "pad": (node("Pad", "x", "p", "v"), {"p": np.array([0, 1, 0, 2]), "v": np.array(3, np.float32)}),
    "reflect": (node("Pad", "x", "p", mode="reflect"), {"p": np.array([0, 1, 0, 2])}),
    "reduce_max": (node("ReduceMax", "x", "a", keepdims=0), {"a": np.array([1])}),
    "reduce_min": (node("ReduceMin", "x", "a"), {"a": np.array([1])}),
    "reduce_mean": (node("ReduceMean", "x", "a"), {"a": np.array([1])}),
    "identity": (node("Identity", "x"), {}),
    "dropout": (node("Dropout", "x"), {}),
    "tanh": (node("Tanh", "x"), {}),
    "sigmoid": (node("Sigmoid", "x"), {}),
    "softplus": (node("Softplus", "x"), {}),
    "elu": (node("Elu", "x", alpha=0.5), {}),
    "softmax": (node("Softmax", "x"), {}),
    "layer_norm": (node("LayerNormalization", "x", "s", "b", epsilon=0.1), {"s": whole(4), "b": whole(4)}),
    "layer_norm_plain": (node("LayerNormalization", "x", "s"), {"s": whole(4)}),
}  # fmt: skip


IMAGES: dict[str, tuple[Any, dict[str, np.ndarray]]] = {
    "conv": (node("Conv", "x", "w", "b", pads=[1, 0, 2, 1], strides=[2, 1]), {"w": whole(4, 2, 3, 2), "b": whole(4)}),
    "conv_groups": (node("Conv", "x", "w", group=2, dilations=[2, 1]), {"w": whole(4, 1, 2, 2)}),
    "conv_same": (node("Conv", "x", "w", auto_pad="SAME_LOWER"), {"w": whole(4, 2, 2, 3)}),
    "transposed": (
        node("ConvTranspose", "x", "w", pads=[1, 0, 1, 0], strides=[2, 1], output_padding=[1, 0]),
        {"w": whole(2, 3, 3, 2)},
    ),
    "norm": (
        node("BatchNormalization", "x", "s", "b", "m", "v"),
        {"s": whole(2), "b": whole(2), "m": whole(2), "v": np.array([1, 4], np.float32)},
    ),
    "max_pool": (node("MaxPool", "x", kernel_shape=[2, 2], strides=[2, 1], pads=[1, 0, 0, 1]), {}),
    "average": (node("AveragePool", "x", kernel_shape=[3, 2], pads=[1, 0, 1, 1]), {}),
    "average_pad": (node("AveragePool", "x", kernel_shape=[3, 2], pads=[1, 0, 1, 1], count_include_pad=1), {}),
    "global": (node("GlobalAveragePool", "x"), {}),
    "flatten": (node("Flatten", "x"), {}),
    "space": (node("SpaceToDepth", "x", blocksize=2), {}),
    "sums": (node("ReduceSum", "x", "a"), {"a": np.array([2, 3])}),
    "softmax_axis": (node("Softmax", "x", axis=1), {}),
    "layer_norm_axes": (node("LayerNormalization", "x", "s", "b", axis=2), {"s": whole(4, 6), "b": whole(4, 6)}),
    "instance_norm": (node("InstanceNormalization", "x", "s", "b", epsilon=0.5), {"s": whole(2), "b": whole(2)}),
}  # fmt: skip


@pytest.mark.parametrize("name", [*VECTORS, *IMAGES])
def test_onnx_operations(name: str, tmp_path: Path) -> None:
    shape = (4,) if name in VECTORS else (2, 4, 6)
    single, constants = {**VECTORS, **IMAGES}[name]
    path = make(tmp_path, [single], ["batch", *shape], constants)
    target = read_target(str(path))
    assert target.graph is not None and not target.graph.unknown and target.input_shape == shape
    x = whole(3, *shape)
    (wanted,) = onnx.reference.ReferenceEvaluator(onnx.load(path)).run(None, {"x": x})
    assert np.abs(evaluate(target.graph, x) - wanted).max() < 1e-5


def test_onnx_network_of_several_nodes_sorts_splits_and_folds(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Add", ["w0", "w1"], ["w"]),
        helper.make_node("MatMul", ["x", "w"], ["h"], name="first"),
        helper.make_node("TopK", ["h", "k"], ["v", "i"], axis=1),
        helper.make_node("Split", ["v"], ["a", "b"], axis=1, num_outputs=2),
        helper.make_node("Sub", ["a", "b"], ["y"]),
    ]
    constants = {"w0": whole(4, 4), "w1": whole(4, 4), "k": np.array([4])}
    target = read_target(str(make(tmp_path, nodes, [1, 4], constants)))
    assert target.graph is not None and not target.graph.unknown
    x = whole(1, 4)
    h = -np.sort(-(x @ (constants["w0"] + constants["w1"])), axis=1)
    assert np.array_equal(evaluate(target.graph, x), h[:, :2] - h[:, 2:])
    assert target.graph.nodes[1].name == "first"


@pytest.mark.parametrize(
    ("single", "kind"),
    [
        (node("LogSoftmax", "x"), "LogSoftmax"),
        (node("Mul", "x", "x"), "Mul"),
        (node("ReduceMax", "x", "a"), "ReduceMax"),
    ],
)
def test_onnx_unknown(single: Any, kind: str, tmp_path: Path) -> None:
    path = make(tmp_path, [single], ["n", 4], {"a": np.array([0])} if kind == "ReduceMax" else {})
    graph = read_target(str(path)).graph
    assert graph is not None and graph.unknown[0].operation.kind == kind  # type: ignore[union-attr]


def test_onnx_normalisations_in_other_versions_are_read_as_those_mean_them(tmp_path: Path) -> None:
    norm = node("GroupNormalization", "x", "s", "b", num_groups=2)
    path = make(tmp_path, [norm], ["n", 4, 3], {"s": whole(4), "b": whole(4)}, opset=21)
    graph, x = read_target(str(path)).graph, whole(2, 4, 3)
    assert graph is not None and not graph.unknown
    (wanted,) = onnx.reference.ReferenceEvaluator(onnx.load(path)).run(None, {"x": x})
    assert np.abs(evaluate(graph, x) - wanted).max() < 1e-5
    old = read_target(str(make(tmp_path, [node("Softmax", "x", axis=1)], ["n", 4, 3], {}, opset=11))).graph
    assert old is not None and "before version 13" in old.unknown[0].operation.reason  # type: ignore[union-attr]


def test_onnx_shapes_that_do_not_fit(tmp_path: Path) -> None:
    path = make(tmp_path, [node("Relu", "x")], ["n", "free"], {})
    with pytest.raises(ReadingError, match=r"examples of shape \('\?',\)"):
        read_target(str(path))
    assert read_target(str(path), (5,)).input_shape == (5,)


def test_networks_are_read_number_by_number(tmp_path: Path) -> None:
    third = Fraction(1, 3)
    network = Network(3, (
        Affine([[third, 1, 0], [2, 0, -1], [0, 1, 1], [1, 1, third]], [0, 1, third, 0]), MaxMin(), LeakyReLU(third),
        Select((3, 0, 0, 1), 4), FullSort("ascending"), Abs(),
    ))  # fmt: skip
    path = tmp_path / "network.json"
    path.write_text(json.dumps(to_json(network)))
    for graph in (read_network(network), read_target(str(path)).graph):
        assert graph is not None and graph.nodes[1].operation.weight[0, 0] == third  # type: ignore[union-attr]
        x = [Fraction(1), Fraction(-2), Fraction(1, 2)]
        wanted = [float(v) for v in exact_evaluate(network, x)]
        assert np.allclose(evaluate(graph, np.array([[float(v) for v in x]]))[0], wanted, atol=1e-14)


def test_files_of_lipcheck(tmp_path: Path) -> None:
    module = nn.Sequential(nn.Linear(4, 4), GroupSort(2, order="ascending"), FullSortModule("descending")).double()
    x = torch.randn(3, 4, dtype=torch.float64)
    for ending in ("json", "safetensors", "onnx"):
        save(module, tmp_path / f"m.{ending}")
        target = read_target(str(tmp_path / f"m.{ending}"))
        assert target.graph is not None and target.input_shape == (4,)
        assert np.allclose(evaluate(target.graph, x.numpy()), module(x).detach().numpy(), atol=1e-14)


def test_plain_perceptrons(tmp_path: Path) -> None:
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 4, bias=False), nn.ReLU(), nn.Linear(4, 2))
    path = tmp_path / "mlp.safetensors"
    safetensors_torch.save_file(net.state_dict(), path)
    with pytest.raises(ReadingError, match="does not say which activation"):
        read_target(str(path))
    for words in ("relu", ["maxmin", "leaky_relu:1/4"], ["groupsort:2", "tanh"]):
        path.with_suffix(".json").write_text(json.dumps({"activation": words}))
        assert read_target(str(path)).graph is not None
    for wrong in ("sorting", ["relu"], "leaky_relu", "groupsort:x"):
        path.with_suffix(".json").write_text(json.dumps({"activation": wrong}))
        with pytest.raises(ReadingError, match=r"activation"):
            read_target(str(path))
    safetensors_torch.save_file(net.state_dict(), path, metadata={"mlp": '{"activation": "relu"}'})
    target, x = read_target(str(path)), torch.randn(2, 3)
    assert target.graph is not None
    assert np.allclose(evaluate(target.graph, x.double().numpy()), net(x).detach().numpy(), atol=1e-5)


class Bomb:
    def __reduce__(self) -> Any:
        return (open, ("/nonexistent/exploded", "w"))


@pytest.mark.parametrize("ending", ["pt", "pth", "ckpt", "bin", "pkl"])
def test_pickles_are_refused_in_one_sentence(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"model.{ending}"
    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ReadingError, match=r"save the weights as \.safetensors, export the model to ONNX, or name"):
        read_target(str(path))


def test_exported_programs_without_pickles_only(tmp_path: Path) -> None:
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU()).eval()
    program = torch.export.export(net, (torch.randn(2, 3),))
    path = tmp_path / "a.pt2"
    torch.export.save(program, path)
    with pytest.raises(ReadingError, match="unpickle"):
        read_target(str(path))
    program.example_inputs = None
    torch.export.save(program, path)
    target, x = read_target(str(path)), torch.randn(4, 3)
    assert target.graph is not None and target.input_shape == (3,)
    assert np.allclose(evaluate(target.graph, x.double().numpy()), net(x).detach().numpy(), atol=1e-6)
    for name, data in {
        "a/data/constants/custom_obj_0": pickle.dumps(Bomb()),
        "a/data/sample_inputs/model.pt": pickle.dumps(Bomb()),
        "a/models/other.json": b'{"x": {"expr_str": "exec(1)"}}',
        "a/data/weights/model_weights_config.json": b'{"config": {"w": {"use_pickle": true}}}',
    }.items():
        forged = tmp_path / "forged.pt2"
        with zipfile.ZipFile(forged, "w") as archive:
            archive.writestr(name, data)
        with pytest.raises(ReadingError, match=r"forged\.pt2"):
            check_archive(forged)
    (tmp_path / "b.pt2").write_bytes(b"nothing")
    with pytest.raises(ReadingError, match=r"no \.pt2 archive"):
        read_target(str(tmp_path / "b.pt2"))


def test_python_code(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "import torch\nmodel = torch.nn.Linear(3, 2)\nclass Net(torch.nn.Linear):\n"
        "    def __init__(self): super().__init__(3, 2)\ndef build(): return torch.nn.Linear(3, 2)\nnumber = 3\n"
    )
    for name in ("model", "Net", "build"):
        assert read_target(f"{path}:{name}", (3,)).graph is not None
    assert read_target("torch.nn:ReLU", (3,)).graph is not None
    for text, words in {
        f"{path}:missing": "name one of",
        f"{path}:number": "is a int",
        f"{path}:model": "give the shape",
        "torch.nn:Linear": "without arguments",
        "no_such_package.x:y": "cannot be imported",
        "nowhere.py:model": "There is no file",
        "nothing": "names nothing",
        "absent.onnx": "There is no file",
    }.items():
        with pytest.raises(ReadingError, match=words):
            read_target(text)


def test_a_module_that_cannot_be_exported_keeps_its_problem() -> None:
    class Branch(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x if x.sum() > 0 else -x

    target = read_target(Branch(), (3,))
    assert target.graph is None and target.module is not None and "cannot be exported" in str(target.problem)


def found(module: nn.Module, shape: tuple[int, ...], name: str) -> Any:
    (check,) = (c for c in check_state(module, shape) if c.name == name)
    return check


def test_healthy_state() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(4, 4), GroupSort(2, order="ascending"), nn.Linear(4, 2))
    checks = {c.name: c for c in check_state(module, (4,))}
    changed = {name for name, check in checks.items() if check.changed}
    assert changed == {"cast to bfloat16", "one optimiser step"}
    assert all(checks[n].graph is not None for n in ("train", "save and load", "cast to float64", "one optimiser step"))


def test_a_bias_that_one_of_two_graphs_lacks_is_a_difference() -> None:
    def graph(bias: Any) -> Graph:
        nodes = (Node("x", Input(), (), (2,)), Node("w", Dense(np.eye(2), bias), (0,), (2,)))
        return Graph(nodes, 1)

    for first, second in ((None, np.zeros(2)), (np.zeros(2), None)):
        assert differences(graph(first), graph(second)) == ["w: bias differs"]
    assert differences(graph(None), graph(None)) == []


def test_train_mode_and_normalisation() -> None:
    check = found(nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4)), (4,), "train")
    assert check.changed and check.graph.unknown


def test_aliased_weights_are_named() -> None:
    module = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4))
    module[2].weight = module[0].weight
    assert "0.weight = 2.weight" in found(module, (4,), "aliases").detail


class Cached(nn.Linear):
    """A layer that halves its weight and keeps the result for eval mode, and forgets to renew it."""

    def __init__(self) -> None:
        super().__init__(3, 3)
        self.register_buffer("kept", self.weight.detach() / 2)

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.linear(x, self.weight / 2 if self.training else self.kept, self.bias)


def test_a_stale_exported_weight_is_found() -> None:
    """ "a stale exported weight": the parameter has moved on, the weight that eval mode uses has not."""
    module = Cached()
    assert not found(module, (3,), "train").changed
    with torch.no_grad():
        module.weight.mul_(2)
    check = found(module, (3,), "train")
    assert check.changed and "weight differs" in check.detail


def test_power_iteration_with_too_few_steps() -> None:
    torch.manual_seed(0)
    layer = parametrizations.spectral_norm(nn.Linear(30, 30), n_power_iterations=1)
    with torch.no_grad():
        layer.parametrizations.weight.original.normal_()
        layer.parametrizations.weight[0]._u.copy_(nn.functional.normalize(torch.randn(30), dim=0))
    check = found(nn.Sequential(layer), (30,), "power iteration")
    assert check.changed and check.detail.startswith("0: divides by")
    converged = parametrizations.spectral_norm(nn.Linear(3, 3), n_power_iterations=200)
    assert not found(nn.Sequential(converged), (3,), "power iteration").changed


def test_buffers_outside_of_the_state_dict() -> None:
    class Hidden(nn.Linear):
        def __init__(self) -> None:
            super().__init__(3, 3)
            self.register_buffer("factor", torch.tensor(0.25), persistent=False)

        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x) * self.factor

    check = found(nn.Sequential(Hidden()), (3,), "unsaved buffers")
    assert check.changed and "0.factor" in check.detail


def test_a_parametrization_with_a_state_is_reported() -> None:
    class Counting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("runs", torch.zeros(()))

        def forward(self, weight: Tensor) -> Tensor:
            with torch.no_grad():
                self.runs += 1
            return weight / (1 + 1 / (1 + self.runs))

    layer = nn.Linear(3, 3)
    parametrize.register_parametrization(layer, "weight", Counting())
    assert found(nn.Sequential(layer), (3,), "eval twice").changed
