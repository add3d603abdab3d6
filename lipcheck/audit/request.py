"""What is asked of an audit, checked before any work is done."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lipcheck.exact import NetworkError, exact, shown
from lipcheck.words.errors import LipcheckError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REQUIREMENTS = ("gnp", "certificates")
HEADS = ("sign", "argmax")


class AuditError(LipcheckError, ValueError):
    """An audit that cannot be carried out as it is asked for."""


@dataclass(frozen=True, eq=False)
class Request:
    """The question. `box` holds flat arrays of least and largest inputs, `data` examples as rows of flat inputs."""

    norm: float
    claim: Fraction | None
    box: tuple[Any, Any] | None
    data: NDArray[np.float64] | None
    labels: NDArray[np.int64] | None
    head: str | None
    radius_factor: Fraction
    require: tuple[str, ...]
    rounding: bool
    budget: float
    seed: int

    def fitted(self, shape: Sequence[int]) -> Request:
        """The request for networks on examples of this shape; raises AuditError for a box or data that do not fit."""
        size = math.prod(shape)
        box, data = self.box, self.data
        if box is not None:
            box = _end(box[0], shape, "least"), _end(box[1], shape, "largest")
            if not (box[1] / 4 - box[0] / 4 <= sys.float_info.max / 16).all():
                raise AuditError("The box is wider than float64 can work with: give ends below 1e307 in size.")
            if not (box[0] < box[1]).all():
                raise AuditError("The box has no interior: give a least input below the largest in every entry.")
        if data is not None:
            if data.size and data[0].size != size:
                raise AuditError(
                    f"The data have examples of shape {data.shape[1:]} but the network takes {tuple(shape)}: "
                    "give one example per row of the first axis."
                )
            data = data.reshape(len(data), size)
        return replace(self, box=box, data=data)


def request(
    norm: float | str,
    claim: object,
    box: tuple[Any, Any] | None,
    data: Any,
    labels: Any,
    head: str | None,
    radius_factor: object,
    require: Sequence[str],
    rounding: bool,
    budget: float,
    seed: int,
) -> Request:
    """The checked request; AuditError names the value and the remedy."""
    if str(norm) not in ("1", "2", "inf", "1.0", "2.0"):
        raise AuditError(f"The norm is {shown(norm)}: give 1, 2 or inf.")
    for name in require:
        if name not in REQUIREMENTS:
            raise AuditError(f"The requirement {shown(name)} is none of {', '.join(REQUIREMENTS)}.")
    if head not in (None, *HEADS):
        raise AuditError(f"The head is {shown(head)}: give sign (one logit) or argmax (one logit per class).")
    if not budget > 0:
        raise AuditError(f"The budget is {shown(budget)}: give a positive number of seconds.")
    examples, classes = _data(data), _labels(labels)
    if classes is not None and examples is None:
        raise AuditError("There are labels but no data: give both.")
    if classes is not None and examples is not None and len(classes) != len(examples):
        raise AuditError(f"There are {len(classes)} labels for {len(examples)} examples: give one each.")
    if (examples is not None) != (head is not None) and ("certificates" in require or head is not None):
        raise AuditError("Certificates need data and a head: give --data X.npy and --head sign or argmax.")
    if "certificates" in require and head is None:
        raise AuditError("Certificates need data and a head: give --data X.npy and --head sign or argmax.")
    if "gnp" in require and float(norm) != 2:
        raise AuditError(f"Gradient norm preservation is about the 2-norm, not {norm}: leave out gnp or take norm 2.")
    return Request(
        norm=float(norm),
        claim=None if claim is None else _constant(claim, "claimed constant", 0),
        box=box,
        data=examples,
        labels=classes,
        head=head,
        radius_factor=_constant(radius_factor, "radius factor", 0),
        require=tuple(require),
        rounding=rounding,
        budget=float(budget),
        seed=seed,
    )


def _constant(value: object, name: str, least: int) -> Fraction:
    try:
        number = exact(value, f"The {name}")
    except NetworkError as problem:
        raise AuditError(str(problem)) from problem
    if number < least:
        raise AuditError(f"The {name} is {number}: give a number of at least {least}.")
    return number


def _end(value: Any, shape: Sequence[int], name: str) -> NDArray[np.float64]:
    import numpy as np

    end = np.asarray(value, np.float64)
    if end.shape not in ((), tuple(shape), (math.prod(shape),)):
        raise AuditError(f"The {name} input of the box has shape {end.shape}: give a number, or {tuple(shape)}.")
    wide = np.broadcast_to(end.reshape(-1) if end.ndim else end, (math.prod(shape),)).astype(np.float64)
    if not np.isfinite(wide).all():
        raise AuditError(f"The {name} input of the box holds {wide[~np.isfinite(wide)][0]}: give finite numbers.")
    return wide


def _data(data: Any) -> NDArray[np.float64] | None:
    import numpy as np

    if data is None:
        return None
    array = np.asarray(data)
    if array.dtype.kind not in "fiub" or array.ndim < 1 or not array.size:
        raise AuditError(f"The data have dtype {array.dtype} and shape {array.shape}: give numbers, one example a row.")
    examples = array.astype(np.float64)
    if not np.isfinite(examples).all():
        place = [int(i) for i in np.argwhere(~np.isfinite(examples))[0]]
        raise AuditError(f"The data hold {examples[tuple(place)]} at {place}: give finite numbers.")
    return examples


def _labels(labels: Any) -> NDArray[np.int64] | None:
    import numpy as np

    if labels is None:
        return None
    array = np.asarray(labels)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise AuditError(f"The labels have dtype {array.dtype} and shape {array.shape}: give whole numbers, one each.")
    return array.astype(np.int64)
