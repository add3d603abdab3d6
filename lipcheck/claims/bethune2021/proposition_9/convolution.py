"""(17) and (18) for the parameters of a convolution, which are shared between positions: a factor is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.proposition_9.bounds import PRINTED, ROW, SOURCE
from lipcheck.claims.bethune2021.proposition_9.exploding import NetworkDataError
from lipcheck.exact import dot, vector
from lipcheck.norms import spectral_norm_at_most
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def gradients(g: Sequence[Fraction], x: Sequence[Fraction], size: int) -> tuple[list[Fraction], Fraction]:
    """Gradients of kernel and bias of z_i = sum_j k_j x_(i+j) + b, indices modulo the length, for a gradient g of z."""
    n = len(x)
    kernel = [sum((g[i] * x[(i + j) % n] for i in range(n)), Fraction(0)) for j in range(size)]
    return kernel, sum(g, Fraction(0))


def shared(variant: Variant, parameter: str) -> Universal:
    """Data {"kernel", "x", "g"}: one channel, periodic. Repaired: with the factors k and n on the squares."""

    def examine(data: Any) -> Examination:
        if not isinstance(data, Mapping) or set(data) != {"kernel", "x", "g"}:
            raise NetworkDataError("the data are a kernel, an input x and a gradient g of the output")
        kernel, x, g = (vector(data[k], k) for k in ("kernel", "x", "g"))
        if not 0 < len(kernel) <= len(x) == len(g):
            raise NetworkDataError("x and g have one length, which is at least that of the kernel")
        n, size = len(x), len(kernel)
        padded = [*kernel, *[Fraction(0)] * (n - size)]
        operator = tuple(tuple(padded[(j - i) % n] for j in range(n)) for i in range(n))
        of_kernel, of_bias = gradients(g, x, size)
        if parameter == "kernel":
            square, bound, factor = dot(of_kernel, of_kernel), dot(g, g) * dot(x, x), size
        else:
            square, bound, factor = of_bias**2, dot(g, g), n
        lipschitz = {"1-Lipschitz": spectral_norm_at_most(operator, Fraction(1))}
        return Examination(lipschitz, square <= (factor if variant.repaired else 1) * bound)

    number = 17 if parameter == "kernel" else 18
    text = f"the gradient of the {parameter} of a 1-Lipschitz convolution obeys equation {number}"
    return Universal(f"shared {parameter}", text, examine, lambda: [AVERAGE], parameters=[parameter, variant.repaired])


def one_position() -> Forall:
    """A kernel of size one: (sum of g_i x_i)^2 <= sum g_i^2 sum x_i^2, so (17) holds; here Lagrange's identity
    for two positions, which has the difference as a square."""
    a, b, x, z = map(var, ("a", "b", "x", "z"))
    inner, rest = (a * x + b * z) ** 2, (a * z - b * x) ** 2
    lagrange = equals(inner + rest, (a**2 + b**2) * (x**2 + z**2))
    return Forall("minimal: kernels of size one, two positions", {}, lagrange)


def printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Both parameters."""
    return [shared(variant, "kernel"), shared(variant, "bias"), one_position()]


def entries(variant: Variant) -> Forall:
    """k entries of squares at most B sum to at most k B: one more entry; also for the bias, by Cauchy-Schwarz."""
    total, k, square, B = map(var, ("total", "k", "square", "B"))
    given: dict[str, Formula] = {"so far": total <= k * B, "entry": square <= B}
    return Forall("one more entry of the kernel", kept(variant, given, ["entry"]), total + square <= (k + 1) * B)


def constant_signals() -> Forall:
    """x = g = (1, ..., 1): each entry is n, so the squares are k n^2, one more entry; |g|^2 |x|^2 = n^2."""
    total, k, n = map(var, ("total", "k", "n"))
    return Forall(
        "constant signals of any length", {"so far": equals(total, k * n**2)}, equals(total + n**2, (k + 1) * n**2)
    )


def attained(variant: Variant) -> Exhaustive:
    """x = g = (1, ..., 1): the squares are k n^2 = k |g|^2 |x|^2 and n^2 = n |g|^2."""
    factor = variant.value("factor", 1)

    def holds(case: Data) -> bool:
        n, size = case
        ones = [Fraction(1)] * n
        of_kernel, of_bias = gradients(ones, ones, size)
        bound = dot(ones, ones) ** 2
        bias_bounded = of_bias**2 <= factor * n * dot(ones, ones)
        return bool(bias_bounded and dot(of_kernel, of_kernel) <= factor * size * bound)

    cases = [[n, size] for n in (1, 2, 3, 5) for size in range(1, n + 1)]
    text = f"the bounds with the factors {factor} k and {factor} n, at constant x and g"
    return Exhaustive("constant signals", text, lambda: cases, holds, [str(factor), cases])


def sharp(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The sum over the entries, and where the bound is attained."""
    return [entries(variant), constant_signals(), attained(variant)]


AVERAGE = {"kernel": ["1/2", "1/2"], "x": ["1", "1"], "g": ["1", "1"]}
SNIPPET = """\
# periodic convolution z_i = (x_i + x_{i+1}) / 2 + b on two positions: 1-Lipschitz; loss L = z_1 + z_2
x, g = [1, 1], [1, 1]
kernel = [sum(g[i] * x[(i + j) % 2] for i in range(2)) for j in range(2)]
bias = sum(g)
print("gradients of kernel and bias:", kernel, bias, " squares", sum(k * k for k in kernel), bias**2)
assert sum(k * k for k in kernel) > sum(a * a for a in g) * sum(a * a for a in x) and bias**2 > sum(a * a for a in g)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.convolution",
        short="shared parameters add up: factors √k for kernels of size k and √n for a bias at n positions are missing",
        source=f"{SOURCE}; section 2.1: 'parametrized affine layers (including convolutions)'",
        printed=PRINTED,
        reading="W^i and B^i are the kernel and the bias of a convolution",
        variant_of=ROW,
        statement="For every 1-Lipschitz convolution the gradients of its kernel and its bias obey (17) and (18).",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=printed,
        scope="one channel, one dimension, periodic",
        covers_all=True,
        counterexamples={"shared kernel": AVERAGE, "shared bias": AVERAGE},
        near_misses=(
            NearMiss("shared kernel", {"kernel": ["1", "1"], "x": ["1", "1"], "g": ["1", "1"]}, "not 1-Lipschitz"),
            NearMiss("shared kernel", {"kernel": ["1"], "x": ["1", "2"], "g": ["3", "4"]}, "a kernel of size one"),
            NearMiss("shared bias", {**AVERAGE, "g": ["1", "-1"]}, "the two positions cancel"),
        ),
        minimality="two positions, a kernel of size two; kernels of size one obey (17), and one position (18)",
        snippet=SNIPPET,
        repairs={"the factors sqrt k and sqrt n": Variant(repaired=True)},
        repaired_by=f"{ROW}.convolution_sharp",
        argument="proof.md#convolutions",
        notes="For the full matrix of the convolution, and a bias for each position, Proposition 9 holds. Section 2.1 "
        "says 'including convolutions' of unconstrained networks.",
    ),
    Claim(
        id=f"{ROW}.convolution_sharp",
        source=SOURCE,
        printed=PRINTED,
        reading="repaired: with the number of kernel entries and of positions",
        variant_of=ROW,
        statement="For a periodic convolution of one channel with a kernel of k entries at n positions, followed by "
        "1-Lipschitz layers: ||grad of kernel|| <= sqrt k ||grad L|| ||H^{i-1}(x)|| and |grad of bias| <= sqrt n "
        "||grad L||, both attained.",
        expected=Verdict.PROVED,
        obligations=sharp,
        scope="all n and k <= n",
        covers_all=True,
        hypotheses={"entry": "each entry of the gradient is an inner product of g and a shifted x"},
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="the squares of the bounds over k and n")},
        textbook=(Textbook("the inequality of Cauchy and Schwarz", "Rudin, Principles, theorem 1.35"),),
        depends_on=(ROW,),
        argument="proof.md#convolutions",
    ),
)
