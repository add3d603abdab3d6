"""Anil et al. 2019, ICLR appendix A: MaxMin(x) = FullSort(x + b) - b with biases in pairs that differ by x_max or more.

Two entries of neighbouring pairs can differ by 2 x_max, so the printed gap x_max is too small by a factor of 2; it is
right for domains without negative entries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise

from lipcheck.claims.anil2019.fullsort_maxmin.common import (
    APPENDIX,
    CHUNKED,
    ICML,
    ICML_CHUNKED,
    REARRANGEMENT,
    ROW,
    sort,
    within,
)
from lipcheck.network import Order
from lipcheck.words.claim import Claim, Constant, Formal, NearMiss, Variant
from lipcheck.words.formulas import Formula, conj, equals, same
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import Term, absolute, var, variables
from lipcheck.words.verdict import Budget, Grade, Verdict

M = var("m")
DIRECT = "MaxMin(x) = FullSort(x + b) - b, n = {}"


def domain(x: Sequence[Term], variant: Variant, least: int) -> dict[str, Formula]:
    """least m <= x_i <= m: the box of radius m, or its nonnegative part."""
    hypotheses: dict[str, Formula] = {"radius": M >= 0}
    low = least * M if variant.keeps("no negative entries") else -M
    if variant.keeps("bounded domain"):
        hypotheses["bounded domain"] = within(x, low, M)
    elif least == 0:
        hypotheses["no negative entries"] = conj(*(t >= 0 for t in x))
    return hypotheses


def steps(levels: Sequence[Term], gap: Fraction) -> Formula:
    """Each level lies at least gap m above the one before."""
    return conj(*(high - low >= gap * M for low, high in pairwise(levels)))


def direct(n: int, variant: Variant, gap: Fraction, least: int, start: bool = False) -> Forall:
    """The printed equation at width n: one bias level for each pair."""
    x, levels = variables("x", n), variables("b", n // 2)
    hypotheses = domain(x, variant, least)
    if start:
        hypotheses["x_max < b1"] = levels[0] > M
    if variant.keeps("gap") and n > 2:
        hypotheses["gap"] = steps(levels, gap)
    order: Order = "ascending" if variant.keeps("ascending") else "descending"
    bias = [levels[i // 2] for i in range(n)]
    image = sort([t + b for t, b in zip(x, bias, strict=True)], n, order)
    conclusion = same([t - b for t, b in zip(image, bias, strict=True)], sort(x, 2, order))
    return Forall(DIRECT.format(n), hypotheses, conclusion, size=n)


def apart(variant: Variant, gap: Fraction, least: int) -> Forall:
    """Any entry of a pair lands at or below any entry of the next pair."""
    u, v = variables("x", 2)
    low, high = variables("b", 2)
    hypotheses = domain([u, v], variant, least)
    if variant.keeps("gap"):
        hypotheses["gap"] = steps([low, high], gap)
    return Forall("neighbouring pairs stay apart", hypotheses, u + low <= v + high, size=2)


def inside(variant: Variant) -> Forall:
    """Within a pair the bias shifts both entries alike."""
    x, (b, c) = variables("x", 2), variables("b", 2)
    hypotheses: dict[str, Formula] = {"pairs share a bias": equals(b, c)} if variant.keeps("pairs share a bias") else {}
    image = sort([x[0] + b, x[1] + c], 2)
    return Forall("a shared bias does not change the order", hypotheses, same([image[0] - b, image[1] - c], sort(x, 2)),
                  size=2)  # fmt: skip


def sharp(least: int, printed: int, variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Two lemmas, which carry the proof for every even width, and the equation itself at small widths."""
    gap = variant.value("gap", printed)
    widths = (4, 6) if budget is Budget.DEEP else (4,)
    return [apart(variant, gap, least), inside(variant), *(direct(n, variant, gap, least) for n in widths)]


def as_printed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The printed constant at the smallest width with two pairs; one pair is no counterexample."""
    smallest = direct(2, Variant(), Fraction(1), -1, start=True)
    return [
        direct(4, variant, variant.value("gap", 1), 0 if variant.repaired else -1, start=True),
        Forall("minimal: n = 2", smallest.hypotheses, smallest.conclusion, size=2),
    ]


def on_all_of_space(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Without a bounded domain: chunked biases fail, and so does every other bias, at (s, s, -s, -s) with large s."""
    x, b, s = variables("x", 4), variables("b", 4), var("s")
    hypotheses: dict[str, Formula] = {
        "pairs share a bias": conj(equals(b[0], b[1]), equals(b[2], b[3])),
        "pushed apart": b[2] - b[0] >= 2 * M,
        "radius": M > 0,
    }
    if variant.repaired:
        hypotheses["bounded domain"] = within(x, -M, M)
    image = sort([t + c for t, c in zip(x, b, strict=True)], 4)
    equation = same([t - c for t, c in zip(image, b, strict=True)], sort(x, 2))
    far = sort([s + b[0], s + b[1], b[2] - s, b[3] - s], 4)
    return [
        Forall(DIRECT.format(4), hypotheses, equation, size=4),
        Forall("minimal: every bias fails at (s, s, -s, -s)", {"far": conj(*(s > absolute(c) for c in b))},
               far[0] - b[0] < sort([s, s], 2)[0], size=4),
    ]  # fmt: skip


COUNTEREXAMPLE = {"x1": "1", "x2": "1", "x3": "-1", "x4": "-1", "m": "1", "b1": "2", "b2": "3"}
FAR = {"x1": "2", "x2": "2", "x3": "-2", "x4": "-2", "m": "1", "b1": "0", "b2": "0", "b3": "2", "b4": "2"}

SNIPPET = """\
from fractions import Fraction as F
x, b, x_max = [F(1), F(1), F(-1), F(-1)], [F(2), F(2), F(3), F(3)], F(1)
maxmin = sorted(x[:2]) + sorted(x[2:])
fullsort = [s - c for s, c in zip(sorted(u + c for u, c in zip(x, b)), b)]
print("MaxMin(x) =", *maxmin, " FullSort(x + b) - b =", *fullsort)
assert max(map(abs, x)) == x_max < b[0] and b[2] - b[1] >= x_max and maxmin != fullsort
"""

FAR_SNIPPET = """\
from fractions import Fraction as F
b = [F(0), F(0), F(2), F(2)]  # any other four numbers do as well
s = 1 + max(map(abs, b))
x = [s, s, -s, -s]
fullsort = [t - c for t, c in zip(sorted(u + c for u, c in zip(x, b)), b)]
print("MaxMin(x) =", *x, " FullSort(x + b) - b =", *fullsort)
assert fullsort[0] < x[0] == min(x[0], x[1])
"""


MODEL = "The domain, through which only the bound of x enters; the Python code."
STEP = Formal(
    "chunked_biases.no_smaller_gap",
    says="On a box [low, high], any number of pairs and biases of which one step is below high - low: the equation "
    "fails for some x in the box. So it does for steps x_max on the box of radius x_max > 0, and whatever is below "
    "twice the radius.",
    leaves_out="The condition x_max < b1, which biases of any size may meet; the Python code.",
)


def near(changes: dict[str, str], why: str, base: dict[str, str] = COUNTEREXAMPLE) -> NearMiss:
    """The counterexample with some numbers changed."""
    return NearMiss(DIRECT.format(4), base | changes, why)


def holding(
    name: str, statement: str, reading: str, least: int, gap: int, hypotheses: dict[str, str],
    *formal: Formal,
) -> Claim:
    """A claim that the equation holds with this gap on this domain."""
    derive: Callable[[Variant, Budget], Sequence[Obligation]] = partial(sharp, least, gap)
    mutated = Fraction(gap) * Fraction(199, 200)
    return Claim(
        id=f"{ROW}.{name}", source=APPENDIX, printed=CHUNKED, statement=statement, reading=reading,
        variant_of=f"{ROW}.chunked_biases", expected=Verdict.PROVED, obligations=derive,
        scope="all reals, every even width", covers_all=True,
        hypotheses=hypotheses | {
            "gap": "neighbouring pairs' biases differ by at least the gap",
            "pairs share a bias": "the two units of a pair have the same bias",
            "ascending": "both sorts and the biases go upwards",
        },
        constants={"gap": Constant(Fraction(gap), mutated, words="the least gap in units of x_max")},
        textbook=(REARRANGEMENT,), formal=(*formal, STEP), argument="proof.md#chunked-biases",
        notes="The printed condition x_max < b1 is not needed. With both sorts downwards, negate x and b.",
    )  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.chunked_biases",
        short="biases x_max apart do not make FullSort a MaxMin; 2 x_max apart they do",
        source=APPENDIX,
        printed=CHUNKED,
        statement=(
            "If ||x||_inf <= x_max on the domain, x_max < b1 = b2, b3 = b4, ... and neighbouring pairs' biases rise by "
            "at least x_max, then MaxMin(x) = FullSort(x + b) - b, both in ascending order."
        ),
        expected=Verdict.REFUTED,
        grade=Grade.CONSTANT,
        obligations=as_printed,
        scope="width 4",
        covers_all=True,
        constants={"gap": Constant(Fraction(1), sharp=Fraction(2), words="the least gap in units of x_max")},
        formal=(STEP,),
        argument="proof.md#chunked-biases",
        counterexamples={DIRECT.format(4): COUNTEREXAMPLE},
        minimality="the fewest units: the equation holds for n = 2, and n is even; the least whole x_max, b1 and b3",
        near_misses=(
            near({"b2": "4"}, "the biases differ by 2 x_max"),
            near({"x3": "0", "x4": "0"}, "no entry is negative"),
            near({"m": "1/2"}, "x is outside the domain"),
        ),
        repairs={"gap 2 x_max": Variant(constants={"gap": Fraction(2)}), "no negative entries": Variant(repaired=True)},
        repaired_by=f"{ROW}.chunked_biases_sharp",
        snippet=SNIPPET,
        notes="Every gap below 2 x_max fails, at x = (x_max, x_max, -x_max, -x_max).",
    ),
    holding(
        "chunked_biases_sharp",
        "If ||x||_inf <= x_max on the domain, b1 = b2, b3 = b4, ... and neighbouring pairs' biases rise by at least "
        "2 x_max, then MaxMin(x) = FullSort(x + b) - b, both in ascending order.",
        "repaired: differing by at least 2 x_max",
        -1,
        2,
        {"bounded domain": "|x_i| <= x_max for every input of the domain"},
        Formal(
            "chunked_biases.twice_the_radius_suffices",
            says="The whole statement, for any number of pairs.",
            leaves_out=MODEL,
        ),
        Formal(
            "chunked_biases.premises_can_hold",
            says="The premises of that theorem can hold, for any number of pairs and every x_max >= 0.",
            leaves_out="Nothing.",
        ),
    ),
    holding(
        "chunked_biases_nonnegative",
        "If 0 <= x_i <= x_max on the domain, b1 = b2, b3 = b4, ... and neighbouring pairs' biases rise by at least "
        "x_max, then MaxMin(x) = FullSort(x + b) - b, both in ascending order.",
        "the printed gap x_max, on a domain without negative entries",
        0,
        1,
        {
            "bounded domain": "x_i <= x_max for every input of the domain",
            "no negative entries": "0 <= x_i, not only -x_max <= x_i",
        },
        Formal(
            "chunked_biases.the_radius_suffices_without_negative_entries",
            says="The whole statement, for any number of pairs.",
            leaves_out=MODEL,
        ),
    ),
    Claim(
        id=f"{ROW}.chunked_biases_unbounded",
        short="on all of R^n no biases make FullSort a MaxMin; on bounded domains some do",
        source=ICML,
        printed=ICML_CHUNKED,
        statement="For some bias b, MaxMin(x) = FullSort(x + b) - b for all x in R^n.",
        reading="on X = R^n, which section 2.1 takes unless otherwise specified; the ICLR appendix bounds the domain",
        variant_of=f"{ROW}.chunked_biases",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=on_all_of_space,
        scope="width 4; every even width above in the text",
        covers_all=True,
        argument="proof.md#no-bias-on-all-of-space",
        counterexamples={DIRECT.format(4): FAR},
        minimality="the fewest units, and for every bias b in R^4 the input (s, s, -s, -s) with s > max |b_i| is one",
        near_misses=(near({"x1": "1", "x2": "1", "x3": "-1", "x4": "-1"}, "x is within half the gap", FAR),),
        repairs={"|x_i| <= half the gap": Variant(repaired=True)},
        repaired_by=f"{ROW}.chunked_biases_sharp",
        snippet=FAR_SNIPPET,
    ),
)
