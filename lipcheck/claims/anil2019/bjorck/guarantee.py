"""What k iterations really guarantee: singular values in [0, 1] rise toward 1 and never pass it, at a known rate.

Section 4.2.1: "we could use 2-3 iterations per forward pass and increase this to 15 or more iterations at the end of
training to ensure a tightly enforced Lipschitz constraint"; appendix B.1: "lets us ensure that the weight matrices are
close to orthonormal throughout training". After scaling, the Lipschitz constraint holds at every k, even k = 0; what
takes iterations is closeness to orthonormal, as many as the smallest singular value asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.bjorck import _steps, convergence
from lipcheck.claims.anil2019.bjorck._matrices import (
    as_order,
    below_in_gram,
    given,
    iterate,
    norm_at_most,
    read,
)
from lipcheck.claims.anil2019.bjorck._steps import ICLR, ICML, ROW, P, c, p, q, s, x
from lipcheck.norms.bjorck import image
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Hint, Obligation, Universal
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

SOURCE = f"{ICML}, section 4.2.1; ICLR submission, the same"
PRINTED = (
    "In practice, we found that we could use 2-3 iterations per forward pass and increase this to 15 or more "
    "iterations at the end of training to ensure a tightly enforced Lipschitz constraint."
)
ONE = Fraction(1)
DERIVATIVE = Textbook("mean value theorem", "Rudin, Principles of Mathematical Analysis, 5.10")


def matrices(variant: Variant) -> Universal:
    """||A|| <= bound implies ||A_k|| <= 1 and |A_k x| >= |A x| for all x."""
    bound = variant.value("bound", 1)

    def examine(data: Any) -> Examination:
        weight, numbers = read(data, "order", "iterations")
        after = iterate(weight, as_order(numbers["order"]), as_order(numbers["iterations"], 3))
        kept = norm_at_most(after, ONE) and below_in_gram(weight, after)
        return Examination({"scaled": norm_at_most(weight, bound)}, kept)

    rows: list[list[list[Any]]] = [[[bound]], [[3]], [["3/5", "1/5"], [0, "1/2"]], [["1/2", "1/2", 0]]]
    candidates = [given(row, order=n, iterations=1) for row in rows for n in (1, 2)]
    text = f"||A||_2 <= {bound} implies ||A_k||_2 <= 1 and |A_k x| >= |A x| for all x, every order and every k"
    return Universal("matrices", text, examine, lambda: candidates, variant.dropped, [str(bound)])


def at_least() -> Forall:
    """s <= B_p(s) for 0 <= s <= 1: the terms of P are not negative."""
    given_: dict[str, Formula] = {"scaled": conj(s >= 0, q >= 0), "P": P >= 1}
    return Forall("not below before", given_, s * P >= s)


def one_more_term() -> Forall:
    """P >= 1 stays so with one more term c q^j >= 0."""
    return Forall("one more term", {"P": P >= 1, "term": conj(c >= 0, x >= 0)}, P + c * x >= 1)


def at_most() -> Forall:
    """s^2 P^2 = 1 - G with G >= 0 and s, P >= 0: s P <= 1."""
    G = var("G")
    given_: dict[str, Formula] = {"G": conj(equals(s * s * P * P, 1 - G), G >= 0), "signs": conj(s >= 0, P >= 0)}
    value = var("B")
    return Forall("not above one", {**given_, "B": equals(value, s * P)}, value <= 1)


def increasing() -> Forall:
    """The derivative (2p + 1) c_p q^p is not negative for q >= 0; x stands for q^p."""
    return Forall(
        "order of singular values", {"signs": conj(c > 0, x >= 0, p >= 0)}, (2 * p + 1) * c * x >= 0, hint=Hint(3)
    )


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """All orders by induction, the orders 1 to 12 themselves, and exact matrices."""
    steps = _steps.general(budget, _steps.defect_sum(), one_more_term(), at_least(), at_most(), increasing())
    return [*steps, _steps.orders(), matrices(variant)]


def rate_step() -> Forall:
    """g_k <= e_k and g' <= (g_k)^(p+1) <= (e_k)^(p+1): one more factor g of at most e, x and y their powers."""
    g, e, y = var("g"), var("e"), var("y")
    given_: dict[str, Formula] = {"at k": conj(g >= 0, g <= e), "powers": conj(x >= 0, x <= y)}
    return Forall("powers of the defect", given_, g * x <= e * y)


def rates(variant: Variant) -> Exhaustive:
    """|1 - s_k^2| <= |1 - s^2|^((p+1)^k) on a grid; s = 1, 2, ... twentieths below sqrt 2."""
    shift = int(variant.value("exponent", 0))
    elements = [[spell(Fraction(n, 20)), order, k] for n in range(0, 29) for order in (1, 2, 3, 4) for k in (1, 2)]

    def holds(data: Any) -> bool:
        start, order, k = parse(data[0]), data[1], data[2]
        value = start
        for _ in range(k):
            value = image(value, order)
        return bool(abs(1 - value * value) <= abs(1 - start * start) ** ((order + 1 + shift) ** k))

    text = f"the defect is at most its (p + 1{f' + {shift}' if shift else ''})^k-th power"
    return Exhaustive("samples: 232 singular values", text, lambda: elements, holds, [shift])


def order_obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """|G_p(q)| <= |q|^(p+1), and its iteration."""
    steps = _steps.general(budget, _steps.defect_sum(), rate_step())
    return [*steps, _steps.orders(), rates(variant), convergence.matrices(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.guarantee",
        source=SOURCE,
        printed=PRINTED,
        reading="what is enforced after scaling so that ||A||_2 <= 1, at every number of iterations",
        statement=(
            "If ||A||_2 <= 1, then for all k >= 0 and p >= 1: ||A_k||_2 <= 1, |A_k x| >= |A x| for all x, and the "
            "singular values of A_k are B_p^k of those of A, in the same order; so the least one is "
            "B_p^k(sigma_min(A))."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all shapes, orders p >= 1 and numbers of iterations, in exact arithmetic",
        covers_all=True,
        hypotheses={"scaled": "||A||_2 <= 1"},
        constants={"bound": Constant(ONE, Fraction(101, 100), words="the bound on ||A||_2")},
        textbook=(
            *convergence.CONVERGENCE,
            DERIVATIVE,
            Textbook("singular value decomposition", "Horn, Johnson, Matrix Analysis, 2nd edition, theorem 2.6.3"),
        ),
        argument="proof.md#guarantee",
        notes=(
            "So a weight scaled by eq. 10-12 is 1-Lipschitz before the first iteration: iterations add norm, not "
            "safety."
        ),
    ),
    Claim(
        id=f"{ROW}.order_guarantee",
        source=f"{ICLR}, appendices B.1 and B.3",
        printed="lets us ensure that the weight matrices are close to orthonormal throughout training",
        reading="quantified: how close after k iterations of order p",
        statement=(
            "If ||I - A'A||_2 = e < 1, then ||I - A_k'A_k||_2 <= e^((p+1)^k) for all k and p >= 1; so every singular "
            "value satisfies sigma(A_k)^2 >= 1 - e^((p+1)^k). No larger exponent than p + 1 will do."
        ),
        expected=Verdict.PROVED,
        obligations=order_obligations,
        scope="all shapes, orders p >= 1 and numbers of iterations, in exact arithmetic",
        covers_all=True,
        hypotheses={"near": "||I - A'A||_2 < 1"},
        mutants={"exponent p + 2": Variant(constants={"exponent": ONE})},
        textbook=convergence.CONVERGENCE,
        depends_on=(f"{ROW}.convergence",),
        argument="proof.md#guarantee",
        notes="Iterations for a defect of at most d: k >= log(log d / log e) / log(p + 1), for 0 < d < 1 and e > 0.",
    ),
)
