"""Torch modules of networks and lattices, rounding that keeps their norms, and files. Importing this imports torch."""

from lipcheck.nn.activations import (
    Abs,
    Activation,
    Elementwise,
    FullSort,
    GroupSort,
    LeakyReLU,
    MaxMin,
    Maxout,
    ReLU,
    Select,
)
from lipcheck.nn.bjorck import Bjorck, BjorckLinear
from lipcheck.nn.bjorck import certified as certified_bjorck
from lipcheck.nn.files import FileError, load, save
from lipcheck.nn.lattice import LatticeModule
from lipcheck.nn.modules import ModuleError, NetworkModule, from_module, to_module
from lipcheck.nn.parseval import penalty as parseval_penalty
from lipcheck.nn.parseval import retract_ as parseval_retract_
from lipcheck.nn.parseval import update as parseval_update
from lipcheck.nn.rounding import Rounded, RoundingError, round_inward, round_spectral
from lipcheck.nn.rounding_arrays import inward

__all__ = [
    "Abs",
    "Activation",
    "Bjorck",
    "BjorckLinear",
    "Elementwise",
    "FileError",
    "FullSort",
    "GroupSort",
    "LatticeModule",
    "LeakyReLU",
    "MaxMin",
    "Maxout",
    "ModuleError",
    "NetworkModule",
    "ReLU",
    "Rounded",
    "RoundingError",
    "Select",
    "certified_bjorck",
    "from_module",
    "inward",
    "load",
    "parseval_penalty",
    "parseval_retract_",
    "parseval_update",
    "round_inward",
    "round_spectral",
    "save",
    "to_module",
]
