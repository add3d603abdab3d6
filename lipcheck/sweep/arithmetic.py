"""Whether two workers compute the same: the program's text is the same, and so is a probe of the floating point.

Rounding depends on the processor's vector instructions, on the linear algebra library and on the number of threads. A
chunk runs on one thread, so on equal machines its bits are equal. Whether machines are equal is not read off their
names: each worker computes a fixed probe (random numbers, QR, eigenvalues, stacked products, norms), and its hash must
be the plan's. The hash is no proof that two machines always agree, but machines that differ are told apart by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from lipcheck.bounds.one_thread import one_thread
from lipcheck.sweep.plan import Asked, Plan, SweepError
from lipcheck.sweep.text import code


def plan_of(asked: Asked) -> Plan:
    """The plan of a question on this machine."""
    return Plan(asked, code(asked), arithmetic(asked.device))


def require_same(plan: Plan) -> None:
    """Raise `SweepError` where this process would not give the plan's bytes."""
    import platform

    where = f"the worker on {platform.node()}"
    if code(plan.asked) != plan.code:
        raise SweepError(f"{where} has another lipcheck or another text of the claim: install the same there")
    here = arithmetic(plan.asked.device)
    if here != plan.arithmetic:
        raise SweepError(
            f"{where} rounds differently ({_words(here)}, not {_words(plan.arithmetic)}): "
            "use workers with the same processor and the same torch"
        )


def _words(arithmetic: Mapping[str, str]) -> str:
    return f"torch {arithmetic['torch']}, {arithmetic['unit']}, probe {arithmetic['probe'][:8]}"


@lru_cache(maxsize=4)
def arithmetic(device: str) -> dict[str, str]:
    """The version of torch, what computes (instruction set or GPU), and the hash of the probe, on one thread.

    Where there is no such device, `SearchError` or `DeviceUnavailable` say so.
    """
    import torch

    from lipcheck.engines.population import device_of

    where = device_of(device)
    cuda = where.type == "cuda"
    unit = torch.cuda.get_device_name(where) if cuda else f"cpu {torch.backends.cpu.get_cpu_capability()}"
    with one_thread():
        return {"torch": torch.__version__, "unit": unit, "probe": _probe(device)}


def _probe(device: str) -> str:
    import torch

    from lipcheck.engines import kinds

    found = hashlib.sha256()
    for dtype in (torch.float64, torch.float32):
        dice = kinds.Dice(torch.Generator(device).manual_seed(0), dtype)
        square, wide = kinds.contractive(dice, 40, 6, 6), kinds.haar(dice, 40, 8, 12)
        points = dice.normal(40, 30, 12) @ wide.mT
        parts = (square, wide, points, points.norm(dim=-1), kinds.operator_norm(square, "2"), dice.uniform(100))
        for part in parts:
            found.update(part.contiguous().cpu().numpy().tobytes())
    return found.hexdigest()
