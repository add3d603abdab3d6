"""Anil et al. 2019, section 7.2.1 (ICLR): batch normalization layers "would violate the Lipschitz constraint".

With fixed statistics a layer is y_i = γ_i (x_i - μ_i) / √(v_i + ε) + β_i: a diagonal matrix plus a bias, of p-norm max
|γ_i| / √(v_i + ε) for every p. It is 1-Lipschitz exactly if |γ_i| <= √(v_i + ε) for all i; nothing keeps the learnt γ
below that. In training, where the statistics are those of the batch, γ = 1 and ε < 1 violate it at once: batches of
the form (t, -t, 0, ...) with small t are moved apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.exact import exact
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "anil2019.other_layers"
SOURCE = "Anil et al. 2019, section 7.2.1, Training WGANs (ICLR 2019 submission)"
PRINTED = "We also dropped the batch normalization layers, as these would violate the Lipschitz constraint."
ONE = Fraction(1)


class ScaleError(LipcheckError, ValueError):
    """A variance plus ε that is not positive."""


def unit(variant: Variant) -> Forall:
    """One unit with c = γ^2 / (v + ε): c u <= u for all squared differences u of inputs, if c <= 1."""
    c, u = var("c"), var("u")
    hypotheses: dict[str, Formula] = {"square": u >= 0}
    if variant.keeps("small γ"):
        hypotheses["small γ"] = c <= variant.value("γ^2 over v + ε", 1)
    return Forall("units with a small γ do not expand", hypotheses, c * u <= u, size=1)


def violates() -> Forall:
    """γ^2 / (v + ε) = c > K^2 expands every difference by more than K: no K serves all parameters."""
    c, u, k = var("c"), var("u"), var("k")
    hypotheses: dict[str, Formula] = {"large γ": c > k**2, "difference": u > 0}
    return Forall("units with a large γ expand by more than K", hypotheses, c * u > k**2 * u, size=1)


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both directions for one unit."""
    return [unit(variant), violates()]


def examine(data: Any, bounded: bool) -> Examination:
    """One unit with parameters γ, v, ε: is it not 1-Lipschitz?"""
    gamma, scale = exact(data["gamma"]), exact(data["v"]) + exact(data["eps"])
    if scale <= 0 or exact(data["v"]) < 0:
        raise ScaleError(f"v + ε is {scale}: give a variance of at least 0 and a positive sum.")
    hypotheses = {"γ beyond the scale": gamma**2 > scale} if bounded else {}
    return Examination(hypotheses, gamma**2 > scale)


def always(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every layer of batch normalization; the repair speaks of those with a large γ."""
    found = [{"gamma": "1", "v": "1", "eps": "0"}]
    return [Universal("layers with fixed statistics", "a layer of batch normalization is not 1-Lipschitz",
                      lambda data: examine(data, variant.repaired), lambda: found, size=1)]  # fmt: skip


def training(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """γ = 1: the batch (t, -t, 0, ...) has mean 0 and variance c t^2, c = 2/N <= 1; let w = c t^2 + ε.

    Its outputs are o = t / √w, -o, 0, ...: of the batch 0, with output 0, it is further away by the factor 1 / √w.
    """
    o, w, c, u, eps = (var(name) for name in ("o", "w", "c", "u", "eps"))
    hypotheses: dict[str, Formula] = {"square": o > 0}
    if variant.keeps("small variance"):
        hypotheses["small variance"] = w < variant.value("m + ε", 1)
    small: dict[str, Formula] = {"2/N": conj(c >= 0, c <= 1), "t^2": conj(u > 0, u < 1 - eps)}
    return [
        Forall("small batches expand: t^2 = w o^2 < o^2, for the square o^2", hypotheses, w * o < o, size=2),
        Forall("c t^2 + ε < 1 for t^2 < 1 - ε", small, c * u + eps < 1, size=2),
    ]


SNIPPET = """\
from fractions import Fraction as F
gamma, v, eps, mu, beta = F(1), F(1), F(0), F(0), F(0)  # sqrt(v + eps) = 1
layer = lambda x: gamma * (x - mu) / 1 + beta
for x, y in [(F(0), F(1)), (F(-3), F(5))]:
    print(abs(layer(x) - layer(y)), "<=", abs(x - y))
    assert gamma**2 <= v + eps and abs(layer(x) - layer(y)) <= abs(x - y)
"""

CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "With fixed statistics, batch normalization is 1-Lipschitz from each p-norm to itself exactly if |γ_i| <= "
            "√(v_i + ε) for every unit; over all parameters its Lipschitz constants have no bound."
        ),
        reading="would violate: nothing in the layer keeps the constraint; evaluation with fixed statistics",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all parameters with v + ε > 0, every number of units, every p",
        covers_all=True,
        hypotheses={"small γ": "γ^2 <= v + ε"},
        constants={"γ^2 over v + ε": Constant(ONE, Fraction(101, 100), words="γ^2 over v + ε")},
        textbook=(Textbook("the p-norm of a diagonal matrix is its largest absolute entry", "Higham, section 6.2"),),
        argument="proof.md#batch-normalization",
        notes="A layer whose γ is kept below √(v + ε) is 1-Lipschitz; the sentence gives a reason to drop the layer as "
        "it is commonly used.",
    ),
    Claim(
        id=f"{ROW}.batch_norm_always",
        source=SOURCE,
        printed=PRINTED,
        statement="No layer of batch normalization with fixed statistics is 1-Lipschitz.",
        reading="every batch normalization layer violates the constraint",
        variant_of=ROW,
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=always,
        scope="one unit",
        covers_all=True,
        repairs={"a large γ": Variant(repaired=True)},
        counterexamples={"layers with fixed statistics": {"gamma": "1", "v": "1", "eps": "0"}},
        near_misses=(
            NearMiss("layers with fixed statistics", {"gamma": "1", "v": "1/2", "eps": "1/4"}, "√(3/4) is less than γ"),
            NearMiss("layers with fixed statistics", {"gamma": "1", "v": "0", "eps": "0"}, "the variance vanishes"),
        ),
        minimality="one unit, the default γ = 1",
        short="batch normalization is 1-Lipschitz where |γ| <= √(v + ε); nothing in the layer keeps γ there",
        snippet=SNIPPET,
        repaired_by=ROW,
        argument="proof.md#batch-normalization",
        notes="The text says 'would', about learnt parameters, so this reading is unkind.",
    ),
    Claim(
        id=f"{ROW}.batch_norm_training",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "In training, with γ = 1, 0 < ε < 1 and N >= 2 examples, batch normalization is not 1-Lipschitz as a map "
            "of the batch."
        ),
        reading="training, where the statistics are those of the batch, with the initial γ = 1",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=training,
        scope="every N >= 2, every ε in (0, 1), every p",
        covers_all=True,
        hypotheses={"small variance": "the batch's variance plus ε is less than 1"},
        constants={"m + ε": Constant(ONE, Fraction(101, 100), words="the bound on variance plus ε")},
        argument="proof.md#batch-normalization",
        notes="The usual ε is 10^(-5), and small batches are expanded by about 316. With ε = 0 the layer is not "
        "continuous at constant batches. In the 2-norm 1/√ε is the exact constant.",
    ),
)
