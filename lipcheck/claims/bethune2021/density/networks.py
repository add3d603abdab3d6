"""Section 2.3, as a statement about networks: orthogonal matrices and sorts are dense in the 1-Lipschitz functions.

On compact sets this is the open question of [8], with what is known on both sides. On all of R^n with uniform
convergence it is false: networks are affine far out, the triangle wave is not.
"""

from __future__ import annotations

from dataclasses import replace

from lipcheck.claims.anil2019.open_question.statement import CLAIMS as OPEN_QUESTION
from lipcheck.claims.anil2019.vector_observation.domain import CLAIMS as OBSERVATION
from lipcheck.claims.bethune2021.density.cited import PRINTED, SOURCE
from lipcheck.claims.bethune2021.density.functions import ROW

(QUESTION,) = OPEN_QUESTION
(WHOLE_SPACE,) = (claim for claim in OBSERVATION if claim.id.endswith(".whole_space"))
CLAIMS = (
    replace(
        QUESTION,
        id=f"{ROW}.networks",
        source=SOURCE,
        printed=PRINTED,
        reading="the statement itself, on compact X, with weights of spectral norm at most one (or, what is the same "
        "by dilation, with all singular values one)",
        argument="proof.md#networks",
        depends_on=(*QUESTION.depends_on, "anil2019.theorem_2.dilation"),
        open_because=(
            "For n = 1 it is true (anil2019.open_question.dimension_one). For n >= 2 no proof and no counterexample is "
            "known here, and [8], which is cited for it, calls it open. The class is no lattice, so the "
            "Stone-Weierstrass argument of [8] does not apply. A function on R^2 at a positive distance from all such "
            "networks would refute it; a limit of networks for max(f, g) of any two networks would prove it."
        ),
        notes="With the weights of [8] instead, ||W||_∞ = 1, it is proved: anil2019.theorem_3.",
    ),
    replace(
        WHOLE_SPACE,
        id=f"{ROW}.whole_space",
        source=SOURCE,
        printed=PRINTED,
        statement="For every 1-Lipschitz g : R^n → R and eps > 0 some network of affine layers and sorts has |f(x) - "
        "g(x)| < eps for all x in R^n.",
        reading="in the space of 1-Lipschitz functions on R^n, over which section 2.1 sets up classification, with "
        "uniform convergence, as section 2.2 has it",
        variant_of=f"{ROW}.networks",
        argument="proof.md#the-whole-space",
        repaired_by="anil2019.vector_observation.locally_uniform",
        notes="Functions of gradient norm one are dense even so (density); it is the finite number of pieces that "
        "fails.",
    ),
)
