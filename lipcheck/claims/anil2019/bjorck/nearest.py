"""Section 4.2.1: "Given a matrix, this algorithm finds the closest orthonormal matrix".

Not every matrix: A = [2] goes to [-1] in one first-order iteration and stays there, the orthonormal matrix that is
farthest; A = [0] stays 0. With ||I - A'A|| < 1 the limit is the polar factor, which is the nearest one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck import _matrices, _steps, convergence
from lipcheck.claims.anil2019.bjorck._matrices import given, near
from lipcheck.claims.anil2019.bjorck._steps import ICML, ROW
from lipcheck.exact import Matrix, matrix
from lipcheck.norms.bjorck import product
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals, implies
from lipcheck.words.obligation import Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "Given a matrix, this algorithm finds the closest orthonormal matrix through an iterative application"
SOURCE = f"{ICML}, section 4.2.1; ICLR submission, the same"
TWO, ZERO = given([[2]], order=1), given([[0]], order=1)


def limit(variant: Variant) -> Universal:
    """A_k tends to the nearest orthonormal matrix; repaired: if ||A'A - I|| < 1."""

    def meets(weight: Matrix) -> Mapping[str, bool]:
        return {"near": near(weight, Fraction(1))} if variant.repaired else {}

    condition = ", if ||A'A - I||_2 < 1" if variant.repaired else ""
    text = f"A_k tends to the nearest orthonormal matrix{condition}"
    return _matrices.converges("limit", text, meets, [TWO, ZERO], variant.dropped, [variant.repaired])


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The statement for every matrix."""
    return [limit(variant), smaller()]


def smaller() -> Exhaustive:
    """Of the integers below 2 in size only 0 misses its limit, with the orders 1 to 4."""
    text = "[1] and [-1] stay, as they should; [0] stays 0, which is not orthonormal"
    elements = [[n, order] for n in (-1, 0, 1) for order in (1, 2, 3, 4)]

    def holds(data: Any) -> bool:
        value, order = data
        return bool(_matrices.surely_misses(matrix([[value]]), order) == (value == 0))

    return Exhaustive("minimal: integers below 2", text, lambda: elements, holds)


def one_direction(variant: Variant) -> Forall:
    """s g <= s for an entry g <= 1 of a matrix with orthonormal columns, strictly for g < 1: s > 0."""
    s, g = var("s"), var("g")
    hypotheses: dict[str, Formula] = {}
    if variant.keeps("near"):
        hypotheses["near"] = conj(s * s < 2, s > 0)
    if variant.keeps("orthonormal"):
        hypotheses["orthonormal"] = g <= 1
    return Forall("one direction", hypotheses, conj(s * g <= s, implies(g < 1, s * g < s)))


def one_more_direction() -> Forall:
    """tr(S G) = sum of s_i g_ii stays at most the sum of the s_i with one more direction."""
    T, S, t, s = map(var, ("T", "S", "t", "s"))
    return Forall("one more direction", {"others": T <= S, "one": t <= s}, T + t <= S + s)


def one_more_entry() -> Forall:
    """||A - Z||^2 = ||A||^2 - 2 <A, Z> + ||Z||^2 with one more entry."""
    d, a, i, z, x, y = map(var, ("d", "a", "i", "z", "x", "y"))
    return Forall(
        "one more entry",
        {"others": equals(d, a - 2 * i + z)},
        equals(d + (x - y) ** 2, a + x * x - 2 * (i + x * y) + z + y * y),
    )


def rotations() -> list[Matrix]:
    """Rational orthogonal 2 x 2 matrices: rotations, and reflections."""
    found = []
    for n in range(-3, 4):
        t = Fraction(n, 2)
        c, s = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
        found += [matrix([[c, -s], [s, c]]), matrix([[c, s], [s, -c]]), matrix([[-c, s], [-s, -c]])]
    return found


def nearest_among(index: Any) -> bool:
    """For A = Z H, with the index-th rational rotation Z and H = [[1, 1/4], [1/4, 3/4]]: no listed one is nearer."""
    candidates = rotations()
    z = candidates[index]
    a = product(z, matrix([[1, "1/4"], ["1/4", "3/4"]]))

    def distance(b: Matrix) -> Fraction:
        return sum(((x - y) ** 2 for r, t in zip(a, b, strict=True) for x, y in zip(r, t, strict=True)), Fraction(0))

    return all(distance(z) < distance(b) for b in candidates if b != z)


def repaired(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Convergence to the polar factor, which no other orthonormal matrix is as near as."""
    text = "the polar factor is nearer in the Frobenius norm than all other rotations and reflections of a list"
    return [
        convergence.matrices(variant),
        *_steps.general(budget, _steps.defect_sum(), _steps.positive_factor()),
        one_direction(variant),
        one_more_direction(),
        one_more_entry(),
        Exhaustive("samples: 21 matrices", text, lambda: list(range(len(rotations()))), nearest_among),
    ]


SNIPPET = """\
from fractions import Fraction as F
def step(a, p):                      # one iteration of order p for a 1 x 1 matrix
    return a * sum(c * (1 - a * a) ** j for j, c in enumerate([F(1), F(1, 2)][: p + 1]))
A = [F(2)]
for _ in range(3):
    A.append(step(A[-1], 1))
print(*A)                            # the orthonormal 1 x 1 matrices are 1 and -1, and 1 is closer to 2
assert A[1] == A[2] == -1 and abs(A[0] - 1) < abs(A[0] - A[1])
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.nearest",
        short="not from every matrix: [2] goes to [-1], and 0 stays 0; from ||A'A - I|| < 1, in the limit, it does",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "For every matrix A and every order p >= 1, the iterates tend to the orthonormal matrix closest to A."
        ),
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=printed,
        scope="all real matrices, all orders",
        covers_all=True,
        reading="in the limit of infinitely many iterations",
        repairs={"||A'A - I|| < 1": Variant(repaired=True)},
        counterexamples={"limit": TWO},
        near_misses=(
            NearMiss("limit", given([["3/2"]], order=1), "[3/2] is nearer to the edge, and tends to 1 with p = 1"),
            NearMiss("limit", given([["7/5"], [0]], order=2), "a tall matrix inside the condition"),
            NearMiss("limit", given([["1/2", 0]], order=1), "a wide matrix: its rows become orthonormal"),
        ),
        minimality=(
            "one row, one column, and 2 is the least natural number but 0 that fails ([0] stays 0 for every order)"
        ),
        snippet=SNIPPET,
        repaired_by=f"{ROW}.nearest_full_rank",
        argument="proof.md#the-closest-orthonormal-matrix",
        notes=(
            "Section 4.2.1 states no condition; ICML points to that of appendix B.3, with which the sentence is true. "
            "After finitely many iterations the result is not orthonormal at all: see anil2019.bjorck.stiefel."
        ),
    ),
    Claim(
        id=f"{ROW}.nearest_full_rank",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: ||A'A - I||_2 < 1, in the limit",
        statement=(
            "If ||A'A - I||_2 < 1, then for every p >= 1 the iterates tend to the one matrix with orthonormal columns "
            "that is nearest to A in the Frobenius norm; none is nearer in any unitarily invariant norm."
        ),
        expected=Verdict.PROVED,
        obligations=repaired,
        scope="all orders p >= 1, all real matrices that meet the condition",
        covers_all=True,
        hypotheses={
            "near": "||A'A - I||_2 < 1",
            "orthonormal": "the matrices that it is compared with have orthonormal columns",
        },
        textbook=(
            *convergence.CONVERGENCE,
            Textbook("singular value decomposition", "Horn, Johnson, Matrix Analysis, 2nd edition, theorem 2.6.3"),
            Textbook(
                "the polar factor is a nearest orthonormal matrix in every unitarily invariant norm",
                "Fan, Hoffman 1955; Higham, Functions of Matrices, theorem 8.4",
            ),
        ),
        depends_on=(f"{ROW}.convergence",),
        argument="proof.md#the-closest-orthonormal-matrix",
        notes=(
            "In the spectral norm the nearest one need not be unique: for diag(1/4, 1, 1) all diag(1, R), R near I, "
            "tie."
        ),
    ),
)
