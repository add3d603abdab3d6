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
# # Example 3: four points, every Lipschitz constant
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 4, with
# Figures 2b and 5a.
#
# > **Example 3.** We illustrate this phenomenon in Figure 2b by training various neural networks with different
# > Lipschitz constants $L$. We chose a simple setting with only four training points in $\mathbb R$. The inputs are
# > $\{-2, -1, 1, 2\}$ respectively. Their sampling weights are $\{0.9, 0.1, 0.1, 0.9\}$ respectively and their labels
# > $\{+1, -1, +1, -1\}$. We plot the value of $f(x)$ to highlight the different shapes of the minimizer $f$ as function
# > of $L$. High values of $L$ leads to better fitting.
#
# The phenomenon: "one cannot guarantees that the minimizer of BCE will maximize accuracy", though some $L$-Lipschitz
# function does.
#
# The idea: the problem can be solved outright. By symmetry the minimizer has the values $b + L, b, -b, -b - L$: the
# heavy outer points pull as far as the slope $L$ allows. With $q = e^L$:
#
# - while $q^3 \le 8q + 9$, that is up to some $L_1$, the outer points win everywhere: $b = L$ and $f(x) = -Lx$;
# - beyond, the pulls balance: $9\,\sigma(-b - L) = \sigma(b)$, so that $e^b = (4 + \sqrt{16 + 9q})/q$.
#
# The light points are right once $b < 0$, that is $q > 17$.

# %%
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import brentq

from lipcheck.build import interpolate
from lipcheck.claims.bethune2021.example_3 import accuracy
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.rational import evaluate

style()
x, y, weights = np.array([-2, -1, 1, 2]), np.array([1, -1, 1, -1]), np.array([0.9, 0.1, 0.1, 0.9]) / 2
first = np.log(brentq(lambda q: q**3 - 8 * q - 9, 1, 10))
print(f"L_1 = {first:.4f}, log 17 = {np.log(17):.4f}")


def values(L: float) -> np.ndarray:
    """The minimizer at the four points: the formula above."""
    b = L if first >= L else np.log((4 + np.sqrt(16 + 9 * np.exp(L))) / np.exp(L))
    return np.array([b + L, b, -b, -b - L])


# %% [markdown]
# ## The minimizers, as networks
#
# For each $L$ the library builds a MaxMin network with these values divided by $L$, 1-Lipschitz on the whole line; $L$
# times it is drawn. Between $-1$ and $1$ and beyond $\pm 2$ other minimizers are possible once $L > L_1$.

# %%
t = np.linspace(-2.6, 2.6, 209)
figure, axes = plt.subplots(figsize=(7.6, 4.6))
for colour, line, L in zip(COLOURS, ("-", "--", "-.", ":", "-"), (0.5, 1, 2, np.log(17), 4), strict=False):
    network = interpolate(x[:, None].tolist(), (values(L) / L).tolist(), p=2, slack=1e-9).lattice.network()
    curve = L * np.array([float(evaluate(network, (u,))[0]) for u in t])
    axes.plot(
        t, curve, line, color=colour, label=f"$L$ = {L:.3g}" + (" = log 17" if abs(L - np.log(17)) < 1e-9 else "")
    )
    axes.plot(x, values(L), "o", color=colour, markersize=4)
for place, label, weight in zip(x, y, (0.9, 0.1, 0.1, 0.9), strict=True):
    axes.annotate(f"label {label:+d}\nweight {weight}", (place, -6.6), ha="center", fontsize=8)
axes.axhline(0, color="black", linewidth=0.8)
axes.set(
    xlabel="input $x$", ylabel="logit $f(x)$", ylim=(-7, 6), title="Minimizers of the BCE over $L$-Lipschitz functions"
)
axes.legend(loc="upper right")
plt.show()

# %% [markdown]
# ## Loss and accuracy as $L$ grows
#
# The loss falls strictly. The accuracy (weighted) is 0.9 up to $L = \log 17$: the light points are treated as noise.
# And yet the values $L/2, -L/2, L/2, -L/2$ are $L$-Lipschitz and right at all four points, for every $L > 0$. The loss
# does not choose them.

# %%
constants = np.linspace(0.02, 5, 500)
solved = np.array([values(L) for L in constants])
loss = np.logaddexp(0, -y * solved) @ weights
alternating = np.logaddexp(0, -constants / 2)
figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.8))
left.plot(constants, loss, label="minimizer over Lip$_L$")
left.plot(constants, alternating, "--", color=COLOURS[1], label="the values $±L/2$")
left.set(
    xlabel="Lipschitz constant $L$", ylabel="mean loss", title="The minimizer has the smaller loss", ylim=(0, None)
)
right.plot(constants, (y * solved > 0) @ weights, label="minimizer over Lip$_L$")
right.plot(constants, np.ones(500), "--", color=COLOURS[1], label="the values $±L/2$")
right.set(xlabel="Lipschitz constant $L$", ylabel="weighted accuracy", title="... and not the better accuracy")
right.set_ylim(0.85, 1.02)
for axes in (left, right):
    axes.axvline(first, color="black", linestyle=":", label="$L_1$: end of $f(x) = -Lx$")
    axes.axvline(np.log(17), color="black", linestyle="-.", label="log 17: all signs right")
    axes.legend(fontsize=8, loc="center right")
plt.show()

# %%
record("bethune2021.example_3", "bethune2021.example_3.error")

# %% [markdown]
# ## Does a larger $L$ always fit better?
#
# The loss does fall on every training set (`bethune2021.example_3.loss_falls`), and for large $L$ the accuracy is as
# high as it can be (`bethune2021.example_3.best_accuracy`). On the way it can *fall*. Five samples are enough: label
# $+1$ at 0, $-1$ twice at 1, $+1$ twice at 6. The minimizer has the values $u, u - L, u + 4L$. For small $L$ the far
# points lift the whole function; once they are fitted they stop pulling, and the two labels $-1$ push the first point
# below zero, until $L$ is large enough for all.

# %%
chain = accuracy.Chain((1, 2, 2), 5)
L = np.linspace(0.05, 1.6, 311)
lowest = [brentq(lambda u, c=c: chain.derivative(np.exp(u), np.exp(c)), -9, 9) for c in L]
at = np.array(lowest)[:, None] + L[:, None] * np.array([0, -1, 4])
right_share = (at * np.array([1, -1, 1]) > 0) @ np.array([1, 2, 2]) / 5
figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.6))
for k, line, name in (
    (0, "-", "at 0 (label +1)"),
    (1, "--", "at 1 (label -1, twice)"),
    (2, "-.", "at 6 (label +1, twice)"),
):
    left.plot(L, at[:, k], line, label=name)
left.axhline(0, color="black", linewidth=0.8)
left.set(xlabel="Lipschitz constant $L$", ylabel="logit", ylim=(-1.2, 3), title="Values of the minimizer")
left.legend(fontsize=8)
right.plot(L, right_share, color=COLOURS[6])
for spot, name in ((1.5, "log 3/2"), (2, "log 2"), (3, "log 3")):
    share = float(chain.accuracy(spot) / 5)
    right.plot(np.log(spot), share, "o", color=COLOURS[1])
    right.annotate(f"$L$ = {name}", (np.log(spot), share + 0.02), ha="center", fontsize=9)
right.set(
    xlabel="Lipschitz constant $L$",
    ylabel="training accuracy",
    ylim=(0.55, 1.1),
    title="The accuracy falls, and rises again",
)
plt.show()

# %%
record("bethune2021.example_3.accuracy_rises")

# %% [markdown]
# ## Temperature
#
# > Bigger Lipschitz constant might ultimately lead to overfitting, playing the same role as the (usually omitted)
# > temperature scaling parameter $T \in \mathbb R_+$: $\mathcal L_T(f(x), y) = -\log \sigma(y T f(x))$.
#
# As $\mathcal L_T(f(x), y) = \mathcal L(T f(x), y)$, minimizing $\mathcal L_T$ over 1-Lipschitz functions is
# minimizing $\mathcal L$ over $T$-Lipschitz ones. Without a constraint (Figure 5a) $T$ changes nothing but the scale:
# the infimum is the same (`bethune2021.temperature.unconstrained`). Overfitting: let the labels at 0 and 1 be fair
# coins, and the sample $(0, +1), (1, -1)$. The minimizer has the values $\pm L/2$.

# %%
L = np.linspace(0, 12, 300)
figure, axes = plt.subplots()
axes.plot(L, np.logaddexp(0, -L / 2), label="training loss: falls to 0")
axes.plot(L, (np.logaddexp(0, -L / 2) + np.logaddexp(0, L / 2)) / 2, "--", label="expected loss: grows without bound")
axes.axhline(np.log(2), color="black", linestyle=":", label="log 2, the expected loss of $f$ = 0")
axes.set(xlabel="Lipschitz constant $L$, or temperature $T$", ylabel="loss of the minimizer", ylim=(0, 3))
axes.set_title("Two fair coins, one sample of each")
axes.legend()
plt.show()

# %%
record("bethune2021.temperature", "bethune2021.temperature.overfitting")

# %% [markdown]
# ## To play with
#
# With outer weight $w$ and inner weight $w'$ the light points become right at $L = \log(2w/w' - 1)$. Move the weights
# and the gap of the chain: when does its accuracy fall?

# %%
for outer, inner in ((0.9, 0.1), (0.99, 0.01), (0.6, 0.4)):
    print(f"weights {outer}, {inner}: right from L = {np.log(2 * outer / inner - 1):.3f} on")
for gap in (2, 3, 4, 5, 8):
    print(
        f"gap {gap}: accuracy",
        [float(accuracy.Chain((1, 2, 2), gap).accuracy(np.exp(c)) / 5) for c in (0.2, 0.4, 0.6, 0.8, 1.2)],
    )
