"""ICML 7.3: "We enforced a Lipschitz constant of K = 1000 and chose the margin kappa = K a where a was 0.1 or 0.3. This
technique provides margin-based provable robustness guarantees as described in Section 4.3."

Two readings: that a point without loss has some guaranteed radius, and that this radius is a, the "desired perturbation
tolerance" of section 4.3 (in the ICLR submission: "e.g. kappa = 0.3 x K"). The first holds, with the radius a/2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.margin_certificate import _logits as logits
from lipcheck.claims.anil2019.margin_certificate._networks import AttackError, attack, is_lipschitz, read
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Hint, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.margin_certificate"
SOURCE = "Anil, Lucas, Grosse 2019, ICML, section 7.3; ICLR submission, sections 4.3 and 7.3"
PRINTED = (
    "We enforced a Lipschitz constant of K = 1000 and chose the margin κ = Ka where a was 0.1 or 0.3. This technique "
    "provides margin-based provable robustness guarantees as described in Section 4.3."
)
a = var("a")


def trained(x: Any, delta: Any, tolerance: Any, slope: Any = 1000, K: Any = 1000) -> dict[str, Any]:
    """JSON data of an attack on y = (slope x, -slope x); `a` is the tolerance that kappa = K a was chosen for."""
    data = attack([slope, -Fraction(slope)], [0, 0], K=K, x=x, delta=delta, epsilon=1)
    return {**{k: v for k, v in data.items() if k != "epsilon"}, "a": str(Fraction(tolerance))}


FLIPPED = trained("1/20", "-3/40", "1/10")
FLIPPED_AT_LARGER_TOLERANCE = trained("3/20", "-9/40", "3/10")
AT_HALF = trained("1/20", "-1/20", "1/10")


def networks(radius: Fraction, dropped: frozenset[str], ties_allowed: bool, candidates: Sequence[Any]) -> Universal:
    """Points whose hinge loss at kappa = K a is zero keep their class within radius times a."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or "a" not in data:
            raise AttackError("the data need the tolerance a that kappa = K a was chosen for")
        tolerance = parse(data["a"])
        it = read({**{k: v for k, v in data.items() if k != "a"}, "epsilon": str(radius * tolerance)})
        y = evaluate(it.network, it.x)
        kappa = it.K * tolerance
        loss = sum((max(Fraction(0), kappa - (y[it.t] - v)) for i, v in enumerate(y) if i != it.t), Fraction(0))
        hypotheses = {
            "zero_loss": loss == 0,
            "lipschitz": is_lipschitz(it.network, it.K),
            "perturbation": it.size < it.epsilon,
            "positive_constant": it.K > 0,
        }
        return Examination(hypotheses, it.attacked_gap >= 0 if ties_allowed else it.attacked_gap > 0)

    text = f"if the hinge loss with kappa = K a is zero at x, class t is kept for ||delta||_inf < {radius} a"
    return Universal("networks", text, examine, lambda: candidates, dropped, [str(radius), ties_allowed])


def two_logits(name: str, variant: Variant, radius: Fraction) -> Forall:
    """The guarantee for any two logits and all real numbers."""
    hypotheses = {
        "zero_loss": equals(positive_part(logits.K * a - (logits.top - logits.other)), 0),
        "lipschitz": logits.LIPSCHITZ,
        "perturbation": radius * a > logits.size,
        "positive_constant": logits.K > 0,
    }
    return logits.kept(name, variant, hypotheses, logits.top_after > logits.other_after)


def some_radius(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The radius a/2."""
    radius = variant.value("radius", Fraction(1, 2))
    return [
        two_logits("any two logits", variant, radius),
        no_larger_radius(),
        networks(radius, variant.dropped, False, [AT_HALF]),
    ]


def no_larger_radius() -> Forall:
    """For y = K (x, -x) at x = a/2, of margin K a, and every radius r a with r > 1/2: a flip nearer than that."""
    r = var("r")
    delta = -(a / 2 + r * a) / 2
    given: dict[str, Formula] = {"positive": conj(logits.K > 0, a > 0), "larger": r > Fraction(1, 2)}
    after = a / 2 + delta
    return Forall("no larger radius", given, conj(-delta < r * a, logits.K * after < -logits.K * after), hint=Hint(3))


def tolerance(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The radius a, with ties allowed; and that a/2 is certain."""
    radius = variant.value("radius", 1)
    flips = networks(radius, frozenset(), True, [FLIPPED, FLIPPED_AT_LARGER_TOLERANCE])
    return [flips, two_logits("minimal: nothing flips within a/2", Variant(), Fraction(1, 2))]


SNIPPET = """\
from fractions import Fraction as F
def y(x):
    return (1000 * x, -1000 * x)                     # K = 1000
K, a, x, delta = 1000, F(1, 10), F(1, 20), F(-3, 40)
loss = max(0, K * a - (y(x)[0] - y(x)[1]))           # of class 0, with kappa = K a
print("loss", loss, "at distance", abs(delta), "< a the logits are", *y(x + delta))
assert loss == 0 and abs(delta) < a and y(x + delta)[0] < y(x + delta)[1]
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.kappa",
        source=SOURCE,
        printed=PRINTED,
        reading="some guarantee: a point without loss has a certified radius",
        statement="If a network is K-Lipschitz from l_inf to l_inf, K > 0, and the hinge loss with kappa = K a "
        "vanishes at x, then t is strictly on top at x + delta for every ||delta||_inf < a/2; no larger radius is "
        "certain.",
        expected=Verdict.PROVED,
        obligations=some_radius,
        scope="all numbers of classes, all real K > 0 and a",
        covers_all=True,
        hypotheses={
            "zero_loss": "the hinge loss with kappa = K a is zero at x",
            "lipschitz": "the network is K-Lipschitz from l_inf to l_inf",
            "perturbation": "||delta||_inf < a/2",
            "positive_constant": "K > 0",
        },
        constants={"radius": Constant(Fraction(1, 2), mutated=Fraction(101, 200), words="of a")},
        depends_on=(f"{ROW}.hinge",),
        argument="proof.md#the-choice-of-kappa",
        notes="K = 1000 and a = 0.1 or 0.3 give the radii 0.05 and 0.15 to points without loss.",
    ),
    Claim(
        id=f"{ROW}.kappa_tolerance",
        short="zero hinge loss at κ = Ka tolerates a/2, not a",
        source=SOURCE,
        printed=PRINTED,
        variant_of=f"{ROW}.kappa",
        reading="a is the desired perturbation tolerance of section 4.3: the guaranteed radius is a",
        statement="If a network is K-Lipschitz from l_inf to l_inf and the hinge loss with kappa = K a vanishes at x, "
        "then for every ||delta||_inf < a no class has a larger logit than t at x + delta.",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=tolerance,
        scope="all numbers of classes, all real K and a",
        covers_all=True,
        constants={"radius": Constant(Fraction(1), sharp=Fraction(1, 2), words="of a")},
        repairs={"radius a/2": Variant(constants={"radius": Fraction(1, 2)}, repaired=True)},
        counterexamples={"networks": FLIPPED},
        near_misses=(
            NearMiss("networks", AT_HALF, "at distance a/2 the logits tie"),
            NearMiss("networks", trained("1/20", "-1/10", "1/10"), "delta is as large as a"),
            NearMiss("networks", trained("49/1000", "-3/40", "1/10"), "the loss is not zero"),
            NearMiss("networks", trained("1/20", "-3/40", "1/10", slope=1001), "the network is not 1000-Lipschitz"),
        ),
        minimality="one input, two classes, one layer, with the paper's K = 1000 and a = 0.1; nothing flips within a/2",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.kappa",
        argument="proof.md#the-choice-of-kappa",
        notes="Section 4.3 as printed would even promise the radius 2a, since M >= kappa = K a exceeds K epsilon / 2 "
        "for epsilon < 2a.",
    ),
)
