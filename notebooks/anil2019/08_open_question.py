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
# # The open question of Section 6: are 2-norm constrained networks universal?
#
# Anil, Lucas, Grosse, *Sorting out Lipschitz function approximation*, Section 6, footnote 3 and the sentence it
# belongs to.
#
# > However, it remains an open question whether 2-norm constrained GroupSort networks are also universal Lipschitz
# > function approximators.
#
# > Our construction fails for 2-norm constrained weights, as column-wise stacking two matrices that have max singular
# > values of 1 might result in a matrix that has singular values larger than 1.
#
# **The idea.** In the 2-norm the proof of Theorem 3 breaks: $[1]$ over $[1]$ has norm $\sqrt2$. No other proof by
# exact maxima can replace it, for the class is no lattice. But density asks for limits only, and on the line there is
# another way: *folding*. MaxMin reflects a half-plane onto the other one with weights of norm one. A strip of paper,
# folded in the plane and read along a line, is a function with many turns. So for one input the answer is **yes**.
# For two inputs or more the question is open.

# %%
from fractions import Fraction
from math import isqrt

import matplotlib.pyplot as plt
import numpy as np
import torch

from lipcheck.build import join, relu_absolute_value
from lipcheck.build.relu_folding import best_slope_square
from lipcheck.build.spectral_joining import spectral_join, unclosed_pair
from lipcheck.build.stacking import stacked_norm
from lipcheck.build.strips import collapse, error, three_branches
from lipcheck.build.zigzags import network as folded_network
from lipcheck.build.zigzags import read
from lipcheck.network import Affine, Network
from lipcheck.norms import operator_norm, operator_norm_at_most
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.tensor import TensorNetwork

style()


def values(network, points):
    """The values of a network on the line."""
    return TensorNetwork.from_network(network).forward(torch.as_tensor(points[:, None]))[0, :, 0].numpy()


def norms(network):
    """The spectral norms of the weights, rounded for print."""
    return [round(float(operator_norm(a.weight, 2).upper), 6) for a in network.dense().layers if isinstance(a, Affine)]


def constrained(network):
    """Whether all spectral norms are at most one, decided exactly."""
    return all(operator_norm_at_most(a.weight, 1, 2) for a in network.layers if isinstance(a, Affine))


# %% [markdown]
# ## What fails, and what does not
#
# Two affine maps always have a maximum in the class, by other weights than the stacked ones:
# $\max(f, g) = \frac{f + g}2 + \left|\frac{f - g}2\right|$, and half the sum and half the difference share the norm.

# %%
rise, fall = Network(1, (Affine([[1]], [0]),)), Network(1, (Affine([[-1]], [2]),))
print(
    "stacked:",
    [round(float(norm.upper), 4) for norm in stacked_norm(rise, fall)],
    " Theorem 3:",
    norms(join(rise, fall)),
)
tent = spectral_join(rise, fall)
for layer in tent.layers:
    print("  ", layer)
print("norms of the 2-norm construction:", norms(tent))

# %% [markdown]
# But $f(t) = \min(t + 2, -t)$ and $g(t) = t - 2$ are in the class, and their maximum $N$ on $[-4, 4]$ is not, at any
# depth and width. As $|N'| = 1$, no layer may lose length, and every hidden vector runs along one line,
# $z = c + N r$. Behind a sort the difference of two units is an affine function of $N$ and never negative for $N$ in
# $[-2, 2]$. So inside it is positive or zero throughout: the order of the units never changes, and nothing can turn
# where $|N| < 2$. But $N$ turns at the values 1 and −1.

# %%
f, g = unclosed_pair()
t = np.linspace(-4, 4, 401)
print("norms of f:", norms(f), " of g:", norms(g), " of max(f, g) by Theorem 3:", norms(join(f, g)))
figure, axes = plt.subplots(figsize=(6.4, 3.4))
axes.plot(t, values(f, t), "--", color=COLOURS[5], label="$f$")
axes.plot(t, values(g, t), ":", color=COLOURS[4], label="$g$")
axes.plot(t, values(join(f, g), t), color=COLOURS[0], linewidth=2, label="$N = \\max(f, g)$")
axes.axhline(1, color="black", linewidth=0.7, linestyle="-.", label="values where $N$ turns")
axes.axhline(-1, color="black", linewidth=0.7, linestyle="-.")
axes.set(xlabel="$t$", ylabel="value", title="A maximum outside of the class")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %%
record("anil2019.open_question.no_lattice")

# %% [markdown]
# ## One input: folding a strip
#
# $N$ is a limit all the same. Its three branches, here of lengths 3, 2, 3, lie on a straight strip in the plane.
# Every fold reflects one end, and leaves the rest in place; the angles close step by step, and the strip, read along
# the line it closes to, is $N$ nearly. The pictures follow the strip, and then what is read.

# %%
arm, middle = Fraction(3), Fraction(2)
folds, _ = collapse(arm, middle, 4)
strip = [(-arm, Fraction(0)), (Fraction(0),) * 2, (middle, Fraction(0)), (middle + arm, Fraction(0))]
shown = (0, 3, 5, 7, len(folds))
figure, panels = plt.subplots(1, 5, figsize=(12, 2.2), sharex=True, sharey=True)
for number in range(len(folds) + 1):
    if number in shown:
        axes, line = panels[shown.index(number)], np.array(strip, dtype=float)
        axes.plot(*line.T, color=COLOURS[0], linewidth=2)
        axes.plot(*line[1:3].T, color=COLOURS[1], linewidth=4, alpha=0.6, label="middle branch")
        axes.plot(*line.T, "ko", markersize=4, label="ends and turns")
        axes.set(title=f"after {number} folds", xlabel="first coordinate", xlim=(-4, 6), ylim=(-3, 3), aspect="equal")
    strip = [folds[number].of(point) for point in strip] if number < len(folds) else strip
panels[0].set_ylabel("second coordinate")
panels[0].legend(fontsize=7, loc="upper left")
plt.show()

# %%
places = np.linspace(-3, 5, 161)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.3))
left.plot([-3, 0, 2, 5], [-3, 0, -2, 1], color="black", label="$N$")
for count, line in ((2, "-."), (3, "--")):
    found = values(three_branches(arm, middle, count), places)
    left.plot(places, found - found[60], line, color=COLOURS[count - 2], label=f"{count} rounds")
left.set(xlabel="$t$", ylabel="value, 0 at $t = 0$", title="The strip, read along a line")
left.legend()
rounds = range(9)
right.semilogy(rounds, [float(error(arm, middle, r)) for r in rounds], "o-")
right.set(xlabel="rounds of two folds", ylabel="largest distance from $N$", title="Convergence")
plt.show()

# %% [markdown]
# A shortest branch of a zigzag can always be folded away: the zigzag is a composition of such maps. Zigzags with
# slopes 1 and −1 are dense among the 1-Lipschitz functions on an interval, which settles the question there.

# %%
zigzag = read([3, 1, 2, 1, 2])
t = np.linspace(0, 9, 361)
exact = np.array([float(zigzag.of(Fraction(v))) for v in t.tolist()])
figure, axes = plt.subplots(figsize=(6.4, 3.3))
axes.plot(t, exact, color="black", label="zigzag 3, 1, 2, 1, 2")
for count, line in ((2, "--"), (3, "-."), (4, ":")):
    found = folded_network(zigzag, count)
    deep = sum(not isinstance(layer, Affine) for layer in found.layers)
    off = np.abs(values(found, t) - exact).max()
    print(f"{deep} hidden layers, all norms at most 1: {constrained(found)}, largest error on 361 points {off:.1e}")
    if count < 4:
        axes.plot(t, values(found, t), line, color=COLOURS[count - 2], label=f"network, {deep} hidden layers")
axes.set(xlabel="$t$", ylabel="value", title="A zigzag as a composition of folds")
axes.legend(fontsize=8)
plt.show()

# %%
record("anil2019.open_question.dimension_one")

# %% [markdown]
# ## ReLU is no weaker, in the limit
#
# In the 2-norm ReLU networks *do* approximate $|x|$ on an interval, though the paper says they cannot (in the
# $\infty$-norm they cannot: $\frac14$ is the least distance on $[-1, 1]$). With $h$ hidden layers the best slope is
#
# $$ k_h = \sqrt{(1 - 1/N)(1 - 1/M)}, \qquad N + M = h + 3, \quad N - M \in \{0, 1\}, $$
#
# and $\frac12 (1 - k_h)$, about $1/h$, the least distance. So on compact sets ReLU and GroupSort networks have the
# same limits (`anil2019.relu_cannot_approximate.same_closure`), and the open question is one question for both.

# %%
t = np.linspace(-1, 1, 201)
figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.7))
left.plot(t, np.abs(t), color="black", label="$|x|$")
for h, line in ((1, ":"), (3, "-."), (7, "--"), (31, "-")):
    slope = Fraction(isqrt(int(best_slope_square(h) * 10**8)), 10**4)
    best = relu_absolute_value(slope, layers=h)
    distance = np.abs(values(best, t) - np.abs(t)).max()
    print(f"h = {h:2}: slope {float(slope):.4f}, distance {distance:.4f}, all norms at most 1: {constrained(best)}")
    left.plot(t, values(best, t), line, label=f"{h} hidden layer{'s' * (h > 1)}")
depths = np.arange(1, 101)
k = np.sqrt([float(best_slope_square(h)) for h in depths.tolist()])
right.loglog(depths, (1 - k) / 2, label="2-norm: $(1 - k_h)/2$")
right.loglog(depths, 1 / depths, "k:", label="$1/h$")
right.axhline(0.25, color=COLOURS[1], linestyle="--", label="$\\infty$-norm: 1/4, at every depth")
left.set_xticks([-1, -0.5, 0, 0.5, 1])
left.set(xlabel="$x$", ylabel="value", title="The best ReLU networks for $|x|$")
right.set(xlabel="hidden layers $h$", ylabel="least distance from $|x|$", title="Least distance on $[-1, 1]$")
for axes in (left, right):
    axes.legend(fontsize=8)
plt.show()

# %%
record("anil2019.relu_cannot_approximate.depth")

# %% [markdown]
# ## What is open
#
# For two inputs or more no proof is known: one would have to reach all maxima of affine maps as limits. Nor
# is a refutation: one would need a function that keeps a distance from all such networks of every depth. Sums
# $\sum_i \lambda_i h_i(w_i \cdot x)$ with $\lambda_i \ge 0$, $\sum_i \lambda_i = 1$, $\|w_i\| \le 1$ and 1-Lipschitz
# $h_i$ are limits in every dimension.

# %%
record("anil2019.open_question")

# %% [markdown]
# ## To play with
#
# Other lengths: the longer the middle branch against the outer ones, the faster the strip closes.

# %%
for lengths in ((3, 1), (3, 2), (4, 3), (10, 9)):
    found = [float(error(Fraction(lengths[0]), Fraction(lengths[1]), r)) for r in (1, 2, 3, 4, 5)]
    print(f"outer {lengths[0]}, middle {lengths[1]}: errors {[f'{e:.1e}' for e in found]}")
