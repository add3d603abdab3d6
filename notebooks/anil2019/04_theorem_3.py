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
# # Theorem 3: norm-constrained MaxMin networks approximate every 1-Lipschitz function
#
# Anil, Lucas, Grosse, *Sorting out Lipschitz function approximation*, Section 6 and Appendix D of the ICLR submission.
#
# > (Universal Approximation with Lipschitz Networks) Let $LN_p$ denote the class of fully-connected neural networks
# > whose first weight matrix satisfies $\|W_1\|_{p,\infty} = 1$, all other weight matrices satisfy
# > $\|W\|_\infty = 1$, and MaxMin activations. Let $X$ be a closed and bounded subset of $\mathbb{R}^n$ endowed with
# > the $L_p$ metric. Then the closure of $LN_p$ is dense in $C_L(X, \mathbb{R})$.
#
# $\|W_1\|_{p,\infty}$ is the largest dual norm of a row, $\|W\|_\infty$ the largest absolute sum of a row.
#
# **The idea.** Lemma 1 asks for two things. *Two points*: an affine function $w \cdot z + b$ with $\|w\|_q \le 1$
# takes any two values $a$, $b$ at $x$, $y$ with $|a - b| \le \|x - y\|_p$. *A lattice*: stack two networks, the first
# weights one above the other, all later ones as blocks. No row gets longer,
#
# $$ \left\| \begin{bmatrix} W_1^f \\ W_1^g \end{bmatrix} \right\|_{p,\infty} = 1, \qquad
# \left\| \begin{bmatrix} W^f & 0 \\ 0 & W^g \end{bmatrix} \right\|_\infty = 1, $$
#
# and one more MaxMin on $(f, g)$, read by $[1, 0]$ or $[0, 1]$, gives $\max(f, g)$ or $\min(f, g)$.

# %%
from math import inf

import matplotlib.pyplot as plt
import numpy as np
import torch

from lipcheck.build import Box, approximate, interpolate, join, meet, through
from lipcheck.network import Affine
from lipcheck.norms import operator_norm
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.tensor import TensorNetwork

style()
side = np.linspace(-3, 3, 121)
grid = torch.as_tensor(np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2))


def surface(network):
    """The values of a network on a grid of the square."""
    return TensorNetwork.from_network(network).forward(grid)[0, :, 0].numpy().reshape(121, 121)


# %% [markdown]
# ## Two points
#
# In the plane a row of norm exactly one is free to turn until it fits. On the line it is 1 or −1, and fits
# $|a - b| = |x - y|$ alone: *a single layer* of the printed proof, which has to have the norm one, cannot take equal
# values at two points. Two rows and a minimum can, and that is a network of the class.

# %%
for name, lattice in (
    ("plane, equal values", through([0, 0], 0, [5, 0], 0, p=2)),
    ("plane, values 0 and 3", through([0, 0], 0, [5, 0], 3, p=2)),
    ("line, equal values", through([0], 0, [1], 0, p=2)),
):
    print(f"{name:22}", [([str(w) for w in piece.weight], str(piece.bias)) for piece in lattice.pieces])
t = np.linspace(-0.5, 1.5, 201)
figure, axes = plt.subplots(figsize=(6, 3.3))
for slope, colour in ((1, COLOURS[1]), (-1, COLOURS[3])):
    axes.plot(t, slope * t, "--", color=colour, label=f"slope {slope} through (0, 0)")
axes.plot(
    t,
    [float(lattice.value((u,))) for u in t.tolist()],
    color=COLOURS[0],
    linewidth=2,
    label="minimum of two rows of norm one",
)
axes.plot([0, 1], [0, 0], "ko", label="the two points")
axes.set(xlabel="$z$", ylabel="value", title="On the line: one row of norm one misses (1, 0)")
axes.legend(fontsize=9)
plt.show()

# %%
record("anil2019.theorem_3.single_layer", "anil2019.theorem_3.separation")

# %% [markdown]
# ## The lattice
#
# Two networks of $LN_2$ in the plane, their maximum and their minimum, with the norms of all weights: the first is
# $\|W\|_{2,\infty}$, the others are $\|W\|_\infty$.

# %%
f = through([0, 0], 0, [5, 0], 3, p=2).network()
g = interpolate([[0, 0], [3, 0], [0, 3], [-3, -3]], [1, -1, -1, 0], p=2).lattice.network()
networks = {"f": f, "g": g, "max(f, g)": join(f, g), "min(f, g)": meet(f, g)}
for name, network in networks.items():
    weights = [layer.weight for layer in network.dense().layers if isinstance(layer, Affine)]
    norms = [operator_norm(w, 2 if i == 0 else inf, inf).upper for i, w in enumerate(weights)]
    print(f"{name:10} widths {network.widths}, norms {[float(norm) for norm in norms]}")
figure, panels = plt.subplots(1, 4, figsize=(11.5, 3.2), sharex=True, sharey=True)
for axes, (name, network) in zip(panels, networks.items(), strict=True):
    filled = axes.contourf(side, side, surface(network), levels=np.linspace(-4, 4, 17), extend="both")
    axes.set(xlabel="$x_1$", title=f"${name}$".replace("max", r"\max").replace("min", r"\min"), aspect="equal")
    axes.grid(visible=False)
panels[0].set_ylabel("$x_2$")
figure.colorbar(filled, ax=panels, label="value")
plt.show()

# %% [markdown]
# A network of a single weight sorts nothing, so that no identity layer can be put in to make it as deep as another
# (the gap in the printed proof); the library takes its output twice, and a MaxMin of equal numbers changes nothing.

# %%
record("anil2019.theorem_3.padding", "anil2019.theorem_3.lattice")

# %% [markdown]
# ## Values at points
#
# Max of min of such pieces (or min of max, where that is smaller) takes prescribed values at any number of points,
# exactly. The same points and values serve for the norms 1, 2 and $\infty$, and the surfaces differ.

# %%
points = [[-2, -2], [2, -2], [-1, 1], [0, -1], [2, 2], [-2, 2], [1, 0]]
values = [1, 0, -1, "1/2", 1, 0, "-1/2"]
figure, panels = plt.subplots(1, 3, figsize=(10.5, 3.5), sharex=True, sharey=True)
for axes, p in zip(panels, (1, 2, inf), strict=True):
    found = interpolate(points, values, p=p).lattice
    assert [str(found.value(x)) for x in points] == [str(v) for v in values]
    filled = axes.contourf(side, side, surface(found.network()), levels=np.linspace(-2, 2, 17), extend="both")
    axes.plot(*np.array(points).T, "o", color="white", markeredgecolor="black", label="points")
    axes.set(
        xlabel="$x_1$",
        aspect="equal",
        title=f"p = {'∞' if p == inf else p}: {len(found.pieces)} rows, {found.depth} weights",
    )
    axes.grid(visible=False)
panels[0].set_ylabel("$x_2$")
panels[0].legend(loc="lower right", frameon=True, fontsize=8)
figure.colorbar(filled, ax=panels, label="value")
plt.show()

# %% [markdown]
# ## A function
#
# The lattice is fitted to a real function, $g(x) = \frac{7}{10} (\sin x_1 + \cos x_2)$, whose gradient has norm at
# most $\frac{7}{10}\sqrt 2 < 1$. The library chooses the points, and proves how far the network is from $g$ on the
# whole square, given that $g$ is 1-Lipschitz.


# %%
def function(x):
    """The function that is approximated."""
    return 0.7 * (np.sin(x[0]) + np.cos(x[1]))


found = approximate(function, Box((-3, -3), (3, 3)), "1/4", 2)
network = found.lattice.network()
print(f"proved: within {float(found.bound):.4f}; {len(found.lattice.pieces)} rows, widths {network.widths}")
exact = function(grid.numpy().T).reshape(121, 121)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
filled = left.contourf(side, side, surface(network), levels=np.linspace(-1.5, 1.5, 25))
figure.colorbar(filled, ax=left, label="value")
error = np.abs(surface(network) - exact)
filled = right.pcolormesh(side, side, error, vmin=0, vmax=0.25, rasterized=True)
figure.colorbar(filled, ax=right, label="|network − g|")
left.set(xlabel="$x_1$", ylabel="$x_2$", title="The network", aspect="equal")
right.set(xlabel="$x_1$", title=f"Its error: at most {error.max():.3f} on the grid", aspect="equal")
for axes in (left, right):
    axes.grid(visible=False)
plt.show()

# %%
record("anil2019.theorem_3")

# %% [markdown]
# ## To play with
#
# Ask for other distances: for half of it, about four times as many points are needed in the plane.

# %%
for eps in ("1", "1/2"):
    tried = approximate(function, Box((-3, -3), (3, 3)), eps, 2)
    print(f"eps {eps}: {len(tried.samples)} samples, {len(tried.lattice.pieces)} rows, proved {float(tried.bound):.3f}")
