"""The checker of certificates (see `trees`): it walks through the tree and asks each leaf for its proof."""

from __future__ import annotations

import math
import time
from fractions import Fraction

from lipcheck.bounds.abs_normal import AbsNormal
from lipcheck.bounds.exact.leaves import leaf_bound
from lipcheck.bounds.exact.rows import Box, Walk, WholeForm, whole_form
from lipcheck.bounds.exact.suffixes import Suffixes, suffixes
from lipcheck.bounds.exact.trees import Branch, Certificate, CertificateError, Empty, Forced, Norm, Suffix, Tree
from lipcheck.bounds.regions import is_empty


def verify(
    form: AbsNormal, p: Norm, certificate: Certificate, box: Box | None = None, until: float = math.inf
) -> Fraction:
    """The bound on the norms (p = 2: their squares) of all Jacobians that the certificate proves.

    That is the target, unless single leaves name or have larger values. Raises CertificateError where a step fails,
    TimeoutError where `time.monotonic` passes `until`.
    """
    whole = whole_form(form)
    walk = Walk(whole, box)
    target = bound = certificate.target
    listed = _with_lists(certificate.tree)
    lists = [first_list(walk, p, target) if id(certificate.tree) in listed else None]
    todo: list[tuple[Tree | None, int, int]] = [(certificate.tree, -1, 0)]
    while todo:
        if time.monotonic() > until:
            raise TimeoutError("The check of the certificate did not end in time: give it more seconds.")
        tree, gate, sign = todo.pop()
        if tree is None:
            walk.take_back()
            lists.pop()
            continue
        if gate >= 0:
            if not walk.ready(gate):
                raise CertificateError(f"Gate {gate} is chosen twice or before the gates that it reads.")
            walk.choose(gate, sign)
            before = lists[-1]
            if id(tree) not in listed:
                lists.append(None)
            else:
                lists.append(first_list(walk, p, target) if before is None else before.chosen(gate, sign).left(target))
            todo.append((None, -1, 0))
        match tree:
            case Branch(gate=next_, plus=plus, minus=minus):
                _in_range(whole, next_)
                todo += [(plus, next_, 1), (minus, next_, -1)]
            case Forced(gate=next_, rest=rest):
                _in_range(whole, next_)
                if not walk.ready(next_) or not (forced := walk.forced(next_)):
                    raise CertificateError(f"Gate {next_} is said to be constant on a region where it is not.")
                todo.append((rest, next_, forced))
            case Empty(multipliers=multipliers):
                if not is_empty(walk.constraints, multipliers):
                    raise CertificateError("The multipliers of an empty region do not cancel.")
            case Suffix(power=power):
                left, allowed = lists[-1], target if power is None else power
                if left is None or len(left.above(allowed)):
                    raise CertificateError("Some signs of later gates are left that may exceed the bound.")
                bound = max(bound, allowed)
            case _:
                bound = max(bound, leaf_bound(walk, p, tree, target))
    return bound


def first_list(walk: Walk, p: Norm, target: Fraction) -> Suffixes | None:
    """The list of the signs of later gates, where it can be made, without those that stay below the target."""
    found = suffixes(walk, p)
    return None if found is None else found.left(target)


def _with_lists(tree: Tree) -> set[int]:
    """The ids of the subtrees with a leaf that asks for the list: the others need none."""
    order: list[tuple[Tree, tuple[Tree, ...]]] = []
    todo = [tree]
    while todo:
        here = todo.pop()
        match here:
            case Branch(plus=plus, minus=minus):
                below: tuple[Tree, ...] = (plus, minus)
            case Forced(rest=rest):
                below = (rest,)
            case _:
                below = ()
        order.append((here, below))
        todo += below
    found: set[int] = set()
    for here, below in reversed(order):
        if isinstance(here, Suffix) or any(id(t) in found for t in below):
            found.add(id(here))
    return found


def _in_range(whole: WholeForm, gate: int) -> None:
    if not 0 <= gate < whole.gates:
        raise CertificateError(f"There is no gate {gate} among {whole.gates}.")
