"""A lower bound on the Lipschitz constant by search: the steepest pair of inputs that was found, then proved.

The constant of a piecewise linear network is the largest norm of a Jacobian, and a pair of points inside one region, in
the steepest direction there, attains that region's norm. A population of points climbs: each round every point gets its
steepest direction, the best ones survive, and their offspring are neighbours at many distances, long steps along the
steepest directions (which cross into neighbouring regions), rescaled points, and the middles of pairs that gradient
ascent has moved towards a steeper quotient across kinks. In the end the best points get their direction exactly, and
pairs at distances from far to near; `witness` decides about those with the largest quotients, less what rounding may
have added.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lipcheck.bounds.clock import late
from lipcheck.bounds.directions import Field, chunks, field_of, finest, norms, steepest
from lipcheck.bounds.domain import Domain, domain_of, rows_of
from lipcheck.bounds.enclosure import two_norms
from lipcheck.bounds.witness import Witness, WitnessError, witness
from lipcheck.graph import Graph, GraphError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

Pair = tuple[Any, Any]

_FINALISTS = 6
_PER_FINALIST = 3
_DECIDED = 18
_DISTANCES = range(3, -45, -2)
_GAIN, _PATIENCE = 1e-7, 8
"""The climb ends after so many rounds in a row that gain less than this share."""
_FEW, _GAIN_OF_FEW, _PATIENCE_OF_FEW = 64, 0.02, 3
"""The same for large networks, of which fewer points than this fit into a round: a round takes tenths of a second, and
what a small population still gains, the finalists' exact directions gain as well."""
_DECIDED_OF_FEW = 4
"""Pairs of large networks that are decided: a proof takes a quarter of a second for thousands of inputs and outputs."""


def search(
    graph: Graph,
    p: float,
    *,
    box: Pair | None = None,
    data: Any = None,
    seed: int = 0,
    rounds: int = 24,
    deadline: float | None = None,
    progress: Callable[[str], None] | None = None,
    constants: Sequence[float | None] | None = None,
    starts: Any = None,
) -> Witness:
    """The best witness found: f moves by at least `lower` per unit of the p-norm between its two inputs.

    `box` holds the least and the largest inputs (numbers, or arrays of one example): both inputs stay inside. `data`
    are examples, one per row. `starts`, one per row, are points that are known to be steep: they are in the first
    generation. Stops after `rounds`, or when eight rounds bring nothing (for large networks three that bring little);
    after time.monotonic() >= deadline the best so far is decided. `constants` are upper bounds on the 2-norms of the
    nodes, None where there is none; those of dense layers are computed if the argument is left out. Raises DomainError
    for a box without two points and for data that do not fit, GraphError for operations that are not understood.
    """
    domain = domain_of(graph.inputs, box, data)
    first = None if starts is None else rows_of(starts, graph.inputs)
    field = field_of(graph)
    pairs = steep_pairs(field, p, domain, first, seed=seed, rounds=rounds, deadline=deadline, progress=progress)
    return decide(graph, p, pairs, deadline, constants)


def decide(
    graph: Graph,
    p: float,
    pairs: Sequence[Pair],
    deadline: float | None = None,
    constants: Sequence[float | None] | None = None,
) -> Witness:
    """The best proved witness among the pairs, the most promising first; at least one is decided.

    A pair at which float64 overflows is passed over; GraphError if all do.
    """
    constants = two_norms(graph) if constants is None else constants
    best: Witness | None = None
    problem: GraphError | None = None
    for x, y in pairs:
        if best is not None and late(deadline):
            break
        try:
            found = witness(graph, x.tolist(), y.tolist(), p, constants)
        except GraphError as overflow:
            problem = overflow
            continue
        best = found if best is None or found.lower > best.lower else best
    if best is None:
        raise problem or WitnessError("The network has no two inputs that float64 can tell apart: rescale it.")
    return best


def steep_pairs(
    field: Field,
    p: float,
    domain: Domain,
    starts: Tensor | None = None,
    *,
    seed: int,
    rounds: int,
    deadline: float | None,
    progress: Callable[[str], None] | None = None,
) -> list[Pair]:
    """Pairs of inputs with large quotients, the best first; proposals only."""
    import torch

    with torch.no_grad():
        now = time.monotonic()
        # The rest is for the finalists' directions and for deciding.
        half = None if deadline is None else now + (deadline - now) / 2
        found = _climb(_Climb(field, p, domain, torch.Generator().manual_seed(seed)), starts, rounds, half, progress)
        points, directions = found
        if starts is not None:
            # The climb judges a point by a rough direction: points that are known to be steep get an exact one.
            known = domain.clip(starts[:_FINALISTS])
            points, directions = torch.cat([known, points]), torch.cat([torch.ones_like(known), directions])
        ranked: list[tuple[float, Pair]] = []
        for some, rough in zip(chunks(points, field.batch), chunks(directions, field.batch), strict=True):
            if ranked and late(deadline):
                break
            better = finest(field, some, p, domain.free, rough, deadline)
            for x, d, instead in zip(some, better, rough, strict=True):
                if ranked and late(deadline):
                    break
                ranked += _ladder(field, p, domain, x, d if d.any() else instead)
    ranked.sort(key=lambda scored: -scored[0])
    return [pair for _, pair in ranked[: _DECIDED if field.batch >= _FEW else _DECIDED_OF_FEW]]


@dataclass(frozen=True, eq=False)
class _Climb:
    """What all steps of one search share."""

    field: Field
    p: float
    domain: Domain
    random: torch.Generator

    def slopes(self, x: Tensor, d: Tensor, steps: int, deadline: float | None) -> tuple[Tensor, Tensor]:
        """Directions and slopes in batches, of the first ones only if it is late; a slope that overflows is zero."""
        import torch

        found: list[tuple[Tensor, Tensor]] = []
        for a, b in zip(chunks(x, self.field.batch), chunks(d, self.field.batch), strict=True):
            if found and late(deadline):
                break
            found.append(steepest(self.field, a, self.p, self.domain.free, b, steps))
        directions, slopes = torch.cat([f[0] for f in found]), torch.cat([f[1] for f in found])
        return directions, torch.where(slopes.isfinite(), slopes, 0.0)

    def noise(self, like: Tensor) -> Tensor:
        """Gaussian numbers, one per element."""
        import torch

        return torch.randn(like.shape, generator=self.random, dtype=like.dtype)


def _climb(
    climb: _Climb, starts: Tensor | None, rounds: int, deadline: float | None, progress: Callable[[str], None] | None
) -> tuple[Tensor, Tensor]:
    """The best points with their directions."""
    import torch

    count, best, waited = climb.field.batch, 0.0, 0
    gain, patience = (_GAIN, _PATIENCE) if count >= _FEW else (_GAIN_OF_FEW, _PATIENCE_OF_FEW)
    x = climb.domain.sample(2 * count, climb.random)
    x = x if starts is None else torch.cat([climb.domain.clip(starts), x])
    d, slopes = climb.slopes(x, climb.noise(x), 2, deadline)
    x = x[: len(d)]
    for number in range(rounds):
        keep = _best(slopes, max(_FINALISTS, count // 16))
        x, d, slopes = x[keep], d[keep], slopes[keep]
        if progress is not None:
            progress(f"search, round {number + 1} of {rounds}: slope {float(slopes[0]):.9g}")
        waited = 0 if float(slopes[0]) > best * (1 + gain) else waited + 1
        best = max(best, float(slopes[0]))
        if waited == patience or late(deadline):
            break
        born = climb.domain.clip(_offspring(climb, x, d, count, deadline))
        near = torch.randint(len(x), (len(born),), generator=climb.random)
        proposed = d[near] + 0.1 * climb.noise(born) * norms(d[near], 2)[:, None]
        found, theirs = climb.slopes(born, proposed, 2, deadline)
        born = born[: len(found)]
        x, d, slopes = torch.cat([x, born]), torch.cat([d, found]), torch.cat([slopes, theirs])
    keep = _best(slopes, _FINALISTS)
    return x[keep], d[keep]


def _best(slopes: Tensor, count: int) -> Tensor:
    """The places of the largest slopes; equal ones, which are of one region, come last."""
    import torch

    order = slopes.argsort(descending=True)
    ranked = slopes[order]
    again = torch.zeros(len(order), dtype=torch.bool)
    again[1:] = ranked[1:] >= ranked[:-1] * (1 - 1e-9)
    return torch.cat([order[~again], order[again]])[:count]


def _offspring(climb: _Climb, x: Tensor, d: Tensor, count: int, deadline: float | None) -> Tensor:
    import torch

    def parents(number: int) -> Tensor:
        # Better parents more often.
        return (torch.rand(number, generator=climb.random) ** 2 * len(x)).long()

    def distances(number: int) -> Tensor:
        return climb.domain.spread * 2.0 ** (4 - 14 * torch.rand(number, 1, generator=climb.random))

    third = max(1, count // 3)
    near = x[parents(third)]
    near = near + distances(third) * climb.noise(near)
    who = parents(third)
    across = x[who] + 4 * distances(third) * torch.sign(climb.noise(x[who, :1])) * d[who] / d[who].abs().amax(
        1, keepdim=True
    ).clamp(min=1e-300)
    scaled = x[parents(third // 2 + 1)] * 2.0 ** climb.noise(x[:1, :1].expand(third // 2 + 1, 1))
    parts = [near, across, scaled, climb.domain.sample(third // 2 + 1, climb.random)]
    if climb.field.differentiable and not late(deadline):
        some = parents(max(4, count // 8))
        parts.append(_pulled(climb, x[some], d[some], distances(len(some)), deadline))
    return torch.cat(parts)


def _pulled(climb: _Climb, x: Tensor, d: Tensor, distance: Tensor, deadline: float | None, steps: int = 6) -> Tensor:
    """The middles of the pairs x - r d, x + r d after gradient ascent on log ||f(x) - f(y)|| - log ||x - y||."""
    import torch

    d = torch.where(climb.domain.free, d, 0.0) / d.abs().amax(1, keepdim=True).clamp(min=1e-300)
    x, y = climb.domain.clip(x - distance * d), climb.domain.clip(x + distance * d)
    for step in range(steps):
        if late(deadline):
            break
        with torch.enable_grad():
            x, y = (a.detach().requires_grad_(True) for a in (x, y))
            moved, apart = norms(climb.field.value(x) - climb.field.value(y), climb.p), norms(x - y, climb.p)
            height = torch.where((moved > 0) & (apart > 0), moved / apart.clamp(min=1e-300), 1.0).log().sum()
            if not height.requires_grad:
                return (x + y).detach() / 2
            slopes = torch.autograd.grad(height, (x, y), allow_unused=True)
        rate = distance * 0.5 ** (step / 2)
        x, y = (
            climb.domain.clip(a.detach() + rate * _unit(g))
            for a, g in zip((x, y), slopes, strict=True)
            if g is not None
        )
    return ((x + y) / 2).detach()


def _unit(rows: Tensor) -> Tensor:
    import torch

    rows = torch.nan_to_num(rows, 0.0, 0.0, 0.0)
    top: Tensor = rows / rows.abs().amax(1, keepdim=True).clamp(min=1e-300)
    return top


def _ladder(field: Field, p: float, domain: Domain, x: Tensor, d: Tensor) -> list[tuple[float, Pair]]:
    """A few pairs from x along d, of many distances, with their quotients less a guess at rounding."""
    import torch

    d = torch.where(domain.free, d, 0.0) / d.abs().max()
    steps = domain.spread * 2.0 ** torch.tensor(list(_DISTANCES), dtype=x.dtype)[:, None]
    behind, ahead, here = domain.clip(x - steps * d), domain.clip(x + steps * d), x.expand(len(steps), -1)
    # Each point once: x is in two of three pairs at each distance.
    values = torch.cat([field.value(part) for part in chunks(torch.cat([behind, ahead, x[None]]), field.batch)])
    low, high = values[: len(steps)], values[len(steps) : -1]
    middle = values[-1:].expand_as(low)
    starts, ends = torch.cat([here, behind, behind]), torch.cat([ahead, here, ahead])
    at, to = torch.cat([middle, low, low]), torch.cat([high, middle, high])
    apart = norms(starts - ends, p)
    scores = (norms(at - to, p) - field.noise * (norms(at, p) + norms(to, p))) / apart
    scores = torch.where((apart > 0) & scores.isfinite(), scores, -torch.inf)
    found: list[tuple[float, Pair]] = []
    near = torch.inf
    for _ in range(_PER_FINALIST):
        # Then shorter pairs: the longest with a large quotient may end on a kink, where error bars are wider.
        allowed = torch.where(apart <= near, scores, -torch.inf)
        best = int(allowed.argmax())
        if not math.isfinite(float(allowed[best])):
            break
        found.append((float(scores[best]), (starts[best], ends[best])))
        near = float(apart[best]) / 4 * (1 + 1e-6)
    return found
