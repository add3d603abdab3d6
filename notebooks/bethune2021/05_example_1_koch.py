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
# # Example 1: the Koch snowflake as a frontier
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 3.1,
# Figure 1.
#
# > **Example 1** (Highest Mountain Function). An example of HMF is depicted in Figures 1 (a) and (b), with $\partial$
# > chosen to be the fourth iteration of Von Koch Snowflake. We train a 6-layers (5 hidden layers of width 128)
# > 1-Lipschitz NN by regression to fit the HMF (160 000 pixels, 20 epochs) and we obtain the function in Figure 1 (c),
# > with mean absolute error inferior to 1. The green strip corresponds to the zone $|f(x)| \le 0.5$. It proves
# > empirically that this classification task, associated to a very sharp (almost fractal) decision frontier, can be
# > solved by a NN verifying $\|\nabla_x f\| = 1$ almost everywhere. There is not constraint on the shape of the
# > frontier: only on the "speed" at which we move away from it.
#
# The idea: for a closed set $F$, the distance to $F$ is 1-Lipschitz, and so is the distance with any choice of signs on
# the parts of the plane that $F$ leaves: a segment from one part to another crosses $F$, where the function is zero.
# The shape of $F$ plays no role. The signed distance to a snowflake is as tame as that to a circle.

# %%
import matplotlib.pyplot as plt
import numpy as np

from lipcheck.build import interpolate
from lipcheck.build.cantor import measure
from lipcheck.build.koch import koch_area, koch_array, koch_perimeter, koch_snowflake
from lipcheck.build.regions import Region
from lipcheck.build.signed_distances import SignedDistance
from lipcheck.exact import exact
from lipcheck.notebook import COLOURS, record, style

style()

# %% [markdown]
# ## The curve
#
# Corners are exact, in numbers $a + b\sqrt 3$ with rational $a$ and $b$; the unit of length is the radius of the circle
# around the snowflake. Each step replaces a side by four of a third of its length, so that the perimeter grows by a
# factor of $\frac43$ while the area stays below $\frac85$ of the triangle's.

# %%
figure, axes = plt.subplots(1, 5, figsize=(9.6, 2.7), sharey=True)
for steps, ax in enumerate(axes):
    corners = koch_array(steps)
    ax.fill(*corners.T, color=COLOURS[5], ec=COLOURS[0], linewidth=0.8)
    ax.set(aspect="equal", xlabel="$x_1$", title=f"step {steps}: {len(corners)} sides")
    print(f"step {steps}: perimeter {float(koch_perimeter(steps)):.4f}, area {float(koch_area(steps)):.4f}")
axes[0].set_ylabel("$x_2$ (radius = 1)")
plt.show()

# %% [markdown]
# ## Its highest mountain function
#
# Definition 1 asks for two disjoint closed classes whose ties are the snowflake. "Inside" and "outside" with the
# curve in both are not disjoint, and without it not closed. Short segments parallel to each side, at the same small
# distance inside and outside and cut off at the bisectors of the corners, do it: every point of the curve is as far
# from the inner as from the outer ones, and no other point is. Then $f$ is the signed distance to the curve, here in
# floating point with a proved bound on the error.

# %%
snowflake = koch_snowflake(4)
height = SignedDistance(snowflake)
print("exact at the centre:", snowflake.signed_distance((0, 0)), "\nerror of a float at most", float(height.error))
t = np.linspace(-1.2, 1.2, 181)
grid = np.stack(np.meshgrid(t, t), axis=-1).reshape(-1, 2)
f = height.batch(grid).reshape(181, 181)
slope = np.abs(np.diff(f, axis=0)).max() / (t[1] - t[0]), np.abs(np.diff(f, axis=1)).max() / (t[1] - t[0])
print("largest change between neighbours of the grid, per distance:", [round(float(s), 9) for s in slope])

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.9), sharey=True)
image = left.contourf(t, t, f, levels=np.arange(-1.1, 0.71, 0.1))
figure.colorbar(image, ax=left, label="$f(x)$ (radius of the circle around = 1)", shrink=0.85)
left.fill(*koch_array(4).T, fill=False, ec="white", linewidth=0.7)
left.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title="Signed distance to step 4 (white)")
right.contour(t, t, f, levels=np.arange(-1, 1, 0.2), colors="0.7", linewidths=0.6, linestyles="solid")
right.contourf(t, t, np.abs(f), levels=[0, 0.02], colors=[COLOURS[2]])
right.plot([], [], color="0.7", label="$f$ = multiples of 0.2")
right.plot([], [], "s", color=COLOURS[2], label=r"the strip $|f| \leq$ 0.02")
right.set(xlabel="$x_1$", aspect="equal", title="Level lines forget the corners")
right.legend(loc="upper center", ncol=2, bbox_to_anchor=(0.5, -0.15), columnspacing=1, handlelength=1.2)
plt.show()

# %% [markdown]
# ## A network that solves the task
#
# The print infers from a trained network that the task can be solved. A construction proves it, for any finite set of
# pixels: a maximum of minima of affine pieces with unit slopes takes all the given values.
# Here are a few hundred pixels, and the sign of the network in between, which nobody prescribed.

# %%
small, side = SignedDistance(koch_snowflake(2)), np.linspace(-1.15, 1.15, 19)
pixels = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
values = small.batch(pixels)
lattice = interpolate(pixels.tolist(), values.tolist(), p=2).lattice
exactly = lattice.values(pixels.tolist()) == tuple(map(exact, values.tolist()))
print(f"{len(pixels)} pixels, {len(lattice.pieces)} pieces, all values taken exactly: {exactly}")
print("norm of the first layer at most 1:", lattice.norm.at_most(1), "  layers:", len(lattice.network().layers))
lower, upper = lattice.enclosures(grid)
network, truth = ((lower + upper) / 2).reshape(181, 181), small.batch(grid).reshape(181, 181)
wrong = np.mean((network > 0) != (truth > 0))
error = np.abs(network - truth)
print(f"wrong signs on the fine grid: {100 * wrong:.2f} %; mean absolute error there: {error.mean():.4f}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.9), sharey=True)
left.contourf(t, t, network, levels=[-9, 0, 9], colors=["white", COLOURS[5]])
left.fill(*koch_array(2).T, fill=False, ec="black", linewidth=1.2)
left.plot(*pixels[values > 0].T, "o", color=COLOURS[0], markersize=2.5)
left.plot(*pixels[values <= 0].T, "x", color=COLOURS[1], markersize=3)
for style_of, words in (("o", "pixel inside"), ("x", "pixel outside")):
    left.plot([], [], style_of, color=COLOURS[0] if style_of == "o" else COLOURS[1], label=words)
left.plot([], [], "s", color=COLOURS[5], label="network > 0")
left.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title="Network against step 2 (black)")
left.legend(loc="upper center", ncol=3, bbox_to_anchor=(0.5, -0.15), columnspacing=0.8, handletextpad=0.2)
image = right.contourf(t, t, error, levels=8)
figure.colorbar(image, ax=right, label="|network - $f$| (radius of the circle around = 1)", shrink=0.85)
right.set(xlabel="$x_1$", aspect="equal", title="Error between the pixels; none at them")
plt.show()

# %% [markdown]
# ## Where the print fails
#
# *The caption.* Figure 1 puts class -1 into an "interior ring", with the centre and the exterior in class +1. With one
# snowflake as frontier centre and exterior have *different* signs. A ring takes two curves.

# %%
ring = Region((snowflake, koch_snowflake(1).scaled("1/2")))
print("one curve:  centre", snowflake.side((0, 0)), " exterior", snowflake.side((2, 0)))
print("two curves: centre", ring.side((0, 0)), " exterior", ring.side((2, 0)), " ring", ring.side((0, "3/4")))

# %% [markdown]
# *The shape.* Any closed set is the frontier of a 1-Lipschitz function. If $\|\nabla f\| = 1$ almost everywhere is
# asked too, there is a constraint: $f = 0$ on $F$ makes the gradient zero almost everywhere on $F$, so $F$ must be a
# null set. Fat Cantor sets are none; snowflakes are. What error the trained network had, only its run can tell.

# %%
print("length of what gaps of (1/4)^m leave of [0, 1]:", measure(exact("1/4")))
record(
    "bethune2021.koch_snowflake",
    "bethune2021.koch_snowflake.network",
    "bethune2021.koch_snowflake.caption",
    "bethune2021.koch_snowflake.null_frontier",
    "bethune2021.koch_snowflake.error",
)

# %% [markdown]
# ## To play with
#
# Take another step and another point. The square of the distance is exact, in $\mathbb Q(\sqrt 3)$.

# %%
found = koch_snowflake(3).signed_distance(("1/2", "1/3"))
print("side:", found.sign, "  squared distance:", found.square, "  distance:", float(found))
