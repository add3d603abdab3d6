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
# # Appendix E: the cross entropy as a transport problem
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Appendices E and F.
#
# > Now define Z_θ^p = E_{x∼P}[g_θ^p(x)] and Z_θ^q = E_{x∼Q}[g_θ^q(x)]. [...] dP_θ(x) = (1/Z_θ^p) g_θ^q(x) dP(x) and
# > dQ_θ(x) = (1/Z_θ^q) g_θ^p(x) dQ(x) (23)
#
# > −∇_θ(E_{x∼P}[L(f_θ(x), +1)] + E_{x∼Q}[L(f_θ(x), −1)]) =
# > Z_θ^p E_{x∼P_θ}[∇_θ f_θ(x)] − Z_θ^q E_{x∼Q_θ}[∇_θ f_θ(x)] (24)
#
# > The optimization is performed over the set of 1-Lipschitz functions. We end up with:
# > Z_θ^p (E_{x∼P_θ}[∇_θ f_θ(x)] − E_{x∼Q_θ}[∇_θ f_θ(x)]) (25) [...] Hence, binary cross-entropy minimization is similar
# > to the computation of a transportation plan between P_θ and Q_θ.
#
# Here $g^p = \sigma(f)$ is the probability that the classifier gives to the label $+1$, and $g^q = 1 - \sigma(f)$. The
# derivative of the loss in $f$ is $-g^q$ on $P$ and $g^p$ on $Q$: each example pulls with the mass that is *wrong*. A
# step of descent raises $f$ where $P$ is misjudged and lowers it where $Q$ is. That is what a step on the dual of the
# transport problem does, $\max_f \mathbb{E}_P f - \mathbb{E}_Q f$, with $P$ and $Q$ replaced by their misjudged parts.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import torch
from scipy.optimize import LinearConstraint, bisect, minimize
from scipy.special import expit
from scipy.stats import wasserstein_distance

from lipcheck.notebook import COLOURS, record, style

style()

# %% [markdown]
# ## The laws of equation 23
#
# Two overlapping classes on the line and the logit $f(x) = x - 1$, which favours the label $-1$. Weighting with the
# wrong mass moves $P$ to the left and $Q$ to the right, towards each other.

# %%
x = np.linspace(-6, 6, 481)
P = np.exp(-((x - 1) ** 2) / 2)
Q = np.exp(-((x + 1) ** 2) / 2)
P, Q = P / P.sum(), Q / Q.sum()


def laws(f):
    """The weights g^q P and g^p Q, not normalized."""
    return P * expit(-f), Q * expit(f)


wrong_p, wrong_q = laws(x - 1)
width = x[1] - x[0]
figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.7))
left.plot(x, P / width, ":", color=COLOURS[0], label="P")
left.plot(x, Q / width, ":", color=COLOURS[1], label="Q")
left.plot(x, wrong_p / wrong_p.sum() / width, color=COLOURS[0], label=r"$P_\theta$, normalized")
left.plot(x, wrong_q / wrong_q.sum() / width, "--", color=COLOURS[1], label=r"$Q_\theta$, normalized")
left.axvline(1, color="0.5", linewidth=1, label="frontier")
left.set(xlabel="x", ylabel="density", title="Misjudged mass, frontier at x = 1", ylim=(-0.02, 0.66))
left.legend(ncols=2)
s = np.linspace(0.05, 0.95, 91)
right.plot(s, (1 - s) / s, color=COLOURS[1], label="printed $Z^p = E_P[g^p]$: mass (1 − s)/s")
right.axhline(1, color=COLOURS[2], linestyle="--", label="repaired $Z^p = E_P[g^q]$: mass 1")
right.plot([0.75], [1 / 3], "o", color="black", label="counterexample: s = 3/4, mass 1/3")
right.set(xlabel="s = $E_P[g^p]$", ylabel=r"mass of $P_\theta$", yscale="log")
right.set_title(r"$P_\theta$ is a law for one of the two $Z$")
right.legend(fontsize=8)
plt.show()

# %% [markdown]
# Equation 23 divides by $\mathbb{E}_P[g^p]$, but the mass of $g^q\,dP$ is $\mathbb{E}_P[g^q]$. One atom shows it:

# %%
right_mass = Fraction(3, 4)
wrong_mass = 1 - right_mass
print("E_P[g^p] =", right_mass, "  E_P[g^q] =", wrong_mass, "  mass of the printed P_θ:", wrong_mass / right_mass)

# %%
record("bethune2021.transport_view.valid_distribution")

# %% [markdown]
# ## Equation 24 holds for either Z
#
# $Z$ is multiplied by what it divided before. Torch's gradient of the loss, for $f_\theta(x) = \theta_1 x + \theta_2$,
# agrees with the right side:

# %%
theta = torch.tensor([1.0, -1.0], dtype=torch.float64, requires_grad=True)
inputs, p, q = (torch.tensor(a) for a in (x, P, Q))
softplus = torch.nn.functional.softplus
(softplus(-(theta[0] * inputs + theta[1])) @ p + softplus(theta[0] * inputs + theta[1]) @ q).backward()
gradient_of_f = np.stack([x, np.ones_like(x)])
print("left side of (24): ", -theta.grad.numpy())
for name, zp, zq in (("printed", P @ expit(x - 1), Q @ expit(1 - x)), ("repaired", wrong_p.sum(), wrong_q.sum())):
    print(f"right side, Z {name}:", zp * (gradient_of_f @ (wrong_p / zp)) - zq * (gradient_of_f @ (wrong_q / zq)))

# %%
record("bethune2021.transport_view")

# %% [markdown]
# ## The threshold of Appendix F
#
# With $f - T$ for $f$, both $Z$ become equal for exactly one $T$: $\mathbb{E}_P[g^p]$ falls in $T$ and
# $\mathbb{E}_Q[g^q]$ rises, so bisection finds it; the repaired $Z$ are one minus these. It is also the $T$ of least
# loss.

# %%
ticks = np.linspace(-6, 4, 201)
z_p = [laws(x - 1 - T)[0].sum() for T in ticks]
z_q = [laws(x - 1 - T)[1].sum() for T in ticks]
loss = [P @ np.logaddexp(0, -(x - 1 - T)) + Q @ np.logaddexp(0, x - 1 - T) for T in ticks]
best = bisect(lambda T: np.subtract(*(law.sum() for law in laws(x - 1 - T))), -6, 4)
figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.5))
left.plot(ticks, z_p, label="misjudged mass of P, $E_P[g^q]$")
left.plot(ticks, z_q, "--", color=COLOURS[1], label="misjudged mass of Q, $E_Q[g^p]$")
right.plot(ticks, loss, color=COLOURS[2], label="$E_P[L(f - T, 1)] + E_Q[L(f - T, -1)]$")
for axis, title in ((left, "The two constants are equal once"), (right, "The same T has the least loss")):
    axis.axvline(best, color="0.4", linestyle=":", label=f"T = {best:.4f}, by bisection")
    axis.set(xlabel="threshold T", title=title, ylim=(0, 1.4 * axis.get_ylim()[1]))
    axis.legend(fontsize=8, loc="upper center", frameon=True, framealpha=1)
left.set_ylabel("mass")
right.set_ylabel("loss")
plt.show()

# %%
record("bethune2021.transport_view.bias")

# %% [markdown]
# ## What "similar to a transportation plan" means exactly
#
# A 1-Lipschitz $f$ minimizes the cross entropy *if and only if* $P_f$ and $Q_f$ have equal mass and $f$ is an optimal
# Kantorovich potential between them. Below, examples on the line, the minimizer by a convex program, and the two sides
# of the transport problem between its own misjudged masses: $\int f\,dP_f - \int f\,dQ_f$, and the mass times the
# Wasserstein distance.

# %%
places = np.array([0, 0.4, 0.9, 1.5, 2.0, 2.6, 3.1, 3.9, 4.4, 5.0])
plus = np.array([1, 1, 0, 1, 0, 1, 1, 0, 0, 0]) / 5
minus = np.array([0, 0, 1, 0, 1, 0, 0, 1, 1, 1]) / 5


def cross_entropy(f):
    """The loss and its gradient in the values at the places."""
    return plus @ np.logaddexp(0, -f) + minus @ np.logaddexp(0, f), minus * expit(f) - plus * expit(-f)


steps, gaps = np.diff(np.eye(len(places)), axis=0), np.diff(places)
program = {"jac": True, "constraints": LinearConstraint(steps, -gaps, gaps), "method": "SLSQP", "tol": 1e-14}
f = minimize(cross_entropy, np.zeros(len(places)), **program).x
P_f, Q_f = plus * expit(-f), minus * expit(f)
figure, (top, bottom) = plt.subplots(2, 1, figsize=(7.4, 5.0), sharex=True)
top.plot(places, f, "o-", label="minimizer")
top.plot(places, 2.5 - places, ":", color="0.5", label="a line of slope −1")
top.set(ylabel="f(x)", title="The minimizer of the cross entropy among 1-Lipschitz functions")
top.legend()
bottom.bar(places, P_f, width=0.12, color=COLOURS[0], label="misjudged mass $P_f$")
bottom.bar(places, -Q_f, width=0.12, color=COLOURS[1], hatch="//", label="misjudged mass $Q_f$, downwards")
bottom.plot(
    places, np.cumsum(P_f - Q_f), drawstyle="steps-post", color="black", label="flow to the right: $P_f − Q_f$ up to x"
)
bottom.set(xlabel="x", ylabel="mass", title="What has to be moved")
figure.legend(*bottom.get_legend_handles_labels(), fontsize=8, loc="outside lower center", ncols=3)
plt.show()
distance = wasserstein_distance(places, places, P_f, Q_f)
print(f"masses: {P_f.sum():.6f} and {Q_f.sum():.6f}")
print(f"potential: {P_f @ f - Q_f @ f:.6f}   mass times W: {P_f.sum() * distance:.6f}")

# %% [markdown]
# Where the flow to the right is positive, $f$ falls with slope $-1$; where it is negative, $f$ rises; where it is zero,
# $f$ is free.

# %%
record("bethune2021.transport_view.potential")

# %% [markdown]
# One thing (25) is not: the gradient of the *number* $W(P_\theta, Q_\theta)$. For one atom of each class that number
# does not change at all with $\theta$. The laws have to be held fixed.

# %%
record("bethune2021.transport_view.total_gradient")

# %% [markdown]
# ## To play with
#
# Replace the loss by $\log(1 + e^{-c y f})$. That is the same as to minimize over the $c$-Lipschitz functions. From
# which $c$ on does the minimizer classify all ten examples?

# %%
for c in (0.3, 1, 3, 10, 30):
    program["constraints"] = LinearConstraint(steps, -c * gaps, c * gaps)
    f = minimize(cross_entropy, np.zeros(len(places)), **program).x
    correct = np.sum((f > 0) == (plus > 0))
    print(f"c = {c}: loss {cross_entropy(f)[0]:.4f}, right: {correct} of {len(places)}")
