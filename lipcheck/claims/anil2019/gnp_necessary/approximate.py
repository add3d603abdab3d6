"""Section 3: "To approximate such functions, the gradient norm must be preserved by each layer".

Taken at its word this fails for one linear layer: 0.99 x is within 0.01 of x on [-1, 1]. What is true: near a function
of slope one along a segment, the mean loss over all layers together is at most twice the distance over the length. So
layers preserve the gradient's norm up to small losses. That the activations are norm preserving is another sentence
(`expressive`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.gnp_necessary.common import ICML, ONE, ROW, lipschitz, norms_at_most, squares
from lipcheck.claims.anil2019.relu_cannot_approximate.common import Look, beyond_one, look, plain
from lipcheck.network import LeakyReLU
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Forall, Obligation, Universal
from lipcheck.words.terms import Term, var
from lipcheck.words.verdict import Budget, Grade, Verdict

half, percent = Fraction(1, 2), Fraction(1, 100)
NEAR_X = "networks within 1/100 of x"


def distance_from_x(seen: Look) -> Fraction:
    """The largest |f(t) - t| on the interval: at an end of a piece."""
    r = seen.radius
    ends = {e for p in seen.parts() for e in (p.low, p.high) if e is not None and abs(e) < r} | {-r, r}
    return max(abs(seen.at(t) - t) for t in ends)


def losses(seen: Look) -> list[tuple[Fraction, Fraction]]:
    """Per affine piece on the interval: its length and the squared norm of the gradient there."""
    r = seen.radius
    found = []
    for part in seen.parts():
        low, high = (-r if part.low is None else max(part.low, -r)), (r if part.high is None else min(part.high, r))
        found.append((high - low, squares(seen.network, ((low + high) / 2,))[-1]))
    return found


def preserved(seen: Look) -> bool:
    """Whether every layer preserves the gradient's norm on every piece."""
    r = seen.radius
    inside = (((-r if p.low is None else max(p.low, -r)) + (r if p.high is None else min(p.high, r))) / 2
              for p in seen.parts())  # fmt: skip
    return all(square == 1 for t in inside for square in squares(seen.network, (t,)))


def near_x(data: Data, variant: Variant) -> Examination:
    """A network within 1/100 of x: does each layer preserve, or in the repair nearly preserve, the norm?"""
    seen = look(data)
    hypotheses = {
        "norm": norms_at_most(seen.network, ONE),
        "1-Lipschitz": lipschitz(seen.network),
        "near": seen.radius == 1 and distance_from_x(seen) <= percent,
    }
    return Examination(hypotheses, mean_loss(seen) <= percent if variant.repaired else preserved(seen))


def mean_loss(seen: Look) -> Fraction:
    """The mean of 1 - |f'| over the interval, slopes being what is left of the gradient."""
    lengths = [length for length, _ in losses(seen)]
    slopes = [abs(part.slopes[0]) for part in seen.parts()]
    return sum((n * (1 - s) for n, s in zip(lengths, slopes, strict=True)), Fraction(0)) / sum(lengths)


SCALED = plain([[1 - percent]])


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The sentence at its word, for the function x."""
    return [Universal(NEAR_X, "a network within 1/100 of x on [-1, 1] preserves the gradient's norm in each layer",
                      lambda data: near_x(data, variant), lambda: [SCALED],
                      parameters=variant.repaired)]  # fmt: skip


def examine_loss(data: Data, variant: Variant) -> Examination:
    """The mean loss of a network on [-r, r] against its distance from x, as for the segment of length 2 r."""
    seen = look(data)
    hypotheses = {"norm": norms_at_most(seen.network, variant.value("norm", 1)), "1-Lipschitz": lipschitz(seen.network)}
    allowed = variant.value("factor", 2) * distance_from_x(seen) / (2 * seen.radius)
    # Every layer's loss is part of 1 - |f'|, unless some layer makes the gradient longer.
    longest = max(square for p in seen.parts() for square in squares(seen.network, (middle(seen, p.low, p.high),)))
    return Examination(hypotheses, longest <= 1 and mean_loss(seen) <= allowed)


def middle(seen: Look, low: Fraction | None, high: Fraction | None) -> Fraction:
    """A point inside a piece and the interval."""
    r = seen.radius
    return ((-r if low is None else max(low, -r)) + (r if high is None else min(high, r))) / 2


def loss_candidates(variant: Variant) -> list[Data]:
    """Norms of 2, behind 1/2, and just above one; a LeakyReLU of slope 2; 0.99 x, for which the bound is exact."""
    gain = beyond_one(variant)
    return [
        plain([[half]], [[2]]),
        plain([[half]], LeakyReLU(2), [[1]]),
        plain([[1 / gain]], [[gain]]),
        SCALED,
    ]


def loss_networks(variant: Variant) -> Universal:
    """The bound on networks from R to R."""
    return Universal("networks near x", "no layer makes the gradient longer, and the mean loss is at most 2 e / L",
                     lambda data: examine_loss(data, variant), lambda: loss_candidates(variant),
                     variant.dropped)  # fmt: skip


def from_distance(variant: Variant) -> Forall:
    """The end values are within e of a and a + L; the change is at most L times the mean gradient norm m."""
    a, f0, f1, e, L, m = map(var, ("a", "f0", "f1", "e", "L", "m"))
    loss: Term = L - m
    hypotheses: dict[str, Formula] = {
        "near": conj(f0 <= a + e, f1 >= a + L - e),
        "mean": f1 - f0 <= m,
    }
    return Forall("the mean gradient", hypotheses, loss <= variant.value("factor", 2) * e)


def layers(variant: Variant) -> Forall:
    """Losses add up: what is lost so far is at most 1 minus the norm; one more layer from v to u."""
    lost, v, u = map(var, ("lost", "v", "u"))
    hypotheses: dict[str, Formula] = {"so far": lost <= 1 - v}
    if variant.keeps("norm") and variant.keeps("1-Lipschitz"):
        hypotheses["this layer"] = u <= v
    return Forall("losses add up", hypotheses, conj(lost + (v - u) <= 1 - u, v - u >= 0))


def loss(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """From the distance to the mean gradient, and from that to the layers."""
    return [loss_networks(variant), from_distance(variant), layers(variant)]


SCALED_SNIPPET = """\
from fractions import Fraction as F
w = F(99, 100)  # one linear layer with weight w
grid = [F(k, 10) for k in range(-10, 11)]
print("distance from x:", max(abs(w * x - x) for x in grid), "gradient norm before and behind the layer:", w, 1)
assert all(abs(w * x - x) <= F(1, 100) for x in grid) and w < 1
"""
HYPOTHESES = {"norm": "every weight has ||W||_2 <= 1", "1-Lipschitz": "every activation is 1-Lipschitz in the 2-norm"}
APPROXIMATE = (
    "To approximate such functions, the gradient norm must be preserved by each layer in the network during "
    "backpropagation."
)

CLAIMS = (
    Claim(
        id=f"{ROW}.approximate",
        short="0.99 x is within 1/100 of x and loses norm; all layers together lose at most 2 e / L in the mean",
        source=f"{ICML}, section 3",
        printed=APPROXIMATE,
        statement=(
            "A network with all ||W||_2 <= 1 and 1-Lipschitz activations that is within 1/100 of x on [-1, 1] "
            "preserves the norm of its gradient in each layer, almost everywhere."
        ),
        reading="preserved exactly, in a network that approximates",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="networks from R to R",
        covers_all=True,
        counterexamples={NEAR_X: SCALED},
        minimality="one input, one linear layer: no network is smaller",
        near_misses=(
            NearMiss(NEAR_X, plain([[1]]), "x itself preserves the norm"),
            NearMiss(NEAR_X, plain([[Fraction(98, 100)]]), "0.98 x is 1/50 away"),
        ),
        repairs={"up to a mean loss of 1/100": Variant(repaired=True)},
        snippet=SCALED_SNIPPET,
        repaired_by=f"{ROW}.approximate_loss",
        argument="proof.md#to-approximate",
        notes="A careful author means: up to losses that tend to 0 with the error. That is `approximate_loss`.",
    ),
    Claim(
        id=f"{ROW}.approximate_loss",
        source=f"{ICML}, section 3",
        printed=APPROXIMATE,
        statement=(
            "Let f be a network with all ||W||_2 <= 1 and 1-Lipschitz activations, F a function with F(y) - F(x) = "
            "||y - x||_2 = L, |f - F| <= e at x and y, and f differentiable almost everywhere on the segment between "
            "them (as it is on almost all parallel ones). Then the mean over the segment from x to y of 1 - "
            "||grad f||_2, which is at least what all layers together lose of the gradient's norm, is at most 2 e / L."
        ),
        reading="repaired: preserved up to a total loss that the distance bounds",
        variant_of=f"{ROW}.approximate",
        expected=Verdict.PROVED,
        obligations=loss,
        scope="all networks, also with sorts; every depth and width",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={
            "norm": Constant(ONE, Fraction(101, 100), words="the bound on the weights"),
            "factor": Constant(Fraction(2), Fraction(198, 100), words="the factor at e / L"),
        },
        textbook=(
            Textbook("a Lipschitz function is the integral of its derivative", "Rudin, Real and Complex, 7.20"),
            Textbook("Fubini's theorem, for gradients on almost every segment", "Rudin, Real and Complex, 8.8"),
            Textbook("Cauchy-Schwarz inequality", "Rudin, Principles, 1.35"),
            Textbook("induction over layers", "Peano's axioms"),
        ),
        argument="proof.md#to-approximate",
        notes="Sharp: (1 - e) x on [-1, 1]. Losses at single points can be 1, for the distance says nothing of them.",
    ),
)
