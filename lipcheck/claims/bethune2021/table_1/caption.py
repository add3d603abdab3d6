"""Caption of Table 1: "BCE minimization is ill-posed for unconstrained NN, but because of Vanishing Gradient the
algorithm converges nonetheless. For margin m small enough, if the classes are separable, 0% training error is
achievable by hinge."

On Figure 2a's task the loss of gradient descent falls to its infimum and the steps tend to 0, as the caption of that
figure says ("the curve of SGD flatten"): the sentence holds. The weights themselves grow like log t, without bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from lipcheck.claims.bethune2021._bce import EXP, INDUCTION, TANGENT
from lipcheck.claims.bethune2021.example_2 import descent
from lipcheck.claims.bethune2021.example_2.infimum import FINITE, not_null, ray
from lipcheck.claims.bethune2021.hinge_hkr import accuracy
from lipcheck.claims.bethune2021.table_1._words import CAPTION, INTERPOLATION, ROW
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import var
from lipcheck.words.verdict import Budget, Grade, Verdict

CONVERGES = (
    "BCE minimization is ill-posed for unconstrained NN, but because of Vanishing Gradient the algorithm converges "
    "nonetheless."
)
LIMIT = "the gradient vanishes at a limit of the weights"
g, E, z, B = map(var, ("g", "E", "z", "B"))


def limit(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """At finite weights, E = e^w and z = e^-w, the gradient g is not 0; repaired: it is positive and at most z."""
    given: dict[str, Formula] = {"finite": E > 0, "gradient": equals(g * (1 + E), 1), "z": equals(z * E, 1)}
    conclusion = conj(g * E <= 1, z * E <= 1) if variant.repaired else equals(g, 0)
    return [Forall(LIMIT, given, conclusion), *descent.flattens(variant, budget)]


def settles(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The infimum 0 and no minimum; a loss that falls to 0, steps that vanish, and weights that grow like log t."""
    X = var("X")
    small: dict[str, Formula] = {"so far": conj(E >= B, B > 0), "z": conj(equals(z * E, 1), z > 0)}
    *_, billion = descent.stays_small(variant, budget)
    *_, falls = ray(variant)
    return [
        *not_null(variant),
        falls,
        *descent.flattens(variant, budget),
        Forall("each step lowers the loss", descent.tangents(variant), E * X > E),
        Forall("the loss after t steps", small, z * B <= 1),
        billion,
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.caption_ill_posed",
        source=CAPTION,
        printed=CONVERGES,
        reading="the algorithm converges: its loss tends to the infimum and its steps to 0, as its curve in Figure 2a "
        "flattens",
        statement="On every finite training set without contradictory labels the BCE has the infimum 0 over networks "
        "with one hidden layer of any width, whose activation is not affine, and no minimum. On the two points of "
        "Figure 2a gradient descent from W = b = 0 with 0 < eta <= 1 has a loss that falls to the infimum 0 and steps "
        "that tend to 0 with the gradient, while log(1 + eta t/2) <= W_t <= log(1 + eta t): W is below 21 after a "
        "billion steps, and unbounded.",
        expected=Verdict.PROVED,
        obligations=settles,
        scope="all training sets; for the algorithm the points 1, -1 with labels 1, -1, 0 < eta <= 1",
        covers_all=True,
        hypotheses={**FINITE, **descent.HYPOTHESES},
        constants={"growth": Constant(Fraction(1), mutated=Fraction(99, 100), words="growth of e^w per eta, at most")},
        textbook=(EXP, TANGENT, INDUCTION, INTERPOLATION),
        depends_on=("bethune2021.example_2", "bethune2021.example_2.gradient_descent"),
        argument="proof.md#the-algorithm",
        notes="'Because of vanishing gradient' is right in this sense: Newton's method, which divides by the "
        "curvature, moves W by more than 1 in every step (example_2.newton). That the weights converge is another "
        "reading, and false: .caption_ill_posed_weights.",
    ),
    Claim(
        id=f"{ROW}.caption_ill_posed_weights",
        short="the weights of gradient descent grow like log t, without limit; its loss and increments tend to 0",
        source=CAPTION,
        printed=CONVERGES,
        reading="the weights converge: the text says of Newton's method, whose loss tends to 0 too, that it diverges",
        variant_of=f"{ROW}.caption_ill_posed",
        statement="On the two points of Figure 2a the weights of gradient descent converge, so that their limit is a "
        "fixed point, at which the gradient vanishes.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=limit,
        scope="the points 1, -1 with labels 1, -1, f(x) = W x + b, 0 < eta <= 1",
        covers_all=True,
        repairs={"the loss converges": Variant(repaired=True)},
        counterexamples={LIMIT: {"E": "1", "g": "1/2", "z": "1"}},
        near_misses=(
            NearMiss(LIMIT, {"E": "1", "g": "0", "z": "1"}, "not the gradient there"),
            NearMiss(LIMIT, {"E": "0", "g": "1", "z": "1"}, "no finite weight"),
        ),
        minimality="two points with one weight; at every finite weight the gradient is positive",
        snippet=(
            "from math import exp, log\n"
            "w, seen = 0.0, []  # the margin of both points; the gradient of the mean loss is 1 / (1 + e^w)\n"
            "for t in range(1, 100001):\n"
            "    w += 1 / (1 + exp(w))\n"
            "    if t in (10, 100, 1000, 10000, 100000):\n"
            "        seen.append(w)\n"
            "        assert log(1 + t / 2) <= w <= log(1 + t)  # unbounded in t\n"
            "print([round(v, 3) for v in seen])"
        ),
        textbook=(
            EXP,
            TANGENT,
            INDUCTION,
            Textbook("a limit of iterates of a continuous map is a fixed point", "Rudin, Principles, theorem 4.2"),
        ),
        repaired_by=f"{ROW}.caption_ill_posed",
        argument="proof.md#the-algorithm",
        notes="In binary32 the weights do stop: a step below half a unit in the last place is rounded away.",
    ),
    Claim(
        id=f"{ROW}.caption_zero_error",
        source=CAPTION,
        printed="For margin m small enough, if the classes are separable, 0% training error is achievable by hinge.",
        reading="achievable: by every minimizer of the training loss over Lip_L; small enough: m < L D",
        statement="For every finite training set whose classes have distance D > 0, L > 0 and 0 < m < L D, the hinge "
        "loss has minimizers over L-Lipschitz functions, and each of them has training error 0.",
        expected=Verdict.PROVED,
        obligations=accuracy.obligations,
        scope="all n, L and finite training sets without contradictory labels",
        covers_all=True,
        hypotheses={
            "separated": "m is smaller than L times the distance of the classes",
            "bayes": "the label at a training input is the likelier one there",
            "lipschitz": "f is L-Lipschitz",
        },
        constants={"ratio": Constant(Fraction(1), Fraction(101, 100), words="of L D, which m must stay below")},
        textbook=(Textbook("Arzelà and Ascoli, for existence", "Rudin, Principles, theorem 7.25"),),
        depends_on=("bethune2021.hinge_hkr", "bethune2021.reformulation.units"),
        argument="proof.md#zero-training-error",
        notes="The bound is sharp: at m = L D two points suffice for an error (bethune2021.hinge_hkr.any_margin). The "
        "least loss is 0 exactly if 2 m <= L D. Networks of any width reach loss 0, so error 0, for every m > 0.",
    ),
)
