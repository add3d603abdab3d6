"""Anyone's network read as a graph: torch modules, files, ONNX; and what its state does to it."""

from lipcheck.nn.reading.errors import ReadingError
from lipcheck.nn.reading.module import read_module

__all__ = ["ReadingError", "read_module"]
