"""`lipcheck audit`: is a network K-Lipschitz, how tight is that, and do its gradients and certificates hold up?"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

from lipcheck.audit.report import Audit
from lipcheck.audit.words import sections
from lipcheck.cli.output import INTERRUPTED, UsageError, console, write
from lipcheck.render import render_sections


def run(options: argparse.Namespace) -> int:
    """Audit the target, print what was found, and return 0 holds, 1 violated, 3 unknown, 130 interrupted."""
    from importlib.util import find_spec

    if find_spec("torch") is None:
        raise UsageError("audit needs torch: pip install 'lipcheck[torch]'")
    from lipcheck.audit import AuditInterrupted, audit

    interrupted = False
    try:
        found = _audited(options, audit)
    except AuditInterrupted as stop:
        found, interrupted = stop.found, True
    except KeyboardInterrupt as stop:
        print(f"lipcheck: {stop or 'interrupted'}", file=sys.stderr)
        return INTERRUPTED
    if options.pair is not None and not (interrupted and found.lower is None):
        _save_pair(options.pair, found)
    if options.json is not None:
        write(found.to_json(), options.json)
    if options.json != "-":
        render_sections(list(sections(found)), console())
    if interrupted:
        print("lipcheck: interrupted; what was finished is reported", file=sys.stderr)
    return INTERRUPTED if interrupted else found.status


def _audited(options: argparse.Namespace, audit: Callable[..., Audit]) -> Audit:
    with _progress(options.quiet) as report:
        return audit(
            options.target,
            norm=options.norm,
            claim=options.claim,
            input_shape=options.input_shape,
            box=options.box,
            data=_array(options.data),
            labels=_array(options.labels),
            head=options.head,
            radius_factor=options.radius_factor,
            require=options.require,
            rounding=options.rounding,
            budget=options.budget,
            seed=options.seed,
            state=not options.no_state,
            progress=report,
        )


def shape(text: str) -> tuple[int, ...]:
    """The shape of one example: 3,32,32."""
    parts = text.split(",")
    if not all(part.isdecimal() and int(part) for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no shape: write whole numbers as 3,32,32")
    return tuple(int(part) for part in parts)


def box(text: str) -> tuple[float, float]:
    """The least and the largest input: -1,1."""
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no box: write LO,HI, for example 0,1") from None
    if not -math.inf < low < high < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} has no interior: write LO below HI, both finite")
    return low, high


def requirements(text: str) -> tuple[str, ...]:
    """gnp, certificates, or both with a comma."""
    return tuple(part for part in text.split(",") if part)


def seconds(text: str) -> float:
    """A positive number of seconds."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write a positive number of seconds")
    return value


def _array(path: Path | None) -> Any:
    """The array of a .npy file; pickled objects are refused."""
    import numpy as np

    if path is None:
        return None
    try:
        array = np.load(path, allow_pickle=False)
    except ValueError as problem:
        raise UsageError(f"{path} is no array of numbers ({problem}): write it with numpy.save") from problem
    if not isinstance(array, np.ndarray):
        raise UsageError(f"{path} holds several arrays: write the one that is meant with numpy.save")
    return array


def _save_pair(path: Path, found: Audit) -> None:
    import numpy as np

    if found.lower is None:
        raise UsageError(f"--pair {path}: no pair of inputs was found")
    np.save(path, np.array([found.lower.x, found.lower.y]), allow_pickle=False)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    out = console(stderr=True)
    if quiet or not out.is_terminal:
        yield lambda text: None
        return
    with out.status("audit") as status:
        yield lambda text: status.update(text)


def claimed(text: str) -> Fraction:
    """A constant: 1, 0.5 or 1/2."""
    from lipcheck.cli.options import fraction

    value = fraction(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is negative: a Lipschitz constant is at least 0")
    return value
