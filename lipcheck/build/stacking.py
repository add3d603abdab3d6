"""Networks side by side on one input: what that does to the norms, for p = infinity and for p = 2.

The first weights are stacked vertically, every later weight is block diagonal (Anil et al. 2019, proof of Theorem 3 and
Figure 14). ||W||_{p, inf} and ||W||_inf are the largest dual norm of a row, so each is the largest of the norms that
stand beside each other. The spectral norm of a block diagonal matrix is that of the largest block, too, but vertical
stacking makes it grow: ||[w_1; w_2]||_2 = sqrt(1 + |w_1 . w_2|) for two unit rows, one only if they are orthogonal.
This is why the theorem's construction fails for 2-norm constrained weights (footnote 3 of the ICML version).

A shallower network is padded: behind its last MaxMin an identity and MaxMin change nothing, for what is sorted stays
sorted. Where that does not help (an affine map, or another activation), its outputs are copied: sorts and maxima of
equal numbers are that number. Copies and identities have ||W||_inf = 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from lipcheck.build.dense import Linear, beside, identity, picked
from lipcheck.exact import items, shown
from lipcheck.network import Abs, Affine, FullSort, GroupSort, Layer, MaxMin, Maxout, Network, ReLU, Select
from lipcheck.norms import Bracket, operator_norm
from lipcheck.norms.bracket import root
from lipcheck.words.errors import LipcheckError


class JoinError(LipcheckError, ValueError):
    """Networks that cannot be put side by side or compared."""


def stack(networks: Sequence[Network]) -> Network:
    """x -> (f_1(x), f_2(x), ...), all outputs one after the other, exactly; as deep as the deepest network.

    From scalar networks that are 1-Lipschitz for ||.||_p it makes one that is 1-Lipschitz from ||.||_p to ||.||_inf.
    Two linear layers in a row stay two. FullSort becomes the GroupSort of its width, so that it sorts no strangers.
    Raises JoinError for no networks, different inputs, activations that differ at the same place, and where the
    shallower network would have to pass through ReLU, LeakyReLU, Abs or a smooth function, which change numbers: only
    behind ReLU and Abs does the same activation change nothing.
    """
    found = sound(networks)
    if len(found) == 1:
        return found[0]
    channels = _padded_alike([_channel(network) for network in found])
    activations = channels[0].activations
    layers: list[Layer] = []
    widths = [found[0].inputs] * len(channels)
    for place in range(len(activations) + 1):
        gaps = [channel.gaps[place] for channel in channels]
        for step in range(max(map(len, gaps)) or int(place == 0)):
            linear = [gap[step] if step < len(gap) else identity(w) for gap, w in zip(gaps, widths, strict=True)]
            layers.append(beside(linear, shared=not layers))
            widths = [layer.outputs(w) for layer, w in zip(linear, widths, strict=True)]
        if place < len(activations):
            layers.append(activations[place])
            widths = [activations[place].outputs(w) for w in widths]
    return Network(found[0].inputs, tuple(layers))


def stacked_norm(f: Network, g: Network) -> tuple[Bracket, ...]:
    """The spectral norm of each linear layer of `stack((f, g))`, certified.

    Where one of them is above one, (f, g) side by side is no 2-norm constrained network as it stands. Dividing the
    layer by its norm k repairs that, but then all gradients shrink by the factor 1 / k, which no later weight of norm
    one can undo. For unit rows w_1, w_2 nothing else helps, since x -> (w_1 . x, w_2 . x) itself stretches lengths by
    sqrt(1 + |w_1 . w_2|). This says nothing yet about max(f, g), which is 1-Lipschitz: see
    `lipcheck.build.spectral_joining`.
    Raises JoinError as `stack` does.
    """
    layers = stack((f, g)).layers
    return tuple(_spectral(layer) for layer in layers if isinstance(layer, Affine | Select))


def _spectral(layer: Linear) -> Bracket:
    if isinstance(layer, Affine):
        return operator_norm(layer.weight, Fraction(2))
    return root(Fraction(max(Counter(layer.indices).values())), 2)


@dataclass(frozen=True)
class _Channel:
    """gaps[0], activations[0], gaps[1], ..., gaps[-1]: the linear layers before, between and behind the activations."""

    gaps: tuple[tuple[Linear, ...], ...]
    activations: tuple[Layer, ...]
    outputs: int


def _channel(network: Network) -> _Channel:
    gaps: list[tuple[Linear, ...]] = [()]
    activations: list[Layer] = []
    for layer, width in zip(network.layers, (network.inputs, *network.widths), strict=False):
        if isinstance(layer, Affine | Select):
            gaps[-1] = (*gaps[-1], layer)
        else:
            activations.append(_of_fixed_size(layer, width))
            gaps.append(())
    return _Channel(tuple(gaps), tuple(activations), network.outputs)


def _of_fixed_size(layer: Layer, width: int) -> Layer:
    """FullSort as a GroupSort, and every descending sort of pairs as MaxMin, so that equal sorts compare equal."""
    if isinstance(layer, FullSort):
        layer = GroupSort(width, order=layer.order)
    return MaxMin() if layer == GroupSort(2, order="descending") else layer


def _padded_alike(channels: list[_Channel]) -> list[_Channel]:
    """The same functions, all with the activations of the deepest channel."""
    activations = max((channel.activations for channel in channels), key=len)
    for channel in channels:
        for place, (own, other) in enumerate(zip(channel.activations, activations, strict=False)):
            if own != other:
                raise JoinError(
                    f"Activation {place} is {own!r} in one network and {other!r} in another: give the same activations "
                    "in the same order."
                )
    return [reduce(_padded, activations[len(channel.activations) :], channel) for channel in channels]


def _padded(channel: _Channel, activation: Layer) -> _Channel:
    """The same function with one more activation, which changes nothing."""
    *before, last = channel.gaps
    activations = (*channel.activations, activation)
    if channel.activations[-1:] == (activation,) and isinstance(activation, GroupSort | Abs | ReLU):
        return _Channel((*before, (), last), activations, channel.outputs)
    if not isinstance(activation, GroupSort | Maxout):
        raise JoinError(
            f"The shallower network cannot pass through {activation!r}, which changes its numbers: "
            "give networks of equal depth, or sorts and maxima as activations."
        )
    size, outputs = activation.size, channel.outputs
    copies = picked(last, [i for i in range(outputs) for _ in range(size)], outputs)
    linear = tuple(layer for layer in copies if isinstance(layer, Affine | Select))
    behind = () if isinstance(activation, Maxout) else (Select(tuple(range(0, size * outputs, size)), size * outputs),)
    return _Channel((*before, linear, behind), activations, outputs)


def sound(networks: object) -> list[Network]:
    """The networks as a list; JoinError unless there are some, all of them networks with the same inputs."""
    found: list[Network] = []
    for network in items(networks, "networks"):
        if not isinstance(network, Network):
            raise JoinError(f"{shown(network)} is no network: give networks as lipcheck.network.Network.")
        found.append(network)
        if network.inputs != found[0].inputs:
            raise JoinError(
                f"One network takes {found[0].inputs} numbers and another one {network.inputs}: give networks with the "
                "same inputs."
            )
    if not found:
        raise JoinError("There are no networks: give at least one.")
    return found
