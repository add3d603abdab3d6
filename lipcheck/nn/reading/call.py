"""One call of an operation of torch, and the table of rules that the calls are looked up in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from lipcheck.nn.reading.builder import Builder
from lipcheck.nn.reading.linear import scalar
from lipcheck.nn.reading.nonlinear import Comparison
from lipcheck.nn.reading.views import NotUnderstood, View


@dataclass(frozen=True)
class Call:
    """One call: the operation's arguments by name, in which views stand for what depends on the example."""

    builder: Builder
    dtype: torch.dtype
    arguments: dict[str, Any]
    shape: tuple[int, ...]

    def __getitem__(self, name: str) -> Any:
        return self.arguments[name]

    def get(self, name: str, otherwise: Any = None) -> Any:
        """The argument, or something else if there is none."""
        return self.arguments.get(name, otherwise)

    @property
    def x(self) -> View:
        """The first argument, which has to be a view."""
        view = next(iter(self.arguments.values()))
        if not isinstance(view, View):
            raise NotUnderstood("its first argument is no tensor that depends on the input")
        return view

    def number(self, name: str, otherwise: float = 0.0) -> float:
        """A number as the operation uses it, or `otherwise` where it is None."""
        value = self.arguments.get(name)
        return otherwise if value is None else scalar(float(value), self.dtype)

    def constant(self, value: Any) -> Tensor | float:
        """A constant operand."""
        return value if isinstance(value, Tensor) else scalar(float(value), self.dtype)


Rule = Callable[[Call], Any]
RULES: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Enter a function into the table."""

    def enter(function: Rule) -> Rule:
        RULES.update(dict.fromkeys(names, function))
        return function

    return enter


def constants_only(*values: Any) -> None:
    """Raise NotUnderstood where a weight depends on the input."""
    if any(isinstance(value, View | Comparison) for value in values):
        raise NotUnderstood("its weight depends on the input")
