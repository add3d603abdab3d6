"""Sentences around Theorem 3 that say more than it does."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.theorem_3 import common
from lipcheck.claims.anil2019.theorem_3.common import ICLR, ROW, SKETCH
from lipcheck.exact import vector
from lipcheck.network import Affine, MaxMin, Network, from_json, to_json
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Data, Examination, Exhaustive, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

SKETCH_NAME, ANY = "the class of h", "functions on two points"


def sketch(data: Data, repaired: bool) -> Examination:
    """Whether a network of LN_2 is in LN_inf, or (`repaired`) in LN_2."""
    network = from_json(data)
    target = common.EXPONENTS["2" if repaired else "inf"]
    return Examination({"in LN_2": common.in_class(network, common.EXPONENTS["2"])}, common.in_class(network, target))


def joined(*row: object) -> Data:
    """max(w . x, w . x), a network that the construction makes of f = g = w . x."""
    return to_json(Network(len(row), (Affine.linear([row, row]), MaxMin(), Affine.linear([[1, 0]]))))


def of_sketch(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """h in LN_inf for networks of LN_2; on the line all norms of a row are the same."""
    single = [joined(1), joined(-1), joined(Fraction(1, 2))]
    return [
        Universal(SKETCH_NAME, "the network h of the construction is in LN_inf", lambda data: sketch(data,
                  variant.repaired), lambda: [joined(Fraction(3, 5), Fraction(4, 5))]),
        Exhaustive("minimal: one input", "on the line LN_2 and LN_inf are the same class", lambda: single,
                   lambda data: sketch(data, False).conclusion == all(sketch(data, False).hypotheses.values()),
                   parameters=single, size=1),
    ]  # fmt: skip


def lipschitz(data: Data, repaired: bool) -> Examination:
    """Whether a function (g(0), g(1)) on {0, 1} is a limit of 1-Lipschitz functions, after scaling where `repaired`.

    Any 1-Lipschitz f misses it by (|g(0) - g(1)| - 1) / 2 at least, for one of the two points.
    """
    first, second = vector(data, "values")
    slope = abs(first - second)
    return Examination({"Lipschitz": True}, (slope / max(slope, Fraction(1)) if repaired else slope) <= 1)


def any_lipschitz(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Functions of any Lipschitz constant on two points of the line."""
    return [Universal(ANY, "a Lipschitz function on {0, 1} is a limit of networks with norms one",
                      lambda data: lipschitz(data, variant.repaired), lambda: [["0", "2"]])]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.sketch_class",
        short="For p = 2 the row (3/5, 4/5) has the infinity norm 7/5: h is in LN_p, not in LN_∞.",
        source=SKETCH,
        printed=(
            "We can construct h ∈ LN_∞ by taking the weight matrix of the first layer to be the weight matrices of the "
            "first layer in f and g vertically concatenated."
        ),
        statement="For f and g in LN_p the constructed network h is in LN_∞.",
        reading="literally; two sentences later the text says that h is in LN_p, as does the ICML version",
        variant_of=f"{ROW}.lattice",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=of_sketch,
        scope="p = 2; for p = ∞ it is the same",
        covers_all=True,
        repairs={"LN_p": Variant(repaired=True)},
        counterexamples={SKETCH_NAME: joined(Fraction(3, 5), Fraction(4, 5))},
        near_misses=(NearMiss(SKETCH_NAME, joined(0, 1), "this row has norm one for every p"),),
        minimality="two inputs; on the line the classes agree",
        snippet=(
            "from fractions import Fraction as F\n"
            "w = (F(3, 5), F(4, 5))  # f = g = w . x, p = 2\n"
            "print('|w|_2^2 =', sum(v * v for v in w), ' |w|_1 =', sum(map(abs, w)))\n"
            "assert sum(v * v for v in w) == 1 and sum(map(abs, w)) == F(7, 5)"
        ),
        repaired_by=f"{ROW}.lattice",
        argument="proof.md#slips",
    ),
    Claim(
        id=f"{ROW}.any_lipschitz",
        short=(
            "A function of slope 2 is no limit of 1-Lipschitz ones; every 1-Lipschitz function is, and "
            "the others after scaling."
        ),
        source=f"{ICLR}, before Theorem 3; the same in the ICML version",
        printed=(
            "Norm-constrained networks with GroupSort activations are able to approximate any Lipschitz function "
            "in L_p distance."
        ),
        statement="For every Lipschitz g, of any constant, and eps > 0 some network of LN_p is within eps of g.",
        reading="'any Lipschitz function' literally; the theorem says 1-Lipschitz",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=any_lipschitz,
        scope="functions with a constant above one; the same in any norm of the error that sees both points",
        covers_all=True,
        repairs={"1-Lipschitz functions, or outputs that are scaled": Variant(repaired=True)},
        counterexamples={ANY: ["0", "2"]},
        near_misses=(NearMiss(ANY, ["0", "1"], "constant one"), NearMiss(ANY, ["3", "3"], "a constant function")),
        minimality="two points, with integer values",
        snippet=(
            "g = (0, 2)  # on X = {0, 1}\n"
            "grid = [k / 4 for k in range(-8, 17)]\n"
            "best = min(max(abs(a - g[0]), abs(b - g[1])) for a in grid for b in grid if abs(a - b) <= 1)\n"
            "print('distance of g from the 1-Lipschitz functions:', best)\n"
            "assert best == 1 / 2"
        ),
        repaired_by=ROW,
        argument="proof.md#slips",
        notes="A factor K behind the network repairs it (section 4: 'by scaling the output by K').",
    ),
)
