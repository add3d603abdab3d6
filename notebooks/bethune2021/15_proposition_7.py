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
# # Proposition 7: how many points can a margin shatter?
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 5 and Appendix C.
#
# > Consider a binary classification task with bounded support X. Let m > 0 the margin. [...] Then the VC dimension of
# > C^m is finite: (1/m)^n A ≤ VC_dim(C^m(X)) ≤ (2/m)^n B with A = vol(X)/vol(B(·, 1)) and
# > B = vol(X + m/2 B(·, 1))/vol(B(·, 1)).
#
# The class $\mathcal C^m$ holds the classifiers that say $+1$ where $f(x) \ge m$, $-1$ where $f(x) \le -m$, and nothing
# in between, for 1-Lipschitz $f$. Two inputs with different labels have $f(x) - f(y) \ge 2m$, so they are at least $2m$
# apart. Conversely, on points that are pairwise $2m$ apart *every* labelling by $\pm m$ is 1-Lipschitz, and extends to
# all of space. So
#
# $$ \mathrm{VC}(\mathcal C^m(X)) = M(X, 2m), $$
#
# the largest number of points of $X$ at pairwise distances of at least $2m$, that is, the largest number of disjoint
# open balls of radius $m$ with centres in $X$. Learning theory has become a question on packings.

# %%
from fractions import Fraction
from math import pi, sqrt

import matplotlib.pyplot as plt
import numpy as np

from lipcheck.build.boxes import Box
from lipcheck.build.extension import extend
from lipcheck.build.packing_bounds import proposition_7_bounds
from lipcheck.build.packings import separated_set
from lipcheck.build.volumes import ball, cube
from lipcheck.notebook import COLOURS, record, style

style()

# %% [markdown]
# ## One labelling of a separated set
#
# A lattice cut out by a disc of radius 3, with $m = 1$: `separated_set` counts its points exactly. The colours show a
# 1-Lipschitz function with the values $\pm m$ of a random labelling, built by the library as a maximum of minima of
# affine pieces of slope one.

# %%
disc, m = ball(2, 3), 1
packing = separated_set(disc, 2 * m, rational=True)
points = packing.points()
labels = np.random.default_rng(3).choice([-1, 1], len(points))
box = Box([-4, -4], [4, 4])
f = extend(points, [int(m * y) for y in labels], p=2, which="smallest", box=box, gap="1/10").lattice
ticks = np.linspace(-4, 4, 161)
places = np.stack(np.meshgrid(ticks, ticks), axis=-1)
values = f.enclosures(places.reshape(-1, 2))[0].reshape(places.shape[:2])

figure, axis = plt.subplots(figsize=(5.2, 4.5))
surface = axis.contourf(ticks, ticks, values, levels=np.linspace(-3, 3, 13), extend="both")
axis.contour(ticks, ticks, values, levels=[-m, 0], colors="white", linestyles=["dashed", "solid"])
for number, ((x, y), label) in enumerate(zip(packing.floats(), labels, strict=True)):
    words = "balls of radius m around the points" if number == 0 else None
    axis.add_patch(plt.Circle((x, y), m, fill=False, color="0.7", linewidth=0.8, label=words))
    axis.annotate("+" if label > 0 else "−", (x, y), color="black" if label > 0 else "white", ha="center", va="center",
                  fontsize=16, fontweight="bold")  # fmt: skip
axis.add_patch(plt.Circle((0, 0), 3, fill=False, color=COLOURS[1], linewidth=2, label="the set X"))
axis.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
axis.grid(visible=False)
axis.set_title(f"{len(points)} points, pairwise 2m apart, and one of $2^{{{len(points)}}}$ labellings")
figure.legend(loc="outside lower center", ncols=2, fontsize=8)
figure.colorbar(surface, label="f(x); white lines: 0 (solid) and −m (dashed)")
plt.show()

# %% [markdown]
# The thin circles are the balls of radius $m$. They are disjoint, and they may stick out of the orange disc: only
# centres have to be in $X$.

# %%
record("bethune2021.proposition_7.shattering")

# %% [markdown]
# ## Balls with centres inside, and balls inside
#
# The proof speaks of "the maximum number of disjoint balls of radius m that fit inside X". That is another, smaller
# number. Below are the best lattice packings that the library finds, and proved bounds on the largest packing.

# %%
figure, axes = plt.subplots(2, 2, figsize=(5.6, 5.6), sharex=True, sharey=True)
for column, radius in enumerate((2, 4)):
    for axis, inside in zip(axes[:, column], (False, True), strict=True):
        found = proposition_7_bounds(ball(2, radius), 1, inside=inside).packing
        for x, y in found.packing.floats():
            axis.add_patch(plt.Circle((x, y), 1, facecolor=COLOURS[5], edgecolor=COLOURS[0]))
            axis.plot(x, y, ".", color="black")
        axis.add_patch(plt.Circle((0, 0), radius, fill=False, color=COLOURS[1], linewidth=2))
        axis.set(xlim=(-5.2, 5.2), ylim=(-5.2, 5.2), aspect="equal")
        how = "inside" if inside else "centres inside"
        axis.set_title(
            f"radius {radius}, {how}: {found.lower} drawn,\nno packing has more than {found.upper}", fontsize=9
        )
        axis.set(xlabel="$x_1$" if inside else "", ylabel="$x_2$" if column == 0 else "")
figure.suptitle("Disjoint balls of radius 1 in X (orange); the VC dimension counts the upper ones", fontsize=10)
plt.show()

# %% [markdown]
# ## Where the print fails
#
# The lower bound $(1/m)^n A = \mathrm{vol}(X)/\mathrm{vol}(mB)$ asks for balls that fill $X$ without gaps. Euclidean
# balls do so on the line, and nowhere else: in the plane the best density is $\pi/\sqrt{12} = 0.9069...$, and in every
# dimension from two on it is below one. So the bound fails for *every* convex body once $m$ is small. What went wrong
# is a factor of two: the printed bounds are those for points that are $m$ apart, and shattering needs $2m$.
#
# In the picture everything is divided by $\mathrm{vol}(X)/\mathrm{vol}(mB)$, so that the printed lower bound is the
# line at 1.

# %%
margins = [Fraction(1, d) for d in (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)]
square = [proposition_7_bounds(cube(2, 1), m) for m in margins]
unit = [float(b.printed_lower.upper) for b in square]
inverse = [float(1 / m) for m in margins]
figure, axis = plt.subplots(figsize=(6.2, 3.9))
low = [b.packing.lower / u for b, u in zip(square, unit, strict=True)]
high = [b.packing.upper / u for b, u in zip(square, unit, strict=True)]
axis.vlines(inverse, low, high, color=COLOURS[0], linewidth=4, alpha=0.5)
axis.plot(inverse, low, "^", color=COLOURS[0], label="VC dimension: at least (a packing)")
axis.plot(inverse, high, "v", color=COLOURS[0], label="VC dimension: at most (proved)")
axis.axhline(1, color=COLOURS[1], label="printed lower bound")
axis.plot(inverse, [float(b.printed_upper.upper) / u for b, u in zip(square, unit, strict=True)], "--",
          color=COLOURS[1], label="printed upper bound")  # fmt: skip
axis.plot(inverse, [float(b.upper.upper) / u for b, u in zip(square, unit, strict=True)], "--", color=COLOURS[2],
          label="repaired upper bound: $(1/m)^n$ vol(X + mB)/vol(B)")  # fmt: skip
axis.axhline(0.25, color=COLOURS[2], label="repaired lower bound: $(1/2m)^n A$")
axis.axhline(pi / sqrt(12), color="black", linestyle=":", label="lower bound for the plane: $\\pi/\\sqrt{12}$")
axis.set(xscale="log", yscale="log", xlabel="side of the square over the margin, 1/m", ylim=(0.2, 90))
axis.set_ylabel("VC dimension · vol(mB)/vol(X)")
axis.set_title("The unit square: the printed lower bound fails for small margins")
axis.legend(fontsize=7, loc="upper right", ncols=2)
plt.show()
proved = [i for i, b in zip(inverse, square, strict=True) if b.printed_lower_holds is False]
print("proved to fail for 1/m in", [round(i) for i in proved])

# %%
record("bethune2021.proposition_7", "bethune2021.proposition_7.two_sided", "bethune2021.proposition_7.lower_fails")

# %% [markdown]
# The record's counterexample has few points: the ball of radius $23/20$ in $\mathbb{R}^5$ with $m = 1$. Two points of
# it can be 2 apart, three cannot, but $(23/20)^5 > 2$.

# %%
for n in range(1, 8):
    bounds = proposition_7_bounds(ball(n, "23/20"), 1)
    wanted = float(bounds.printed_lower.lower)
    print(f"n = {n}: VC between {bounds.packing.lower} and {bounds.packing.upper} (by {bounds.packing.by}); "
          f"printed: at least {wanted:.3f}; holds: {bounds.printed_lower_holds}")  # fmt: skip

# %% [markdown]
# ## What finite dimension does not give
#
# The proof concludes that the class is PAC learnable, by a theorem for classes of sets. There every classifier that is
# right on the sample learns. Here one that is right on the sample may abstain almost everywhere:
# $f(x) = m - \mathrm{dist}(x, S)$ is 1-Lipschitz and reaches $m$ on the sample $S$ and nowhere else. Its *sign* does
# learn.

# %%
sample = np.sort(np.random.default_rng(1).uniform(0, 4, 9))
x = np.linspace(0, 4, 2001)
f = 1 - np.abs(x[:, None] - sample).min(axis=1)
figure, axis = plt.subplots(figsize=(6.2, 2.6))
axis.plot(x, f, label="f = m − dist(x, S)")
axis.plot(sample, np.ones_like(sample), "o", color=COLOURS[1], label="sample S, all labels +1")
axis.axhline(1, color="black", linestyle="--", linewidth=1, label="m = 1: it decides from here on")
axis.set(xlabel="x", ylabel="f(x)", ylim=(0, 1.6), title="Right on the sample, undecided almost everywhere")
axis.legend(fontsize=8, ncols=2)
plt.show()

# %%
record("bethune2021.proposition_7.pac_consistent")

# %% [markdown]
# ## To play with
#
# Change the region, the dimension and the margin. In how many dimensions can you prove that the printed bound fails for
# the unit cube with $m = 1/40$?

# %%
for n in (1, 2, 3, 4):
    bounds = proposition_7_bounds(cube(n, 1), "1/40")
    found = bounds.packing
    print(f"n = {n}: {found.lower} <= VC <= {found.upper}; printed lower bound holds: {bounds.printed_lower_holds}")
