"""The folder of a sweep: the plan, a file for each finished chunk, and in the end the record and how it came about.

A file appears whole or not at all: it is written under another name, brought to the disk, then renamed. It carries the
hash of its own content and that of the plan. So a process that is killed at any moment leaves finished chunks behind
and nothing else that counts; a torn or altered file is found out and its chunk is done again; a chunk of another plan
is refused, for no sum of the two would answer either question.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lipcheck.sweep.plan import Plan, SweepError
from lipcheck.words.rationals import canonical, digest

PLAN, RECORD, RUN, CHUNKS, PART = "plan.json", "result.json", "run.json", "chunks", ".part"


@dataclass
class Store:
    """One claim's folder; `spoiled` names files that were found torn or altered, `lock` is held while it is in use."""

    folder: Path
    plan: Plan
    spoiled: list[str] = field(default_factory=list)
    lock: int | None = None

    def open(self, resume: bool) -> None:
        """Make the folder, or take it over; raises `SweepError` where it is another sweep's, or in use."""
        written = self.folder / PLAN
        if written.exists() and not resume:
            raise SweepError(
                f"{self.folder} holds a sweep already: go on with --resume {self.folder.parent}, or remove it"
            )
        (self.folder / CHUNKS).mkdir(parents=True, exist_ok=True)
        self.take()
        try:
            if written.exists():
                self.require_same_plan(written)
            for left in (self.folder / CHUNKS).glob(f"*{PART}"):
                left.unlink()
            write(written, self.plan.to_json() | {"sha256": self.plan.sha256})
        except BaseException:
            self.close()
            raise

    def take(self) -> None:
        """Hold the folder: the lock ends with the process, however that ends."""
        import fcntl

        self.lock = os.open(self.folder / CHUNKS, os.O_RDONLY)
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise SweepError(f"another sweep is at work in {self.folder}: wait until it ends, or stop it") from None

    def close(self) -> None:
        """Let go of the folder."""
        if self.lock is not None:
            os.close(self.lock)
            self.lock = None

    def require_same_plan(self, written: Path) -> None:
        """Raise `SweepError`, naming what differs, for a folder of another plan."""
        try:
            found = json.loads(written.read_text(encoding="utf-8"))
            there = {name: found[name] for name in self.plan.to_json()}
        except (ValueError, KeyError, TypeError) as error:
            raise SweepError(f"{written} is no plan of a sweep ({error}): remove the folder {self.folder}") from error
        differing = [f"{k} {there[k]}, not {v}" for k, v in self.plan.to_json().items() if there[k] != v]
        if differing:
            raise SweepError(
                f"{self.folder} holds another sweep ({'; '.join(differing)}): ask for the same, or name another folder"
            )

    def path(self, number: int) -> Path:
        """Where a chunk is kept."""
        return self.folder / CHUNKS / f"{number:08}.json"

    def keep(self, number: int, body: Mapping[str, Any], where: Mapping[str, Any]) -> None:
        """Store a finished chunk for good."""
        content = {"plan": self.plan.sha256, "number": number, "body": body, "where": where}
        write(self.path(number), content | {"sha256": digest(content)})

    def read(self, number: int) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Findings and whereabouts of a finished chunk; None where there is none, or none that can be trusted."""
        path = self.path(number)
        if not path.exists():
            return None
        try:
            data = json.loads(path.read_bytes())
            told = data.pop("sha256")
            whole = told == digest(data) and data["number"] == number
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            whole = False
        if not whole:
            self.spoiled.append(path.name)
            return None
        if data["plan"] != self.plan.sha256:
            raise SweepError(f"{path} is a chunk of another sweep: remove it, or name another folder with --resume")
        return data["body"], data["where"]

    def finish(self, record: Mapping[str, Any], run: Mapping[str, Any]) -> None:
        """Write the record, and beside it how it came about."""
        write(self.folder / RUN, run, indent=1)
        write(self.folder / RECORD, record, indent=1)


def write(path: Path, data: Mapping[str, Any], indent: int | None = None) -> None:
    """Write JSON so that after a crash of the program or the machine the old file or the new one is there, whole."""
    text = canonical(data) if indent is None else json.dumps(data, indent=indent, ensure_ascii=False).encode()
    part = path.with_name(path.name + PART)
    try:
        with part.open("wb") as stream:
            stream.write(text + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        said = f"{path} cannot be written ({error.strerror or error})"
        raise SweepError(f"{said}: make room or give access there, and go on with --resume") from error
