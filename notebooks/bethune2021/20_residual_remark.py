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
# # Residual connections: an average loses gradient norm
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Appendix D, last remark.
#
# > Remark (Residual connections). If f verifies ||∇_x f(x)|| = 1 almost everywhere, and if g verifies ||∇_x g(x)|| = 1
# > almost everywhere, then ||∇_x(1/2 f(x) + 1/2 g(x))|| < 1 in general, unless ∇_x f(x) = ∇_x g(x). Taking f(x) = x we
# > end up with residual connections, for which ensuring ||∇_x(1/2 f(x) + 1/2 g(x))|| = 1 almost everywhere is not
# > trivial.
#
# The idea: the gradient of the mean is the midpoint of two unit vectors $u$, $v$, and the midpoint of a chord of the
# sphere lies inside. By the parallelogram law
#
# $$ \left\| \tfrac{u + v}{2} \right\|_2^2 = 1 - \tfrac14 \|u - v\|_2^2 . $$
#
# So it is one exactly if $u = v$.

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import torch

from lipcheck.network import Abs, Affine, MaxMin, Network
from lipcheck.nn.bjorck import bjorck
from lipcheck.norms import is_orthonormal, operator_norm
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.rational import evaluate, jacobian
from lipcheck.readings.tensor import TensorNetwork

style()

# %% [markdown]
# ## Two networks that keep gradients, and their mean
#
# Orthonormal weights with sorted pairs between them: every gradient has norm one. Of their mean it has not.


# %%
def network(seed, *widths):
    """Orthonormal weights and random biases, with sorted pairs between the layers."""
    random = torch.Generator().manual_seed(seed)
    weights = [torch.randn(1, b, a, generator=random, dtype=torch.float64) for a, b in pairwise(widths)]
    biases = [torch.randn(1, b, generator=random, dtype=torch.float64) for b in widths[1:]]
    kinds = ["affine"] + [kind for _ in weights[1:] for kind in (MaxMin(), "affine")]
    return TensorNetwork.from_tensors(kinds, [bjorck(w, iterations=60) for w in weights], biases)


ticks = np.linspace(-4, 4, 200)
plane = torch.tensor(np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2))
first, second = (network(seed, 2, 2, 2, 2, 1).jacobian(plane)[1][0, :, 0] for seed in (1, 4))
mean = ((first + second) / 2).norm(dim=1)
print("gradient norms of f:", first.norm(dim=1).min().item(), "to", first.norm(dim=1).max().item())
figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 3.9))
shades = left.pcolormesh(ticks, ticks, mean.reshape(200, 200), vmin=0, vmax=1)
left.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title="Gradient norm of (f + g)/2 in the plane")
left.grid(visible=False)
figure.colorbar(shades, label="‖∇(f + g)/2‖", pad=0.02)
figure.get_layout_engine().set(wspace=0.08)
line = np.linspace(0, 1, 50)
right.plot(line, 1 - line, color=COLOURS[1], label="1 − ‖∇f − ∇g‖²/4")
for inputs, mark in ((2, "o"), (8, "s"), (32, "^")):
    x = torch.tensor(np.random.default_rng(0).normal(size=(60, inputs)))
    u, v = (network(seed, *[inputs] * 4, 1).jacobian(x)[1][0, :, 0] for seed in (1, 2))
    right.plot((u - v).square().sum(1) / 4, ((u + v) / 2).square().sum(1), mark, markersize=4, label=f"{inputs} inputs")
right.set(xlabel="‖∇f − ∇g‖²/4", ylabel="‖∇(f + g)/2‖²", title="Networks at 60 random points each")
right.legend()
plt.show()

# %% [markdown]
# Half of the squared norm is lost where the two gradients are orthogonal, as nearly all random directions are in many
# dimensions.

# %%
record("bethune2021.residual_remark")

# %% [markdown]
# ## Other norms
#
# The paper fixes the 2-norm, and it is needed. The unit spheres of the 1-norm and of the maximum norm have flat faces:
# on a face the midpoint of two unit vectors is a unit vector.

# %%
pairs = {1: ((1, 0), (0.2, 0.8)), 2: ((1, 0), (0.28, 0.96)), "∞": ((1, 0.2), (1, 1))}
figure, axes = plt.subplots(1, 3, figsize=(9.4, 3.5), sharey=True)
angle = np.linspace(0, 2 * np.pi, 721)
circle = np.stack([np.cos(angle), np.sin(angle)])
for axis, (p, (u, v)) in zip(axes, pairs.items(), strict=True):
    order = np.inf if p == "∞" else p
    axis.plot(*(circle / np.linalg.norm(circle, ord=order, axis=0)), color="0.5", label="unit sphere")
    middle = (np.array(u) + np.array(v)) / 2
    for end, name, colour in ((u, "u", COLOURS[0]), (v, "v", COLOURS[2]), (middle, "(u + v)/2", COLOURS[1])):
        axis.annotate("", end, (0, 0), arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 2})
        axis.plot(*end, "o", color=colour, label=name)
    axis.plot(*zip(u, v, strict=True), ":", color="black")
    size = np.linalg.norm(middle, ord=order)
    axis.set(xlabel="first coordinate", aspect="equal", title=f"{p}-norm: the mean has norm {size:.2g}")
axes[0].set_ylabel("second coordinate")
figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
figure.suptitle("Two gradients of norm one, and their mean")
plt.show()

# %%
record("bethune2021.residual_remark.taxicab")

# %% [markdown]
# ## Residual connections have many outputs
#
# A residual connection adds $x \in \mathbb{R}^n$ to $g(x) \in \mathbb{R}^n$, so gradients become Jacobians, and the
# norm of a matrix is its operator norm. For this the first half of the remark fails: $g = $ GroupSort2 exchanges two
# numbers or leaves them, and the mean of the identity and an exchange has norm one, since it fixes $(1, 1)$.

# %%
sort = Network(2, (MaxMin(),))
G = jacobian(sort, (1, 3))
half = [[(g + int(i == j)) / 2 for j, g in enumerate(row)] for i, row in enumerate(G)]
print("Jacobian of GroupSort2 at (1, 3):", [[str(g) for g in row] for row in G])
print("mean with the identity:", [[str(g) for g in row] for row in half])
print("its spectral norm:", operator_norm(half, 2).lower, "  all singular values one:", is_orthonormal(half))

# %%
record("bethune2021.residual_remark.vector_valued")

# %% [markdown]
# What matters for training are *all* singular values, and for these the remark holds in the strongest way: they are
# all one only if $g(x) = x + c$. Below, stacks of blocks $x \mapsto (x + g(x))/2$ with networks $g$ that keep every
# gradient, against stacks of the networks $g$ alone. (The smallest singular value is 0 as soon as the Jacobian of some
# $g$ has the eigenvalue $-1$, since then $x$ and $g(x)$ cancel in one direction.)

# %%
width, depth = 16, 24
blocks = [network(seed, width, width, width) for seed in range(depth)]


def singular_values(residual):
    """The singular values of the Jacobian after each block."""
    x, product = torch.ones(1, width, dtype=torch.float64), torch.eye(width, dtype=torch.float64)
    found = [torch.linalg.svdvals(product)]
    for g in blocks:
        value, slope = g.jacobian(x)
        x = (x + value[0]) / 2 if residual else value[0]
        product = ((torch.eye(width) + slope[0, 0]) / 2 if residual else slope[0, 0]) @ product
        found.append(torch.linalg.svdvals(product))
    return torch.stack(found)


figure, axis = plt.subplots()
for residual, colour, mark in ((False, COLOURS[0], "s"), (True, COLOURS[1], "o")):
    values = singular_values(residual)
    name = "blocks (x + g(x))/2" if residual else "blocks g(x)"
    axis.plot(values[:, 0], mark, linestyle="-", color=colour, markersize=4, label=f"{name}: largest")
    axis.plot(values.median(dim=1).values, mark, linestyle=":", color=colour, markersize=3, label=f"{name}: median")
axis.set(yscale="log", xlabel="number of blocks", ylabel="singular value of the Jacobian")
axis.set_title("Averaged residual blocks lose gradients, in all directions")
axis.legend(fontsize=8)
plt.show()

# %%
record("bethune2021.residual_remark.residual")

# %% [markdown]
# ## To play with
#
# The mean of two functions of gradient norm one, at a point, in exact numbers. Choose rows of norm one and see when
# nothing is lost.

# %%
f = Network(2, (Affine.linear([["3/5", "4/5"]]), Abs()))
for row in (["3/5", "4/5"], ["4/5", "3/5"], ["4/5", "-3/5"], ["-3/5", "-4/5"]):
    g = Network(2, (Affine.linear([row]),))
    u, v = jacobian(f, (1, 2))[0], jacobian(g, (1, 2))[0]
    kept = sum(((a + b) / 2) ** 2 for a, b in zip(u, v, strict=True))
    print("g(1, 2) =", evaluate(g, (1, 2))[0], "  squared gradient norm of the mean:", kept)
