# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # Proposition 9: no exploding gradients
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Appendix D.
#
# > Assume that f = h^M ∘ h^{M−1} ∘ ... ∘ h^2 ∘ h^1 is a feed forward neural network and that each layer h^i is
# > 1-Lipschitz, where h^i is either a 1-Lipschitz affine transformation h^i(x) = W^i x + B^i either a 1-Lipschitz
# > activation function. [...] Then: ‖∇_{W^i} L(ỹ, y)‖ ≤ ‖∇_ỹ L(ỹ, y)‖ ‖H^{i−1}(x)‖ (17)
# > ‖∇_{B^i} L(ỹ, y)‖ ≤ ‖∇_ỹ L(ỹ, y)‖ (18)
#
# The idea: let $g$ be the gradient of the loss in the output of layer $i$, and $h = H^{i-1}(x)$ its input. Then
#
# $$ \nabla_{B^i} L = g, \qquad \nabla_{W^i} L = g\,h^\top, \qquad \|g\,h^\top\| = \|g\|\,\|h\| , $$
#
# in the operator norm as in the Frobenius norm, since the matrix has rank one. On its way back from the output, $g$ is
# multiplied by the transposed Jacobians of the later layers, each of norm at most one:
# $\|g\| \le \|\nabla_{\tilde y} L\|$.

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from lipcheck.nn import BjorckLinear, MaxMin, spectrally_normalized
from lipcheck.notebook import COLOURS, record, style

style()
torch.set_default_dtype(torch.float64)

# %% [markdown]
# ## The gradients of four networks
#
# Thirty layers of width 32 with sorted pairs between them: weights made orthonormal by Björck's iteration, weights
# divided by their spectral norm, and two unconstrained networks, whose Gaussian weights are a little too large and a
# little too small. The loss is $-y \tilde y$ for one example.

# %%
DEPTH, WIDTH = 30, 32


def layers(kind, depth=DEPTH):
    """Affine layers with sorted pairs between them, one output."""
    found = []
    for a, b in pairwise([WIDTH] * (depth + 1) + [1]):
        layer = BjorckLinear(a, b, iterations=30) if kind == "orthonormal" else nn.Linear(a, b)
        size = {"large weights": 1.4, "small weights": 0.7}.get(kind, 1) / a**0.5
        nn.init.normal_(layer.weight, std=size)
        nn.init.normal_(layer.bias, std=0.05)
        found += [spectrally_normalized(layer) if kind == "spectral norm 1" else layer, MaxMin()]
    return nn.Sequential(*found[:-1])


def gradients(network, x, y):
    """For each affine layer: the norms of the gradients of weight and bias, and of the layer's input."""
    h, inputs, outputs = x, [], []
    for module in network:
        if not isinstance(module, MaxMin):
            inputs.append(h.norm().item())
        h = module(h)
        if not isinstance(module, MaxMin):
            h.retain_grad()
            outputs.append(h)
    (-y * h).sum().backward()
    back = np.array([h.grad.norm().item() for h in outputs])
    return back * np.array(inputs), back, np.array(inputs)


torch.manual_seed(0)
x = torch.randn(WIDTH)
kinds = ("orthonormal", "spectral norm 1", "large weights", "small weights")
found = {kind: gradients(layers(kind), x, 1) for kind in kinds}
figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.8))
for (kind, (weight, bias, inputs)), mark in zip(found.items(), "os^v", strict=True):
    (drawn,) = left.plot(range(1, DEPTH + 2), weight, mark, markersize=3, label=kind)
    left.plot(range(1, DEPTH + 2), bias[-1] * inputs, "--", color=drawn.get_color(), linewidth=1)
    right.plot(range(1, DEPTH + 2), bias / bias[-1], marker=mark, markersize=3, label=kind)
left.set(yscale="log", xlabel="layer i", ylabel="norm of the gradient of the weight")
left.set_title("(17): left side (marks), right side (dashed)")
right.set(yscale="log", xlabel="layer i", ylabel="left side of (18) over its right side")
right.axhline(1, color="black", linewidth=1)
right.axhspan(1, right.get_ylim()[1], color="0.9")
right.set_title("(18): broken in the grey part, above 1")
right.legend(loc="lower right")
figure.suptitle("Gradients of four networks, layer by layer")
plt.show()
for kind, (weight, bias, inputs) in found.items():
    print(f"{kind:16} largest ratio in (17): {(weight / (bias[-1] * inputs)).max():10.6f}   in (18): "
          f"{(bias / bias[-1]).max():10.6f}")  # fmt: skip

# %% [markdown]
# Both sides of (17) are those of (18) times $\|H^{i-1}(x)\|$, so the ratios agree. Orthonormal weights have equality. A
# norm of one alone lets the gradient vanish: this is the theme of Proposition 10.

# %%
record("bethune2021.proposition_9")

# %% [markdown]
# ## What "no exploding" means
#
# (17) contains $\|H^{i-1}(x)\|$, which biases can enlarge. With $\|h^j(0)\| \le \beta$ it is at most
# $\|x\| + (i - 1)\beta$: the growth is linear in depth, not exponential, but it is no bound by the input alone. The
# counterexample is the chain $z \mapsto z + 1$ at $x = 0$.

# %%
depths = np.arange(1, 41)
figure, axis = plt.subplots()
axis.plot(depths, depths - 1.0, "o", markersize=4, label="chain z + 1 at x = 0: gradient of the last weight, M − 1")
axis.plot(depths, 0 * depths, "s", markersize=4, color=COLOURS[1], label="the bound ‖∇L‖ ‖x‖ without biases: 0")
axis.plot(depths, 4 * (1.25 ** (depths - 1.0) - 1), "--", color=COLOURS[2], label="chain 5z/4 + 1, not 1-Lipschitz")
axis.set(xlabel="layers, M", ylabel="gradient of the weight", ylim=(-2, 60), title="Linear growth, from the biases")
figure.legend(loc="outside lower center")
plt.show()

# %%
record("bethune2021.proposition_9.no_exploding", "bethune2021.proposition_9.no_exploding_bound")

# %% [markdown]
# ## Parameters that are not the matrix
#
# The proposition speaks of the full matrix of a layer. A *convolution* uses each entry of its kernel at many positions,
# and the gradients add up: by a factor $\sqrt k$ at most for a kernel of $k$ entries, and $\sqrt n$ for a bias shared
# by $n$ positions. *Spectral normalization* trains $V$ and uses $W = V/\|V\|$: the gradient in $V$ can be larger than
# that in $W$, by a factor of $1/\|V\|$ at most.

# %%
signal = torch.ones(1, 1, 2)
convolution = nn.Conv1d(1, 1, 2, padding=1, padding_mode="circular")
nn.init.constant_(convolution.weight, 0.5)
output = convolution(signal)[..., :2]
output.backward(torch.ones_like(output))
print(f"kernel (1/2, 1/2), two positions, constant signals: ‖∇kernel‖² = {convolution.weight.grad.square().sum():.0f}, "
      f"‖∇L‖²‖x‖² = {2 * 2};  ∇bias² = {convolution.bias.grad.square().sum():.0f}, ‖∇L‖² = 2")  # fmt: skip

size = np.logspace(-2, 1, 61)
h = torch.tensor([0.6, 0.8])
ratio = []
for s in size:
    V = torch.tensor([float(s), 0.0], requires_grad=True)
    (V / V.norm() @ h).backward()
    ratio.append((V.grad.norm() / h.norm()).item())
figure, axis = plt.subplots()
axis.plot(size, ratio, label="V = (s, 0), h = (0.6, 0.8)")
axis.plot(size, 1 / size, ":", color=COLOURS[2], label="the most over all h: 1/‖V‖")
axis.axhline(1, color=COLOURS[1], linestyle="--", label="the bound of (17)")
axis.axvspan(size[0], 1, color="0.93")
axis.set(xscale="log", yscale="log", xlabel="‖V‖", ylabel=r"$\|\nabla_V L\|\ /\ (\|\nabla L\|\ \|h\|)$")
axis.set_title("W = V/‖V‖: below ‖V‖ = 1 (grey) the trained gradient can exceed (17)")
axis.legend()
plt.show()

# %%
record("bethune2021.proposition_9.convolution", "bethune2021.proposition_9.trained")

# %% [markdown]
# ## To play with
#
# Change the depth, the width, the size of the weights. At which size of the Gaussian weights does the first gradient of
# the unconstrained network neither explode nor vanish?

# %%
torch.manual_seed(1)
for kind in kinds:
    ratios = [gradients(layers(kind, depth), x, 1)[1] for depth in (10, 40, 80)]
    print(f"{kind:16} first over last bias gradient at depth 10, 40, 80:", *(f"{r[0] / r[-1]:.1e}" for r in ratios))
