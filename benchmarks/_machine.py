"""What the machine is and what it can do at most: products of matrices and a copy, measured in the same run."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from _timing import Size, medians

SIDES: dict[Size, tuple[int, ...]] = {"tiny": (64,), "quick": (512, 1024), "whole": (512, 1024, 2048)}
COPIED: dict[Size, int] = {"tiny": 2**16, "quick": 2**23, "whole": 2**25}
PACKAGES = ("lipcheck", "torch", "numpy", "scipy", "deel-torchlip", "orthogonium")


@dataclass(frozen=True)
class Machine:
    """A device by name, the threads in use, versions of packages, and its rates with their units."""

    device: str
    threads: int | None = None
    versions: dict[str, str] = field(default_factory=dict)
    ceilings: dict[str, str] = field(default_factory=dict)


def processor() -> str:
    """The processor's name, as the system tells it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Python's version and those of the packages that are installed."""
    found = {"Python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def machine(size: Size) -> Machine:
    """Measure the ceilings: the best rate of products of several sizes, and a copy larger than any cache."""
    import torch

    size = "whole" if size == "full" else size
    runs = {}
    for dtype in (torch.float32, torch.float64):
        for n in SIDES[size]:
            a, b, out = torch.randn(n, n, dtype=dtype), torch.randn(n, n, dtype=dtype), torch.empty(n, n, dtype=dtype)
            runs[f"{dtype} {n}"] = lambda a=a, b=b, out=out: torch.mm(a, b, out=out)
    source, target = torch.ones(COPIED[size]), torch.zeros(COPIED[size])
    seconds = medians({**runs, "copy": lambda: target.copy_(source)}, 5)
    ceilings = {
        f"{name} matrix product": f"{max(2e-9 * n**3 / seconds[f'torch.{name} {n}'] for n in SIDES[size]):.1f} Gflop/s"
        for name in ("float32", "float64")
    }
    ceilings["copy"] = f"{2e-9 * source.nbytes / seconds['copy']:.1f} GB/s, read and written"
    device = f"{processor()}, {os.cpu_count()} cores"
    return Machine(device, torch.get_num_threads(), versions(), ceilings)
