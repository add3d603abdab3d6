"""Laws with finitely many inputs, and whether the cross entropy has a minimizer among L-Lipschitz functions there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021._bce import LawError
from lipcheck.exact import Vector, vector
from lipcheck.words.rationals import parse


@dataclass(frozen=True)
class Law:
    """Inputs in R^n, one label and one weight each; L is None for no constraint."""

    inputs: tuple[Vector, ...]
    labels: tuple[int, ...]
    weights: tuple[Fraction, ...]
    L: Fraction | None

    @property
    def proper(self) -> bool:
        """Whether the weights are positive and sum to one."""
        return min(self.weights) > 0 and sum(self.weights) == 1

    @property
    def two_classes(self) -> bool:
        """Whether both labels occur."""
        return set(self.labels) == {-1, 1}

    @property
    def attained(self) -> bool:
        """Whether some function has the least loss.

        Adding a constant to f on inputs that nothing ties together changes the loss by a function of the constant whose
        derivative has one sign if their labels are all equal, so that no f is best; otherwise the loss is coercive
        there. A Lipschitz constraint ties all inputs together, no constraint only equal ones.
        """
        if self.L is not None:
            return self.two_classes
        return all(
            {y for x, y in zip(self.inputs, self.labels, strict=True) if x == point} == {-1, 1} for point in self.inputs
        )


def read(data: Any) -> Law:
    """The law that the JSON data describe; a `LipcheckError` for anything else."""
    if not isinstance(data, Mapping) or set(data) != {"inputs", "labels", "weights", "L"}:
        raise LawError("a law has the entries inputs, labels, weights and L")
    inputs = tuple(vector(x) for x in data["inputs"])
    labels, weights = tuple(data["labels"]), tuple(map(parse, data["weights"]))
    if not inputs or not len(inputs) == len(labels) == len(weights) or not set(labels) <= {-1, 1}:
        raise LawError("every input, of which there is at least one, has a label -1 or 1 and a weight")
    return Law(inputs, labels, weights, None if data["L"] is None else parse(data["L"]))


def law(inputs: list[str], labels: list[int], weights: list[str], L: str | None = "1") -> dict[str, Any]:
    """JSON data of a law with inputs on the real line."""
    return {"inputs": [[x] for x in inputs], "labels": labels, "weights": weights, "L": L}


ONE_CLASS = law(["0"], [1], ["1"])
TWO_CLASSES = law(["0", "1"], [1, -1], ["1/2", "1/2"])
