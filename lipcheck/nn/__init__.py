"""Torch modules of networks and lattices, constraints on norms, losses, rounding that keeps norms, and files.

Importing this imports torch.
"""

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
from lipcheck.nn.convolutions import ConvolutionNormalization, convolution_bound, normalized_convolution
from lipcheck.nn.files import FileError, load, save
from lipcheck.nn.jacobian_regularization import JacobianRegularizer
from lipcheck.nn.l1_projection import L1ProjectedLinear, L1Projection, certified_rows, l1_project, l1_project_exact
from lipcheck.nn.lattice import LatticeModule
from lipcheck.nn.losses import (
    HingeWasserstein,
    LossError,
    MulticlassHinge,
    WassersteinLoss,
    hinge_lipschitz,
    hinge_wasserstein,
    multiclass_hinge,
    wasserstein,
)
from lipcheck.nn.modules import ModuleError, NetworkModule, from_module, to_module
from lipcheck.nn.parseval import penalty as parseval_penalty
from lipcheck.nn.parseval import retract_ as parseval_retract_
from lipcheck.nn.parseval import update as parseval_update
from lipcheck.nn.rounding import Rounded, RoundingError, round_inward, round_spectral
from lipcheck.nn.rounding_arrays import inward
from lipcheck.nn.spectral_normalization import (
    SpectralNormalization,
    certified_spectral,
    power_iteration,
    spectrally_normalized,
)

__all__ = [
    "Abs",
    "Activation",
    "Bjorck",
    "BjorckLinear",
    "ConvolutionNormalization",
    "Elementwise",
    "FileError",
    "FullSort",
    "GroupSort",
    "HingeWasserstein",
    "JacobianRegularizer",
    "L1ProjectedLinear",
    "L1Projection",
    "LatticeModule",
    "LeakyReLU",
    "LossError",
    "MaxMin",
    "Maxout",
    "ModuleError",
    "MulticlassHinge",
    "NetworkModule",
    "ReLU",
    "Rounded",
    "RoundingError",
    "Select",
    "SpectralNormalization",
    "WassersteinLoss",
    "certified_bjorck",
    "certified_rows",
    "certified_spectral",
    "convolution_bound",
    "from_module",
    "hinge_lipschitz",
    "hinge_wasserstein",
    "inward",
    "l1_project",
    "l1_project_exact",
    "load",
    "multiclass_hinge",
    "normalized_convolution",
    "parseval_penalty",
    "parseval_retract_",
    "parseval_update",
    "power_iteration",
    "round_inward",
    "round_spectral",
    "save",
    "spectrally_normalized",
    "to_module",
    "wasserstein",
]
