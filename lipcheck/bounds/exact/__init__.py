"""Exact Lipschitz constants: branch and bound over the signs of gates, certificates, and the checker that decides."""

from lipcheck.bounds.exact.constant import ExactConstant, exact_constant

__all__ = ["ExactConstant", "exact_constant"]
