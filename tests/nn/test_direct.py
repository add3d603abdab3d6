"""Plain trees are read without torch.export, to the same graph; whatever is not plain is left to torch.export."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from torch import Tensor, nn  # noqa: E402
from torch.nn import functional  # noqa: E402
from torch.nn.utils import parametrizations  # noqa: E402

from lipcheck.graph import Graph  # noqa: E402
from lipcheck.nn import activations  # noqa: E402
from lipcheck.nn.reading import direct, exported, read_module  # noqa: E402
from lipcheck.nn.reading.state import differences  # noqa: E402


def grown(*parts: nn.Module) -> nn.Sequential:
    """A container whose normalisations have statistics of their own."""
    net = nn.Sequential(*parts)
    with torch.no_grad():
        for part in net.modules():
            if isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d) and part.running_mean is not None:
                part.running_mean.normal_()
                part.running_var.uniform_(0.5, 2)
    return net


def plain_modules() -> dict[str, tuple[nn.Module, tuple[int, ...]]]:
    torch.manual_seed(0)
    wide = nn.Linear(6, 8)
    kinds: dict[str, tuple[nn.Module, tuple[int, ...]]] = {
        "mlp": (nn.Sequential(wide, nn.ReLU(), nn.Linear(8, 3, bias=False)), (6,)),
        "a single layer": (nn.Linear(3, 2), (3,)),
        "a single activation": (nn.Tanh(), (3,)),
        "nested": (nn.Sequential(nn.Sequential(nn.Linear(3, 4), nn.Identity()), nn.Sequential(nn.Sigmoid())), (3,)),
        "a name": (nn.Sequential(), (3,)),
        "half": (nn.Sequential(nn.Linear(3, 4), nn.ReLU()).bfloat16(), (3,)),
        "images": (
            grown(nn.Conv2d(2, 4, 3, stride=2, padding=1, groups=2), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten()),
            (2, 6, 6),
        ),
        "signals": (grown(nn.Conv1d(2, 3, 3, dilation=2, bias=False), nn.BatchNorm1d(3), nn.LeakyReLU(0.1)), (2, 7)),
        "same": (nn.Sequential(nn.Conv2d(2, 2, 4, padding="same"), nn.Flatten(2)), (2, 5, 5)),
        "pools": (nn.Sequential(nn.MaxPool2d(2, 1, 1), nn.AvgPool2d((2, 1), ceil_mode=True)), (2, 5, 5)),
        "untracked": (nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3, track_running_stats=False)), (3,)),
        "dropout": (nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.3)), (3,)),
        "smooth": (nn.Sequential(nn.ELU(), nn.SiLU(), nn.Softplus(beta=2)), (3,)),
        "parametrized": (nn.Sequential(parametrizations.orthogonal(nn.Linear(4, 4)), nn.ReLU()), (4,)),
        "not batched last": (nn.Sequential(nn.Linear(4, 4), activations.MaxMin()), (3, 4)),
    }
    kinds["a name"][0].add_module("first", nn.Linear(3, 3))
    for part in (
        activations.Abs(),
        activations.ReLU(),
        activations.MaxMin(),
        activations.FullSort("descending"),
        activations.GroupSort(2, order="ascending"),
        activations.GroupSort(3, order="ascending"),
    ):
        kinds[repr(part)] = (nn.Sequential(nn.Linear(4, 6), part, nn.Linear(6, 2)), (4,))
        kinds["only " + repr(part)] = (part, (6,))
    return kinds


@pytest.mark.parametrize("name", list(plain_modules()))
def test_both_ways_give_the_same_graph(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, shape = plain_modules()[name]
    frozen = exported.frozen(exported.copied(module))
    x = exported.example(shape, exported.own_dtype(module, None))
    with torch.no_grad():
        assert direct.plain(frozen, x) is not None, "it is read without torch.export"
    found = read_module(module, shape)
    monkeypatch.setattr(exported, "plain", lambda *given, **named: None)
    same(found, read_module(module, shape))


def same(first: Graph, second: Graph) -> None:
    assert differences(first, second) == [] and first.output == second.output
    assert [node.name for node in first.nodes] == [node.name for node in second.nodes]


class Doubled(nn.Linear):
    def forward(self, x: Tensor) -> Tensor:
        return 2 * super().forward(x)


class Marked(Tensor):
    pass


def changed(change: Callable[[Any], Any]) -> nn.Sequential:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 3))
    return change(net) or net


def _shared(net: Any) -> Any:
    return nn.Sequential(net[0], nn.ReLU(), net[0])


def _attribute(net: Any) -> None:
    net[1].forward = lambda x: 3 * x


def _method(net: Any) -> None:
    net.forward = lambda x: net[0](x)


def _buffer(net: Any) -> None:
    net[0].register_buffer("more", torch.ones(1))


def _computed(net: Any) -> None:
    weight = net[0].weight
    del net[0]._parameters["weight"]
    net[0].weight = 2 * weight.detach()


NOT_PLAIN: dict[str, Callable[[Any], Any]] = {
    "a subclass": lambda net: nn.Sequential(net[0], Doubled(3, 3)),
    "a container of its own": lambda net: type("Own", (nn.Sequential,), {})(*net),
    "a forward hook": lambda net: net[0].register_forward_hook(lambda part, x, y: 2 * y) and None,
    "a hook before": lambda net: net.register_forward_pre_hook(lambda part, x: (2 * x[0],)) and None,
    "an instance's forward": _attribute,
    "a container's forward": _method,
    "an attribute": lambda net: setattr(net[1], "scale", 2),
    "a shared module": _shared,
    "one more buffer": _buffer,
    "a weight that is computed": _computed,
    "a module in a leaf": lambda net: net[0].add_module("inner", nn.ReLU()),
    "a tensor class": lambda net: net[0]._parameters.update(weight=net[0].weight.detach().as_subclass(Marked)),
    "in place": lambda net: nn.Sequential(nn.ReLU(inplace=True), net[0]),
    "another padding": lambda net: nn.Sequential(nn.Conv2d(3, 3, 3, padding=1, padding_mode="reflect")),
    "no module of the table": lambda net: nn.Sequential(net[0], nn.Softmax(1)),
}


@pytest.mark.parametrize("name", list(NOT_PLAIN))
def test_what_is_not_plain_is_exported(name: str) -> None:
    net = changed(NOT_PLAIN[name])
    assert direct.plain(net.eval(), torch.ones(2, 3)) is None


def test_modes_and_patches_are_left_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    x, net = torch.ones(2, 3), changed(lambda net: None).eval()
    assert direct.plain(net, x) is not None
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert direct.plain(net, x) is None
    handle = nn.modules.module.register_module_forward_hook(lambda part, x, y: None)
    assert direct.plain(net, x) is None
    handle.remove()
    for place, attribute in ((nn.ReLU, "forward"), (nn.Sequential, "forward"), (nn.Module, "__call__")):
        with monkeypatch.context() as patch:
            patch.setattr(place, attribute, lambda self, x: x)
            assert direct.plain(net, x) is None, (place, attribute)
    for attribute in ("relu", "linear"):
        with monkeypatch.context() as patch:
            patch.setattr(functional, attribute, lambda *given, **named: given[0])
            assert direct.plain(net, x) is None, attribute
    assert direct.plain(net, x) is not None


def test_train_mode_is_plain_where_modes_agree() -> None:
    x = torch.randn(2, 3)
    assert direct.plain(nn.Sequential(nn.Linear(3, 3), nn.ReLU()), x, train=True) is not None
    for part in (nn.Dropout(0.5), nn.BatchNorm1d(3)):
        assert direct.plain(nn.Sequential(nn.Linear(3, 3), part), x, train=True) is None


def test_a_wrong_rule_is_caught_by_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = direct.Kind(direct._unary(torch.ops.aten.abs.default), ("inplace",), uses=("relu",))
    monkeypatch.setitem(direct.KINDS, nn.ReLU, wrong)
    with pytest.raises(exported.ReadingError, match="differs from it"):
        read_module(changed(lambda net: None), (3,))


def test_torchs_compiler_is_not_loaded(tmp_path: Path) -> None:
    code = (
        "import sys, torch\nfrom torch import nn\nfrom lipcheck.nn.reading import read_module\n"
        "read_module(nn.Sequential(nn.Linear(3, 3), nn.ReLU()), (3,))\nassert 'torch._dynamo' not in sys.modules\n"
    )
    run([sys.executable, "-c", code], check=True, cwd=tmp_path)
