"""What Figures 3 and 6 show of training runs, and no exact statement decides."""

from __future__ import annotations

from collections.abc import Sequence

from lipcheck.claims.anil2019.tables_and_figures.figures import observation
from lipcheck.claims.bethune2021.figures_2_3_5_6._words import PAPER, ROW
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.formulas import Formula
from lipcheck.words.obligation import Forall, Obligation
from lipcheck.words.terms import positive_part, var
from lipcheck.words.verdict import Budget, Verdict


def under_fitting(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Larger classes have no larger least loss; a point of +1 with few others around can be cheaper to lose."""
    rise, small, large, d, Z, square = map(var, ("rise", "small", "large", "d", "Z", "square"))
    nested = Forall(
        "known: larger constants allow more",
        {"lipschitz": rise <= small * d, "larger": small <= large, "d": d >= 0},
        rise <= large * d,
    )
    shape: dict[str, Formula] = {"Z": Z > 0, "square": square <= 8}
    lost = Forall("known: at small L minimizers can err (Figure 2b)", shape, Z * square <= 8 * Z + 9)
    return [nested, lost, observation("training error on CIFAR10 falls to its least value as L grows")]


def hinge_kr(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The least hinge-KR loss does not fall when m grows, and -z + 100 max(0, m - z) bounds it from below by -m."""
    m, n, z = map(var, ("m", "n", "z"))
    small, large = 100 * positive_part(m - z) - z, 100 * positive_part(n - z) - z
    return [
        Forall("known: the loss of a score grows with m", {"larger": m <= n}, small <= large),
        Forall("known: scores above m are rewarded by the Wasserstein part alone", {"z": z >= m}, small <= -m),
        observation("training curves of the hinge-KR loss with lambda = 100 for several m"),
    ]


CLAIMS = (
    Claim(
        id=f"{ROW}.figure_3_training",
        source=f"{PAPER}, section 4, on Figure 3a",
        printed="We see that the network end up severely under-fitting for small values of L. [...] As L grows, "
        "we close to "
        "up to the maximum accuracy.",
        statement="The training error of the trained networks on CIFAR10, dogs versus cats, is large for small L and "
        "approaches 0 as L grows.",
        expected=Verdict.UNKNOWN,
        open_because="the curves are not in the scan and neither the networks nor their errors are published; repeated "
        "runs on CIFAR10 would support or contradict it",
        empirical=True,
        obligations=under_fitting,
        scope="networks trained by the authors",
        covers_all=False,
        argument="proof.md#training",
        notes="That the minimizer of BCE can err where an error-free L-Lipschitz function exists is exact: figure_2b.",
    ),
    Claim(
        id=f"{ROW}.figure_6",
        source=f"{PAPER}, appendix G and Figure 6",
        printed="The experiments of Figure 3 can be done with HKR loss as well, in Figure 6. [...] HKR loss "
        "with λ = 100 and "
        "various values for m.",
        statement="Trained with the hinge-KR loss, lambda = 100, the networks of Figure 3 show the same "
        "dependence on m as "
        "with the hinge loss: smaller margins give smaller training losses and errors.",
        expected=Verdict.UNKNOWN,
        open_because="the curves are not in the scan and nothing about them is printed; repeated runs on CIFAR10 would "
        "support or contradict it",
        empirical=True,
        obligations=hinge_kr,
        scope="networks trained by the authors",
        covers_all=False,
        argument="proof.md#training",
        notes="As an exact problem it is a regularized transport problem (hinge_hkr.regularized_transport).",
    ),
)
