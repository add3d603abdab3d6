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
# # Auditing a trained network of another library
#
# A library promises networks that are 1-Lipschitz in the 2-norm. Is the network that comes out of training 1-Lipschitz,
# how much of the allowance does it use, and what do its certificates say? `lipcheck.audit` answers for the *stored*
# weights, read as exact real numbers: upper bounds with a proof, lower bounds by two inputs that anyone can evaluate.
#
# The layers come from [deel-torchlip](https://github.com/deel-ai/deel-torchlip) where it is installed (`pip install
# deel-torchlip`), else from torch's own orthogonal parametrization and lipcheck's MaxMin. The data are the digits of
# scikit-learn: 8 × 8 pixels, with a brightness between 0 and 1.

# %%
from copy import deepcopy
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.func import jacrev
from torch.nn.utils import parametrize

from lipcheck.audit import audit
from lipcheck.audit.words import sections, shown
from lipcheck.nn import MaxMin, MulticlassHinge
from lipcheck.nn.reading import check_state
from lipcheck.notebook import COLOURS, style

style()
try:
    from deel import torchlip

    chain, sort, linear = torchlip.Sequential, torchlip.GroupSort2, torchlip.SpectralLinear
    print("layers of deel-torchlip")
except ImportError:
    from torch.nn.utils.parametrizations import orthogonal

    chain, sort = nn.Sequential, MaxMin

    def linear(inputs: int, outputs: int) -> nn.Module:
        return orthogonal(nn.Linear(inputs, outputs))

    print("layers of torch; deel-torchlip is not installed")

# %% [markdown]
# ## Two networks
#
# Both sort pairs after each linear layer. The *straight* one never widens: 64 inputs, six times 56 units, 10 logits.
# The *wide* one first rises to 256 units. The loss is a hinge: the right logit has to lead by 1/2.

# %%
images, labels = load_digits(return_X_y=True)
images = images / 16
x, y = torch.tensor(images, dtype=torch.float32), torch.tensor(labels)
train, test = slice(0, 1500), slice(1500, 1620)


def trained(widths: list[int]) -> nn.Module:
    torch.manual_seed(0)
    layers = [part for a, b in pairwise(widths) for part in (linear(a, b), sort())]
    network, loss = chain(*layers[:-1]), MulticlassHinge(margin=0.5)
    optimizer = torch.optim.Adam(network.parameters(), lr=5e-3)
    for _ in range(100):
        batch = torch.randint(train.stop, (128,))
        optimizer.zero_grad()
        loss(network(x[batch]), y[batch]).backward()
        optimizer.step()
    return network.eval()


networks = {"straight": trained([64, *[56] * 6, 10]), "wide": trained([64, 256, 128, 10])}
for name, network in networks.items():
    right = (network(x[1500:]).argmax(1) == y[1500:]).float().mean()
    print(f"{name}: {right:.1%} of the {len(y) - 1500} test images right")

# %% [markdown]
# ## The audit
#
# One call: the claimed constant, the norm, the shape of an input, and 120 test images with their labels for gradients
# and certificates. `budget` is in seconds of work; with more of it the bounds come closer together.

# %%
question = {"norm": 2, "claim": 1, "input_shape": (64,), "data": images[test], "labels": labels[test], "head": "argmax"}
found = {
    "straight": audit(networks["straight"], budget=6, state=False, **question),
    "wide": audit(networks["wide"], budget=4, state=False, **question),
}
for name, answer in found.items():
    print(f"--- {name}")
    for heading, text in sections(answer):
        if heading in ("verdict", "at most", "also at most", "at least", "rounding scale", "gradient norm"):
            print(f"{heading}: {text}")

# %% [markdown]
# A product of the layers' norms bounds every network from above. The semidefinite bound looks at the sorted pairs of
# all layers together and can be lower than the product. A pair of inputs bounds the constant from below. So the
# constant lies between the last bar of each panel and the lowest of the others.

# %%
figure, panels = plt.subplots(2, 1, figsize=(8.0, 4.6))
for (name, answer), axes in zip(found.items(), panels, strict=True):
    bars = [(bound.method.split(",")[0], bound.value, COLOURS[0]) for bound in reversed(answer.bounds)]
    bars += [("steepest pair found", answer.lower.lower, COLOURS[1])]
    unit, word = (1_000_000, " (millionths)") if name == "straight" else (1, "")
    for row, (_, value, colour) in enumerate(bars):
        length = float((value - 1) * unit)
        axes.barh(row, length, color=colour, height=0.6)
        axes.annotate(
            shown(value, up=colour == COLOURS[0], digits=9),
            (max(length, 0), row),
            (4, 0),
            textcoords="offset points",
            va="center",
        )
    axes.axvline(0, color="black", linewidth=1)
    axes.set_yticks(range(len(bars)), [label for label, _, _ in bars])
    axes.invert_yaxis()
    axes.margins(x=0.25)
    axes.set(xlabel="bound − 1" + word, title=f"{name}: proved bounds on the constant")
plt.show()

# %% [markdown]
# The claim is about 1 exactly, and the verdicts above say what becomes of it. In a network that never widens,
# nothing is lost of a gradient, and so the rounding of its matrices to 24 bits shows: where their
# norms came out a little above one, the network is a little steeper than one, and two inputs prove it. The *rounding
# scale* is what rounding the entries of the weights can add; *computing* orthonormal weights in float32 can add more.
# With `rounding=True` the audit asks about 1 + that scale instead. A network that loses some norm on the way has room
# for such errors.
#
# ## The steepest pair
#
# Two inputs with the steepest change of the logits between them that was found. They need not look like digits: the
# claim is about all inputs.

# %%
pair = found["straight"].lower
first, second = (np.array(point).reshape(8, 8) for point in (pair.x, pair.y))
figure, panels = plt.subplots(1, 3, figsize=(9.6, 3.2))
for axes, image, title in zip(
    panels, (first, second, second - first), ("one input", "the other", "their difference"), strict=True
):
    drawn = axes.imshow(image)
    figure.colorbar(drawn, ax=axes, shrink=0.8, label="brightness")
    axes.set(xticks=[], yticks=[], xlabel="8 × 8 pixels", title=title)
    axes.grid(False)
figure.suptitle(f"Straight network, the steepest pair: at distance {np.linalg.norm(second - first):.3g}")
plt.show()
print("proved: slope at least", f"{float(pair.lower):.9f}")

# %% [markdown]
# ## Gradients
#
# All ten singular values of the Jacobian at 120 test images. Orthonormal rows and sorting keep all of them at one, as
# long as no layer has more outputs than inputs. Where a layer widens, its columns are orthonormal instead: nothing is
# lost of an input's difference, but something of a gradient on its way back.


# %%
def singular_values(network: nn.Module) -> np.ndarray:
    jacobians = jacrev(lambda batch: network(batch).sum(0))(x[test]).movedim(1, 0)
    return torch.linalg.svdvals(jacobians).detach().numpy().ravel()


values = {name: singular_values(network) for name, network in networks.items()}
figure, axes = plt.subplots(figsize=(7.2, 3.6))
edges = np.linspace(0.31, 1.03, 37)
for (name, sizes), colour, hatch in zip(values.items(), COLOURS, ("", "//"), strict=False):
    axes.hist(
        sizes, edges, color=colour, alpha=0.75, hatch=hatch, label=f"{name}: {sizes.min():.4f} to {sizes.max():.4f}"
    )
axes.set(xlabel="singular value of the Jacobian", ylabel="number (1200 for each network)", yscale="log")
axes.set_title("Gradient norm: kept by the straight network, lost by the wide one")
axes.legend(loc="upper left")
plt.show()

# %% [markdown]
# ## Certificates
#
# If logit $i$ leads by the margin $m$, no change of the image below $m / (\sqrt2 K)$ in the 2-norm lets another logit
# pass it, for a network of constant $K$; for two logits whose weights in the last layer are known, their own distance
# replaces $\sqrt2$. The audit encloses the margins, rounds the radii down, and attacks the images at their radii.

# %%
figure, axes = plt.subplots(figsize=(7.2, 3.6))
for (name, answer), colour, dash in zip(found.items(), COLOURS, ("-", "--"), strict=False):
    certificates = answer.certificates
    radius, share = np.array(certificates["curve"]).T
    axes.step(radius, 100 * share, where="post", color=colour, linestyle=dash, label=name)
    print(
        f"{name}: {certificates['attacked']} of {certificates['examples']} attacked, {certificates['flipped']} flipped"
    )
axes.set(xlabel="radius (2-norm of the change of brightness)", ylabel="right and certified (%)", ylim=(0, 105))
axes.set_title(f"Certified accuracy on {found['wide'].certificates['examples']} test images")
axes.legend()
plt.show()

# %% [markdown]
# ## State
#
# The function of a module can depend on more than its weights: on the mode, on caches, on the number format. Each check
# makes one change and looks whether the function is still the same. (`audit` does so by itself and bounds what changed,
# unless it is told `state=False`, as above to save time.)

# %%
for check in check_state(networks["straight"], (64,)):
    outcome = {None: "not known", True: "CHANGES", False: "no change"}[check.changed]
    print(f"{check.name}: {outcome} ({(check.problem or check.detail).split(';')[0]})")

# %% [markdown]
# The weights of the same network, made plain numbers and cast to bfloat16, which keeps 8 bits of each: the rounding is
# now large enough to be seen.

# %%
short = deepcopy(networks["straight"])
for layer in list(short.modules()):
    if parametrize.is_parametrized(layer):
        parametrize.remove_parametrizations(layer, "weight")
short = short.to(torch.bfloat16)
plain = {"norm": 2, "claim": 1, "input_shape": (64,), "state": False}
answers = {"float32, as trained": found["straight"], "bfloat16": audit(short, budget=1, **plain)}
figure, axes = plt.subplots(figsize=(8.2, 2.6))
for row, (name, answer) in enumerate(answers.items()):
    low, high = answer.lower.lower, answer.upper.value
    ends = [max(float(end - 1), 1e-8) for end in (low, high)]
    axes.plot(ends, [row, row], "o-", color=COLOURS[0], linewidth=3)
    axes.annotate(answer.verdict.outcome, (ends[0], row), (0, 8), textcoords="offset points")
    print(f"{name}: between 1 {float(low - 1):+.2e} and 1 {float(high - 1):+.2e}")
scale = float(found["straight"].rounding_scale)
axes.axvline(scale, color=COLOURS[1], linestyle="--", label="rounding scale of float32")
axes.set_yticks(range(len(answers)), list(answers))
axes.set(xscale="log", xlim=(5e-9, 1), ylim=(len(answers) - 0.5, -0.7), xlabel="constant − 1 (10⁻⁸ stands for less)")
axes.set_title("Straight network: proved interval of the constant, and the verdict on 1")
axes.legend(loc="lower right")
plt.show()

# %% [markdown]
# What holds: every certificate above, since it is computed from the proved bound and not from the claimed 1. What
# rounding to float32 adds is far below anything that the data can show, but it decides whether "1-Lipschitz" is true of
# a network that loses nothing. Casts to shorter numbers add more, and where a check says that training mode or one step
# of an optimizer changes the weights, the audit is one of the network that was saved, and of no other.
#
# From a terminal: `lipcheck audit module.py:network --claim 1 --input-shape 64 --data X.npy --labels y.npy --head
# argmax`; files of torch and ONNX are read as well.
#
# ## To play with
#
# Is each network 1-Lipschitz up to what rounding its weights can add? (`audit(..., rounding=True)` asks so.) Then train
# longer, give it more layers, or claim that it is 1-Lipschitz in another norm: `norm="inf"`.

# %%
for name, answer in found.items():
    allowed = 1 + answer.rounding_scale
    print(f"{name}: proved to be at most 1 + its rounding scale: {answer.upper.value <= allowed}")
