"""Section 2.2: "It is known that evaluating exactly the Lipschitz constant is a NP-hard problem [11]".

Plain reading: given the weights of a network, as integers, and a number k, to decide whether the Lipschitz constant in
the 2-norm is at least 2 sqrt(k) is NP-hard, already for one hidden layer of ReLU with weights -1, 0, 1.

From a graph with vertices 1, ..., n and edges e = {i, j}, each with one sign +1 at one end and -1 at the other, let
f(x) = sum over i of |sum over e of s_ie x_e|, one input for each edge and two ReLU for each vertex. For every x,
f(x) = g'x with g_e = sum over i of c_i s_ie and suitable signs c, and f(x) >= g'x for all signs. So |f(x) - f(y)| <=
f(x - y) <= max ||g|| ||x - y||, and f(g) - f(0) >= ||g||^2: the constant is the largest ||g||. Since g_e = c_i - c_j up
to a sign, ||g||^2 is four times the number of edges between the two sides of c: Lip(f)^2 = 4 maxcut. In the infinity
norm the constant is the largest ||g||_1 = 2 maxcut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import TypeAlias

from lipcheck.claims.bethune2021.feedforward_lipschitz.networks import CAUCHY, INDUCTION, PAPER, ROW
from lipcheck.network import Affine, Network, ReLU
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Data, Exhaustive, Forall, Hint, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

Edges: TypeAlias = Sequence[tuple[int, int]]


def network(vertices: int, edges: Edges, opposite: bool = True) -> Network:
    """f for a graph with at least one edge; with `opposite` False both ends of an edge have the sign +1."""
    other = -1 if opposite else 1
    rows = [[1 if i == a else other if i == b else 0 for a, b in edges] for i in range(vertices)]
    hidden = [[s * w for w in row] for row in rows for s in (1, -1)]
    return Network(len(edges), (Affine(hidden, [0] * len(hidden)), ReLU(), Affine([[1] * len(hidden)], [0])))


def gradients(vertices: int, edges: Edges, opposite: bool = True) -> Iterator[list[int]]:
    """Every g, by signs of the vertices; that of the last vertex is 1, as -c gives -g."""
    other = -1 if opposite else 1
    for signs in product((1, -1), repeat=vertices - 1):
        c = (*signs, 1)
        yield [c[a] + other * c[b] for a, b in edges]


def squared_constant(vertices: int, edges: Edges, opposite: bool = True) -> Fraction:
    """Lip(f)^2 in the 2-norm, read off the network: the largest f(g)^2 / ||g||^2 over the nonzero g."""
    f = network(vertices, edges, opposite)
    found = [Fraction(0)]
    for g in gradients(vertices, edges, opposite):
        if any(g):
            found.append(evaluate(f, g)[0] ** 2 / sum(v * v for v in g))
    return max(found)


def largest_cut(vertices: int, edges: Edges) -> int:
    """The largest number of edges between a set of vertices and the others."""
    sides = product((0, 1), repeat=vertices)
    return max(sum(side[a] != side[b] for a, b in edges) for side in sides)


def graphs(vertices: int) -> list[list[list[int]]]:
    """Every graph with these vertices and at least one edge."""
    pairs = [list(pair) for pair in combinations(range(vertices), 2)]
    return [list(chosen) for k in range(1, len(pairs) + 1) for chosen in combinations(pairs, k)]


def small_graphs(vertices: int, variant: Variant) -> Exhaustive:
    """Lip(f)^2 = `factor` maxcut for every graph of this size, the constant computed from the network."""
    factor, opposite = variant.value("factor", 4), variant.keeps("opposite signs")

    def holds(edges: Data) -> bool:
        pairs = [(a, b) for a, b in edges]
        return squared_constant(vertices, pairs, opposite) == factor * largest_cut(vertices, pairs)

    text = f"graphs with {vertices} vertices: Lip(f)^2 = {factor} maxcut"
    return Exhaustive(f"graphs with {vertices} vertices", text, lambda: graphs(vertices), holds,
                      [str(factor), opposite], vertices)  # fmt: skip


def another_unit() -> Forall:
    """c u <= |u| for both signs c: summed over the vertices, f(x) is at least every g'x."""
    u, c = map(var, ("u", "c"))
    return Forall("one vertex: at least every g'x", {"sign": disj(equals(c, 1), equals(c, -1))}, c * u <= absolute(u))


def some_sign() -> Forall:
    """c u = |u| for the sign of u: summed over the vertices, f(x) = g'x for these signs."""
    u, c = map(var, ("u", "c"))
    sign = disj(conj(equals(c, 1), u >= 0), conj(equals(c, -1), u < 0))
    return Forall("one vertex: some signs attain f(x)", {"sign": sign}, equals(c * u, absolute(u)))


def differences() -> Forall:
    """|f(x) - f(y)| <= f(x - y): one more vertex."""
    a, b, u, v = map(var, ("a", "b", "u", "v"))
    given: dict[str, Formula] = {"so far": conj(a <= b, -a <= b)}
    moved, bound = a + absolute(u) - absolute(v), b + absolute(u - v)
    return Forall("one more vertex: f(x) - f(y) is at most f(x - y)", given, conj(moved <= bound, -moved <= bound))


def attained() -> Forall:
    """F = f(g) >= ||g||^2 = s^2 from 0 at distance s: a constant L, F <= L s, is at least s."""
    F, L, s = map(var, ("F", "L", "s"))
    given: dict[str, Formula] = {"value": s**2 <= F, "constant": L * s >= F, "size": s > 0}
    return Forall("the gradient's own direction", given, s <= L, hint=Hint(2))


def another_edge(variant: Variant) -> Forall:
    """An edge adds (c_i - c_j)^2 to ||g||^2: `factor` if it is cut, else nothing. Here a = c_i and b = c_j."""
    a, b, cut = map(var, ("a", "b", "cut"))
    given: dict[str, Formula] = {
        "sign": equals(a**2, 1),
        "cut": disj(conj(equals(a, b), equals(cut, 0)), conj(equals(a, -b), equals(cut, 1))),
    }
    difference = a - b if variant.keeps("opposite signs") else a + b
    return Forall("one edge", given, equals(difference**2, variant.value("factor", 4) * cut))


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The reduction in general, one vertex or edge at a time, and on all small graphs."""
    sizes = (3,) if budget is Budget.SMOKE else (2, 3, 4)
    steps = [another_unit(), some_sign(), differences(), attained(), another_edge(variant)]
    return [*steps, *(small_graphs(n, variant) for n in sizes)]


CLAIMS = (
    Claim(
        id=f"{ROW}.np_hard",
        source=f"{PAPER}, section 2.2",
        printed="It is known that evaluating exactly the Lipschitz constant is a NP-hard problem [11] and many "
        "approaches have been proposed to estimate it.",
        reading="as a decision problem: integer weights and a natural number k are given, and it is asked whether "
        "Lip(f) >= 2 sqrt(k) in the 2-norm",
        statement="For every graph with an edge, the network of one hidden layer of ReLU with weights -1, 0, 1 that is "
        "made from it in polynomial time has Lip(f)^2 = 4 maxcut in the 2-norm. So whether Lip(f) >= 2 sqrt(k) is "
        "NP-hard to decide, and so is every exact evaluation of Lip(f) that tells these numbers apart.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="networks of one hidden layer with ReLU, the 2-norm",
        covers_all=True,
        hypotheses={"opposite signs": "an edge enters the units of its two ends with opposite signs"},
        constants={"factor": Constant(Fraction(4), Fraction(101, 25), words="Lip(f)^2 divided by the largest cut")},
        textbook=(
            CAUCHY,
            INDUCTION,
            Textbook("maximum cut is NP-complete", "Karp, Reducibility among combinatorial problems, 1972"),
        ),
        argument="proof.md#evaluating-the-constant",
        notes="Approximation up to an absolute error below 1/(2 sqrt(m)), m edges, is as hard. In the infinity norm "
        "the constant is 2 maxcut. For these sums in the 1-norm, where it is 2, and for affine networks it is easy: "
        "the claim is not one of all norms and architectures. [10] and [11] are one paper, listed twice.",
    ),
)
