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
# # Theorem 2: orthonormal weights without loss
#
# Anil, Lucas, Grosse, *Sorting out Lipschitz function approximation*, Section 4.
#
# > Consider a network $f: \mathbb{R}^n \to \mathbb{R}$ built with matrix 2-norm constrained weights and with
# > $\|\nabla f(x)\|_2 = 1$ almost everywhere. Without changing the computed function, each weight matrix
# > $W \in \mathbb{R}^{m \times k}$ can be replaced with a matrix $\tilde W$ whose singular values all equal 1.
#
# The idea: if no gradient norm is lost at the output, none may be lost on the way, so the singular values of each
# matrix that are smaller than one do no work and could as well be one.
#
# They do work. They can *hide* a unit.

# %%
import matplotlib.pyplot as plt
import numpy as np

from lipcheck.build.dilation import dilate
from lipcheck.network import Abs, Affine, Network
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.rational import evaluate, jacobian

style()

# %% [markdown]
# ## The counterexample
#
# Two inputs, two absolute values, one output:
#
# $$ f(x) = \tfrac35 \left|\tfrac35 x_1\right| + \tfrac45 \left|\tfrac45 x_1\right| = |x_1| . $$
#
# $W_1$ has the singular values 1 and 0. Its zero hides $x_2$.

# %%
f = Network(2, (Affine.linear([["3/5", 0], ["4/5", 0]]), Abs(), Affine.linear([["3/5", "4/5"]])))
print("f(-7, 5) =", evaluate(f, (-7, 5))[0])
print("gradient there:", [str(g) for g in jacobian(f, (-7, 5))[0]])

# %% [markdown]
# Replace $W_1$ by any matrix with both singular values one, that is, by a rotation or a reflection: $x_2$ comes into
# view. The picture shows $f$ and the functions for three rotations, along the line $x_1 = 0$, where $f$ is zero.

# %%
t = np.linspace(-1, 1, 401)
last = np.array([0.6, 0.8])
figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.4))
left.plot(t, 0 * t, color=COLOURS[6], label="$f$")
for angle, colour in zip((10, 37, 90), COLOURS, strict=False):
    a = np.deg2rad(angle)
    rotation = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    left.plot(t, last @ np.abs(rotation @ np.stack([0 * t, t])), color=colour, label=f"$W_1$ rotates by {angle}°")
left.set(xlabel="$x_2$, at $x_1 = 0$", ylabel="value", title="Orthogonal $W_1$: the value depends on $x_2$")
left.legend()
angles = np.deg2rad(np.linspace(0, 360, 721))
miss = 0.6 * np.abs(np.sin(angles)) + 0.8 * np.abs(np.cos(angles))
right.plot(np.rad2deg(angles), miss)
right.axhline(0.6, color=COLOURS[1], linestyle="--", label="3/5")
right.set(xlabel="angle of the rotation (degrees)", ylabel="change along $x_2$", ylim=(0, 1.1))
right.set_title("No rotation hides $x_2$")
right.legend()
plt.show()

# %% [markdown]
# The change along $x_2$ is $\frac35 |\sin a| + \frac45 |\cos a|$ for every orthogonal matrix, at least $\frac35$. So
# the theorem is false as printed. The record holds the exact counterexample, and what was checked:

# %%
record("anil2019.theorem_2")

# %% [markdown]
# ## What is true
#
# Width helps. For elementwise activations and GroupSort with groups of fixed size, a network with spectral norms of at
# most one equals, exactly, a *wider* one with orthonormal columns: stack $W$ with a factor $B$, $B'B = I - W'W$, put
# the added units into sort groups of their own, and never read them. The library builds it, in rational numbers.

# %%
wide = dilate(f)
for number, layer in enumerate(wide.layers):
    if isinstance(layer, Affine):
        weight = np.array(layer.weight, dtype=float)
        print(
            f"layer {number}: {weight.shape[0]} x {weight.shape[1]}, singular values",
            np.linalg.svd(weight)[1].round(12),
        )
print("the same value:", evaluate(wide, (-7, 5))[0])

# %%
record("anil2019.theorem_2.dilation")

# %% [markdown]
# ## To play with
#
# Change the entries of $W_1$ (keep its norm at most one) and see how many units the dilation adds: as many as $I - W'W$
# has rank, summed over the squares that rational numbers need.

# %%
g = Network(2, (Affine.linear([["3/5", "0"], ["0", "1/2"]]), Abs(), Affine.linear([["3/5", "4/5"]])))
print([len(layer.weight) for layer in dilate(g).layers if isinstance(layer, Affine)])
