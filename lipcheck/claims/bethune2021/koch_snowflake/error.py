"""Example 1 and Figure 1 (b): the trained network's mean absolute error is below 1. Only the experiment can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lipcheck.claims.bethune2021.koch_snowflake.frontier import ROW, SOURCE
from lipcheck.claims.bethune2021.koch_snowflake.network import interpolant
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Variant
from lipcheck.words.errors import LipcheckError
from lipcheck.words.formulas import conj, equals
from lipcheck.words.obligation import Examination, Exists, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Verdict


class RunError(LipcheckError, ValueError):
    """Data that describe no training run."""


def trained(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """What is known without the run: error 0 is possible on a finite grid, and below 1 says nothing of signs near F."""

    def run(given: Any) -> Examination:
        if not isinstance(given, Mapping) or set(given) != {"mean_absolute_error"}:
            raise RunError("give the mean absolute error of a run on the paper's data")
        return Examination({"run": False}, parse(given["mean_absolute_error"]) < 1)

    def exact(values: Any) -> bool:
        if not isinstance(values, list) or len(values) != 4:
            raise RunError("give the values at four points")
        network = interpolant([int(parse(v)) for v in values]).network()
        return all(
            evaluate(network, p) == (parse(v),) for p, v in zip(((0, 0), (3, 0), (0, 4), (3, 4)), values, strict=True)
        )

    f, g = var("f"), var("g")
    sign = Forall(
        "known: an error below 1 leaves the sign right where |f| >= 1",
        {"error": absolute(f - g) < 1, "f": f >= 1},
        conj(g > 0),
    )
    mean = Forall("known: equal values have no error", {"values": equals(f, g)}, equals(absolute(f - g), 0))
    zero = Exists(
        "known: error 0 is possible at finitely many points",
        "a MaxMin network has given 1-Lipschitz values at four points",
        exact,
        lambda: ["0", "3", "-2", "0"],
    )
    text = "the trained network's mean absolute error on the 160 000 pixels is below 1"
    return [zero, sign, mean, Universal("the trained network", text, run, lambda: [])]


CLAIMS = (
    Claim(
        id=f"{ROW}.error",
        source=SOURCE,
        printed="We train a 6-layers (5 hidden layers of width 128) 1-Lipschitz NN by regression to fit the HMF (160 "
        "000 pixels, 20 epochs) and we obtain the function in Figure 1 (c), with mean absolute error inferior to 1.",
        statement="The mean absolute error of the trained network on the 160 000 pixels is below 1, in the unit of the "
        "HMF that the strip |f(x)| <= 0.5 is drawn in.",
        expected=Verdict.UNKNOWN,
        obligations=trained,
        scope="the paper's experiment",
        covers_all=False,
        empirical=True,
        open_because="a result of one training run, whose data, unit of length, seed and weights are not printed; the "
        "run itself would settle it",
        argument="proof.md#the-experiment",
        notes="Nothing speaks against it: an error of 0 is possible for a larger network (the claim network).",
    ),
)
