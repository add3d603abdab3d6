"""The exact Lipschitz constant of a piecewise linear network: the largest norm of a Jacobian, p = 1, 2 or inf.

The norm is the same on inputs and outputs. A continuous piecewise linear function on a convex set is K-Lipschitz if and
only if every Jacobian on a full-dimensional region has norm at most K; for one output that norm is the dual norm of the
gradient. `exact_constant` searches by branch and bound (`search`) and returns what the checker of certificates
(`certificate.verify`) accepts, nothing else.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.exact.certificate import verify
from lipcheck.bounds.exact.leaves import jacobian_power
from lipcheck.bounds.exact.rows import Box, Walk, whole_form
from lipcheck.bounds.exact.trees import Certificate, Norm
from lipcheck.bounds.regions import positive_at
from lipcheck.exact import NetworkError, Vector, exact, items

PREPARE = 0.05
"""The share of the time for points with a large Jacobian."""
ROOM = 0.9
"""The share of the time for everything but the result."""
LATEST = 0.94
"""The share of the time after which the check is given up: a coarser certificate takes half of what is left."""


@dataclass(frozen=True)
class ExactConstant:
    """lower <= constant <= upper, both proved.

    Where `power` is given it is the constant itself, exactly: its square for p = 2 (one output), else its value; then
    lower and upper enclose no more than the square root. `witness` is an interior point of a region whose Jacobian has
    norm at least `lower`, `signs` that region. `certificate` proves `upper` (see `certificate.verify`).
    """

    lower: Fraction
    upper: Fraction
    power: Fraction | None
    witness: Vector
    signs: tuple[int, ...]
    certificate: Certificate
    programs: int
    method: str = "branch and bound over activation regions, certificate checked in whole numbers"

    @property
    def complete(self) -> bool:
        """True if no node was left open: lower and upper differ by the width of a root or of a spectral norm alone."""
        return self.power is not None or self.upper - self.lower <= self.upper / 10**9


def exact_constant(form: AbsNormal, p: Norm, box: object = None, deadline: float | None = None) -> ExactConstant:
    """The exact Lipschitz constant in the norm p, on the whole space or on a box of pairs (low, high).

    `deadline` is in seconds; the best bounds proved by then are returned. The search leaves time for the check; where
    the check takes longer than foreseen, it is given up for that of some of the first bounds of the search.
    Raises NetworkError for a norm that is not 1, 2 or "inf", and for a box without interior.
    """
    from lipcheck.bounds.exact.search import Search
    from lipcheck.bounds.exact.start import candidates, climb

    if p not in (1, 2, "inf"):
        raise NetworkError(f"The norm is {p!r}: use 1, 2 or 'inf'.")
    if not form.outputs:
        raise NetworkError("The network has no outputs: give at least one.")
    limits = None if box is None else _box(box, form.inputs)
    try:
        _ = form.floats
    except OverflowError as problem:
        raise NetworkError("A weight exceeds the range of float64: scale the network down.") from problem
    start = time.monotonic()
    seconds = math.inf if deadline is None else deadline
    prepared = start + PREPARE * min(seconds, 30.0)
    search = Search(form, p, limits)
    points = candidates(form, p, limits, prepared)
    search.offer(points[0].tolist())
    for point in points[:8]:
        if time.monotonic() < prepared:
            search.offer(climb(form, p, limits, point, prepared).tolist())
    search.run(start + ROOM * seconds - time.monotonic())
    certificate = search.certificate()
    try:
        bound = verify(form, p, certificate, limits, start + LATEST * seconds)
    except TimeoutError:
        certificate = search.certificate(search.checkable((1 - LATEST) / 2 * seconds))
        bound = verify(form, p, certificate, limits)
    return _result(
        form, p, limits, search.witness or some_point(form, limits), bound, certificate, search.program.solved
    )


def some_point(form: AbsNormal, box: Box | None) -> Vector:
    """A point inside of some region: the middle of the box, or zero, moved off every kink."""
    point = tuple((low + high) / 2 for low, high in box) if box else (Fraction(0),) * form.inputs
    reach = [high - low for low, high in box] if box else [Fraction(1)] * form.inputs
    random = Random(0)
    while True:
        values = form.gate_values(point)
        gates, _ = form.piece([1 if value >= 0 else -1 for value in values])
        # A gate that is zero all around has no kink there.
        if not any(value == 0 and any(gate) for value, gate in zip(values, gates, strict=True)):
            return point
        reach = [length / 2**12 for length in reach]
        point = tuple(a + length * random.randint(-(2**10), 2**10) for a, length in zip(point, reach, strict=True))


def _result(
    form: AbsNormal, p: Norm, box: Box | None, witness: Vector, bound: Fraction, certificate: Certificate,
    programs: int,
) -> ExactConstant:  # fmt: skip
    """The constant between the Jacobian at the witness, computed afresh, and the bound that was verified."""
    from lipcheck.norms.bracket import root
    from lipcheck.norms.spectral import spectral_norm

    walk = Walk(whole_form(form), box)
    for gate in range(len(form.gates)):
        row = walk.rows[gate]
        value = row[0] + sum(a * b for a, b in zip(row[1:], witness, strict=True))
        walk.choose(gate, walk.forced(gate) or (1 if value > 0 else -1))
    if not positive_at(walk.constraints, witness):
        raise AssertionError("The witness lies on the border of its region.")
    signs = tuple(walk.signs)
    if p == 2 and len(form.outputs) > 1:
        jacobian = tuple(row[1:] for row in form.piece(signs)[1])
        lower = spectral_norm(jacobian, Fraction(1, 10**12)).lower
        return ExactConstant(lower, max(lower, root(bound, 2).upper), None, witness, signs, certificate, programs)
    power = jacobian_power(walk, p, Fraction(0))
    closed = power if power == bound else None
    if p != 2:
        return ExactConstant(power, bound, closed, witness, signs, certificate, programs)
    return ExactConstant(root(power, 2).lower, root(bound, 2).upper, closed, witness, signs, certificate, programs)


def _box(box: object, inputs: int) -> Box:
    found = tuple(
        (exact(pair[0], f"box[{i}] low"), exact(pair[1], f"box[{i}] high"))
        for i, pair in enumerate(items(box, "box"))
        if isinstance(pair, Sequence)
    )
    if len(found) != inputs:
        raise NetworkError(f"The box has {len(found)} pairs (low, high) but the network takes {inputs} inputs.")
    for i, (low, high) in enumerate(found):
        if not low < high:
            raise NetworkError(f"The box has no interior: coordinate {i} goes from {low} to {high}; give low < high.")
    return found
