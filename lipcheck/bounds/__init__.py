"""Lipschitz constants of networks: exact ones, bounds that no rounding falsifies, and pairs of inputs as witnesses."""

from lipcheck.bounds.abs_normal import AbsNormal, abs_normal

__all__ = ["AbsNormal", "abs_normal"]
