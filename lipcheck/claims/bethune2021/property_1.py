"""Béthune et al. 2021, Property 1: "For any 1-Lipschitz neural network, the robustness radius ||delta|| at example x
verifies ||delta|| >= |f(x)|", and "Computing the certificate is straightforward and do[es] not increase runtime".

Plain reading: c = sign o f, f 1-Lipschitz, the radius as an infimum. It holds in every norm, whatever sign(0) is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from lipcheck.build.line_classifiers import CONVENTIONS, sign_cells, value
from lipcheck.claims.bethune2021.corollary_3._line import line, lipschitz, mountain, networks
from lipcheck.words.claim import Claim, Constant, Textbook, Variant
from lipcheck.words.formulas import Formula, conj, disj, equals
from lipcheck.words.obligation import Examination, Exhaustive, Forall, Obligation, Universal
from lipcheck.words.rationals import parse
from lipcheck.words.terms import absolute, maximum, var
from lipcheck.words.verdict import Budget, Verdict

ROW = "bethune2021.property_1"
SOURCE = "Béthune et al. 2021, arXiv version with appendices, section 3.2, Property 1"
PRINTED = "For any 1-Lipschitz neural network, the robustness radius ‖δ‖ at example x verifies ‖δ‖ ≥ |f(x)|."
f, g, size = map(var, ("f", "g", "size"))
LIPSCHITZ: Formula = conj(f - g <= size, g - f <= size)
CHANGED: Formula = conj(disj(f <= 0, g <= 0), disj(f >= 0, g >= 0))
"""f = f(x) and g = f(x + delta) are not both positive and not both negative: the weakest form of a changed sign."""


def attack(variant: Variant) -> Forall:
    """An attack is as large as the logit, times `factor`."""
    hypotheses: dict[str, Formula] = {"changed": CHANGED, "norm": size >= 0}
    if variant.keeps("lipschitz"):
        hypotheses["lipschitz"] = LIPSCHITZ
    return Forall("every attack", hypotheses, size >= variant.value("factor", 1) * absolute(f))


def lower_bound(variant: Variant) -> Forall:
    """What no attack is smaller than, the infimum is not: else an attack of size r + (bound - r) / 2 is smaller.

    `size` is that of an attack with r <= size <= (r + bound) / 2, which the infimum r < bound has.
    """
    r, bound = map(var, ("r", "bound"))
    near = disj(r >= bound, conj(size >= r, 2 * size <= r + bound))
    return Forall("the infimum", {"attack": size >= bound, "near the infimum": near}, r >= bound)


def on_the_line(variant: Variant) -> Universal:
    """Networks on the line, whose radius is decided."""
    factor = variant.value("factor", 1)

    def examine(data: Any) -> Examination:
        (network,) = networks(data, "network")
        x = parse(data["x"])
        radius, _ = sign_cells(network, data["zero"]).radius(x)
        bound = factor * abs(value(network, x))
        return Examination({"lipschitz": lipschitz(network)}, radius is None or radius >= bound)

    return Universal("networks on the line", f"the radius at x is at least {factor} |f(x)|", examine,
                     lambda: [{"network": line(s, 0), "x": "1", "zero": 1} for s in (1, 2)],
                     variant.dropped, str(factor))  # fmt: skip


def tables(variant: Variant) -> Exhaustive:
    """Zigzags of slope one, and half of them, for every value of sign(0)."""

    def elements() -> Iterator[list[Any]]:
        for other in (["2"], ["-2", "2"], ["-2", "1", "4"]):
            for zero in CONVENTIONS:
                yield from ([other, zero, x] for x in range(-12, 21))

    def holds(element: list[Any]) -> bool:
        other, zero, x = element
        network = _zigzag(tuple(other))
        place = Fraction(x, 4)
        radius, _ = sign_cells(network, zero).radius(place)
        return radius is not None and radius >= abs(value(network, place))

    return Exhaustive("zigzags", "HMF of {0} and of one to three points: the radius is at least |f|", elements, holds)


def _zigzag(other: tuple[str, ...]) -> Any:
    return mountain({"A": ["0"], "B": list(other)}).network()


def certificate(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """One attack, the infimum, and networks on the line."""
    return [attack(variant), lower_bound(variant), on_the_line(variant), tables(variant)]


def runtime(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """The certificate max(v, -v) of the logit v alone, and that no larger number is one for f(x) = x."""
    factor = variant.value("factor", 1)
    hypotheses: dict[str, Formula] = {"changed": CHANGED, "norm": size >= 0}
    if variant.keeps("lipschitz"):
        hypotheses["lipschitz"] = LIPSCHITZ
    v, rule = map(var, ("v", "rule"))
    return [
        Forall("from the logit", hypotheses, size >= factor * maximum(f, -f)),
        Forall("no better rule", {"sound for f(x) = x": disj(conj(v >= 0, rule <= v), conj(v < 0, rule <= -v))},
               rule <= maximum(v, -v)),
        Forall("f(x) = x is changed at 0", {"delta": conj(equals(f, v), equals(g, 0), equals(size, absolute(v)))},
               conj(CHANGED, equals(size, absolute(f)))),
    ]  # fmt: skip


def unsure(variant: Variant, budget: Budget) -> Sequence[Obligation]:
    """|f(x)| >= m excludes attacks smaller than m; |v| < m does not, for f(x) = x at x = v: the sign changes strictly.

    Steps beyond 0 by `more` > 0 with |v| + more <= m.
    """
    m, v, more, factor = var("m"), var("v"), var("more"), variant.value("factor", 1)
    confident: dict[str, Formula] = {"changed": CHANGED, "confident": absolute(f) >= m, "norm": conj(size >= 0, m > 0)}
    if variant.keeps("lipschitz"):
        confident["lipschitz"] = LIPSCHITZ
    step = conj(more > 0, absolute(v) + more <= m)
    return [
        Forall("confident", confident, size >= factor * m),
        Forall(
            "unsure, v >= 0", {"v": v >= 0, "step": step, "g": equals(g, v - (v + more))}, conj(g < 0, v + more <= m)
        ),
        Forall("unsure, v < 0", {"v": v < 0, "step": step, "g": equals(g, v + (more - v))}, conj(g > 0, more - v <= m)),
    ]


HYPOTHESES = {"lipschitz": "f is 1-Lipschitz"}
FACTOR = {"factor": Constant(Fraction(1), Fraction(101, 100), words="of |f(x)| in the bound")}

CLAIMS = (
    Claim(
        id=ROW,
        source=SOURCE,
        printed=PRINTED,
        statement="For every 1-Lipschitz f: R^n -> R, every x and every delta with sign(f(x + delta)) != sign(f(x)), "
        "||delta|| >= |f(x)|; so the robustness radius, an infimum, is at least |f(x)|. sign(0) may be -1, 0 or 1.",
        expected=Verdict.PROVED,
        obligations=certificate,
        scope="all 1-Lipschitz functions, norms, dimensions and values of sign(0)",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants=FACTOR,
        textbook=(Textbook("an infimum r < b of sizes has a size below (r + b) / 2", "definition of the infimum"),),
        argument="proof.md#the-certificate",
        depends_on=("bethune2021.adversarial_radius.infimum",),
        notes="f(x) = 0 says ||delta|| >= 0. A classifier with one value has an infinite radius. L-Lipschitz: |f(x)| / "
        "L.",
    ),
    Claim(
        id=f"{ROW}.runtime",
        source=SOURCE.replace("Property 1", "after Property 1"),
        printed="Computing the certificate is straightforward and do[es] not increase runtime, contrary to methods "
        "based on bounding boxes or abstract interpretation.",
        reading="the network is 1-Lipschitz by construction; the certificate is read off the logit by one absolute "
        "value",
        statement="For 1-Lipschitz f the number max(v, -v), v = f(x), is a certificate at x: no value of f other than "
        "the logit enters. Among the rules that depend on v alone and are certificates for f(x) = x, none gives more.",
        expected=Verdict.PROVED,
        obligations=runtime,
        scope="all 1-Lipschitz functions",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants=FACTOR,
        argument="proof.md#runtime",
        depends_on=(ROW,),
        notes="That a network is 1-Lipschitz is to be known beforehand; to decide it for given weights is another "
        "matter.",
    ),
    Claim(
        id=f"{ROW}.unsure",
        source="Béthune et al. 2021, arXiv version with appendices, section 5, before Proposition 7",
        printed="while |f(x)| < m can be understood as examples x for which the classifier is unsure: the label may be "
        "flipped using attacks of norm ‖δ‖ ≤ m.",
        reading="may: Property 1 excludes such attacks where |f(x)| >= m, up to the size m, and cannot where |f(x)| < "
        "m",
        statement="For 1-Lipschitz f and m > 0: if |f(x)| >= m, every attack on x has a norm of at least m. For every "
        "v with |v| < m some 1-Lipschitz f and x with f(x) = v have an attack of norm at most m with a strict change "
        "of sign.",
        expected=Verdict.PROVED,
        obligations=unsure,
        scope="all 1-Lipschitz functions; the attacked f is x on R",
        covers_all=True,
        hypotheses=HYPOTHESES,
        constants={"factor": Constant(Fraction(1), Fraction(101, 100), words="of m in the norm of an attack")},
        argument="proof.md#unsure",
        depends_on=(ROW,),
        notes="Not every x with |f(x)| < m has such an attack: the constant f = m / 2 has none. For HMF each has, as "
        "its radius is |f(x)|: corollary_3.",
    ),
)
