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
# # Corollaries 1 and 2: what a Lipschitz bound costs a classifier
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 3.1.
#
# > **Corollary 1** (1-Lipschitz Networks are as powerful as unconstrained ones). For any neural network
# > $f : \mathbb R^n \to \mathbb R$ there exists 1-Lipschitz neural network $\tilde f : \mathbb R^n \to \mathbb R$ such
# > that $\text{sign}(f(x)) = \text{sign}(\tilde f(x))$.
#
# > **Corollary 2** (Separable classes implies zero error). The distributions $P$ and $Q$ are $\epsilon$-separated if it
# > exists $\epsilon > 0$ such that the distance between $\text{supp}\, P$ and $\text{supp}\, Q$ exceeds $\epsilon$. In
# > this case 1-Lipschitz neural networks can achieve zero error. [...] The hypothesis class contains a classifier with
# > optimal accuracy, despite having hugely constrained Lipschitz constant.
#
# The idea of corollary 1: a class depends on the sign alone, and $f / L$ has the signs of $f$. With ReLU, sorted pairs
# and their like a positive factor passes through every layer, so each layer can be divided by its own size: the weights
# then have spectral norms of at most one. ReLU itself is a sorted pair, $\max(x, 0)$.
#
# The idea of corollary 2: $f(x) = \frac12 (d(x, B) - d(x, A))$ is 1-Lipschitz and at least $\epsilon/2$ in size on
# $A = \text{supp}\, P$ and $B = \text{supp}\, Q$.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch

from lipcheck.build.mountain import LineMountain
from lipcheck.build.point_classifiers import separating
from lipcheck.build.rescaling import norms_at_most_one, rescaled, sorted_network
from lipcheck.exact import exact
from lipcheck.network import Affine, Network, ReLU
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate
from lipcheck.readings.tensor import TensorNetwork

style()
t = np.linspace(-3, 3, 161)
grid = torch.tensor(np.stack(np.meshgrid(t, t), axis=-1).reshape(-1, 2))


def on_the_grid(network):
    return TensorNetwork.from_network(network).forward(grid).reshape(len(t), len(t)).numpy()


# %% [markdown]
# ## Corollary 1, built
#
# A ReLU network with small whole weights becomes a MaxMin network with norms at most one that equals $c f$ everywhere.

# %%
draw = np.random.default_rng(5)
shapes = ((6, 2), (6, 6), (1, 6))
affine = [Affine(draw.integers(-2, 3, s).tolist(), draw.integers(-2, 3, s[0]).tolist()) for s in shapes]
f = Network(2, (affine[0], ReLU(), affine[1], ReLU(), affine[2]))
g, c = rescaled(sorted_network(f))
print("layers:", [type(layer).__name__ for layer in g.layers], "  all norms at most one:", norms_at_most_one(g))
print("c =", c, "  c f(1, 1/3) =", c * evaluate(f, (1, "1/3"))[0], "  g(1, 1/3) =", evaluate(g, (1, "1/3"))[0])
figure, axes = plt.subplots(1, 2, figsize=(9.2, 3.9), sharey=True)
for ax, h, name in zip(axes, (f, g), ("$f$, ReLU", "$g = cf$, MaxMin, norms ≤ 1"), strict=True):
    values = on_the_grid(h)
    size = np.abs(values).max()
    image = ax.contourf(t, t, values / size, levels=np.linspace(-1, 1, 11))
    figure.colorbar(image, ax=ax, label=f"value / {size:.3g}", shrink=0.9)
    ax.contour(t, t, values, levels=[0], colors="white", linewidths=2.4)
    ax.set(xlabel="$x_1$", aspect="equal", title=f"{name}; zeros in white")
axes[0].set_ylabel("$x_2$")
plt.show()

# %% [markdown]
# The signs agree, the scale does not: $c$ is tiny, and certificates $|g(x)|$ shrink with it.
#
# **Where it fails.** If "1-Lipschitz neural network" means sorted pairs between weights of norm one (Section 2.3), a
# smooth activation can do more. The frontier of $x_2 - x_1 / (1 + |x_1|)$ is curved: for $x_1 \ge 0$ the middle of two
# of its points lies below it. A network with finitely many affine pieces has a frontier of finitely many straight
# pieces, or of areas, and none of these follows the curve. For *piecewise linear* activations corollary 1 holds in
# this sense, too, as built above.

# %%
x = np.linspace(0, 6, 301)
figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.6))
left.plot(x, x / (1 + x), label="frontier of $x_2 - x_1 / (1 + |x_1|)$")
for (a, b), dash in zip(((0, 1), (1, 3), (3, 6)), ("--", "-.", ":"), strict=True):
    left.plot([a, b], [a / (1 + a), b / (1 + b)], dash, color=COLOURS[1], label=f"chord from {a} to {b}")
left.set(xlabel="$x_1 \\geq 0$", ylabel="$x_2$", title="Chords lie below the curve")
left.legend(loc="lower right")
zigzag = LineMountain((tuple(range(-4, 5, 2)), tuple(range(-3, 4, 2))))
network = zigzag.network()
place = np.linspace(-9, 9, 361)
right.axhline(0, color="0.6", linewidth=0.8)
right.plot(place, [zigzag((v,)) for v in place], label="network for the atoms from -4 to 4")
atoms = np.arange(-9, 10)
right.plot(atoms[atoms % 2 == 0], 0 * atoms[atoms % 2 == 0], "^", color=COLOURS[2], label="P: even numbers")
right.plot(atoms[atoms % 2 != 0], 0 * atoms[atoms % 2 != 0], "v", color=COLOURS[4], label="Q: odd numbers")
bad = [v for v in range(-9, 10) if (evaluate(network, [v])[0] > 0) != (v % 2 == 0)]
right.plot(bad, [0] * len(bad), "o", color=COLOURS[1], mfc="none", markersize=13, label="wrong sign")
right.set(xlabel="$x$", ylabel="value", title="Finitely many pieces, infinitely many changes", ylim=(-1.2, 5.2))
right.legend(loc="upper center", frameon=True)
plt.show()
print("affine pieces:", len({(p.slopes, p.offsets) for p in pieces(network)}), "  wrong at", bad)

# %% [markdown]
# ## Corollary 2: bounded supports
#
# The right picture is its counterexample: $P$ on the even, $Q$ on the odd numbers, at distance one. Every network
# with finitely many affine pieces has finitely many changes of sign; the *function* of corollary 2 errs nowhere.
# For bounded supports finitely many points stand for all of them, and a MaxMin network does it. Here is one for points
# on two rings.

# %%
angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
inner, outer = ([(round(r * np.cos(a) * 8), round(r * np.sin(a) * 8)) for a in angle] for r in (1, 2.4))
P, Q = (tuple((exact(a) / 8, exact(b) / 8) for a, b in ring) for ring in (inner, outer))
two_rings = separating(P, Q)
print("layers:", len(two_rings.layers), "  norms at most one:", norms_at_most_one(two_rings), end="  ")
print("right everywhere:", all(s * evaluate(two_rings, p)[0] > 0 for s, ring in ((1, P), (-1, Q)) for p in ring))
figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 4.0))
left.contourf(t, t, on_the_grid(two_rings), levels=[-9, 0, 9], colors=["0.92", COLOURS[5]])
left.plot(*np.array(P, float).T, "^", color=COLOURS[2], markersize=8, label="P")
left.plot(*np.array(Q, float).T, "v", color=COLOURS[1], markersize=8, label="Q")
left.plot([], [], "s", color=COLOURS[5], label="network > 0")
left.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title="24 points, told apart by a network")
left.legend(loc="upper left", bbox_to_anchor=(1, 1))
errors = []
atom = [(exact(s) + exact(1) / k, y, exact(1) / 2 ** (k + 1)) for k in range(2, 60) for s, y in ((0, -1), (3, 1))]
atom += [(exact(0), 1, exact("1/4")), (exact(3), -1, exact("1/4"))]
total = sum(mass for _, _, mass in atom)
for count in range(1, 13):
    kept = [a for a in atom if a[0] in (0, 3) or a[2] >= exact(1) / 2 ** (count + 2)]
    best = LineMountain(tuple(tuple(p for p, y, _ in kept if y == label) for label in (1, -1)))
    errors.append(float(sum(mass for p, y, mass in atom if (best.height(p) > 0) != (y > 0)) / total))
right.semilogy(range(1, 13), errors, "o-", label="1-Lipschitz network")
right.set(xlabel="atoms next to each limit that it is built for", ylabel="error (share of the mass)")
right.set(title="Falling towards the Bayes error 0")
right.legend()
plt.show()
print("errors:", [f"{e:.3g}" for e in errors])

# %% [markdown]
# ## The Bayes classifier
#
# Right: atoms of label -1 at $1/2, 1/3, \ldots$ and one of label +1 at their limit 0, and with labels turned around
# next to 3; in each sequence an atom weighs half as much as the one before (58 of each are counted, the others weigh
# less than $2^{-58}$). The labels are a function of $x$, so the Bayes error is 0. 1-Lipschitz networks come as near as
# one likes, for this law as for every other. None reaches it: a continuous $f$ that is right elsewhere is zero at both
# limits, and $\text{sign}(0)$ can serve only one of them. So the *infimum* is the Bayes error, always; it is attained
# for some $\text{sign}(0)$ exactly if some Bayes classifier has an open or a closed class, up to mass zero.

# %%
record(
    "bethune2021.corollary_1",
    "bethune2021.corollary_1.sorting_networks",
    "bethune2021.corollary_2",
    "bethune2021.corollary_2.bounded",
    "bethune2021.bayes.contains",
)

# %% [markdown]
# ## To play with
#
# Change the weights. How small does $c$ get?

# %%
mine = Network(1, (Affine([[2], [-3]], [1, 1]), ReLU(), Affine([[1, 4]], [-2])))
print("c =", rescaled(sorted_network(mine))[1])
