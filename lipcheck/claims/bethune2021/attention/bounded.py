"""Section 2.2, "cannot benefit to 1-Lipschitz neural networks in straightforward manner": on bounded inputs it is
Lipschitz, and a scale makes it 1-Lipschitz there.

For tokens of norm at most R, in the norm max over i of |x_i|: the constant is at most |V| (1 + 2 |A| R^2). With dl_ij
the differential of the logits, d f_i = V sum_j p_ij dx_j + sum_j p_ij (dl_ij - mean) V x_j. The last term is at most
|V| R times the standard deviation of dl_ij under p_i, at most the largest |dl_ij| <= |A| R (|dx_i| + |dx_j|).
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.bethune2021.attention.unbounded import PRINTED, ROW, SOURCE
from lipcheck.claims.bethune2021.feedforward_lipschitz.networks import CAUCHY
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

R, A, V, move = map(var, ("R", "A", "V", "move"))


def logits(variant: Variant) -> Forall:
    """|dl| <= A |dx_i| |x_j| + A |x_i| |dx_j| <= 2 A R times the largest |dx_j|."""
    dl, dx, dy, x, y = map(var, ("dl", "dx", "dy", "x", "y"))
    given: dict[str, Formula] = {
        "signs": conj(A >= 0, dx >= 0, dy >= 0, x >= 0, y >= 0, R >= 0),
        "moves": conj(dx <= move, dy <= move),
        "product rule": dl <= A * (dx * y + x * dy),
        "bounded": conj(x <= R, y <= R),
    }
    return Forall("one logit", kept(variant, given, ["bounded"]), dl <= 2 * A * R * move, hint=Hint(3))


def deviation() -> Forall:
    """The variance is at most the mean square, and that at most the square of the largest: one more weight p."""
    so_far, weight, p, square, largest = map(var, ("so_far", "weight", "p", "square", "largest"))
    given: dict[str, Formula] = {
        "so far": so_far <= weight * largest,
        "largest": conj(square <= largest, p >= 0),
    }
    return Forall("one more token", given, so_far + p * square <= (weight + p) * largest)


def variance() -> Forall:
    """The mean of (l - mean)^2 is the mean of l^2 less the square of the mean."""
    mean, second, spread = map(var, ("mean", "second", "spread"))
    return Forall("variance", {"expanded": spread <= second - 2 * mean * mean + mean * mean}, spread <= second)


def together() -> Forall:
    """|df_i| <= V move + V R spread, with spread <= 2 A R move."""
    df, spread = map(var, ("df", "spread"))
    given: dict[str, Formula] = {
        "signs": conj(V >= 0, R >= 0),
        "Cauchy-Schwarz": df <= V * move + V * R * spread,
        "spread": spread <= 2 * A * R * move,
    }
    return Forall("one output", given, df <= V * (1 + 2 * A * R * R) * move, hint=Hint(3))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Logits, their spread, and the output."""
    return [logits(variant), deviation(), variance(), together()]


CLAIMS = (
    Claim(
        id=f"{ROW}.bounded",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: on tokens of norm at most R",
        variant_of=f"{ROW}.every",
        statement="On the tokens of norm at most R every layer of dot-product self-attention is Lipschitz in the norm "
        "max |x_i|, with a constant of at most ||V|| (1 + 2 ||A|| R^2), and of at most sqrt(N) times that in the "
        "2-norm of all tokens together; so divided by it, it is 1-Lipschitz there.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all numbers of tokens, dimensions and weights; bounded tokens",
        covers_all=True,
        hypotheses={"bounded": "every token has norm at most R"},
        textbook=(
            CAUCHY,
            Textbook("mean value inequality on a convex set", "Rudin, Principles, theorem 9.19"),
            Textbook("dp_j = p_j (dl_j - sum_k p_k dl_k) for a softmax p of l", "quotient rule"),
        ),
        argument="proof.md#bounded-tokens",
        depends_on=(ROW,),
        notes="The growth with R^2 is right: for N = 2, D = 1, A = V = 1 the slope at (0, R) is 1/2 + R^2/4. 'Not "
        "straightforward' is a matter of taste; X is bounded in most of the paper's propositions.",
    ),
)
