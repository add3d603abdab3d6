"""Searching for violations of a law on whole populations of networks: floats propose, rationals decide.

Importing this module imports torch; besides that only numpy and the standard library are needed, on cpu or cuda.

Networks are drawn in blocks of one architecture and one kind of weights, each block from its own generator, so that the
networks do not depend on how evaluation is cut into chunks. Those that the law does not admit are left out. Of each
block and style of points the worst pair with a negative margin becomes a candidate. Candidates are taken in order of
margin over size of the numbers, repaired to meet the hypotheses exactly, and decided in rationals.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import torch
from torch import Tensor

from lipcheck.engines import kinds, pairs
from lipcheck.engines.architectures import Architecture, architectures
from lipcheck.engines.examination import Case, Examined, Numbers
from lipcheck.engines.outcome import DeviceUnavailable, SearchError, SearchOutcome
from lipcheck.engines.repair import feasible, meets
from lipcheck.readings.fused import FusedNetwork
from lipcheck.readings.tensor import Kind as LayerKind
from lipcheck.readings.tensor import TensorNetwork
from lipcheck.words.search import Sample, Search

ACTIVATIONS = 4_000_000
"""Floats that one chunk may hold in activations, Jacobian rows included."""
BLOCK = 2048
"""Networks that are drawn together at most."""
PROBED = 16
"""Networks of a block that are checked against `admits` before the block is given up."""
ADMITS_ALL = Search.admits

Progress: TypeAlias = Callable[[int, int], None]
Parameters: TypeAlias = list[tuple[Tensor, Tensor]]


class Evaluated(Sample):
    """A sample whose Jacobians are computed when a margin first asks for them."""

    def __init__(self, network: TensorNetwork, x: Tensor, y: Tensor) -> None:
        hidden = sum(kind != "affine" for kind in network.kinds)
        fields = {"x": x, "y": y, "fx": network.forward(x), "fy": network.forward(y), "hidden": hidden}
        self.__dict__.update(fields, _network=network)

    def __getattr__(self, name: str) -> Tensor:
        if name not in ("jacobian", "jacobian_y"):
            raise AttributeError(name)
        network: TensorNetwork = self.__dict__["_network"]
        jacobian = self.__dict__[name] = network.jacobian(self.x if name == "jacobian" else self.y)[1]
        return jacobian


class Spot(NamedTuple):
    """Where in a block a margin stands; -inf where it was NaN or infinite."""

    margin: float
    member: int
    point: int


@dataclass(frozen=True)
class Block:
    """Networks of one architecture and kind, drawn together."""

    architecture: Architecture
    kind: str
    networks: int
    seed: int


@dataclass
class Tally:
    """What the float side saw."""

    violations: int = 0
    undefined: int = 0
    worst: Case | None = None
    candidates: list[Case] = field(default_factory=list)
    obstacles: Counter[str] = field(default_factory=Counter)


def search_population(
    search: Search,
    *,
    networks: int,
    points: int,
    seed: int,
    device: str = "cpu",
    dtype: str = "float64",
    progress: Progress | None = None,
    activations: int = ACTIVATIONS,
) -> SearchOutcome:
    """Draw `networks` networks with `points` pairs of points each and look for negative margins.

    `dtype` is "float64" or "float32", `device` "cpu" or "cuda". `progress(done, networks)` is called after each block.
    `activations` bounds the memory of a chunk and changes no result on a cpu. Raises DeviceUnavailable where there is
    no such device, SearchError for settings that make no sense and for laws whose exact side cannot decide.
    """
    if networks < 1 or points < 1:
        raise SearchError(f"{networks} networks and {points} points were asked for: ask for at least one of each.")
    where, precision = device_of(device), dtype_of(dtype)
    tally, used, done = Tally(), Counter[str](), 0
    for block in blocks(architectures(search), networks, points, seed):
        used[block.kind] += search_block(search, block, points, where, precision, activations, tally)
        done += block.networks
        if progress is not None:
            progress(done, networks)
    examined, worst = Examined(search), tally.worst
    exact = None if worst is None else examined.look(worst)
    examined.go_through([case for case in tally.candidates if case is not worst])
    return SearchOutcome(
        engine="population",
        networks=used.total(),
        points=used.total() * points,
        kinds=dict(sorted(used.items())),
        worst=None if worst is None else repr(worst.margin),
        worst_exact=None if exact is None else str(exact),
        seed=seed,
        overruled=examined.overruled,
        inadmissible=networks - used.total(),
        violations=tally.violations,
        undefined=tally.undefined,
        confirmed=len(examined.confirmed),
        **examined.counterexamples(),
        device=device,
        device_name=torch.cuda.get_device_name(where) if where.type == "cuda" else "cpu",
        dtype=dtype,
        settings={"torch": torch.__version__, "points per network": str(points)} | kernels(where.type, tally.obstacles),
    )


def kernels(device: str, obstacles: Counter[str]) -> dict[str, str]:
    """For the record: how many networks went through a fused kernel of a CUDA device, and why others did not."""
    if device != "cuda":
        return {}
    parts = [f"{obstacles['']} networks", *(f"not {n}: {why}" for why, n in sorted(obstacles.items()) if why)]
    return {"fused kernel": "; ".join(parts)}


def device_of(name: str) -> torch.device:
    """The device that "cpu" or "cuda" names; raises SearchError for others, DeviceUnavailable where it is missing."""
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise SearchError(f"{name!r} is not a device: use 'cpu' or 'cuda'.") from error
    if device.type not in ("cpu", "cuda"):
        raise SearchError(f"{name!r} is not a device that searches run on: use 'cpu' or 'cuda'.")
    if device.type == "cuda" and not torch.cuda.is_available():
        raise DeviceUnavailable("There is no CUDA device here: leave the device option out to search on the CPU.")
    return device


def dtype_of(name: str) -> torch.dtype:
    """The dtype that "float64" or "float32" names; raises SearchError for others."""
    known = {"float64": torch.float64, "float32": torch.float32}
    if name not in known:
        raise SearchError(f"{name!r} is not a dtype that searches use: use 'float64' or 'float32'.")
    return known[name]


def blocks(choices: tuple[Architecture, ...], networks: int, points: int, seed: int) -> Iterator[Block]:
    """The networks shared out over all pairs of an architecture and a kind; few networks still meet every kind."""
    names = list(kinds.KINDS)
    shifts = range(len(choices))
    cells = [(choices[(i + shift) % len(choices)], kind) for shift in shifts for i, kind in enumerate(names)]
    for number, (architecture, kind) in enumerate(cells):
        left = networks // len(cells) + (number < networks % len(cells))
        largest = max(1, min(BLOCK, ACTIVATIONS // (points * architecture.inputs)))
        for part in range(-(-left // largest)):
            # random.Random hashes the text, the same on every machine, unlike hash().
            own = random.Random(f"{seed} {number} {part}").getrandbits(63)
            yield Block(architecture, kind, min(largest, left - part * largest), own)


def search_block(
    search: Search, block: Block, points: int, device: torch.device, dtype: torch.dtype, activations: int, tally: Tally
) -> int:
    """Look at every network of the block that the law admits, and say how many these are."""
    dice = kinds.Dice(torch.Generator(device).manual_seed(block.seed), dtype)
    kind, plan = kinds.KINDS[block.kind], block.architecture
    parameters = kinds.draw(kind, search.norm, dice, block.networks, plan.shapes)
    x, y = pairs.draw(dice, block.networks, points, plan.inputs)
    if search.admits is not ADMITS_ALL:
        kept = torch.tensor(_admitted(search, plan, parameters), dtype=torch.long, device=device)
        parameters, x, y = [(w[kept], b[kept]) for w, b in parameters], x[kept], y[kept]
    # Points are cut in one way only, for the width of a matrix product decides how it rounds.
    styles, size = len(pairs.STYLES), plan.width * plan.outputs
    step = min(points, max(styles, ACTIVATIONS // size // styles * styles))
    members = max(1, activations // (step * size))
    worst: dict[int, Spot] = {}
    for first in range(0, len(x), members):
        rows = slice(first, first + members)
        network = _network(plan, [(w[rows], b[rows]) for w, b in parameters])
        tally.obstacles[network.obstacle] += network.population
        for start in range(0, points, step):
            columns = slice(start, start + step)
            margins = _margins(search, Evaluated(network, x[rows, columns], y[rows, columns]))
            for style, spot in enumerate(_worst(margins, first, start, tally)):
                worst[style] = min(worst.get(style, spot), spot)
    for spot in worst.values():
        record = spot.margin > -math.inf and (tally.worst is None or spot.margin < tally.worst.margin)
        if record or spot.margin < 0:
            case = _case(spot, plan, parameters, x, y)
            tally.worst = case if record else tally.worst
            tally.candidates += [case] if spot.margin < 0 else []
    return len(x)


def _admitted(search: Search, plan: Architecture, parameters: Parameters) -> list[int]:
    """The networks that the law admits once they are repaired; none where it admits none of the first few."""
    found: list[int] = []
    for member in range(len(parameters[0][0])):
        if member == PROBED and not found:
            break
        if meets(search, feasible(plan.build(_numbers(parameters, member)), search.norm)):
            found.append(member)
    return found


def _numbers(parameters: Parameters, member: int) -> Numbers:
    return [(weights[member].tolist(), biases[member].tolist()) for weights, biases in parameters]


def _network(plan: Architecture, parameters: Parameters) -> FusedNetwork:
    layers: list[LayerKind] = ["affine"]
    for activation in plan.activations:
        layers += [activation, "affine"]
    weights, biases = zip(*parameters, strict=True)
    return FusedNetwork(layers, weights, biases)


def _margins(search: Search, sample: Sample) -> Tensor:
    margins = search.margin(sample)
    if not isinstance(margins, Tensor) or margins.shape != sample.x.shape[:2]:
        given = tuple(margins.shape) if isinstance(margins, Tensor) else type(margins).__name__
        wanted = tuple(sample.x.shape[:2])
        raise SearchError(f"'{search.text}' has margins of shape {given}: give (networks, points), here {wanted}.")
    return margins.double()


def _worst(margins: Tensor, first: int, start: int, tally: Tally) -> Iterator[Spot]:
    """The worst spot of each style in a chunk that starts at network `first` and point `start` of its block."""
    defined = margins.isfinite()
    keys = margins.masked_fill(~defined, -math.inf)
    count, width = len(pairs.STYLES), margins.shape[1]
    found = []
    for style in range(min(count, width)):
        flat = keys[:, style::count].flatten()
        place = flat.argmin()
        found.append(torch.stack([flat[place], place.double()]))
    totals = torch.stack([(defined & (margins < 0)).sum(), (~defined).sum()]).double()
    *spots, (violations, undefined) = torch.stack([*found, totals]).tolist()
    tally.violations += int(violations)
    tally.undefined += int(undefined)
    for style, (margin, place) in enumerate(spots):
        row, column = divmod(int(place), len(range(style, width, count)))
        yield Spot(margin, first + row, start + style + column * count)


def _case(spot: Spot, plan: Architecture, parameters: Parameters, x: Tensor, y: Tensor) -> Case:
    return Case(
        spot.margin,
        plan,
        _numbers(parameters, spot.member),
        x[spot.member, spot.point].tolist(),
        y[spot.member, spot.point].tolist(),
    )
