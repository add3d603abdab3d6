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
# # Proposition 2: the same for K classes
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 3.1 and
# Appendix A.
#
# > **Proposition 2** (Lipschitz Multiclass classification). For any multiclass classifier $c : \mathcal X \to \mathcal
# > Y$ with closed pre-images there exists a 1-Lipschitz function $f : \mathbb R^n \to \mathbb R^K$ such that
# > $\arg\max_k f_k(x) = c(x)$ on $\mathcal X$. Moreover $\|J_x f\| = 1$ almost everywhere (w.r.t Lebesgue measure).
#
# Let $\partial$ be the set of points where two classes tie as nearest. Number $k$ of the logits is $d(x, \partial)$
# where class $k$ alone is nearest, and 0 elsewhere. So at every point at most one logit is not zero:
#
# - on its own class $k$ the logit $f_k$ is positive and alone, hence the arg max;
# - within one cell a single logit changes, by at most $\|x - y\|$; between two cells $f_k$ falls to 0 and $f_l$ rises
#   from 0, and $|f_k(x)| + |f_l(y)| = d(x, \partial) + d(y, \partial) \le \|x - y\|$, as the segment meets a tie. That
#   is the 1-norm of the change, the largest of all $p$-norms;
# - the Jacobian has one row that is not zero, and this is the gradient of a distance, of norm one.

# %%
import matplotlib.pyplot as plt
import numpy as np

from lipcheck.build.mountain import LineMountain, PlaneMountain
from lipcheck.norms import vector_norm
from lipcheck.notebook import COLOURS, record, style
from lipcheck.readings.rational import evaluate, jacobian

style()

# %% [markdown]
# ## The construction on the line, as one network
#
# Three classes, three logits, one MaxMin network: the pieces of all logits in the first layer, then sorted pairs and
# 0/1 selections. It equals $f$ on the whole line. The Jacobian is read off exactly.

# %%
classes = ((0, 5), (2,), (7, 8))
hmf = LineMountain(classes)
network = hmf.networks()
first = network.layers[0]
print("ties:", [str(m) for m in hmf.frontier], "  layers:", [type(layer).__name__ for layer in network.layers])
print("first layer, weights:", [str(w) for (w,) in first.weight])
print("first layer, biases: ", [str(b) for b in first.bias])
for x in (0, 2, "13/2", 8):
    print(
        f"x = {x}: f(x) = {[str(v) for v in evaluate(network, [x])]}, J = {[str(r[0]) for r in jacobian(network, [x])]}"
    )

# %%
x = np.linspace(-1.5, 9.5, 551)
logits = np.array([[float(v) for v in hmf.heights(t)] for t in x])
figure, axes = plt.subplots(figsize=(8.4, 3.4))
for k, (members, mark, dash) in enumerate(zip(classes, "^vs", ("-", "--", ":"), strict=True)):
    axes.plot(x, logits[:, k], color=COLOURS[k], linestyle=dash, linewidth=2, label=f"$f_{k + 1}$")
    axes.plot(members, [-0.15] * len(members), mark, color=COLOURS[k], markersize=9, label=f"class {k + 1}")
axes.set(xlabel="$x$", ylabel="logit", title="At every point one logit at most is not zero")
axes.legend(ncol=3, loc="upper center")
plt.show()

# %% [markdown]
# ## In the plane
#
# Left: each class keeps its cell. The circles have the height at their centre as their radius: they touch the ties and
# do not cross them, so the height is the robustness radius itself. Right: for random pairs of points, how much $f$
# changes in the $p$-norm, per distance.

# %%
plane = PlaneMountain((((-1, 1), (0, 0)), ((1, 1), (1, 0)), ((-1, -1), (1, -1))))
t = np.linspace(-2, 2, 90)
cell = np.array([[(plane.nearest((a, b)) or 0) + 1 for a in t] for b in t])
draw = np.random.default_rng(2021)
pairs = draw.uniform(-2, 2, (400, 2, 2))
values = np.array([[[float(h) for h in plane.heights(tuple(p))] for p in pair] for pair in pairs])
apart = np.linalg.norm(pairs[:, 0] - pairs[:, 1], axis=1)
quotients = {p: np.linalg.norm(values[:, 0] - values[:, 1], ord=p, axis=1) / apart for p in (1, 2, np.inf)}

figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 4.4))
left.pcolormesh(t, t, cell, cmap="cividis", alpha=0.45, shading="nearest", vmin=0, vmax=3.5)
for piece in plane.frontier:
    ends = [-9 if piece.start is None else float(piece.start), 9 if piece.end is None else float(piece.end)]
    left.plot(
        *([float(o) + float(d) * s for s in ends] for o, d in zip(piece.origin, piece.direction, strict=True)), "k"
    )
for members, mark, colour, k in zip(plane.classes, "^vs", COLOURS[1:], (1, 2, 3), strict=False):
    left.plot(*np.array(members, float).T, mark, color=colour, mec="white", markersize=10, label=f"class {k}")
    for p in members:
        left.add_patch(
            plt.Circle(tuple(map(float, p)), max(map(float, plane.heights(p))), fill=False, color=colour, lw=2)
        )
left.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(-2, 2), ylim=(-2, 2), aspect="equal", title="Cells, ties and heights")
left.legend(loc="upper center", ncol=3, bbox_to_anchor=(0.5, -0.14), columnspacing=0.8, handletextpad=0.2)
for (p, q), colour, dash in zip(quotients.items(), COLOURS, ("-", "--", ":"), strict=False):
    name = "infinity" if p == np.inf else p
    right.plot(np.sort(q), np.arange(1, len(q) + 1) / len(q), color=colour, linestyle=dash, lw=2, label=f"$p$ = {name}")
right.axvline(1, color="0.4", linewidth=0.8)
right.set(xlabel=r"$\|f(x) - f(y)\|_p \; / \; \|x - y\|_2$", ylabel="share of 400 pairs up to this quotient")
right.set(title="No pair exceeds 1, for any $p$", xlim=(0, 1.05))
right.legend()
plt.show()

# %% [markdown]
# ## The Jacobian
#
# Exactly one row is not zero, so its only singular value that is not zero is the norm of this row. For the network on
# the line, at eight points off the ties and ridges, in exact arithmetic:

# %%
for x in (-2, 0, 2, 3, 4, 5, 7, 9):
    rows = jacobian(network, [x])
    norm = vector_norm([row[0] for row in rows], 2)
    print(
        f"x = {x}: rows {[str(row[0]) for row in rows]}, spectral norm {norm.lower}, exact: {norm.lower == norm.upper}"
    )

# %% [markdown]
# ## What it means for certificates
#
# "1-Lipschitz" in the 2-norm alone certifies only the margin divided by $\sqrt 2$: the function $(x, -x) / \sqrt 2$ is
# 1-Lipschitz, has the margin $\sqrt 2\, x$ at $x > 0$, and ties at 0, at the distance $x$. The function of definition 4
# is 1-Lipschitz into the 1-norm, and its margin is a certificate in full.

# %%
size = np.linspace(0, 2, 101)
figure, axes = plt.subplots(figsize=(6.4, 3.4))
axes.plot(size, size, color="black", linewidth=1, label="what is true: the distance to the tie at 0")
axes.plot(size, np.sqrt(2) * size, color=COLOURS[1], linestyle="--", label=r"margin of $(x, -x)/\sqrt{2}$: too much")
axes.plot(size, size, "o", color=COLOURS[0], markevery=10, label=r"margin of $(\max(x, 0), \max(-x, 0))$: definition 4")
axes.set(xlabel="$x$", ylabel="margin, distance", title="A margin as a certificate, classes 1 and -1 on the line")
axes.legend()
plt.show()

# %% [markdown]
# The printed proof has two cases and leaves out the points where $f = 0$, the ties. A third case closes it.

# %%
record(
    "bethune2021.proposition_2",
    "bethune2021.proposition_2.any_p",
    "bethune2021.proposition_2.jacobian",
    "bethune2021.proposition_2.certificate",
    "bethune2021.proposition_2.proof",
)

# %% [markdown]
# ## To play with
#
# Add a class, or move points. The network grows by the pieces of the new cells.

# %%
mine = LineMountain(((0,), (1,), (3,), ("7/2",)))
print("ties:", [str(m) for m in mine.frontier], "  units per layer:", mine.networks().widths)
