"""Operations that only move elements: torch runs them on positions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from lipcheck.nn.reading import linear
from lipcheck.nn.reading.builder import Builder
from lipcheck.nn.reading.views import View

MOVING = frozenset(
    """
    alias atleast_1d atleast_2d atleast_3d broadcast_to cat channel_shuffle chunk clone column_stack concat
    concatenate contiguous detach diagonal dsplit dstack expand expand_as flatten flip fliplr flipud hsplit
    hstack index index_select lift_fresh lift_fresh_copy movedim moveaxis narrow native_channel_shuffle
    permute pixel_shuffle pixel_unshuffle ravel repeat repeat_interleave reshape reshape_as roll rot90
    select select_scatter slice slice_scatter split split_with_sizes squeeze stack swapaxes swapdims t
    tensor_split tile transpose numpy_T mT unbind unflatten unfold unsafe_chunk unsafe_split unsqueeze
    upsample_nearest1d upsample_nearest2d view view_as vsplit vstack gather index_put take diagonal_scatter
    unsafe_view _unsafe_view permute_copy view_copy expand_copy slice_copy select_copy split_copy
    split_with_sizes_copy squeeze_copy transpose_copy unsqueeze_copy unbind_copy alias_copy detach_copy
    t_copy
    """.split()  # noqa: SIM905
)
"""Operations whose results are elements of their inputs, chosen without looking at them."""
INDEXING = frozenset(("index", "index_select", "index_put", "gather", "take", "repeat_interleave"))
"""Those that take whole numbers as places, where the others take them as elements."""
RESHAPING = frozenset(("view", "unsafe_view", "_unsafe_view", "view_copy"))


def one_moved(
    builder: Builder, operation: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]
) -> View:
    """`moving` for an operation that gives one tensor."""
    result = moving(builder, operation, arguments, named)
    assert isinstance(result, View)
    return result


def moving(builder: Builder, operation: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """An operation that only moves elements, with views and constants among its arguments, run on the positions."""
    views: list[View] = []
    _collect(arguments, views)
    _collect(tuple(named.values()), views)
    streams = list(views)
    indexing = bool(INDEXING & {_schema_name(operation)})

    def lifted(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(lifted(v) for v in value)
        if isinstance(value, Tensor) and (
            value.is_floating_point() or not (indexing or value.dtype == torch.bool or value.is_complex())
        ):
            views.append(linear.constant_view(builder, value, streams[0]))
            return views[-1]
        return value

    arguments, named = lifted(arguments), {key: lifted(value) for key, value in named.items()}
    base, places = builder.combined(views)
    where = {id(view): place for view, place in zip(views, places, strict=True)}

    def put(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(put(v) for v in value)
        return where[id(value)] if isinstance(value, View) else value

    if RESHAPING & {_schema_name(operation)}:
        # Positions have strides of their own, which a view may not fit.
        operation = torch.reshape
    result = operation(*put(arguments), **{key: put(value) for key, value in named.items()})
    if isinstance(result, Tensor):
        return base.moved(result)
    return tuple(base.moved(part) for part in result)


def _schema_name(operation: Any) -> str:
    schema = getattr(operation, "_schema", None)
    return "" if schema is None else str(schema.name).partition("::")[2]


def _collect(value: Any, views: list[View]) -> None:
    if isinstance(value, View):
        views.append(value)
    for part in value if isinstance(value, list | tuple) else ():
        _collect(part, views)
