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
# # Definition 2 and Property 1: the robustness radius and its certificate
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 3.2.
#
# > **Definition 2** (Adversarial Example). For any classifier $c : \mathcal X \to \mathcal Y$, any
# > $x \in \mathbb R^n$, consider the following problem:
# > $$\delta \in \arg\min_{\delta^* \in \mathbb R^n,\; c(x + \delta^*) \ne c(x)} \|\delta^*\| \qquad (1)$$
# > $\delta$ is an adversarial attack, $\tilde x = x + \delta$ is an adversarial example, and $\|\delta\|$ is the
# > robustness radius of $x$.
#
# > **Property 1** (Robustness Certificates). For any 1-Lipschitz neural network, the robustness radius $\|\delta\|$ at
# > example $x$ verifies $\|\delta\| \ge |f(x)|$.
#
# > Computing the certificate is straightforward and do[es] not increase runtime, contrary to methods based on bounding
# > boxes or abstract interpretation.
#
# The idea: to change the sign, $f$ has to come from $f(x)$ to 0 at least, and it moves by no more than $\|\delta\|$:
#
# $$ |f(x)| \le |f(x) - f(x + \delta)| \le \|\delta\| . $$
#
# One absolute value of the logit is the certificate, in every norm, whatever $\text{sign}(0)$ is.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch

from lipcheck.build.line_classifiers import Cells, sign_cells
from lipcheck.exact import exact
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.norms import spectral_norm_at_most
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.line import along
from lipcheck.readings.rational import evaluate
from lipcheck.readings.tensor import TensorNetwork

style()

# %% [markdown]
# ## A network with weights of norm one
#
# Rotations with rational entries, sorted pairs between them, and a unit vector at the end. All norms are one, exactly,
# so the network is 1-Lipschitz.

# %%


def rotation(i, j, cosine, sine):
    rows = [[exact(int(a == b)) for b in range(4)] for a in range(4)]
    rows[i][i] = rows[j][j] = exact(cosine)
    rows[i][j], rows[j][i] = -exact(sine), exact(sine)
    return rows


first = Affine([["3/5", 0], ["4/5", 0], [0, "5/13"], [0, "12/13"]], [0, "1/2", "-1/4", "1/3"])
second = Affine(rotation(0, 3, "3/5", "4/5"), ["1/4", 0, "-1/2", 0])
third = Affine(rotation(1, 2, "-5/13", "12/13"), [0, "1/5", 0, "1/5"])
last = Affine([["1/2", "1/2", "1/2", "-1/2"]], ["-1/5"])
network = Network(2, (first, MaxMin(), second, MaxMin(), third, MaxMin(), last))
affine = [layer for layer in network.layers if isinstance(layer, Affine)]
print("first weight:", [[str(w) for w in row] for row in first.weight], "  last:", [str(w) for w in last.weight[0]])
print("norms at most one:", [spectral_norm_at_most(layer.weight, exact(1)) for layer in affine])
print("f(1, 1) =", evaluate(network, (1, 1))[0])

# %% [markdown]
# Left: circles with the certificate $|f(x)|$ as radius. No circle reaches the other class. Right: along the line
# $x_2 = 1$ everything is decided exactly. The certificate never exceeds the radius along the line.

# %%
t = np.linspace(-3, 3, 181)
grid = torch.tensor(np.stack(np.meshgrid(t, t), axis=-1).reshape(-1, 2))
f = TensorNetwork.from_network(network).forward(grid).reshape(len(t), len(t)).numpy()
figure, (left, right) = plt.subplots(1, 2, figsize=(9.8, 4.2))
image = left.contourf(t, t, f, levels=20)
figure.colorbar(image, ax=left, label="$f(x)$, in units of the axes", shrink=0.85)
left.contour(t, t, f, levels=[0], colors="white", linewidths=2.4)
for p in ((-2, -2), (-1, 1), (0, -1), (1, 1), (2, -1), (2, 2), (0, "5/2"), (-2, "1/2")):
    radius = abs(float(evaluate(network, p)[0]))
    centre = tuple(float(exact(v)) for v in p)
    left.add_patch(plt.Circle(centre, radius, fill=False, color=COLOURS[4], linewidth=2))
    left.plot(*centre, ".", color=COLOURS[4])
left.plot([], [], "o", mfc="none", color=COLOURS[4], markersize=11, label="certificate $|f(x)|$")
left.plot([], [], color="0.75", linewidth=2.4, label="frontier (white)")
left.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(-3, 3), ylim=(-3, 3), aspect="equal", title="Certificates in the plane")
left.legend(loc="upper center", ncol=2, bbox_to_anchor=(0.5, -0.14))
section = along(network, (exact(0), exact(1)), (exact(1), exact(0)))
changes = sign_cells(section, 1)
x = [exact(v) / 32 for v in range(-96, 97)]
logit = [evaluate(section, [v])[0] for v in x]
radius = [changes.radius(v)[0] for v in x]
assert all(r is None or r >= abs(v) for r, v in zip(radius, logit, strict=True))
right.plot(x, [np.nan if r is None else float(r) for r in radius], label="radius along the line")
right.plot(x, [abs(float(v)) for v in logit], "--", color=COLOURS[1], label="certificate $|f(x)|$")
right.set(xlabel="$x_1$, at $x_2 = 1$", ylabel="distance", title="A lower bound, not the radius itself")
right.legend()
plt.show()

# %% [markdown]
# ## Where definition 2 fails
#
# Equation 1 asks for a *minimum*. It need not exist. If $\text{sign}(0) = 1$ and $f(x) = x$, the attacks on $x = 1$ are
# the $\delta < -1$: sizes above 1, all of them, and none of size 1. A classifier with one value has no attack at all.
# The *infimum* always exists, and Property 1 speaks about it.

# %%
half = Cells((exact(0),), (-1, 1, 1))
print("radius at 1, and whether an attack attains it:", *map(str, half.radius(exact(1))))
delta = [-1 - exact(1) / 2**k for k in range(8)]
figure, axes = plt.subplots(figsize=(7.4, 2.8))
axes.plot([-2.2, 0], [-1, -1], color=COLOURS[0], linewidth=3, label="class -1: $x < 0$")
axes.plot([0, 2.2], [1, 1], color=COLOURS[1], linewidth=3, label="class +1: $x \\geq 0$")
axes.plot([0], [-1], "o", color=COLOURS[0], mfc="white", markersize=8)
axes.plot([0, 1], [1, 1], "o", color=COLOURS[1], markersize=8)
axes.plot(
    [float(1 + d) for d in delta],
    [-1] * len(delta),
    "|",
    color="black",
    markersize=14,
    label="$1 + \\delta$, ever nearer",
)
axes.annotate("the point $x = 1$", (1, 1), (1.05, 0.45))
axes.annotate("0 itself is no attack", (0, 1), (-0.9, 1.15))
axes.set(xlabel="$x$", ylabel="class", yticks=(-1, 1), ylim=(-1.6, 1.7), title="No attack on $x = 1$ is the smallest")
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% [markdown]
# ## How good the certificate is
#
# From the logit alone nothing better can be said: for $f(x) = x$ the radius at $x$ is $|x|$. And for every value below
# $m$ there are a 1-Lipschitz $f$ and a point with that logit and an attack of size $m$ at most. But a network may be
# more robust than its logits say: $f/2$ has half of the certificates and the same radii.

# %%
record(
    "bethune2021.property_1",
    "bethune2021.property_1.runtime",
    "bethune2021.property_1.unsure",
    "bethune2021.adversarial_radius",
    "bethune2021.adversarial_radius.infimum",
)

# %% [markdown]
# ## To play with
#
# Multiply the last weight by a factor above one: its norm is no longer one, and sooner or later the "certificates"
# exceed the radii, here along the line $x_2 = 1$.

# %%
places = [exact(v) for v in range(-3, 4)]
for factor in (1, 2, 4, 8):
    pairs = [(changes.radius(v)[0], factor * abs(evaluate(section, [v])[0])) for v in places]
    too_large = [radius is not None and radius < claimed for radius, claimed in pairs]
    print(f"last weight times {factor}: too large at {sum(too_large)} of {len(places)} points")
