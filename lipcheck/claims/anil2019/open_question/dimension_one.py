"""In dimension one the answer is yes: 2-norm constrained MaxMin networks are dense in the 1-Lipschitz functions.

1. Zigzags with slopes 1 and -1 are dense on an interval. 2. A zigzag is a composition of single folds |t - c| and of
functions N with three branches, the middle one the shortest (`lipcheck.build.zigzags`). 3. Single folds are networks,
exactly, and N is a limit of networks: a strip in the plane, folded at its two turns, gets as near to a line as one
likes (`lipcheck.build.strips`). 4. Compositions of limits are limits of compositions, since everything is 1-Lipschitz.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build import strips, zigzags
from lipcheck.claims.anil2019.open_question import unfolding
from lipcheck.network import Affine, Network
from lipcheck.norms import spectral_norm_at_most
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, maximum, minimum, var
from lipcheck.words.verdict import Budget, Verdict

ROW = "anil2019.open_question"
ICLR = "Anil et al. 2019 (ICLR submission), section 6; the same in the ICML version"
PRINTED = (
    "However, it remains an open question whether 2-norm constrained GroupSort networks are also universal Lipschitz "
    "function approximators."
)


def norms(found: Network, bound: Fraction) -> bool:
    """Whether all weights have a spectral norm of at most `bound`."""
    return all(spectral_norm_at_most(layer.weight, bound) for layer in found.layers if isinstance(layer, Affine))


def three_branches(variant: Variant, size: int) -> Exhaustive:
    """Networks near N, by exact folds."""
    found = [["1", "3/4", 2, "1/4"]] if size == 1 else [["3", "2", 5, "1/4000"], ["2", "1", 4, "1/4"]]

    def holds(case: Data) -> bool:
        arm, middle, rounds, bound = Fraction(case[0]), Fraction(case[1]), case[2], Fraction(case[3])
        made = strips.three_branches(arm, middle, rounds)
        return norms(made, variant.value("norm", 1)) and strips.error(arm, middle, rounds) <= bound

    return Exhaustive(f"three branches, {len(found)} cases", "a network of spectral norms at most one within a bound",
                      lambda: found, holds, parameters=[found, str(variant.value("norm", 1))], size=size)  # fmt: skip


def one_round() -> Forall:
    """Two folds across one normal n: d_1 . n = rho p, d_2 . n = p, p^2 = P, take C = d_1 . d_2 to C - 2 rho P.

    n lies in the plane of d_1 and d_2, so that P S = 1 - C^2 with S = 1 + rho^2 - 2 rho C. Hence (1 + C - 2 rho P) S =
    (1 + C) (S - 2 rho (1 - C)) = (1 + C) (1 - rho)^2: 1 + C gets smaller by the factor (1 - rho)^2 / S. Here u = 1 + C,
    v = 1 - C, r = 2 rho and m = (1 - rho)^2 = S - r v.
    """
    u, v, r, P, S, m = var("u"), var("v"), var("r"), var("P"), var("S"), var("m")
    given: dict[str, Formula] = {"unit normal": equals(P * S, u * v), "factor": equals(S - r * v, m)}
    return Forall("one round", given, equals((u - r * P) * S, u * m))


def scale() -> Forall:
    """S - 2 rho (1 - C) = (1 - rho)^2 for S = 1 + rho^2 - 2 rho C."""
    C, rho = var("C"), var("rho")
    return Forall("the scale", {}, equals(1 + rho * rho - 2 * rho * C - 2 * rho * (1 - C), (1 - rho) ** 2))


def factor(variant: Variant) -> Forall:
    """(1 - rho)^2 / S is below one, and for C <= C_0 < 1 at most its value at C_0: S grows while C falls."""
    C, C0, rho = var("C"), var("C0"), var("rho")
    given: dict[str, Formula] = {"angle": C <= C0, "ratio": conj(rho > 0, rho < 1)}
    if variant.keeps("bent"):
        given["bent"] = C0 < 1
    S, first, least = 1 + rho * rho - 2 * rho * C, 1 + rho * rho - 2 * rho * C0, (1 - rho) ** 2
    return Forall("the factor", given, conj(first <= S, first > least))


def second_fold(variant: Variant) -> Forall:
    """Behind the first fold the end stays above the other turn: its height p l - q L is at least 0 for q L <= p l."""
    p, q, arm, middle = var("p"), var("q"), var("L"), var("l")
    given: dict[str, Formula] = {"lengths": conj(arm > 0, middle > 0, p > 0, q > 0)}
    if variant.keeps("slopes"):
        given["slopes"] = q * arm <= p * middle
    top, end = p * middle, p * middle + q * arm
    return Forall("the second fold finds the end above", given, conj(2 * top - end >= 0, end > top))


def beginning() -> Forall:
    """u'' = 2 omega(u') - u, omega(u') = u' + g with g > 0: the steps u - u' get smaller by 2 g, and so end."""
    u, first, second, g = var("u"), var("first"), var("second"), var("g")
    given: dict[str, Formula] = {"fold": equals(second, 2 * (first + g) - u), "gain": g > 0}
    before, after = u - first, first - second
    return Forall("the first folds", given, conj(equals(after, before - 2 * g), after < before))


def pairs() -> Forall:
    """MaxMin on (u + x)/2 and (u - x)/2, twice, read with 1/2 and 1/2, or 1/2 and -1/2, gives u, or |x|."""
    u, x = var("u"), var("x")
    up, down = maximum((u + x) / 2, (u - x) / 2), minimum((u + x) / 2, (u - x) / 2)
    along, across = (up + down) / 2 * 2, (up - down) / 2 * 2
    return Forall("a fold by MaxMin", {}, conj(equals(along, u), equals(across, absolute(x))))


def waves(variant: Variant) -> Universal:
    """A zigzag on an interval, or repeated for ever: is it within 1/4 of a network?"""

    def examine(data: Data) -> Examination:
        match data:
            case {"lengths": list(lengths), "repeated": bool(repeated), **rest} if not rest:
                zigzag = zigzags.read(lengths)
            case _:
                raise strips.StripError("Give {'lengths': [...], 'repeated': true or false}.")
        turns = [zigzag.of(sum(zigzag.lengths[:k], Fraction(0))) for k in range(len(lengths) + 1)]
        if repeated and turns[-1]:
            raise strips.StripError("A zigzag is repeated where it ends at zero.")
        if repeated:
            # Far out a network is affine: off by half the height of the wave, or by any amount.
            return Examination({"bounded": False}, (max(turns) - min(turns)) / 2 <= Fraction(1, 4))
        made = zigzags.network(zigzag, 3)
        places = [Fraction(k, 4) for k in range(int(4 * zigzag.total) + 1)]
        off = max(abs(v - zigzag.of(t)) for t, v in zip(places, strips.values(made, places), strict=True))
        return Examination({"bounded": True}, norms(made, Fraction(1)) and off <= Fraction(1, 4))

    proposed = [{"lengths": [1, 1], "repeated": repeated} for repeated in (False, True)]
    return Universal("zigzags", "a zigzag is within 1/4 of a 2-norm constrained network", examine, lambda: proposed,
                     variant.dropped)  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every step of the proof; the constructions at several sizes."""
    built = [three_branches(variant, 1), unfolding.compositions(variant, 3)]
    small: list[Obligation] = [waves(variant), factor(variant), second_fold(variant), *built]
    if budget is Budget.SMOKE:
        return small
    limits = [unfolding.dense(), unfolding.composed()]
    steps = [unfolding.double_fold(), unfolding.single_fold(), scale(), one_round(), beginning(), pairs(), *limits]
    return [*small, *steps, unfolding.compositions(variant, 4), three_branches(variant, 2)]


CLAIMS = (
    Claim(
        id=f"{ROW}.dimension_one",
        source=ICLR,
        printed=PRINTED,
        statement=(
            "For every compact X in R, every 1-Lipschitz g : X → R and eps > 0 there is a MaxMin network f : R → "
            "R, all of whose weights have spectral norm at most one, with |f − g| < eps on X."
        ),
        reading="the part of the question that has an answer: one input",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="n = 1, every compact X; depth grows with 1/eps",
        covers_all=True,
        hypotheses={"bounded": "X is bounded"},
        mutants={
            "another branch than a shortest one is folded": Variant(dropped=frozenset({"shortest"})),
            "rounds from a straight strip": Variant(dropped=frozenset({"bent"})),
            "q L > p l in the second fold": Variant(dropped=frozenset({"slopes"})),
        },
        constants={"norm": Constant(Fraction(1), Fraction(99, 100), words="the bound on the spectral norms")},
        textbook=(
            Textbook("a 1-Lipschitz function on a subset of R extends to R (McShane)",
                     "Evans and Gariepy, Measure Theory and Fine Properties of Functions, 3.1.1"),
            Textbook("a continuous function on a compact interval attains its minimum", "Rudin, Principles, 4.16"),
            Textbook("induction over branches, folds and layers", "Peano's axioms"),
        ),
        argument="proof.md#dimension-one",
        notes=(
            "By dilation (anil2019.theorem_2.dilation) all singular values can be one as well. Exactly, N is no such "
            "network at any depth (no_lattice): it is a limit that is not attained."
        ),
    ),
)  # fmt: skip
