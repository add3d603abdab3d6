"""2-norm constrained networks are no lattice: with f(t) = min(t + 2, -t) and g(t) = t - 2, max(f, g) is none of them.

N = max(f, g) rises to N(-1) = 1, falls to N(1) = -1 and rises again. Wherever |N'| = 1, every layer of such a network
must be a constant plus N times a unit vector; a sort or an absolute value keeps this form because N turns inside of its
range, so it holds at the input, t = c + N(t) r. But N(-3) = N(1). The derivation is that of
`lipcheck.build.spectral_joining`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.build.spectral_joining import spectral_join, unclosed_pair
from lipcheck.claims.anil2019.open_question import dimension_one
from lipcheck.claims.anil2019.open_question.dimension_one import ICLR, ROW
from lipcheck.exact import vector
from lipcheck.network import Affine, Network
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Obligation
from lipcheck.words.terms import absolute, maximum, positive_part, var
from lipcheck.words.verdict import Budget, Verdict


def aligned(variant: Variant) -> Forall:
    """|z'|^2 = Z, |r|^2 = R at most one and r . z' = s = N' = 1 or -1: |z' - s r|^2 = Z - 2 s^2 + R is 0; Z = R = 1.

    `gap` is that square, which is at least 0.
    """
    Z, R, s, gap = var("Z"), var("R"), var("s"), var("gap")
    given: dict[str, Formula] = {
        "norm": conj(variant.value("norm", 1) ** 2 >= Z, variant.value("norm", 1) ** 2 >= R),
        "square": conj(equals(gap, Z - 2 * s * s + R), gap >= 0),
    }
    if variant.keeps("slope one"):
        given["slope one"] = equals(s * s, 1)
    return Forall("the last layer moves with N", given, conj(equals(gap, 0), equals(Z, 1), equals(R, 1)))


def order(variant: Variant) -> Forall:
    """C + rho N is at least 0 at N = 2 and N = -2, where it is A and B: identically zero, or positive for |N| < 2."""
    A, B, N, value = var("A"), var("B"), var("N"), var("value")
    given: dict[str, Formula] = {
        "at the ends": conj(A >= 0, B >= 0),
        "affine": equals(4 * value, (2 + N) * A + (2 - N) * B),
        "inside": conj(N > -2, N < 2) if variant.keeps("inside") else conj(N >= -2, N <= 2),
    }
    return Forall("no order and no sign changes", given, disj(conj(equals(A, 0), equals(B, 0)), value > 0))


def backwards() -> Forall:
    """In a sorted pair of fixed order the numbers before the sort are the same two, and |u| = |r|."""
    a, b, c, d = var("a"), var("b"), var("c"), var("d")
    given: dict[str, Formula] = {"order": disj(conj(equals(a, c), equals(b, d)), conj(equals(a, d), equals(b, c)))}
    return Forall("another order has the same norm", given, equals(a * a + b * b, c * c + d * d))


def at_the_input(variant: Variant) -> Forall:
    """t = c + N(t) r at t = -3 and t = 1, N = -1 at both, cannot be."""
    c, r, low = var("c"), var("r"), var("low")
    given: dict[str, Formula] = {"t = -3": equals(c + low * r, -3), "N(-3)": equals(low, -1)}
    other = var("other")
    given["N(1)"] = equals(other, -1) if variant.keeps("same value") else conj(other >= -2, other <= 2)
    return Forall("the input does not move with N", given, disj(c + other * r > 1, c + other * r < 1))


def shape() -> Forall:
    """max(min(t + 2, -t), t - 2) is t + 2, -t, t - 2 on [-4, -1], [-1, 1], [1, 4], and within (-2, 2) inside."""
    t = var("t")
    low = t + 2 - positive_part(2 * t + 2)
    value = low + positive_part(t - 2 - low)
    rising, falling = conj(t <= -1, equals(value, t + 2)), conj(t >= -1, t <= 1, equals(value, -t))
    again = conj(t >= 1, equals(value, t - 2))
    return Forall("N", {"domain": conj(t > -4, t < 4)}, conj(disj(rising, falling, again), value > -2, value < 2))


def the_pair(variant: Variant) -> Exhaustive:
    """f and g are 2-norm constrained networks with these values."""

    def holds(index: Data) -> bool:
        network = unclosed_pair()[index]
        ends = {p.low for p in pieces(network) if p.low is not None} | {Fraction(-4), Fraction(4)}
        places = [*ends, *(p.inside for p in pieces(network))]
        right = all(evaluate(network, [t]) == (min(t + 2, -t) if index == 0 else t - 2,) for t in places)
        return right and dimension_one.norms(network, variant.value("norm", 1))

    text = "networks of spectral norms at most one with the values of f and g"
    return Exhaustive("f and g", text, lambda: [0, 1], holds, parameters=str(variant.value("norm", 1)))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The steps of the derivation."""
    small: list[Obligation] = [the_pair(variant), at_the_input(variant), aligned(variant), order(variant)]
    return small if budget is Budget.SMOKE else [*small, shape(), backwards()]


def affine_pairs() -> list[Data]:
    """Affine maps w . x + b and v . x + c with |w|, |v| <= 1 on R^1, R^2, R^3."""
    rows = [
        (["1"], "0", ["-1"], "0"), (["1"], "2", ["1"], "0"), (["0"], "1", ["1"], "0"),
        (["3/5", "4/5"], "1", ["4/5", "-3/5"], "0"), (["1", "0"], "0", ["0", "1"], "1/2"),
        (["3/5", "4/5"], "0", ["-3/5", "-4/5"], "0"), (["1/2", "1/3", "0"], "0", ["0", "2/3", "-2/3"], "5"),
    ]  # fmt: skip
    return [{"w": w, "b": b, "v": v, "c": c} for w, b, v, c in rows]


def joined(data: Data, bound: Fraction) -> bool:
    """Whether the construction gives max(w . x + b, v . x + c) by weights of spectral norm at most `bound`."""
    w, v = vector(data["w"], "w"), vector(data["v"], "v")
    f, g = (Network(len(w), (Affine([row], [data[key]]),)) for row, key in ((w, "b"), (v, "c")))
    network = spectral_join(f, g)
    points = [w, v, tuple(-a for a in w), tuple(5 * b for b in v), (Fraction(0),) * len(w)]
    right = all(evaluate(network, x) == (max(*evaluate(f, x), *evaluate(g, x)),) for x in points)
    return right and dimension_one.norms(network, bound)


def two_maps(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """M + |D| with the weights of `spectral_joining`; A = |w|^2, B = |v|^2, and S, T, e as there."""
    A, B, mm, dd, md, e = var("A"), var("B"), var("mm"), var("dd"), var("md"), var("e")
    given: dict[str, Formula] = {
        "means": conj(equals(4 * md, A - B), equals(2 * (mm + dd), A + B)),
        "slack": equals(2 * e, 1 - mm - dd),
    }
    if variant.keeps("norms"):
        given["norms"] = conj(A <= 1, B <= 1)
    maps, bound = affine_pairs(), variant.value("norm", 1)
    M, D = var("M"), var("D")
    return [
        Forall("room for both", given, conj(e >= 0, e * e >= md * md)),
        Forall("max(f, g) = M + |D|", {}, equals(maximum(M + D, M - D), M + absolute(D))),
        Exhaustive("maxima of two affine maps", "a network of spectral norms at most one", lambda: maps,
                   lambda data: joined(data, bound), parameters=[*maps, str(bound)]),
    ]  # fmt: skip


CLAIMS = (
    Claim(
        id=f"{ROW}.no_lattice",
        source="Anil et al. 2019 (ICML version), section 6, footnote 3 and the open question",
        printed=(
            "Our construction fails for 2-norm constrained weights, as column-wise stacking two matrices that have max "
            "singular values of 1 might result in a matrix that has singular values larger than 1."
        ),
        statement=(
            "f(t) = min(t + 2, −t) and g(t) = t − 2 are networks with spectral norms at most one, and no network with "
            "spectral norms at most one, of any width and depth, with sorts (MaxMin, GroupSort, FullSort) and absolute "
            "values equals max(f, g) on [−4, 4]."
        ),
        reading="sharper: not only this construction fails, but every one",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all widths and depths; one input",
        covers_all=True,
        mutants={
            "N of slopes below one": Variant(dropped=frozenset({"slope one"})),
            "N turns at the ends of its range": Variant(dropped=frozenset({"inside"})),
            "N takes no value twice": Variant(dropped=frozenset({"same value"})),
        },
        constants={"norm": Constant(Fraction(1), Fraction(101, 100), words="the bound on the spectral norms")},
        textbook=(
            Textbook("equality in the Cauchy-Schwarz inequality", "Horn and Johnson, Matrix Analysis, 0.6.3"),
            Textbook("a Lipschitz function of one variable is the integral of its derivative",
                     "Rudin, Real and Complex Analysis, 7.18, 7.20"),
            Textbook("induction over the layers", "Peano's axioms"),
        ),
        argument="proof.md#no-lattice",
        depends_on=("anil2019.groupsort_properties.lipschitz",),
        notes="On [−3, 3] two folds compute max(f, g). On [−4, 4] it is still a limit of networks (dimension_one).",
    ),
    Claim(
        id=f"{ROW}.two_affine_maps",
        source=ICLR,
        printed=dimension_one.PRINTED,
        statement=(
            "For |w|, |v| ≤ 1 in R^n, n ≥ 1, max(w . x + b, v . x + c) is a MaxMin network with one hidden layer and "
            "spectral norms at most one, exactly, on all of R^n."
        ),
        reading="what the 2-norm does allow",
        variant_of=ROW,
        expected=Verdict.PROVED,
        obligations=two_maps,
        scope="all n, w, v, b and c",
        covers_all=True,
        hypotheses={"norms": "|w| ≤ 1 and |v| ≤ 1"},
        constants={"norm": Constant(Fraction(1), Fraction(99, 100), words="the bound on the spectral norms")},
        textbook=(
            Textbook("every positive rational number is a sum of four squares (Lagrange)", "Hardy and Wright, 20.5"),
            Textbook("a symmetric 2 x 2 matrix with trace and determinant at least zero is positive semidefinite",
                     "Horn and Johnson, Matrix Analysis, 7.2"),
        ),
        argument="proof.md#two-affine-maps",
    ),
)  # fmt: skip
