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
# # Proposition 10: the cross entropy keeps a gradient at every example
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Appendix D.
#
# > Let (x_i, y_i)_{1≤i≤p} be a non trivial training set (i.e with more than one class) such that x_i ∈ X, X a bounded
# > subset of R^n. Then there exists a constant K > 0 such that, for every minimizer f_L^* of BCE [...] And such that
# > for every 1 ≤ i ≤ p we have the following: |∂/∂y L_T(ỹ = f_L^*(x_i), y_i)| ≥ K (22)
#
# The loss is $L_T(f, y) = \log(1 + e^{-Tyf})$, minimized over the $L$-Lipschitz functions. Its derivative has the size
# $T/(1 + e^{Tyf})$, which is small only where $yf$ is large. An unconstrained network pushes $yf$ to infinity. An
# $L$-Lipschitz one cannot: constants may be added, so at a minimizer the derivatives of the two classes cancel, and so
# $f$ is neither large everywhere nor small everywhere. Within a set of diameter $D$ it varies by $LD$ at most.
# Together, with $r$ the number of examples of the more frequent label over that of the rarer one,
#
# $$ \left|\frac{\partial L_T}{\partial \tilde y}\right| \;\ge\; K = \frac{T}{1 + r\, e^{TLD}} . $$

# %%
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy.optimize import LinearConstraint, minimize
from scipy.special import expit
from torch import nn

from lipcheck.nn import BjorckLinear, MaxMin
from lipcheck.notebook import COLOURS, record, style

style()

# %% [markdown]
# ## Minimizers on a training set
#
# On the line, values at sorted examples are those of an $L$-Lipschitz function exactly if neighbours differ by at most
# $L$ times their distance. So the minimizer is a small convex program in the values. Twelve examples, with two labels
# that no threshold explains:

# %%
places = np.array([0.0, 0.1, 0.2, 0.3, 0.42, 0.5, 0.55, 0.65, 0.7, 0.8, 0.9, 1.0])
labels = np.array([1, 1, 1, -1, 1, 1, -1, -1, -1, 1, -1, -1])


def minimizer(bound, temperature=1.0):
    """The values of the best L-Lipschitz function, and the sizes of the derivatives at the examples."""

    def loss(f):
        margins = temperature * labels * f
        return np.logaddexp(0, -margins).mean(), -temperature * labels * expit(-margins) / len(f)

    steps = np.diff(np.eye(len(places)), axis=0)
    limits = bound * np.diff(places)
    constraint = LinearConstraint(steps, -limits, limits)
    found = minimize(loss, np.zeros(len(places)), jac=True, constraints=constraint, method="SLSQP", tol=1e-12)
    return found.x, temperature * expit(-temperature * labels * found.x)


figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.9))
for bound, colour in zip((1, 4, 16), COLOURS, strict=False):
    left.plot(places, minimizer(bound)[0], "-", color=colour, label=f"L = {bound}")
left.scatter(places, np.where(labels > 0, 5, -5), c=[COLOURS[0] if y > 0 else COLOURS[1] for y in labels],
             marker="|", s=80, label="labels +1 (top), −1 (bottom)")  # fmt: skip
left.axhline(0, color="black", linewidth=0.8)
left.set(xlabel="x", ylabel="f(x)", ylim=(-6, 9), title="Minimizers over the L-Lipschitz functions")
left.legend(fontsize=8)
bounds = np.logspace(-1, 1.5, 26)
sizes = np.array([minimizer(b)[1] for b in bounds])
right.fill_between(bounds, sizes.min(axis=1), sizes.max(axis=1), alpha=0.3, label="derivatives at the 12 examples")
right.plot(bounds, sizes.min(axis=1), label="the smallest of them")
right.plot(bounds, 1 / (1 + np.exp(bounds)), "--", color=COLOURS[1], label="K, with T = D = r = 1")
right.set(xscale="log", yscale="log", xlabel="Lipschitz constant L", ylim=(1e-7, 2))
right.set(ylabel="|∂L/∂y|", title="They stay above K")
right.legend(fontsize=8)
plt.show()

# %%
record("bethune2021.proposition_10")

# %% [markdown]
# ## What K depends on
#
# The paper adds: "K only depends of the training set". For fixed $L$ and $T$ that is right. If $L$ is chosen
# afterwards, no $K$ is left: two examples at distance 1 with different labels have the minimizer $f = \pm L/2$, and
# both derivatives are $1/(1 + e^{L/2})$. And the size is below $T$, so that a small $T$ makes it small as well.

# %%
ticks = np.linspace(0, 20, 200)
figure, axis = plt.subplots()
axis.plot(ticks, 1 / (1 + np.exp(ticks / 2)), label="two examples at distance 1: 1/(1 + exp(L/2))")
axis.plot(ticks, 1 / (1 + np.exp(ticks)), "--", color=COLOURS[1], label="K = 1/(1 + exp L)")
axis.set(
    yscale="log", xlabel="Lipschitz constant L", ylabel="|∂L/∂y| at the minimizer", title="Large L leaves no K > 0"
)
axis.legend()
plt.show()

# %%
record("bethune2021.proposition_10.constant")

# %% [markdown]
# ## The sum vanishes, and steps on single examples oscillate
#
# "A non null gradient will remain for each training example taken independently, but their sum after convergence will
# be the null vector." In the logits this is exact, since constants are free. So steps along one example at a time keep
# moving, while steps along all of them come to rest. Below, the bias of a classifier on one point with both labels.

# %%
f, sizes = minimizer(4)
print(
    "sum of the derivatives over the examples:",
    f"{abs((labels * sizes).sum()):.0e}",
    "; smallest:",
    sizes.min().round(3),
)
rate, steps = 0.5, 60
single, whole = [1.5], [1.5]
for y in np.random.default_rng(0).choice([1, -1], steps):
    single.append(single[-1] + rate * y * expit(-y * single[-1]))
    whole.append(whole[-1] + rate * (expit(-whole[-1]) - expit(whole[-1])) / 2)
figure, axis = plt.subplots(figsize=(7.4, 3.2))
axis.plot(single, ".-", label="one example per step")
axis.plot(whole, "--", color=COLOURS[1], label="both examples per step")
axis.set(xlabel="step", ylabel="bias", title="Gradient descent on (0, +1) and (0, −1), rate 1/2")
axis.legend()
plt.show()

# %%
record("bethune2021.proposition_10.sum")

# %% [markdown]
# ## From the logit to the weights
#
# The derivative in the logit has to travel through the layers. 1-Lipschitz layers can shrink it, and layers of slope
# $\frac12$ do so by $2^{-(M-1)}$. Layers whose Jacobians have orthonormal rows keep it. Here are networks whose first
# bias receives the gradient of a logit with $|\partial L/\partial \tilde y| = \frac12$.


# %%
def first_bias(make, depth, width=16):
    """The norm of the gradient in the first bias, the derivative in the logit being 1/2."""
    found = [part for a, b in pairwise([width] * depth + [1]) for part in (make(a, b), MaxMin())][:-1]
    network = nn.Sequential(*found)
    output = network(torch.linspace(-1, 1, width))
    (output / 2).sum().backward()
    return network[0].bias.grad.norm().item()


def halved(a, b):
    """Half an orthonormal matrix."""
    layer = BjorckLinear(a, b, iterations=25).fixed()
    with torch.no_grad():
        layer.weight /= 2
    return layer


torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
depths = [1, 2, 5, 10, 20, 30, 40]
figure, axis = plt.subplots()
kept = [first_bias(lambda a, b: BjorckLinear(a, b, iterations=25), depth) for depth in depths]
axis.plot(depths, kept, "o-", label="orthonormal weights, sorted pairs")
axis.plot(
    depths, [first_bias(halved, depth) for depth in depths], "s--", color=COLOURS[1], label="halved: also 1-Lipschitz"
)
axis.set(
    yscale="log", xlabel="layers, M", ylabel="gradient in the first bias", title="The logit's derivative is 1/2 in all"
)
axis.legend()
plt.show()

# %%
record("bethune2021.proposition_10.network", "bethune2021.proposition_10.preserving")

# %% [markdown]
# ## To play with
#
# Move the labels, or the temperature. K promises little for large $TL$. How far are the true derivatives above it?

# %%
for T in (0.5, 1, 2, 4):
    sizes = minimizer(4, T)[1]
    print(f"T = {T}: smallest derivative {sizes.min():.4f}, K = {T / (1 + np.exp(4 * T)):.2e}")
