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
# # Example 2: an infimum that is no minimum
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 4, with
# Figure 2a.
#
# > **Example 2** (Illustration on linear classifier). Consider binary classification task on $\mathbb{R}^n$, with, for
# > simplicity, classes that are linearly separable. We use an affine model $f(x) = Wx + b$ for the logits [...].
# > Since the classes are linearly separable it exists $\bar W, \bar b$ such that $f$ achieves 100% accuracy. However
# > [...] the cross entropy loss will not be null. The loss can be minimized only with the diverging sequence of
# > parameters $(\lambda \bar W, \lambda \bar b)$ as $\lambda \to \infty$. Turn out the infimum is not a minimum !
#
# The idea: each loss $\log(1 + e^{-m})$ is positive at every margin $m = y f(x)$, so the mean is never zero. If all
# margins of $(\bar W, \bar b)$ are positive, those of $(\lambda \bar W, \lambda \bar b)$ are $\lambda$ times as large,
# and the loss tends to zero along this ray. So zero is the infimum, and nothing attains it.
#
# Figure 2a has the two inputs $-1$ and $1$ with the labels $-1$ and $1$. The two margins are $a = W + b$ and
# $c = W - b$, and
# $$ E(W, b) = \tfrac12 \log\left(1 + e^{-(W + b)}\right) + \tfrac12 \log\left(1 + e^{-(W - b)}\right) . $$

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.colors import LogNorm

from lipcheck.claims.bethune2021 import _bce
from lipcheck.claims.bethune2021.example_2.float32 import gradient_norm
from lipcheck.notebook import COLOURS, record, style

style()

# %% [markdown]
# ## The landscape
#
# Newton's method and gradient descent (step size 1), both by automatic differentiation, from $(W, b) = (0, 3/2)$.

# %%
inputs, labels = torch.tensor([-1.0, 1], dtype=torch.float64), torch.tensor([-1.0, 1], dtype=torch.float64)


def loss(parameters: torch.Tensor) -> torch.Tensor:
    """The mean BCE of W x + b."""
    return torch.nn.functional.softplus(-labels * (parameters[0] * inputs + parameters[1])).mean()


gradient, hessian = torch.func.grad(loss), torch.func.hessian(loss)
start = torch.tensor([0, 1.5], dtype=torch.float64)
newton, descent = [start], [start]
for _ in range(6):
    newton.append(newton[-1] - torch.linalg.solve(hessian(newton[-1]), gradient(newton[-1])))
for _ in range(60):
    descent.append(descent[-1] - gradient(descent[-1]))
newton, descent = torch.stack(newton).numpy(), torch.stack(descent).numpy()
a = newton.sum(axis=1)
print("Newton maps a to a + 1 + exp(-a), up to", f"{abs(a[1:] - (a[:-1] + 1 + np.exp(-a[:-1]))).max():.0e}")

# %%
W, b = np.meshgrid(np.linspace(-1, 9, 201), np.linspace(-3, 3, 121))
surface = (np.log1p(np.exp(-W - b)) + np.log1p(np.exp(b - W))) / 2
figure, axes = plt.subplots(figsize=(8.6, 4.2))
image = axes.contourf(W, b, surface, levels=np.logspace(-4, 0.4, 23), norm=LogNorm())
figure.colorbar(image, ax=axes, label="mean loss (logarithmic)", ticks=[1e-4, 1e-3, 1e-2, 1e-1, 1])
axes.plot([0, 9], [0, 0], "--", color="white", label=r"the ray $(\lambda, 0)$")
axes.plot([0, 9], [1, 1], ":", color="white", linewidth=2, label=r"$(\lambda, 1)$: on no ray, and the loss tends to 0")
axes.plot(*newton.T, "o-", color=COLOURS[1], label="Newton, 6 steps")
axes.plot(*descent.T, ".-", color=COLOURS[5], label="gradient descent, 60 steps")
axes.set(
    xlim=(-1, 9), ylim=(-3, 3), xlabel="weight $W$", ylabel="bias $b$", title="The loss falls for ever to the right"
)
legend = axes.legend(fontsize=8, loc="lower right", frameon=True, facecolor="0.35")
plt.setp(legend.get_texts(), color="white")
plt.show()

# %%
record("bethune2021.example_2", "bethune2021.example_2.only")

# %% [markdown]
# "Only" is too much: the dotted sequence $(\lambda, 1)$ minimizes as well. What must diverge is $\|W\|$.
#
# ## 100 % accuracy is not quite enough
#
# Take the inputs $-1$ (label $-1$) and $0$ (label $+1$), and count $f(0) = 0$ as right. Then $(1, 0)$ has accuracy
# 100 %, but the loss at 0 stays $\log 2$ along its ray. All margins must be positive, as those of $(2, 1)$ are.

# %%
scale = np.linspace(0, 8, 200)
figure, axes = plt.subplots()
axes.plot(
    scale, (np.log1p(np.exp(-scale)) + np.log(2)) / 2, color=COLOURS[1], label=r"along $\lambda (1, 0)$: a margin is 0"
)
axes.plot(scale, np.log1p(np.exp(-scale)), "--", label=r"along $\lambda (2, 1)$: both margins are $\lambda$")
axes.axhline(np.log(2) / 2, color="black", linestyle=":", label=r"$\frac{1}{2} \log 2$")
axes.set(xlabel=r"factor $\lambda$", ylabel="mean loss", ylim=(0, None), title="Two classifiers with accuracy 100 %")
axes.legend()
plt.show()

# %%
record("bethune2021.example_2.ray")

# %% [markdown]
# ## How fast the weights diverge
#
# From $W = b = 0$ both margins are $W$. **Newton** adds $1 + e^{-W}$ in each step: $W_t > t$. **Gradient descent** with
# the step size $\eta \le 1$ adds $\eta / (1 + e^W)$, so that
# $$ \log(1 + \tfrac12 \eta t) \le W_t \le \log(1 + \eta t) . $$
# Its curve flattens, and yet it has no limit. In binary32 a gradient below $2^{-150}$ is rounded to zero: the norm of
# Newton's gradient, $\sigma(-W_t)$, is there after about a hundred steps (computed below in certified balls); that of
# gradient descent would need about $2^{150}$ steps.

# %%
steps = 10_000
w = np.zeros((2, steps + 1))
for k in range(steps):
    w[0, k + 1] = w[0, k] + 1 + np.exp(-w[0, k])
    w[1, k + 1] = w[1, k] + 1 / (1 + np.exp(w[1, k]))
time = np.arange(1, steps + 1)
figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.9))
left.plot(time[:120], w[0, 1:121], color=COLOURS[1], label="Newton: faster than $t$")
left.fill_between(
    time, np.log1p(time / 2), np.log1p(time), color=COLOURS[5], alpha=0.4, label="the two bounds, $\\eta$ = 1"
)
left.plot(time, w[1, 1:], "--", color=COLOURS[0], label="gradient descent, $\\eta$ = 1")
left.set(xscale="log", xlabel="steps $t$", ylabel="weight $W_t$", ylim=(0, 25), title="The weights diverge")
left.legend(fontsize=8, loc="upper right")
for k, colour, line, name in ((0, COLOURS[1], "-", "Newton"), (1, COLOURS[0], "--", "gradient descent")):
    right.plot(time[:120], -np.logaddexp(0, w[k, 1:121]) / np.log(2), line, color=colour, label=name)
right.axhline(-150, color="black", linestyle=":", label="below: rounded to 0 in binary32")
right.set(xlabel="steps $t$", ylabel="$\\log_2$ of the norm of the gradient", title="Norm of the gradient")
right.legend(fontsize=8, loc="center left")
plt.show()
for count in (102, 103):
    norm = _bce.positive("norm", "the norm of the gradient", lambda exactly, n=count: gradient_norm(n, exactly))
    low, high = norm.enclose(256)
    side = "above" if low > 2.0**-150 else "below" if high < 2.0**-150 else "not decided against"
    print(f"after {count} Newton steps the norm of the gradient is {side} 2^-150")

# %%
record("bethune2021.example_2.newton", "bethune2021.example_2.gradient_descent")

# %% [markdown]
# ## To play with
#
# A penalty $\mu W^2$ makes the infimum a minimum. Where is it, and how does its loss depend on $\mu$?

# %%
grid = np.linspace(0, 30, 300_001)
for mu in (1e-1, 1e-2, 1e-4, 1e-6):
    penalized = np.log1p(np.exp(-grid)) + mu * grid**2
    best = grid[penalized.argmin()]
    print(f"mu = {mu:.0e}: W = {best:.3f}, mean loss {np.log1p(np.exp(-best)):.6f}")
