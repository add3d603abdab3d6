"""The printed proof of Theorem 1 (ICLR submission, appendix C): equation 13, and the step after it.

The step replaces phi(z) by z where the slope of phi is one almost everywhere. It loses the constant: phi(t) = t + 1 is
1-Lipschitz and increasing, has slope one, and is not the identity. The theorem survives with the constant kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.anil2019.theorem_1.common import ICLR, ROW
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import const, total, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

SECTION = f"{ICLR}, appendix C, proof of Theorem 1"


def step(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """W phi(z) = W z for one unit whose activation has slope one between 0 and z; p = phi(z), p0 = phi(0)."""
    w, z, p, p0 = var("w"), var("z"), var("p"), var("p0")
    hypotheses: dict[str, Formula] = {"slope one": equals(p - p0, z)}
    if variant.repaired:
        hypotheses["no constant"] = equals(p0, 0)
    return [Forall("the step after equation 13", hypotheses, equals(w * p, w * z), size=1)]


def squared(size: int) -> Forall:
    """S - T = sum (1 - d_i^2) w_i^2 for this many units, with S = ||W||^2 and T = ||W D||^2."""
    S, T, w, d = var("S"), var("T"), variables("w", size), variables("d", size)
    hypotheses: dict[str, Formula] = {
        "row": equals(S, total(a * a for a in w)),
        "product": equals(T, total((a * s) ** 2 for a, s in zip(w, d, strict=True))),
    }
    right = total((1 - s * s) * a * a for a, s in zip(w, d, strict=True))
    return Forall(f"squared norms, {size} units", hypotheses, equals(S - T, right), size=size)


def one_more(variant: Variant) -> Forall:
    """The identity for the squared norms S, T and the sum R of other units passes to one more unit."""
    S, T, R, w, d = var("S"), var("T"), var("R"), var("w"), var("d")
    step = equals((S + w * w) - (T + (w * d) ** 2), R + (1 - d * d) * w * w)
    return Forall("squared norms, one more unit", {"others": equals(S - T, R)}, step)


def both(variant: Variant) -> Forall:
    """With both norms one, the difference of the norms, that of their squares and the sum R are all zero."""
    norm, kept, R = var("norm"), var("kept"), var("R")
    hypotheses: dict[str, Formula] = {"squares": equals(norm * norm - kept * kept, R)}
    if variant.keeps("row"):
        hypotheses["row"] = equals(norm, 1)
    if variant.keeps("gradient"):
        hypotheses["gradient"] = equals(kept, 1)
    conclusion = conj(equals(norm - kept, R), equals(norm * norm - kept * kept, 0))
    return Forall("both norms are one", hypotheses, conclusion, witness={"norm": ONE, "kept": ONE, "R": ONE - ONE})


ONE = const(1).value({})


def equation_13(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The identity with squares for all units, and without squares where both norms are one."""
    sizes = (1, 2) if budget is Budget.SMOKE else (1, 2, 3, 4)
    return [both(variant), one_more(variant), *map(squared, sizes)]


CLAIMS = (
    Claim(
        id=f"{ROW}.proof",
        short="slope one does not give φ(z) = z: φ(t) = t + 1; the constant joins the bias",
        source=SECTION,
        printed=(
            "Therefore, we must have either ∂φ/∂z_[i] = 1 almost everywhere, or W_{L,i} = 0. Thus we can write, "
            "z_L = Σ W_{L,i} φ(z_{L−1})_i + b_L = [...] = Σ_{i: W_{L,i} ≠ 0} W_{L,i} z_{L−1,i} + b_L"
        ),
        statement="If an activation has slope one on the range of z, then W φ(z) + b = W z + b, that is, W φ(z) = W z.",
        expected=Verdict.REFUTED,
        grade=Grade.PROOF,
        obligations=step,
        scope="1-Lipschitz increasing activations",
        covers_all=True,
        repairs={"φ(0) = 0": Variant(repaired=True)},
        counterexamples={
            "the step after equation 13": {"w": "1", "z": "0", "p": "1", "p0": "1"},
        },
        near_misses=(
            NearMiss("the step after equation 13", {"w": "1", "z": "2", "p": "2", "p0": "0"}, "no constant"),
            NearMiss("the step after equation 13", {"w": "1", "z": "2", "p": "4", "p0": "0"}, "slope two"),
        ),
        minimality="one input, one hidden unit: without a hidden unit the step does not occur",
        snippet=(
            "from fractions import Fraction\n"
            "def phi(t): return t + 1  # 1-Lipschitz and increasing, slope one everywhere\n"
            "W, b, x = Fraction(1), Fraction(0), Fraction(0)\n"
            "print(W * phi(x) + b, W * x + b)\n"
            "assert W * phi(x) + b != W * x + b"
        ),
        repaired_by=ROW,
        argument="proof.md#printed-proof",
        notes="The conclusion is safe: with φ(t) = t + c the constant W c joins the bias, and the layers collapse.",
    ),
    Claim(
        id=f"{ROW}.equation_13",
        source=f"{SECTION}, equation 13",
        printed="||W_L||_2 − ||W_L ∂φ(z_{L−1})/∂z_{L−1}||_2 = Σ_{i=1}^m (1 − (∂φ/∂z_[i])[^2]) (W_{L,i})^2 = 0",
        statement=(
            "With row w and slopes d: ||w||^2 − ||w D||^2 = Σ (1 − d_i^2) w_i^2 always; where both norms are one, as "
            "the proof has shown, the same holds without squares on the left, and all are zero."
        ),
        reading="with and without squares on the left (the scan leaves both open); on the right the slopes are squared",
        expected=Verdict.PROVED,
        obligations=equation_13,
        scope="all reals, any number of units; m stands for the number of units of layer L − 1",
        covers_all=True,
        hypotheses={"row": "||W_L||_2 = 1", "gradient": "||W_L D||_2 = 1"},
        textbook=(Textbook("induction over the units", "Peano's axioms"),),
        argument="proof.md#equation-13",
        notes="Without squares and without the two facts it fails: the norms 2 and 1 differ by 1, their squares by 3.",
    ),
)
