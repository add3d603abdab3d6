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
# # Table 1: four losses, with and without a Lipschitz constraint
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 5.
#
# > Table 1: Summary of different candidate losses, and influence of the Lipschitz constraint on the minimum. BCE
# > minimization is ill-posed for unconstrained NN, but because of Vanishing Gradient the algorithm converges
# > nonetheless. For margin $m$ small enough, if the classes are separable, 0% training error is achievable by hinge.
#
# The losses of a logit $f(x)$ with label $y = \pm 1$:
#
# - BCE $\mathcal L_T = \log(1 + e^{-T y f(x)})$,
# - Wasserstein $\mathcal L_W = -y f(x)$,
# - hinge $\mathcal L_m = \max(0, m - y f(x))$,
# - hKR $\mathcal L_\lambda = \mathcal L_W + \lambda \mathcal L_m$.
#
# The idea of the table: minimizing a loss over *all* networks is often ill-posed, since scaling $f$ up lowers the loss
# for ever; a Lipschitz constraint makes it a compact problem, with a minimum, with consistency, and with certificates.
# How far is that true? Each cell is a claim of its own; here they are all judged.

# %%
import re
from fractions import Fraction
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np

from lipcheck import check
from lipcheck.build.mountain import LineMountain
from lipcheck.claims.bethune2021.hinge_hkr import _samples
from lipcheck.notebook import COLOURS, Page, style
from lipcheck.registry import load

style()
ROW = "bethune2021.table_1"
records = {r.claim: r for r in check(ROW)}
cells = {name.removeprefix(ROW + "."): r for name, r in records.items() if name.startswith(ROW + ".")}
print(
    len(cells) + 1, "claims on the table and its caption; all as expected:", all(r.as_expected for r in cells.values())
)

# %% [markdown]
# ## The table, cell by cell
#
# Each cell holds the printed words and, below them, the verdict. *Blue*: proved. *Orange*: proved in the reading that
# the cited proposition gives it, and refuted in another one that the words allow; the line says what that reading
# misses. *Vermilion*: refuted, with the respect in which it fails.

# %%
HEADS = {"bce": "BCE", "wasserstein": "Wasserstein", "hinge": "Hinge", "hkr": "hKR"}
LINES = {"minimizer": "minimizer", "practice": "in practice", "consistency": "consistent estimator"}
rows = [(f"{HEADS[a]}\n{LINES[b]}", f"{a}_{b}") for a in HEADS for b in LINES if (a, b) != ("hkr", "practice")]
rows += [
    (f"{a}\n{b}", a.lower())
    for a, b in (("Certificates", "of robustness"), ("Exploding", "gradient"), ("Vanishing", "gradient"))
]
figure, axes = plt.subplots(figsize=(10.4, 12.4), dpi=80)
axes.set(xlim=(0, 10), ylim=(len(rows), -0.5), title="Table 1: the printed words and the verdict of each cell")
axes.axis("off")
tally = {}
for x, head in ((1.5, "Unconstrained NN"), (5.8, "L-Lipschitz NN")):
    axes.text(x + 2.05, -0.2, head, ha="center", va="center", weight="bold")
for k, (name, key) in enumerate(rows):
    axes.text(0, k + 0.45, name, va="center", weight="bold", fontsize=9)
    for x, column in ((1.5, "unconstrained"), (5.8, "lipschitz")):
        r = cells[f"{key}_{column}"]
        words = re.split(r"NN:\]? ", r.printed)[1].split(". [")[0]
        other = [s for n, s in cells.items() if n.startswith(f"{key}_{column}_") and s.verdict == "refuted"]
        if r.verdict == "refuted":
            colour, said, why = COLOURS[1], f"refuted ({r.grade})", r.short
        elif other:
            colour, said, why = COLOURS[4], f"{r.verdict}; another reading refuted ({other[0].grade})", other[0].short
        else:
            colour, said, why = COLOURS[0], str(r.verdict), ""
        tally[colour] = tally.get(colour, 0) + 1
        axes.add_patch(plt.Rectangle((x, k), 4.15, 0.92, color=colour, alpha=0.22))
        axes.add_patch(plt.Rectangle((x, k), 0.08, 0.92, color=colour))
        axes.text(x + 0.17, k + 0.07, words, va="top", fontsize=9, style="italic")
        axes.text(x + 0.17, k + 0.30, said, va="top", fontsize=8, weight="bold")
        axes.text(x + 0.17, k + 0.50, fill(why or "", 62), va="top", fontsize=7.5, linespacing=1.1)
for i, name in ((0, "proved"), (4, "proved in one reading, refuted in another"), (1, "refuted")):
    axes.bar(0, 0, color=COLOURS[i], label=name)
axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=3)
plt.show()
print(dict(zip(("proved", "in one reading only", "refuted"), (tally[COLOURS[i]] for i in (0, 4, 1)), strict=True)))

# %% [markdown]
# The column on the right is largely true, with conditions that the table leaves out: both classes must occur (BCE),
# with equal weight (Wasserstein) or nearly so (hKR). The caption has a claim of its own, and a corrected form:

# %%
claims = load()
Page((records[ROW], cells["corrected"]), claims)

# %% [markdown]
# ## The best and the worst cells, drawn
#
# - **Certificates: yes.** Whoever knows $L$ knows that no step shorter than $|f(x)|/L$ changes the sign. For the
#   highest mountain function of the classes {0, 6} and {2} ($L = 1$) the certificate is the distance itself; $f/2$,
#   though also 1-Lipschitz, certifies half of it.
# - **Hinge, "large margin classifier for big $m$": no.** Two points at distance 1, label $+1$ with the weight 3/4 and
#   $-1$ with 1/4, $L = 1$. From $m = \frac12$ on $f(0) = m - 1$, $f(1) = m$ is a minimizer: a bigger $m$ makes the
#   least margin *smaller*; at $m = 1$ the light point is on the frontier, beyond on the wrong side.
# - **Wasserstein, "minimum $= \mathcal W(P, Q)$": no.** $P$ at 1, $Q$ at 0, equal weights: $\mathcal W = 1$, and the
#   loss of $f(x) = s x$ is $-s/2$. Sign and factor are wrong: the minimum is $-\mathcal W/2$.


# %%
def hinge_minimizer(m: Fraction) -> bool:
    """Whether (m - 1, m) is a minimizer, by an exact dual solution: mass 1/4 moves from the point 1 to the point 0."""
    dual = {"masses": ["1/4", "1/4"], "plan": [[1, 0, "1/4"]]}
    sample = {"points": [["0", -1, "1/4"], ["1", 1, "3/4"]], "m": str(m), "kr": "0", "lambda": "1"}
    return _samples.read({**sample, **dual, "f": [str(m - 1), str(m)]}).minimizer


quarters = [Fraction(k, 4) for k in range(1, 17)]
print("(m - 1, m) is a minimizer for m =", ", ".join(str(m) for m in quarters if hinge_minimizer(m)))
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(11.6, 3.8), dpi=86)
x = np.linspace(-2, 8, 401)
hmf = LineMountain(((0, 6), (2,)))
height = np.array([hmf((v,)) for v in x])
left.plot(x, abs(height), label="distance to the frontier\n= certificate $|f(x)|$")
left.plot(x, abs(height) / 2, "--", color=COLOURS[1], label="certificate of $f/2$")
left.set(xlabel="input $x$", ylabel="radius", ylim=(0, 5), title="A best cell: certificates")
m = np.linspace(0.02, 2, 200)
middle.plot(m, np.where(m <= 0.5, m, 1 - m), label="least margin of a minimizer: $m$, then $1 - m$")
middle.plot(m, m, "--", color=COLOURS[1], label="what 'big $m$' promises: $m$")
middle.axhline(0, color="black", linewidth=0.8)
middle.axvline(0.5, color="black", linestyle=":", label="$m = LD/2$")
middle.set(
    xlabel="margin $m$ of the loss",
    ylabel="least margin $y f(x)$",
    title="A worst cell: hinge, big $m$",
    ylim=(-1.1, 3.2),
)
s = np.linspace(-1, 1, 101)
right.plot(s, -s / 2, label="loss of $f(x) = s x$")
right.axhline(1, color=COLOURS[1], linestyle="--", label=r"printed minimum $\mathcal{W}(P, Q)$")
right.plot(1, -0.5, "o", color=COLOURS[0], label=r"minimum $-\mathcal{W}(P, Q)/2$")
right.set(
    xlabel="slope $s$ of a 1-Lipschitz $f$",
    ylabel="expected loss",
    ylim=(-0.8, 2),
    title="A worst cell: Wasserstein",
)
for part in (left, middle, right):
    part.legend(fontsize=8, loc="upper left" if part is middle else "upper right", frameon=part is middle, framealpha=1)
plt.show()

# %%
Page(
    tuple(cells[k] for k in ("certificates_lipschitz", "hinge_practice_lipschitz", "wasserstein_minimizer_lipschitz")),
    claims,
)

# %% [markdown]
# ## To play with
#
# Read any claim of the table: choose a name from the list.

# %%
print(", ".join(sorted(cells)))
Page((cells["hinge_practice_lipschitz_sharp"],), claims)
