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
# # Sections 4.3 and 7.3: how far a margin reaches
#
# Anil, Lucas, Grosse, *Sorting out Lipschitz function approximation*, Sections 4.3 (equation 3) and 7.3.
#
# > Formally, given a network with Lipschitz constant $K$ (with respect to the $L_\infty$ metric) and an input $x$
# > with corresponding class $t$ that produces logits $y$, we define its margin by
# > $\mathcal{M}(x) = \max(0, y_t - \max_{i \ne t} y_i)$ (3). If $\mathcal{M}(x) > K\epsilon/2$, the network is robust
# > to all perturbations $\delta$ with $\|\delta\|_\infty < \epsilon$, at $x$.
#
# **The idea.** A perturbation of size $\|\delta\| < \epsilon$ moves each logit by less than $K \epsilon$. The first
# may fall while the second rises, so their difference can shrink by $2 K \epsilon$:
#
# $$ y_t(x + \delta) - y_i(x + \delta) \ge \mathcal{M}(x) - 2K \|\delta\| . $$
#
# So the margin certifies the radius $\mathcal{M} / (2K)$. The print has it turned over, $2 \mathcal{M} / K$, four
# times as much. If $K$ is measured with the logits in the $p$-norm, the two changes $u$, $v$ satisfy
# $|u|^p + |v|^p \le (K\epsilon)^p$, and $|u| + |v| \le 2^{1 - 1/p} K \epsilon$.

# %%
from fractions import Fraction
from math import inf

import matplotlib.pyplot as plt
import numpy as np
import torch

from lipcheck.build import extend, stack
from lipcheck.network import Affine, Network
from lipcheck.norms import operator_norm
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.rational import evaluate
from lipcheck.readings.tensor import TensorNetwork

style()


def logits(network, points):
    """The logits at points, one row each."""
    return TensorNetwork.from_network(network).forward(torch.as_tensor(np.asarray(points, dtype=float)))[0].numpy()


# %% [markdown]
# ## The counterexample
#
# One input, two classes, $y = (x, -x)$: $K = 1$ in the $\infty$-norm. At $x = 1$ the margin is 2. The print certifies
# every $\epsilon < 4$. The classes change places at $\delta = -1$.

# %%
y = Network(1, (Affine.linear([[1], [-1]]),))
K = operator_norm(y.layers[0].weight, inf).upper
margin = evaluate(y, [1])[0] - evaluate(y, [1])[1]
print(f"K = {K}, margin = {margin}, M/(2K) = {margin / (2 * K)}, as printed 2M/K = {2 * margin / K}")
for delta in ("-9/10", -1, "-11/10", -3):
    print(f"delta {delta}: logits", [str(v) for v in evaluate(y, [1 + Fraction(delta)])])
t = np.linspace(-3.5, 5.5, 201)
figure, axes = plt.subplots(figsize=(7, 3.6))
for k, line in ((0, "-"), (1, "--")):
    axes.plot(t, logits(y, t[:, None])[:, k], line, label=f"logit of class {k}")
bars = ((4, -4.3, COLOURS[3], "2M/K = 4, printed"), (1, -3.6, COLOURS[2], "M/(2K) = 1, true"))
for radius, height, colour, name in bars:
    axes.plot([1 - radius, 1 + radius], [height, height], "|-", color=colour, linewidth=3, label=f"radius {name}")
axes.plot([1, 1], [-1, 1], "k:", label="margin 2 at $x = 1$")
axes.plot([0], [0], "ko", label="the flip")
axes.set(xlabel="$x$", ylabel="logit", title="$y = (x, -x)$: what the margin at $x = 1$ certifies", ylim=(-6, 6))
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
plt.show()

# %%
record("anil2019.margin_certificate", "anil2019.margin_certificate.linf_sharp")

# %% [markdown]
# ## In the plane
#
# Three classes, $y_i(x) = -\|x - c_i\|_\infty$, a network with $K = 1$. Around a point: the square that the margin
# certifies, and the printed one, which reaches into other classes.

# %%
centres = [[-2, -1], [2, 0], [-1, 3]]
cones = stack([extend([c], [0], p=inf, which="smallest").lattice.network() for c in centres])
point = [-1, -1]
values = sorted(evaluate(cones, point), reverse=True)
M = values[0] - values[1]
print(f"logits at {tuple(point)}: {[str(v) for v in evaluate(cones, point)]}, margin {M}")
side = np.linspace(-5, 5, 301)
grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
winner = logits(cones, grid).argmax(axis=1).reshape(301, 301)
figure, axes = plt.subplots(figsize=(5.4, 4.6))
mesh = axes.contourf(side, side, winner, levels=[-0.5, 0.5, 1.5, 2.5], alpha=0.6)
bar = figure.colorbar(mesh, ticks=[0, 1, 2], label="class with the largest logit")
square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
for radius, colour, line, name in ((M / 2, "black", "-", "M/(2K), true"), (2 * M, COLOURS[1], "--", "2M/K, printed")):
    corner = np.array(point) + float(radius) * square
    axes.plot(*corner.T, line, color=colour, linewidth=2, label=f"radius {name}: {radius}")
axes.plot(*point, "k*", markersize=11, label="the point")
axes.plot(*np.array(centres).T, "ko", markersize=4, label="centres")
axes.set(xlabel="$x_1$", ylabel="$x_2$", title="Certified squares", aspect="equal", xlim=(-5, 5), ylim=(-5, 5))
axes.legend(loc="upper right", fontsize=8, frameon=True)
axes.grid(visible=False)
plt.show()
inside = np.abs(grid - point).max(axis=1)
wrong = winner.ravel() != winner.ravel()[inside.argmin()]
print(f"nearest grid point of another class: {inside[wrong].min():.2f} away; certified: {float(M / 2)}")

# %% [markdown]
# ## Which factor in which norm
#
# The least threshold for the margin is $c K \epsilon$ with $c = 2^{1 - 1/p}$, if $K$ is measured from the
# $\infty$-norm of inputs to the $p$-norm of logits: 1 for $p = 1$, $\sqrt 2$ for $p = 2$, 2 for $p = \infty$. No norm
# makes it $\frac12$.

# %%
a = np.linspace(0, 1, 101)
figure, axes = plt.subplots(figsize=(5.8, 3.5))
axes.plot(a, 2 ** (1 - a), label="least factor, $2^{1 - 1/p}$")
axes.plot([0, 0.5, 1], [2, 2**0.5, 1], "ko", label="$p = \\infty$, $2$, $1$")
axes.axhline(0.5, color=COLOURS[1], linestyle="--", label="Section 4.3: 1/2")
axes.axhline(1, color=COLOURS[3], linestyle="-.", label="Section 7.3: 1")
axes.set(xlabel="$1/p$, logits in the $p$-norm", ylabel="factor of $K\\epsilon$", ylim=(0, 2.3))
axes.set(title="The margin that certifies radius $\\epsilon$")
axes.legend(fontsize=9, loc="upper right")
plt.show()

# %%
record("anil2019.margin_certificate.l2_sharp")

# %% [markdown]
# ## Accuracy under attack
#
# > This is computed by finding the proportion of data points which violate the margin by at least $K\epsilon$.
#
# For $y = (x, -x)$ the strongest attack is known: a right answer is lost exactly where $|x| \le \epsilon$. On 500
# points with labels that are mostly right, three bounds for the accuracy and the accuracy itself (ties count as
# errors). Only the threshold $2K\epsilon$ gives a lower bound; here it is exact.

# %%
rng = np.random.default_rng(3)
x = rng.normal(size=500)
label = np.where(rng.random(500) < 0.95, x > 0, x < 0)
sign = np.where(label, 1, -1)
scores = logits(y, x[:, None])
margins = np.maximum(0, np.where(label, scores[:, 0] - scores[:, 1], scores[:, 1] - scores[:, 0]))
eps = np.linspace(0.01, 3, 300)
attacked = logits(y, (x[None, :] - eps[:, None] * sign).reshape(-1, 1)).reshape(300, 500, 2)
gap = (attacked[:, :, 0] - attacked[:, :, 1]) * sign
figure, axes = plt.subplots(figsize=(6.4, 3.8))
axes.plot(eps, (gap > 0).mean(axis=1), color="black", linewidth=3, label="accuracy under the strongest attack")
for factor, line, name in ((2, "--", "2Kε"), (1, "-.", "Kε (7.3)"), (0.5, ":", "Kε/2 (4.3)")):
    axes.plot(eps, (margins > factor * eps[:, None]).mean(axis=1), line, label=f"share of margins above {name}")
axes.set(xlabel="size ε of the perturbation", ylabel="share of the data", ylim=(0, 1))
axes.set_title("500 points, $y = (x, -x)$, $K = 1$")
axes.legend(fontsize=9)
plt.show()

# %%
record("anil2019.margin_certificate.accuracy_bound", "anil2019.margin_certificate.accuracy_sharp")

# %% [markdown]
# ## To play with
#
# Where margins are wasted: logits $(x, 0)$ have $K = 1$ too, and their difference moves by $\|\delta\|$ only. The
# certificate $\mathcal{M}/(2K)$ is then half of the true distance. What does measuring $K$ in the 1-norm of the
# logits give?

# %%
for name, weight in (("(x, -x)", [[1], [-1]]), ("(x, 0)", [[1], [0]])):
    for p, factor in ((inf, 2), (1, 1)):
        constant = operator_norm(Affine.linear(weight).weight, inf, p).upper
        found = evaluate(Network(1, (Affine.linear(weight),)), [1])
        radius = (found[0] - found[1]) / (factor * constant)
        print(f"y = {name}, logits in the {p}-norm: K = {constant}, radius {radius} at x = 1")
