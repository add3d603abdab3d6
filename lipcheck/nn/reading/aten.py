"""The table of torch's operations: each name with what it does to views. What is in no table is not understood.

MOVING holds the operations that only move elements; torch itself runs them on the positions. Every other entry takes
the `Call`: builder, dtype, arguments with defaults filled in by torch's own schema.
"""

from lipcheck.nn.reading import aten_linear, aten_nonlinear, aten_pooling
from lipcheck.nn.reading.call import RULES, Call
from lipcheck.nn.reading.moving import MOVING, moving

__all__ = ["MOVING", "RULES", "Call", "aten_linear", "aten_nonlinear", "aten_pooling", "moving"]
