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
# # Adding a claim of your own paper
#
# A claim is a Python file: the paper's words, what they mean exactly, and what has to be shown. It says nothing about
# how to prove it. This notebook takes a small statement that is false, finds out how it fails, and repairs it twice.
#
# The statement, of an imagined paper:
#
# > **Lemma 1.** The gap $g(x_1, x_2) = \max(x_1, x_2) - \min(x_1, x_2)$ of a sorted pair is 1-Lipschitz in the
# > $\infty$-norm.
#
# It sounds right: sorting is 1-Lipschitz in the $\infty$-norm, so each of the two outputs is. But a difference of two
# 1-Lipschitz functions need not be.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import lipcheck
from lipcheck.network import Affine, MaxMin, Network
from lipcheck.notebook import COLOURS, Page, style, values
from lipcheck.registry import load

style()

# %% [markdown]
# ## Look first
#
# The gap as a network: one MaxMin pair and the row $(1, -1)$. On the left its values; on the right what it does along
# two straight lines that move with speed one in the $\infty$-norm.

# %%
gap = Network(2, (MaxMin(), Affine.linear([[1, -1]])))
side = np.linspace(-1, 1, 201)
plane = np.stack(np.meshgrid(side, side), axis=-1)
lines = {"against each other: $(t, -t)$": (1, -1), "together: $(t, t/4)$": (1, 0.25)}
figure, (left, right) = plt.subplots(1, 2, figsize=(8.8, 3.8))
image = left.contourf(side, side, values(gap, plane)[..., 0], levels=np.linspace(0, 2, 17))
figure.colorbar(image, ax=left, label="gap $g$")
for (name, direction), colour in zip(lines.items(), (COLOURS[1], COLOURS[5]), strict=True):
    along = side[:, None] * np.array(direction)
    left.plot(*along.T, color=colour, linewidth=2)
    right.plot(side, values(gap, along)[:, 0], color=colour, linewidth=2, label=name)
right.plot(side, np.abs(side), color=COLOURS[6], linestyle=":", label="slopes 1 and −1")
left.set(xlabel="$x_1$", ylabel="$x_2$", title="The gap of a sorted pair", aspect="equal")
right.set(xlabel="$t$", ylabel="$g$", title="It rises twice as fast as printed")
right.legend()
plt.show()

# %% [markdown]
# ## Write it down
#
# The statement becomes one obligation: for all real $x_1, x_2, y_1, y_2, d$, if each coordinate moves by at most $d$,
# then $g$ changes by at most $K d$. Three claims share it:
#
# - `demo2026.lemma_1`: as printed, $K = 1$. It is expected to be refuted, and says what a refuted claim has to say: a
#   counterexample, in what sense it is minimal, a *near miss* that only looks like one, a repair, and a snippet that
#   shows the failure without lipcheck.
# - `demo2026.lemma_1.sharp`: $K = 2$, and no smaller constant will do.
# - `demo2026.lemma_1.together`: $K = 1$, if both coordinates move in the same direction.

# %%
TEXT = '''
"""Demo 2026, Lemma 1: how fast the gap of a sorted pair can grow."""

from fractions import Fraction

from lipcheck.words.claim import Claim, Constant, NearMiss, Variant
from lipcheck.words.formulas import conj
from lipcheck.words.obligation import Forall
from lipcheck.words.terms import absolute, maximum, minimum, var
from lipcheck.words.verdict import Grade, Verdict

X, Y, D = (var("x1"), var("x2")), (var("y1"), var("y2")), var("d")


def gap(pair):
    return maximum(*pair) - minimum(*pair)


def obligations(variant, printed, together=False):
    """If each coordinate moves by at most d, the gap changes by at most K d."""
    hypotheses = {
        "first": absolute(X[0] - Y[0]) <= D,
        "second": absolute(X[1] - Y[1]) <= D,
    }
    if together:
        hypotheses["together"] = conj(X[0] >= Y[0], X[1] >= Y[1])
    kept = {name: formula for name, formula in hypotheses.items() if variant.keeps(name)}
    return [Forall("gap", kept, absolute(gap(X) - gap(Y)) <= variant.value("K", printed) * D)]


WORDS = {
    "source": "Demo 2026, Lemma 1",
    "printed": "The gap max(x_1, x_2) - min(x_1, x_2) of a sorted pair is 1-Lipschitz in the infinity norm.",
    "scope": "all pairs of real numbers",
    "covers_all": True,
}
MOVES = {"first": "|x_1 - y_1| <= d", "second": "|x_2 - y_2| <= d"}

AS_PRINTED = Claim(
    id="demo2026.lemma_1",
    statement="|g(x) - g(y)| <= ||x - y||_inf for all x and y in the plane.",
    short="moving the entries against each other changes the gap twice as much; true with 2",
    expected=Verdict.REFUTED,
    grade=Grade.CONSTANT,
    obligations=lambda variant, budget: obligations(variant, 1),
    hypotheses=MOVES,
    constants={"K": Constant(Fraction(1), sharp=Fraction(2))},
    counterexamples={"gap": {"x1": "1", "x2": "-1", "y1": "0", "y2": "0", "d": "1"}},
    minimality="the ratio is 2, and no pair of points has a larger one",
    near_misses=(
        NearMiss("gap", {"x1": "1", "x2": "0", "y1": "0", "y2": "0", "d": "1"}, "the gap changes by exactly d"),
    ),
    snippet="g = lambda a, b: max(a, b) - min(a, b)\\nprint(g(1, -1), g(0, 0))\\nassert g(1, -1) - g(0, 0) > 1",
    repairs={"K = 2": Variant(constants={"K": Fraction(2)})},
    repaired_by="demo2026.lemma_1.sharp",
    **WORDS,
)

SHARP = Claim(
    id="demo2026.lemma_1.sharp",
    reading="repaired: 2 instead of 1",
    statement="|g(x) - g(y)| <= 2 ||x - y||_inf, and 2 is the smallest such constant.",
    expected=Verdict.PROVED,
    obligations=lambda variant, budget: obligations(variant, 2),
    hypotheses=MOVES,
    constants={"K": Constant(Fraction(2), mutated=Fraction(199, 100))},
    **WORDS,
)

TOGETHER = Claim(
    id="demo2026.lemma_1.together",
    reading="repaired: with one hypothesis more",
    statement="|g(x) - g(y)| <= ||x - y||_inf if x_1 >= y_1 and x_2 >= y_2.",
    expected=Verdict.PROVED,
    obligations=lambda variant, budget: obligations(variant, 1, together=True),
    hypotheses=MOVES | {"together": "x_1 >= y_1 and x_2 >= y_2"},
    constants={"K": Constant(Fraction(1), mutated=Fraction(99, 100))},
    **WORDS,
)

CLAIMS = (AS_PRINTED, SHARP, TOGETHER)
'''
folder = tempfile.TemporaryDirectory()
file = Path(folder.name) / "demo.py"
_ = file.write_text(TEXT, encoding="utf-8")

# %% [markdown]
# ## Let it be judged
#
# In a terminal: `lipcheck check demo2026 --claims demo.py --verbose`. From Python:

# %%
records = lipcheck.check("demo2026", claims=[file])
Page(tuple(records), load([file]))

# %% [markdown]
# The verdicts rest on evidence that a small checker re-examines in rational numbers: the exact point for the first
# claim, trees of cases with multipliers for the others. The check itself is checked as well. Each hypothesis is dropped
# and each constant moved in turn, and such a *mutant* of a true claim has to come out refuted; the repairs of a false
# claim must not be refuted, and its near miss has to be rejected:

# %%
for found in records:
    print(found.claim)
    for mutant in found.mutants:
        print(f"   {mutant.name}: {mutant.got}, {'as it has to be' if mutant.right else 'WRONG'}")

# %% [markdown]
# How much the gap changes for each unit of movement, over all directions in which a pair can leave $(1/5, 0)$ with
# $\infty$-norm one:

# %%
angle = np.linspace(0, 360, 1441)
way = np.stack([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))], axis=-1)
way /= np.abs(way).max(axis=-1, keepdims=True)
start = np.array([0.2, 0.0])
ratio = np.abs(values(gap, start + 0.1 * way)[:, 0] - values(gap, start)[0]) / 0.1
figure, axes = plt.subplots()
axes.plot(angle, ratio)
for low in (0, 180):
    axes.axvspan(low, low + 90, color=COLOURS[5], alpha=0.25, label="both move the same way" if not low else None)
axes.axhline(2, color=COLOURS[2], linestyle="--", label="2: holds everywhere")
axes.axhline(1, color=COLOURS[1], linestyle="--", label="1: as printed")
axes.set(xlabel="direction of the step (degrees)", ylabel="change of $g$ per unit of the step", ylim=(0, 2.6))
axes.set(xticks=range(0, 361, 45), title="The printed constant fails where the two entries part or meet")
axes.legend(loc="upper center", ncols=3, fontsize=8)
plt.show()

# %% [markdown]
# ## Where to put it
#
# - Keep the file anywhere and name it: `lipcheck check --claims demo.py`, `pytest --lipcheck-file=demo.py`.
# - Or put it into `lipcheck/claims/<paper>/`; `lipcheck check --update` then writes its evidence to `proofs/`.
# - Or register its module in your own package under the entry point group `lipcheck.claims`.
#
# An obligation is one of `Forall` (real variables), `Exhaustive` (a finite set), `Exists` (an object), `Universal` (an
# object that violates it refutes it) and `Positive` (a number enclosed in balls): see `lipcheck/words/obligation.py`.
#
# ## To play with
#
# A check that cannot fail is worthless, so a mutant that survives is reported. Claim that 2 is sharp, but move it the
# wrong way, and the record says that a mutant was judged wrong:

# %%
weak = Path(folder.name) / "weak.py"
_ = weak.write_text(TEXT.replace("Fraction(199, 100)", "Fraction(201, 100)"), encoding="utf-8")
(found,) = lipcheck.check("demo2026.lemma_1.sharp", claims=[weak])
print(found.claim, found.verdict, "as expected" if found.as_expected else "NOT as expected")
for mutant in found.mutants:
    print(f"   {mutant.name}: {mutant.got}, {'as it has to be' if mutant.right else 'WRONG'}")
