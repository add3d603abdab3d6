"""ReLU networks under the 2-norm do approximate |x|: section 1 and section 7.1.1 as printed fail.

Plain reading: some error is out of reach for all ReLU networks with norm-constrained weights, whatever their depth. For
||W||_inf <= 1 this is true (`infinity`). For ||W||_2 <= 1 the distance from |x| on [-1, 1] is below 11/50
at 2 hidden layers, 1/10 at 7, 1/20 at 17, and tends to 0 (`depth`). Theorem 1 excludes exact equality alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.relu_folding import layers_for, relu_absolute_value
from lipcheck.claims.anil2019.relu_cannot_approximate import forms
from lipcheck.claims.anil2019.relu_cannot_approximate.common import ICLR, ICML, INTRODUCTION, ROW, look, on, plain
from lipcheck.network import Affine, MaxMin, Maxout, Network, ReLU
from lipcheck.words.claim import Claim, NearMiss, Variant
from lipcheck.words.obligation import Data, Examination, Exhaustive, Obligation, Universal
from lipcheck.words.rationals import spell
from lipcheck.words.verdict import Budget, Grade, Verdict

half = Fraction(1, 2)
NEAR, NEARER = Fraction(11, 50), Fraction(1, 10)


def within(error: Fraction) -> Data:
    """The ReLU network of least depth within this distance of |x| on [-1, 1]."""
    return on(relu_absolute_value(1 - 2 * error))


def maxout(data: Data) -> Data:
    """The same function by Maxout(2): each unit is compared with one whose row and bias are zero."""
    seen = look(data)
    layers: list[Affine | Maxout] = []
    for layer in seen.network.layers:
        if not isinstance(layer, Affine):
            layers.append(Maxout(2))
        elif layer is seen.network.layers[-1]:
            layers.append(layer)
        else:
            zero = (Fraction(0),) * len(layer.weight[0])
            rows = [row for own in layer.weight for row in (own, zero)]
            layers.append(Affine(rows, [b for own in layer.bias for b in (own, 0)]))
    return on(Network(1, tuple(layers)), seen.radius)


def examine(data: Data, error: Fraction, p: str, kinds: tuple[type, ...]) -> Examination:
    """Whether a network has these activations and norms at most one, and whether it is farther away than the error."""
    seen = look(data)
    hypotheses = {
        "norm": seen.norms_at_most(Fraction(1), p),
        "activations": all(isinstance(layer, (Affine, *kinds)) for layer in seen.network.layers),
        "interval": seen.radius == 1,
    }
    return Examination(hypotheses, seen.distance() > error)


def unreachable(error: Fraction, variant: Variant, kinds: tuple[type, ...]) -> Universal:
    """No network comes within the error; the repair asks for the infinity norm."""
    p = "inf" if variant.repaired else "2"
    text = f"no network with ||W||_{p} <= 1 is within {error} of |x| on [-1, 1]"
    found = [within(error)] if kinds == (ReLU,) else [within(error), maxout(within(error))]
    return Universal(named(error), text, lambda data: examine(data, error, p, kinds), lambda: found,
                     parameters=[spell(error), p, [kind.__name__ for kind in kinds]])  # fmt: skip


def named(error: Fraction) -> str:
    """The obligation's name."""
    return f"no network is within {error}"


def fewest(error: Fraction) -> Exhaustive:
    """With fewer hidden layers the distance is larger: the chains of forms prove it."""
    depth = layers_for(1 - 2 * error)

    def too_far(hidden: int) -> bool:
        square = (1 - 2 * error) ** 2
        return hidden == 0 or any(forms.proves(hidden, square * (1 - Fraction(1, k))) for k in (10, 100, 1000))

    return Exhaustive(f"minimal: {depth} hidden layers for {error}", "fewer hidden layers stay farther away than this",
                      lambda: range(depth), too_far, parameters=spell(error), size=depth)  # fmt: skip


def obligations(variant: Variant, budget: Budget, kinds: tuple[type, ...]) -> Sequence[Obligation]:
    """Some errors; `depth` has them all."""
    errors = (NEAR,) if budget is Budget.SMOKE else (NEAR, NEARER)
    return [*(unreachable(e, variant, kinds) for e in errors), *map(fewest, errors)]


SNIPPET = """\
from fractions import Fraction as F
c, s = F(255, 257), F(32, 257)
assert c * c + s * s == 1  # so each of the 26 weights has 2-norm one
relu = lambda t: max(t, 0)
def f(x):  # 25 hidden layers of width 2; the biases 2 and -2 keep the first unit where ReLU is linear
    a, b = F(x), F(0)
    for _ in range(25):
        a, b = relu(c * a + s * b + 2) - 2, relu(c * b - s * a)
    return a
print("slopes", float(f(-1)), float(f(1)), "both above 4/5, so f + 1/10 is within 1/10 of |x| on [-1, 1]")
assert f(0) == 0 and min(f(-1), f(1)) >= F(4, 5) and all(f(F(x, 7)) == f(x > 0 or -1) * abs(F(x, 7)) for x in (-6, 5))
"""
SHALLOW = plain([[half], [half], [-half], [-half]], ReLU(), [[half] * 4], bias=Fraction(1, 4))
FOLD = plain([[half], [-half], [half], [-half]], MaxMin(), [[half, -half, half, -half]])
MINIMALITY = "2 hidden layers are the fewest for 11/50, 7 for 1/10: proved by the chains of quadratic forms"
SHARED: dict[str, Any] = {
    "covers_all": True,
    "counterexamples": {named(NEAR): within(NEAR), named(NEARER): within(NEARER)},
    "depends_on": (f"{ROW}.depth",),
    "near_misses": (
        NearMiss(named(NEAR), SHALLOW, "|x| / 2 + 1/4, the best with one hidden layer, is 1/4 away"),
        NearMiss(named(NEAR), FOLD, "|x| itself, by MaxMin: no activation of the claim"),
    ),
    "minimality": MINIMALITY,
    "snippet": SNIPPET,
    "repairs": {"infinity norm": Variant(repaired=True)},
}

CLAIMS = (
    Claim(
        id=ROW,
        short="with ||W||_2 <= 1 they do, by depth, on bounded intervals; with ||W||_inf <= 1 none is closer than 1/4",
        source=f"{ICML}, section 1; {ICLR}, section 1",
        printed="[the operator norm (such as the matrix spectral norm) of each layer's weights (...)] E.g., "
        + INTRODUCTION,
        statement=(
            "There is an error e > 0 such that no ReLU network from R to R with all ||W||_2 <= 1, of any width and "
            "depth, is within e of |x| on [-1, 1]."
        ),
        reading="approximation on a bounded interval; the spectral norm, which the sentence before it names",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=lambda variant, budget: obligations(variant, budget, (ReLU,)),
        scope="the errors 11/50 and 1/10; every e > 0 by `depth`",
        repaired_by=f"{ROW}.infinity",
        argument="proof.md#norm-constrained-relu-networks",
        notes=(
            "True for the infinity norm, which Huster et al. treat; true for exact equality (Theorem 1); true at "
            "every fixed depth (`depth`); true of uniform approximation on the whole line (`whole_line`); true of "
            "networks without biases (`without_biases`), while the paper's have biases (section 2.1)."
        ),
        **SHARED,
    ),
    Claim(
        id=f"{ROW}.non_gnp",
        short="ReLU and maxout come within every error on [-1, 1] by depth; with h hidden layers ReLU in (1 - k_h)/2",
        source=f"{ICML}, section 7.1.1; {ICLR}, section 7.1.1",
        printed=(
            "Figure 4 shows the functions learned by Lipschitz networks built with various activations, trained to "
            "approximate absolute value. Non-GNP (non-gradient norm preserving) activations are incapable of "
            "approximating this trivial Lipschitz function."
        ),
        statement=(
            "For every activation that the paper calls non-GNP, ReLU and maxout among them, there is an error e > 0 "
            "such that no network with all ||W||_2 <= 1, of any width and depth, is within e of |x| on [-1, 1]."
        ),
        reading="a statement on what such networks can compute, at any depth; 2-norm, as in the experiment",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=lambda variant, budget: obligations(variant, budget, (ReLU, Maxout)),
        scope="ReLU and Maxout(2); the errors 11/50 and 1/10; every e > 0 by `depth`",
        repaired_by=f"{ROW}.depth",
        argument="proof.md#non-gnp-activations",
        notes=(
            "At the 3 hidden layers of the experiment it is true of ReLU: the distance is at least 1/6. It is true of "
            "tanh and sigmoid at every depth (`smooth`). The next sentence of the paper says that depth helps."
        ),
        **SHARED,
    ),
)
