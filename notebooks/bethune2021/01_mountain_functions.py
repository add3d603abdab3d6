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
# # Definitions 1, 3 and 4: highest mountain functions
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 3.1 and
# Appendix A.
#
# > **Definition 1** (Highest Mountain Function). Let $\partial$ the maximum margin frontier: the set of points
# > equidistant to $c^{-1}(\{-1\})$ and $c^{-1}(\{+1\})$. We define the binary Highest Mountain Function (HMF) as
# > $f(x) = c(x)\,d(x, \partial)$ on $\mathcal X$, which implicitly depends of $c$.
#
# > **Definition 3.** Let $c : \mathcal X \to \{-1, +1\}$ be any classifier with closed pre-images. Let
# > $\bar A = \{x \in \mathbb R^n \mid c(x) = +1\}$ and $\bar B = \{x \in \mathbb R^n \mid c(x) = -1\} = \mathcal X
# > \setminus \bar A$. Let $d(x, y) = \|x - y\|$ and $d(x, S) = \min_{y \in S} d(x, y)$ the distance to a closed set
# > $S$. Let $\partial = \{x \in \mathbb R^n \mid d(x, \bar A) = d(x, \bar B)\}$. We define
# > $f : \mathbb R^n \to \mathbb R$ as follow: $f(x) = d(x, \partial)$ if $d(x, \bar B) \ge d(x, \bar A)$,
# > $-d(x, \partial)$ if $d(x, \bar B) < d(x, \bar A)$.
#
# > **Definition 4.** Let $c : \mathcal X \to \{1, 2, \ldots, K\}$ be any classifier with closed pre-images. Let
# > $\bar A_k = c^{-1}(\{k\})$. Let $\partial = \{x \in \mathbb R^n \mid \exists k \ne l,\ d(x, \bar A_k) =
# > d(x, \bar A_l) = \arg\min_m d(x, \bar A_m)\}$. We define $f : \mathbb R^n \to \mathbb R^K$ as follow:
# > $f_k(x) = d(x, \partial)$ if $d(x, \bar A_k) < d(x, \bar A_l)$ for all $l \ne k$, $0$ otherwise.
#
# The idea: a height of zero on the frontier, and away from it the steepest climb that a 1-Lipschitz function may make.
# One class becomes land, the other one sea. Definition 1 is definition 3 restricted to the labelled points.

# %%
import matplotlib.pyplot as plt
import numpy as np

from lipcheck.build.mountain import LineMountain, PlaneMountain
from lipcheck.network import Affine
from lipcheck.notebook import COLOURS, record, style

style()

# %% [markdown]
# ## On the line
#
# Two finite classes tie half-way between neighbours of different classes. Between two ties $f$ is a tent,
# $\min(x - \text{left}, \text{right} - x)$, and so $f$ is a maximum of minima of pieces with slopes 1 and -1: a MaxMin
# network, equal to $f$ on the whole line.

# %%
A, B = (0, 6, 7), (2, 10)
hmf = LineMountain((A, B))
network = hmf.network()
first = network.layers[0]
assert isinstance(first, Affine)
print("ties:", [str(m) for m in hmf.frontier], "  slopes:", hmf.slopes)
print("layers:", [type(layer).__name__ for layer in network.layers])
print("first layer, (weight, bias):", [(str(w), str(b)) for (w,), b in zip(first.weight, first.bias, strict=True)])

# %%
x = np.linspace(-3, 13, 641)
f = np.array([hmf((t,)) for t in x])
to_a, to_b = (np.abs(x[:, None] - np.array(s)).min(axis=1) for s in (A, B))
figure, axes = plt.subplots(figsize=(8.4, 3.6))
axes.axhline(0, color="0.6", linewidth=0.8)
axes.plot(x, f, label="$f$, the highest mountain function")
axes.plot(x, (to_b - to_a) / 2, color=COLOURS[1], linestyle="--", label=r"$\frac{1}{2}(d(x, B) - d(x, A))$")
axes.plot(A, np.zeros(len(A)), "^", color=COLOURS[2], markersize=9, label="class +1 (A)")
axes.plot(B, np.zeros(len(B)), "v", color=COLOURS[4], markersize=9, label="class -1 (B)")
axes.plot([float(m) for m in hmf.frontier], np.zeros(len(hmf.frontier)), "o", color="black", mfc="white", label="ties")
axes.set(xlabel="$x$", ylabel="value", title="Steepest ascent from the ties, on both sides", ylim=(-4.5, 5.2))
axes.legend(ncol=2, loc="upper center")
plt.show()

# %% [markdown]
# *Highest* means: a 1-Lipschitz $g$ that is zero on $\partial$ has $|g(x)| \le d(x, \partial) = |f(x)|$, for on the way
# from the nearest tie it gains no more than the distance. The dashed function is one such $g$. It is flat
# where the nearest points of both classes lie on the same side, and lower from there on.
#
# ## In the plane
#
# Ties of finite classes are pieces of bisectors, found exactly. The second picture is definition 4 with three classes:
# the only $f_k$ that is not zero is the one of the nearest class.

# %%
two = PlaneMountain((((-1, 1), (1, -1), (0, 0)), ((1, 1), (-1, -1))))
three = PlaneMountain((((-1, 1), (0, 0)), ((1, 1), (1, 0)), ((-1, -1), (1, -1))))
t = np.linspace(-2, 2, 49)


def draw(axes, mountain, names):
    for piece in mountain.frontier:
        ends = [-9 if piece.start is None else float(piece.start), 9 if piece.end is None else float(piece.end)]
        line = [[float(o) + float(d) * s for s in ends] for o, d in zip(piece.origin, piece.direction, strict=True)]
        axes.plot(*line, color="white", linewidth=2.4)
    marks = ("^", "v", "s")
    for members, mark, colour, name in zip(mountain.classes, marks, COLOURS[1:], names, strict=False):
        axes.plot(*np.array(members, float).T, mark, color=colour, mec="white", markersize=10, label=name)
    axes.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(-2, 2), ylim=(-2, 2), aspect="equal")
    axes.legend(loc="upper center", ncol=3, bbox_to_anchor=(0.5, -0.16), columnspacing=0.8, handletextpad=0.2)


figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 4.7))
signed = np.array([[two((a, b)) for a in t] for b in t])
image = left.contourf(t, t, signed, levels=np.linspace(-2.2, 2.2, 23))
figure.colorbar(image, ax=left, label="$f(x)$, in units of the axes", shrink=0.75)
draw(left, two, ("class +1", "class -1"))
left.set_title("Definition 3; ties in white")
total = np.array([[sum(map(float, three.heights((a, b)))) for a in t] for b in t])
image = right.contourf(t, t, total, levels=np.linspace(0, 2.2, 12))
figure.colorbar(image, ax=right, label="$f_k(x)$ of the nearest class, in units of the axes", shrink=0.75)
draw(right, three, ("class 1", "class 2", "class 3"))
right.set_title("Definition 4; ties in white")
plt.show()

# %% [markdown]
# ## What the definitions need
#
# - Both classes have to occur: for a constant $c$ there is no distance to the other class and no frontier.
# - "Highest" fails among all 1-Lipschitz functions that fit: with $A = \{1\}$, $B = \{-1\}$ the function
#   $g(x) = x + \frac12$ has the right signs, and $g(1) = \frac32$ exceeds $f(1) = 1$. It pays at $-1$. Only the *least*
#   height over the labelled points cannot be beaten; it is half the distance of the classes.
# - Definition 4 equates distances with an arg min, the number of a class; min is meant.

# %%
r = np.linspace(-2, 2, 201)
figure, axes = plt.subplots(figsize=(6.4, 3.2))
axes.axhline(0, color="0.6", linewidth=0.8)
axes.plot(r, r, label="$f(x) = x$, the highest mountain function")
axes.plot(r, r + 0.5, color=COLOURS[1], linestyle="--", label=r"$g(x) = x + \frac{1}{2}$")
axes.plot([1, 1], [1, 1.5], "^", color=COLOURS[2], markersize=9, label="at class +1")
axes.plot([-1, -1], [-1, -0.5], "v", color=COLOURS[4], markersize=9, label="at class -1")
axes.set(xlabel="$x$", ylabel="value", title="Higher at one class, at the cost of the other")
axes.legend(loc="upper left")
plt.show()

# %%
record(
    "bethune2021.mountain_function",
    "bethune2021.mountain_function.constant_classifier",
    "bethune2021.mountain_function.highest_fit",
    "bethune2021.mountain_function.multiclass",
    "bethune2021.mountain_function.argmin",
)

# %% [markdown]
# ## To play with
#
# Move a point and watch the ties; give a point to both classes and read the message.

# %%
mine = LineMountain(((0, "1/3", 5), (1, 2)))
print("ties:", [str(m) for m in mine.frontier], "  f(4) =", mine.height(4))
