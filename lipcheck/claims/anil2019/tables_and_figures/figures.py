"""Observations on trained networks that no printed number decides: they stay open, with what is known around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.tables_and_figures._tables import ICLR, ICML, ROW, TABLE_5, number
from lipcheck.exact import matrix
from lipcheck.network import Affine, MaxMin, Network, ReLU
from lipcheck.norms import is_orthonormal, spectral_norm_at_most
from lipcheck.readings.rational import jacobian
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Verdict

ONE = Fraction(1)
Made = Callable[[Variant, Budget], Sequence[Obligation]]


class UnpublishedError(LipcheckError, ValueError):
    """Data that would have to come from an experiment of which no record is published."""


def observation(text: str) -> Universal:
    """The statement itself: its objects are records of the experiment, and none is published."""

    def examine(data: Data) -> Examination:
        raise UnpublishedError(f"no record of this experiment is published: {text}")

    def candidates() -> Iterable[Data]:
        return ()

    return Universal("the observation", text, examine, candidates)


def losing() -> Network:
    """R -> R^2 -> R with orthonormal weights and MaxMin: for x > 0 it is 0, since (4, 3) is read by (3, -4)."""
    column = [[Fraction(3, 5)], [Fraction(4, 5)]]
    return Network(1, (Affine.linear(column), MaxMin(), Affine.linear([[Fraction(3, 5), Fraction(-4, 5)]])))


def isometry(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound 10; and that orthonormal weights do not force singular values near it."""
    s, layer = var("s"), var("layer")
    given: dict[str, Formula] = {"network": conj(s >= 0, s <= 10), "layer": conj(layer >= 0, layer <= 1)}
    bound = Forall("known: one more layer keeps the bound 10", given, s * layer <= 10)

    def holds(x: Data) -> bool:
        weights = [part.weight for part in losing().layers if isinstance(part, Affine)]
        return all(map(is_orthonormal, weights)) and jacobian(losing(), [x]) == ((Fraction(0),),)

    text = "a MaxMin network with orthonormal weights has the Jacobian 0"
    zero = Exhaustive("known: orthonormal weights do not force it", text, lambda: [1, 2], holds, [1, 2])
    return [bound, zero, observation("the singular values of the trained networks lie in 9-10 and in 4-8")]


def full_slope() -> Network:
    """R -> R^2 -> R with orthonormal weights and ReLU: x for x > 0."""
    column = [[Fraction(3, 5)], [Fraction(4, 5)]]
    return Network(1, (Affine.linear(column), ReLU(), Affine.linear([[Fraction(3, 5), Fraction(4, 5)]])))


def capacity(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound; and that ReLU can use all of it where its units are positive."""
    s, layer = var("s"), var("layer")
    given: dict[str, Formula] = {"network": conj(s >= 0, s <= 10), "layer": conj(layer >= 0, layer <= 1)}
    bound = Forall("known: one more layer keeps the bound 10", given, s * layer <= 10)

    def holds(x: Data) -> bool:
        weights = [part.weight for part in full_slope().layers if isinstance(part, Affine)]
        return all(map(is_orthonormal, weights)) and jacobian(full_slope(), [x]) == ((ONE,),)

    text = "a ReLU network with orthonormal weights, positive units and the Jacobian 1; 10 after scaling"
    whole = Exhaustive("known: ReLU can use all of it", text, lambda: [1, 2], holds, [1, 2])
    return [bound, whole, observation("the greatest singular values of the trained networks are near 8 and near 10")]


def undead(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """A unit that is positive on all data is the identity there."""
    z = var("z")
    linear = Forall("known: no nonlinear processing", {"positive": z >= 0}, equals(positive_part(z), z))
    return [linear, observation("about 10 % of the units are positive on all training data in the worst case")]


def gap(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Test errors are lower with the constraint on little data; training errors are not printed."""

    def holds(size: Data) -> bool:
        return number(TABLE_5["Bjorck", "ReLU"][size]) < number(TABLE_5["Standard", "ReLU"][size])

    sizes = [100, 500, 1000, 5000, 10000]
    lower = Exhaustive("known: lower test errors", "Bjorck errs less than standard", lambda: sizes, holds, sizes)
    return [lower, observation("test error minus training error is smaller with the constraint")]


def faster(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Spectral normalization allows every orthonormal matrix, so that its networks can reach no less."""
    matrices: list[Data] = [
        [["3/5", "4/5"], ["-4/5", "3/5"]],
        [["1/3", "2/3", "2/3"], ["2/3", "1/3", "-2/3"]],
        [["1/2"], ["1/2"], ["1/2"], ["-1/2"]],
    ]

    def holds(rows: Data) -> bool:
        weight = matrix(rows)
        return spectral_norm_at_most(weight, ONE) and not spectral_norm_at_most(weight, Fraction(999, 1000))

    text = "an orthonormal matrix has the spectral norm 1, so that dividing by it changes nothing"
    name = "known: spectral normalization leaves orthonormal weights alone"
    allowed = Exhaustive(name, text, lambda: matrices, holds, matrices)
    return [allowed, observation("training with Bjorck reaches a greater objective, in fewer iterations")]


def claim(name: str, source: str, printed: str, statement: str, made: Made, why: str, notes: str = "") -> Claim:
    """One observation that stays open."""
    return Claim(
        id=f"{ROW}.{name}",
        source=source,
        printed=printed,
        statement=statement,
        expected=Verdict.UNKNOWN,
        open_because=why,
        empirical=True,
        obligations=made,
        scope="networks trained by the authors",
        covers_all=False,
        argument="proof.md#open-observations",
        notes=notes,
    )


CLAIMS = (
    claim(
        "figure_16",
        f"{ICLR}, appendix F.3, Figure 16",
        "While the ReLU singular values are spread in the range 4-8 the GroupSort network concentrates the singular "
        "values in range 9-10.",
        "The Jacobian singular values of the trained 10-Lipschitz networks lie in [4, 8] for ReLU and in [9, 10] for "
        "GroupSort.",
        isometry,
        "the figure is not in the scan and the trained networks are not published; their weights would settle it",
        "No singular value exceeds 10. Orthonormal weights and GroupSort allow every value from 0 to 10: a tall "
        "orthonormal weight (784 to 1024 units) shortens gradients that leave its range. So 9-10 is an effect of "
        "training.",
    ),
    claim(
        "figure_4",
        f"{ICML} and {ICLR}, section 7.1.2 (Figure 6 and Figure 4)",
        "The ReLU network was not able to make use of the capacity afforded to it and the observed Lipschitz constant "
        "was actually closer to 8 than 10.",
        "Over the training data the largest Jacobian singular value of the trained 10-Lipschitz ReLU network is nearer "
        "to 8 than to 10, and that of the GroupSort network is greater.",
        capacity,
        "the histogram is not in the scan and the trained networks are not published; their weights would settle it",
        "That this network did not is an observation; ReLU networks can: where all units are positive, the Jacobian is "
        "a product of weights. Those are linear there (theorem_1).",
    ),
    claim(
        "undead",
        f"{ICML}, section 7.1.2, Figure 6 ({ICLR}: Figure 5)",
        "In the worst case, about 10% of units were “undead”, or active all of the time, and hence didn’t contribute "
        "any nonlinear processing.",
        "Of the units of the ReLU network with the smallest Lipschitz constant about 10 % are positive on all training "
        "data.",
        undead,
        "the curves are not in the scan and the trained networks are not published; their weights would settle it",
        "The second half is exact on the training data: where a unit is positive on all of them it is the identity.",
    ),
    claim(
        "generalization_gap",
        f"{ICLR}, appendix F.1",
        "While enforcing the Lipschitz constraint aggressively could hurt overall predictive performance, it decreases "
        "the generalization gap substantially.",
        "The difference of test and training error is smaller with the Lipschitz constraint.",
        gap,
        "no training error is printed; the training errors of Table 5's networks would settle it",
        "Lower test errors with little data (table_5_constraint) do not show it: the training errors may differ too.",
    ),
    claim(
        "figure_13",
        f"{ICLR}, appendix B.2, Figure 13",
        "Note that networks using Bjorck orthonormalization both converge faster and achieve higher final "
        "approximation accuracies, as measured by the estimated Wasserstein Distance.",
        "On the cone task training with Bjorck needs fewer iterations than with spectral normalization, and ends at a "
        "greater objective.",
        faster,
        "the curves are not in the scan; training runs with the stated rates would support or contradict it, not "
        "prove it",
        "What spectral normalization can represent includes all that orthonormal weights can.",
    ),
)
