"""ICLR appendix B.3: "can be shown to always converge as long as the condition ||W'W - I||_2 < 1 is satisfied".

True for every order p, with the rate ||I - A_k'A_k|| <= ||I - A'A||^((p+1)^k). The defect of a singular value s, q =
1 - s^2, goes to G_p(q) = 1 - (1 - q) P_p(q)^2. Its derivative is (2p + 1) c_p q^p P_p(q), so G_p is q^(p+1) times a
polynomial with nonnegative coefficients; these add up to G_p(1) = 1, and |G_p(q)| <= |q|^(p+1) follows for |q| <= 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.bjorck import _matrices, _steps
from lipcheck.claims.anil2019.bjorck._matrices import given, near
from lipcheck.claims.anil2019.bjorck._steps import ICLR, ROW, image_term, s
from lipcheck.exact import Matrix
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Hint, Obligation, Universal
from lipcheck.words.verdict import Budget, Verdict

SOURCE = f"{ICLR}, appendix B.3"
PRINTED = (
    "The Bjorck orthonormalization can be shown to always converge as long as the condition ||W^T W - I||_2 < 1 is "
    "satisfied (Hasenclever et al.)."
)
CONVERGENCE = (
    Textbook(
        "spectral theorem: polynomials of a symmetric matrix act on its eigenvectors",
        "Horn, Johnson, Matrix Analysis, 2nd edition, theorem 4.1.5",
    ),
    Textbook("fundamental theorem of calculus", "Rudin, Principles of Mathematical Analysis, 6.21"),
)
ZERO = given([[0]], order=1)


def matrices(variant: Variant) -> Universal:
    """No matrix with ||W'W - I|| < radius certainly misses its limit."""
    radius = variant.value("radius", 1)

    def meets(weight: Matrix) -> Mapping[str, bool]:
        return {"near": near(weight, radius)}

    text = f"||W'W - I||_2 < {radius} implies that A_k tends to an orthonormal matrix"
    return _matrices.converges("matrices", text, meets, [ZERO], variant.dropped, [str(radius)])


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps for all orders, the orders 1 to 12 themselves, and exact matrices."""
    steps = _steps.general(budget, _steps.defect_sum(), _steps.positive_factor())
    return [*steps, _steps.orders(), matrices(variant)]


def first_order(variant: Variant) -> Forall:
    """0 < s and s^2 < 3: then 0 < B_1(s) <= 1, for 1 - B_1(s) = (1 - s)^2 (s + 2)/2."""
    value = image_term(s, 1)
    hypotheses: dict[str, Formula] = {"below": s * s < variant.value("first", 3), "square": (1 - s) ** 2 >= 0}
    if variant.keeps("full_rank"):
        hypotheses["full_rank"] = s > 0
    return Forall("order 1", hypotheses, conj(value > 0, value <= 1))


def second_order(variant: Variant) -> Forall:
    """1 < s and s^2 < 7/3: then 1 < B_2(s) < s; s - B_2(s) = s (s^2 - 1) (7 - 3 s^2)/8."""
    value = image_term(s, 2)
    hypotheses: dict[str, Formula] = {"above": s > 1, "below": s * s < variant.value("second", Fraction(7, 3))}
    return Forall("order 2", hypotheses, conj(value > 1, value < s), hint=Hint(5))


def radius(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The first step from the larger region, and what happens on its edge."""
    edge = image_term(s, 1)
    return [
        first_order(variant),
        second_order(variant),
        Forall("sharp for order 1", {"edge": s * s >= 3, "s": s > 0}, edge <= 0),
        Forall("sharp for order 2", {"edge": s * s >= Fraction(7, 3), "s": s > 0}, image_term(s, 2) >= s, hint=Hint(3)),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.convergence",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "For every p >= 1 and every real W with ||W'W - I||_2 < 1, the iterates A_k tend to the polar factor of W, "
            "an orthonormal matrix, and ||I - A_k'A_k||_2 <= ||I - W'W||_2^((p+1)^k)."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all orders p >= 1, all shapes (the condition excludes m < n), all numbers of iterations",
        covers_all=True,
        hypotheses={"near": "||W'W - I||_2 < 1"},
        constants={"radius": Constant(Fraction(1), Fraction(101, 100), words="the bound in the condition")},
        textbook=CONVERGENCE,
        argument="proof.md#convergence",
        notes=(
            "Sharp for every p, since W = 0 has ||W'W - I|| = 1 and stays 0. Among matrices of full column rank it is "
            "sharp over all p together: order p converges from singular values below a bound that tends to sqrt 2 from "
            "above."
        ),
    ),
    Claim(
        id=f"{ROW}.radius",
        source=SOURCE,
        printed=PRINTED,
        reading="sharpened for the orders 1 and 2 and full column rank",
        statement=(
            "If W has full column rank, A_k tends to the polar factor for p = 1 as soon as ||W||_2^2 < 3, and for p = "
            "2 as soon as ||W||_2^2 < 7/3; with 3 and 7/3 attained it need not, and for W = [sqrt 3], [sqrt(7/3)] it "
            "does not."
        ),
        variant_of=f"{ROW}.convergence",
        expected=Verdict.PROVED,
        obligations=radius,
        scope="p = 1 and p = 2; all real matrices of full column rank",
        covers_all=True,
        hypotheses={"full_rank": "all singular values are positive"},
        constants={
            "first": Constant(Fraction(3), Fraction(303, 100), words="the bound on ||W||^2 for p = 1"),
            "second": Constant(Fraction(7, 3), Fraction(707, 300), words="the bound on ||W||^2 for p = 2"),
        },
        textbook=CONVERGENCE,
        depends_on=(f"{ROW}.convergence",),
        argument="proof.md#radius",
    ),
)
