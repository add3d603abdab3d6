"""Anil et al. 2019, abstract and section 2.2: "As 1-Lipschitz functions are closed under composition, to build a
1-Lipschitz neural network it suffices to compose 1-Lipschitz affine transformations and activations."

Plain reading: f from X to Y and g from Y to Z, both 1-Lipschitz, with one metric on Y, give a 1-Lipschitz map g after
f; so do any number of layers. It is enough that g's metric on Y is at most f's; where it may be larger, this fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import dot, matrix
from lipcheck.norms import operator_norm_at_most
from lipcheck.words.claim import Claim, Constant, Formal, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.composition"
ICML = "Anil et al. 2019 (ICML), section 2.2, and abstract"
PRINTED = (
    "As 1-Lipschitz functions are closed under composition, to build a 1-Lipschitz neural network it suffices to "
    "compose 1-Lipschitz affine transformations and activations."
)
INFINITY = float("inf")


class ShapeError(LipcheckError, ValueError):
    """Two matrices that cannot follow each other."""


def step(variant: Variant) -> Forall:
    """The layers so far move by at most P times the input, the next by at most M times what it reads: together M P.

    `read` is the distance of the next layer's inputs in its own metric, `middle` in that of the layer before.
    """
    before, middle, read, after = map(var, ("before", "middle", "read", "after"))
    hypotheses: dict[str, Formula] = {"metrics": conj(before >= 0, middle >= 0, read >= 0)}
    if variant.keeps("inner"):
        hypotheses["inner"] = middle <= variant.value("inner", 1) * before
    if variant.keeps("outer"):
        hypotheses["outer"] = after <= variant.value("outer", 1) * read
    if variant.keeps("middle metric"):
        hypotheses["middle metric"] = read <= variant.value("middle", 1) * middle
    return Forall("one more layer", hypotheses, after <= before)


def constants() -> Forall:
    """The same with constants P and M >= 0: they multiply."""
    before, middle, read, after, P, M = map(var, ("before", "middle", "read", "after", "P", "M"))
    hypotheses: dict[str, Formula] = {
        "signs": conj(before >= 0, M >= 0),
        "inner": middle <= P * before,
        "middle metric": read <= middle,
        "outer": after <= M * read,
    }
    return Forall("constants multiply", hypotheses, after <= M * P * before)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The step of the induction over the layers."""
    return [step(variant), constants()]


def pair(data: Any, inner: float, outer: float) -> Examination:
    """Two linear maps, R^n to R^m to R^k: the first in the norm `inner`, the second in the norm `outer`, 1 or infinity.

    The composition is measured from the first norm to the second.
    """
    first, second = matrix(data["first"], "first"), matrix(data["second"], "second")
    if len(first) != len(second[0]):
        raise ShapeError(f"the first map gives {len(first)} numbers, the second takes {len(second[0])}")
    columns = tuple(zip(*first, strict=True))
    both = tuple(tuple(dot(row, column) for column in columns) for row in second)
    hypotheses = {
        "inner": operator_norm_at_most(first, 1, inner) is True,
        "outer": operator_norm_at_most(second, 1, outer) is True,
    }
    return Examination(hypotheses, operator_norm_at_most(both, 1, inner, outer) is True)


def metrics(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every layer 1-Lipschitz in a norm of its own; repaired, in one norm, or in norms whose p grows."""
    inner = 1 if variant.repaired else INFINITY
    outer = INFINITY if variant.value("growing", 0) else 1
    norms = [{1: "the 1-norm", INFINITY: "the infinity norm"}[p] for p in (inner, outer)]
    text = f"linear maps of norm at most one in {norms[0]} and then in {norms[1]} compose to one of norm at most one"

    def smaller() -> list[dict[str, Any]]:
        return [{"first": [[a]], "second": [[b]]} for a in ("-1", "0", "1") for b in ("-1", "0", "1")]

    return [
        Universal("two layers", text, lambda d: pair(d, inner, outer), lambda: [SPREAD, *smaller()], parameters=norms),
        Exhaustive("minimal: one unit between the layers", "integers a, b of size at most one", smaller,
                   lambda d: pair(d, INFINITY, 1).conclusion),
    ]  # fmt: skip


SPREAD = {"first": [["1"], ["1"]], "second": [["1", "1"]]}
SNIPPET = """\
def f(x): return [x, x]            # from R to (R^2, infinity norm): 1-Lipschitz
def g(y): return y[0] + y[1]       # from (R^2, 1-norm) to R: 1-Lipschitz
x, y = 0, 1
moved = max(abs(a - b) for a, b in zip(f(x), f(y)))
print("f moves by", moved, "and g after f by", abs(g(f(x)) - g(f(y))))
assert moved <= abs(x - y) and abs(g(f(x)) - g(f(y))) == 2
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=ICML,
        printed=PRINTED,
        statement="If the maps X_0 -> X_1 -> ... -> X_L between metric spaces are 1-Lipschitz, each in the metrics of "
        "its ends, and on each space between two of them the metric of the layer that starts there is at most that of "
        "the layer that ends there (the same, for example), their composition is 1-Lipschitz from X_0 to X_L; with "
        "constants K_1, ..., K_L it is K_1 ... K_L-Lipschitz.",
        reading="one metric on every space, the paper's use, or metrics that shrink; 1-Lipschitz: distances do not "
        "grow",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all metric spaces, any number of layers",
        covers_all=True,
        hypotheses={
            "inner": "the layers so far are 1-Lipschitz",
            "outer": "the next layer is 1-Lipschitz",
            "middle metric": "the next layer's metric on the space between them is at most that of the layers before",
        },
        constants={
            "inner": Constant(Fraction(1), Fraction(101, 100), words="the constant of the layers so far"),
            "outer": Constant(Fraction(1), Fraction(101, 100), words="the constant of the next layer"),
            "middle": Constant(Fraction(1), Fraction(101, 100), words="of the metric of the layer before, at most"),
        },
        textbook=(Textbook("induction over the layers; the identity is 1-Lipschitz", "definition of a metric"),),
        formal=(
            Formal(
                "layers.composition",
                says="The whole statement, for any number of layers between spaces of any kind.",
                leaves_out="That the two distances on a space are metrics is not used and not asked for. The Python "
                "code.",
            ),
            Formal(
                "layers.composition_of_1_lipschitz",
                says="The case of all constants 1.",
                leaves_out="The Python code.",
            ),
        ),
        argument="proof.md#composition",
        notes="So for norm constraints ||W_l||_{p_l} <= 1 with p_1 <= p_2 <= ..., since ||z||_q <= ||z||_p for p <= q, "
        "and in Theorem 3 for ||W_1||_{p,∞} followed by infinity norms. The ICLR submission says 'activation "
        "functions'. Sufficient, not necessary: 2x followed by x/2.",
    ),
    Claim(
        id=f"{ROW}.metrics",
        source=ICML,
        printed=PRINTED,
        statement="If every layer is 1-Lipschitz from some p-norm to itself, p depending on the layer, the network is "
        "1-Lipschitz from the first layer's norm of the inputs to the last layer's norm of the outputs.",
        short="layers 1-Lipschitz in norms of their own can compose to 2x; in one norm, or with p growing, they cannot",
        reading="every layer 1-Lipschitz in a norm of its own",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=metrics,
        scope="the infinity norm followed by the 1-norm",
        covers_all=True,
        argument="proof.md#metrics",
        counterexamples={"two layers": SPREAD},
        minimality="two layers, one input, one output, and two units between them: with one unit all p-norms agree",
        near_misses=(
            NearMiss("two layers", {"first": [["1"], ["0"]], "second": [["1", "1"]]}, "one unit is constant"),
            NearMiss("two layers", {"first": [["2"]], "second": [["1"]]}, "the first map is not 1-Lipschitz"),
        ),
        repairs={
            "one norm": Variant(repaired=True),
            "p grows with the layer": Variant(repaired=True, constants={"growing": Fraction(1)}),
        },
        repaired_by=ROW,
        snippet=SNIPPET,
        notes="The paper constrains all layers of a network in one norm, except the first of Theorem 3, ||W_1||_{p,∞}, "
        "whose outputs are measured as the next layer's inputs are.",
    ),
)
