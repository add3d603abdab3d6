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
# # Corollary 3: what the highest mountain function is best at
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 3.2.
#
# > **Corollary 3.** For the HMF($b$), the bound of Property 1 is tight: $\|\delta\| = |f(x)|$. In particular
# > $\delta = -f(x) \nabla_x f(x)$ is guaranteed to be an adversarial attack. The risk is the smallest possible. There
# > is no classifier with the same risk and better certificates. Said otherwise the HMF($b$) is the solution to:
# > $$\max_{f \in \text{Lip}_1(\mathbb R^n, \mathbb R)} \min_{x \in \mathcal X}
# > \min_{\delta \in \mathbb R^n,\ \text{sign}(f(x + \delta)) \ne \text{sign}(f(x))} \|\delta\| \qquad (2)$$
# > under the constraint $\mathcal R(\text{sign}(f))$ minimal
#
# Here $b$ is the Bayes classifier, with closed pre-images $A$ and $B$, and $f$ the signed distance to their ties. Five
# sentences, judged one by one:
#
# | sentence | verdict |
# |---|---|
# | $\lVert\delta\rVert = \lvert f(x)\rvert$, as an infimum | true |
# | $-f(x) \nabla f(x)$ is an attack | it ends *on* the frontier, whose class $\text{sign}(0)$ decides |
# | the risk is the smallest possible | true |
# | no better certificates with the same risk | false; true of the worst point |
# | *the* solution of equation 2 | *a* solution, if no point is a toss-up |
#
# Tightness: let $z$ be the tie nearest to $x$, and move from $z$ towards its nearest point of $B$, by $t > 0$. Then $B$
# comes nearer by $t$, and the points of $A$ that are as near by less: the 2-norm is strictly convex. In the same way
# $A$ wins on the way to its nearest point. So both classes have points as near to $z$ as one likes, and $z$ is at the
# distance $|f(x)|$ from $x$.

# %%
import matplotlib.pyplot as plt
import numpy as np

from lipcheck.build.line_classifiers import sign_cells
from lipcheck.build.mountain import LineMountain, PlaneMountain
from lipcheck.exact import exact
from lipcheck.network import Abs, Affine, Network
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.rational import evaluate

style()

# %% [markdown]
# ## The printed attack
#
# The gradient is taken from differences of exact heights. Each arrow is $-f(x) \nabla f(x)$. It ends on the frontier,
# where $f = 0$: whether that is another class, $\text{sign}(0)$ decides.

# %%


def draw(axes, hmf, low, high, count=96):
    t = np.linspace(low, high, count)
    first = np.array([[hmf.nearest((a, b)) == 0 for a in t] for b in t], dtype=float)
    axes.contourf(t, t, first, levels=[-0.5, 0.5, 1.5], colors=["0.9", COLOURS[5]], alpha=0.6)
    for s in hmf.frontier:
        ends = [-20 if s.start is None else float(s.start), 20 if s.end is None else float(s.end)]
        axes.plot(*([float(o) + float(d) * v for v in ends] for o, d in zip(s.origin, s.direction, strict=True)), "k")
    for members, mark, colour, name in zip(hmf.classes, "^v", COLOURS[:2], ("A, class +1", "B, class -1"), strict=True):
        axes.plot(*np.array(members, float).T, mark, color=colour, markersize=10, label=name)
    axes.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(low, high), ylim=(low, high), aspect="equal")


plane = PlaneMountain((((-1, 1), (0, 0), (-1, -1)), ((1, 1), (1, "1/4"), ("3/2", -1))))
step = 2.0**-10
arrow = {"arrowstyle": "->", "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
figure, (left, right) = plt.subplots(1, 2, figsize=(9.8, 4.5))
draw(left, plane, -2, 2)
reached = []
for members in plane.classes:
    for x in np.array(members, float):
        slopes = [(plane(x + e) - plane(x - e)) / (2 * step) for e in step * np.eye(2)]
        delta = -plane(x) * np.array(slopes)
        reached.append(abs(plane(x + delta)))
        left.annotate("", x + delta, x, arrowprops=arrow)
left.set_title("Arrows: $-f(x)\\nabla f(x)$; blue: $f > 0$")
left.legend(loc="upper center", ncol=2, bbox_to_anchor=(0.5, -0.14))
print("largest |f| at the ends of the arrows:", f"{max(reached):.1e}")
ray = PlaneMountain((((-5, 0), (3, 4), (5, 0)), ((4, 3),)))
draw(right, ray, -6.5, 6.5, 130)
right.annotate("", (0, 0), (-5, 0), arrowprops=arrow)
right.plot([0, 5], [0, 0], linestyle=":", color="black", linewidth=2, label="the same way on")
right.annotate("$x$", (-5.3, 0.5))
right.set_title("Beyond the frontier: the same class")
right.legend(loc="upper center", ncol=3, bbox_to_anchor=(0.5, -0.14), columnspacing=0.8)
plt.show()
x = (exact(-5), exact(0))
print("f(x) =", float(ray.height(x)), "  at x + t delta, the nearest class (None: a tie):", end=" ")
print({t: ray.nearest((5 * exact(t) - 5, 0)) for t in ("9/10", "1", "101/100", "3/2", "2")})

# %% [markdown]
# The attack fails at a point of $A$ without a gradient ($A = \{0\}$, $B = \{-2, 2\}$: $f = 1 - |x|$ near 0). With
# $\text{sign}(0) = 1$, as equation 10 has it, it fails at *every* point of $A$. And a slightly longer step need not
# help in the plane. Right: from $x = (-5, 0)$ the step $\delta = (5, 0)$ reaches the tip of the cell of $B$, where all
# four points tie. Walking on leads past that cell, to another point of class +1.

# %% [markdown]
# ## Better certificates at the same risk
#
# $A = \{0, 6\}$, $B = \{2\}$. The network $g(x) = |x - 2| - 1$ is right at all three points, nowhere less certain than
# $f$ and more certain at 6.

# %%
hmf = LineMountain(((0, 6), (2,)))
g = Network(1, (Affine([[1]], [-2]), Abs(), Affine([[1]], [-1])))
f = hmf.network()
for name, network in (("f", f), ("g", g)):
    radii = sign_cells(network, 0)
    rows = [f"x = {p}: {evaluate(network, [p])[0]} (radius {radii.radius(exact(p))[0]})" for p in (0, 2, 6)]
    print(f"{name}:", ";  ".join(rows))
t = np.linspace(-1.5, 8, 381)
figure, (left, right) = plt.subplots(1, 2, figsize=(9.8, 3.7))
kink = LineMountain(((0,), (-2, 2)))
s = np.linspace(-3, 3, 241)
left.axhline(0, color="0.6", linewidth=0.8)
left.plot(s, [kink((v,)) for v in s], label="$f$ for A = {0}, B = {-2, 2}")
left.plot([0], [1], "^", color=COLOURS[2], markersize=10, label="$x = 0$: no gradient")
left.plot([-1, 1], [0, 0], "o", color="black", mfc="white", label="ties")
left.set(xlabel="$x$", ylabel="value", title="No gradient at a point of A", ylim=(-2.2, 3))
left.legend(loc="upper right")
right.axhline(0, color="0.6", linewidth=0.8)
right.plot(t, [hmf((v,)) for v in t], label="$f$ = HMF")
right.plot(t, np.abs(t - 2) - 1, "--", color=COLOURS[1], label="$g(x) = |x - 2| - 1$")
right.plot([0, 6], [0, 0], "^", color=COLOURS[2], markersize=10, label="A, class +1")
right.plot([2], [0], "v", color=COLOURS[4], markersize=10, label="B, class -1")
right.annotate("", (6, 3), (6, 2), arrowprops=arrow)
right.set(xlabel="$x$", ylabel="value", title="$g$ ties with $f$ at 0 and 2 and beats it at 6", ylim=(-2, 7))
right.legend(loc="upper left")
plt.show()

# %% [markdown]
# What is true: for the *worst* point nothing beats $f$. A classifier that tells $a$ from $b$ changes somewhere on the
# segment between them, so that the smaller of the two radii is at most $\frac12 |a - b|$; and every tie is at least
# half the distance of the classes away from both. So over all classifiers with the labels of $b$ the greatest value of
# the least radius is half the distance of the classes, and $f$ attains it.

# %%
record(
    "bethune2021.corollary_3",
    "bethune2021.corollary_3.attack",
    "bethune2021.corollary_3.attack_beyond",
    "bethune2021.corollary_3.no_better",
    "bethune2021.corollary_3.max_min_value",
)

# %% [markdown]
# ## To play with
#
# Shift a single sign change and look at the least radius over the three points.

# %%
for shift in ("-1/2", "0", "1/2"):
    moved = Network(1, (Affine([[1]], [exact(-2) - exact(shift)]), Abs(), Affine([[1]], [-1])))
    found = sign_cells(moved, 0)
    print(f"zeros moved by {shift}: radii", [str(found.radius(exact(p))[0]) for p in (0, 2, 6)])
