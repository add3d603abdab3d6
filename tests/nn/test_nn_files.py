from __future__ import annotations

import json
import math
import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from lipcheck.network import (
    Abs,
    Affine,
    Elementwise,
    FullSort,
    GroupSort,
    LeakyReLU,
    MaxMin,
    Maxout,
    Network,
    ReLU,
    Select,
)
from lipcheck.nn import FileError, LatticeModule, ModuleError, NetworkModule, from_module, load, save, to_module
from lipcheck.readings.tensor import TensorNetwork

DTYPES = [torch.float64, torch.float32]
third = Fraction(1, 3)


def network(*, smooth: bool = False) -> Network:
    draw = torch.Generator().manual_seed(0)

    def affine(m: int, n: int) -> Affine:
        return Affine(torch.randn(m, n, generator=draw), torch.randn(m, generator=draw))

    layers = [
        affine(8, 3),
        MaxMin(),
        Select((1, 0, 5, 5, 7, 2), 8),
        GroupSort(3, order="ascending"),
        affine(6, 6),
        Abs(),
        GroupSort(2, order="descending"),
        affine(4, 6),
        FullSort("descending"),
        LeakyReLU(Fraction(1, 4)),
        ReLU(),
        Maxout(2),
        affine(2, 2),
        FullSort("ascending"),
        LeakyReLU(2),
    ]
    return Network(3, (*layers, *map(Elementwise, ("tanh", "sigmoid", "sin", "softplus") * smooth)))


def lattice(dtype: torch.dtype, outer: str = "max") -> LatticeModule:
    draw, sizes = torch.Generator().manual_seed(1), (3, 1, 2, 3, 5, 1)
    weight, bias = torch.randn(15, 4, generator=draw, dtype=dtype), torch.randn(15, generator=draw, dtype=dtype)
    return LatticeModule(weight, bias, sizes, outer, p=Fraction(3, 2))  # type: ignore[arg-type]


def same(a: nn.Module, b: nn.Module) -> bool:
    ours, theirs = dict(a.named_parameters()), dict(b.named_parameters())
    bits = all(v.detach().numpy().tobytes() == theirs[k].detach().numpy().tobytes() for k, v in ours.items())
    return bits and type(a) is type(b) and repr(a) == repr(b) and ours.keys() == theirs.keys()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("ending", [".safetensors", ".onnx"])
def test_networks_come_back_bit_for_bit(ending: str, dtype: torch.dtype, tmp_path: Path) -> None:
    module = to_module(network(smooth=True), dtype=dtype)
    with torch.no_grad():
        module[0].weight[0, 0] = -0.0
        module[0].weight[0, 1] = torch.finfo(dtype).smallest_normal / 8
    save(module, tmp_path / f"a{ending}")
    back = load(tmp_path / f"a{ending}")
    assert isinstance(back, NetworkModule) and same(module, back) and back.inputs == 3
    assert next(back.parameters()).dtype == dtype
    assert from_module(back) == from_module(module)
    save(back, tmp_path / f"b{ending}")
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"a{ending}", f"b{ending}"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("outer", ["max", "min"])
@pytest.mark.parametrize("ending", [".safetensors", ".onnx"])
def test_lattices_come_back_bit_for_bit(ending: str, outer: str, dtype: torch.dtype, tmp_path: Path) -> None:
    module = lattice(dtype, outer)
    save(module, tmp_path / f"a{ending}")
    back = load(tmp_path / f"a{ending}")
    assert isinstance(back, LatticeModule) and same(module, back)
    assert (back.sizes, back.outer, back.p) == (module.sizes, outer, Fraction(3, 2))
    save(back, tmp_path / f"b{ending}")
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


@pytest.mark.parametrize("norm", [None, Fraction(1), Fraction(7, 3), math.inf, "spectral"])
def test_the_norm_travels(norm: Fraction | float | None, tmp_path: Path) -> None:
    module = to_module(Network(2, (Affine.linear([[third, third]]),)), norm=norm)
    for ending in (".safetensors", ".onnx"):
        save(module, tmp_path / f"a{ending}")
        back = load(tmp_path / f"a{ending}")
        assert isinstance(back, NetworkModule) and back.norm == norm and type(back.norm) is type(norm)


def test_exact_networks(tmp_path: Path) -> None:
    exact = Network(2, (Affine([[third, Fraction(10**400, 7)]], [third]), LeakyReLU(third)))
    save(exact, tmp_path / "a.json")
    assert load(tmp_path / "a.json") == exact
    for ending in (".safetensors", ".onnx"):
        with pytest.raises(ValueError):
            save(exact, tmp_path / f"a{ending}")
        with pytest.raises(FileError, match=r"save it as \.json"):
            save(Network(2, (Affine.linear([[third, 0]]),)), tmp_path / f"a{ending}")
        save(network(), tmp_path / f"b{ending}")
        back = load(tmp_path / f"b{ending}")
        assert isinstance(back, NetworkModule) and from_module(back) == network()
    module = lattice(torch.float32)
    save(module, tmp_path / "l.json")
    assert load(tmp_path / "l.json") == module.to_lattice().network()


def test_modules_of_torch(tmp_path: Path) -> None:
    plain = nn.Sequential(nn.Linear(3, 4, bias=False), nn.Sequential(nn.ReLU(), nn.Linear(4, 2)))
    for module in (plain, nn.Linear(3, 2)):
        for ending in (".safetensors", ".onnx", ".json"):
            save(module, tmp_path / f"a{ending}")
            back = load(tmp_path / f"a{ending}")
            assert (back if isinstance(back, Network) else from_module(back)) == from_module(module)
    twice = nn.Linear(3, 3)
    module = nn.Sequential(twice, nn.ReLU(), twice)
    assert len(from_module(module).layers) == 3
    for ending in (".safetensors", ".onnx"):
        save(module, tmp_path / f"a{ending}")
        back = load(tmp_path / f"a{ending}")
        assert isinstance(back, NetworkModule) and from_module(back) == from_module(module)
    with pytest.raises(ModuleError, match="Dropout"):
        save(nn.Sequential(nn.Linear(2, 2), nn.Dropout()), tmp_path / "a.onnx")


def run(path: Path, x: np.ndarray) -> np.ndarray:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (y,) = session.run(["y"], {"x": x})
    return y


@pytest.mark.parametrize("dtype", DTYPES)
def test_onnxruntime_is_within_the_proved_bound_of_the_exact_network(dtype: torch.dtype, tmp_path: Path) -> None:
    save(to_module(network(), dtype=dtype), tmp_path / "a.onnx")
    for count in (1, 40):
        x = torch.randn(count, 3, generator=torch.Generator().manual_seed(2), dtype=dtype)
        values, bounds = TensorNetwork.from_network(network(), dtype).forward_with_bound(x)
        y = run(tmp_path / "a.onnx", x.numpy())
        assert y.shape == (count, 2) and y.dtype == np.dtype(str(dtype).removeprefix("torch."))
        # The bound covers inner products in any order: ours and onnxruntime's are within it of the same exact value.
        assert bool((torch.from_numpy(y).double() - values[0].double()).abs().le(2 * bounds[0]).all())
        assert bounds.max() < (1e-3 if dtype == torch.float32 else 1e-12)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("outer", ["max", "min"])
def test_onnxruntime_runs_lattices(outer: str, dtype: torch.dtype, tmp_path: Path) -> None:
    module = lattice(dtype, outer)
    save(module, tmp_path / "a.onnx")
    x = torch.randn(40, 4, generator=torch.Generator().manual_seed(3), dtype=dtype)
    y = run(tmp_path / "a.onnx", x.numpy())
    assert y.shape == (40, 1)
    bounds = module.error_bound(x)
    for point, value, bound in zip(x.tolist(), y[:, 0].tolist(), bounds[:, 0].tolist(), strict=True):
        assert abs(Fraction(value) - module.to_lattice().value(point)) <= Fraction(bound)


@pytest.mark.parametrize("dtype", DTYPES)
def test_onnxruntime_runs_every_layer_as_torch_does(dtype: torch.dtype, tmp_path: Path) -> None:
    x = torch.randint(-4, 5, (30, 6), generator=torch.Generator().manual_seed(4)).to(dtype) / 4
    for layer in (
        Abs(),
        ReLU(),
        LeakyReLU(Fraction(1, 4)),
        LeakyReLU(-2),
        MaxMin(),
        GroupSort(3, order="descending"),
        Select((3, 3), 6),
        GroupSort(2, order="ascending"),
        FullSort("ascending"),
        FullSort("descending"),
        Maxout(3),
        Maxout(1),
    ):
        module = to_module(Network(6, (Affine.linear(torch.eye(6)), layer)), dtype=dtype)
        save(module, tmp_path / "a.onnx")
        assert run(tmp_path / "a.onnx", x.numpy()).tolist() == module(x).tolist(), layer


def test_a_lattice_in_onnx_is_linear_in_size(tmp_path: Path) -> None:
    sizes = []
    for pieces in (1000, 8000):
        save(LatticeModule(torch.ones(pieces, 4), torch.ones(pieces), (2,) * (pieces // 2)), tmp_path / "a.onnx")
        sizes.append((tmp_path / "a.onnx").stat().st_size)
    assert sizes[1] - sizes[0] <= 7000 * 5 * 4 + 100


def test_other_endings_and_other_files(tmp_path: Path) -> None:
    for ending in (".pt", "", ".npz"):
        with pytest.raises(FileError, match=r"use \.json, \.safetensors or \.onnx"):
            save(network(), tmp_path / f"a{ending}")
        with pytest.raises(FileError, match=r"use \.json, \.safetensors or \.onnx"):
            load(tmp_path / f"a{ending}")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.onnx")
    for ending in (".json", ".safetensors", ".onnx"):
        for data in (b"", b"{}", b"\x00" * 100, b"\xff" * 9, b"[" * 100_000, b"PK\x03\x04"):
            (tmp_path / f"a{ending}").write_bytes(data)
            with pytest.raises(FileError):
                load(tmp_path / f"a{ending}")


def safetensors_with(path: Path, description: object, tensors: dict[str, torch.Tensor], key: str = "lipcheck") -> None:
    from safetensors.torch import save_file

    save_file(tensors, path, metadata={key: description if isinstance(description, str) else json.dumps(description)})


W, B = torch.ones(2, 3), torch.ones(2)
LINEAR = {"format": 1, "kind": "network", "inputs": 3, "norm": None, "layers": [{"kind": "affine"}, {"kind": "maxmin"}]}
PIECES = {"format": 1, "kind": "lattice", "norm": "1", "outer": "max", "sizes": [[1, 2]]}


@pytest.mark.parametrize(
    ("change", "tensors", "message"),
    [
        ({"format": 2}, None, "format 2, not 1"),
        ({"format": True}, None, "format True"),
        ({"kind": "tree"}, None, "fields"),
        ({"extra": 1}, None, "other fields"),
        ({"inputs": 4}, None, "receives 4"),
        ({"inputs": "3"}, None, "'3'"),
        ({"layers": []}, {}, "no layers"),
        ({"layers": 3}, {}, "no layers"),
        ({"norm": "1/2"}, None, "rational number >= 1"),
        ({"norm": 2}, None, "exact number"),
        ({"norm": "huge"}, None, "huge"),
        ({"layers": [{"kind": "affine"}, {"kind": "maxout", "size": 3}]}, None, "divisible by 3"),
        ({"layers": [{"kind": "affine"}, {"kind": "conv"}]}, None, "conv"),
        (
            {"layers": [{"kind": "affine"}, {"kind": "affine", "weight": [["1", "0"]], "bias": ["0"]}]},
            None,
            "layer 1 of the description holds its weight",
        ),
        ({"layers": [{"kind": "affine"}, {"kind": "affine"}]}, None, r"1\.\w+ is missing"),
        ({}, {"0.weight": W}, r"0\.bias is missing"),
        ({}, {"0.weight": W, "0.bias": B, "odd": B + 1}, "'odd'"),
        ({}, {"0.weight": W, "0.bias": torch.ones(3)}, r"\(3,\)"),
        ({}, {"0.weight": B + 1, "0.bias": B}, "shapes"),
        ({}, {"0.weight": W / 0, "0.bias": B}, "NaN or infinity"),
        ({}, {"0.weight": W, "0.bias": B * math.nan}, "NaN"),
        ({}, {"0.weight": W.half(), "0.bias": B.half()}, "float16"),
        ({}, {"0.weight": W.double(), "0.bias": B}, "float32, torch.float64"),
    ],
)
def test_damaged_networks(
    change: dict[str, object], tensors: dict[str, torch.Tensor] | None, message: str, tmp_path: Path
) -> None:
    whole = {"0.weight": W, "0.bias": B}
    safetensors_with(tmp_path / "a.safetensors", LINEAR, whole)
    assert isinstance(load(tmp_path / "a.safetensors"), NetworkModule)
    safetensors_with(tmp_path / "a.safetensors", LINEAR | change, whole if tensors is None else tensors)
    with pytest.raises(FileError, match=message):
        load(tmp_path / "a.safetensors")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sizes": [[1, 3]]}, "hold"),
        ({"sizes": [[1, 1]]}, "sum up to 1"),
        ({"sizes": [[10**9, 10**9]]}, "hold"),
        ({"sizes": [[True, 2]]}, "hold"),
        ({"sizes": 2}, "not a list"),
        ({"outer": "mean"}, "'mean'"),
        ({"norm": "0"}, "p|norm"),
    ],
)
def test_damaged_lattices(change: dict[str, object], message: str, tmp_path: Path) -> None:
    safetensors_with(tmp_path / "a.safetensors", PIECES, {"weight": W, "bias": B})
    assert isinstance(load(tmp_path / "a.safetensors"), LatticeModule)
    safetensors_with(tmp_path / "a.safetensors", PIECES | change, {"weight": W, "bias": B})
    with pytest.raises(FileError, match=message):
        load(tmp_path / "a.safetensors")


def test_foreign_metadata(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    for description, key in (("{", "lipcheck"), (LINEAR, "other"), ([], "lipcheck")):
        safetensors_with(path, description, {"0.weight": W, "0.bias": B}, key)
        with pytest.raises(FileError):
            load(path)
    header = b'{"__metadata__":null}'
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    with pytest.raises(FileError, match="lipcheck did not write it"):
        load(path)
    save(to_module(network()), path)
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    assert list(json.loads(data[8 : 8 + length])["__metadata__"]) == ["lipcheck"]
    path.write_bytes(data[:-1])
    with pytest.raises(FileError, match="no safetensors file"):
        load(path)


@pytest.mark.parametrize("what", ["node", "number", "description", "foreign", "order"])
@pytest.mark.parametrize("kind", ["network", "lattice"])
def test_an_onnx_graph_that_is_not_its_description(kind: str, what: str, tmp_path: Path) -> None:
    import onnx

    path = tmp_path / "a.onnx"
    save(lattice(torch.float32) if kind == "lattice" else to_module(network(), dtype=torch.float32), path)
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    if what == "node":
        reduce = next(n for n in model.graph.node if n.op_type == "ReduceMax")
        reduce.op_type = "ReduceMin"
    elif what == "number":
        constant = next(t for t in model.graph.initializer if t.data_type == onnx.TensorProto.INT64)
        constant.CopyFrom(onnx.numpy_helper.from_array(np.array([7], np.int64), constant.name))
    elif what == "description":
        model.metadata_props[0].value = model.metadata_props[0].value.replace("max", "min")
    elif what == "order":
        model.graph.node[0].input[1], model.graph.node[0].input[2] = (
            model.graph.node[0].input[2],
            model.graph.node[0].input[1],
        )
    else:
        del model.metadata_props[:]
    path.write_bytes(model.SerializeToString())
    with pytest.raises(FileError):
        load(path)


@pytest.mark.parametrize("what", ["other file", "type"])
def test_onnx_numbers_that_are_not_in_the_file(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import onnx

    monkeypatch.chdir(tmp_path)
    save(lattice(torch.float32), tmp_path / "a.onnx")
    model = onnx.load(tmp_path / "a.onnx")
    tensor = model.graph.initializer[0]
    if what == "type":
        tensor.data_type = 43
    else:
        onnx.external_data_helper.set_external_data(tensor, "numbers.bin", offset=0, length=len(tensor.raw_data))
        tensor.ClearField("raw_data")
    (tmp_path / "a.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(FileError, match="no ONNX model"):
        load(tmp_path / "a.onnx")


def test_what_onnxruntime_lacks_is_refused(tmp_path: Path) -> None:
    atan = Network(2, (Affine.linear([[1, 0], [0, 1]]), Elementwise("atan")))
    with pytest.raises(FileError, match="no atan in float64"):
        save(to_module(atan), tmp_path / "a.onnx")
    save(to_module(atan, dtype=torch.float32), tmp_path / "a.onnx")
    y = run(tmp_path / "a.onnx", np.array([[1, -1]], np.float32))
    assert np.abs(y - np.array([[math.pi / 4, -math.pi / 4]])).max() < 1e-6


@pytest.mark.parametrize("digits", [2100, 5000])
def test_numbers_too_long_to_be_loaded_are_not_saved(digits: int, tmp_path: Path) -> None:
    long = Network(1, (Affine([[Fraction(10**digits + 1, 10**digits)]], [0]),))
    with pytest.raises(FileError, match="more than 4000 digits"):
        save(long, tmp_path / "a.json")
    assert not (tmp_path / "a.json").exists()
    shorter = Network(1, (Affine([[Fraction(10**1990 + 1, 10**1990)]], [0]),))
    save(shorter, tmp_path / "a.json")
    assert load(tmp_path / "a.json") == shorter


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    save(network(), path)
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="no space"):
        save(Network(1, (Abs(),)), path)
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["a.json"]
