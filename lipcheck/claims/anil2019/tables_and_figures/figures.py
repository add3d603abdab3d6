"""Observations on trained networks that no printed number decides: they stay open, with what is known on either side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from lipcheck.claims.anil2019.tables_and_figures._tables import ICLR, ICML, ROW, TABLE_5, number
from lipcheck.network import Affine, MaxMin, Network, ReLU
from lipcheck.norms import is_orthonormal, spectral_norm_at_most
from lipcheck.readings.rational import jacobian
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import Formula, conj, equals
from lipcheck.words.obligation import Data, Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Verdict

ONE, HALF = Fraction(1), Fraction(1, 2)
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


def orthonormal_pair(middle: MaxMin | ReLU) -> Network:
    """R^1 -> R^2 -> R^1 with orthonormal weights [1, 1]'/2 repeated on four units, and a row that reads one sign."""
    column = Affine.linear([[HALF], [HALF], [HALF], [HALF]])
    return Network(1, (column, middle, Affine.linear([[HALF, HALF, -HALF, -HALF]])))


def isometry(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The bound 10; and that orthonormal weights do not force singular values near it."""
    s, k = var("s"), var("k")
    bound = Forall("known: none exceeds 10", {"layers": conj(s >= 0, s <= 1), "scale": equals(k, 10)}, k * s <= 10)

    def holds(x: Data) -> bool:
        network = orthonormal_pair(MaxMin())
        weights = [layer.weight for layer in network.layers if isinstance(layer, Affine)]
        tight = all(is_orthonormal(w) and spectral_norm_at_most(w, ONE) for w in weights)
        return tight and jacobian(network, [x]) == ((0,),)

    text = "a MaxMin network with orthonormal weights has the Jacobian 0"
    zero = Exhaustive("known: orthonormal weights do not force it", text, lambda: [1, -2], holds, [1, -2])
    return [bound, zero, observation("the singular values of the trained networks lie in 9-10 and in 4-8")]


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
    s, top = var("s"), var("top")
    given: dict[str, Formula] = {"orthonormal": conj(equals(s, 1), equals(top, 1))}
    allowed = Forall("known: spectral normalization leaves orthonormal weights alone", given, equals(s * top, s))
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
        "orthonormal weight (784 to 1024 units) shortens gradients that leave its range. So 9-10 is an effect of training.",
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
        "Note that networks using Bjorck orthonormalization both converge faster and achieve higher final approximation "
        "accuracies, as measured by the estimated Wasserstein Distance.",
        "On the cone task training with Bjorck needs fewer iterations than with spectral normalization, and ends at a "
        "greater objective.",
        faster,
        "the curves are not in the scan; training runs with the stated rates would support or contradict it, not prove it",
        "What spectral normalization can represent includes all that orthonormal weights can.",
    ),
)
