"""Row robustness certificates: "no" for unconstrained networks, "yes (Property 1)" for L-Lipschitz ones.

Plain reading: whether the logit f(x) yields a radius within which the class is certain. For L-Lipschitz functions that
radius is |f(x)|/L; for unconstrained networks no positive number that depends on the logit alone is a certificate. Read
to the letter, "no" is false: each network has a Lipschitz constant that its weights bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any

from lipcheck.build.line_classifiers import sign_cells
from lipcheck.claims.bethune2021.corollary_3._line import line, networks
from lipcheck.claims.bethune2021.property_1 import CHANGED, lower_bound
from lipcheck.claims.bethune2021.proposition_5._steps import kept
from lipcheck.claims.bethune2021.table_1._transport import ROW, SOURCE, TrainingSetError
from lipcheck.network import Affine, Network, ReLU
from lipcheck.readings.rational import evaluate
from lipcheck.words.claim import Claim, Constant, NearMiss, Textbook, Variant
from lipcheck.words.formulas import Formula, conj
from lipcheck.words.obligation import Data, Examination, Exists, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import absolute, var
from lipcheck.words.verdict import Budget, Grade, Verdict

PRINTED = "[Table 1, robustness certificates, unconstrained NN:] no"
PRINTED_LIPSCHITZ = "[Table 1, robustness certificates, L-Lipschitz NN:] yes (Property 1)"
NONE = "the weights give no certificate"
IDENTITY: Any = {"weights": ["1"], "biases": ["0"], "x": "1"}
f, g, size = map(var, ("f", "g", "size"))


def steep(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """f(t) = v - K t has the logit v > 0 at 0 and is negative at rho/2, for K rho > 2 v; and one such network."""
    v, K, rho, delta = map(var, ("v", "K", "rho", "delta"))
    given: dict[str, Formula] = {
        "rule": conj(rho > 0, v > 0, 2 * delta >= rho, 2 * delta <= rho),
        "unconstrained": K * rho > variant.value("slope", 2) * v,
    }

    def accepts(data: Data) -> bool:
        (network,) = networks(data, "network")
        radius, _ = sign_cells(network, 1).radius(Fraction(0))
        return evaluate(network, [Fraction(0)])[0] == 1 and radius is not None and radius <= Fraction(1, 1000)

    text = "a network with the logit 1 at 0 and a robustness radius of at most 1/1000 there"
    return [
        Forall("a steep network", kept(variant, given, ["unconstrained"]), conj(v - K * delta < 0, delta < rho)),
        Exists("logit 1, radius 1/1000", text, accepts, lambda: {"network": line("-1000", "1")}),
    ]


def chain(data: Any) -> tuple[Network, Fraction, Fraction]:
    """The network of scalar layers with ReLU between them, its input, and the product of the sizes of its weights."""
    if not isinstance(data, Mapping) or set(data) != {"weights", "biases", "x"}:
        raise TrainingSetError("give weights, biases and x")
    weights, biases = ([parse(t) for t in data[key]] for key in ("weights", "biases"))
    if not weights or len(weights) != len(biases):
        raise TrainingSetError("every layer has a weight and a bias")
    layers: list[Affine | ReLU] = []
    for w, b in zip(weights, biases, strict=True):
        layers += [Affine([[w]], [b]), ReLU()]
    return Network(1, tuple(layers[:-1])), parse(data["x"]), prod(map(abs, weights), start=Fraction(1))


def literal(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Whether |f(x)| over the product of the weights is no certificate at x; repaired, whether |f(x)| fails as a rule.

    Repaired, the rule |f(x)| is put to the affine network with the same logit and the slope -2: its radius is half.
    """

    def examine(data: Data) -> Examination:
        network, x, bound = chain(data)
        v = evaluate(network, [x])[0]
        if variant.repaired:
            other, place, rule = Network(1, (Affine([[-2 if v > 0 else 2]], [v]),)), Fraction(0), abs(v)
        else:
            other, place, rule = network, x, abs(v) / bound if bound else Fraction(0)
        radius, _ = sign_cells(other, 1).radius(place)
        certified = rule > 0 and (radius is None or rule <= radius)
        return Examination({"a logit other than 0": v != 0, "weights": bound > 0}, not certified)

    rule = "|f(x)| serves networks of any slope" if variant.repaired else "|f(x)| over the product of the |w| is one"
    text = f"no robustness certificate: it is not so that {rule}"
    return [Universal(NONE, text, examine, lambda: [IDENTITY], parameters=variant.repaired)]


def certificate(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """Every attack on an L-Lipschitz f is at least |f(x)|/L in norm, and so is the infimum."""
    L = var("L")
    given: dict[str, Formula] = {"changed": CHANGED, "norm": conj(size >= 0, L > 0)}
    given["lipschitz"] = conj(f - g <= L * size, g - f <= L * size)
    attack = L * size >= variant.value("factor", 1) * absolute(f)
    return [Forall("every attack", kept(variant, given, ["lipschitz"]), attack), lower_bound(variant)]


CLAIMS = (
    Claim(
        id=f"{ROW}.certificates_unconstrained",
        source=SOURCE,
        printed=PRINTED,
        reading="the logit of an unconstrained network certifies nothing",
        statement="Let rho(v) > 0 for some logit v > 0 (likewise v < 0). Then some affine network f on R, and every "
        "class of networks that contains it, has f(0) = v and a change of sign at a distance below rho(v): no positive "
        "radius that depends on the logit alone holds for all networks.",
        expected=Verdict.PROVED,
        obligations=steep,
        scope="all rules, all logits other than 0",
        covers_all=True,
        hypotheses={"unconstrained": "networks of every slope K are allowed"},
        constants={"slope": Constant(Fraction(2), Fraction(198, 100), words="K rho/v, to change the sign at rho/2")},
        argument="proof_transport.md#certificates",
        notes="In n dimensions f depends on one input.",
    ),
    Claim(
        id=f"{ROW}.certificates_unconstrained_literal",
        source=f"{SOURCE}; section 2.2: 'Certificates can be produced by bounding the Lipschitz constant'",
        printed=PRINTED,
        short="|f(x)|/(product of ||W_i||) is a positive certificate for every network; |f(x)| alone is none",
        reading="to the letter: nothing computed from an unconstrained network is a certificate",
        variant_of=f"{ROW}.certificates_unconstrained",
        statement="For every network of affine layers and ReLU and every x with f(x) != 0, |f(x)| divided by the "
        "product of the norms of the weights is no positive lower bound of the robustness radius at x.",
        expected=Verdict.REFUTED,
        grade=Grade.WORDING,
        obligations=literal,
        scope="networks of scalar layers",
        covers_all=True,
        counterexamples={NONE: IDENTITY},
        near_misses=(
            NearMiss(NONE, {**IDENTITY, "x": "0"}, "the logit is 0"),
            NearMiss(NONE, {**IDENTITY, "weights": ["0"], "biases": ["1"]}, "the product of the weights is 0"),
        ),
        minimality="one layer of one unit; every network with f(x) != 0 and weights other than 0 is a counterexample",
        snippet="""\
W1, W2, b2 = 3, -2, 7                                     # f(x) = W2 max(W1 x, 0) + b2, unconstrained
f = lambda x: W2 * max(W1 * x, 0) + b2
radius = abs(f(0)) / (abs(W1) * abs(W2))
print("certificate at 0:", radius)
assert radius > 1 and all(f(k / 1000) > 0 for k in range(-1166, 1167))    # 7/6 = 1.1666...
""",
        repairs={"from the logit alone": Variant(repaired=True)},
        repaired_by=f"{ROW}.certificates_unconstrained",
        argument="proof_transport.md#certificates",
        notes="Such certificates are usually tiny, which is what the table means; section 2.2 has the positive form.",
    ),
    Claim(
        id=f"{ROW}.certificates_lipschitz",
        source=SOURCE,
        printed=PRINTED_LIPSCHITZ,
        reading="Property 1 with the constant L of the column: the radius is |f(x)|/L",
        statement="For every L > 0, every L-Lipschitz f: R^n -> R, every x and every delta with sign(f(x + delta)) != "
        "sign(f(x)), ||delta|| >= |f(x)|/L; so the robustness radius, an infimum, is at least |f(x)|/L. sign(0) may be "
        "-1, 0 or 1.",
        expected=Verdict.PROVED,
        obligations=certificate,
        scope="all L-Lipschitz functions, norms and dimensions",
        covers_all=True,
        hypotheses={"lipschitz": "f is L-Lipschitz"},
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of |f(x)|/L in the bound")},
        textbook=(Textbook("an infimum r < b of sizes has a size below (r + b) / 2", "definition of the infimum"),),
        depends_on=("bethune2021.property_1",),
        argument="proof_transport.md#certificates",
        notes="|f(x)| itself, as in Property 1, is a certificate for L <= 1 only.",
    ),
)
