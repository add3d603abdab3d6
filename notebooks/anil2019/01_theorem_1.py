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
# # Theorem 1: monotonic units that keep every gradient compute affine functions
#
# Anil, Lucas, Grosse, *Sorting out Lipschitz function approximation*, Section 3.
#
# > Consider a neural net, $f : \mathbb{R}^n \to \mathbb{R}$, built with matrix 2-norm constrained weights
# > ($\|W\|_2 \le 1$) and 1-Lipschitz, element-wise, monotonic activation functions. If $\|\nabla f(x)\|_2 = 1$ almost
# > everywhere, then $f$ is linear.
#
# *Linear* means affine here: $f(x) = x + 1$ satisfies all hypotheses.
#
# **The idea.** The gradient travels from the output to the input: $g = w D_h W_h \cdots D_1 W_1$, where the diagonal
# matrices $D_l$ hold the slopes of the units. No factor makes it longer. If it arrives with the length one it started
# with, nothing was lost on the way, so
#
# $$ \|w\|^2 - \|w D_h\|^2 = \sum_i (1 - d_i^2)\, w_i^2 = 0 : $$
#
# every unit that is read has slope 1 or −1. A monotonic unit cannot change from one to the other. It is affine where it
# is used, and can be multiplied into the weights; the network has lost a layer. So it goes on to the input.

# %%
from fractions import Fraction
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import torch

from lipcheck.network import Abs, Affine, LeakyReLU, MaxMin, Network, ReLU
from lipcheck.norms import operator_norm
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.line import pieces
from lipcheck.readings.tensor import TensorNetwork

style()

# %% [markdown]
# ## Where the gradient is lost
#
# A ReLU network on the plane, two hidden layers, all weights with norm one (the rows are unit vectors from the triples
# 3, 4, 5 and 5, 12, 13). The picture shows the regions on which it is affine, and what is left of the gradient in each.

# %%
turn = [["3/5", "4/5"], ["-4/5", "3/5"]]
other = [["12/13", "-5/13"], ["5/13", "12/13"]]
f = Network(
    2,
    (Affine(turn, ["1/2", 1]), ReLU(), Affine(other, ["-1/4", "-1/2"]), ReLU(), Affine.linear([["4/5", "3/5"]])),
)
print("norms:", [float(operator_norm(a.weight, 2).upper) for a in f.layers if isinstance(a, Affine)])
side = np.linspace(-4, 4, 401)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
value, jacobian = (a[0].numpy() for a in TensorNetwork.from_network(f).jacobian(torch.as_tensor(grid)))
length = np.linalg.norm(jacobian[:, 0], axis=1).reshape(401, 401)
figure, axes = plt.subplots(figsize=(5.8, 4.4))
mesh = axes.pcolormesh(side, side, length, vmin=0, vmax=1, rasterized=True)
axes.contour(side, side, value.reshape(401, 401), levels=12, colors="white", linewidths=0.6)
figure.colorbar(mesh, label="norm of the gradient")
axes.set(
    xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title="A ReLU network: gradient norm, and lines of equal value"
)
axes.grid(visible=False)
plt.show()
print("norms that occur:", sorted({round(v, 4) for v in length.flatten().tolist()}))

# %% [markdown]
# The norm is one only where all units are positive, and that is not the whole plane.
#
# ## The theorem in numbers
#
# A gradient that changes has lost norm. For $h$ hidden layers and any two points $x$, $y$ with gradients $g_x$, $g_y$
#
# $$ \|g_x - g_y\|^2 \le h \left( (1 - \|g_x\|^2) + (1 - \|g_y\|^2) \right). $$
#
# With both norms one the right side is zero, and the gradient is constant. The picture takes random networks with
# orthogonal weights and pairs of points: ReLU stays below the line, MaxMin (not element-wise) does not.

# %%
rng = np.random.default_rng(1)


def population(kind, hidden, width=4, count=200):
    """Networks of one input whose weights have orthonormal columns or rows, and their gradients at ten points."""
    sizes = [1, *[width] * hidden, 1]
    weights, biases = [], []
    for n, m in pairwise(sizes):
        tall = np.linalg.qr(rng.normal(size=(count, max(n, m), min(n, m))))[0]
        weights.append(torch.as_tensor(tall if m >= n else tall.swapaxes(1, 2).copy()))
        biases.append(torch.as_tensor(rng.normal(size=(count, m))))
    kinds = ["affine", *[k for _ in range(hidden) for k in (kind, "affine")]]
    networks = TensorNetwork.from_tensors(kinds, weights, biases)
    points = torch.as_tensor(rng.normal(size=(10, 1)) * 2)
    return networks.jacobian(points)[1][:, :, 0, 0].numpy()


figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.8), sharex=True, sharey=True)
for axes, kind, name in ((left, ReLU(), "ReLU: below the bound"), (right, MaxMin(), "MaxMin: the bound fails")):
    for hidden, colour, marker in ((1, COLOURS[0], "o"), (2, COLOURS[1], "^"), (3, COLOURS[2], "s")):
        g = population(kind, hidden)
        x, y = g[:, :5].ravel(), g[:, 5:].ravel()
        axes.scatter(2 - x**2 - y**2, (x - y) ** 2 / hidden, s=10, color=colour, marker=marker, label=f"h = {hidden}")
    axes.plot([0, 2], [0, 2], color="black", linestyle="--", label="the bound")
    axes.set(xlabel=r"norm lost, $(1 - g_x^2) + (1 - g_y^2)$", title=name)
left.set_ylabel(r"change, $(g_x - g_y)^2 / h$")
left.legend(loc="upper left", title="h hidden layers")
plt.show()

# %%
record("anil2019.theorem_1")

# %% [markdown]
# ## Every hypothesis is needed
#
# Four networks compute $|x|$ exactly, and each breaks one hypothesis alone. Their affine pieces are found exactly. The
# fifth, $\max(x, 0)$, keeps all hypotheses but the gradient.

# %%
half = Fraction(1, 2)
examples = {
    "not monotonic: Abs": Network(1, (Affine.linear([[1]]), Abs(), Affine.linear([[1]]))),
    "weights of norm √2: ReLU": Network(1, (Affine.linear([[1], [-1]]), ReLU(), Affine.linear([[1, 1]]))),
    "slope 4: LeakyReLU": Network(
        1,
        (
            Affine.linear([["7/10"], ["-7/10"]]),
            ReLU(),
            Affine.linear([["-7/10", "-7/10"]]),
            LeakyReLU(4),
            Affine.linear([["-25/49"]]),
        ),
    ),
    "not element-wise: MaxMin": Network(
        1, (Affine.linear([[half], [-half]] * 2), MaxMin(), Affine.linear([[half, -half] * 2]))
    ),
    "gradient not one: max(x, 0)": Network(1, (Affine.linear([[1]]), ReLU(), Affine.linear([[1]]))),
}
figure, panels = plt.subplots(1, 5, figsize=(11, 2.9), sharey=True)
t = np.linspace(-1, 1, 201)
for axes, (name, network), colour in zip(panels, examples.items(), COLOURS, strict=False):
    slopes = sorted({str(piece.slopes[0]) for piece in pieces(network)})
    norms = [round(float(operator_norm(a.weight, 2).upper), 3) for a in network.layers if isinstance(a, Affine)]
    print(f"{name:28} slopes {slopes}, norms of the weights {norms}")
    axes.plot(t, TensorNetwork.from_network(network).forward(torch.as_tensor(t[:, None]))[0, :, 0], color=colour)
    axes.set(xlabel="$x$", ylim=(-0.1, 1.1))
    axes.set_title(name.replace(": ", ":\n"), fontsize=9)
panels[0].set_ylabel("$f(x)$")
plt.show()

# %% [markdown]
# What the paper draws from the theorem: no ReLU network with $\|W\|_2 \le 1$ *equals* $|x|$. (By depth such networks
# come as near to it as one likes on an interval, all the same.)

# %%
record("anil2019.theorem_1.absolute_value", "anil2019.theorem_1.linear")

# %% [markdown]
# ## To play with
#
# Change the bias. The slopes change with the inputs as long as a unit can be switched off; with a unit that is not read
# (weight 0) they need not.

# %%
h = Network(1, (Affine([["3/5"], ["4/5"]], [0, 1]), ReLU(), Affine.linear([["3/5", "4/5"]])))
for piece in pieces(h):
    print(f"from {piece.low} to {piece.high}: slope {piece.slopes[0]}")
