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
from lipcheck.nn.files import FileError, load, save
from lipcheck.nn.lattice import LatticeModule
from lipcheck.nn.modules import ModuleError, NetworkModule, from_module, to_module
from lipcheck.nn.rounding import Rounded, RoundingError, round_inward, round_spectral
from lipcheck.nn.rounding_arrays import inward

__all__ = [
    "Abs",
    "Activation",
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
    "from_module",
    "inward",
    "load",
    "round_inward",
    "round_spectral",
    "save",
    "to_module",
]
