"""Section 4, after Proposition 5: the variance falls, and unconstrained networks have no such property."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.proposition_5.minimum import ROW
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Verdict

SOURCE = "Béthune et al. 2021, arXiv 2104.05097v2, section 4, the paragraph after Proposition 5"
u, v, k = map(var, ("u", "v", "k"))


def split(variant: Variant) -> Forall:
    """The mean square of a - b is at most e + B q, if (a - b)^2 <= e outside an event of probability q, else <= B.

    One more outcome of probability w, inside or outside the event: `inside` is its part of q.
    """
    total, q, w, square, e, B, inside = map(var, ("total", "q", "w", "square", "e", "B", "inside"))
    mass = var("mass")
    given: dict[str, Formula] = {
        "so far": total <= e * mass + B * q,
        "outcome": conj(w >= 0, inside >= 0, inside <= w, e >= 0),
        "near or bounded": w * square <= e * (w - inside) + B * inside,
    }
    given = kept(variant, given, ["near or bounded"])
    return Forall("one more outcome", given, total + w * square <= e * (mass + w) + B * (q + inside))


def zero_function(variant: Variant) -> Forall:
    """The infimum lies in [0, ln 2]: f = 0 has u = 1 and exp(loss) = 1 + u = 2."""
    bound = variant.value("exp_of_bound", 2)
    return Forall("the zero function", {"u": equals(u, 1)}, conj(1 + u <= bound, 1 + u >= 1))


def variance(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The least training loss lies in [0, ln 2], and its variance is split at a small deviation."""
    return [zero_function(variant), split(variant)]


def hinge() -> Forall:
    """relu(x - s) is zero up to the knot s, and d at the next point s + d."""
    x, s, d = map(var, ("x", "s", "d"))
    values = conj(equals(positive_part(x - s), 0), equals(positive_part(d), d))
    return Forall("the unit of a knot", {"knots": conj(x <= s, d > 0)}, values)


def knot() -> Forall:
    """One more knot: f + c r keeps f where the unit r is zero, and takes any value where r = d > 0: c = (v - f)/d."""
    f_old, old, f_next, value, c, d = map(var, ("f_old", "old", "f_next", "value", "c", "d"))
    given: dict[str, Formula] = {"unit": equals(old, 0), "slope": equals(c * d, value - f_next)}
    return Forall("one more knot", given, conj(equals(f_old + c * old, f_old), equals(f_next + c * d, value)))


def coin(variant: Variant) -> Forall:
    """Labels that are a fair coin: (ln(1 + u) + ln(1 + 1/u)) / 2 >= ln 2, with v = 1/u."""
    given: dict[str, Formula] = {"inverse": equals(u * v, 1), "positive": conj(u > 0, v > 0)}
    given = kept(variant, given, ["inverse"])
    return Forall("a fair coin costs ln 2", given, (1 + u) * (1 + v) >= variant.value("exp_of_twice_the_loss", 4))


def unconstrained(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Interpolation of every label, and the loss that no function avoids."""
    return [hinge(), knot(), coin(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.variance",
        source=SOURCE,
        printed="With Proposition 5 we also know that the variance can be made as small as we want by increasing the "
        "size of the training set.",
        reading="the variance of the least training loss over the random training set",
        statement="For every law on R^n, L >= 0 and T > 0 the variance of inf over Lip_L of E_p tends to 0 as p tends "
        "to infinity.",
        expected=Verdict.PROVED,
        obligations=variance,
        scope="all laws, all L and T",
        covers_all=True,
        hypotheses={"near or bounded": "the least training loss is near its limit, or at most ln 2 away from it"},
        constants={
            "exp_of_bound": Constant(Fraction(2), Fraction(199, 100), words="exp of the greatest infimum possible")
        },
        textbook=(Textbook("almost sure convergence implies convergence in probability", "Kallenberg, lemma 4.2"),),
        depends_on=(f"{ROW}.infimum",),
        argument="proof.md#the-variance",
        notes="Nothing is said of the variance of a minimizer, or of its error.",
    ),
    Claim(
        id=f"{ROW}.unconstrained",
        source=SOURCE,
        printed="While this statement seems rather trivial, we emphasize that is not a property shared by "
        "unconstrained neural networks: increasing the size of the training set does not give any formal guarantee to "
        "generalization capabilities.",
        reading="for networks of one hidden ReLU layer and any width; the property is the convergence (5)",
        statement="There is a law on [0, 1] x Y (x uniform, y an independent fair coin) for which, almost surely for "
        "every p, the infimum of E_p over ReLU networks with one hidden layer is 0, while that of E_infinity is ln 2.",
        expected=Verdict.PROVED,
        obligations=unconstrained,
        scope="one hidden layer, any width; deeper networks contain these functions",
        covers_all=True,
        hypotheses={"inverse": "the two labels have equal probability"},
        constants={
            "exp_of_twice_the_loss": Constant(Fraction(4), Fraction(404, 100), words="exp of twice the least loss")
        },
        textbook=(
            Textbook("p points with a continuous law are distinct almost surely", "Kallenberg, chapter 3"),
            Textbook("induction over the points", "Peano"),
        ),
        argument="proof.md#unconstrained-networks",
        notes="The width grows with p. The sentence is not judged for one fixed architecture, whose number of "
        "parameters is bounded. The sequence of Lipschitz constants that it needs is unbounded: see proposition_3.",
    ),
)
