"""The losses of Lipschitz networks: the multi-class hinge, the Wasserstein objective, and both together.

Laws. The hinge of C classes is 0 exactly if y_t - y_i >= margin for all i != t (margin > 0: exactly if the paper's M(x)
is at least the margin). Its gradient is -a at t and 1 at each of the a classes that violate the margin, so its best
Lipschitz constant is `hinge_lipschitz`: C - 1, sqrt(C (C - 1)) and 2 (C - 1) in the 1-, 2- and infinity-norm of logits.
The Wasserstein objective is linear in the scores; for a 1-Lipschitz network it is a lower bound on the distance of the
two empirical distributions, and its supremum is that distance.
"""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional

from lipcheck.words.errors import LipcheckError

Reduction: TypeAlias = Literal["mean", "sum", "none"]


class LossError(LipcheckError, ValueError):
    """Scores, targets or options that no loss is defined for."""


def multiclass_hinge(logits: Tensor, target: Tensor, margin: float, reduction: Reduction = "mean") -> Tensor:
    """Sum over i != t of max(0, margin - (y_t - y_i)), for logits (N, C) or (C,); reduced over examples.

    C times `torch.nn.functional.multi_margin_loss`, but NaN for logits that hold NaN, where that one counts 0. Raises
    LossError for fewer than two classes, targets that are no classes, and a margin that is not finite.
    """
    classes = logits.shape[-1] if logits.ndim else 0
    if classes < 2 or not logits.is_floating_point():
        raise LossError(f"The logits are {logits.dtype} of shape {tuple(logits.shape)}: give floats, two or more.")
    if target.shape != logits.shape[:-1] or target.dtype != torch.int64 or not bool((target % classes == target).all()):
        raise LossError(f"The targets are not one int64 from 0 to {classes - 1} for each example.")
    if not math.isfinite(margin) or reduction not in ("mean", "sum", "none"):
        raise LossError(f"The margin is {margin}, the reduction {reduction!r}: say a number, 'mean', 'sum' or 'none'.")
    index = target.unsqueeze(-1)
    violations = functional.relu(margin - (logits.gather(-1, index) - logits)).scatter(-1, index, 0.0)
    losses = violations.sum(-1)
    return losses if reduction == "none" else losses.sum() if reduction == "sum" else losses.mean()


def hinge_lipschitz(classes: int, p: float) -> float:
    """The best Lipschitz constant of the hinge of one example in its logits, in the p-norm for p = 1, 2, inf."""
    found = {1: classes - 1.0, 2: math.sqrt(classes * (classes - 1)), math.inf: 2.0 * (classes - 1)}
    if classes < 2 or p not in found:
        raise LossError(f"There are {classes} classes and p is {p}: give at least two classes, and p = 1, 2 or inf.")
    return found[p]


def wasserstein(first: Tensor, second: Tensor) -> Tensor:
    """mean f(x), x ~ P_1, minus mean f(x), x ~ P_2: to be maximized over 1-Lipschitz f; its negative is a loss.

    Raises LossError for an empty sample and for integers.
    """
    if not first.numel() or not second.numel():
        raise LossError("A sample is empty: its mean is not defined.")
    if not first.is_floating_point() or not second.is_floating_point():
        raise LossError(f"The scores are {first.dtype} and {second.dtype}: give floats.")
    return first.mean() - second.mean()


def hinge_wasserstein(scores: Tensor, labels: Tensor, margin: float, weight: float) -> Tensor:
    """weight times the mean of max(0, margin - y f(x)), minus the Wasserstein objective of the classes y = 1 and y =
    -1.

    Raises LossError for labels other than 1 and -1, and for a batch that lacks one of the classes.
    """
    scores, labels = scores.flatten(), labels.flatten().to(scores.dtype)
    if scores.shape != labels.shape or not bool((labels.abs() == 1).all()):
        raise LossError("The labels are not all 1 or -1, or not one for each score.")
    hinge = functional.relu(margin - labels * scores).mean()
    return weight * hinge - wasserstein(scores[labels > 0], scores[labels < 0])


class MulticlassHinge(nn.Module):
    """`multiclass_hinge` as a module."""

    def __init__(self, margin: float, reduction: Reduction = "mean") -> None:
        super().__init__()
        self.margin, self.reduction = margin, reduction

    def forward(self, logits: Tensor, target: Tensor) -> Tensor:
        """The loss."""
        return multiclass_hinge(logits, target, self.margin, self.reduction)


class WassersteinLoss(nn.Module):
    """The negative of `wasserstein`, to be minimized."""

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """The loss."""
        return -wasserstein(first, second)


class HingeWasserstein(nn.Module):
    """`hinge_wasserstein` as a module."""

    def __init__(self, margin: float = 1.0, weight: float = 1.0) -> None:
        super().__init__()
        self.margin, self.weight = margin, weight

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        """The loss."""
        return hinge_wasserstein(scores, labels, self.margin, self.weight)
