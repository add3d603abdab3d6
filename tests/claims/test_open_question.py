"""The open question by other means: values of the pair that has no maximum, and maxima of affine maps."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lipcheck.build.spectral_joining import unclosed_pair
from lipcheck.claims.anil2019.open_question import no_lattice
from lipcheck.readings.rational import evaluate

F = Fraction


def test_the_maximum_of_the_pair_turns_inside_of_its_range() -> None:
    f, g = unclosed_pair()
    values = {t: max(*evaluate(f, [t]), *evaluate(g, [t])) for t in range(-4, 5)}
    assert [values[t] for t in range(-4, 5)] == [-2, -1, 0, 1, 0, -1, 0, 1, 2]
    assert values[-3] == values[1] and max(map(abs, values.values())) == 2


@pytest.mark.parametrize("data", no_lattice.affine_pairs())
def test_maxima_of_two_affine_maps(data: dict[str, object]) -> None:
    assert no_lattice.joined(data, F(1)) and not no_lattice.joined(data, F(99, 100))
