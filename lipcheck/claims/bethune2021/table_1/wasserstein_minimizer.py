"""Row Wasserstein, minimizer, unconstrained networks: "ill-defined, L_t → ∞".

Plain reading: L_W has no minimum over networks, and the Lipschitz constants tend to infinity along every sequence whose
losses tend to the infimum. With the parts pP and qQ of the law (labels +1 and -1): the infimum is 0, attained, if pP =
qQ, and minus infinity otherwise; it forces L_t to infinity for p = q and P != Q, the setting of equation 6, but not for
p != q, where constants reach it. So the hypothesis of Proposition 3, both labels, is not enough (`_any`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.table_1._transport import INDUCTION, ROW, SOURCE, hidden_unit, read
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, Wasserstein L_W, minimizer, unconstrained NN:] ill-defined, L_t → ∞"
MINIMUM, DIVERGE = "no minimum", "Lipschitz constants diverge"
SAME: Any = {"points": [["0", 1], ["0", -1]], "f": ["0", "0"]}
UNEVEN: Any = {"points": [["0", 1], ["1", -1], ["2", 1]], "f": ["1", "1", "1"]}
EVEN: Any = {"points": [["0", 1], ["1", -1]], "f": ["1", "0"]}


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both halves of the cell; repaired, both labels are equally frequent and the two laws differ."""

    def hypotheses(data: Data) -> dict[str, bool]:
        ray, _ = read(data)
        fair = ray.balanced and not ray.same_laws
        return {"both labels": ray.both_labels, **({"repair": fair} if variant.repaired else {})}

    def minimum(data: Data) -> Examination:
        return Examination(hypotheses(data), read(data)[0].unit_falls())

    def diverge(data: Data) -> Examination:
        ray, _ = read(data)
        return Examination({**hypotheses(data), "the ray falls": ray.margin > 0}, ray.lipschitz > 0)

    words = "with both labels equally often, not the same at every input" if variant.repaired else "with both labels"
    return [
        Universal(MINIMUM, f"a training set {words}: some constant or ReLU unit makes L_W fall along its multiples",
                  minimum, lambda: [SAME], parameters=variant.repaired),
        Universal(DIVERGE, f"a training set {words}: no f with Lipschitz constant 0 makes L_W fall along c f",
                  diverge, lambda: [UNEVEN], parameters=variant.repaired),
        two_examples(),
    ]  # fmt: skip


def two_examples() -> Forall:
    """Two examples at distance d, one of each label: a loss of -B needs L d >= 2 B."""
    f, g, L, d, loss = map(var, ("f", "g", "L", "d", "loss"))
    given: dict[str, Formula] = {"lipschitz": f - g <= L * d, "loss": equals(2 * loss, g - f)}
    return Forall("minimal: two examples with both labels", given, L * d >= -2 * loss)


def scaling(variant: Variant) -> list[Forall]:
    """Multiples c f of one f with a gain beat every bound; if pP = qQ there is none: every f has the loss 0."""
    gain, c, B, A, C, p = map(var, ("gain", "c", "B", "A", "C", "p"))
    given: dict[str, Formula] = {"c": equals(c * gain, B), "bound": B > 0, "differ": gain > 0}
    multiple = equals(-p * (c * A) + (1 - p) * (c * C), -c * (p * A - (1 - p) * C))
    return [
        Forall("multiples beat every bound", kept(variant, given, ["differ"]), conj(c > 0, -(c * gain) <= -B)),
        Forall("the loss of a multiple", {}, multiple),
        Forall("equal parts", {"pP = qQ": equals(p * A, (1 - p) * C)}, equals(-p * A + (1 - p) * C, 0)),
    ]


def rate(variant: Variant) -> list[Forall]:
    """Balanced: the loss is -(E_P f - E_Q f)/2, and the gain of an L-Lipschitz f is at most L W(P, Q)."""
    p, A, B, loss, L, W = map(var, ("p", "A", "B", "loss", "L", "W"))
    given: dict[str, Formula] = {
        "loss": equals(loss, -p * A + (1 - p) * B),
        "duality": A - B <= L * W,
        "balanced": equals(p, Fraction(1, 2)),
    }
    m, rise, d, gain, cost = map(var, ("m", "rise", "d", "gain", "cost"))
    pair: dict[str, Formula] = {
        "others": gain <= L * cost,
        "mass": m >= 0,
        "lipschitz": rise <= L * d,
    }
    return [
        Forall("one more pair of a coupling", kept(variant, pair, ["mass", "lipschitz"]),
               gain + m * rise <= L * (cost + m * d)),
        Forall("the rate", kept(variant, given, ["balanced"]), -variant.value("rate", 2) * loss <= L * W),
    ]  # fmt: skip


def constants() -> Forall:
    """Unbalanced: the constant t has the loss -(2p - 1) t, so that some constant is below every bound."""
    p, t, B = map(var, ("p", "t", "B"))
    given: dict[str, Formula] = {"constant": equals((2 * p - 1) * t, B)}
    return Forall("constants of unequal classes", given, equals(-p * t + (1 - p) * t, -B))


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A unit with a gain, its multiples, and how fast the Lipschitz constant has to grow."""
    return [*hidden_unit(), *scaling(variant), *rate(variant), constants()]


CLAIMS = (
    Claim(
        id=f"{ROW}.wasserstein_minimizer_unconstrained",
        source=SOURCE,
        printed=PRINTED,
        reading="for balanced labels and P != Q, which equation 6 and the cell of L-Lipschitz networks need too",
        statement="Let P(Y = 1) = 1/2 and P != Q have finite first moments. Over networks with a hidden ReLU unit "
        "E[-Y f] has no lower bound, every f has the Lipschitz constant L >= -2 E[-Y f]/W(P, Q), and so L_t tends to "
        "infinity along every sequence whose losses tend to the infimum. In general, with p = P(Y = 1) and q = 1 - p, "
        "the infimum is 0, attained by every f, if pP = qQ, and minus infinity otherwise; if p != q, constants reach "
        "it.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all laws with finite first moments on R^n, all classes of networks with every c max(w.x + b, 0) + d",
        covers_all=True,
        hypotheses={
            "differ": "some network has a positive gain (which follows from pP != qQ)",
            "balanced": "p = q, for the rate",
            "mass": "a coupling has no negative mass",
            "lipschitz": "f is L-Lipschitz",
        },
        constants={"rate": Constant(Fraction(2), Fraction(202, 100), words="of -loss/W in the Lipschitz constant")},
        textbook=(
            INDUCTION,
            Textbook("a law on R^n is determined by the laws of its projections (Cramér, Wold)",
                     "Billingsley, Probability and Measure, theorem 29.4"),
        ),
        argument="proof_transport.md#wasserstein-loss-unconstrained",
        notes="Affine networks see the class means only: if these agree they have the loss 0, whatever the laws. With "
        "the class means added, E_Q f - E_P f, every P != Q has L >= -loss/W(P, Q), whatever p is.",
    ),
    Claim(
        id=f"{ROW}.wasserstein_minimizer_unconstrained_any",
        source=SOURCE,
        printed=PRINTED,
        short="P = Q: 0 is attained; unequal classes: constants, L_t = 0, go to -∞; true for balanced classes, P != Q",
        reading="as for BCE in Proposition 3: every training set that is not trivial, that is, has both labels",
        variant_of=f"{ROW}.wasserstein_minimizer_unconstrained",
        statement="For every training set with both labels, L_W has no minimum over networks with a hidden ReLU unit, "
        "and the Lipschitz constants tend to infinity along every sequence of them whose losses tend to the infimum.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="all training sets on the line with both labels",
        covers_all=True,
        counterexamples={MINIMUM: SAME, DIVERGE: UNEVEN},
        near_misses=(
            NearMiss(MINIMUM, {"points": [["0", 1], ["1", -1]], "f": ["0", "0"]}, "the laws of the labels differ"),
            NearMiss(MINIMUM, {"points": [["0", 1]], "f": ["0"]}, "one label only"),
            NearMiss(DIVERGE, EVEN, "f rises between the inputs"),
            NearMiss(DIVERGE, {**UNEVEN, "f": ["-1", "-1", "-1"]}, "the loss rises along this ray"),
        ),
        minimality="two examples without both labels at one input are no counterexample; three are one for the second "
        "half whatever their inputs, as their labels are unbalanced",
        snippet="""\
labels = [1, -1, 1]                                   # any three inputs
loss = lambda t: -sum(y * t for y in labels) / 3      # f = t: a constant, of Lipschitz constant 0
print([loss(t) for t in (3, 30, 300)])
assert loss(300) == -100                              # no minimum, but L_t = 0
same = lambda f: -(f - f) / 2                         # both labels at one input: every f has the loss 0
assert {same(t) for t in range(-9, 10)} == {0}        # attained
""",
        repairs={"balanced labels, different laws": Variant(repaired=True)},
        repaired_by=f"{ROW}.wasserstein_minimizer_unconstrained",
        argument="proof_transport.md#wasserstein-loss-unconstrained",
        notes="That the loss is not bounded below is right unless every input has both labels equally often.",
    ),
)  # fmt: skip
