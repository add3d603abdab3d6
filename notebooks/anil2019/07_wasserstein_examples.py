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
# # Examples of Section 7.1: |x|, three cones, and cones in n dimensions
#
# Anil, Lucas, Grosse, *Sorting out Lipschitz function approximation*, Section 7.1.1, and Appendix G.1 of the ICLR
# submission.
#
# > Appendix H.1 describes how pairs of probability distributions can be picked which have these optimal dual
# > surfaces, and a Wasserstein distance of precisely 1.
#
# > Hence, the optimal dual function must consist of three cones centered around (−2, 0), (0, 0) and (2, 0). The
# > behavior of the function outside this support doesn't have an impact on the solution.
#
# **The idea.** The distance of two laws is a transport problem and, by duality, a problem about 1-Lipschitz functions:
#
# $$ W(P_1, P_2) = \min_{\text{plans}} \mathbb{E} \|x - y\|
# = \max_{f \text{ 1-Lipschitz}} \mathbb{E}_{P_1} f - \mathbb{E}_{P_2} f . $$
#
# Let $P_1$ sit on centres $c_i$, and $P_2$ on the unit spheres around them. Moving each centre to its own sphere
# costs 1. The cones $f(x) = \max_i (1 - \|x - c_i\|)$ are 1 at the centres and 0 on the spheres, if centres are at
# least 2 apart: they gain 1. Each bounds the other, so both are optimal. On the way from a centre to its sphere every
# optimal $f$ has to fall with slope one; elsewhere it is free.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import torch

from lipcheck.build import Lattice, Piece, join
from lipcheck.build.cone_networks import one_layer_limit
from lipcheck.build.cones import Cones, absolute_value, nested_norm, norm_surface, three_cones
from lipcheck.build.lattice import negative
from lipcheck.network import Affine, Network
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.rational import evaluate
from lipcheck.readings.tensor import TensorNetwork

style()


def values(network, points):
    """The values of a network at points."""
    places = torch.as_tensor(np.asarray(points, dtype=float))
    return TensorNetwork.from_network(network).forward(places)[0, :, 0].numpy()


# %% [markdown]
# ## The absolute value
#
# $P_1 = \delta_0$ and $P_2 = \frac12 (\delta_{-1} + \delta_1)$, as printed. $|x|$ gains −1, and no 1-Lipschitz
# function gains less: for this order of the laws it is $-|x|$ that is optimal. So is $-\min(|x|, 1)$: beyond the
# atoms an optimal dual is free.

# %%
up = absolute_value().network()
down = negative(absolute_value()).network()
capped = join(down, Network(1, (Affine([[0]], [-1]),)))
duals = {"$|x|$": up, "$-|x|$": down, "$-\\min(|x|, 1)$": capped}
t = np.linspace(-2, 2, 201)
figure, axes = plt.subplots(figsize=(6.6, 3.6))
for (name, f), line in zip(duals.items(), ("--", "-", ":"), strict=True):
    gain = evaluate(f, [0])[0] - (evaluate(f, [-1])[0] + evaluate(f, [1])[0]) / 2
    axes.plot(t, values(f, t[:, None]), line, linewidth=2, label=f"{name}, gain {gain}")
axes.plot([0], [0], "o", color="black", markersize=9, label="$P_1$: mass 1 at 0")
axes.plot([-1, 1], [0, 0], "s", color=COLOURS[3], markersize=7, label="$P_2$: mass 1/2 at −1 and at 1")
for end in (-1, 1):
    axes.annotate("", (0.93 * end, 0), (0.08 * end, 0), arrowprops={"arrowstyle": "->"})
axes.set(xlabel="$x$", ylabel="value", title="One atom to two: three functions, and the plan")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
plt.show()

# %%
record("anil2019.wasserstein_examples.absolute_value", "anil2019.wasserstein_examples.unique")

# %% [markdown]
# ## Three cones
#
# The network is a lattice of affine pieces: each cone is a minimum of 24 planes, and lies above the circular one by
# at most $(1 - r)$ times the distance from the centre, with the proved $r$ that is printed. The gradient of the cones
# has norm one but at the centres and on the two ridges ("a gradient of 1 everywhere" is true almost everywhere).

# %%
cones = three_cones()
surface = cones.surface(Fraction(99, 100))
network = surface.lattice.network()
print(f"planes per cone {surface.lattice.sizes}, widths {network.widths}, proved r = {float(surface.ratio):.5f}")
angle = 2 * np.pi * (np.arange(48) + 0.5) / 48
circles = [np.stack([c + np.cos(angle), np.sin(angle)], axis=1) for c in (-2, 0, 2)]
centres = np.array([[-2, 0], [0, 0], [2, 0]])
gain = values(network, centres).mean() - values(network, np.concatenate(circles)).mean()
print(f"gain of the network, circles as 48 points each: {gain:.4f}")
x, y = np.linspace(-4, 4, 321), np.linspace(-2, 2, 161)
grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
figure, axes = plt.subplots(figsize=(8.4, 4))
filled = axes.contourf(x, y, values(network, grid).reshape(161, 321), levels=np.linspace(-2, 1, 25))
figure.colorbar(filled, label="value of the dual function", ticks=[-2, -1, 0, 1])
for centre, circle in zip(centres, circles, strict=True):
    axes.plot(*np.append(circle, circle[:1], axis=0).T, color="white")
    for point in circle[::4]:
        axes.annotate("", point, centre, arrowprops={"arrowstyle": "->", "color": "black", "linewidth": 0.7})
axes.plot(*centres.T, "o", color=COLOURS[1], label="$P_1$: the centres")
axes.plot([], [], color="white", label="$P_2$: the circles")
for ridge in (-1, 1):
    axes.axvline(ridge, color=COLOURS[4], linestyle=":", label="ridges: no gradient" if ridge == 1 else None)
axes.set(xlabel="$x_1$", ylabel="$x_2$", title="Three cones, and where the mass goes (arrows)", aspect="equal")
axes.legend(loc="lower left", ncols=3, fontsize=8, labelcolor="white")
axes.grid(visible=False)
plt.show()

# %%
record("anil2019.wasserstein_examples", "anil2019.wasserstein_examples.three_cones")

# %% [markdown]
# The circles touch, so the heights of the three cones are tied to each other. Where there is a gap they are not. Two
# atoms on the line, at 0 and 3, and their spheres:


# %%
def tents(*heights):
    """The maximum of height − |x − centre| for centres 0 and 3."""
    pairs = zip((0, 3), heights, strict=True)
    groups = [[Piece.through((Fraction(c),), Fraction(h), (Fraction(s),)) for s in (1, -1)] for c, h in pairs]
    return Lattice(tuple(map(tuple, groups)), 2).network()


t = np.linspace(-2.5, 5.5, 161)
figure, axes = plt.subplots(figsize=(6.6, 3.2))
for heights, line in (((1, 1), "-"), ((1, "3/2"), "--")):
    f = tents(*heights)
    first, second = ([evaluate(f, [x])[0] for x in atoms] for atoms in ((0, 3), (-1, 1, 2, 4)))
    name = f"heights {heights[0]} and {heights[1]}, gain {sum(first) / 2 - sum(second) / 4}"
    axes.plot(t, values(f, t[:, None]), line, linewidth=2, label=name)
axes.plot([0, 3], [0, 0], "ko", label="$P_1$: mass 1/2 each")
axes.plot([-1, 1, 2, 4], [0] * 4, "s", color=COLOURS[3], label="$P_2$: mass 1/4 each")
axes.set(xlabel="$x$", ylabel="value", title="With a gap between the spheres: two optimal duals")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
plt.show()

# %% [markdown]
# ## Cones in n dimensions
#
# One centre and the unit sphere of $\mathbb{R}^n$. $-\|x\|$ is optimal, and any optimal dual is $-\|x\|$ plus a
# constant on the ball. A lattice of planes needs about $2 k (k-1)^{n-2}$ of them for a fixed quality. Norms of norms
# of pairs need far fewer weights (each layer takes the norms of pairs of numbers; such a network is 1-Lipschitz, but
# not by the norms of its weights alone). One hidden layer of MaxMin with spectral norms at most one cannot gain more
# than $\sqrt n\, \mathbb{E} |u_1|$, $u$ uniform on the sphere.

# %%
rng = np.random.default_rng(0)
few, many = (2, 3, 4, 5), (2, 4, 8, 16, 32, 64)
planes = [len(norm_surface(n, ratio=Fraction(9, 10)).lattice.pieces) for n in few]
nested = [nested_norm(n, Fraction(9, 10)) for n in many]
gains = []
for n, (f, _) in zip(many, nested, strict=True):
    u = rng.normal(size=(2000, n))
    gains.append(values(f, u / np.linalg.norm(u, axis=1, keepdims=True)).mean())
figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.7))
left.loglog(few, planes, "o-", label="one lattice: planes")
left.loglog(many, [max(f.widths) for f, _ in nested], "s--", label="norms of pairs: widest layer")
left.set(xlabel="dimension $n$", ylabel="rows", title="Size for $0.9 \\|x\\| \\leq f \\leq \\|x\\|$")
left.set_xticks(many, many)
left.minorticks_off()
left.legend()
right.semilogx(many, gains, "s--", color=COLOURS[1], label="norms of pairs: mean over 2000 points")
right.semilogx(many, [float(r) for _, r in nested], ":", color=COLOURS[1], label="norms of pairs: proved")
limits = [float(one_layer_limit(n).mid()) for n in many]
right.semilogx(many, limits, "^-", color=COLOURS[2], label="one hidden layer: at most")
right.axhline(1, color="black", linewidth=1, label="the distance, $W = 1$")
right.set(xlabel="dimension $n$", ylabel="gain", title="What the dual functions gain", ylim=(0.7, 1.03))
right.set_xticks(many, many)
right.minorticks_off()
right.legend(fontsize=8, loc="lower left")
plt.show()
print("planes:", dict(zip(few, planes, strict=True)), " gains:", [round(float(g), 3) for g in gains])

# %%
record("anil2019.wasserstein_examples.n_cone")

# %% [markdown]
# ## To play with
#
# Centres nearer than 2: some mass has a shorter way to a wrong centre, and the cones gain less than 1.

# %%
for distance in ("2", "3/2", "1"):
    d = Fraction(distance)
    pair = Cones(((0,), (d,))).surface().lattice
    gain = (pair.value((0,)) + pair.value((d,))) / 2 - sum(pair.value((v,)) for v in (-1, 1, d - 1, d + 1)) / 4
    print(f"centres at distance {distance}: the cones gain {gain}")
