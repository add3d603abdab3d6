"""L_T(f, y) = -log sigma(y T f): for T > 0 minimizing it over Lip_1 is minimizing L over Lip_T, by f -> T f.

At T = 0, which R_+ contains, L_0 is log 2 for every f, while Lip_0 holds all constants. For unconstrained networks,
which Figure 5a shows, T changes nothing at the minimum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lipcheck.claims.bethune2021._bce import EXP, PAPER, LawError
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.temperature"
SOURCE = f"{PAPER}, section 4, after Example 3"
PRINTED = (
    "Bigger Lipschitz constant might ultimately lead to overfitting, playing the same role as the (usually omitted) "
    "temperature scaling parameter T ∈ R_+: L_T(f(x), y) = −log σ(yTf(x))."
)
ZERO = "constants are no better than L_0"
CONE = "the infimum does not depend on T"
BOUNDED = {"bound": "1", "T": "1", "other": "2"}


def bijection(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Differences d of f and e of T f, at inputs of distance D; the margin of L_T at f is that of L at T f."""
    d, e, D, T, y, f, g = map(var, ("d", "e", "D", "T", "y", "f", "g"))
    size: dict[str, Formula] = {"positive": T > 0} if variant.keeps("positive") else {"T": T >= 0}
    scaled: dict[str, Formula] = {"scaled": equals(e, T * d), **size}
    return [
        Forall("into Lip_T", {"lipschitz": absolute(d) <= D, **scaled}, conj(e <= T * D, -e <= T * D)),
        Forall("onto Lip_T", {"lipschitz": absolute(e) <= T * D, **scaled}, conj(d <= D, -d <= D)),
        Forall("the same margin", {"scaled": equals(g, T * f)}, equals(y * T * f, y * g)),
    ]


def zero(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Labels +1, +1, +1, -1 at one input, z = e^f: loss >= log 2 reads (1 + z)^4 >= 16 z^3; repaired: one of each."""
    z = var("z")
    finite = {"exponential": z > 0}
    if variant.repaired:
        return [Forall(ZERO, finite, (1 + z) * (1 + z) >= 4 * z)]
    return [Forall(ZERO, finite, (1 + z) ** 3 * (1 + z) >= 16 * z**3)]


def cone(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f with temperature T has the margins of g = (T/S) f with temperature S; a Lipschitz bound would not allow g."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"bound", "T", "other"}:
            raise LawError("a class of functions has a Lipschitz bound or none (null), and two temperatures")
        bound, first, second = (None if data[k] is None else parse(data[k]) for k in ("bound", "T", "other"))
        if first is None or second is None:
            raise LawError("temperatures are numbers")
        hypotheses = {"temperatures": first > 0 and second > 0, "unconstrained": bound is None}
        return Examination(hypotheses, bound is None or bound * first == bound * second)

    T, S, f, g, y = map(var, ("T", "S", "f", "g", "y"))
    same: dict[str, Formula] = {"temperatures": conj(T > 0, S > 0), "scaled": equals(S * g, T * f)}
    text = "the least loss at two points of opposite labels at distance 1, log(1 + exp(-T bound/2)), is the same"
    candidates = [BOUNDED]
    return [
        Forall("the same margins", same, equals(y * T * f, y * S * g)),
        Universal(CONE, text, examine, lambda: candidates, variant.dropped),
    ]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="For T > 0, f -> T f maps Lip_1(X, R) onto Lip_T(X, R), and L_T(f(x), y) = L(T f(x), y). So "
        "minimizing the expected L_T over Lip_1 and the expected L over Lip_T have the same value, and minimizers T f "
        "and f correspond, with the same signs.",
        reading="the same role: minimizing L_T over 1-Lipschitz functions is minimizing L over T-Lipschitz ones; T > 0",
        expected=Verdict.PROVED,
        obligations=bijection,
        scope="all X, all laws, all T > 0",
        covers_all=True,
        hypotheses={"positive": "T > 0"},
        argument="proof.md#the-same-role",
        notes="T multiplies the logit: it is what is usually called the inverse temperature. For T < 0, L_T(f) = "
        "L_|T|(-f), and -f is as Lipschitz as f, so |T| takes the place of T.",
    ),
    Claim(
        id=f"{ROW}.zero",
        variant_of=ROW,
        short="at T = 0 all f have the loss log 2, but constants in Lip_0 do better for unequal classes; T > 0",
        source=SOURCE,
        printed=PRINTED,
        reading="the same role for every T in R_+, zero included",
        statement="At T = 0 the least expected L over Lip_0, the constants, is not below that of L_0 over Lip_1, which "
        "is log 2.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=zero,
        scope="all laws",
        covers_all=True,
        repairs={"equal classes": Variant(repaired=True)},
        counterexamples={ZERO: {"z": "3"}},
        near_misses=(
            NearMiss(ZERO, {"z": "1"}, "the constant 0 has the loss log 2"),
            NearMiss(ZERO, {"z": "0"}, "no finite constant"),
            NearMiss(ZERO, {"z": "1/3"}, "the wrong sign"),
        ),
        minimality="one input; for equal classes the best constant is 0, of loss log 2",
        snippet=(
            "from math import log\n"
            "z = 3  # the constant log 3, on labels +1, +1, +1, -1\n"
            "loss = (3 * log(1 + 1 / z) + log(1 + z)) / 4\n"
            "print(loss, log(2))\n"
            "assert loss < log(2)"
        ),
        repaired_by=ROW,
        argument="proof.md#zero-temperature",
        notes="R_+ contains 0 in French usage; with R_+ = (0, infinity) the main claim says all.",
    ),
    Claim(
        id=f"{ROW}.unconstrained",
        source=f"{PAPER}, Figure 5a",
        printed="Unconstrained neural network with BCE loss. Here L = T is the temperature of L_T.",
        reading="what T does without a constraint, for a class of networks with a free last layer",
        statement="If a class of functions contains c f for all its f and c > 0, then the infimum of the expected L_T "
        "over it is the same for all T > 0, and minimizing sequences correspond by f -> (T/S) f, with the same signs.",
        expected=Verdict.PROVED,
        obligations=cone,
        scope="all laws, all T, S > 0",
        covers_all=True,
        hypotheses={"unconstrained": "the class is closed under multiplication by positive numbers"},
        textbook=(EXP,),
        argument="proof.md#without-a-constraint",
        notes="So in Figure 5a T can only change the way of the optimizer, not what it approaches; in Figure 3a L "
        "changes the problem.",
    ),
)
