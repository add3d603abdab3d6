"""Maxima and minima of networks, as networks: the lattice closure of Theorem 3 (Anil et al. 2019, appendix D).

`join` and `meet` put two networks side by side (`lipcheck.build.stacking.stack`), then MaxMin on (f, g) and the
selection [1, 0] or [0, 1]. `join_vector` and `meet_vector` compare two vectors coordinate by coordinate (the
Observation of section 6); `maximum` and `minimum` take many networks in a balanced tree; `maxout_maximum` and
`maxout_minimum` use Maxout in the place of MaxMin and a selection. All are equal to the maximum or minimum at every
input, exactly.

Hidden layers: one more than the deepest network has, ceil(log2 k) more for k networks, always one more with Maxout.
Norms: ||W||_{p, inf} of the first weight, for every p, and ||W||_inf of every other one, is the largest of the
networks' norms at this place, where 1 stands for a layer that one of them lacks; the added layers have ||W||_inf = 1.
So networks in the class of Theorem 3, all these norms equal to one, stay in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from lipcheck.build.dense import negated, picked
from lipcheck.build.stacking import JoinError, sound, stack
from lipcheck.network import Layer, MaxMin, Maxout, Network, Select

__all__ = [
    "JoinError",
    "join",
    "join_vector",
    "maximum",
    "maxout_maximum",
    "maxout_minimum",
    "meet",
    "meet_vector",
    "minimum",
    "stack",
]


def join(f: Network, g: Network) -> Network:
    """x -> max(f(x), g(x)) for two networks of one output, exactly, for all inputs: the network h of Theorem 3.

    A hidden layer is as wide as those of f and g together, where the layers that pad the shallower network are as wide
    as its last hidden layer, or 2 for an affine map (k for GroupSort(k)); the last hidden layer has the 2 units (f, g).
    Raises JoinError for other outputs and as `stack` does.
    """
    return _compared(_scalars(f, g), "max")


def meet(f: Network, g: Network) -> Network:
    """x -> min(f(x), g(x)): the network of `join` with the selection [0, 1]."""
    return _compared(_scalars(f, g), "min")


def join_vector(f: Network, g: Network) -> Network:
    """x -> (max(f_1, g_1), ..., max(f_m, g_m)) for networks with m outputs each, exactly, for all inputs.

    The outputs are permuted to (f_1, g_1, f_2, g_2, ...), compared and selected; a linear last layer takes the
    permutation in. The last hidden layer has 2 m units.
    Raises JoinError for different numbers of outputs and as `stack` does.
    """
    return _compared([f, g], "max")


def meet_vector(f: Network, g: Network) -> Network:
    """x -> (min(f_1, g_1), ..., min(f_m, g_m)): the network of `join_vector` with the other selection."""
    return _compared([f, g], "min")


def maximum(networks: Sequence[Network]) -> Network:
    """x -> the coordinatewise maximum of k networks with m outputs each, exactly, for all inputs.

    A balanced tree of comparisons behind `stack`: ceil(log2 k) more hidden layers than the deepest network has, of
    2 m ceil(k / 2), 2 m ceil(k / 4), ..., 2 m units. Where a round has an odd number left, the last one is compared
    with itself. Raises JoinError for different numbers of outputs and as `stack` does.
    """
    return _compared(networks, "max")


def minimum(networks: Sequence[Network]) -> Network:
    """x -> the coordinatewise minimum: the network of `maximum` with the other selections."""
    return _compared(networks, "min")


def maxout_maximum(networks: Sequence[Network]) -> Network:
    """x -> the coordinatewise maximum of k networks with m outputs each, by one Maxout(k) behind `stack`.

    One more hidden layer, of k m units, and no selection: Theorem 3 holds with maxout in the place of MaxMin.
    Raises JoinError for different numbers of outputs and as `stack` does.
    """
    found, outputs = _alike(networks)
    together = stack(found)
    order = [i * outputs + c for c in range(outputs) for i in range(len(found))]
    return Network(together.inputs, (*picked(together.layers, order, together.outputs), Maxout(len(found))))


def maxout_minimum(networks: Sequence[Network]) -> Network:
    """x -> the coordinatewise minimum, as -max(-f, -g, ...): the network of `maxout_maximum` between two negations.

    The first one is taken in by the networks' last layers, the second one is the matrix -I.
    """
    found, outputs = _alike(networks)
    opposite = [Network(f.inputs, negated(f.layers, outputs)) for f in found]
    above = maxout_maximum(opposite)
    return Network(above.inputs, negated(above.layers, outputs))


def _compared(networks: Sequence[Network], which: Literal["max", "min"]) -> Network:
    found, outputs = _alike(networks)
    together = stack(found)
    layers: tuple[Layer, ...] = together.layers
    count = len(found)
    while count > 1:
        pairs = [(i, min(i + 1, count - 1)) for i in range(0, count, 2)]
        order = [i * outputs + c for pair in pairs for c in range(outputs) for i in pair]
        width = len(order)
        chosen = Select(tuple(range(0 if which == "max" else 1, width, 2)), width)
        layers = (*picked(layers, order, count * outputs), MaxMin(), chosen)
        count = len(pairs)
    return Network(together.inputs, layers)


def _alike(networks: object) -> tuple[list[Network], int]:
    found = sound(networks)
    for network in found:
        if network.outputs != found[0].outputs:
            raise JoinError(
                f"One network gives {found[0].outputs} numbers and another one {network.outputs}: give networks with "
                "equally many outputs."
            )
    return found, found[0].outputs


def _scalars(f: Network, g: Network) -> list[Network]:
    found, outputs = _alike([f, g])
    if outputs != 1:
        raise JoinError(f"The networks give {outputs} numbers each: use join_vector or meet_vector.")
    return found
