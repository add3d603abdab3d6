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
# # Proposition 3: a vanishing cross entropy makes the Lipschitz constant diverge
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 4 and
# Appendix B.
#
# > **Proposition 3** (Saturated Neural Networks have high Lipschitz constant). Let $f_t$ be a sequence of neural
# > networks, that minimizes the BCE over a non trivial (with more than one class) training set of size $p$, i.e:
# > $\lim_{t \to \infty} \frac1p \sum_{i=1}^p \mathcal L(f_t(x_i), y_i) = 0$ (3). Let $L_t$ the Lipschitz constant of
# > $f_t$. Then $\lim_{t \to \infty} L_t = +\infty$.
#
# The BCE of a logit is $\mathcal L(f(x), y) = -\log \sigma(y f(x)) = \log(1 + e^{-m})$, with the *margin*
# $m = y f(x)$.
#
# The idea: a small loss needs a large logit at one class and a small one at the other. If two points of opposite labels
# are at the distance $d$, their margins add up to a difference of logits, so
# $$ m_1 + m_2 = f(x_1) - f(x_2) \le L\,d . $$
# The loss is convex in the margin, so two losses with a given sum of margins are least where the margins are equal:
# $$ \log(1 + e^{-m_1}) + \log(1 + e^{-m_2}) \ge 2 \log\left(1 + e^{-L d/2}\right) . $$
# The other points only add to it. So a mean loss $e$ over $p$ points needs
# $$ L \ge \frac2d \log \frac{1}{e^{p e/2} - 1} , $$
# which tends to infinity as $e \to 0$. That $f$ is a network is never used.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch

from lipcheck.nn import from_module
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.line import pieces

style()

# %% [markdown]
# ## An unconstrained network, trained
#
# Four points on the line, with alternating labels; two of opposite labels are at the distance $d = 1$. A ReLU network
# with 16 hidden units is trained by Adam. Now and then it is read as rational numbers and cut into its affine pieces:
# its steepest slope is its Lipschitz constant, exactly.

# %%
torch.manual_seed(0)
x, y, d = torch.tensor([[-2.0], [-1], [1], [2]]), torch.tensor([[1.0], [-1], [1], [-1]]), 1
network = torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
shown = sorted({int(s) for s in np.logspace(0, np.log10(4000), 40)})
losses, constants, curves, t = [], [], {}, np.linspace(-3, 3, 301)
for step in range(1, shown[-1] + 1):
    loss = torch.nn.functional.softplus(-y * network(x)).mean()
    if step in shown:
        losses.append(loss.item())
        constants.append(float(max(abs(piece.slopes[0]) for piece in pieces(from_module(network)))))
        curves[step] = network(torch.tensor(t[:, None], dtype=torch.float32)).detach().numpy()[:, 0]
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
losses, constants = np.array(losses), np.array(constants)
print(f"after {shown[-1]} steps: mean loss {losses[-1]:.2e}, Lipschitz constant {constants[-1]:.2f}")

# %%
bound = 2 / d * np.log(1 / np.expm1(len(x) * losses / 2), where=losses < np.log(2) / 2, out=np.zeros_like(losses))
assert (constants >= bound - 1e-4).all()
figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.9))
for colour, step in zip(COLOURS, [s for s in shown if s >= 30][::6], strict=False):
    left.plot(t, curves[step], color=colour, label=f"step {step}")
for label, marker in ((1, "^"), (-1, "v")):
    where = x[y == label].numpy()
    left.plot(where, 0 * where, marker, color="black", label=f"label {label:+d}", linestyle="none")
left.set(xlabel="input $x$", ylabel="logit $f_t(x)$", title="The network grows steeper and steeper")
left.legend(fontsize=8, loc="lower left", ncols=2)
e = np.logspace(np.log10(losses[-1]), np.log10(0.34), 200)
curve = 2 / d * np.log(1 / np.expm1(len(x) * e / 2))
right.fill_between(e, 0, curve.clip(0), color=COLOURS[4], alpha=0.35, label="impossible: below the bound")
right.plot(e, curve.clip(0), color=COLOURS[1], label=r"bound $(2/d)\,\log\,(1\,/\,(e^{p e/2} - 1))$")
right.plot(losses, constants, "o-", color=COLOURS[0], markersize=4, label="the network during training")
right.set(xscale="log", xlabel="mean loss $e$ (falls to the right)", ylabel="Lipschitz constant")
right.set_title("Loss and Lipschitz constant")
right.invert_xaxis()
right.legend(fontsize=8, loc="upper left")
plt.show()

# %% [markdown]
# The right picture has the loss on a logarithmic axis: each time the loss falls by a factor of ten, the bound grows by
# about $\frac2d \log 10$. For two points and an affine $f$ that is zero halfway, both margins are $Ld/2$, and the bound
# is an equality: no better one exists.

# %%
record("bethune2021.proposition_3", "bethune2021.proposition_3.rate")

# %% [markdown]
# ## A slip in the printed proof
#
# The proof bounds *two* losses by the *mean* of all. With $p = 2$ equal losses of 1 the mean is 1 and the sum is 2. It
# has no consequence: $p$ times the mean tends to zero as well.

# %%
record("bethune2021.proposition_3.proof")

# %% [markdown]
# ## What is not true in general
#
# The sentence before the proposition says that minimizing the BCE without constraint *always* saturates the logits. It
# does so where a vanishing loss is in reach. An input whose labels are $+1$ with the share $s$ has the loss
# $s \log(1 + e^{-f}) + (1 - s) \log(1 + e^f)$, with the derivative $\sigma(f) - s$: for $0 < s < 1$ it is least at the
# *finite* logit $\log \frac{s}{1 - s}$.

# %%
f = np.linspace(-4, 8, 400)
figure, axes = plt.subplots()
for s, colour, line in ((1, COLOURS[0], "-"), (0.75, COLOURS[1], "--"), (0.5, COLOURS[2], "-.")):
    axes.plot(f, s * np.log1p(np.exp(-f)) + (1 - s) * np.log1p(np.exp(f)), line, color=colour, label=f"share $s$ = {s}")
    if s < 1:
        best = np.log(s / (1 - s))
        least = s * np.log1p(np.exp(-best)) + (1 - s) * np.log1p(np.exp(best))
        axes.plot(best, least, "o", color=colour, label=f"least at $f$ = {best:.2f}")
axes.set(xlabel="logit $f$ at the input", ylabel="mean loss at the input", ylim=(0, 4))
axes.set_title("One input with three shares of labels +1: no minimizer for $s = 1$")
axes.legend()
plt.show()

# %%
record("bethune2021.proposition_3.saturation")

# %% [markdown]
# ## To play with
#
# Which Lipschitz constant does a mean loss need? Change the number of points, the distance of the two nearest points
# with opposite labels, and the loss that training reaches.

# %%
points, distance = 10_000, 0.5
for wanted in (1e-4, 1e-5, 1e-6, 1e-8):
    print(f"loss {wanted:.0e}: L >= {max(0.0, 2 / distance * np.log(1 / np.expm1(points * wanted / 2))):.2f}")
