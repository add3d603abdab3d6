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
# # Definition: GroupSort, and what one pair of it computes
#
# Anil, Lucas, Grosse, *Sorting out Lipschitz function approximation*, Section 4.1, and Appendix A of the ICLR
# submission.
#
# > This activation separates the pre-activations into groups, sorts each group into ascending order, and outputs the
# > combined "group sorted" vector. [...] When we pick a grouping size of 2, we call the operation MaxMin.
#
# > [Its] Jacobian is a permutation matrix, and permutation matrices preserve every vector $p$-norm.
#
# **The idea.** Where no two numbers of a group tie, GroupSort exchanges coordinates and does nothing else, so a
# gradient passes with its full norm. At ties it *folds*: MaxMin maps the half-plane $x < y$ onto the half-plane
# $x \ge y$ by a reflection. Folds change directions without losing length, which no monotonic unit can.
#
# MaxMin puts the maximum first here, as equations 6 to 8 of the paper do; with the ascending order of Section 4.1
# they come out with exchanged entries or the wrong sign.

# %%
from fractions import Fraction
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import torch

from lipcheck.build.activations import abs_by_one_maxmin, maxmin_by_abs, relu_by_maxmin
from lipcheck.build.sorting import maxmin_by_fullsort, odd_even_transposition
from lipcheck.network import Affine, FullSort, GroupSort, MaxMin, Network
from lipcheck.norms import operator_norm
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.rational import evaluate, jacobian
from lipcheck.readings.tensor import TensorNetwork

style()

# %%
x = (3, -1, 0, 2, 5, 4)
for layer in (MaxMin(), GroupSort(3, order="ascending"), FullSort("ascending")):
    network = Network(6, (layer,))
    print(f"{type(layer).__name__:9} {x} ->", tuple(map(int, evaluate(network, x))))
print("Jacobian of MaxMin there:")
print(np.array(jacobian(Network(6, (MaxMin(),)), x), dtype=int))

# %% [markdown]
# The fold, made visible: a figure in the plane before and after MaxMin. The part above the diagonal is reflected.


# %%
def values(network, points):
    """The outputs of a network at points, one row each."""
    return TensorNetwork.from_network(network).forward(torch.as_tensor(np.asarray(points, dtype=float)))[0].numpy()


pair = Network(2, (Affine.linear([[1, 0], [0, 1]]), MaxMin()))
angle = np.linspace(0, 2 * np.pi, 400)
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 4), sharex=True, sharey=True)
for radius, colour, line in ((0.4, COLOURS[0], "-"), (0.8, COLOURS[1], "--"), (1.2, COLOURS[2], "-.")):
    circle = np.stack([radius * np.cos(angle) - 0.3, radius * np.sin(angle) + 0.3], axis=1)
    for axes, points in ((left, circle), (right, values(pair, circle))):
        axes.plot(*points.T, line, color=colour, label=f"radius {radius}")
for axes, title in ((left, "Circles around (−0.3, 0.3)"), (right, "Their images under MaxMin")):
    axes.plot([-1.6, 1.6], [-1.6, 1.6], color="black", linewidth=1, label="the crease, $x = y$")
    axes.set(xlabel="first coordinate", title=title, aspect="equal")
left.set_ylabel("second coordinate")
left.legend(fontsize=8)
plt.show()

# %%
record("anil2019.groupsort_properties.jacobian")

# %% [markdown]
# ## Equations 6, 7 and 8: MaxMin, absolute value, ReLU
#
# With $M = \frac{1}{\sqrt 2} \begin{bmatrix} 1 & 1 \\ 1 & -1 \end{bmatrix}$, an orthogonal matrix,
#
# $$ (\max, \min)(x, y) = M \left( \left| M (x, y)' + (\sqrt2 B, 0)' \right| - (\sqrt2 B, 0)' \right), \qquad (6) $$
# $$ |x| = \tfrac{1}{\sqrt2} (1, -1) \, \mathrm{MaxMin}\left( \tfrac{1}{\sqrt2} (1, -1)' x \right), \qquad (7) $$
# $$ \mathrm{MaxMin}(x, 0) = (\mathrm{ReLU}(x), -\mathrm{ReLU}(-x)). \qquad (8) $$
#
# $\sqrt 2$ is not rational; with every pair twice and weights $\frac12$ the norms are one again. The library's
# networks:

# %%
networks = {
    "absolute value by MaxMin": (abs_by_one_maxmin(1, 2), 2),
    "ReLU by MaxMin": (relu_by_maxmin(1), 2),
    "MaxMin by absolute value": (maxmin_by_abs(2, 1), 2),
}
for name, (network, p) in networks.items():
    print(name)
    for layer in network.layers:
        if isinstance(layer, Affine):
            weight = [[str(w) for w in row] for row in layer.weight]
            print(f"   {weight} + {[str(b) for b in layer.bias]}, norm {float(operator_norm(layer.weight, p).upper)}")
        else:
            print("  ", type(layer).__name__)

# %% [markdown]
# Equation 6 holds exactly where $x + y + 2B \ge 0$. For entries in $[-m, m]$ the least $B$ is $m$; on all of the
# plane no $B$ will do, since $|\cdot|$ then folds what it should leave alone.

# %%
t = np.linspace(-1, 1, 201)
side = np.linspace(-2, 2, 161)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8))
for name, line in (("absolute value by MaxMin", "-"), ("ReLU by MaxMin", "--")):
    left.plot(t, values(networks[name][0], t[:, None])[:, 0], line, label=name)
left.set(xlabel="$x$", ylabel="value", title="Equations 7 and 8")
left.legend()
miss = np.abs(values(maxmin_by_abs(2, 1), grid) - values(pair, grid)).max(axis=1).reshape(161, 161)
mesh = right.pcolormesh(side, side, miss, rasterized=True)
figure.colorbar(mesh, ax=right, label="largest error of an entry")
right.plot([-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1], color="white", label="square $|x|, |y| \\leq 1$")
right.plot([-2, 0], [0, -2], "--", color=COLOURS[4], label="$x + y + 2 = 0$")
right.set(xlabel="$x$", ylabel="$y$", title="Equation 6 with $B = 1$: its error", aspect="equal")
right.legend(loc="upper right", fontsize=8, labelcolor="white")
right.grid(visible=False)
plt.show()

# %%
record("anil2019.maxmin_abs.eq_6", "anil2019.maxmin_abs.eq_7")

# %% [markdown]
# ## FullSort and MaxMin
#
# > FullSort can implement MaxMin by simply "chunking" the biases in pairs. [...]
# > $x_{max} < b_1 = b_2 \ll b_3 = b_4 \ll \dots$ ([$\ll$] denotes differing by at least $x_{max}$). We can write:
# > $\mathrm{MaxMin}(x) = \mathrm{FullSort}(Ix + b) - b$.
#
# Entries lie in $[-x_{max}, x_{max}]$, an interval of length $2 x_{max}$. So biases that are $x_{max}$ apart do not
# keep the pairs apart; $2 x_{max}$ do. The picture shows the largest error of any entry over all inputs with entries
# −1, 0, 1.

# %%
corners = list(product((-1, 0, 1), repeat=4))
truth = Network(4, (Affine.linear(np.eye(4, dtype=int).tolist()), GroupSort(2, order="ascending")))
gaps = [Fraction(i, 4) for i in range(13)]
errors = []
for gap in gaps:
    errors.append(np.abs(values(maxmin_by_fullsort(4, 1, factor=gap), corners) - values(truth, corners)).max())
worst = (1, 1, -1, -1)
for gap in (1, 2):
    given = evaluate(maxmin_by_fullsort(4, 1, factor=Fraction(gap)), worst)
    print(f"gap {gap}: {worst} -> {tuple(map(int, given))}")
figure, axes = plt.subplots(figsize=(6, 3.4))
axes.plot(gaps, errors, "o-", label="largest error")
axes.axvline(1, color=COLOURS[1], linestyle="--", label="printed gap $x_{max}$")
axes.axvline(2, color=COLOURS[2], linestyle=":", label="least gap that serves, $2 x_{max}$")
axes.set(xlabel="gap between the biases of two pairs, for $x_{max} = 1$", ylabel="error")
axes.set_title("MaxMin by FullSort, four units")
axes.legend(frameon=True)
plt.show()

# %%
record("anil2019.fullsort_maxmin.chunked_biases", "anil2019.fullsort_maxmin.chunked_biases_sharp")

# %% [markdown]
# ## To play with
#
# The other way: FullSort by layers of MaxMin between permutation matrices, for all inputs. An odd number of units
# takes one more.

# %%
for n in (4, 5, 6):
    network = odd_even_transposition(n)
    layers = sum(isinstance(layer, MaxMin) for layer in network.layers)
    sorted_now = [str(v) for v in evaluate(network, x[:n])]
    print(f"{n} numbers: {layers} MaxMin layers of width {max(network.widths)}; {x[:n]} -> {sorted_now}")
