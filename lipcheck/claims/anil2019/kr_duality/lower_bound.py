"""Section 7.2: 1-Lipschitz networks give "lower bounds on Wasserstein distance", "using samples".

Plain reading: E_P1 f - E_P2 f <= W(P1, P2) for every 1-Lipschitz network f, and the largest such number is the tightest
bound. Read with averages over samples in place of the expectations, it fails: such an average bounds the distance of
the samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from lipcheck.claims.anil2019.kr_duality import laws
from lipcheck.claims.anil2019.kr_duality.common import ICLR, ICML, LINE, ROW, one_more_pair
from lipcheck.network import Affine, LeakyReLU, MaxMin, Network, from_json, to_json
from lipcheck.norms import spectral_norm_at_most
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.obligation import Data, Examination, Exhaustive, Obligation, Universal
from lipcheck.words.verdict import Budget, Grade, Verdict

SOURCE = f"{ICML}, section 7.2; {ICLR}, section 7.2.1"
PRINTED = (
    "Using samples from the generator and original data distribution, we trained independent 1-Lipschitz networks to "
    "compute the Wasserstein distance between the empirical data distribution and the generator distribution. [...] "
    "using norm-preserving activation functions helps achieve tighter lower bounds on Wasserstein distance."
)


def line(*layers: Any) -> Data:
    """A network from R to R as data; nested lists stand for weights without bias."""
    return to_json(Network(1, tuple(Affine.linear(layer) if isinstance(layer, list) else layer for layer in layers)))


IDENTITY = line([[1]])
STEEP = line([[Fraction(101, 100)]])
FOLDED = line([[Fraction(7, 10)], [Fraction(-7, 10)]], MaxMin(), [[Fraction(7, 10), Fraction(-7, 10)]])
SLOPING = line([[-1]], LeakyReLU(2), [[-1]])
LEFT, RIGHT = laws.atoms(0), laws.atoms(1)


def examine(data: Data, norm: Fraction) -> Examination:
    """Whether a network's dual value is a lower bound for laws on the line."""
    parts = laws.function(data["network"])
    first, second = laws.read(data["first"]), laws.read(data["second"])
    weights = [layer.weight for layer in from_json(data["network"]).layers if isinstance(layer, Affine)]
    leaky = [layer.slope for layer in from_json(data["network"]).layers if isinstance(layer, LeakyReLU)]
    hypotheses = {
        "norm": all(spectral_norm_at_most(w, norm) for w in weights),
        "activations": all(abs(slope) <= 1 for slope in leaky),
    }
    return Examination(hypotheses, laws.objective(parts, first, second) <= laws.distance(first, second))


def networks(variant: Variant) -> Universal:
    """Exact dual values of networks on the line."""
    norm = variant.value("norm", 1)
    found = [{"network": n, "first": RIGHT, "second": LEFT} for n in (IDENTITY, FOLDED, line([[norm]]), STEEP, SLOPING)]
    return Universal("networks on the line", "the dual value of a norm-constrained network is at most W(P1, P2)",
                     lambda data: examine(data, norm), lambda: found, variant.dropped, str(norm))  # fmt: skip


def obligations(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Weak duality; networks as the objects."""
    return [networks(variant), one_more_pair(Variant())]


def sampled(data: Data, repaired: bool) -> Examination:
    """Whether the dual value on samples of P1 and P2 is at most W(P1, P2); repaired, W of the two samples."""
    first, second = laws.read(data["first"]), laws.read(data["second"])
    seen = [laws.read(laws.atoms(*data[name])) for name in ("sample of first", "sample of second")]
    support = [{part.low for part in law.parts if part.low == part.high} for law in (first, second)]
    hypotheses = {
        "samples": all({p.low for p in s.parts} <= places for s, places in zip(seen, support, strict=True)),
        "lipschitz": laws.slope(laws.function(data["network"])) <= 1,
    }
    bound = laws.distance(*seen) if repaired else laws.distance(first, second)
    return Examination(hypotheses, laws.objective(laws.function(data["network"]), *seen) <= bound)


COIN = laws.atoms(0, 1)
UNLUCKY: Any = {"network": IDENTITY, "first": COIN, "second": COIN, "sample of first": ["1"], "sample of second": ["0"]}


def by_samples(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The reading with samples; nothing smaller: with one atom each, samples are the laws."""
    text = f"the dual value on samples is at most the distance of {'the samples' if variant.repaired else 'the laws'}"
    shifts = [[str(x), str(y)] for x in range(-2, 3) for y in range(-2, 3)]

    def one_atom_each(places: Data) -> bool:
        first, second = laws.atoms(places[0]), laws.atoms(places[1])
        case = {"network": IDENTITY, "first": first, "second": second, "sample of first": [places[0]],
                "sample of second": [places[1]]}  # fmt: skip
        return sampled(case, False).conclusion

    return [
        Universal("samples", text, lambda data: sampled(data, variant.repaired), lambda: [UNLUCKY],
                  parameters=variant.repaired),
        Exhaustive("minimal: laws with one atom", "a sample of a Dirac measure is that measure, so the bound holds",
                   lambda: shifts, one_atom_each),
    ]  # fmt: skip


SNIPPET = """\
from fractions import Fraction
def f(x): return x                                   # 1-Lipschitz
coin = {0: Fraction(1, 2), 1: Fraction(1, 2)}        # P1 = P2, so W(P1, P2) = 0
sample_1, sample_2 = 1, 0                            # one draw from each
print("dual value on the samples:", f(sample_1) - f(sample_2), " W(P1, P2) = 0")
assert coin[sample_1] and coin[sample_2] and f(sample_1) - f(sample_2) > 0
"""

CLAIMS = (
    Claim(
        id=f"{ROW}.lower_bound",
        source=SOURCE,
        printed=PRINTED,
        statement=(
            "E_P1 f - E_P2 f <= W(P1, P2) for every network f with ||W||_2 <= 1 and 1-Lipschitz activations, and of "
            "two such networks the one with the larger value gives the tighter bound."
        ),
        reading="the expectations are exact",
        expected=Verdict.PROVED,
        obligations=obligations,
        scope="all laws with finite first moments on R^n, all norm-constrained networks of any depth and width",
        covers_all=True,
        hypotheses={"norm": "every weight has ||W||_2 <= 1", "activations": "every activation is 1-Lipschitz"},
        constants={"norm": Constant(Fraction(1), Fraction(101, 100), words="the bound on the weights")},
        textbook=(
            LINE,
            Textbook("a composition of 1-Lipschitz maps is 1-Lipschitz", "definition"),
            Textbook(
                "induction over the pairs of a coupling; integrals of inequalities",
                "Rudin, Real and Complex Analysis, 1.24",
            ),
        ),
        argument="proof.md#lower-bound",
    ),
    Claim(
        id=f"{ROW}.sampled_bound",
        source=SOURCE,
        printed=PRINTED,
        statement="The average of f over a sample of P1, minus that over a sample of P2, is at most W(P1, P2).",
        short="an average over samples bounds the distance of the samples; exact expectations bound that of the laws",
        reading="the expectations are averages over the samples on which the network was trained",
        variant_of=f"{ROW}.lower_bound",
        expected=Verdict.REFUTED,
        grade=Grade.HYPOTHESIS,
        obligations=by_samples,
        scope="finite laws on the line",
        covers_all=True,
        repairs={"a bound on the distance of the samples": Variant(repaired=True)},
        counterexamples={"samples": UNLUCKY},
        near_misses=(
            NearMiss("samples", {**UNLUCKY, "sample of first": ["0"]}, "both samples are at 0"),
            NearMiss("samples", {**UNLUCKY, "sample of first": ["2"]}, "2 is not in the support"),
            NearMiss("samples", {**UNLUCKY, "network": line([[2]])}, "the network has slope 2"),
        ),
        minimality="one input, two atoms, one draw from each law; laws with one atom are their own samples",
        snippet=SNIPPET,
        repaired_by=f"{ROW}.lower_bound",
        argument="proof.md#samples",
        notes=(
            "With many samples, or fresh ones, the error is small on average; but a network that is fitted to a "
            "sample of the generator overestimates on average, for E W(P_M, Q) >= W(P, Q)."
        ),
    ),
)
