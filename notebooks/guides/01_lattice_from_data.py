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
# # A lattice network from your own data
#
# Some function is known at finitely many points, and it is known to be 1-Lipschitz: it changes by at most the distance.
# This notebook builds a MaxMin network that takes the values *exactly*, a smaller one that takes them within a chosen
# eps, writes it to a file, and runs it in torch. Then it builds a classifier whose margins are proved.
#
# The network is the lattice of Theorem 3 of Anil, Lucas and Grosse: a maximum of minima of affine pieces,
#
# $$ f(x) = \max_i \min_{k} \; (w_{ik} \cdot x + b_{ik}), \qquad \|w_{ik}\|_q \le 1, $$
#
# with $1/p + 1/q = 1$. Every piece is 1-Lipschitz for the $p$-norm, and maxima and minima keep that.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.datasets import load_digits

from lipcheck.build import Box, approximate, extend, interpolate
from lipcheck.cli.table import read_table
from lipcheck.nn import LatticeModule, load, save
from lipcheck.notebook import COLOURS, style

style()

# %% [markdown]
# ## A table
#
# Sixty soundings of a ground, in kilometres, at places of a square of two kilometres, rounded to a metre. The header
# line names the columns; the last column is the value. Any CSV of this form will do.

# %%
folder = tempfile.TemporaryDirectory()
places = np.random.default_rng(7).uniform(-1, 1, (60, 2)).round(3)
heights = (0.3 * np.sin(3 * places[:, 0]) * np.cos(2 * places[:, 1])).round(3)
lines = ["east,north,height", *(f"{e},{n},{h}" for (e, n), h in zip(places, heights, strict=True))]
table_path = Path(folder.name, "ground.csv")
_ = table_path.write_text("\n".join(lines) + "\n")
print(*lines[:4], sep="\n")

# %% [markdown]
# ## Exactly
#
# `read_table` keeps the decimals as they are written, as rational numbers. `interpolate` checks that they fit some
# 1-Lipschitz function and builds the network. Its values at the places are compared in rational numbers.

# %%
table = read_table(table_path)
exact = interpolate(table.points, table.values, p=2).lattice
print(f"{len(exact.pieces)} pieces in {len(exact.groups)} groups, depth {exact.depth}, {exact.units} hidden units")
print("norm of the first layer is exactly one:", exact.norm.at_most(1) is True and exact.norm.at_least(1) is True)
print("every value exactly:", exact.values(table.points) == table.values)

# %% [markdown]
# ## Within eps
#
# If the soundings are only good to some eps, fewer pieces do. `approximate` takes a function, or here a look-up of the
# values, and proves its bound at all points. The second row shows the error at every place of the table.

# %%
known = {tuple(map(float, x)): v for x, v in zip(table.points, table.values, strict=True)}
near = {eps: approximate(known.__getitem__, table.points, eps, 2, g_error=0) for eps in ("0.02", "0.1")}
lattices = {"exact": exact} | {f"eps = {eps}": found.lattice for eps, found in near.items()}

side = np.linspace(-1, 1, 121)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
levels = np.linspace(-0.35, 0.35, 15)
figure, rows = plt.subplots(2, 3, figsize=(9.8, 5.4), sharey="row", height_ratios=(3, 2))
for (name, lattice), above, below in zip(lattices.items(), *rows, strict=True):
    image = above.contourf(side, side, lattice.enclosures(grid)[0].reshape(121, 121), levels, extend="both")
    above.plot(*places.T, "o", markersize=3, color="white", markeredgecolor="black")
    above.set(title=f"{name}: {len(lattice.pieces)} pieces", xlabel="east (km)", aspect="equal")
    errors = [float(taken - v) for taken, v in zip(lattice.values(table.points), table.values, strict=True)]
    below.vlines(range(60), 0, errors, color=COLOURS[1])
    below.plot(errors, ".", color=COLOURS[1])
    worst = max(map(abs, errors))
    below.set(title=f"largest error {worst:.3g} km" if worst else "no error", xlabel="row of the table")
rows[0, 0].set_ylabel("north (km)")
rows[1, 0].set(ylabel="network − table (km)", ylim=(-0.12, 0.12))
figure.colorbar(image, ax=rows[0, 2], label="height (km)")
figure.suptitle("The ground as a network; circles: the places of the table")
plt.show()
print({eps: f"proved: within {float(found.bound):.4f}" for eps, found in near.items()})

# %% [markdown]
# Between the places the data leave room. `extend` builds the largest and the smallest 1-Lipschitz function through
# them, here within 1/50 of it, and the difference of the two tells how much is open at each place.

# %%
ends = {
    which: extend(table.points, table.values, p=2, which=which, box=Box([-1, -1], [1, 1]), gap="1/50").lattice
    for which in ("largest", "smallest")
}
room = ends["largest"].enclosures(grid)[0] - ends["smallest"].enclosures(grid)[0]
figure, axes = plt.subplots(figsize=(5.6, 4.6))
image = axes.contourf(side, side, room.reshape(121, 121), 12)
axes.plot(*places.T, "o", markersize=3, color="white", markeredgecolor="black", label="places of the table")
axes.plot(*grid[room.argmax()], "*", markersize=14, color=COLOURS[1], clip_on=False, label="least known place")
figure.colorbar(image, label="largest − smallest height (km)")
axes.set(title="What the data leave open", xlabel="east (km)", ylabel="north (km)", aspect="equal")
axes.set_xticks([-1, -0.5, 0, 0.5, 1])
axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, fontsize=8)
plt.show()

# %% [markdown]
# ## Into a file, and back into torch
#
# Half of all unit vectors get longer when they are rounded to nearest. `LatticeModule.from_lattice` rounds *inward*: in
# float32, too, every norm is at most one, exactly. `save` writes `.safetensors` or `.onnx`.

# %%
path = Path(folder.name, "ground.safetensors")
save(LatticeModule.from_lattice(exact, dtype=torch.float32), path)
module = load(path)
points = torch.tensor(grid, dtype=torch.float32)
with torch.no_grad():
    heights32 = module(points)[:, 0].double().numpy()
    promised = module.error_bound(points)[:, 0].numpy()
print(module)
print("norms at most one, exactly:", module.to_lattice().norm.at_most(1) is True)

# %% [markdown]
# Two errors are left: the weights were rounded, and torch rounds as it computes. The first is small and is known once
# the file is written; the second has a bound for every point, `error_bound`.

# %%
rounded = module.to_lattice().enclosures(points.double().numpy())[0]
weights = np.abs(rounded - exact.enclosures(points.double().numpy())[0])
figure, axes = plt.subplots(figsize=(7.2, 3.4))
parts = {"bound on the error of computing": promised, "error of computing": np.abs(heights32 - rounded)}
for (name, error), colour, dash in zip(
    (parts | {"error of the weights": weights}).items(), COLOURS, ("-", "--", ":"), strict=False
):
    axes.plot(
        np.sort(error)[::-1], color=colour, linestyle=dash, linewidth=2, label=f"{name}: at most {error.max():.1e}"
    )
axes.set(yscale="log", ylim=(1e-11, 1e-5), xlabel="places of a grid, the worst first", ylabel="error (km)")
axes.set_title("float32: what rounding costs")
axes.legend(loc="lower left")
plt.show()

# %% [markdown]
# The same from a terminal, in one line: `lipcheck lattice ground.csv --norm 2 --eps 0.02 --out ground.onnx --plot
# ground.png`. Without `--eps` every value is taken exactly.
#
# ## A margin that is proved
#
# A classifier needs no values, only a sign. Give each image half its distance to the other class, with the sign of its
# own: $v_i = \pm\frac12 \min_j \|x_i - x_j\|_2$. These values always fit: for two images of different classes
# $|v_i - v_j| \le \|x_i - x_j\|$, for two of the same class even half of that. So some 1-Lipschitz network takes all of
# them, and no change of image $i$ below $|v_i|$ changes its sign. For the two images of different classes that are
# nearest to each other this is the best that any classifier can do.
#
# The images are threes and eights of 8 × 8 pixels, brightness between 0 and 1: 60 to build the network, the rest to
# try it.

# %%
images, labels = load_digits(return_X_y=True)
images, signs = images[np.isin(labels, (3, 8))] / 16, np.where(labels[np.isin(labels, (3, 8))] == 3, 1, -1)
known, tried = slice(0, 60), slice(60, None)
apart = np.linalg.norm(images[known, None] - images[None, known], axis=2)
apart[signs[known, None] == signs[None, known]] = np.inf
margins = np.floor(apart.min(axis=1) / 2 * 2**20) / 2**20
lattice = interpolate(images[known].tolist(), (signs[known] * margins).tolist(), p=2).lattice
low, high = lattice.enclosures(images)
right = np.where(signs > 0, low, -high)
print(f"{len(lattice.pieces)} pieces in 64 dimensions, norm at most one: {lattice.norm.at_most(1) is True}")
print(f"right: {np.mean(right[known] > 0):.1%} of the known images, {np.mean(right[tried] > 0):.1%} of the others")

# %%
first, second = (int(i) for i in np.unravel_index(apart.argmin(), apart.shape))
between = (images[first] + images[second]) / 2
value = abs(float(lattice.enclosures(between[None])[0][0]))
pictures = {
    f"f = {signs[first] * margins[first]:+.3f}": images[first],
    f"half-way: |f| below {max(value, 5e-7) * 2:.0e}": between,
    f"f = {signs[second] * margins[second]:+.3f}": images[second],
}
figure, panels = plt.subplots(1, 4, figsize=(11, 3.2), width_ratios=(1, 1, 1, 2))
figure.suptitle("Left: the nearest two images of different classes (three: f > 0; dark: bright in the data)")
for axes, (title, picture) in zip(panels, pictures.items(), strict=False):
    axes.imshow(picture.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[], title=title, xlabel="8 × 8 pixels")
    axes.grid(False)
radius = np.linspace(0, 1.6, 161)
for part, name, colour, dash in ((known, "known images", COLOURS[0], "-"), (tried, "other images", COLOURS[1], "--")):
    share = [100 * np.mean(right[part] >= r) if r else 100 * np.mean(right[part] > 0) for r in radius]
    panels[3].plot(radius, share, color=colour, linestyle=dash, label=name)
panels[3].set(title="Right and certified", xlabel="radius (2-norm of brightness)", ylabel="images (%)", ylim=(0, 105))
panels[3].legend()
plt.show()

# %% [markdown]
# ## To play with
#
# Data that are too steep are refused, with the worst pair and the smallest constant that would do. Divide the heights
# by it, or allow more `slack`, the amount by which a pair may miss the condition and values are moved for it.

# %%
try:
    interpolate(table.points, [5 * v for v in table.values], p=2)
except ValueError as refusal:
    print(refusal)
