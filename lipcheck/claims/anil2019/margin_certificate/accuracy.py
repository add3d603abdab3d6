"""ICML 7.3: "we can compute theoretical lower bounds on the accuracy against adversaries with a maximum perturbation
strength epsilon ... This is computed by finding the proportion of data points which violate the margin by at least
K epsilon."

Plain reading: the proportion of data with M(x) >= K epsilon (all but those that violate that margin) is at most the
accuracy against the adversary. It would be with M(x) > 2 K epsilon. The literal reading, the proportion of the
violating data themselves, is judged as a variant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from lipcheck.claims.anil2019.margin_certificate import _logits as logits
from lipcheck.claims.anil2019.margin_certificate._networks import Attack, AttackError, attack, is_lipschitz, read
from lipcheck.claims.anil2019.margin_certificate.certificate import no_nearer_flip
from lipcheck.claims.anil2019.margin_certificate.sharp import no_smaller_factor
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = "Anil, Lucas, Grosse 2019, ICML, section 7.3 and figure 9; ICLR submission, section 7.3, in the same words"
PRINTED = (
    "With the strictly enforced Lipschitz constant, we can compute theoretical lower bounds on the accuracy against "
    "adversaries with a maximum perturbation strength ε. [...] This is computed by finding the proportion of data "
    "points which violate the margin by at least Kε."
)
Counts: TypeAlias = Callable[[Attack], bool]


def dataset(*attacks: Mapping[str, Any]) -> dict[str, Any]:
    """JSON data of one classifier and one adversary on several points."""
    shared = {k: attacks[0][k] for k in ("network", "K", "epsilon")}
    return {**shared, "points": [{k: a[k] for k in ("x", "t", "delta")} for a in attacks]}


def bound(name: str, text: str, counted: Counts, correct: Counts, candidates: Sequence[Any], parameters: Any,
          dropped: frozenset[str] = frozenset()) -> Universal:  # fmt: skip
    """The number of counted data points is at most that of points classified correctly at x + delta."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"network", "K", "epsilon", "points"} or not data["points"]:
            raise AttackError("a data set has the entries network, K, epsilon and at least one of points")
        if not all(isinstance(point, Mapping) and set(point) == {"x", "t", "delta"} for point in data["points"]):
            raise AttackError("a point of a data set has exactly the entries x, t and delta")
        shared = {k: data[k] for k in ("network", "K", "epsilon")}
        points = [read({**shared, **point}) for point in data["points"]]
        first = points[0]
        hypotheses = {
            "lipschitz": is_lipschitz(first.network, first.K),
            "perturbation": all(p.size <= p.epsilon for p in points),
        }
        return Examination(hypotheses, sum(map(counted, points)) <= sum(map(correct, points)))

    return Universal(name, text, examine, lambda: candidates, dropped, parameters)


def margin(point: Attack) -> Fraction:
    """M(x)."""
    return max(Fraction(0), point.gap)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound with the threshold K epsilon; a point counts as correct while no other class is strictly above t.

    Repaired, the threshold has to be exceeded: at K epsilon = 0 a misclassified point, of margin 0, attains it.
    """
    factor, relation = variant.value("factor", 1), ">" if variant.repaired else ">="
    text = f"the data with M(x) {relation} {factor} K epsilon are at most those right at x + delta, |delta| <= epsilon"

    def counted(point: Attack) -> bool:
        threshold = factor * point.K * point.epsilon
        return margin(point) > threshold if variant.repaired else margin(point) >= threshold

    rule = bound(
        "accuracy",
        text,
        counted,
        lambda p: p.attacked_gap >= 0,
        [ATTACKED, UNATTACKED],
        [str(factor), variant.repaired],
    )
    return [rule, no_nearer_flip()]


def literal(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The proportion of data that violate the margin, taken at its word."""
    text = "the data with y_t - max y_i <= -K epsilon are at most those right at x + delta, ||delta||_inf <= epsilon"
    if variant.repaired:
        text = "the data with M(x) > 2 K epsilon are at most those right at x + delta, ||delta||_inf <= epsilon"

    def counted(point: Attack) -> bool:
        return (
            margin(point) > 2 * point.K * point.epsilon if variant.repaired else point.gap <= -point.K * point.epsilon
        )

    return [bound("accuracy", text, counted, lambda p: p.attacked_gap >= 0, [MISCLASSIFIED], variant.repaired)]


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One point, then all points by counting; ties at x + delta count as errors."""
    factor = variant.value("factor", 2)
    hypotheses = {
        "lipschitz": logits.LIPSCHITZ,
        "perturbation": logits.epsilon >= logits.size,
        "margin": logits.margin > factor * logits.K * logits.epsilon,
    }
    certified, right, one, other = map(var, ("certified", "right", "point_certified", "point_right"))
    counting = Forall(
        "one more point", {"so far": certified <= right, "the point": one <= other}, certified + one <= right + other
    )
    text = f"the data with M(x) > {factor} K epsilon are at most those with t on top at x + delta, ||delta|| <= epsilon"

    def counted(point: Attack) -> bool:
        return not variant.keeps("margin") or margin(point) > factor * point.K * point.epsilon

    networks = bound(
        "data sets",
        text,
        counted,
        lambda p: p.attacked_gap > 0,
        [SHARP],
        [str(factor), sorted(variant.dropped)],
        variant.dropped,
    )
    one_point = logits.kept("one point", variant, hypotheses, logits.top_after > logits.other_after)
    return [one_point, counting, no_smaller_factor(), networks]


ATTACKED = dataset(attack([1, -1], [0, 0], K=1, x=1, delta="-3/2", epsilon=2))
UNATTACKED = dataset(attack([1, -1], [0, 0], K=1, x=-1, delta=0, epsilon=0))
MISCLASSIFIED = dataset(attack([1, -1], [0, 0], K=1, x=-1, delta=0, epsilon=1))
SHARP = dataset(
    attack([1, -1], [0, 0], K=1, x=1, delta=-1, epsilon=1), attack([1, -1], [0, 0], K=1, x=1, delta=-1, epsilon=1)
)

SNIPPET = """\
from fractions import Fraction
def y(x):
    return (x, -x)                                   # K = 1
K, epsilon, x, delta = 1, 2, 1, Fraction(-3, 2)      # one data point, of class 0
bound = int(y(x)[0] - y(x)[1] >= K * epsilon)
accuracy = int(y(x + delta)[0] >= y(x + delta)[1])
print("lower bound", bound, "accuracy", accuracy)
assert abs(delta) <= epsilon and bound > accuracy
"""
LITERAL_SNIPPET = """\
def y(x):
    return (x, -x)                                   # K = 1
K, epsilon, x = 1, 1, -1                             # one data point, of class 0, misclassified as it stands
bound = int(y(x)[0] - y(x)[1] <= -K * epsilon)
accuracy = int(y(x)[0] >= y(x)[1])
print("lower bound", bound, "accuracy", accuracy)
assert bound > accuracy
"""
ROW = "anil2019.margin_certificate"

CLAIMS = (
    Claim(
        id=f"{ROW}.accuracy_bound",
        short="margins above Kε do not bound the accuracy under attack; margins of 2Kε do",
        source=SOURCE,
        printed=PRINTED,
        reading="the data that do not violate M(x) >= K epsilon are counted",
        statement="If a network is K-Lipschitz from l_inf to l_inf, the proportion of data with M(x) >= K epsilon is "
        "at most the accuracy against every adversary with ||delta||_inf <= epsilon.",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=printed,
        scope="all finite data sets",
        covers_all=True,
        constants={"factor": Constant(Fraction(1), sharp=Fraction(2), words="of K epsilon")},
        repairs={"factor 2, exceeded": Variant(constants={"factor": Fraction(2)}, repaired=True)},
        counterexamples={"accuracy": ATTACKED},
        near_misses=(
            NearMiss("accuracy", dataset(attack([1, -1], [0, 0], K=1, x=1, delta=-1, epsilon=2)), "a tie is no error"),
            NearMiss(
                "accuracy", dataset(attack([1, -1], [0, 0], K=1, x=1, delta="-5/2", epsilon=2)), "delta exceeds epsilon"
            ),
            NearMiss(
                "accuracy",
                dataset(attack([1, -1], [0, 0], K=1, x=1, delta="-3/2", epsilon="201/100")),
                "M is below K epsilon",
            ),
            NearMiss("accuracy", {**ATTACKED, "points": []}, "no data"),
        ),
        minimality="one data point, one input, two classes; and no network flips a point nearer than M / (2K)",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.accuracy_sharp",
        argument="proof.md#the-bound-on-accuracy",
        notes="The threshold K epsilon of section 7.3 also differs from the K epsilon / 2 of section 4.3. It is the "
        "right one when K epsilon > 0 and K bounds the logits in the 1-norm, or bounds every difference of two logits. "
        "For K epsilon = 0 every point, misclassified or not, has M(x) >= K epsilon.",
    ),
    Claim(
        id=f"{ROW}.accuracy_bound_literal",
        short="the proportion that violates the margin bounds the errors, not the accuracy, and with 2Kε",
        source=SOURCE,
        printed=PRINTED,
        variant_of=f"{ROW}.accuracy_bound",
        reading="literal: the data counted are those that violate the margin, y_t - max y_i <= -K epsilon",
        statement="If a network is K-Lipschitz from l_inf to l_inf, the proportion of data with y_t - max_{i != t} "
        "y_i <= -K epsilon is at most the accuracy against every adversary with ||delta||_inf <= epsilon.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=literal,
        scope="all finite data sets",
        covers_all=True,
        repairs={"the certified data are counted": Variant(repaired=True)},
        counterexamples={"accuracy": MISCLASSIFIED},
        near_misses=(
            NearMiss(
                "accuracy", dataset(attack([1, -1], [0, 0], K=1, x=1, delta=0, epsilon=1)), "the margin is not violated"
            ),
            NearMiss(
                "accuracy",
                dataset(attack([1, -1], [0, 0], K=1, x=0, delta=0, epsilon=1)),
                "a tie, violated by less than K epsilon",
            ),
        ),
        minimality="one data point, one input, two classes and no perturbation at all",
        snippet=LITERAL_SNIPPET,
        repaired_by=f"{ROW}.accuracy_sharp",
        argument="proof.md#the-bound-on-accuracy",
    ),
    Claim(
        id=f"{ROW}.accuracy_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="corrected: the data with M(x) > 2 K epsilon are counted",
        statement="If a network is K-Lipschitz from l_inf to l_inf, the proportion of data with M(x) > 2 K epsilon is "
        "at most the accuracy against every adversary with ||delta||_inf <= epsilon, ties counted as errors; no "
        "smaller factor than 2 will do.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all finite data sets, all numbers of classes, all K >= 0 and epsilon",
        covers_all=True,
        hypotheses={
            "lipschitz": "the network is K-Lipschitz from l_inf to l_inf",
            "perturbation": "||delta||_inf <= epsilon",
            "margin": "only data with M(x) > 2 K epsilon are counted",
        },
        constants={"factor": Constant(Fraction(2), mutated=Fraction(199, 100), words="of K epsilon")},
        textbook=(Textbook("induction over the number of data points", "Peano's fifth axiom"),),
        argument="proof.md#the-bound-on-accuracy",
    ),
)
