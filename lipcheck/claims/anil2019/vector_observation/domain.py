"""The Observation read word for word: on all of R^n, and, in the ICML version, without an activation."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.theorem_3 import common
from lipcheck.claims.anil2019.theorem_3.statement import zigzag
from lipcheck.claims.anil2019.vector_observation import statement
from lipcheck.claims.anil2019.vector_observation.statement import ICLR, PRINTED, ROW
from lipcheck.exact import vector
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.formulas import Formula, disj, equals
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

WAVE, TENT = "functions on the whole line", "values at 0, 1 and 2"
ICML = (
    "Observation. Consider the set of networks, LN^m_∞ = {f : R^n → R^m, ||W||_∞ = 1}. Then LN^m_∞ is dense in "
    "1-Lipschitz functions with respect to the L_∞ metric."
)


def whole_line(data: Data, repaired: bool) -> Examination:
    """A periodic zigzag on the line, or (`repaired`) one period of it: is it within 1/3 of a network?"""
    if not isinstance(data, list):
        raise common.DataError("Give the values at 0, 1, 2, ...")
    found = zigzag({"values": data, "repeated": not repaired})
    return Examination({"Lipschitz": found.hypotheses["Lipschitz"]}, found.conclusion)


def far_out() -> Forall:
    """Within 1/2 of values 0 and 1 at points 2 m and 2 m + 1 there is no constant but 1/2, and none strictly."""
    c = var("c")
    half = Fraction(1, 2)
    return Forall("a constant against 0 and 1", {}, disj(absolute(c) > half, absolute(1 - c) >= half))


def unbounded_slopes() -> Forall:
    """s t + c with s != 0 leaves [-1, 2] at some t: t = (3 + |c|) / |s| is such a point."""
    s, c, t = var("s"), var("c"), var("t")
    given: dict[str, Formula] = {"far": disj(equals(s * t, 3 + absolute(c)), equals(s * t, -3 - absolute(c)))}
    return Forall("an affine function far out", given, disj(s * t + c > 2, s * t + c < -1))


def on_the_line(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The triangle wave of period two, and why no network comes near."""
    wave = Universal(WAVE, "a 1-Lipschitz zigzag on R is within 1/3 of a network", lambda data: whole_line(data,
                     variant.repaired), lambda: [["0", "1", "0"]])  # fmt: skip
    return [wave] if variant.repaired or budget is Budget.SMOKE else [wave, far_out(), unbounded_slopes()]


def local(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Uniform density on every ball gives density in the topology of locally uniform convergence."""
    return statement.obligations(variant, budget)


def affine_error(data: Data, activation: bool) -> Examination:
    """A function with these values at 0, 1, 2: is it within 1/8 of an affine map of slope at most one, or a network?

    An affine f has f(0) - 2 f(1) + f(2) = 0, so it misses the values by |v_0 - 2 v_1 + v_2| / 4 at least somewhere.
    """
    v = vector(data, "values")
    if len(v) != 3:
        raise common.DataError("Give the values at 0, 1 and 2.")
    lipschitz = abs(v[0] - v[1]) <= 1 and abs(v[1] - v[2]) <= 1
    if activation and lipschitz:
        points = [(Fraction(t),) for t in range(3)]
        network = statement.through(points, [(u,) for u in v])
        taken = all(evaluate(network, x) == (u,) for x, u in zip(points, v, strict=True))
        return Examination({"Lipschitz": True}, taken)
    return Examination({"Lipschitz": lipschitz}, abs(v[0] - 2 * v[1] + v[2]) / 4 <= Fraction(1, 8))


def no_activation(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Affine maps against a tent."""
    v, w, u, s, c = var("v0"), var("v1"), var("v2"), var("s"), var("c")
    miss = absolute(v - 2 * w + u) / 4
    bound = Forall("an affine map misses by a quarter of the second difference", {},
                   disj(*(absolute(s * t + c - value) >= miss for t, value in enumerate((v, w, u)))))  # fmt: skip
    tent = Universal(TENT, "a 1-Lipschitz function on {0, 1, 2} is within 1/8", lambda data: affine_error(data,
                     variant.repaired), lambda: [["0", "1", "0"]])  # fmt: skip
    return [tent] if variant.repaired or budget is Budget.SMOKE else [tent, bound]


WAVES = (
    "f = lambda t, s, c: s * t + c  # what any network is for large t\n"
    "g = lambda t: t % 2 if t % 2 <= 1 else 2 - t % 2\n"
    "worst = lambda s, c: max(abs(f(t, s, c) - g(t)) for t in range(1000, 1100))\n"
    "best = min(worst(s / 8, c / 8) for s in range(-8, 9) for c in range(-8, 17))\n"
    "print('least error far out:', best)\n"
    "assert best == 1 / 2"
)

CLAIMS = (
    Claim(
        id=f"{ROW}.whole_space",
        short=(
            "On all of R the triangle wave stays 1/2 away from every network; uniformly on every ball "
            "the networks are dense."
        ),
        source=f"{ICLR}, Observation",
        printed=PRINTED,
        statement=(
            "For every 1-Lipschitz g : R^n → R^m and eps > 0 some network f of LN^m_∞ has |f(x) − g(x)|_∞ < eps "
            "for all x in R^n."
        ),
        reading="on the domain that is printed, R^n, in the uniform metric of Lemma 1",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=on_the_line,
        scope="n = m = 1; the same for every n and m with g(x_1) in every coordinate",
        covers_all=True,
        repairs={"one period of the wave": Variant(repaired=True)},
        counterexamples={WAVE: ["0", "1", "0"]},
        near_misses=(
            NearMiss(WAVE, ["1", "1"], "a constant is a network"),
            NearMiss(WAVE, ["0", "1/2", "0"], "a constant is within 1/4 of it, everywhere"),
            NearMiss(WAVE, ["0", "2", "0"], "this wave is not 1-Lipschitz"),
        ),
        minimality="n = m = 1 and integer values of period two; with period one the function is constant at integers",
        snippet=WAVES,
        repaired_by=f"{ROW}.locally_uniform",
        argument="proof.md#the-whole-space",
        notes="Theorem 3 has a bounded X, and so have all its uses; the Observation does not say so.",
    ),
    Claim(
        id=f"{ROW}.locally_uniform",
        source=f"{ICLR}, Observation",
        printed=PRINTED,
        statement=(
            "For every 1-Lipschitz g : R^n → R^m, every R and eps > 0 some network of LN^m_∞ is within eps of g on the "
            "ball of radius R: density for locally uniform convergence on R^n."
        ),
        reading="repaired: locally uniformly on R^n",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=local,
        scope="all n, m, R and eps",
        covers_all=True,
        hypotheses={"bounded": "the ball has a finite radius", "norms": "||W||_∞ = 1 for all weights"},
        constants=statement.COORDINATE,
        textbook=(common.HOELDER, common.BOUNDED, common.LAYERS),
        argument="proof.md#the-whole-space",
        depends_on=(ROW,),
    ),
    Claim(
        id=f"{ROW}.icml",
        short="Without an activation the networks are affine and 1/2 away from the tent; with MaxMin they are dense.",
        source="Anil et al. 2019 (ICML version), section 6, Observation",
        printed=ICML,
        statement=(
            "The affine maps f : R^n → R^m with ||W||_∞ = 1, and their compositions, are dense in the 1-Lipschitz maps."
        ),
        reading="the class as it is printed there, without an activation",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=no_activation,
        scope="n = m = 1, on X = {0, 1, 2}",
        covers_all=True,
        repairs={"with MaxMin": Variant(repaired=True)},
        counterexamples={TENT: ["0", "1", "0"]},
        near_misses=(NearMiss(TENT, ["0", "1", "2"], "affine"), NearMiss(TENT, ["0", "2", "0"], "not 1-Lipschitz")),
        minimality="three points: on two points every function is affine",
        snippet=(
            "v = (0, 1, 0)  # g at 0, 1, 2\n"
            "grid = [k / 8 for k in range(-8, 9)]\n"
            "best = min(max(abs(s * t + c - v[t]) for t in range(3)) for s in grid for c in grid)\n"
            "print('least error of an affine map:', best)\n"
            "assert best == 1 / 2"
        ),
        repaired_by=ROW,
        argument="proof.md#without-an-activation",
        notes="The section is about GroupSort networks, and the ICLR version names MaxMin: wording only.",
    ),
)
