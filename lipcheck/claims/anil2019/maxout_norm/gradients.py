"""Anil et al. 2019, ICLR appendix D: "maxout is also norm-preserving in L_inf. However, this does not hold when using a
2-norm constraint".

Section 3 preserves the norm of gradients "during backpropagation", g -> J'g. Where no group has a tie for its maximum,
J' copies the gradient of each group to the winner and puts zero elsewhere. So it preserves every p-norm, L_inf and the
2-norm alike. The first sentence is right, the second is not right in this sense.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from lipcheck.claims.anil2019.maxout_norm.common import PRINTED, ROW, SOURCE, keeps_gradients, keeps_tangents
from lipcheck.network import Affine, Layer, Matrix, Maxout, Network, vector
from lipcheck.readings.rational import is_smooth_at, jacobian
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, const, maximum, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

SCATTER = "a gradient and its copy"


def winner(variant: Variant) -> Forall:
    """Near an input whose first entry leads by twice the radius, max(x + h) = x_1 + h_1: the derivative is e_1."""
    x, h, r = variables("x", 2), variables("h", 2), var("r")
    hypotheses: dict[str, Formula] = {"radius": r > 0, "small steps": conj(*(absolute(t) <= r for t in h))}
    if variant.keeps("no tie"):
        hypotheses["no tie"] = x[0] - x[1] >= variant.value("lead over radius", 2) * r
    return Forall("the winner alone counts", hypotheses, equals(maximum(x[0] + h[0], x[1] + h[1]), x[0] + h[0]), size=2)


def copy(variant: Variant) -> Forall:
    """One group of two: norms of (g, 0) for p = 1, 2 and infinity; of (g/2, g/2) in a mutant that takes the mean."""
    g = var("g")
    back = [g, const(0)] if variant.keeps("maximum") else [g / 2, g / 2]
    sizes = [absolute(t) for t in back]
    norms = conj(
        equals(maximum(*sizes), absolute(g)),
        equals(sizes[0] + sizes[1], absolute(g)),
        equals(back[0] ** 2 + back[1] ** 2, g**2),
    )
    return Forall(SCATTER, {}, norms, size=2)


def layer(size: int, variant: Variant) -> Layer:
    """Maxout, or the mean of two groups in a mutant."""
    if variant.keeps("maximum"):
        return Maxout(size)
    return Affine.linear([[Fraction(i // size == j, size) for i in range(2 * size)] for j in range(2)])


def scatters(matrix: Matrix) -> bool:
    """Whether every row is a unit vector of zeros and a one, and no column holds two of them."""
    rows = all(sorted(row) == [0] * (len(row) - 1) + [1] for row in matrix)
    return rows and all(sum(column) <= 1 for column in zip(*matrix, strict=True))


def jacobians(size: int, variant: Variant) -> Exhaustive:
    """All inputs of two groups with entries 0, 1, 2 and no tie for the maximum."""
    network = Network(2 * size, (layer(size, variant),))

    def elements() -> Iterable[list[int]]:
        return (
            list(x) for x in product(range(3), repeat=2 * size) if is_smooth_at(Network(len(x), (Maxout(size),)), x)
        )

    return Exhaustive(f"Jacobians of groups of {size}", "each row of the Jacobian is a unit vector, no two are equal",
                      elements, lambda x: scatters(jacobian(network, x)), parameters={"groups": 2},
                      size=size)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The winner's derivative, the copies, and Jacobians of two groups."""
    sizes = (2,) if budget is Budget.SMOKE else (2, 3)
    return [winner(variant), copy(variant), *(jacobians(k, variant) for k in sizes)]


def examine(data: Any, forward: bool) -> Examination:
    """Whether at this input, one group, maxout changes the 2-norm of some gradient, or of some tangent."""
    x = vector(data["x"])
    network = Network(len(x), (Maxout(len(x)),))
    matrix = jacobian(network, x)
    changed = not (keeps_tangents(matrix) if forward else keeps_gradients(matrix))
    return Examination({"no tie": is_smooth_at(network, x), "two or more": len(x) > 1}, changed)


def not_in_two_norm(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The second sentence for gradients; for tangents, J v, it is right, in L_inf as well."""
    text = "at an input without a tie maxout changes the 2-norm of some " + (
        "tangent" if variant.repaired else "gradient"
    )
    found = [{"x": ["1", "0"]}, {"x": ["0", "1", "2"]}]
    squares = Forall("minimal: no gradient at all is changed", {}, copy(Variant()).conclusion, size=2)
    return [Universal("2-norm", text, lambda data: examine(data, variant.repaired), lambda: found, size=2), squares]


SNIPPET = """\
from fractions import Fraction as F
x, g = [F(1), F(0)], F(3)  # one group; g comes back from the next layer
winner = x.index(max(x))
back = [g if i == winner else F(0) for i in range(len(x))]
print("J'g =", back, " squared norms:", sum(t * t for t in back), g * g)
assert sum(t * t for t in back) == g * g
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "Where no group has a tie for its maximum, maxout has a Jacobian J, and ||J'g||_∞ = ||g||_∞ for every g; "
            "the same holds for every p-norm, the 1-norm included, in which gradients of L_∞ networks are measured."
        ),
        reading="norm-preserving as in section 3: the norm of gradients during backpropagation",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every group size and number of groups, every p",
        covers_all=True,
        hypotheses={
            "no tie": "no two entries of a group are both its maximum",
            "maximum": "the output of a group is its maximum",
        },
        constants={"lead over radius": Constant(Fraction(2), Fraction(199, 100), words="the lead over the radius")},
        textbook=(
            Textbook(
                "a p-norm depends on the multiset of the nonzero absolute values only", "definition of the p-norm"
            ),
            Textbook("a finite minimum of positive gaps is positive", "any text on analysis"),
        ),
        argument="proof.md#gradients",
    ),
    Claim(
        id=f"{ROW}.two_norm",
        source=SOURCE,
        printed=PRINTED,
        statement="In the 2-norm maxout is not norm-preserving: at inputs without tie it changes some gradient's norm.",
        reading="the second sentence in the sense of the first and of section 3: gradients during backpropagation",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=not_in_two_norm,
        scope="every input without a tie",
        covers_all=True,
        repairs={"tangents instead of gradients": Variant(repaired=True)},
        counterexamples={"2-norm": {"x": ["1", "0"]}},
        near_misses=(
            NearMiss("2-norm", {"x": ["1", "1"]}, "at a tie there is no Jacobian"),
            NearMiss("2-norm", {"x": ["1"]}, "a group of one is the identity"),
        ),
        minimality="one group of two; every input without a tie is a counterexample, for every gradient",
        short="back through maxout every p-norm of gradients is kept, p = 2 too; 2-norm networks still cannot be |x|",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.two_norm_networks",
        argument="proof.md#gradients",
        notes="What is true, and probably meant: networks of maxout with 2-norm weights have a limit that those with "
        "the infinity norm do not have (two_norm_networks). Forward, J v, no p-norm is preserved, L_∞ included.",
    ),
)
