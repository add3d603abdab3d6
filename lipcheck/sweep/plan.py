"""What a sweep is to look at: chunks of work that follow from the question alone.

A chunk is a run of consecutive blocks of the population search, cut where the estimated work reaches `WORK`. Blocks and
cuts follow from claim, networks, points and seed; neither engine nor number of workers has a say. That is one half of
why every engine gives the same bytes; the other is in `lipcheck.sweep.arithmetic`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lipcheck.judge_search import POINTS
from lipcheck.words.errors import LipcheckError
from lipcheck.words.rationals import digest
from lipcheck.words.search import Search

if TYPE_CHECKING:
    from lipcheck.engines.population import Block
    from lipcheck.words.claim import Claim

WORK = 50_000_000
"""Multiplications of a chunk, about two seconds of one core; a block alone may be more."""
OVERHEAD = 32
"""Multiplications that drawing and judging one pair of points amount to."""
MOST = 10**12
"""Pairs of points of a sweep, years of one core: its chunks must be counted before the first is evaluated."""


class SweepError(LipcheckError, ValueError):
    """A sweep that cannot be carried out as asked, or cannot go on."""


@dataclass(frozen=True)
class Asked:
    """The question: this many networks of the claim's law, with `points` pairs each, drawn from a seed.

    `files` are Python files with further claims, the same on every worker.
    """

    claim: str
    networks: int
    points: int = POINTS
    seed: int = 0
    device: str = "cpu"
    dtype: str = "float64"
    files: tuple[str, ...] = ()

    def law(self) -> Search:
        """The claim's law; raises `SweepError` where it has none."""
        claim = known(self.files).get(self.claim)
        if claim is None:
            raise SweepError(f"no claim is called {self.claim!r} on this worker: install the same claims everywhere")
        if claim.search is None:
            raise SweepError(lawless([claim], known(self.files)))
        return claim.search


@dataclass(frozen=True)
class Plan:
    """A question and everything else that its answer depends on: the program's text and the machine's arithmetic."""

    asked: Asked
    code: str
    arithmetic: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """What two plans must share to have the same answer; the text of `files` is in `code`, their place is not."""
        asked = {name: value for name, value in asdict(self.asked).items() if name != "files"}
        return asked | {"code": self.code, **self.arithmetic}

    @property
    def sha256(self) -> str:
        """The hash that ties a finished chunk to this plan."""
        return digest(self.to_json())


@dataclass(frozen=True)
class Chunk:
    """Blocks that one worker looks at together."""

    number: int
    blocks: tuple[Block, ...]

    @property
    def networks(self) -> int:
        """How many networks are drawn in it."""
        return sum(block.networks for block in self.blocks)


def chunks(asked: Asked) -> Iterator[Chunk]:
    """The whole sweep, one chunk at a time: a sweep of any size needs no more memory than a chunk."""
    from lipcheck.engines.architectures import architectures
    from lipcheck.engines.population import blocks

    number, work, together = 0, 0, list["Block"]()
    for block in blocks(architectures(asked.law()), asked.networks, asked.points, asked.seed):
        products = sum(rows * columns for rows, columns in block.architecture.shapes)
        own = block.networks * asked.points * (OVERHEAD + products)
        if together and work + own > WORK:
            yield Chunk(number, tuple(together))
            number, work, together = number + 1, 0, []
        work += own
        together.append(block)
    yield Chunk(number, tuple(together))


@lru_cache(maxsize=4)
def known(files: tuple[str, ...]) -> dict[str, Claim]:
    """Every claim by id, read once for each process."""
    from lipcheck.judged import load_claims

    return load_claims([Path(file) for file in files])


def lawless(claims: Sequence[Claim], among: Mapping[str, Claim]) -> str:
    """The sentence for claims without a law on networks, with the claims that have one."""
    names = ", ".join(claim.id for claim in claims[:3]) + (", ..." if len(claims) > 3 else "")
    having = ", ".join(claim.id for claim in among.values() if claim.search is not None)
    return f"{names}: no law on networks to sweep; these have one: {having or 'none'}"
