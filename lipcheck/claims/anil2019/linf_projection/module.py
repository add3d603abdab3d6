"""What `lipcheck.nn.l1_projection` guarantees: the projected row, rounded inward to a grid, has |.|_1 <= 1 exactly.

Plain reading: the floats k 2^-b with whole |k| <= 2^b (b = 53, for float32 24) are a grid. A row p with |p|_1 <= 1 is
rounded to nearest; while sum |k_i| > 2^b, entries that were rounded away from zero are stepped back by one. That ends
with sum |k_i| <= 2^b, at the latest when all are truncated, and each entry has moved by less than 2^-b.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.linf_projection import common
from lipcheck.claims.anil2019.linf_projection.common import ICLR, ROW
from lipcheck.exact import vector
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Examination, Forall, Obligation, Universal
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Verdict

ROWS = [
    {"p": ["1/3", "-1/3", "1/3"], "bits": 4},
    {"p": ["3/32", "29/32"], "bits": 4},
    {"p": ["7/64", "7/64", "25/32"], "bits": 4},
    {"p": ["1/2", "-3/4"], "bits": 4},
    {"p": ["101/100"], "bits": 10},
]


def inward(p: Sequence[Fraction], bits: int) -> list[int]:
    """The whole numbers |k_i| that stand for the row."""
    sizes = [abs(a) * 2**bits for a in p]
    steps = [round(a) for a in sizes]
    for i in sorted(range(len(p)), key=lambda i: sizes[i] - steps[i]):
        if sum(steps) <= 2**bits:
            break
        steps[i] -= steps[i] > sizes[i]
    return steps


def examine(data: Any, radius: Fraction) -> Examination:
    """Whether a row of norm at most `radius` ends up on the grid inside the ball, each entry moved by less than a
    step."""
    row, bits = common.entries(data, ("p", "bits"))
    p = vector(row, "p")
    if not isinstance(bits, int) or isinstance(bits, bool) or not 1 <= bits <= 64:
        raise common.ProjectionError("bits is a whole number from 1 to 64")
    steps = inward(p, bits)
    near = all(abs(k - abs(a) * 2**bits) < 1 for k, a in zip(steps, p, strict=True))
    return Examination({"inside": common.l1(p) <= radius}, near and sum(steps) <= 2**bits)


def truncated(variant: Variant) -> Forall:
    """Sums of other entries K <= A, one more entry k <= a, and A + a <= N: the truncated row stays inside."""
    K, A, k, a, N = map(var, ("K", "A", "k", "a", "N"))
    hypotheses: dict[str, Formula] = {"others": K <= A, "truncated": conj(k <= a, a < k + 1)}
    if variant.keeps("inside"):
        hypotheses["inside"] = A + a <= N * variant.value("radius", 1)
        hypotheses["grid"] = N >= 1
    return Forall("truncated rows", hypotheses, conj(K + k <= A + a, K + k <= N))


def stepped() -> Forall:
    """Rounded to nearest, |r - a| <= 1/2; if r > a, then r - 1 is the truncation, and within one step of a."""
    r, a = var("r"), var("a")
    nearest = conj(2 * (r - a) <= 1, 2 * (a - r) <= 1, r > a)
    return Forall("one step back", {"nearest": nearest}, conj(r - 1 < a, a - (r - 1) < 1))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Rows by example, then why stepping ends inside."""
    radius = variant.value("radius", 1)
    text = f"|p|_1 <= {radius}, rounded inward to the grid of 2^-b: |.|_1 <= 1, and each entry moves by less than 2^-b"
    rule = Universal("rows", text, lambda data: examine(data, radius), lambda: ROWS, variant.dropped, str(radius))
    return [rule, truncated(variant), stepped()]


CLAIMS = (
    Claim(
        id=f"{ROW}.module",
        source=f"{ICLR}, section 4.2.2",
        printed="ENFORCING ||W||∞ = 1",
        statement=(
            "Every row p with |p|_1 <= 1 becomes, by rounding inward, a row of multiples of 2^-b whose l1 norm is at "
            "most 1 exactly and whose entries differ from those of p by less than 2^-b, for every b >= 1."
        ),
        reading="repaired: at most 1, for floats",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="rows of any length, every number of bits",
        covers_all=True,
        hypotheses={"inside": "|p|_1 <= 1 before rounding"},
        constants={"radius": Constant(Fraction(1), Fraction(101, 100), words="the radius before rounding")},
        textbook=(Textbook("induction over entries", "Peano's axioms"),),
        depends_on=(ROW,),
        argument="proof.md#in-floating-point",
        notes="That the float64 code in lipcheck.nn follows the rule is tested, and the result is decided in integers.",
    ),
)
