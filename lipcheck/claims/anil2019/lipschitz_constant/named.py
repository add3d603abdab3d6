"""Anil et al. 2019, section 2.1: "If the Lipschitz constant of a function is K, it is called a K-Lipschitz function."

With the Lipschitz constant as the smallest one, this makes 1-Lipschitz mean that the smallest constant equals one. The
paper uses the word for "at most one": "1-Lipschitz functions are closed under composition" (section 2.2) fails
otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.lipschitz_constant.common import ICML, ROW
from lipcheck.network import Abs, Affine, Network, ReLU, from_json, to_json
from lipcheck.readings.line import pieces
from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "If the Lipschitz constant of a function is K, it is called a K-Lipschitz function."


class LineError(LipcheckError, ValueError):
    """A network that is not from R to R."""


def smallest(network: Network) -> Fraction:
    """The smallest Lipschitz constant of a piecewise linear network from R to R: its largest slope."""
    if (network.inputs, network.outputs) != (1, 1):
        raise LineError(f"the network goes from R^{network.inputs} to R^{network.outputs}: give one from R to R")
    return max(abs(piece.slopes[0]) for piece in pieces(network))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Composition, with the literal meaning; repaired, with "at most"."""

    def is_one(constant: Fraction) -> bool:
        return constant <= 1 if variant.repaired else constant == 1

    def examine(data: Any) -> Examination:
        inner, outer = from_json(data["inner"]), from_json(data["outer"])
        hypotheses = {"inner": is_one(smallest(inner)), "outer": is_one(smallest(outer))}
        return Examination(hypotheses, is_one(smallest(outer.compose(inner))))

    word = "at most" if variant.repaired else "exactly"
    text = f"networks from R to R whose smallest constants are {word} 1 compose to one with smallest constant {word} 1"
    a, s = var("a"), var("s")
    slopes = {"slopes": equals(a * a, 1)}
    return [
        Universal("composition", text, examine, lambda: [OPPOSED], parameters=word),
        Forall("minimal: an affine map before or behind keeps every slope's size", slopes, equals((a * s) ** 2, s**2),
               witness={"a": Fraction(1), "s": Fraction(1)}),
    ]  # fmt: skip


def data(inner: Sequence[Any], outer: Sequence[Any]) -> dict[str, Any]:
    """Two networks from R to R."""
    return {"inner": to_json(Network(1, tuple(inner))), "outer": to_json(Network(1, tuple(outer)))}


MINUS = Affine([[-1]], [0])
OPPOSED = data([ReLU()], [MINUS, ReLU()])


def use(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """d(f, f') <= s d(x, x') and s <= K give d(f, f') <= K d(x, x'); and the smallest constant s of a K-Lipschitz f is
    <= K.
    """
    change, distance, s, K = map(var, ("change", "distance", "s", "K"))
    given: dict[str, Formula] = {"metric": distance >= 0, "smallest": change <= s * distance}
    if variant.keeps("at most"):
        given["at most"] = s <= variant.value("factor", 1) * K
    positive = {**given, "constant": K >= 0}
    return [Forall("a bound on the smallest constant bounds distances", positive, change <= K * distance)]


CLAIMS = (
    Claim(
        id=f"{ROW}.exactly_k",
        source=f"{ICML}, with section 2.2",
        printed=f"{PRINTED} [2.2:] As 1-Lipschitz functions are closed under composition, [...]",
        statement="The functions from R to R whose smallest Lipschitz constant equals 1 are closed under composition.",
        short="'K-Lipschitz' as defined, with constant exactly K, is not closed under composition; 'at most K' is",
        reading="K-Lipschitz as defined: the smallest constant is K, not at most K",
        variant_of="anil2019.composition",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=obligations,
        scope="functions on R",
        covers_all=True,
        argument="proof.md#the-name",
        counterexamples={"composition": OPPOSED},
        minimality="one unit each: if one of the two maps is affine, of slope 1 or -1, every slope of the other keeps "
        "its size",
        near_misses=(
            NearMiss("composition", data([ReLU()], [ReLU()]), "ReLU after ReLU is ReLU, of constant 1"),
            NearMiss("composition", data([Abs()], [MINUS, Abs()]), "| -|x| | has constant 1"),
        ),
        repairs={"at most one": Variant(repaired=True)},
        repaired_by=f"{ROW}.at_most_k",
        snippet="def f(x): return max(x, 0)\ndef g(x): return max(-x, 0)\nvalues = {g(f(x)) for x in range(-5, 6)}\n"
        "print('g after f takes the values', values)\nassert f(1) - f(0) == g(-1) - g(0) == 1 and values == {0}",
        notes="The literal meaning also excludes constant functions from C_L(X, R) of Definition 1 and makes it no "
        "lattice: min(max(x, 0), max(-x, 0)) = 0.",
    ),
    Claim(
        id=f"{ROW}.at_most_k",
        source=ICML,
        printed=PRINTED,
        statement="If the smallest Lipschitz constant of f is at most K, then d_Y(f(x1), f(x2)) <= K d_X(x1, x2) for "
        "all x1, x2; so 'K-Lipschitz' in the paper's use, distances grow at most K times, says that the smallest "
        "constant is at most K.",
        reading="repaired: is at most K, for 'is K'",
        variant_of=f"{ROW}.exactly_k",
        expected=Verdict.PROVED,
        obligations=use,
        scope="all metric spaces with two points or more, all K >= 0",
        covers_all=True,
        hypotheses={"at most": "the smallest constant is at most K"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of K")},
        depends_on=(ROW, "anil2019.composition"),
        argument="proof.md#the-name",
        notes="The converse is the meaning of 'smallest'. Closure under composition is anil2019.composition.",
    ),
)
