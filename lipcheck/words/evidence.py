"""Where evidence lives and how it is written: JSON files under proofs/, found in a checkout or in the installed
package."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from lipcheck.words.errors import LipcheckError
from lipcheck.words.rationals import canonical


class EvidenceError(LipcheckError, ValueError):
    """An evidence file that is missing, unreadable, forged or about another statement."""


def proofs_directory() -> Path:
    """The checkout's proofs/ if that holds ledger.json, else the copy that travels in the wheel."""
    checkout = Path(__file__).resolve().parents[2] / "proofs"
    if (checkout / "ledger.json").is_file():
        return checkout
    return Path(str(files("lipcheck"))) / "_proofs"


def claim_directory(root: Path, claim: str) -> Path:
    """proofs/<paper>/<row>[/<sub>] for the id paper.row[.sub]."""
    return root.joinpath(*claim.split("."))


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_json(path: Path, expected_sha256: str | None = None) -> Any:
    """The JSON value in a file; `EvidenceError` says what is wrong with a file that has none.

    The bytes that are read are those that are compared with `expected_sha256`.
    """
    try:
        content = path.read_bytes()
        if expected_sha256 is not None and hashlib.sha256(content).hexdigest() != expected_sha256:
            raise EvidenceError(f"{path} differs from the ledger's SHA-256: restore it or re-create it with --update")
        return json.loads(
            content.decode(), parse_constant=_no_constant, parse_float=_no_float, object_pairs_hook=_no_double
        )
    except OSError as error:
        raise EvidenceError(f"{path} cannot be read ({error.strerror}): check the path") from error
    except EvidenceError:
        raise
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"{path} is not an evidence file ({error}): fetch it again or re-create it") from error


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a number that evidence may hold")


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is a float; exact numbers are strings such as '3/4'")


def _no_double(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("an object has one key twice")
    return data


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file, text in UTF-8, so that a reader sees the old content or the new one, never a part.

    A link is followed. Raises `FileExistsError` for a path that is no regular file, such as a device or a pipe.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise FileExistsError(errno.EEXIST, "it is no regular file", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_json(path: Path, data: Any, compact_below: str | None = None) -> None:
    """Write JSON with an indent of one; the entries of the mapping under `compact_below` take one line each."""
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)
    if compact_below is not None:
        lines = (f"  {json.dumps(k)}: {canonical(v).decode()}" for k, v in data[compact_below].items())
        rest = {k: v for k, v in data.items() if k != compact_below}
        head = json.dumps(rest, indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
        text = f"{head},\n {json.dumps(compact_below)}: {{\n" + ",\n".join(lines) + "\n }\n}"
    write_atomically(path, text + "\n")
