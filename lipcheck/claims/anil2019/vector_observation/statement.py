"""The Observation: networks with ||W||_inf = 1 and MaxMin are dense in the 1-Lipschitz maps from l_inf to l_inf.

Plain reading: as in Theorem 3 with p = infinity, for maps from a bounded X in R^n to R^m, where both spaces carry the
maximum norm and maps are compared by sup |f(x) - g(x)|_inf. A map is 1-Lipschitz exactly if its coordinates are. The
lattice operations are those of the coordinates; the separation property prescribes whole vectors a, b with |a - b|_inf
<= |x - y|_inf, and then the net of Lemma 1 serves all coordinates at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from lipcheck.build.joining import join_vector, meet_vector
from lipcheck.build.stacking import stack
from lipcheck.claims.anil2019.lemma_1 import statement as lemma
from lipcheck.claims.anil2019.theorem_3 import common, statement
from lipcheck.exact import Vector, vector
from lipcheck.network import Affine, MaxMin, Network, from_json, to_json
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Formal, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import absolute, maximum, minimum, var
from lipcheck.words.verdict import Budget, Verdict

ROW = "anil2019.vector_observation"
ICLR = "Anil et al. 2019 (ICLR submission), section 6 and appendix D"
PRINTED = (
    "Observation. Consider the set of neural networks, LN^m_∞ = {f : R^n → R^m, ||W||_∞ = 1}, with MaxMin activations. "
    "Then LN^m_∞ is dense in 1-Lipschitz functions with respect to the L_∞ metric."
)
INFINITY = common.EXPONENTS["inf"]


def through(points: Sequence[Vector], values: Sequence[Vector]) -> Network:
    """A network of LN_inf^m with these values at these distinct points: coordinate networks side by side."""
    coordinates = list(zip(*values, strict=True))
    return stack([common.through(points, row, INFINITY) for row in coordinates])


def samples() -> list[Data]:
    """1-Lipschitz values in R^2 and R^3 at points of R and R^2."""
    return [
        {"points": [["0"], ["1"]], "values": [["0", "1"], ["1", "0"]]},
        {"points": [["0"], ["1"], ["2"]], "values": [["0", "2", "1"], ["1", "1", "1"], ["0", "0", "1"]]},
        {"points": [["0", "0"], ["1", "-1"], ["3", "0"]], "values": [["0", "0"], ["1", "-1"], ["-1", "0"]]},
    ]


def fits(data: Data) -> bool:
    """Whether the network of `through` is in the class and takes the values."""
    points = [vector(x, "point") for x in data["points"]]
    values = [vector(v, "values") for v in data["values"]]
    network = through(points, values)
    taken = all(evaluate(network, x) == v for x, v in zip(points, values, strict=True))
    return taken and common.in_class(network, INFINITY)


def examine(data: Data) -> Examination:
    """Two networks of the class: are the coordinatewise maximum and minimum, as constructed, networks of the class?"""
    match data:
        case {"f": first, "g": second, **rest} if not rest:
            f, g = from_json(first), from_json(second)
        case _:
            raise common.DataError("Give {'f': ..., 'g': ...}.")
    high, low = join_vector(f, g), meet_vector(f, g)
    right = all(
        evaluate(high, x) == tuple(map(max, u, v)) and evaluate(low, x) == tuple(map(min, u, v))
        for x in product((-2, 0, 3), repeat=f.inputs)
        for u, v in [(evaluate(f, x), evaluate(g, x))]
    )
    member = common.in_class(f, INFINITY) and common.in_class(g, INFINITY)
    return Examination({"norms": member}, right and common.in_class(high, INFINITY) and common.in_class(low, INFINITY))


def pairs() -> list[Data]:
    """Networks of one weight and of two, with two outputs; one of norm two."""
    plain = Network(2, (Affine([[0, 1], [1, 0]], [0, 1]),))
    rows = Affine([[1, 0], [0, -1]], [0, 0])
    deep = Network(2, (rows, MaxMin(), Affine([[Fraction(1, 2), Fraction(-1, 2)], [0, 1]], [0, 1])))
    large = Network(2, (Affine.linear([[2, 0], [0, 1]]),))
    chosen = ((plain, deep), (deep, deep), (large, plain))
    return [{"f": to_json(f), "g": to_json(g)} for f, g in chosen]


def joined(variant: Variant) -> Universal:
    """Coordinatewise maxima and minima of networks of the class."""
    return Universal("coordinatewise joins and meets", "max(f, g) and min(f, g) are networks of LN_inf^m", examine,
                     pairs, variant.dropped)  # fmt: skip


def selection(width: int) -> Forall:
    """Permuted to (f_1, g_1, f_2, g_2, ...), MaxMin and a selection give the maximum, or minimum, of each "
    "coordinate."""
    checks: list[Formula] = []
    for i in range(width):
        f, g = var(f"f{i}"), var(f"g{i}")
        high, low = maximum(f, g), minimum(f, g)
        checks += [high >= f, high >= g, low <= f, low <= g, disj(equals(high, f), equals(high, g)),
                   equals(high + low, f + g)]  # fmt: skip
    return Forall(f"pairs of {width} coordinates", {}, conj(*checks), size=width)


def coordinates(variant: Variant) -> Forall:
    """One more coordinate: the maximum norm of a difference is at most d exactly if each coordinate differs by d."""
    rest, u, d = var("rest"), var("u"), var("d")
    both = conj(rest <= d, absolute(u) <= d)
    whole = maximum(rest, absolute(u)) <= variant.value("coordinate", 1) * d
    return Forall("one more coordinate", {"coordinates": both, "distance": conj(rest >= 0, d >= 0)}, whole)


def lattice(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Maxima and minima of coordinates stay 1-Lipschitz."""
    f, g, f2, g2, d = var("f"), var("g"), var("f2"), var("g2"), var("d")
    given: dict[str, Formula] = {"f": absolute(f - f2) <= d}
    if variant.keeps("Lipschitz"):
        given["g"] = absolute(g - g2) <= d
    high, low = absolute(maximum(f, g) - maximum(f2, g2)), absolute(minimum(f, g) - minimum(f2, g2))
    return [Forall("in every coordinate", given, conj(high <= d, low <= d)), coordinates(variant)]


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Membership, separation by vectors, the lattice operations, the net for all coordinates."""
    net = lemma.near_a_net(Variant(dropped=frozenset() if variant.keeps("bounded") else frozenset({"compact"})))
    steps = [statement.row_step(), statement.sorted_pairs(), statement.functional(), statement.equal_units()]
    found = samples()
    built = Exhaustive("networks through given vectors", "a network of LN_inf^m that takes the values", lambda: found,
                       fits, parameters=found)  # fmt: skip
    small: list[Obligation] = [joined(variant), net, coordinates(variant)]
    if budget is Budget.SMOKE:
        return small
    return [*small, *steps, lemma.one_more_minimum(), lemma.one_more_maximum(), selection(1), selection(2), built]


COORDINATE = {"coordinate": Constant(Fraction(1), Fraction(99, 100), words="the Lipschitz constant")}

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{ICLR}, Observation",
        printed=PRINTED,
        statement=(
            "For every bounded X in R^n with the maximum norm, every m >= 1, every 1-Lipschitz g : X → R^m with the "
            "maximum norm, and eps > 0 some MaxMin network f : R^n → R^m with all ||W||_∞ = 1 is 1-Lipschitz and has "
            "|f(x) − g(x)|_∞ < eps on X."
        ),
        reading="as in Theorem 3, of which it is said to be an extension: on a bounded X",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all n, m, eps and bounded X",
        covers_all=True,
        hypotheses={"bounded": "X is bounded", "norms": "||W||_∞ = 1 for all weights"},
        constants=COORDINATE,
        textbook=(common.HOELDER, common.BOUNDED, common.LAYERS),
        argument="proof.md#statement",
        depends_on=("anil2019.theorem_3", "anil2019.theorem_3.lattice"),
        notes="The statement names no domain but R^n (see whole_space), and the ICML version no activation (see icml).",
    ),
    Claim(
        id=f"{ROW}.lattice",
        source=f"{ICLR}, before the Observation",
        printed=(
            "This result can be extended easily to vector-valued Lipschitz functions with respect to L_∞ distance by "
            "noticing that the space of such 1-Lipschitz functions is a lattice."
        ),
        statement=(
            "If f and g are 1-Lipschitz from X to R^m with the maximum norm, so are their coordinatewise max and min."
        ),
        expected=Verdict.PROVED,
        obligations=lattice,
        scope="all metric spaces X and all m",
        covers_all=True,
        hypotheses={"Lipschitz": "f and g are 1-Lipschitz"},
        constants=COORDINATE,
        textbook=(Textbook("induction over the coordinates", "Peano's axioms"),),
        formal=(
            Formal(
                "lattices.coordinatewise_max_and_min_are_lipschitz",
                says="The whole statement, for every m; the distance of X may be any function of two points.",
                leaves_out="The Python code.",
            ),
        ),
        argument="proof.md#a-lattice-of-maps",
        notes="For the Euclidean norm on R^m it fails: (t, 0) and (0, t) have the maximum (t, t) for t > 0, which "
        "stretches by the root of two.",
    ),
)
