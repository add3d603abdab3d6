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
# # Proposition 4: among Lipschitz functions the cross entropy has a minimizer
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 4 and
# Appendix B.
#
# > **Proposition 4** (BCE minimization for $L$-Lipschitz functions). Let $\mathcal X \subset \mathbb R^n$ be a compact
# > and $L > 0$. Then the minimum of Equation 4 is attained.
# > $$f_L^* \in \arg\min_{f \in \text{Lip}_L(\mathcal X, \mathbb R)} \mathbb E_{(x, y) \sim \mathbb P_{XY}}
# > [\mathcal L(f(x), y)] \quad (4)$$
#
# The idea: an $L$-Lipschitz function that is huge somewhere is huge everywhere, with one sign. Then *one of the two
# classes* is badly wrong, and its loss alone exceeds $\log 2$, the loss of $f = 0$. So only functions of bounded size
# compete; by Arzelà and Ascoli they form a compact set, and the loss is continuous on it.
#
# The italic words are a hypothesis that the proposition does not state.

# %%
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import LinearConstraint, minimize
from scipy.special import expit

from lipcheck.build import interpolate
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.rational import evaluate

style()

# %% [markdown]
# ## One class: no minimizer
#
# If every label is $+1$, adding a constant $c > 0$ to any $f$ lowers every loss and leaves the Lipschitz constant as it
# is. The picture moves $f = 0$ up and down on the inputs $-1$ and $1$.

# %%
c = np.linspace(-6, 6, 301)
figure, axes = plt.subplots()
axes.plot(c, np.logaddexp(0, -c), color=COLOURS[1], label="labels +1, +1: falls to 0, which no $c$ attains")
axes.plot(c, (np.logaddexp(0, -c) + np.logaddexp(0, c)) / 2, "--", label="labels +1, -1: grows on both sides")
axes.plot(0, np.log(2), "o", color=COLOURS[0], label="minimum, log 2")
axes.set(xlabel="constant $c$", ylabel="expected loss of $f = c$", title="One class and two classes")
axes.legend(loc="upper center")
plt.show()

# %%
record("bethune2021.proposition_4", "bethune2021.proposition_4.proof")

# %% [markdown]
# ## Two classes: a minimizer, and a network that is one
#
# With both classes the minimum is attained, for every nonempty $\mathcal X$, compact or not, and even for $L = 0$. Here
# are five points on the line with $L = 1/2$. The convex problem is solved for the five values; then the library builds
# a MaxMin network with *exactly* these values (rounded to fractions), 1-Lipschitz on the whole line, and $L$ times it
# is a minimizer.

# %%
x, y, L = np.array([-2.0, -1, 1, 2, 3]), np.array([1, -1, -1, 1, 1]), 0.5
step = LinearConstraint(np.diff(np.eye(5), axis=0), -L * np.diff(x), L * np.diff(x))
best = minimize(
    lambda f: np.logaddexp(0, -y * f).mean(),
    np.zeros(5),
    jac=lambda f: -y * expit(-y * f) / 5,
    constraints=step,
    method="SLSQP",
    options={"ftol": 1e-14, "maxiter": 500},
).x
found = interpolate([[v] for v in x], (best / L).tolist(), p=2, slack=1e-6)
network = found.lattice.network()
s, diameter = (y > 0).mean(), x.max() - x.min()
print("values:", best.round(4), "  mean of sigma(f):", expit(best).mean().round(6), "  share of +1:", s)
print("layers:", [type(layer).__name__ for layer in network.layers], "  widths:", network.widths)
print("the network, times L:", [round(L * float(evaluate(network, (v,))[0]), 4) for v in x])

# %%
t = np.linspace(-3, 4, 281)
odds = np.log(s / (1 - s))
figure, axes = plt.subplots(figsize=(7.6, 4.2))
axes.axhspan(odds - L * diameter, odds + L * diameter, color=COLOURS[5], alpha=0.2, label="log odds ± $L$ diam $X$")
axes.axhline(odds, color=COLOURS[5], linestyle="--", label=f"log odds of the labels, {odds:.3f}")
axes.plot(t, [L * float(evaluate(network, (v,))[0]) for v in t], color=COLOURS[0], label="$L$ times the network")
for label, marker, colour in ((1, "^", COLOURS[2]), (-1, "v", COLOURS[1])):
    axes.plot(x[y == label], best[y == label], marker, color=colour, markersize=9, label=f"value at a label {label:+d}")
axes.set(xlabel="input $x$", ylabel="logit $f(x)$", title=f"A minimizer among $L$-Lipschitz functions, $L$ = {L}")
axes.legend(fontsize=8, ncols=2)
plt.show()

# %%
record("bethune2021.proposition_4.two_classes")

# %% [markdown]
# ## How large is the minimizer?
#
# The proof of Proposition 5 says that minimizers have $\|f\|_\infty \le 2 L\,\text{diam}\,\mathcal X$. Take the
# inputs 0 and 1 with the labels $+1, +1, -1$ at each, and $L = 1/4$. At each input the logit $\log 2$ is best, and the
# constant $\log 2$ is Lipschitz: it is the minimizer, and $\log 2 > \frac12 = 2 L\,\text{diam}\,\mathcal X$.
#
# What holds: adding a constant cannot improve a minimizer, so the mean of $\sigma(f)$ is the share $s$ of the label
# $+1$; then $f$ crosses $\log\frac{s}{1 - s}$ and stays within $L\,\text{diam}\,\mathcal X$ of it. No smaller factor
# than 1 will do. (The five points above obey this rule.)

# %%
u, v = np.meshgrid(np.linspace(-0.8, 1.6, 241), np.linspace(-0.8, 1.6, 241))
loss = sum((2 * np.logaddexp(0, -f) + np.logaddexp(0, f)) / 6 for f in (u, v))
figure, axes = plt.subplots(figsize=(6.8, 5.2))
image = axes.contourf(u, v, loss, levels=24)
figure.colorbar(image, ax=axes, label="expected loss")
edge = np.array([-0.8, 1.6])
for sign in (-1, 1):
    axes.plot(edge, edge + sign / 4, color="white", label="$|f(0) - f(1)| = L$" if sign == 1 else None)
log2 = np.log(2)
for low, high, line, colour, name in (
    (-0.5, 0.5, "--", COLOURS[4], r"printed bound $\|f\| \leq 2 L$ diam $X$"),
    (log2 - 0.25, log2 + 0.25, "-.", COLOURS[5], r"$|f - \log 2| \leq L$ diam $X$"),
):
    axes.plot([low, high, high, low, low], [low, low, high, high, low], line, color=colour, linewidth=2, label=name)
axes.plot(log2, log2, "*", color=COLOURS[1], mec="white", markersize=15, label="minimizer (log 2, log 2)")
axes.set(xlim=edge, ylim=edge, xlabel="value $f(0)$", ylabel="value $f(1)$", aspect="equal")
axes.set_title("The minimizer lies outside the printed bound")
legend = axes.legend(fontsize=8, loc="lower right", frameon=True, facecolor="0.3", framealpha=0.9)
plt.setp(legend.get_texts(), color="white")
plt.show()

# %%
record("bethune2021.proposition_4.bound", "bethune2021.proposition_4.bound_sharp")

# %% [markdown]
# ## To play with
#
# Change the labels, the weights of the points or $L$. Does the mean of $\sigma(f)$ stay the share of the label $+1$?

# %%
weights, L = np.array([4, 1, 1, 1, 1]) / 8, 2.0
step = LinearConstraint(np.diff(np.eye(5), axis=0), -L * np.diff(x), L * np.diff(x))
loss = lambda f: weights @ np.logaddexp(0, -y * f)  # noqa: E731
found = minimize(loss, np.zeros(5), constraints=step, method="SLSQP", options={"ftol": 1e-12}).x
print("values:", found.round(3), "  mean of sigma(f):", (weights @ expit(found)).round(4))
print("share of +1:", weights @ (y > 0))
