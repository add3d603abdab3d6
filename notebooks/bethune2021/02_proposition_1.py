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
# # Proposition 1: a 1-Lipschitz function for every binary classifier
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 3.1 and
# Appendix A.
#
# > **Proposition 1** (Lipschitz Binary classification). For any binary classifier $c : \mathcal X \to \mathcal Y$ with
# > closed pre-images ($c^{-1}(\{y\})$ is a closed set for any $y \in \mathcal Y$) there exists a 1-Lipschitz function
# > $f : \mathbb R^n \to \mathbb R$ such that $\text{sign}(f(x)) = c(x)$ on $\mathcal X$. Moreover we have
# > $\|\nabla_x f\|_2 = 1$ almost everywhere (w.r.t Lebesgue measure). Note that the classifier $c$ does not need to be
# > defined everywhere on $\mathbb R^n$, while $f$ is.
#
# The function is the highest mountain function: the distance to the set of ties $\partial$, negative on the side of
# the class -1. Three steps:
#
# 1. **1-Lipschitz.** On one side $|f(x) - f(y)| = |d(x, \partial) - d(y, \partial)| \le \|x - y\|$. From one side
#    to the other the segment meets a tie $z$, and
#    $d(x, \partial) + d(y, \partial) \le \|x - z\| + \|z - y\| = \|x - y\|$.
# 2. **Gradient.** Walk from $x$ straight to its nearest tie, in the direction $u$: the distance falls at speed one. So
#    $g = \nabla d(x, \partial)$ has $g \cdot u = -1$ and $|g| \le 1$, and $0 \le |g + u|^2 \le 1 - 2 + 1 = 0$:
#    $g = -u$, of norm one.
# 3. **The ties are a null set.** At a density point of $\partial$ both distances would have the same gradient, hence
#    the same nearest point, in both classes at once.

# %%
import matplotlib.pyplot as plt
import numpy as np

from lipcheck.build.cantor import measure, pieces
from lipcheck.build.mountain import LineMountain, PlaneMountain
from lipcheck.exact import exact
from lipcheck.notebook import COLOURS, record, style

style()

# %% [markdown]
# ## The construction
#
# Five points of the plane. Heights are exact: a sign and the square of the distance. The arrows are differences of
# exact heights across a step of $2^{-8}$.

# %%
A, B = ((-1, 1), (0, 0)), ((1, 1), (1, 0), (0, -1))
hmf = PlaneMountain((A, B))
print("f(-1, 1) = ", float(hmf.height((-1, 1))), "with the exact square", hmf.height((-1, 1)).square)
t = np.linspace(-2, 2, 41)
f = np.array([[hmf((a, b)) for a in t] for b in t])
step = 2.0**-8
places = np.array([(a, b) for a in np.linspace(-1.8, 1.8, 13) for b in np.linspace(-1.7, 1.9, 13)])
gradient = np.array(
    [[(hmf(p + e) - hmf(p - e)) / (2 * step) for e in (np.array([step, 0]), np.array([0, step]))] for p in places]
)
norm = np.linalg.norm(gradient, axis=1)
print(f"norms of the {len(norm)} difference quotients: {np.sum(abs(norm - 1) < 1e-4)} within 1e-4 of 1, ", end="")
print(f"the others, next to a ridge, from {norm.min():.2f} on; none above {norm.max():.6f}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 4.4))
image = left.contourf(t, t, f, levels=np.linspace(-2.2, 2.2, 23))
figure.colorbar(image, ax=left, label="$f(x)$, in units of the axes", shrink=0.8)
left.contour(t, t, f, levels=[0], colors="white", linewidths=2.4)
left.quiver(*places.T, *gradient.T, angles="xy", scale=22, width=0.004, color="white")
left.plot(*np.array(A).T, "^", color=COLOURS[1], mec="white", markersize=10, label="class +1")
left.plot(*np.array(B).T, "v", color=COLOURS[2], mec="white", markersize=10, label="class -1")
left.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title="$f$, its zeros (white) and gradients")
left.legend(loc="lower left", frameon=True)
line = LineMountain(((0, 6, 7), (2, 10)))
x = np.linspace(-2, 12, 561)
right.axhline(0, color="0.6", linewidth=0.8)
right.plot(x, [line((v,)) for v in x], label="$f$, for A = {0, 6, 7}, B = {2, 10}")
turns = [float(v) for v in line.breakpoints]
right.plot(turns, [line((v,)) for v in turns], "o", color=COLOURS[1], label="no derivative: two nearest ties")
right.plot([float(v) for v in line.frontier], [0] * len(line.frontier), "s", color="black", mfc="white", label="ties")
right.set(xlabel="$x$", ylabel="$f(x)$", title="On the line: slopes 1 and -1 in turn", ylim=(-4, 5))
right.legend(loc="upper right")
plt.show()

# %% [markdown]
# Where two ties are nearest $f$ has no gradient; Rademacher's theorem makes these points a null set. Everywhere else
# the norm is one, on the ties too.
#
# ## What the proof needs: the 2-norm, and closed classes in $\mathbb R^n$
#
# *The norm.* "The reasoning applies more broadly to arbitrary Banach space": the Lipschitz part does, the gradient part
# does not. In the infinity norm $(-1, 0)$ and $(1, 0)$ tie wherever $|x_2| \ge |x_1| + 1$, whole cones on which
# $f = 0$.
#
# *Closed.* If the classes are closed in $\mathcal X$ only, both may cluster at the same points. Remove from $[0, 1]$
# the open middle of length $4^{-m}$ of each interval, in steps $m = 1, 2, \ldots$, and put a point of each class into
# every gap. Every continuous $f$ with the right signs vanishes on what is left, which has a positive length.

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.9))
s = np.linspace(-3, 3, 301)
grid = np.stack(np.meshgrid(s, s), axis=-1)
to_a, to_b = (np.abs(grid - np.array([a, 0])).max(axis=-1) for a in (-1, 1))
left.contourf(s, s, (to_a == to_b).astype(float), levels=[0.5, 1.5], colors=[COLOURS[5]])
left.plot([0, 0], [-3, 3], color="black", linewidth=1.5, label="ties in the 2-norm: a line")
left.plot([], [], "s", color=COLOURS[5], label="ties in the infinity norm")
left.plot([-1], [0], "^", color=COLOURS[1], markersize=10, label="class +1")
left.plot([1], [0], "v", color=COLOURS[2], markersize=10, label="class -1")
left.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", title="Ties with inner points")
left.legend(loc="upper left", bbox_to_anchor=(1.02, 1))
for steps in range(6):
    kept, gaps = pieces(exact("1/4"), steps)
    right.hlines([-steps] * len(kept), [float(a) for a, _ in kept], [float(b) for _, b in kept], lw=7, color=COLOURS[0])
    for a, b in gaps[-(2 ** (steps - 1)) :] if steps else []:
        right.plot([float(a + (b - a) / 3)], [0.3 - steps], "^", color=COLOURS[1], markersize=4)
        right.plot([float(a + 2 * (b - a) / 3)], [0.3 - steps], "v", color=COLOURS[2], markersize=4)
right.set(xlabel="$x$", ylabel="steps made", yticks=range(0, -6, -1), yticklabels=range(6))
right.set_title("What is left of [0, 1]; above: new points")
plt.show()
lengths = [str(sum(b - a for a, b in pieces(exact("1/4"), steps)[0])) for steps in range(6)]
print("length left after 0, 1, 2, ... steps:", ", ".join(lengths), " limit:", measure(exact("1/4")))

# %% [markdown]
# The printed proof has slips (equation 12 puts a point on the wrong side of $x$), and each can be mended. The
# proposition is true, also for classifiers with one class, where the definition has no ties to offer.

# %%
record(
    "bethune2021.proposition_1",
    "bethune2021.proposition_1.gradient_everywhere",
    "bethune2021.proposition_1.any_norm",
    "bethune2021.proposition_1.closed_in_x",
    "bethune2021.proposition_1.proof",
)

# %% [markdown]
# ## To play with
#
# Change the ratio of the gaps. At 1/3 Cantor's set is left, of length zero, and the gradient is saved.

# %%
for ratio in ("1/10", "1/4", "3/10", "1/3"):
    print(f"gaps of ({ratio})^m leave the length {measure(exact(ratio))}")
