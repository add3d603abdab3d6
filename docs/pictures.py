"""Draw the pictures of the README: python docs/pictures.py"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random

from lipcheck.build import Box, approximate, interpolate
from lipcheck.build.koch import koch_snowflake
from lipcheck.build.signed_distances import SignedDistance
from lipcheck.render_plots import plot_approximation, plot_data

HERE = Path(__file__).resolve().parent


def main() -> None:
    """The signed distance to the fourth snowflake within 1/20, and a lattice through nine points of the line."""
    distance = SignedDistance(koch_snowflake(4))
    found = approximate(distance, Box([-1, -1], [1, 1]), Fraction(1, 20), 2)
    plot_approximation(found, distance, HERE / "koch.png", "Signed distance to the Koch snowflake, fourth iteration")

    random = Random(0)
    points = [[Fraction(random.randint(-20, 20), 5)] for _ in range(9)]
    values = [abs(x - 1) * Fraction(2, 3) + Fraction(1, 2) for (x,) in points]
    through = interpolate(points, values, p=2)
    taken = through.lattice.values(through.data.points)
    plot_data(through.lattice, through.data.points, through.data.values, taken, HERE / "interpolation.png")


if __name__ == "__main__":
    main()
