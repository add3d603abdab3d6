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
# # Proposition 5: the least training loss tends to the least expected loss
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 4 and
# Appendix B.
#
# > **Proposition 5** (Train Loss is a proxy of Test Loss). Let $\mathbb P_{XY}$ a probability measure on
# > $\mathcal X \times \mathcal Y$ where $\mathcal X \subset \mathbb R^n$ is a bounded set. Let
# > $(x_i, y_i)_{1 \le i \le p}$ be a sample of $p$ iid random variables with law $\mathbb P_{XY}$. Let
# > $\mathcal E_p(f) = \frac1p \sum_{i=1}^p \mathcal L_T(f(x_i), y_i)$ and
# > $\mathcal E_\infty(f) = \mathbb E_{(x, y) \sim \mathbb P_{XY}}[\mathcal L_T(f(x), y)]$. Then we have (taking the
# > limit $p \to \infty$):
# > $$\min_{f \in \text{Lip}_L(\mathcal X, \mathbb R)} \mathcal E_p(f) \xrightarrow{a.s.}
# > \min_{f \in \text{Lip}_L(\mathcal X, \mathbb R)} \mathcal E_\infty(f) \quad (5)$$
#
# The idea: for one fixed $f$ this is the law of large numbers. The training picks $f$ *after* it has seen the sample,
# so the law must hold for all $f$ at once. Bounded $L$-Lipschitz functions on a bounded set have finite nets: finitely
# many of them come within $\varepsilon$ of all. Such a class is called a *Glivenko-Cantelli class*, and there
# $\sup_f |\mathcal E_p(f) - \mathcal E_\infty(f)| \to 0$.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from lipcheck.network import Affine, Network, ReLU
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.line import pieces
from lipcheck.readings.rational import evaluate

style()
rng = np.random.default_rng(5)

# %% [markdown]
# ## All 1-Lipschitz functions at once
#
# For $x$ uniform on $[0, 1]$ the largest gap $\sup_f |\frac1p \sum f(x_i) - \mathbb E f(x)|$ over *all* 1-Lipschitz $f$
# is a Wasserstein distance; on the line it is the area between the two distribution functions. The left picture shows
# one sample, the right one the gap as $p$ grows.

# %%
fine = np.linspace(0, 1, 20_001)
sizes = [4, 8, 16, 32, 64, 128, 256, 512, 1024]


def gap(sample: np.ndarray) -> float:
    """The area between the distribution functions of the sample and of the uniform law on [0, 1]."""
    return np.trapezoid(abs(np.searchsorted(np.sort(sample), fine, side="right") / len(sample) - fine), fine)


gaps = np.array([[gap(rng.random(p)) for _ in range(20)] for p in sizes])
figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.8))
sample = rng.random(12)
steps = np.searchsorted(np.sort(sample), fine, side="right") / 12
left.plot(fine, fine, label="law: uniform on [0, 1]")
left.plot(fine, steps, color=COLOURS[1], label="12 samples")
left.fill_between(fine, fine, steps, color=COLOURS[4], alpha=0.4, label=f"area = largest gap = {gap(sample):.3f}")
left.set(xlabel="input $x$", ylabel="distribution function", title="The gap of one sample")
left.legend(fontsize=8)
right.plot(sizes, gaps, ".", color=COLOURS[0], alpha=0.4)
right.plot(sizes, gaps.mean(axis=1), color=COLOURS[0], label="mean of 20 samples (dots)")
right.plot(
    sizes,
    gaps.mean(axis=1)[0] * np.sqrt(sizes[0] / np.array(sizes)),
    "--",
    color="black",
    label=r"slope of $1/\sqrt{p}$",
)
right.set(xscale="log", yscale="log", xlabel="size $p$ of the sample", ylabel="gap over all 1-Lipschitz $f$")
right.set_title("The gap tends to 0")
right.legend(fontsize=8)
plt.show()

# %% [markdown]
# ## Training losses
#
# Let $x$ be uniform on $[0, 1]$ and $y$ an independent fair coin. No function has an expected loss below $\log 2$,
# since $\log(1 + u) + \log(1 + 1/u) \ge \log 4$; and $f = 0$ attains it. For a sample the least loss over
# $\text{Lip}_L$ is a convex problem in the values at the sorted inputs, whose differences are bounded by $L$ times the
# gaps.


# %%
def least_loss(x: np.ndarray, y: np.ndarray, L: float) -> float:
    """The least mean BCE over L-Lipschitz functions: the first value and the differences are the unknowns."""
    x, y = x[np.argsort(x)], y[np.argsort(x)]
    room = L * np.diff(x)

    def loss(z: np.ndarray) -> tuple[float, np.ndarray]:
        margins = y * np.cumsum(z)
        slopes = -y * expit(-margins) / len(x)
        return np.logaddexp(0, -margins).mean(), np.cumsum(slopes[::-1])[::-1]

    bounds = [(-20, 20), *zip(-room, room, strict=True)]
    return minimize(loss, np.zeros(len(x)), jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 3000}).fun


sizes = [4, 8, 16, 32, 64, 128, 256, 512]
figure, axes = plt.subplots(figsize=(7.6, 4.4))
found = {}
for L, colour, marker in ((1, COLOURS[0], "o"), (4, COLOURS[1], "s"), (16, COLOURS[2], "^")):
    found[L] = np.array([[least_loss(rng.random(p), rng.choice([-1, 1], p), L) for _ in range(8)] for p in sizes])
    mean, low, high = found[L].mean(axis=1), found[L].min(axis=1), found[L].max(axis=1)
    axes.plot(sizes, mean, marker + "-", color=colour, label=f"least training loss over Lip$_L$, $L$ = {L}")
    axes.fill_between(sizes, low, high, color=colour, alpha=0.15)
axes.plot(sizes, 0 * np.array(sizes), "--", color=COLOURS[3], label="infimum over ReLU networks of any width: 0")
axes.axhline(np.log(2), color="black", linestyle=":", label="log 2: least expected loss of any function")
axes.set(xscale="log", xlabel="size $p$ of the sample", ylabel="mean loss", ylim=(-0.04, 0.75))
axes.set_title("Fair coins: mean (line) and range (band) over 8 samples")
axes.legend(fontsize=8, loc="center right", bbox_to_anchor=(1, 0.3))
plt.show()
print(
    "variance of the least training loss, L = 1, by p:",
    dict(zip(sizes, found[1].var(axis=1).round(6).tolist(), strict=True)),
)

# %%
record("bethune2021.proposition_5.infimum", "bethune2021.proposition_5.variance")

# %% [markdown]
# ## Unconstrained networks
#
# One hidden ReLU layer takes any values at the sample: $f + c\,\text{relu}(x - s)$ leaves $f$ as it is up to the knot
# $s$ and reaches any value at the next point. With values $M y_i$ the training loss is $\log(1 + e^{-M})$, as small as
# one likes, for every $p$, while the expected loss is never below $\log 2$. Here it is built, exactly, for eight
# points; the last unit keeps it level beyond the last one.

# %%
M, spots = 6, sorted(rng.choice(np.arange(1, 64), 8, replace=False).tolist())
x, y = [Fraction(v, 64) for v in spots], rng.choice([-1, 1], 8).tolist()
slopes = [M * (y[k + 1] - y[k]) / (x[k + 1] - x[k]) for k in range(7)] + [Fraction(0)]
bends = [b - a for a, b in zip([Fraction(0), *slopes], slopes, strict=False)]
network = Network(1, (Affine([[1]] * 8, [-v for v in x]), ReLU(), Affine([bends], [M * y[0]])))
assert all(evaluate(network, (a,))[0] == M * b for a, b in zip(x, y, strict=True))
print("values at the eight points:", [str(evaluate(network, (a,))[0]) for a in x])
print("output weights:", [str(c) for c in bends])
print("Lipschitz constant:", max(abs(piece.slopes[0]) for piece in pieces(network)))

# %%
t = np.linspace(0, 1, 513)
curve = np.array([float(evaluate(network, (Fraction(v),))[0]) for v in t])
tame = least_loss(np.array(x, dtype=float), np.array(y), 1)
figure, axes = plt.subplots(figsize=(7.6, 3.8))
axes.plot(t, curve, label=f"8 hidden units, values ±{M}: training loss {np.log1p(np.exp(-M)):.4f}")
axes.axhline(0, color="black", linestyle=":", label="$f$ = 0: expected loss log 2, the least")
for label, marker, colour in ((1, "^", COLOURS[2]), (-1, "v", COLOURS[1])):
    chosen = [float(a) for a, b in zip(x, y, strict=True) if b == label]
    axes.plot(
        chosen, [M * label] * len(chosen), marker, color=colour, markersize=9, label=f"sample with label {label:+d}"
    )
axes.set(xlabel="input $x$", ylabel="logit", ylim=(-7.5, 12), title="A network that fits coins")
axes.legend(fontsize=8, loc="upper right", ncols=2)
plt.show()
expected = ((np.logaddexp(0, curve) + np.logaddexp(0, -curve)) / 2).mean()
print(f"its expected loss, averaged over a grid: {expected:.3f}; the least training loss over Lip_1: {tame:.3f}")

# %%
record("bethune2021.proposition_5.unconstrained")

# %% [markdown]
# ## What fails as printed
#
# The word *minimum*. If the law has one class, say $y = +1$ always, a larger constant lowers every loss: both infima
# are 0, and neither is attained. With infima (5) holds for every law, on bounded sets and on all of $\mathbb R^n$; and
# where both classes occur, the infima are minima. The proof's bound $\|f\|_\infty \le 2 L\,\text{diam}\,\mathcal X$ on
# minimizers is wrong, but any bound will do.

# %%
record("bethune2021.proposition_5", "bethune2021.proposition_5.proof")

# %% [markdown]
# ## To play with
#
# A law with something to learn: the label is $+1$ with the probability $\sigma(6x - 3)$. The slope 6 is enough for the
# best possible function $6x - 3$. What happens to the least training loss for smaller and larger $L$, as $p$ grows?

# %%
z = 6 * fine - 3
entropy = np.trapezoid(np.logaddexp(0, -z) * expit(z) + np.logaddexp(0, z) * expit(-z), fine)
print(f"least expected loss of any function: {entropy:.4f}")
for L in (2, 6, 18):
    row = []
    for p in (16, 64, 256):
        inputs = rng.random(p)
        row.append(round(float(least_loss(inputs, np.where(rng.random(p) < expit(6 * inputs - 3), 1, -1), L)), 3))
    print(f"L = {L}: least training loss for p = 16, 64, 256:", row)
