"""The parts of a module as the bytes of a safetensors file, and back."""

from __future__ import annotations

import json
import struct

from safetensors import SafetensorError
from safetensors.torch import load, save

from lipcheck.nn.description import DESCRIPTION, FileError, Parts


def write(found: Parts) -> bytes:
    """The file: the tensors, and the description as the only entry of the metadata."""
    data: bytes = save(dict(found.tensors), metadata={DESCRIPTION: found.description})
    return data


def read(data: bytes) -> Parts:
    """The parts; FileError for what is no safetensors file, or one without exactly this description."""
    try:
        tensors = load(data)
        # The library has checked the header by now; from bytes it does not give out the metadata.
        (length,) = struct.unpack("<Q", data[:8])
        metadata = json.loads(data[8 : 8 + length]).get("__metadata__") or {}
    except (SafetensorError, ValueError, struct.error) as problem:
        raise FileError(f"this is no safetensors file ({problem}): save the model again.") from problem
    if set(metadata) != {DESCRIPTION}:
        raise FileError(f"the metadata is {sorted(metadata)}, not only {DESCRIPTION!r}: lipcheck did not write it.")
    return Parts(metadata[DESCRIPTION], tensors)
