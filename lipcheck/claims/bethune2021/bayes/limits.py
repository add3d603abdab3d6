"""Béthune et al. 2021, sections 3, 3.1 and 4: the optimal Bayes classifier and the class of 1-Lipschitz functions.

"Even in the non separable case the optimal Bayes classifier can nonetheless be imitated"; "1-Lipschitz neural network
can nonetheless approximate the optimal Bayes classifier under mild assumptions"; "The hypothesis class contains a
classifier with optimal accuracy"; "the class of Lipschitz function does not suffer any bias when it comes to
classification".

As an infimum the Bayes error is reached, for every distribution; as a minimum it is not, where the classes touch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from lipcheck.build.line_classifiers import CONVENTIONS, ClassifierError
from lipcheck.claims.bethune2021.corollary_1.scaling import scaled
from lipcheck.claims.bethune2021.corollary_2.functions import separating
from lipcheck.claims.bethune2021.corollary_3.risk import one_more
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

ROW = "bethune2021.bayes"
SECTION = "Béthune et al. 2021, arXiv version with appendices, section"
TWICE = [["0", 1, -1], ["3", -1, 1]]
INNER = Textbook(
    "a Borel set of R^n contains compact sets of almost its measure, for a probability measure",
    "Ulam's theorem; Billingsley, Convergence of probability measures, theorem 1.1",
)


def risk(variant: Variant) -> list[Forall]:
    """E(c) - E(b) <= P(c != b), one more point of masses p (+1) and q (-1); and what compact inner sets leave.

    `of_c`, `of_b`: the errors so far; `apart`: the mass where c and b differ.
    """
    of_c, of_b, apart, p, q, outside, delta = map(var, ("of_c", "of_b", "apart", "p", "q", "outside", "delta"))
    factor = variant.value("factor", 1)
    so_far: dict[str, Formula] = {"so far": of_c - of_b <= factor * apart, "masses": conj(p >= 0, q >= 0)}
    left: dict[str, Formula] = {"risk": of_c - of_b <= apart, "right on K": apart <= outside}
    if variant.keeps("compact"):
        left["compact"] = outside <= delta
    return [
        Forall("c and b agree", so_far, (of_c + p) - (of_b + p) <= factor * apart),
        Forall("c errs where b does not", so_far, (of_c + p) - (of_b + q) <= factor * (apart + p + q)),
        Forall("compact sets", left, of_c - of_b <= delta),
    ]


def approximate(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The risk is at most the mass outside of the compact sets."""
    return risk(variant)


def without_bias(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The same with the function that tells the compact sets apart, multiplied by any L > 0."""
    return [*risk(variant), *separating(Variant(dropped=variant.dropped)), *scaled(Variant())]


def touching(variant: Variant) -> Universal:
    """Atoms of positive mass at limits l, of label y, and at l + 1/k, k = 2, 3, ..., of label s, for some (l, y, s).

    A continuous f that is right at l + 1/k has s f(l) >= 0; for s != y it is right at l only if f(l) = 0, sign(0) = y.
    """

    def examine(data: Any) -> Examination:
        limits = [_limit(entry) for entry in data]
        places = sorted(place for place, _, _ in limits)
        apart = all(b - a > 1 for a, b in pairwise(places))
        hypotheses = {"apart": apart and bool(limits)}
        if variant.repaired:
            hypotheses["closed"] = all(y == s for _, y, s in limits)
        right = any(all(y in (s, zero) for _, y, s in limits) for zero in CONVENTIONS)
        return Examination(hypotheses, right)

    text = "for some sign(0) a continuous f is right at all atoms" + ", the classes being closed" * variant.repaired
    return Universal("sequences", text, examine, lambda: [TWICE], variant.dropped, variant.repaired)


def _limit(entry: Any) -> tuple[Fraction, int, int]:
    place, y, s = entry
    if y not in (-1, 1) or s not in (-1, 1) or isinstance(y, bool) or isinstance(s, bool):
        raise ClassifierError("labels are -1 and 1")
    return parse(place), y, s


def passing() -> Forall:
    """f(l) <= t for arbitrarily small t > 0, as f(l + t) <= 0 and f is 1-Lipschitz: so f(l) <= 0 (t = f(l) / 2)."""
    at, near, t = map(var, ("at", "near", "t"))
    return Forall("signs pass to the limit", {"lipschitz": at - near <= t, "label": near <= 0,
                                              "t": disj(at <= 0, equals(2 * t, at))}, at <= 0)  # fmt: skip


def contains(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The atoms, and that one limit is no counterexample for all values of sign(0)."""

    def single() -> Iterator[list[Any]]:
        yield from ([["0", y, s]] for y, s in product((-1, 1), repeat=2))

    rule = touching(variant)
    return [rule, passing(), Exhaustive("minimal: one limit", "some value of sign(0) helps", single,
                                        lambda data: touching(Variant()).examine(data).conclusion)]  # fmt: skip


def closed(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A 1-Lipschitz f has the signs of b on A and B, and b errs least, point by point."""
    return [*separating(Variant(dropped=variant.dropped)), one_more(variant)]


SNIPPET = """\
label = {0: 1, 3: -1}                                          # two atoms
label.update({1 / k: -1 for k in range(2, 2000)})              # atoms of the other label that tend to 0 ...
label.update({3 + 1 / k: 1 for k in range(2, 2000)})           # ... and to 3
near = {l: min(abs(x - l) for x in label if label[x] != label[l]) for l in (0, 3)}
print("distance to the other label:", near, "-> 0, so f(0) = f(3) = 0 for a continuous f that is right elsewhere")
assert all(d < 1e-3 for d in near.values())
assert all(sum(label[l] == zero for l in (0, 3)) < 2 for zero in (-1, 0, 1))    # sign(0) serves one of them
"""
COMPACT = {"compact": "the compact sets leave at most delta of the mass"}

CLAIMS = (
    Claim(
        id=ROW,
        source=f"{SECTION} 3.1, after Corollary 2; section 3: 'Even in the non separable case the optimal Bayes "
        "classifier can nonetheless be imitated.'",
        printed="Furthermore, even if the classes are not separable, 1-Lipschitz neural network can nonetheless "
        "approximate the optimal Bayes classifier under mild assumptions.",
        reading="approximate: the error comes arbitrarily close; no assumption is needed",
        statement="For every distribution P_XY on R^n x {-1, +1} and every delta > 0 there is a MaxMin network f with "
        "all spectral norms at most one and E(sign(f)) <= E(b) + delta; it differs from b with probability at most "
        "delta.",
        expected=Verdict.PROVED,
        obligations=approximate,
        scope="all n, all distributions, every value of sign(0)",
        covers_all=True,
        hypotheses=COMPACT,
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="of P(c != b) in the bound of the risk")},
        textbook=(INNER, Textbook("integrals preserve inequalities; P(y | x) exists on R^n", "measure theory")),
        argument="proof.md#approximation",
        depends_on=("bethune2021.corollary_2.bounded",),
        notes="Supports may be unbounded and equal. The minimum is another matter: .contains, and corollary_2.",
    ),
    Claim(
        id=f"{ROW}.contains",
        short="labels that alternate towards two limits leave no best continuous f; an open or closed class does",
        source=f"{SECTION} 3.1, after Corollary 2",
        printed="The hypothesis class contains a classifier with optimal accuracy, despite having hugely constrained "
        "Lipschitz constant.",
        reading="as printed, for every distribution",
        statement="For every P_XY some 1-Lipschitz f: R^n -> R has E(sign(f)) = E(b), for some value of sign(0).",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=contains,
        scope="discrete distributions on R; all continuous f",
        covers_all=True,
        argument="proof.md#the-minimum",
        counterexamples={"sequences": TWICE},
        minimality="dimension one, two limits of atoms: with one, some value of sign(0) helps (all four cases)",
        near_misses=(
            NearMiss("sequences", TWICE[:1], "f(x) = -x and sign(0) = 1"),
            NearMiss("sequences", [["0", 1, -1], ["3", 1, -1]], "sign(0) = 1 serves both"),
            NearMiss("sequences", [["0", 1, -1], ["1", -1, 1]], "the sequences would meet"),
        ),
        repairs={"closed classes": Variant(repaired=True)},
        repaired_by=f"{ROW}.contains_sign",
        snippet=SNIPPET,
        notes="The labels are a function of x: the Bayes error is 0. With one fixed sign(0) one limit is enough. On "
        "rational atoms and a uniform density, labelled apart, every continuous f is far from it: f >= 0 on a dense "
        "set.",
    ),
    Claim(
        id=f"{ROW}.contains_closed",
        source=f"{SECTION} 3.1, after Corollary 2",
        printed="The hypothesis class contains a classifier with optimal accuracy, despite having hugely constrained "
        "Lipschitz constant.",
        reading="repaired: some Bayes classifier has disjoint closed pre-images, up to a set of mass zero",
        variant_of=f"{ROW}.contains",
        statement="If disjoint closed sets A and B carry all mass and b = 1 on A, -1 on B is a Bayes classifier, some "
        "1-Lipschitz f: R^n -> R has E(sign(f)) = E(b), for every value of sign(0).",
        expected=Verdict.PROVED,
        obligations=closed,
        scope="all n, all such distributions",
        covers_all=True,
        hypotheses={"separated": "A and B have no common point", "bayes": "b is a Bayes classifier"},
        textbook=(Textbook("d(., S) is 1-Lipschitz, and positive off S if S is closed", "metric spaces"),
                  Textbook("integrals preserve inequalities; P(y | x) exists on R^n", "measure theory")),
        argument="proof.md#the-minimum-with-closed-classes",
        depends_on=("bethune2021.corollary_2.functions",),
        notes="An empty class: a constant f. The classes need not be a positive distance apart, and may overlap in "
        "P_{X|Y}.",
    ),
    Claim(
        id=f"{ROW}.no_bias",
        source=f"{SECTION} 4, after Proposition 5",
        printed="We know thanks to Corollary 2 that the class of Lipschitz function does not suffer any bias when it "
        "comes to classification.",
        reading="bias: the infimum of the error over the class, minus the Bayes error; any Lipschitz constant L > 0",
        statement="For every P_XY on R^n x {-1, +1} and every L > 0 the infimum of E(sign(f)) over L-Lipschitz f is "
        "E(b).",
        expected=Verdict.PROVED,
        obligations=without_bias,
        scope="all n, all distributions, all L > 0",
        covers_all=True,
        hypotheses={**COMPACT, "separated": "the compact sets have no common point"},
        constants={"factor": Constant(Fraction(1), Fraction(99, 100), words="of P(c != b) in the bound of the risk")},
        textbook=(INNER, Textbook("integrals preserve inequalities; P(y | x) exists on R^n", "measure theory")),
        argument="proof.md#no-bias",
        depends_on=(ROW, "bethune2021.corollary_1", "bethune2021.corollary_2.functions"),
        notes="Corollary 2 alone speaks of separable classes; inner regularity carries it over. Finite samples of "
        "distinct points are separable. It is the error that has no bias; minimizers of the losses of section 4 may "
        "have.",
    ),
)  # fmt: skip
