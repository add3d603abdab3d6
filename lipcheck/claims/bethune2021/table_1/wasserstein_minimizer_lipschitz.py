"""Row Wasserstein, minimizer, L-Lipschitz networks: "attained, minimum = W(P, Q)".

The value is that of equation 6, whose sign and factor are wrong (kr_loss_value); over L-Lipschitz functions, which the
column is about, a factor L is missing too. The minimum is -L W(P, Q)/2 for balanced labels, and there is none for
others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from lipcheck.claims.anil2019.kr_duality.common import KANTOROVICH
from lipcheck.claims.bethune2021.kr_loss_value import balance, sharp
from lipcheck.claims.bethune2021.kr_loss_value._pairs import Pair, PairError
from lipcheck.claims.bethune2021.kr_loss_value._pairs import read as read_pair
from lipcheck.claims.bethune2021.kr_loss_value.printed import zero_function
from lipcheck.claims.bethune2021.table_1._transport import ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, Wasserstein L_W, minimizer, L-Lipschitz NN:] attained, minimum = W(P, Q)"
MINIMUM = "minimum"
UNIT: Any = {"L": "1", "p": "1/2", "P": [["1", "1", "1"]], "Q": [["0", "1", "0"]]}


def read(data: Any) -> tuple[Pair, Fraction]:
    """The pair of laws with a function, and L."""
    if not isinstance(data, Mapping) or "L" not in data:
        raise PairError("give L and a pair")
    L = parse(data["L"])
    if L < 0:
        raise PairError("L is not negative")
    return read_pair({k: v for k, v in data.items() if k != "L"}), L


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A minimizer's loss is `factor` W(P, Q); repaired, `factor` L W(P, Q)."""
    factor = variant.value("factor", 1)

    def examine(data: Data) -> Examination:
        pair, L = read(data)
        atoms = pair.first + pair.second
        lipschitz = all(abs(f - g) <= L * abs(x - y) for (x, _, f), (y, _, g) in combinations(atoms, 2))
        minimizer = pair.gain == L * pair.distance
        hypotheses = {"lipschitz": lipschitz, "balanced": pair.p == Fraction(1, 2), "minimizer": minimizer}
        return Examination(hypotheses, pair.loss == factor * (L if variant.repaired else 1) * pair.distance)

    text = f"an L-Lipschitz f with E_P f - E_Q f = L W has E[-Y f] = {factor} {'L ' * variant.repaired}W(P, Q)"
    found = Universal(MINIMUM, text, examine, lambda: [UNIT], parameters=[str(factor), variant.repaired])
    return [found, zero_function()]


def scaled(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Equation 6 as it should be, and f -> L f from Lip_1 onto Lip_L."""
    rise, d, L, mean, least, p, t = map(var, ("rise", "d", "L", "mean", "least", "p", "t"))
    given: dict[str, Formula] = {"f": conj(rise <= d, L >= 0)}
    back: dict[str, Formula] = {"g": conj(rise * L <= L * d, L > 0)}
    attained: dict[str, Formula] = {"least over Lip_1": conj(mean >= least, L >= 0)}
    return [
        *sharp.mean(variant, budget),
        Forall("L f is L-Lipschitz", given, L * rise <= L * d),
        Forall("g/L is 1-Lipschitz", back, rise <= d),
        Forall("losses scale", attained, L * mean >= L * least),
        Forall("L = 0: constants", {"balanced": equals(2 * p, 1)}, equals(-p * t + (1 - p) * t, 0)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.wasserstein_minimizer_lipschitz",
        source=SOURCE,
        printed=PRINTED,
        short="sign, factor and L are wrong: the minimum over Lip_L is -L W(P, Q)/2, for balanced labels",
        reading="with the balance and the moments that make the minimum exist, here for L = 1",
        statement="If P(Y = 1) = 1/2 and P, Q have finite first moments, E[-Y f(X)] has a minimum over L-Lipschitz f, "
        "and it is W(P, Q).",
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=printed,
        scope="all laws with P != Q",
        covers_all=True,
        constants={"factor": Constant(Fraction(1), sharp=Fraction(-1, 2), words="of W(P, Q) (of L W(P, Q))")},
        repairs={"-L W/2": Variant(repaired=True, constants={"factor": Fraction(-1, 2)})},
        counterexamples={MINIMUM: UNIT},
        near_misses=(
            NearMiss(MINIMUM, {**UNIT, "P": [["0", "1", "0"]]}, "P = Q: distance and minimum are 0"),
            NearMiss(MINIMUM, {**UNIT, "P": [["1", "1", "0"]], "Q": [["0", "1", "1"]]}, "no minimizer"),
            NearMiss(MINIMUM, {**UNIT, "P": [["1", "1", "2"]]}, "not 1-Lipschitz"),
            NearMiss(MINIMUM, {**UNIT, "p": "2/3"}, "unequal labels: there is no minimum"),
        ),
        minimality="one atom each; it fails for every L and P != Q, since f = 0 has the loss 0 < W(P, Q)",
        snippet="""\
for L in (1, 2, 5):                                      # P = one atom at 1, Q = one atom at 0: W(P, Q) = 1
    loss = lambda f: (-f(1) + f(0)) / 2
    print("L =", L, " f = 0:", loss(lambda x: 0), " f = L x:", loss(lambda x: L * x), " W = 1")
    assert loss(lambda x: 0) < 1 and loss(lambda x: L * x) == -L / 2
""",
        repaired_by=f"{ROW}.wasserstein_minimizer_lipschitz_sharp",
        argument="proof_transport.md#wasserstein-loss-over-lip_l",
        notes="'attained' is right for balanced labels. With the class means added instead of averaged: -L W(P, Q).",
    ),
    Claim(
        id=f"{ROW}.wasserstein_minimizer_lipschitz_any",
        source=SOURCE,
        printed=PRINTED,
        short="with P(Y=1) != 1/2 constants make E[-Y f] arbitrarily small, so nothing is attained",
        reading="'attained', for any joint law with both labels",
        variant_of=f"{ROW}.wasserstein_minimizer_lipschitz",
        statement="For every joint law of (X, Y) with both labels E[-Y f(X)] is bounded below over 1-Lipschitz f, by "
        "-W(P, Q), as a minimum needs.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=balance.printed,
        scope="all laws with P(Y = 1) != 1/2",
        covers_all=True,
        repairs={"equal weights": Variant(repaired=True)},
        counterexamples={"bounded below": balance.CONSTANT},
        near_misses=(
            NearMiss("bounded below", {**balance.CONSTANT, "p": "1/2"}, "equal weights: constants have the loss 0"),
            NearMiss("bounded below", {**balance.CONSTANT, "p": "1"}, "one label only"),
        ),
        minimality="one atom each and a constant function; every p != 1/2 fails, p = 1/2 does not",
        snippet="""\
labels = [1, 1, -1]                                   # a training set of odd size
loss = lambda t: -sum(y * t for y in labels) / 3      # the constant t is L-Lipschitz for every L
print([loss(t) for t in (3, 30, 300)])
assert loss(300) == -100
""",
        repaired_by=f"{ROW}.wasserstein_minimizer_lipschitz_sharp",
        argument="proof_transport.md#wasserstein-loss-over-lip_l",
    ),
    Claim(
        id=f"{ROW}.wasserstein_minimizer_lipschitz_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: sign, factor, L, balanced labels",
        statement="If P(Y = 1) = 1/2, P and Q have finite first moments and L >= 0, then min over L-Lipschitz f of "
        "E[-Y f(X)] = -L W(P, Q)/2, and it is attained.",
        expected=Verdict.PROVED,
        obligations=scaled,
        scope="all such laws on R^n, all L >= 0",
        covers_all=True,
        hypotheses={"balanced": "P(Y = 1) = 1/2", **sharp.HYPOTHESES},
        constants={"factor": Constant(Fraction(-1, 2), Fraction(-101, 200), words="of L W(P, Q) in the minimum")},
        textbook=(KANTOROVICH, sharp.INDUCTION),
        depends_on=("bethune2021.kr_loss_value.sharp",),
        argument="proof_transport.md#wasserstein-loss-over-lip_l",
        notes="On a finite sample a GroupSort network attains it (koch_snowflake.network); in general networks come "
        "arbitrarily near on bounded sets.",
    ),
)
