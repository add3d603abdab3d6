"""tanh and sigmoid under the 2-norm: never within 1/450 of |x| on [-1, 1], at no width and no depth.

Plain reading: for these two of the paper's activations the sentences of sections 5 and 7.1.1 are true at every depth.

For x from 0 to 1 and from -1 to 0 let F, H be the changes of one preactivation, P = 1 - p and Q = 1 - q what is
missing from the secant slopes p, q of tanh: the means of tanh^2 over two intervals with the common end u. Such means
are comparable to those of z^2, and P H^2 <= 110 (Q H^2 + P F^2): a unit cannot lose much of H without losing a share of
F or H. So the inner product of the two vectors of changes moves in each layer by at most 110.5 times what they lose of
their squared lengths. It is 1 at the input; for |x| it would have to become -1 without any loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.relu_cannot_approximate.common import ICML, ROW
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

ZERO, ONE = Fraction(0), Fraction(1)
SHARE = Fraction(221, 2)


def means() -> list[Forall]:
    """The mean m = u^2 + u F + F^2 / 3 of z^2 between u and u + F, F of any sign, against u^2 and F^2."""
    u, F = var("u"), var("F")
    mean = u * u + u * F + F * F / 3
    return [
        Forall("means of z^2 from above", {}, mean <= 3 * u * u / 2 + 5 * F * F / 6),
        Forall("means of z^2 from below by u^2", {}, equals(3 * (4 * mean - u * u), (3 * u + 2 * F) ** 2)),
        Forall("means of z^2 from below by F^2", {}, equals(12 * mean - F * F, 3 * (2 * u + F) ** 2)),
    ]


def adjacent() -> Forall:
    """m, n the means over the two intervals; U, Y, Z stand for u^2, F^2, H^2."""
    U, Y, Z, m, n = map(var, "UYZmn")
    hypotheses: dict[str, Formula] = {
        "squares": conj(U >= 0, Y >= 0, Z >= 0),
        "above": 6 * m <= 9 * U + 5 * Y,
        "below": conj(12 * m >= Y, 4 * n >= U, 12 * n >= Z),
    }
    return Forall("adjacent means", hypotheses, m * Z <= 11 * n * Z + 5 * m * Y,
                  witness={"U": ONE, "Y": ONE, "Z": ONE, "m": ONE, "n": ONE})  # fmt: skip


def slopes(variant: Variant) -> Forall:
    """From z^2 to tanh^2: between z^2 / 10 and z^2 where |z| <= 3, at least 1/2 where |z| >= 1, at most 1."""
    Y, Z, m, n, P, Q = map(var, "YZmnPQ")
    near = conj(m * Z <= 11 * n * Z + 5 * m * Y, m >= P, m <= 10 * P, n <= 10 * Q)
    far = conj(P <= 1, 2 * Q >= 1)
    hypotheses: dict[str, Formula] = {"squares": conj(Y >= 0, Z >= 0), "losses": conj(P >= 0, Q >= 0, P <= 1, Q <= 1)}
    if variant.keeps("tanh"):
        hypotheses["tanh"] = disj(near, far)
    return Forall("a unit loses on both sides", hypotheses, P * Z <= 110 * (Q * Z + P * Y),
                  witness=dict.fromkeys(("Y", "Z", "m", "n", "P", "Q"), ONE))  # fmt: skip


def unit() -> Forall:
    """What it may change is half of (P + Q) (F^2 + H^2), what it loses is P F^2 + Q H^2 at least."""
    change, PY, PZ, QY, QZ = map(var, ("c", "PY", "PZ", "QY", "QZ"))
    hypotheses: dict[str, Formula] = {
        "products": conj(PY >= 0, QZ >= 0),
        "change": 2 * change <= PY + PZ + QY + QZ,
        "both sides": conj(PZ <= 110 * (QZ + PY), QY <= 110 * (PY + QZ)),
    }
    return Forall("what an activation changes", hypotheses, change <= SHARE * (PY + QZ))


def inner_product() -> list[Forall]:
    """Two numbers F, H and slopes p, q in [0, 1]: the change of F H is at most half of (P + Q) (F^2 + H^2)."""
    F, H, P, Q = map(var, "FHPQ")
    slopes_: dict[str, Formula] = {"slopes": conj(P >= 0, P <= 1, Q >= 0, Q <= 1)}
    loss: dict[str, Formula] = {"slope": conj(P >= 0, P <= 1)}
    kept = (1 - P) * (1 - Q)
    squares = (P + Q) * (F * F + H * H)
    return [
        Forall("the change is at most P + Q", slopes_, conj(1 - kept <= P + Q, 1 - kept >= 0)),
        Forall("a product against squares", {}, equals(squares - 2 * (P + Q) * F * H, (P + Q) * (F - H) ** 2)),
        Forall("squared lengths lose P at least", loss, 1 - (1 - P) ** 2 >= P),
    ]  # fmt: skip


def weight(variant: Variant) -> Forall:
    """I - W'W is positive semidefinite: its values a, b at two vectors bound the mixed one c."""
    a, b, c = map(var, "abc")
    hypotheses: dict[str, Formula] = {}
    if variant.keeps("norm"):
        hypotheses["norm"] = conj(a >= 0, b >= 0, a + b + 2 * c >= 0, a + b - 2 * c >= 0)
    return Forall("what a weight changes", hypotheses, absolute(c) <= SHARE * (a + b))


def one_more_layer() -> Forall:
    """The change so far is at most 110.5 times the losses so far: one more step."""
    C, L, c, lost = map(var, ("C", "L", "c", "l"))
    hypotheses: dict[str, Formula] = {"before": absolute(C) <= SHARE * L, "this step": absolute(c) <= SHARE * lost}
    return Forall("one more step", hypotheses, absolute(C + c) <= SHARE * (L + lost))


def ending() -> Forall:
    """f(1) - f(0) = g and f(0) - f(-1) = k: 1 - g k <= 110.5 (2 - g^2 - k^2) forbids an error of 1/450."""
    g, k, e = map(var, "gke")
    hypotheses: dict[str, Formula] = {
        "near": conj(g >= 1 - 2 * e, -k >= 1 - 2 * e),
        "law": 1 - g * k <= SHARE * (2 - g * g - k * k),
    }
    return Forall("the distance", hypotheses, e > Fraction(1, 450), witness={"g": ZERO, "k": ZERO, "e": ONE})


def sigmoid() -> Forall:
    """Slopes of at most 1/4 leave |f(1) - f(0)| <= 1/4."""
    g, e = map(var, "ge")
    return Forall("sigmoid", {"slope": g <= Fraction(1, 4), "near": g >= 1 - 2 * e}, e >= Fraction(3, 8))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps; none depends on the number of units or layers."""
    return [*means(), adjacent(), slopes(variant), *inner_product(), unit(), weight(variant), one_more_layer(),
            ending(), sigmoid()]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.smooth",
        source=f"{ICML}, section 7.1.1; section 5",
        printed="Non-GNP (non-gradient norm preserving) activations are incapable of approximating this trivial "
        "Lipschitz function.",
        statement=(
            "No network from R to R with all ||W||_2 <= 1 and activations tanh or sigmoid, of any width and depth, is "
            "within 1/450 of |x| on [-1, 1]."
        ),
        reading="of tanh and sigmoid, at any depth",
        variant_of=f"{ROW}.non_gnp",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all reals, every width and depth",
        covers_all=True,
        hypotheses={
            "norm": "every weight has ||W||_2 <= 1",
            "tanh": "every activation is tanh (or the identity), whose slope varies little over short ranges",
        },
        textbook=(
            Textbook("sinh^2 z >= z^2, so z^2 / (1 + z^2) <= tanh^2 z <= min(z^2, 1)", "power series of sinh"),
            Textbook("fundamental theorem of calculus: secant slopes are means of slopes", "Rudin, Principles, 6.21"),
            Textbook("sigma' = sigma (1 - sigma) <= 1/4, tanh' = 1 - tanh^2", "NIST DLMF 4.34"),
            Textbook("induction over units and over layers", "Peano's axioms"),
        ),
        argument="proof.md#tanh-and-sigmoid",
        notes="1/450 is not sharp. A sigmoid scaled to slope one is 2 tanh(z / 2) up to a constant: the same proof.",
    ),
)
