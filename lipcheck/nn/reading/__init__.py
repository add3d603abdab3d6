"""Anyone's network read as a graph: torch modules, files, ONNX; and what its state does to it."""

from lipcheck.nn.reading.errors import ReadingError
from lipcheck.nn.reading.module import read_module
from lipcheck.nn.reading.network_source import read_network
from lipcheck.nn.reading.state import StateCheck, check_state, restless
from lipcheck.nn.reading.target import Target, read_target

__all__ = [
    "ReadingError",
    "StateCheck",
    "Target",
    "check_state",
    "read_module",
    "read_network",
    "read_target",
    "restless",
]
