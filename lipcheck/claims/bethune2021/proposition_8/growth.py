"""The printed end of the proof of Lemma 1: the degree of the growth function bounds the VC dimension. It does not.

Two constant classifiers have growth function 2, a polynomial of degree 0, and VC dimension 1. The constant of O(N^d)
matters: a shattered set of N points has 2^N <= c N^d, so N = O(d log d + log c).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb
from typing import Any

from lipcheck.claims.bethune2021.proposition_8._common import LEMMA_PROOF, ROW
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


class ClassError(LipcheckError, ValueError):
    """Data that are no finite class of classifiers with a bound on its growth."""


def examine(data: Data, repaired: bool) -> Examination:
    """A finite class on a finite set (one row per classifier), and constants with growth(N) <= factor N^degree.

    For N beyond the size of the set, as for repeated points, the growth is at most the number of classifiers; it is
    bounded too if it is at the size of the set.
    """
    match data:
        case {"classifiers": list(rows), "factor": int(factor), "degree": int(degree), **rest} if not rest and rows:
            pass
        case _:
            raise ClassError("A class has exactly the entries classifiers, factor and degree.")
    size = len(rows[0])
    if any(len(row) != size or set(row) - {1, -1} for row in rows) or size < 1 or degree < 0:
        raise ClassError("Classifiers are rows of equal length with entries 1 and -1.")
    growth = {
        k: max(len({tuple(row[i] for i in chosen) for row in rows}) for chosen in combinations(range(size), k))
        for k in range(1, size + 1)
    }
    vc = max((k for k, count in growth.items() if count == 2**k), default=0)
    hypotheses = {"polynomial growth": all(count <= factor * k**degree for k, count in growth.items())}
    return Examination(hypotheses, 2**vc <= factor * max(vc, 1) ** degree if repaired else vc <= degree)


def conclude(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """VC <= degree; the repair: 2^VC <= factor VC^degree. Arbitrarily large VC dimensions have degree 0."""
    examples = [CONSTANTS, everything(2), everything(3)]

    def constant_growth(k: int) -> bool:
        return examine(everything(k), False).violates()

    return [
        Universal("degree and dimension", "the VC dimension is at most the degree of a bound on the growth",
                  lambda data: examine(data, variant.repaired), lambda: examples, parameters=variant.repaired),
        Exhaustive("all labellings of up to 6 points", "growth of degree 0, VC dimension above 0",
                   lambda: range(1, 7), constant_growth),
    ]  # fmt: skip


def everything(k: int) -> Mapping[str, Any]:
    """All 2^k classifiers on k points: growth at most 2^k N^0."""
    rows = [[1 if (code >> i) & 1 else -1 for i in range(k)] for code in range(2**k)]
    return {"classifiers": rows, "factor": 2**k, "degree": 0}


def halfspaces(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """S(N, d) = sum over i <= d of C(N, i) <= (N + 1)^d by Pascal's rule; and thresholds on the line, one by
    one."""
    exponent = variant.value("exponent beyond n", 1)
    M, a, b, s, t = map(var, ("M", "a", "b", "s", "t"))
    pascal: dict[str, Formula] = {"so far": conj(s <= M * a, t <= a), "powers": conj(a >= 0, b >= a, M >= 0)}

    def bounded(element: list[int]) -> bool:
        n, points = element
        exact = 2 * sum(comb(points - 1, i) for i in range(n + 1))
        sauer = sum(comb(points, i) for i in range(n + 2))
        return exact <= sauer <= (points + 1) ** (n + exponent)

    def on_the_line(points: int) -> bool:
        found = {
            tuple(s * (1 if 2 * x > 2 * t - 1 else -1) for x in range(points))
            for t in range(points + 1)
            for s in (1, -1)
        }
        return len(found) == 2 * points

    return [
        Forall("one more point, Pascal's rule", pascal, s + t <= (M + 1) * b),
        Exhaustive("numbers of dichotomies", "Cover's number <= Sauer's sum <= (N + 1)^(n + 1)",
                   lambda: [[n, N] for n in range(1, 5) for N in range(1, 13)], bounded, str(exponent)),
        Exhaustive("thresholds on the line", "2 N dichotomies of N points", lambda: range(1, 9), on_the_line),
    ]  # fmt: skip


CONSTANTS = {"classifiers": [[1], [-1]], "factor": 2, "degree": 0}
SNIPPET = """\
H = [lambda x: 1, lambda x: -1]                      # two constant classifiers
growth = {N: len({tuple(h(x) for x in range(N)) for h in H}) for N in range(1, 50)}
assert set(growth.values()) == {2}                   # a polynomial of degree 0
vc = max(N for N in growth if growth[N] == 2 ** N)
print("degree 0, VC dimension", vc)
assert vc == 1 > 0
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.hyperplanes",
        source=LEMMA_PROOF,
        printed="According to Sauer's lemma, there is O(N^{n+1}) ways to place the first hyperplane characterizing "
        "the first halfspace.",
        statement="N points of R^n have at most sum over i <= n + 1 of C(N, i) <= (N + 1)^(n + 1) dichotomies by "
        "half-spaces, for all n and N.",
        expected=Verdict.PROVED,
        obligations=halfspaces,
        scope="all n and N",
        covers_all=True,
        mutants={"(N + 1)^n": Variant(constants={"exponent beyond n": Fraction(0)})},
        textbook=(
            Textbook(
                "half-spaces of R^n have VC dimension n + 1", "Radon's theorem; Shalev-Shwartz, Ben-David, theorem 9.3"
            ),
            Textbook("Sauer's lemma: at most sum over i <= d of C(N, i) dichotomies", "Sauer (1972), Shelah (1972)"),
            Textbook("points in general position have 2 sum over i <= n of C(N - 1, i)", "Cover (1965)"),
        ),
        argument="proof.md#lemma-1-with-a-logarithm",
        notes="Not tight: O(N^n) is true, and attained in general position.",
    ),
    Claim(
        id=f"{ROW}.lemma_1_proof",
        short="growth 2 = O(N^0), VC dimension 1: the degree is no bound; the step loses a logarithm",
        source=LEMMA_PROOF,
        printed="According to Sauer's lemma [47] if it grows polynomially with the number of points, then the "
        "degree of the polynomial is an upper bound on the VC dimension. [...] Consequently, we have G(N) = "
        "[...] = O((N^{n+1})^{B^2}). Sauer's lemma allows us to conclude: VC_dim(H) = O((n+1)B^2)",
        statement="If the growth function of a class is O(N^d), then its VC dimension is at most d, and so O(d).",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=conclude,
        scope="all classes of classifiers",
        covers_all=True,
        repairs={"2^VC <= c VC^d": Variant(repaired=True)},
        counterexamples={"degree and dimension": CONSTANTS},
        near_misses=(
            NearMiss("degree and dimension", {**CONSTANTS, "degree": 1}, "degree 1 is a bound here"),
            NearMiss("degree and dimension", {**CONSTANTS, "factor": 1}, "the growth is 2, not 1"),
            NearMiss("degree and dimension", {"classifiers": [[1]], "factor": 1, "degree": 0}, "VC dimension 0"),
        ),
        minimality="two classifiers; a class of one has VC dimension 0",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.lemma_1_log",
        argument="proof.md#degree-and-dimension",
        notes="Sauer's lemma is the converse: VC dimension d gives growth O(N^d). All labellings of k points have "
        "degree 0 and VC dimension k, so VC = O(degree) fails too. What the printed count gives is VC = O(D log D) "
        "with D = (n + 1) B^2. Whether Lemma 1 itself is true is another matter: see .lemma_1.",
    ),
)
