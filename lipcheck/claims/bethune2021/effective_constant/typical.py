"""Section 2.2: "spectral normalization results in neural networks with effective Lipschitz constant far smaller than
1", read of typical weights: independent Gaussian ones, each divided by its spectral norm.

A pair of layers V_2 phi V_1 keeps the length of no move, almost surely. phi multiplies the entries of a move by
numbers in [-1, 1]. If the length is kept, V_1 has to send the move to its leading left singular vector u, V_2 has to
receive its leading right singular vector v, and phi must not shrink any entry between them: u_i^2 = v_i^2 for all i.
But u and v are independent and uniform on the sphere. So the constant k of a pair is below 1 almost surely, its mean
rho is below 1, and by independence the mean constant of d layers is at most rho^floor(d/2).
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.anil2019.spectral_normalization.common import SVD
from lipcheck.claims.bethune2021.effective_constant.every import PRINTED, ROW
from lipcheck.claims.bethune2021.feedforward_lipschitz.networks import INDUCTION
from lipcheck.claims.bethune2021.feedforward_lipschitz.networks import ROW as NETWORKS
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.spectral_and_frobenius.spectral import SOURCE
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict


def leading(variant: Variant) -> Forall:
    """If V keeps the length of e, e is a leading singular vector.

    `first` is the square of its part along the leading one, `rest` that of the others; t < 1 is the second squared
    singular value, `moved` = |V e|^2.
    """
    first, rest, t, moved = map(var, ("first", "rest", "t", "moved"))
    given: dict[str, Formula] = {
        "values": conj(first >= 0, rest >= 0, t >= 0, t <= 1, moved <= first + t * rest),
        "kept": moved >= first + rest,
        "distinct": t < 1,
    }
    return Forall("a weight that keeps a length", kept(variant, given, ["distinct"]), equals(rest, 0), hint=Hint(2))


def pair(variant: Variant) -> Forall:
    """V_2 phi V_1 shortens a move of length one: squares, of one entry and of all others, before and after phi.

    U and W are the squares of that entry of u and v.
    """
    x, X, y, Y, U, W, moved = map(var, ("x", "X", "y", "Y", "U", "W", "moved"))
    given: dict[str, Formula] = {
        "V_1": conj(x + X <= 1, disj(x + X < 1, equals(x, U))),
        "slopes": conj(y <= x, Y <= X),
        "V_2": conj(moved <= y + Y, disj(moved < y + Y, y + Y < 1, equals(y, W))),
        "not aligned": disj(U < W, W < U),
    }
    return Forall("a pair of layers", kept(variant, given, ["slopes", "not aligned"]), moved < 1)


def another_pair() -> Forall:
    """Mean constants: C for the pairs so far, `after` for one more; by independence the mean of k C is rho C."""
    C, rho, after, bound = map(var, ("C", "rho", "after", "bound"))
    given: dict[str, Formula] = {"so far": conj(bound >= C, rho >= 0), "one more": after <= rho * C}
    return Forall("one more pair", given, after <= rho * bound)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Lengths that one weight keeps, a pair of layers, and all pairs."""
    return [leading(variant), pair(variant), another_pair()]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="of typical weights: independent Gaussian ones, each divided by its spectral norm; far smaller than 1 "
        "is exponentially small in the depth",
        statement="For n >= 2 there is rho < 1 such that for d layers of width n with independent standard normal "
        "weights, each divided by its spectral norm, any fixed biases and any 1-Lipschitz activations on the units, "
        "the network has E Lip(f) <= rho^floor(d/2). As d grows Lip(f) tends to 0 almost surely, and with it, "
        "at all inputs at once, the Jacobian of f and the gradient in the input of every loss with bounded gradients.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="square layers of width two or more, any 1-Lipschitz activations on the units",
        covers_all=True,
        hypotheses={
            "distinct": "the singular values of a weight are distinct, almost surely so",
            "slopes": "the activations are 1-Lipschitz",
            "not aligned": "u_i^2 differs from v_i^2 for some i, for n >= 2 almost surely",
        },
        textbook=(
            SVD,
            INDUCTION,
            Textbook("W O and O W have the law of W for orthogonal O; the singular values are almost surely distinct",
                     "Muirhead, Aspects of Multivariate Statistical Theory, theorems 1.2.6 and 3.2.18"),
            Textbook("the uniform law on the sphere of R^n, n >= 2, is the one that orthogonal matrices keep; one "
                     "coordinate has no atoms", "Muirhead, Aspects of Multivariate Statistical Theory, section 1.5"),
            Textbook("the mean of a product of independent variables; if means of nonnegative variables have a finite "
                     "sum, these tend to 0 almost surely", "Kallenberg, Foundations of Modern Probability, chapter 3"),
        ),
        argument="proof.md#typical-networks",
        depends_on=(f"{NETWORKS}.product_bound", f"{ROW}.vanishing"),
        notes="The sentence names no quantifier. That every such network has a small constant is false: .every; any "
        "value in [0, 1] occurs: .can_be. In floating-point samples the mean of the bound of a pair is about 0.86 at "
        "widths 2, 4 and 8. The rate at one input: .initialization. Trained weights are not independent, and how small "
        "their constants are is a matter of experiment.",
    ),
)  # fmt: skip
