"""A second look at evidence that shares no code with lipcheck's terms, formulas or checker.

It reads the obligation's JSON statement and evaluates with plain dictionaries of fractions; polynomial identities are
tested at random integer points (a wrong identity of degree d survives one point of a million with probability d /
10^6).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

from oracles import object_is_right

from lipcheck.words.obligation import Exists, Forall, Obligation, Universal

Values = dict[str, Fraction]

for _file in sorted(Path(__file__).parent.glob("oracles_*.py")):
    import_module(_file.stem)


def polynomial(data: Mapping[str, str], values: Mapping[str, Fraction]) -> Fraction:
    total = Fraction(0)
    for monomial, coefficient in data.items():
        product = Fraction(coefficient)
        for factor in monomial.split("*") if monomial else ():
            name, _, exponent = factor.partition("^")
            product *= values[name] ** int(exponent or 1)
        total += product
    return total


def true(formula: Any, values: Mapping[str, Fraction]) -> bool:
    match formula:
        case ["and", *parts]:
            return all(true(p, values) for p in parts)
        case ["or", *parts]:
            return any(true(p, values) for p in parts)
        case [relation, data]:
            value = polynomial(data, values)
            return {">": value > 0, ">=": value >= 0, "=": value == 0}[relation]
    raise AssertionError(formula)


def completed(statement: Any, point: Mapping[str, str]) -> Values:
    """The point with every positive part computed from its content."""
    values = {k: Fraction(v) for k, v in point.items()}
    for name, inside in statement["positive_parts"].items():
        values[name] = max(polynomial(inside, values), Fraction(0))
    return values


def confirms(outcome: str, entry: Any, obligation: Obligation, claim: str = "") -> bool:
    """Whether the altered evidence, which replay accepted, is right after all."""
    statement = obligation.to_json()
    if isinstance(obligation, Forall):
        hypotheses = list(statement["hypotheses"].values())
        if outcome == "refuted":
            values = completed(statement, entry["refuted_by"])
            return all(true(h, values) for h in hypotheses) and not true(statement["conclusion"], values)
        values = completed(statement, entry["witness"])
        return all(true(h, values) for h in hypotheses) and (outcome == "agreed" or proves(entry["proof"], statement))
    if isinstance(obligation, Universal) and outcome == "refuted":
        return object_is_right(claim, obligation.name, entry["refuted_by"])
    return isinstance(obligation, Exists) and object_is_right(claim, obligation.name, entry["object"])


def opposite(formula: Any) -> Any:
    match formula:
        case ["and", *parts]:
            return ["or", *map(opposite, parts)]
        case ["or", *parts]:
            return ["and", *map(opposite, parts)]
        case [relation, data]:
            negative = {m: str(-Fraction(c)) for m, c in data.items()}
            return {">": [">=", negative], ">=": [">", negative], "=": ["or", [">", data], [">", negative]]}[relation]
    raise AssertionError(formula)


def opened(formula: Any) -> list[Any]:
    match formula:
        case ["and", *parts]:
            return [f for p in parts for f in opened(p)]
        case ["or", part]:
            return opened(part)
    return [formula]


def difference(name: str, inside: Mapping[str, str], sign: int) -> dict[str, str]:
    """sign * (name - inside) as polynomial data."""
    data = {m: Fraction(c) * -sign for m, c in inside.items()}
    data[name] = data.get(name, Fraction(0)) + sign
    return {m: str(c) for m, c in data.items() if c}


def proves(tree: Any, statement: Any) -> bool:
    """Whether every leaf's terms add up to an absurd constant, by evaluation at random points."""
    formulas = [statement["hypotheses"][k] for k in sorted(statement["hypotheses"])]
    formulas.append(opposite(statement["conclusion"]))
    for name, inside in statement["positive_parts"].items():
        negative = {m: str(-Fraction(c)) for m, c in inside.items()}
        off = ["and", ["=", {name: "1"}], [">=", negative]]
        on = ["and", ["=", difference(name, inside, 1)], [">=", dict(inside)]]
        formulas += [[">=", {name: "1"}], [">=", difference(name, inside, 1)], ["or", off, on]]
    names = [*statement["variables"], *statement["positive_parts"]]
    draw = random.Random(0)
    points = [{n: Fraction(draw.randrange(-(10**6), 10**6)) for n in names} for _ in range(3)]
    return subtree(tree, [f for formula in formulas for f in opened(formula)], points)


def subtree(tree: Any, facts: list[Any], points: list[Values]) -> bool:
    if "split" in tree:
        parts = facts[tree["split"]][1:]
        pairs = zip(parts, tree["cases"], strict=True)
        return facts[tree["split"]][0] == "or" and all(subtree(c, facts + opened(p), points) for p, c in pairs)
    sums = []
    strict = False
    for point in points:
        total = Fraction(0)
        for term in tree["close"]:
            if "eq" in term:
                relation, data = facts[term["eq"]]
                if relation != "=":
                    return False
                total += polynomial(term["times"], point) * polynomial(data, point)
                continue
            product = Fraction(term["c"])
            relations = [facts[i][0] for i in term["facts"]]
            if product < 0 or not set(relations) <= {">", ">="}:
                return False
            strict |= product > 0 and bool(relations) and set(relations) == {">"} and "square" not in term
            for i in term["facts"]:
                product *= polynomial(facts[i][1], point)
            if "square" in term:
                product *= polynomial(term["square"], point) ** 2
            total += product
        sums.append(total)
    return len(set(sums)) == 1 and (sums[0] < 0 or (sums[0] == 0 and strict))
