"""Anil et al. 2019, section 4.1: "without norm constraints, GroupSort can recover ..."; with them it can as well.

ReLU, concatenated ReLU and maxout come from signed permutations and selections. Leaky ReLU of slope a, |a| <= 1, is
(1 + a)/2 x + (1 - a)/2 |x|: from two pairs (w x, w x) and (v x, -v x). Let g be the masses (1 + a)/4, (1 + a)/4, (1 -
a)/4, (1 - a)/4, which add up to one. Weights g^(1/p) into the units and ±g^(1/p') out of them have p-norm one (1/p +
1/p' = 1), and their products are ±g.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.activations import leaky_relu_by_maxmin
from lipcheck.claims.anil2019.groupsort_other_activations.common import ICML, ONE, RECOVER, ROW, UNITS, leaky, sort
from lipcheck.exact import exact
from lipcheck.layers import LeakyReLU
from lipcheck.network import Affine, Network
from lipcheck.norms import operator_norm_at_most
from lipcheck.norms.arguments import as_exponent
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Exhaustive, Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

X, Y, A = var("x"), var("y"), var("a")


def slopes(variant: Variant) -> dict[str, Formula]:
    """|a| up to the bound."""
    bound = variant.value("largest slope", 1)
    return {"slope": conj(bound >= A, bound >= -A)} if variant.keeps("slope") else {}


def masses(variant: Variant) -> Forall:
    """The masses are no less than zero and add up to one."""
    with_copies, with_signs = (1 + A) / 4, (1 - A) / 4
    total = equals(2 * with_copies + 2 * with_signs, 1)
    return Forall("masses", slopes(variant), conj(with_copies >= 0, with_signs >= 0, total), size=2)


def identity() -> Forall:
    """The pairs (x, x) and (x, -x), read with the masses."""
    (same, other), (high, low) = sort([X, X], "descending"), sort([X, -X], "descending")
    image = (1 + A) / 4 * (same + other) + (1 - A) / 4 * (high - low)
    return Forall("two pairs are Leaky ReLU", {}, equals(image, leaky(X, A)), size=2)


def contraction(variant: Variant) -> Forall:
    """Leaky ReLU does not expand distances from 0, as it must to be a network of weights of norm one."""
    return Forall("Leaky ReLU is 1-Lipschitz from 0", slopes(variant), absolute(leaky(Y, A)) <= absolute(Y), size=1)


def built(variant: Variant, count: int) -> Exhaustive:
    """Rational networks for p = 1, 2 and infinity."""
    given = [str(Fraction(n, 2 * count)) for n in range(-2 * count, 2 * count + 1)]
    elements = [{"p": p, "slope": slope} for p in ("1", "2", "inf") for slope in given]

    def holds(data: Any) -> bool:
        p = as_exponent(float("inf") if data["p"] == "inf" else int(data["p"]))
        network, slope = leaky_relu_by_maxmin(1, data["slope"], p), exact(data["slope"])
        small = all(operator_norm_at_most(w.weight, 1, p) for w in network.layers if isinstance(w, Affine))
        right = Network(1, (LeakyReLU(slope),))
        return small and all(evaluate(network, (t,)) == evaluate(right, (t,)) for t in (-3, 0, 2))

    return Exhaustive(f"networks for {len(given)} slopes", "one MaxMin layer with weights of p-norm one is Leaky ReLU",
                      lambda: elements, holds, parameters={"slopes": given}, size=count)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The algebra for every p, and rational networks for three."""
    counts = (1,) if budget is Budget.SMOKE else (1, 3)
    return [masses(variant), identity(), contraction(variant), *(built(variant, count) for count in counts)]


CLAIMS = (
    Claim(
        id=f"{ROW}.with_norm_constraints",
        source=ICML,
        printed=RECOVER,
        statement=(
            "For every p from 1 to infinity, ReLU, concatenated ReLU, maxout with groups of size k, and Leaky ReLU "
            "with a slope |a| <= 1 are A2 GroupSort(A1 x) with weights of p-norm at most 1, with groups of size k for "
            "maxout and of 2 for the others; for |a| > 1 no network with such weights is Leaky ReLU."
        ),
        reading="with norm constraints, which the sentence leaves open",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every p, every number of units",
        covers_all=True,
        hypotheses={"slope": "-1 <= a <= 1"},
        constants={"largest slope": Constant(ONE, Fraction(101, 100), words="the largest |a|")},
        textbook=(
            Textbook("the p-norm of a row is its vector norm for the dual exponent", "Hoelder's inequality"),
            UNITS,
        ),
        argument="proof.md#with-norm-constraints",
        depends_on=(
            f"{ROW}.concatenated_relu",
            f"{ROW}.maxout",
            "anil2019.groupsort_properties.lipschitz",
            "anil2019.groupsort_properties.homogeneous_nonnegative",
        ),
        notes="The printed weights for Leaky ReLU, (x, a x), have norm above one for p < infinity. The price of the "
        "constraint is that a slope above one needs a factor outside.",
    ),
)
