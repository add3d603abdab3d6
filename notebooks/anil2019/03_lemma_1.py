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
# # Lemma 1: a lattice that fits two points fits a function
#
# Anil, Lucas, Grosse, *Sorting out Lipschitz function approximation*, Section 6 and Appendix D of the ICLR submission.
#
# > (Restricted Stone-Weierstrass Theorem) Suppose that $(X, d_X)$ is a compact metric space with at least two points
# > and $L$ is a lattice in $C_L(X, \mathbb{R})$ with the property that for any two distinct elements $x, y \in X$ and
# > any two real numbers $a$ and $b$ such that $|a - b| \le d_X(x, y)$ there exists a function $f \in L$ such that
# > $f(x) = a$ and $f(y) = b$. Then $L$ is dense in $C_L(X, \mathbb{R})$.
#
# $C_L(X, \mathbb{R})$ are the 1-Lipschitz functions; a *lattice* contains $\max(f, g)$ and $\min(f, g)$ with $f$ and
# $g$.
#
# **The idea.** Take points $x_1, \dots, x_k$ of $X$ and a 1-Lipschitz function $g$. Some $f_{ij}$ in $L$ has the values
# of $g$ at $x_i$ and at $x_j$. Then
#
# $$ F_i = \min_j f_{ij}, \qquad G = \max_i F_i . $$
#
# $F_i$ is exact at $x_i$ and at most $g$ at the other $x_j$; so $G$ equals $g$ at every $x_i$. If every $z$ in $X$ is
# within $r$ of a point, then $|G(z) - g(z)| \le 2r$, for both functions are 1-Lipschitz.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np

from lipcheck.build import Lattice, Piece
from lipcheck.notebook import COLOURS, record, style

style()

# %% [markdown]
# ## The construction
#
# $X = [0, 4]$ and $g(t) = \sin t$ with values rounded to multiples of $2^{-20}$. $L$ is the lattice that the affine
# functions with slopes in $[-1, 1]$ generate: a line through two points of the graph fits. The library keeps it as
# data, exactly.


# %%
def target(t):
    """The function that is approximated: 1-Lipschitz up to rounding."""
    return np.sin(t)


def net(k):
    """The middles of k equal parts of [0, 4], and the values there."""
    points = [Fraction(4 * i + 2, k) for i in range(k)]
    return points, [Fraction(round(float(target(float(x))) * 2**20), 2**20) for x in points]


def max_of_min(points, values):
    """G, as groups of lines: group i holds the lines through point i and each other one."""
    groups = []
    for x, v in zip(points, values, strict=True):
        others = [(y, w) for y, w in zip(points, values, strict=True) if y != x]
        groups.append(tuple(Piece.through((x,), v, ((w - v) / (y - x),)) for y, w in others))
    return Lattice(tuple(groups), 1)


points, values = net(4)
G = max_of_min(points, values)
print("slopes of group 1:", [round(float(piece.weight[0]), 3) for piece in G.groups[0]])
print("largest slope of all:", float(G.norm.upper))
print("G minus g at the points:", [str(G.value((x,)) - v) for x, v in zip(points, values, strict=True)])

# %%
t = [Fraction(i, 100) for i in range(401)]
s = np.array(t, dtype=float)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
chosen = 1
for number, piece in enumerate(G.groups[chosen]):
    line = [float(piece.at((u,))) for u in t]
    left.plot(s, line, color=COLOURS[5], linewidth=1, label="$f_{2j}$" if number == 0 else None)
alone = Lattice((G.groups[chosen],), 1)
left.plot(s, [float(alone.value((u,))) for u in t], color=COLOURS[0], linewidth=2, label=r"$F_2 = \min_j f_{2j}$")
for number, group in enumerate(G.groups):
    lower = [float(Lattice((group,), 1).value((u,))) for u in t]
    right.plot(s, lower, color=COLOURS[5], linewidth=1, label="$F_i$" if number == 0 else None)
right.plot(s, [float(G.value((u,))) for u in t], color=COLOURS[1], linewidth=2, label=r"$G = \max_i F_i$")
for axes, title in (
    (left, "One group: exact at $x_2$, below $g$ at the others"),
    (right, "All groups: exact at every $x_i$"),
):
    axes.plot(s, target(s), color="black", linestyle="--", label=r"$g = \sin$")
    axes.plot(points, values, "ko", markersize=5, label="points $x_i$")
    axes.set(xlabel="$t$", title=title, ylim=(-1.8, 1.4))
    axes.legend(loc="lower left")
left.set_ylabel("value")
plt.show()

# %% [markdown]
# ## How fast
#
# The bound is $2r$, here $4/k$. The error falls in the same way: the lines of one group are chosen for the values at
# the points, not for those between them.

# %%
counts = [2, 3, 4, 6, 8, 12, 16, 24, 32]
errors = []
for k in counts:
    lattice = max_of_min(*net(k))
    found = np.array([float(v) for v in lattice.values([(u,) for u in t])])
    errors.append(np.abs(found - target(s)).max())
figure, axes = plt.subplots(figsize=(5.6, 3.6))
axes.loglog(counts, errors, "o-", label=r"largest $|G - \sin|$ on 401 points")
axes.loglog(counts, [4 / k for k in counts], "--", color=COLOURS[1], label="bound $2r = 4/k$")
axes.set_xticks([2, 4, 8, 16, 32], [2, 4, 8, 16, 32])
axes.minorticks_off()
axes.set(xlabel="number of points $k$", ylabel="error", title="Max of min on [0, 4]: error and bound")
axes.legend()
plt.show()
print([(k, round(float(e), 4)) for k, e in zip(counts, errors, strict=True)])

# %%
record("anil2019.lemma_1", "anil2019.lemma_1.totally_bounded")

# %% [markdown]
# ## Not "if and only if"
#
# > Note that Lemma 1 says that $A$ is a universal approximator for 1-Lipschitz functions if and only if $A$ is a
# > lattice that separates points.
#
# On two points at distance one a function is a pair $(f(0), f(1))$, and the 1-Lipschitz functions form a closed band.
# *If* is the lemma, with its own property of separation. *Only if* fails: the open band is dense, and takes no values
# with $|a - b| = 1$. And if separation only meant that some function tells the points apart, *if* would fail too: the
# narrow band does that, and is not dense. True is: $A$ is dense exactly if its closure is a lattice with the lemma's
# property.

# %%
figure, panels = plt.subplots(1, 3, figsize=(10, 3.7), sharex=True, sharey=True)
u = np.array([-1.5, 1.5])
bands = (
    (1, "-", r"$C_L$: all with $|a - b| \leq 1$"),
    (1, ":", "dense, no separation:\n" + r"$|a - b| < 1$"),
    (0.5, "-", "tells points apart, not dense:\n" + r"$|a - b| \leq 1/2$"),
)
for axes, (width, edge, title), colour in zip(panels, bands, COLOURS, strict=False):
    axes.fill_between(u, u - width, u + width, color=colour, alpha=0.35, linewidth=0)
    axes.plot(u, u - width, edge, color=colour, linewidth=2)
    axes.plot(u, u + width, edge, color=colour, linewidth=2)
    axes.plot([-0.5], [0.5], "k*", markersize=11, label="$(-1/2, 1/2)$")
    axes.set(xlabel="$a = f(0)$", xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), aspect="equal")
    axes.set_title(title, fontsize=10)
panels[0].set_ylabel("$b = f(1)$")
panels[0].legend(loc="lower right")
plt.show()

# %% [markdown]
# Dotted edges do not belong to the set. The star is in $C_L$, a limit of the open band, and at a distance from the
# last.

# %%
record("anil2019.lemma_1.iff", "anil2019.lemma_1.iff_closure", "anil2019.lemma_1.if_plain_separation")

# %% [markdown]
# ## To play with
#
# Two points suffice for values at two points. What is the largest error then, and where? Move the points: the bound
# $2r$ counts the distance of the farthest $z$.

# %%
few = [Fraction(1), Fraction(3)]
exact = [Fraction(round(float(target(float(x))) * 2**20), 2**20) for x in few]
gap = np.abs(np.array([float(v) for v in max_of_min(few, exact).values([(u,) for u in t])]) - target(s))
r = max(min(abs(u - x) for x in few) for u in t)
print(f"largest error {gap.max():.3f} at t = {s[gap.argmax()]:.2f}; the bound 2r is {2 * r}")
