"""Table 1, FullSort: one hidden layer comes as near to 1 as one likes; of 2n units, nearer than 0.995 at n = 128.

With W = [I; -I] / sqrt 2 a FullSort layer sorts |x|, and v . sort |x| is nearly |x| when v is near the mean of
sort |u|: the order statistics of many numbers hardly vary. A polynomial of degree 4 in the rank is enough for v. For a
fixed n, more and more rows in all directions make sort(Wx) the same vector for all x on the sphere, and v that vector.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations, product
from math import comb, prod

from lipcheck.build.cone_networks import ball, enclosure, legendre_ranks, sorted_limit
from lipcheck.claims.anil2019.table_1._table import DIMENSIONS, ICLR, ICML, ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Obligation, Positive
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

NEAR_ONE = Fraction(199, 200)
DEGREE = 4


def orthogonal() -> Exhaustive:
    """The polynomials w_r of the ranks 1 to n: w_r . w_q = 0, and |w_r|^2 = n / (2r + 1) prod (n + j) / (n - j)."""

    def holds(case: Data) -> bool:
        n, r, q = case
        inner = sum((a * b for a, b in zip(legendre_ranks(n, r), legendre_ranks(n, q), strict=True)), Fraction(0))
        square = Fraction(n, 2 * r + 1) * prod((Fraction(n + j, n - j) for j in range(1, r + 1)), start=Fraction(1))
        return inner == (square if r == q else 0)

    cases = [[n, r, q] for n in DIMENSIONS for r in range(DEGREE + 1) for q in range(r + 1)]
    return Exhaustive("orthogonal ranks", "w_r . w_q for the ranks 1 to n", lambda: cases, holds, cases)


def means() -> Exhaustive:
    """sum_k w_r(k) C(n-1, k-1) p^(k-1) (1-p)^(n-k) = P_r(p): degree below n, compared at n + 1 points."""

    def holds(case: Data) -> bool:
        n, r = case
        for p in (Fraction(i, n) for i in range(n + 1)):
            chances = [comb(n - 1, k) * p**k * (1 - p) ** (n - 1 - k) for k in range(n)]
            mean = sum((w * c for w, c in zip(legendre_ranks(n, r), chances, strict=True)), Fraction(0))
            if mean != sum((-1) ** (r - j) * comb(r, j) * comb(r + j, j) * p**j for j in range(r + 1)):
                return False
        return True

    cases = [[n, r] for n in (1, 2, 3, 5, 8) for r in range(min(n, DEGREE + 1))]
    return Exhaustive("mean of a rank polynomial", "the binomial mean of w_r is P_r", lambda: cases, holds, cases)


def value(n: int, variant: Variant) -> Positive:
    """The value of the network for this n, exactly, against the printed 1.00 less its rounding."""
    least, degree = variant.value("value", NEAR_ONE), int(variant.value("degree", DEGREE))

    def enclose(bits: int) -> tuple[Fraction, Fraction]:
        return enclosure(bits, lambda: sorted_limit(n, degree) - ball(least))

    text = f"the best v of degree {degree} in the rank reaches {least} for n = {n}"
    return Positive(f"n = {n}", text, enclose, size=n)


def shallow(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The identities behind the value, and the value in the dimensions of the table."""
    if budget is Budget.SMOKE:
        return [value(DIMENSIONS[0], variant)]
    return [orthogonal(), means(), *(value(n, variant) for n in DIMENSIONS)]


def one_more_entry() -> Forall:
    """2 P = A + B - D for inner product, squares and squared difference passes to one more entry."""
    A, B, P, D, a, b = map(var, ("A", "B", "P", "D", "a", "b"))
    others: dict[str, Formula] = {"others": equals(2 * P, A + B - D)}
    return Forall("one more entry", others, equals(2 * (P + a * b), (A + a * a) + (B + b * b) - (D + (a - b) ** 2)))


def near(variant: Variant) -> Forall:
    """Two unit vectors whose squared distance is at most e have an inner product of at least 1 - e/2."""
    A, B, P, D, e = map(var, ("A", "B", "P", "D", "e"))
    given: dict[str, Formula] = {"identity": equals(2 * P, A + B - D), "near": e >= D}
    if variant.keeps("tight"):
        given["tight"] = equals(A, 1)
        given["unit"] = equals(B, 1)
    return Forall("sorted vectors that are near", given, 1 - e / 2 <= P)


def frames(variant: Variant) -> Exhaustive:
    """The images of a vector under signed permutations: the sum of s s' is a multiple of the identity."""
    signed = variant.keeps("signs")

    def images(s: list[int]) -> Iterator[tuple[int, ...]]:
        for order in permutations(s):
            for signs in product((1, -1), repeat=len(s)) if signed else [(1,) * len(s)]:
                yield tuple(c * x for c, x in zip(signs, order, strict=True))

    def holds(s: Data) -> bool:
        rows, n = list(images(s)), len(s)
        gram = [[sum(r[i] * r[j] for r in rows) for j in range(n)] for i in range(n)]
        return gram == [[gram[0][0] * (i == j) for j in range(n)] for i in range(n)]

    vectors = [[1], [3, 4], [1, 2, 2], [1, 2, 4, 10]]
    return Exhaustive(
        "tight frames", "orbits under signed permutations are tight frames", lambda: vectors, holds, [vectors, signed]
    )


def wide(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """What a wide layer needs: tight frames, and unit vectors that are near each other."""
    return [frames(variant), one_more_entry(), near(variant)]


PRINTED = "Surprisingly, shallow FullSort networks can easily approximate high dimensional circular cones."

CLAIMS = (
    Claim(
        id=f"{ROW}.fullsort",
        source=f"{ICML}; Table 1, the row FullSort; {ICLR}: 'even with only two hidden layers'",
        printed=PRINTED,
        statement="For n = 128, 256, 512 a network of one hidden FullSort layer of 2n units, all ||W||_2 <= 1 and zero "
        "biases, has |E f(u) - f(0)| > 0.995, so that the printed 1.00 is what one hidden layer can reach.",
        expected=Verdict.PROVED,
        obligations=shallow,
        scope="n = 128, 256, 512; real weights",
        covers_all=True,
        constants={
            "value": Constant(NEAR_ONE, mutated=Fraction(998, 1000), words="1.00 less half a unit of its last digit"),
            "degree": Constant(Fraction(DEGREE), words="degree of v in the rank"),
        },
        mutants={"v of degree two in the rank": Variant(constants={"degree": Fraction(2)})},
        textbook=(
            Textbook("L-moments and their unbiased estimates", "Hosking, J. R. Stat. Soc. B 52 (1990), sections 2-3"),
            Textbook("density of an order statistic", "David and Nagaraja, Order Statistics, section 2.1"),
        ),
        argument="proof.md#fullsort-with-one-hidden-layer",
        notes="A further hidden layer leaves sorted numbers alone, so this holds for every greater depth. Sorting x "
        "itself (n units) has less: about 0.991 for n = 128, since both ends of the sorted vector vary.",
    ),
    Claim(
        id=f"{ROW}.fullsort_limit",
        source=ICML,
        printed=PRINTED,
        reading="the exact limit with one hidden layer of any width",
        statement="For every n the supremum of |E f(u) - f(0)| over networks of one hidden FullSort layer, of any "
        "width, with ||W||_2 <= 1 and |v|_2 <= 1, is 1; and for every epsilon > 0 one of them has (1 - epsilon)|x| <= "
        "f(x) <= |x| for all x.",
        expected=Verdict.PROVED,
        obligations=wide,
        scope="all n; widths grow with 1/epsilon",
        covers_all=True,
        hypotheses={
            "tight": "W'W = I, so that sort(Wx) has the norm of x",
            "signs": "the rows of W are orbits under permutations and changes of signs",
        },
        textbook=(
            Textbook("the orbit of a vector under an irreducible group of isometries is a tight frame", "Vale and "
                     "Waldron, Tight frames and their symmetries, Constr. Approx. 21 (2005)"),
            Textbook("empirical measures converge weakly almost surely", "Varadarajan; Dudley, Real Analysis and "
                     "Probability, theorem 11.4.1"),
            Textbook("weak convergence with second moments gives convergence of sorted vectors, in the Wasserstein "
                     "distance", "Villani, Topics in Optimal Transportation, theorems 2.18 and 7.12"),
        ),
        argument="proof.md#fullsort-with-one-wide-layer",
        notes="MaxMin with one hidden layer stays below sqrt n E |u_1|, at most 0.9004 for n >= 2, at every width.",
    ),
)  # fmt: skip
