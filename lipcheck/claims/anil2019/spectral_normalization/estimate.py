"""What k power iterations guarantee: the estimate lies below the norm, increases, and is within a factor that needs no
gap between the singular values, only a start that is not orthogonal to the leading ones.

With A the squared length of u_0 along the left singular vectors of sigma = ||W||_2, T that of the rest, r_i = (s_i /
sigma)^2 and c_i the squared components: (sigma_k / sigma)^2 = (A + sum c_i r_i^(N+1)) / (A + sum c_i r_i^N), N = 2k -
1. Derivation: proofs/anil2019/spectral_normalization/proof.md, Power iteration.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.spectral_normalization import common
from lipcheck.claims.anil2019.spectral_normalization.common import CAUCHY, ICLR, ROW, SVD, IterationError
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Examination, Forall, Hint, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

STARTS = [
    {"ratios": ["1/2"], "weights": ["1/100"], "overlap": "1"},
    {"ratios": ["1/2"], "weights": ["1/10000"], "overlap": "1"},
    {"ratios": ["3/4", "9/10"], "weights": ["1/50", "1/100"], "overlap": "1"},
    {"ratios": ["1", "0", "1/4"], "weights": ["2", "1", "3"], "overlap": "1/3"},
    {"ratios": ["1/4"], "weights": ["1"], "overlap": "0"},
    {"ratios": ["4"], "weights": ["1"], "overlap": "1"},
]
ITERATIONS = (1, 2, 5)


def quotient(ratios: Sequence[Fraction], weights: Sequence[Fraction], A: Fraction, k: int) -> Fraction:
    """(sigma_k / sigma)^2."""
    power = 2 * k - 1
    pairs = list(zip(weights, ratios, strict=True))
    top, bottom = (A + sum((c * r**n for c, r in pairs), Fraction(0)) for n in (power + 1, power))
    if not bottom:
        raise IterationError("the start is orthogonal to all singular vectors of nonzero values: no estimate")
    return top / bottom


def examine(data: Any, variant: Variant) -> Examination:
    """Whether the estimates lie between the bound and the norm, and tend to it."""
    names = ("ratios", "weights", "overlap")
    given = common.entries(data, names)
    ratios, weights, (A,) = vector(given[0]), vector(given[1]), vector([given[2]])
    factor, T = variant.value("factor", 4), sum(weights, Fraction(0))
    hypotheses = {
        "overlap": A > 0,
        "largest": all(0 <= r <= 1 for r in ratios) and all(c >= 0 for c in weights) and A >= 0,
    }
    found = [quotient(ratios, weights, A, k) for k in ITERATIONS]
    within = all(factor * k * A * (1 - q) <= T for k, q in zip(ITERATIONS, found, strict=True))
    limit = max([r for r, c in zip(ratios, weights, strict=True) if c] + [Fraction(1)] * (A > 0))
    return Examination(hypotheses, within and limit == 1 and sorted(found) == found and found[-1] <= 1)


def one_more_power() -> Forall:
    """If p (1 + (N - 1)(1 - z)) <= 1 for p = z^(N-1), then z p (1 + N (1 - z)) <= 1: the difference is N p (1 -
    z)^2."""
    p, z, N, q = map(var, ("p", "z", "N", "q"))
    hypotheses: dict[str, Formula] = {
        "power": p >= 0,
        "square": conj(equals(q, (1 - z) ** 2), q >= 0),
        "exponent": N >= 1,
        "before": p * (1 + (N - 1) * (1 - z)) <= 1,
    }
    return Forall("one more power", hypotheses, p * z * (1 + N * (1 - z)) <= 1, hint=Hint(3))


def bernoulli() -> Forall:
    """(1 + x)^n >= 1 + n x passes to n + 1."""
    b, x, n = map(var, ("b", "x", "n"))
    hypotheses: dict[str, Formula] = {"before": b >= 1 + n * x, "sign": conj(x >= 0, n >= 0)}
    return Forall("one more factor", hypotheses, b * (1 + x) >= 1 + (n + 1) * x, hint=Hint(3))


def loss() -> Forall:
    """2 (N + 1) r^N (1 - r) <= 1: with z = r (N + 1) / N, P = (N / (N + 1))^N and Z = z^N, r^N = P Z."""
    r, z, N, P, Z = map(var, ("r", "z", "N", "P", "Z"))
    hypotheses: dict[str, Formula] = {
        "ratio": equals((N + 1) * r, N * z),
        "exponent": N >= 1,
        "Bernoulli": conj(P >= 0, 2 * P <= 1),
        "powers": conj(Z >= 0, Z * (1 + N * (1 - z)) <= 1),
    }
    return Forall("the loss of one component", hypotheses, 2 * (N + 1) * (P * Z) * (1 - r) <= 1)


def one_more_component() -> Forall:
    """Lost so far L <= q T, one more loss <= q of weight c."""
    L, T, q, lost, c = map(var, ("L", "T", "q", "lost", "c"))
    hypotheses: dict[str, Formula] = {"others": q * T >= L, "loss": lost <= q, "weight": c >= 0}
    return Forall("one more component", hypotheses, L + c * lost <= q * (T + c))


def all_components(variant: Variant) -> Forall:
    """d = 1 - (sigma_k / sigma)^2 is L / (A + R), L = sum c_i r_i^N (1 - r_i) >= 0, R = sum c_i r_i^N: d <= q T / A."""
    d, L, A, R, q, T = map(var, ("d", "L", "A", "R", "q", "T"))
    hypotheses: dict[str, Formula] = {
        "estimate": equals(d * (A + R), L),
        "lost": conj(L >= 0, q * T >= L),
        "sign": R >= 0,
    }
    if variant.keeps("overlap"):
        hypotheses["overlap"] = A > 0
    return Forall("all components", hypotheses, conj(d >= 0, A * d <= q * T))


def gap() -> Forall:
    """r^N <= g^N passes from N to N + 1 for 0 <= r <= g; and r^N (1 - r) <= g^N."""
    p, q, r, g = map(var, ("p", "q", "r", "g"))
    hypotheses: dict[str, Formula] = {"before": conj(p >= 0, p <= q), "ratio": conj(r >= 0, r <= g, r <= 1)}
    return Forall("with a gap", hypotheses, conj(p * r <= q * g, p * (1 - r) <= q))


def quotients_increase() -> Forall:
    """Moments m_j = sum of c_i r_i^j have m1^2 <= m0 m2 and m2^2 <= m1 m3 (Cauchy-Schwarz): m1 / m0 <= m3 / m2."""
    m0, m1, m2, m3 = (var(f"m{i}") for i in range(4))
    hypotheses: dict[str, Formula] = {
        "positive": conj(m0 > 0, m1 > 0, m2 > 0, m3 > 0),
        "first": m1 * m1 <= m0 * m2,
        "second": m2 * m2 <= m1 * m3,
    }
    return Forall("the estimates increase", hypotheses, m1 * m2 <= m0 * m3)


def sequences(variant: Variant) -> Universal:
    """The statement for components and ratios that are given."""
    factor = variant.value("factor", 4)
    text = f"sigma^2 (1 - T / ({factor} k A)) <= sigma_k^2 <= sigma^2, increasing, with the limit sigma^2"
    return Universal("starts and singular values", text, lambda data: examine(data, variant), lambda: STARTS,
                     variant.dropped, str(factor))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps of the derivation; none depends on the size of the matrix or the number of iterations."""
    steps: list[Obligation] = [sequences(variant), all_components(variant)]
    if budget is Budget.SMOKE:
        return steps
    return [*steps, one_more_component(), one_more_power(), bernoulli(), loss(), gap(), quotients_increase()]


HYPOTHESES = {
    "overlap": "the start is not orthogonal to the space of the leading left singular vectors",
    "largest": "sigma is the largest singular value",
}
CONSTANTS = {"factor": Constant(Fraction(4), Fraction(404, 100), words="in T / (4 k A), sharp for k = 1")}
TEXTBOOK = (SVD, CAUCHY, Textbook("induction over components, powers and iterations", "Peano's axioms"))

CLAIMS = (
    Claim(
        id=f"{ROW}.estimate",
        source=f"{ICLR}, appendix B.2",
        printed="[...] estimating the largest singular value and left/right singular vectors using power iteration",
        statement=(
            "Let W != 0, and A > 0 and T the squared lengths of the start along the leading left singular vectors of W "
            "and along the others. After k >= 1 iterations sigma^2 (1 - T / (4 k A)) <= sigma_k^2 <= sigma^2; sigma_k "
            "never decreases and tends to sigma = ||W||_2. If the other singular values are at most g sigma, then "
            "sigma_k^2 >= sigma^2 (1 - g^(4k - 2) T / A)."
        ),
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="matrices of any size, any number of iterations, with and without a gap between singular values",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants=CONSTANTS,
        textbook=TEXTBOOK,
        argument="proof.md#power-iteration",
        notes=(
            "No gap is needed for the value: the relative error is below T / (8 k A (1 - T / (4 k A))) whatever the "
            "singular values are. Without overlap sigma_k never exceeds the largest singular value that the start "
            "meets."
        ),
    ),
)
