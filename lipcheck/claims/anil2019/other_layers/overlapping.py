"""Max-pooling with windows that overlap: its exact Lipschitz constants (beside Anil et al. 2019, appendix F.1, ICLR).

If every entry lies in at most m windows, max-pooling has the Lipschitz constant m^(1/p) in the p-norm, 1 for p =
infinity, and no less where some entry lies in m windows. For m > 1 it can increase the norm of gradients, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.other_layers.max_pooling import PRINTED, ROW, SOURCE, pooling
from lipcheck.readings.rational import jacobian
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.rationals import spell
from lipcheck.words.terms import absolute, maximum, var, variables
from lipcheck.words.verdict import Budget, Verdict


def one_window(variant: Variant) -> Forall:
    """|max x - max y| <= max |x_i - y_i| for two entries; one more entry joins the larger of two."""
    x, y, r = variables("x", 2), variables("y", 2), var("r")
    near: dict[str, Formula] = {"near": conj(*(absolute(a - b) <= r for a, b in zip(x, y, strict=True)))}
    kept = near if variant.keeps("near") else {}
    return Forall("one window, infinity norm", kept, absolute(maximum(*x) - maximum(*y)) <= r, size=2)


def powers() -> Forall:
    """What is at most the largest of several absolute values has a square at most the sum of squares."""
    e, a, b = var("e"), var("a"), var("b")
    largest: dict[str, Formula] = {"largest": disj(equals(e, a), equals(e, b))}
    return Forall("the largest square is at most the sum", largest, e**2 <= a**2 + b**2, size=2)


def counting() -> Forall:
    """One more entry, in n <= m windows: the square u of its difference is counted n times."""
    a, b, u, n, m = (var(name) for name in ("a", "b", "u", "n", "m"))
    hypotheses: dict[str, Formula] = {"others": a <= m * b, "windows": n <= m, "square": u >= 0}
    return Forall("every entry is counted at most m times", hypotheses, a + n * u <= m * (b + u), size=1)


def spike(variant: Variant) -> Forall:
    """An entry x above the others of its three windows, raised by t >= 0: 3 t^2 against the bound times t^2."""
    x, t = var("x"), var("t")
    others = variables("o", 3)
    hypotheses: dict[str, Formula] = {"spike": conj(t >= 0, *(x >= o for o in others))}
    moved = [maximum(x + t, o) - maximum(x, o) for o in others]
    same = conj(*(equals(d, t) for d in moved))
    total = 3 * t**2 <= 3 * variant.value("windows over m", 1) * t**2
    return Forall("a spike attains it", hypotheses, conj(same, total), size=3)


def gradients(size: int) -> Exhaustive:
    """A spike in the middle of 2 size - 1 numbers, in all `size` windows: every output's gradient comes to it."""
    network = pooling(2 * size - 1, size, 1)
    point = [int(i == size - 1) for i in range(2 * size - 1)]

    def holds(x: list[int]) -> bool:
        return all(row[size - 1] == 1 and sum(row) == 1 for row in jacobian(network, x)) and network.outputs == size

    return Exhaustive(f"gradients at a spike, windows of {size}", "all gradients are added up at the spike",
                      lambda: [point], holds, parameters={"windows": spell(size)}, size=size)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound, and a spike that attains it."""
    sizes = (2,) if budget is Budget.SMOKE else (2, 3)
    return [one_window(variant), powers(), counting(), spike(variant), *map(gradients, sizes)]


CLAIMS = (
    Claim(
        id=f"{ROW}.max_pooling_overlap",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "If every entry lies in at most m windows, and some entry in m, max-pooling has the smallest Lipschitz "
            "constant m^(1/p) in the p-norm, 1 for p = infinity. It then multiplies the p'-norm of some gradient by "
            "m^(1/p), where 1/p + 1/p' = 1; without overlap, m = 1, it multiplies none by more than 1."
        ),
        reading="windows that overlap: the norm is not preserved but can increase",
        variant_of=f"{ROW}.max_pooling",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every arrangement of windows, every p",
        covers_all=True,
        hypotheses={"near": "the inputs differ by at most r in each entry"},
        constants={"windows over m": Constant(Fraction(1), Fraction(99, 100), words="the bound over m, for p = 2")},
        textbook=(
            Textbook("induction over the entries of a window and over all entries", "Peano's axioms"),
            Textbook("t -> t^p is increasing for t >= 0", "any text on analysis"),
        ),
        argument="proof.md#overlapping-windows",
        notes="So a network with overlapping pooling needs a factor m^(-1/p) to be 1-Lipschitz for p < infinity.",
    ),
)
