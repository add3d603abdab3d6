"""For a user's own tests: records of claims as parameters, audits of networks, and checks for authors of layers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lipcheck.judged import Judged, load_claims
from lipcheck.words.record import Record
from lipcheck.words.verdict import Budget

if TYPE_CHECKING:
    from lipcheck.audit import Audit

F = TypeVar("F", bound=Callable[..., Any])


def parametrize_with_claims(
    patterns: Sequence[str] = (),
    *,
    budget: str = "smoke",
    seed: int = 0,
    claims: Sequence[str | PathLike[str]] = (),
    argument: str = "record",
) -> Callable[[F], F]:
    """Run a test once for each claim, with the `Record` of the claim as its `argument`.

    `patterns` are ids, rows or papers (all claims for none), `claims` Python files with further claims. A claim is
    judged when its test starts, once per process. Raises `lipcheck.registry.UnknownClaim` for a pattern that fits none,
    `lipcheck.judged.BrokenClaims` for a file that cannot be read, `ValueError` for an unknown budget or a seed below 0.

        @parametrize_with_claims(["anil2019.theorem_2"])
        def test_verdict(record):
            assert record.as_expected
    """
    import pytest

    from lipcheck.registry import select

    if budget not in (known := [str(b) for b in Budget]):
        raise ValueError(f"budget {budget!r} is not known: choose {', '.join(known)}")
    if seed < 0:
        raise ValueError(f"seed {seed} is negative: give 0 or more")

    judged = _judged(Budget(budget), seed, tuple(str(path) for path in claims))
    chosen = select(dict(judged.claims), list(patterns))

    def decorate(test: F) -> F:
        @functools.wraps(test)
        def with_record(*args: Any, **values: Any) -> Any:
            values[argument] = _record(judged, values[argument])
            return test(*args, **values)

        marked: F = pytest.mark.parametrize(argument, [claim.id for claim in chosen])(with_record)
        return marked

    return decorate


def check_network(
    module: Any,
    input_shape: Sequence[int] | None = None,
    claim: Fraction | float = 1,
    norm: float | str = 2,
    *,
    rounding: bool = True,
    require: Sequence[str] = (),
    budget: float = 10.0,
    allow_unknown: bool = False,
    state: bool = False,
    **settings: Any,
) -> Audit:
    """Audit a network in a test: raise AssertionError, in the audit's words, unless it is `claim`-Lipschitz in `norm`.

    What is not known fails too, unless `allow_unknown`; so does a requirement of `require` ("gnp", "certificates").
    Other `settings` are those of `lipcheck.audit.audit`. Returns the audit.

        def test_network():
            check_network(model, (3, 32, 32), claim=1)
    """
    from lipcheck.testing_checks import checked

    settings |= {"norm": norm, "rounding": rounding, "require": require, "budget": budget, "state": state}
    return checked(module, input_shape, claim, allow_unknown=allow_unknown, **settings)


def parametrize_with_checks(
    factories: Mapping[str, Any] | Sequence[Any],
    input_shape: Sequence[int],
    *,
    count: int,
    claims: Sequence[float] | None = None,
    dtypes: Sequence[str] | None = None,
    stresses: Sequence[str] | None = None,
    expected: Mapping[str, str] | None = None,
    norm: float | str = 2,
    budget: float = 2.0,
    passes: int = 1,
    argument: str = "check",
) -> Callable[[F], F]:
    """Run a test once for each check of a layer, with the check as its `argument`, to be called.

    A factory `(k, dtype) -> module` makes a layer that promises k; a module is copied and promises 1, unless `claims`
    says otherwise. Each is checked under every stress of `lipcheck.testing_checks.STRESSES`, in every dtype, after
    `passes` batches in train mode. `expected` maps ids of checks that fail to the reason; one that passes all the same
    fails the test, and an id that is none is refused. A check that the bounds do not decide is skipped, and says so.
    `count` is how many checks there are: a check that got lost is an error.

        @parametrize_with_checks([spectral_layer], (16,), count=81, expected={"spectral_layer-...": "power iteration"})
        def test_layer(check):
            check()
    """
    import pytest
    from torch.nn import Module

    from lipcheck.testing_checks import CLAIMS, DTYPES, checks_of

    if isinstance(factories, Iterator):
        # Read once, as they are looked at twice.
        factories = list(factories)
    sources: Any = factories.values() if isinstance(factories, Mapping) else factories
    if isinstance(sources, Module) or not isinstance(sources, Iterable):
        sources = ()
    if claims is None:
        claims = (1.0,) if any(isinstance(source, Module) for source in sources) else CLAIMS
    settings = {"norm": norm, "rounding": True, "budget": budget, "state": False}
    checks = checks_of(factories, input_shape, claims, dtypes or DTYPES, stresses, passes, settings)
    reasons = dict(expected or {})
    if len(checks) != count:
        raise ValueError(f"There are {len(checks)} checks and not {count}: correct count, or find what got lost.")
    if strangers := set(reasons) - {check.id for check in checks}:
        raise ValueError(f"The expected failure {min(strangers)!r} is the id of no check: {checks[0].id!r} is one.")

    def parameter(check: Any) -> Any:
        # Strict: an expected failure that passes is to be taken off the list.
        failing = [pytest.mark.xfail(reason=reasons[check.id], strict=True)] if check.id in reasons else []
        return pytest.param(check, id=check.id, marks=failing)

    return lambda test: pytest.mark.parametrize(argument, [parameter(check) for check in checks])(test)


@functools.cache
def _judged(budget: Budget, seed: int, files: tuple[str, ...]) -> Judged:
    from lipcheck.judge import Settings

    return Judged(load_claims([Path(file) for file in files]), Settings(budget=budget, seed=seed))


def _record(judged: Judged, name: str) -> Record:
    return judged.record(judged.claims[name])
