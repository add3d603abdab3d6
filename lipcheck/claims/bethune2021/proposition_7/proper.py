"""Proper PAC learning fails in the plane: a learner that must return a member of C^m cannot learn C^m.

N columns t_1 < ... < t_N, and in column i a point p_i = (t_i, e_i) labelled +1 and q_i = (t_i, e_i + 2m) labelled -1,
with e_i in {0, eta}, all 2N points equally likely. For every choice of the e_i a member of C^m is right everywhere, as
opposite labels are 2m apart. But f(t_i, eta) >= m and f(t_i, 2m) <= -m are 2m - eta apart: no member of C^m is right
at p_i and q_i for both values of e_i, so one error is made on average for every two unseen columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.root_lattices import PackingError
from lipcheck.claims.bethune2021.proposition_7._common import ROW, SOURCE, exactly
from lipcheck.claims.bethune2021.proposition_7.shattering import lipschitz
from lipcheck.words.claim import Claim, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse, spell
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict


def examine(data: Data, improper: bool) -> Examination:
    """The expected error of every learner, averaged over the e_i, against 1/8.

    A column is unseen with probability (1 - 1/N)^samples; then a proper learner errs with probability 1/4 on it. The
    improper one answers +1 below a height between eta and 2m, -1 above it.
    """
    given = exactly(data, "samples", "columns", "spacing", "shift", "margin")
    samples, columns = given["samples"], given["columns"]
    spacing, eta, m = (parse(given[k]) for k in ("spacing", "shift", "margin"))
    if not (isinstance(samples, int) and isinstance(columns, int) and samples >= 0 and columns >= 1):
        raise PackingError("Samples and columns are natural numbers.")
    error = Fraction(1, 4) * (1 - Fraction(1, columns)) ** samples
    hypotheses = {
        "in the square": spacing > 0 and (columns - 1) * spacing <= 1 and eta > 0 and eta + 2 * m <= 1 and m > 0,
        "realizable": columns == 1 or spacing**2 + (2 * m - eta) ** 2 >= 4 * m * m,
        "the two versions exclude each other": 0 < eta < 2 * m,
    }
    height = m + eta / 2
    right = all(e < height for e in (Fraction(0), eta)) and all(e + 2 * m > height for e in (Fraction(0), eta))
    return Examination(hypotheses, right if improper else error < Fraction(1, 8))


def columns_for(samples: int, m: Fraction = Fraction(1, 4)) -> dict[str, Any]:
    """Twice as many columns as samples, at least one, in the unit square."""
    columns = max(2 * samples, 1)
    spacing = Fraction(1, columns)
    eta = spacing**2 / (4 * m)
    numbers = {"spacing": spacing, "shift": eta, "margin": m}
    return {"samples": samples, "columns": columns, **{k: spell(v) for k, v in numbers.items()}}


def exclusive() -> Forall:
    """No f in Lip_1 has f >= m at heights 0 and eta, and f <= -m at heights 2m and 2m + eta."""
    f0, f1, g0, g1, m, eta = map(var, ("f0", "f1", "g0", "g1", "m", "eta"))
    hypotheses: dict[str, Formula] = {
        "shift": conj(eta > 0, eta <= 2 * m),
        "lipschitz": lipschitz(f1, g0, 2 * m - eta),
    }
    wrong = disj(f0 < m, g0 > -m, f1 < m, g1 > -m)
    return Forall("the two versions exclude each other", hypotheses, wrong)


def realizable() -> Forall:
    """Points of opposite labels in different columns are 2m apart: t^2 + (2m - eta)^2 >= (2m)^2 if 4 m eta <= t^2."""
    t, eta, m = var("t"), var("eta"), var("m")
    apart = t * t + (2 * m - eta) ** 2 >= 4 * m * m
    return Forall("every choice is realizable", {"shift": 4 * m * eta <= t * t}, apart)


def bernoulli() -> list[Forall]:
    """(1 - x)^s >= 1 - y with y = s x, for 0 <= x <= 1, by induction over s; at x = 1/(2s) it is 1/2."""
    power, x, y = var("power"), var("x"), var("y")
    hypotheses: dict[str, Formula] = {"so far": power >= 1 - y, "x": conj(x >= 0, x <= 1), "y": y >= 0}
    few: dict[str, Formula] = {"so far": power >= 1 - y, "x": 2 * y <= 1}
    return [
        Forall("Bernoulli, one more sample", hypotheses, power * (1 - x) >= 1 - (y + x)),
        Forall("half of the columns stay unseen", few, 2 * power >= 1),
    ]


def proper(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """For every number of samples: exact examples, and the steps that make them work for all."""
    examples = [columns_for(s) for s in (1, 2, 10)]
    text = "some proper learner has an expected error below 1/8 with so many samples, whatever the heights"

    def refuted(samples: int) -> bool:
        return examine(columns_for(samples), False).violates()

    return [
        Universal("proper learners", text, lambda data: examine(data, variant.repaired), lambda: examples,
                  parameters=variant.repaired),
        exclusive(),
        realizable(),
        *bernoulli(),
        Exhaustive("up to 30 samples", "the expected error is at least 1/8", lambda: range(1, 31), refuted),
    ]  # fmt: skip


SNIPPET = """\
from fractions import Fraction as F
m, s = F(1, 4), 1                        # margin; number of samples
N = 2 * s; t = F(1, N); eta = t**2 / (4 * m)    # columns, spacing, shift
assert t**2 + (2*m - eta)**2 >= (2*m)**2        # every choice of heights 0 or eta is realizable
assert 2*m - eta < 2*m                          # no f in C^m is right on both versions of a column
error = F(1, 4) * (1 - F(1, N))**s              # unseen column: one error in four, on average
print("expected error of every proper learner >=", error)
assert error >= F(1, 8)
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.pac_proper",
        short="in the plane no learner that returns a member of C^m learns C^m; one that may return any function does",
        source=f"{SOURCE}, its title",
        printed="1-Lipschitz Functions with margin are PAC learnable.",
        reading="the learner returns a member of C^m; an undecided answer counts as an error (proper learning)",
        variant_of=f"{ROW}.pac",
        statement="For some number of samples some learner that returns members of C^m has an expected error below "
        "1/8 on every distribution that a member of C^m classifies without error.",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=proper,
        scope="X = [0, 1]^2, m = 1/4; randomized learners too",
        covers_all=True,
        repairs={"a learner that may return any function": Variant(repaired=True)},
        counterexamples={"proper learners": columns_for(1)},
        near_misses=(
            NearMiss("proper learners", {**columns_for(1), "samples": 2}, "two columns and two samples: only 1/16"),
            NearMiss("proper learners", {**columns_for(1), "spacing": "2"}, "a column leaves the square"),
            NearMiss("proper learners", {**columns_for(4), "shift": "1/16"}, "not every choice is realizable"),
        ),
        minimality="one sample, two columns; every number s of samples has such an example, with 2 s columns",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.pac",
        depends_on=(f"{ROW}.shattering",),
        textbook=(
            Textbook(
                "a learner's worst expected error is at least its average over a random choice",
                "Shalev-Shwartz and Ben-David, Understanding Machine Learning (2014), proof of theorem 5.1",
            ),
        ),
        argument="proof.md#proper-learning",
        notes="PAC learning with a probability 1 - delta of an error of at most eps implies an expected error of at "
        "most eps + delta, so it fails for eps = delta = 1/17. The VC dimension is finite all the same: for classes "
        "that may abstain it does not decide proper learning.",
    ),
)
