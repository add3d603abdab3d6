"""Section 2.2: "some other layers such as Attention are not even Lipschitz [14]".

Plain reading: dot-product self-attention, f_i(x) = V sum over j of p_ij x_j, p_i the softmax over j of x_i'A x_j, is
not Lipschitz on all N tokens in R^D, for N >= 2, A != 0 and V != 0.

Choose q with A q != 0 and V q != 0 and p = A q / |A q|^2, so that p'A q = 1. Let m = N - 1 tokens be r q, the first s p
with s = 1/r. Its logits are s r = 1 and s^2 b, b = p'A p. With w = exp(1 - s^2 b) its output is
V (s p + m w r q) / (1 + m w), and V m r q / (1 + m) for s = 0. The parts along V q differ by
m r (w - 1) / ((1 + m)(1 + m w)), which grows like r, while the inputs differ by |p| / r.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.attention"
SOURCE = "Béthune et al. 2021, arXiv version with appendices, section 2.2"
PRINTED = (
    "some other layers such as Attention are not even Lipschitz [14], and cannot benefit to 1-Lipschitz neural "
    "networks in straightforward manner."
)
EXPONENTIAL = Textbook("e^u >= 1 + u", "Rudin, Principles, 8.6")
SUBSPACES = Textbook("R^D is no union of two proper subspaces", "Axler, Linear Algebra Done Right, section 1.C")
m, r, w, u, b = map(var, ("m", "r", "w", "u", "b"))


def logits() -> Forall:
    """s r = 1 and 4 b <= r^2 make u = s r - s^2 b at least 3/4: t and S stand for s^2 and r^2, so that t S = 1."""
    t, S = map(var, ("t", "S"))
    given: dict[str, Formula] = {
        "choice": conj(equals(t * S, 1), t > 0),
        "far": 4 * b <= S,
    }
    witness = {"t": Fraction(1), "S": Fraction(1), "b": Fraction(0)}
    return Forall("the difference of the logits", given, 4 * (1 - t * b) >= 3, witness=witness)


def gain() -> Forall:
    """w = e^u >= 1 + u >= 7/4 gives (w - 1) / (1 + m w) >= 3 / (4 + 7 m): the difference is (1 + m)(4 w - 7)."""
    given: dict[str, Formula] = {"logit": 4 * u >= 3, "exponential": w >= 1 + u, "tokens": m >= 0}
    return Forall("the weights move", given, (w - 1) * (4 + 7 * m) >= 3 * (1 + m * w))


def moves() -> Forall:
    """m w r / (1 + m w) - m r / (1 + m) = m r (w - 1) / ((1 + m)(1 + m w)), written without quotients."""
    return Forall("along V q", {}, equals((m * w * r) * (1 + m) - (m * r) * (1 + m * w), m * r * (w - 1)))


def steep(variant: Variant) -> Forall:
    """No K will do. c = m / ((1 + m)(4 + 7 m)) > 0 for m >= 1, and outputs move by more than (3 c r - s d) v >= K s a.

    Here v = |V q|, d v = |V p|, a = |p|, and r^2 > (d v + K a) / (3 c v): with s = 1/r, t = s^2, divided by r.
    """
    c, v, d, a, K, t = map(var, ("c", "v", "d", "a", "K", "t"))
    given: dict[str, Formula] = {
        "two tokens": c > 0,
        "V": v > 0,
        "sizes": conj(d >= 0, a >= 0, K >= 0, c >= 0, v >= 0),
        "choice": conj(t > 0, t * (d * v + K * a + 1) <= 3 * (c * v)),
    }
    if not variant.keeps("two tokens") or not variant.keeps("V"):
        given["choice"] = t > 0
    witness = dict.fromkeys(("c", "v", "t"), Fraction(1)) | dict.fromkeys(("d", "a", "K"), Fraction(0))
    return Forall("steeper than K", kept(variant, given, ["two tokens", "V"]), 3 * (c * v) - t * (d * v) > K * (t * a),
                  hint=Hint(2), witness=witness)  # fmt: skip


def tokens() -> Forall:
    """c D = m with D = (1 + m)(4 + 7 m) > 0 makes c positive for m >= 1."""
    c, D = map(var, ("c", "D"))
    given: dict[str, Formula] = {"c": conj(equals(c * D, m), D > 0), "two tokens": m >= 1}
    return Forall("two tokens are enough", given, c > 0, witness=dict.fromkeys(("m", "c", "D"), Fraction(1)))


def direction(variant: Variant) -> Forall:
    """p = A q / |A q|^2 has p'A q = 1 for A q != 0: z = 1 / |A q|^2."""
    z, size = map(var, ("z", "size"))
    given: dict[str, Formula] = {"choice": equals(z * size**2, size), "A": size > 0, "square": size >= 0}
    witness = {"z": Fraction(1), "size": Fraction(1)}
    return Forall("a direction of logit one", kept(variant, given, ["A"]), equals(z * size, 1), witness=witness)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The logits, the weights, the move of the output, and that it exceeds every constant."""
    return [logits(), gain(), moves(), tokens(), direction(variant), steep(variant)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="dot-product self-attention with softmax, on all inputs, as in [14]",
        statement="For N >= 2 tokens in R^D, every A != 0 and V != 0, the layer f_i(x) = V sum_j p_ij x_j, p_i the "
        "softmax over j of x_i'A x_j, is Lipschitz for no constant, in any norms.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all numbers of tokens from two, all dimensions, all weights other than zero",
        covers_all=True,
        hypotheses={"two tokens": "N >= 2", "V": "V q != 0", "A": "A q != 0"},
        textbook=(
            EXPONENTIAL,
            SUBSPACES,
            Textbook("all norms on a space of finite dimension are equivalent", "Horn and Johnson, Matrix Analysis, "
                     "corollary 5.4.5"),
        ),
        argument="proof.md#attention-is-not-lipschitz",
        notes="For queries W_Q x and keys W_K x, A = W_Q'W_K / sqrt(D). A scale c > 0, or residual x + f(x), changes "
        "nothing, so dividing by a number gives no 1-Lipschitz layer. For causal masks take the last token as the "
        "first.",
    ),
)  # fmt: skip
