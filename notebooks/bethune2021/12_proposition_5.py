# ---
# jupyter:
#   jupytext:
#     text_representation:
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
# The idea: for one fixed $f$ this is the law of large numbers. The training picks $f$ *after* it has seen the sample, so
# the law must hold for all $f$ at once. Bounded $L$-Lipschitz functions on a bounded set have finite nets: finitely many
# of them come within $\varepsilon$ of all. Such a class is called a *Glivenko-Cantelli class*, and there
# $\sup_f |\mathcal E_p(f) - \mathcal E_\infty(f)| \to 0$.

# %%
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
# Let $x$ be uniform on $[0, 1]$ and $y$ an independent fair coin. No function has an expected loss below $\log 2$, since
# $\log(1 + u) + \log(1 + 1/u) \ge \log 4$; and $f = 0$ attains it. For a sample the least loss over $\text{Lip}_L$ is a
# convex problem in the values at the sorted inputs, whose differences are bounded by $L$ times the gaps.


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
# one likes, for every $p$, while the expected loss is never below $\log 2$. Here it is built, exactly, for eight points.

# %%
x = sorted(int(v) for v in rng.choice(64, 8, replace=False))
y = [int(v) for v in rng.choice([-1, 1], 8)]
M, weights, running = 6, [], 0
for k in range(7):
    weights.append(Affine([[1]], [0]) and (M * (y[k + 1] - y[k]), x[k + 1] - x[k]))
slopes = [f"{a}/{b}" for a, b in weights]
hidden = Affine([[1]] * 7 + [[-1]], [-v for v in x[:7]] + [x[0]])
