"""What Proposition 2 means for certificates: the margin of definition 4's f is the robustness radius itself.

For a general f that is 1-Lipschitz in the 2-norm only margin / sqrt 2 is certain; here the 1-norm can be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021.mountain_function import _lemmas as lemmas
from lipcheck.claims.bethune2021.proposition_2 import _steps as steps
from lipcheck.claims.bethune2021.proposition_2.existence import PRINTED, ROW, SOURCE
from lipcheck.words.claim import Claim, Constant, Variant
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict


def radius(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Logits k, l with f_k - f_l >= margin, changes u, v with |u| + |v| <= ||delta||; and where class k ends."""
    margin, step, u, v, fk, fl = map(var, ("margin", "step", "u", "v", "f_k", "f_l"))
    factor = variant.value("radius", 1)
    one_norm = lemmas.kept(variant, one_norm=absolute(u) + absolute(v) <= step)
    return [
        Forall(
            "the class stays",
            {
                "margin": conj(fk - fl >= margin, margin > 0),
                "delta": conj(step >= 0, step < factor * margin),
                "two_norm": u * u + v * v <= step * step,
                **one_norm,
            },
            fk + u > fl + v,
        ),
        Forall(
            "at the nearest tie the radius ends",
            {"at x": conj(equals(fk, margin), equals(fl, 0)), "at the tie": conj(equals(u, -fk), equals(v, -fl))},
            conj(equals(absolute(u) + absolute(v), absolute(margin)), equals(fk + u, fl + v)),
        ),
        *lemmas.with_ci(budget, steps.three_classes()),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.certificate",
        source=SOURCE,
        printed=PRINTED,
        reading="what follows for certificates (Property 1 for K classes)",
        statement="For the f of definition 4 and x off the frontier, let class k be on top: the margin f_k(x) - max_{l "
        "!= k} f_l(x) is d(x, frontier), class k stays strictly on top at x + delta for ||delta|| < margin, and for "
        "some ||delta|| = margin all entries are equal. Any f that is 1-Lipschitz into the 1-norm has the first "
        "certificate.",
        expected=Verdict.PROVED,
        obligations=radius,
        scope="all norms of R^n, all K >= 2",
        covers_all=True,
        hypotheses={"one_norm": "||f(x) - f(y)||_1 <= ||x - y||, not only in the 2-norm"},
        constants={"radius": Constant(Fraction(1), mutated=Fraction(101, 100), words="of the margin")},
        textbook=(lemmas.NEAREST,),
        argument="proof.md#certificates",
        depends_on=(f"{ROW}.any_p",),
        notes="'1-Lipschitz' in the 2-norm alone, as one would read the proposition, gives margin / sqrt 2 only: "
        "(x, -x) / sqrt 2 has the margin sqrt 2 x at x and ties at 0.",
    ),
)
