"""Section 2.2: "In [33] Lipschitz classifiers are shown to be isometrically isomorphic to linear [...] classifiers over
some Banach space, into which the data have been embedded".

Plain reading: let X be a metric space with a base point o, and Lip_0(X) the Lipschitz functions with f(o) = 0, with
the Lipschitz constant as norm. Molecules are the finite sums m = sum of a_k (δ_{x_k} - δ_{y_k}), with the norm ||m|| =
inf of sum |a_k| d(x_k, y_k) over all such sums; their completion is the Arens-Eells space B. x -> δ_x - δ_o is
isometric, and f -> T_f, T_f(m) = sum of a_k (f(x_k) - f(y_k)), is an isometric isomorphism of Lip_0(X) onto the dual of
B.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Hint, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.banach_isometry"
SOURCE = "Béthune et al. 2021, arXiv version with appendices, section 2.2"
PRINTED = (
    "In [33] Lipschitz classifiers are shown to be isometrically isomorphic to linear large margin classifiers over "
    "some Banach space, into which the data have been embedded."
)
COMPLETION = Textbook("a bounded functional on a normed space extends uniquely to its completion with the same norm",
                      "Rudin, Functional Analysis, theorem 1.21 and chapter 4")  # fmt: skip
a, f, g, d, L = map(var, ("a", "f", "g", "d", "L"))


def one_term(variant: Variant) -> Forall:
    """|T(m)| <= L |a| d for one term m = a (δ_x - δ_y), d = d(x, y); `most` stands for L d, `move` for f(x) - f(y)."""
    move, most, size = map(var, ("move", "most", "size"))
    given: dict[str, Formula] = {
        "lipschitz": conj(move <= most, -move <= most),
        "size": conj(size >= a, size >= -a),
    }
    bound = variant.value("norm", 1) * (size * most)
    return Forall("one term of a molecule", kept(variant, given, ["lipschitz"]),
                  conj(a * move <= bound, -(a * move) <= bound), hint=Hint(2))  # fmt: skip


def another_term() -> Forall:
    """|T(m)| <= L N for a sum m of cost N: one more term, of cost `step` = |a| d."""
    value, term, cost, step = map(var, ("value", "term", "cost", "step"))
    given: dict[str, Formula] = {
        "so far": conj(value <= L * cost, -value <= L * cost),
        "one term": conj(term <= L * step, -term <= L * step),
    }
    after, bound = value + term, L * (cost + step)
    return Forall("one more term of a molecule", given, conj(after <= bound, -after <= bound))


def at_least() -> Forall:
    """|T(δ_x - δ_y)| = |f(x) - f(y)| <= N d(x, y) if ||T|| <= N: f is N-Lipschitz."""
    N = var("N")
    value = var("value")
    given: dict[str, Formula] = {
        "molecule": equals(value, f - g),
        "functional": conj(value <= N * d, -value <= N * d),
    }
    return Forall("the norm is at least the constant", given, absolute(f - g) <= N * d)


def embedding() -> Forall:
    """||δ_x - δ_y|| >= T(δ_x - δ_y) = d(x, y) for f = d(., y) - d(o, y), which is 1-Lipschitz."""
    x, y, z = map(var, ("x", "y", "z"))
    given: dict[str, Formula] = {"triangle": conj(x <= z + y, y <= z + x)}
    return Forall("distances are 1-Lipschitz", given, conj(x - y <= z, y - x <= z))


def onto() -> Forall:
    """f(x) = T(δ_x - δ_o) gives back T: T(δ_x - δ_y) = f(x) - f(y), and f(o) = 0."""
    tx, ty, to = map(var, ("tx", "ty", "to"))
    given: dict[str, Formula] = {"definition": conj(equals(f, tx - to), equals(g, ty - to))}
    return Forall("every functional", given, conj(equals(tx - ty, f - g), equals(to - to, 0)))


def injective(variant: Variant) -> Forall:
    """L = 0 and f(o) = 0 give f = 0; without the base point f may be a constant. g = f(o)."""
    given: dict[str, Formula] = {"constant": conj(f - g <= L * d, g - f <= L * d, equals(L, 0)),
                                 "base point": equals(g, 0)}  # fmt: skip
    return Forall("only zero has constant zero", kept(variant, given, ["base point"]), equals(f, 0),
                  witness=dict.fromkeys("fgLd", Fraction(0)))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Norms in both directions, the embedding, and that the map is one to one and onto."""
    return [one_term(variant), another_term(), at_least(), embedding(), onto(), injective(variant)]


CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        reading="decision functions that vanish at a base point, with the Lipschitz constant as norm; the threshold of "
        "the classifier is kept apart",
        statement="For every metric space X with a base point o there are a Banach space B and an isometric embedding "
        "of X into B that takes o to 0, such that restriction to X is an isometric isomorphism from the dual of B onto "
        "the Lipschitz functions with f(o) = 0: the norm of the functional is the Lipschitz constant of f.",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all metric spaces with a point",
        covers_all=True,
        hypotheses={"lipschitz": "f is L-Lipschitz", "base point": "f(o) = 0"},
        constants={"norm": Constant(Fraction(1), Fraction(99, 100), words="||T|| divided by the Lipschitz constant")},
        textbook=(COMPLETION,),
        argument="proof.md#functionals",
        notes="B is the Arens-Eells (Lipschitz-free) space of [33]. Without a base point: .constants, .base_point.",
    ),
)
