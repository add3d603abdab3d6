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
# # Proposition 8: the VC dimension of GroupSort networks, and Lemma 1
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 5 and Appendix C.
#
# > Let f_θ : R^n → R a 1-Lipschitz neural network with parameters θ ∈ Θ, with GroupSort2 activation functions, and a
# > total of W neurons. Let H = {sign f_θ | θ ∈ Θ} the hypothesis class spanned by this architecture. Then:
# > VC_dim(H) = O((n+1)2^W)
#
# > Lemma 1 (Piecewise affine function). Let H a class of classifiers that are piecewise affine, such that the pieces
# > form a convex partition of R^n with B pieces (each piece of the partition is a convex set). Then we have:
# > VC_dim(H) = O((n+1)B^2)
#
# The idea: a sorted pair $(\max(a, b), \min(a, b))$ is the identity on one half-plane and a swap on the other. A
# network with $W$ neurons has $W/2$ pairs, so it is affine on each of at most $2^{W/2} = \sqrt{2}^W$ pieces. Lemma 1
# with $B = \sqrt 2^W$ then gives the bound.

# %%
from itertools import pairwise
from math import e, log2

import matplotlib.pyplot as plt
import numpy as np

from lipcheck.bounds.abs_normal import abs_normal
from lipcheck.bounds.enumeration import enumerate_constant
from lipcheck.build.sawtooth import affine_pieces, folding, neurons
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings import line
from lipcheck.readings.rational import evaluate, pattern

style()

# %% [markdown]
# ## The bound on the pieces is attained
#
# Fold the line over and over: $|\ldots||x| - 1| - \frac12| \ldots|$, each absolute value a sorted pair $(t, -t)$. With
# $k$ pairs there are exactly $2^k$ pieces, counted in rational numbers.

# %%
figure, axes = plt.subplots(1, 3, figsize=(9.4, 3.0), sharey=True)
x = np.linspace(-2, 2, 801)
for axis, depth in zip(axes, (1, 2, 4), strict=True):
    f = folding(depth)
    axis.plot(x, [float(evaluate(f, (t,))[0]) for t in x])
    kinks = [float(a.high) for a, b in pairwise(line.pieces(f)) if a.slopes != b.slopes]
    for kink in kinks:
        axis.axvline(kink, color=COLOURS[1], linestyle=":", linewidth=0.8)
    axis.set(title=f"{neurons(f)} neurons: {affine_pieces(f)} affine pieces", xlabel="x")
axes[0].set_ylabel("f(x)")
figure.suptitle("Folding networks; dotted: where two pieces meet")
plt.show()

# %% [markdown]
# ## In few dimensions there are fewer
#
# One hidden layer with $k$ pairs cuts $\mathbb{R}^n$ by $k$ hyperplanes, into at most $\sum_{i \le n} \binom ki$ cells.
# Deeper layers bend their cuts at the earlier ones. Here are random networks with two inputs, their cells counted
# exactly, each with linear programs in rational numbers.


# %%
def random_network(rng, *widths):
    """Weights and biases in sixteenths, sorted pairs between the affine layers, one output."""
    layers = []
    for a, b in pairwise((2, *widths)):
        layers += [Affine((rng.integers(-16, 17, (b, a)) / 16), rng.integers(-16, 17, b) / 16), MaxMin()]
    return Network(2, (*layers, Affine.linear(rng.integers(-16, 17, (1, widths[-1])) / 16)))


def cells(network):
    """The number of activation patterns that occur on an open set of inputs."""
    return enumerate_constant(abs_normal(network), 1).regions


rng = np.random.default_rng(5)
ticks = np.linspace(-4, 4, 100)
figure, axes = plt.subplots(1, 3, figsize=(9.6, 3.5), sharey=True)
for axis, widths in zip(axes, ((8,), (4, 4), (4, 4, 4)), strict=True):
    network = random_network(rng, *widths)
    codes = {}
    seen = [[codes.setdefault(pattern(network, (x, y)), len(codes)) for x in ticks] for y in ticks]
    axis.pcolormesh(ticks, ticks, rng.permutation(len(codes))[np.array(seen)])
    axis.contour(
        ticks, ticks, seen, levels=np.arange(len(codes)) + 0.5, colors="white", linewidths=0.7, antialiased=False
    )
    axis.grid(visible=False)
    named = ", ".join(map(str, widths))
    axis.set_title(f"widths {named}: {cells(network)} cells,\nat most {2 ** (sum(widths) // 2)}", fontsize=10)
    axis.set(xlabel="$x_1$", aspect="equal")
axes[0].set_ylabel("$x_2$")
figure.suptitle("Cells of random networks: one colour each, white borders (those in the window)")
plt.show()

# %% [markdown]
# With ties decided one way the cells are convex, and $f$ is affine on each. *Maximal* affine pieces need not be convex:
# $\max(0, \min(x_1, x_2))$ is zero everywhere but on one quadrant. So Lemma 1 has to be applied to the cells. Its proof
# says that each of $B$ convex pieces is an intersection of $B - 1$ half-spaces; that holds for the interiors only, as
# the partition on the right shows.

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.4))
u, v = np.meshgrid(np.linspace(-2, 4, 61), np.linspace(-2, 4, 61))
shades = left.pcolormesh(u, v, np.maximum(0, np.minimum(u, v)))
left.plot([3, -1, -1], [-1, -1, 3], "o-", color="white", label="affine along this path: 0")
left.plot([3, -1], [-1, 3], "--", color=COLOURS[4], label="but not along this segment")
left.legend(loc="upper left", labelcolor="white", fontsize=8)
figure.colorbar(shades, label="max(0, min($x_1, x_2$))")
left.set(xlabel="$x_1$", ylabel="$x_2$", title="A piece that is not convex")
right.axhspan(0, 1, color=COLOURS[5], alpha=0.5, label="P")
right.plot([0, 1], [0, 0], color=COLOURS[0], linewidth=4, label="this half of the border belongs to P")
right.plot([-1, 0], [0, 0], color=COLOURS[1], linewidth=4, label="this half and 0 do not")
right.plot([0], [0], "o", color=COLOURS[1])
right.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(-1, 1), ylim=(-1, 1), title="Convex pieces that are no half-planes")
right.legend(loc="lower center", fontsize=8)
plt.show()

# %%
record("bethune2021.proposition_8.polytopes")

# %% [markdown]
# ## The proof of Lemma 1, and what is known
#
# The proof bounds the number of labellings of $N$ points by $O(N^d)$, $d = (n+1)B^2$, and concludes by "Sauer's lemma"
# that the VC dimension is $O(d)$. That is the converse of Sauer's lemma, and false: two constant classifiers have
# growth 2, of degree 0, and VC dimension 1. What follows is $2^{VC} \le c\,VC^d$, which costs a logarithm.
#
# Lemma 1 itself is settled on the line ($2B$ exactly) and in the plane; from three dimensions on it is open.

# %%
record("bethune2021.proposition_8.lemma_1_proof", "bethune2021.proposition_8.lemma_1")

# %%
pieces = np.array([3, 4, 6, 8, 12, 16, 24, 32, 48, 64])
D = pieces * (pieces + 1) / 2
figure, axis = plt.subplots()
axis.plot(pieces, 2 * 4 * D * np.log2(3 * D), "o-", label="n = 3: at most 2(n + 1) D log₂(3D), D = B(B + 1)/2")
axis.plot(pieces, 42 * pieces * np.log2(21 * pieces), "s--", color=COLOURS[1], label="n = 2: at most 42 B log₂(21B)")
axis.plot(pieces, 4 * pieces, "^-", color=COLOURS[2], label="n = 3: at least (n + 1) B, by slabs")
axis.plot(pieces, 2 * pieces, "v:", color="black", label="n = 1: exactly 2B")
axis.set(xscale="log", yscale="log", xlabel="convex pieces, B", ylabel="VC dimension")
axis.set_xticks([3, 6, 12, 24, 48], labels=["3", "6", "12", "24", "48"])
axis.minorticks_off()
axis.set_title("Lemma 1: what is known for n = 1, 2, 3 inputs")
axis.legend(fontsize=8)
plt.show()

# %% [markdown]
# ## Proposition 8 is true all the same
#
# Not by its proof, but by counting parameters: for a fixed input the sign of the output is decided by at most
# $2^{W/2+1}$ polynomial conditions of degree at most $W + 1$ in $p \le (n+W+1)(W+1)$ parameters, and the theorem of
# Goldberg and Jerrum gives
#
# $$ \mathrm{VC} \le 2 (n + W + 1)(W + 1) \log_2\!\bigl(8 e\,(W + 1)\, 2^{W/2 + 1}\bigr) \le 40\,(n + 1)\,2^W . $$
#
# The middle is of polynomial size: the exponential of the statement is far too pessimistic. The constraint of norm one
# plays no role, since scaling all layers does not change a sign.

# %%
neurons_ = np.arange(2, 41, 2)
n = 10
figure, axis = plt.subplots()
axis.plot(neurons_, 40 * (n + 1) * 2.0**neurons_, label="Proposition 8 with its constant: $40 (n + 1) 2^W$")
middle = [2 * (n + w + 1) * (w + 1) * (log2(8 * e * (w + 1)) + w / 2 + 1) for w in neurons_]
axis.plot(neurons_, middle, "--", color=COLOURS[1], label="by counting parameters")
axis.plot(neurons_, neurons_ / 2 + 1, ":", color=COLOURS[2], label="shattered on the line: W/2 + 1 points")
axis.set(yscale="log", xlabel="neurons, W", ylabel=f"VC dimension for n = {n} inputs")
axis.set_title("Bounds on the VC dimension of GroupSort2 networks")
axis.legend()
plt.show()

# %%
record("bethune2021.proposition_8", "bethune2021.proposition_8_remarks.strengthened")

# %% [markdown]
# ## To play with
#
# Two inputs and 12 neurons: which widths have most cells, of 64 at most? Change the seed. Does depth help?

# %%
for widths in ((12,), (6, 6), (4, 4, 4), (2, 2, 2, 2, 2, 2)):
    found = [cells(random_network(np.random.default_rng(seed), *widths)) for seed in range(5)]
    print(widths, "cells of five random networks:", sorted(found))
