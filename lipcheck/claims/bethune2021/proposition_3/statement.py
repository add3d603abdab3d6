"""Proposition 3: if the mean loss of f_t on a training set with two classes tends to 0, Lip(f_t) tends to infinity.

For margins a, b of two points and u = e^(-a/2), v = e^(-b/2): (1 + u^2)(1 + v^2) - (1 + uv)^2 = (u - v)^2. So the two
losses sum to at least 2 log(1 + e^(-(a+b)/2)), and for opposite labels a + b is a difference of logits, at most L d.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import EXP, INDUCTION, PAPER
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.proposition_3"
PRINTED = (
    "Let f_t be a sequence of neural networks, that minimizes the BCE over a non trivial (with more than one class) "
    "training set of size p, i.e: lim_{t→∞} (1/p) Σ_{i=1}^p L(f_t(x_i), y_i) = 0 (3). Let L_t the Lipschitz constant "
    "of f_t. Then lim_{t→∞} L_t = +∞."
)
HYPOTHESES = {
    "two_classes": "the training set has two points with opposite labels",
    "vanishing_loss": "the mean loss tends to 0: it is eventually below (2/p) log(1 + exp(-K d/2)), for every K",
}


def pair(variant: Variant) -> list[Forall]:
    """Two points, all other points, and a difference of logits."""
    u, v, P, B, z, d, L = map(var, ("u", "v", "P", "B", "z", "d", "L"))
    y1, y2, f1, f2 = map(var, ("y1", "y2", "f1", "f2"))
    signs = conj(*(disj(equals(y, 1), equals(y, -1)) for y in (y1, y2)))
    opposite: dict[str, Formula] = {"labels": signs, "lipschitz": f1 - f2 <= L * d}
    if variant.keeps("two_classes"):
        opposite["two_classes"] = conj(equals(y1, 1), equals(y2, -1))
    factor = variant.value("factor", 1)
    return [
        Forall("two losses", {"exponentials": conj(u > 0, v > 0)},
               (1 + u * u) * (1 + v * v) >= factor * (1 + u * v) ** 2),
        Forall("one more point", {"so far": conj(P >= B, B >= 0), "its loss": z > 0}, P * (1 + z) >= B),
        Forall("margins of opposite labels", opposite, y1 * f1 + y2 * f2 <= L * d),
    ]  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """P = exp(p times the mean loss), s = e^(-(a+b)/2), w = e^(-Kd/2), G = f(x_i) - f(x_j)."""
    P, s, w, G, K, L, d = map(var, ("P", "s", "w", "G", "K", "L", "d"))
    low: dict[str, Formula] = {"exponentials": conj(s > 0, w > 0), "two losses": (1 + s) ** 2 <= P}
    if variant.keeps("vanishing_loss"):
        low["vanishing_loss"] = (1 + w) ** 2 > P
    steep: dict[str, Formula] = {"difference": K * d < G, "lipschitz": L * d >= G, "distance": d >= 0}
    return [
        *pair(variant),
        Forall("a low loss separates the logits", low, s < w),
        Forall("separated logits make a steep function", steep, L > K),
    ]


def rate(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Q = exp(p e/2) for the mean loss e, and s = e^(-L d/2)."""
    Q, s, t = map(var, ("Q", "s", "t"))
    known: dict[str, Formula] = {"exponentials": conj(Q > 0, s > 0, t > 0), "two losses": (1 + t) ** 2 <= Q * Q}
    if variant.keeps("lipschitz"):
        known["lipschitz"] = t >= s
    return [
        *pair(variant),
        Forall("the bound on the slope", known, s <= Q - 1),
        attained(),
    ]


def attained() -> Forall:
    """Two points, an affine function centred between them: both margins are L d/2, u = v = e^(-L d/4)."""
    u, v = var("u"), var("v")
    given = {"exponential": u > 0, "centred": equals(u, v)}
    product = equals((1 + u * u) * (1 + v * v), (1 + u * v) ** 2)
    return Forall("attained by an affine function centred between two points", given, product)


CLAIMS = (
    Claim(
        id=ROW,
        source=f"{PAPER}, section 4, Proposition 3; proof in appendix B",
        printed=PRINTED,
        statement="For a finite training set with both labels and functions f_t on R^n whose mean loss on it tends to "
        "0, the Lipschitz constants L_t tend to infinity: a mean loss below (2/p) log(1 + exp(-K d/2)) forces L_t > K, "
        "where d is the distance of two points with opposite labels.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, p >= 2, training sets with both labels, all functions (networks or not), all K",
        covers_all=True,
        hypotheses=HYPOTHESES,
        textbook=(EXP, INDUCTION),
        argument="proof.md#the-proposition",
        notes="Where an input carries both labels, d = 0 and the hypothesis cannot hold. The mean loss of such a set "
        "is at least (2/p) log 2.",
    ),
    Claim(
        id=f"{ROW}.rate",
        source=f"{PAPER}, section 4, Proposition 3",
        printed=PRINTED,
        reading="quantitative: how fast the constants must grow",
        statement="For every L-Lipschitz f, two training points with opposite labels at distance d > 0 and mean loss e "
        "over p points, exp(p e) >= (1 + exp(-L d/2))^2, that is, L >= (2/d) log(1/(exp(p e/2) - 1)); equality for p = "
        "2 and f affine with slope L, zero halfway.",
        expected=Verdict.PROVED,
        obligations=rate,
        scope="all n, p >= 2, L, d > 0, all functions",
        covers_all=True,
        hypotheses={"two_classes": HYPOTHESES["two_classes"], "lipschitz": "f is L-Lipschitz"},
        constants={
            "factor": Constant(Fraction(1), mutated=Fraction(101, 100), words="factor of (1 + exp(-L d/2))^2"),
        },
        textbook=(EXP, INDUCTION),
        argument="proof.md#the-rate",
    ),
)
