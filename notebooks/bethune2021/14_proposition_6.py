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
# # Proposition 6: the best potential can be a poor classifier
#
# Béthune, González-Sanz, Mamalet, Serrurier, *The many faces of 1-Lipschitz neural networks*, Section 5 and Appendix C.
#
# > For every ε > 0 there exists distributions P and Q with disjoint supports in R such that for any minimizer f of
# > equation 6, the error of classifier sign ∘ f is superior to 1/2 − ε.
#
# Equation 6 minimizes $\mathbb{E}[-y f(x)]$ over the 1-Lipschitz functions. With balanced classes its minimizers are
# those $f$ that maximize $\mathbb{E}_P f - \mathbb{E}_Q f$, whose maximum is the Wasserstein distance. They are paid
# for *how far* $f$ falls on the way from $P$ to $Q$, and not for where it crosses zero.
#
# The proof puts $n$ atoms of each class on the line, in pairs, $p_i = 4(i-1)$ and $q_i = 4i - 1$:
#
# $$ p_1 \xrightarrow{\;3\;} q_1 \xrightarrow{\;1\;} p_2 \xrightarrow{\;3\;} q_2 \xrightarrow{\;1\;} \cdots $$
#
# Moving $p_i$ to $q_i$ costs 3 each, so the maximum is at most 3. It is 3, by $f(x) = -x$. So *every* minimizer falls
# by exactly 3 on each long step. On a short step it can come back by 1 at most. Hence $f(p_{i+1}) \le f(p_i) - 2$: a
# minimizer goes down and down: it is positive up to some place and negative from there on, but for one step, and so it
# gets one atom of almost every pair wrong.

# %%
from fractions import Fraction

import matplotlib.pyplot as plt

from lipcheck.build.atoms import Atoms, Potential
from lipcheck.notebook import COLOURS, record, style

style()


# %% [markdown]
# ## Three minimizers, and a function that is none
#
# `Atoms` holds the pairs, a `Potential` the values of $f$ at the atoms. All of it is exact.


# %%
def shown(axis, atoms, f, name):
    """The graph of f through the atoms, with the shape by class and the filling by right or wrong."""
    places = sorted(zip(atoms.p + atoms.q, f.at_p + f.at_q, strict=True))
    axis.plot(*zip(*places, strict=True), color="0.6", zorder=1)
    axis.axhline(0, color="black", linewidth=0.8)
    for xs, values, label, marker, colour in (
        (atoms.p, f.at_p, 1, "o", COLOURS[0]),
        (atoms.q, f.at_q, -1, "s", COLOURS[1]),
    ):
        for right in (True, False):
            chosen = [(x, v) for x, v in zip(xs, values, strict=True) if (label * v > 0) == right]
            words = f"{'P' if label > 0 else 'Q'}, {'right' if right else 'wrong'}"
            looks = {"marker": marker, "edgecolor": colour, "facecolor": colour if right else "white", "zorder": 2}
            axis.scatter(*(zip(*chosen, strict=True) if chosen else ([], [])), label=words, **looks)
    right, gain = f.correct(), atoms.objective(f)
    axis.set_title(f"{name}: {right} of {2 * atoms.n} right, $E_P f - E_Q f = {gain}$", fontsize=9)


n = 6
atoms = Atoms(n)
half = Fraction(1, 2)


def falling(first, later):
    """first − x up to the first atom of Q, later − x from the second atom of P on."""
    at_p = (Fraction(first), *(Fraction(later) - p for p in atoms.p[1:]))
    return Potential(at_p, tuple(v - 3 for v in at_p))


functions = {
    "minimizer −1 − x": falling(-1, -1),
    "minimizer 3/2 − x": falling("3/2", "3/2"),
    "minimizer with one step back": falling("5/2", "9/2"),
    "no minimizer": Potential((half,) * n, (-half,) * n),
}
figure, axes = plt.subplots(2, 2, figsize=(9.4, 5.6), sharex=True)
for axis, (name, f) in zip(axes.flat, functions.items(), strict=True):
    shown(axis, atoms, f, name)
    print(f"{name:30} 1-Lipschitz: {atoms.is_lipschitz(f)}, attains W = 3: {atoms.objective(f) == 3}")
for axis in axes[1]:
    axis.set_xlabel("x")
for axis in axes[:, 0]:
    axis.set_ylabel("f(x)")
figure.suptitle("Values at the atoms: filled where the sign of f is the label, hollow where it is not")
figure.legend(*axes[0, 1].get_legend_handles_labels(), loc="outside lower center", ncols=4)
plt.show()

# %% [markdown]
# The last function separates the classes perfectly and is 1-Lipschitz, but it earns 1 where the minimizers earn 3. The
# classes are no problem for 1-Lipschitz functions; the loss is.

# %%
record("bethune2021.proposition_6")

# %% [markdown]
# ## The count
#
# The proof counts $n + 1$ right atoms. It overlooks the step back: $f(p_i) \in [0, 3]$ makes a pair wholly right,
# values fall by 2 at least, and so *two* pairs can be wholly right. The third minimizer above shows it. The
# counterexample of the record is the smallest one, with $n = 2$ and no atom wrong at all.

# %%
record("bethune2021.proposition_6.count")

# %% [markdown]
# Which counts occur, over all minimizers and all thresholds, is decided and not sampled: the set of reachable values
# $f(p_i)$ with $k$ right atoms so far is a union of intervals with rational ends. With $f - T$ for $f$ thresholds are
# included.

# %%
for size in (1, 2, 3, 10, 20):
    print(f"n = {size:2}: right atoms", Atoms(size).attainable(), f"of {2 * size}")

# %%
record("bethune2021.proposition_6.count_sharp")

# %% [markdown]
# ## Figure 4, and how many atoms $\varepsilon$ needs
#
# Figure 4 has $n = 20$ and claims that no minimizer is better than 52.5 %, 21 of 40. It is 22 of 40. And the error
# exceeds $\frac12 - \varepsilon$ for all minimizers exactly if $n > 1/\varepsilon$; the printed
# $n = \lceil 1/(2\varepsilon) \rceil$ is half of what is needed.

# %%
sizes = [1, 2, 3, 4, 5, 7, 10, 14, 20, 30, 40, 60]
counts = {size: Atoms(size).attainable() for size in sizes}
figure, axis = plt.subplots()
axis.plot(sizes, [100 * max(c) / (2 * s) for s, c in counts.items()], "o-", label="best minimizer, decided exactly")
axis.plot(sizes, [50 * (s + 1) / s for s in sizes], "s--", color=COLOURS[1], label="printed: (n + 1)/(2n)")
axis.plot(sizes, [100 * min(c) / (2 * s) for s, c in counts.items()], "^:", color=COLOURS[2], label="worst minimizer")
best = 100 * max(counts[20]) / 40
axis.annotate(f"Figure 4: {best:.0f} %", (20, best), (22, 75), arrowprops={"arrowstyle": "->"})
axis.set_xscale("log")
axis.set_xticks([1, 2, 5, 10, 20, 50], labels=["1", "2", "5", "10", "20", "50"])
axis.set(xlabel="atoms of each class, n", ylabel="right atoms (%)", ylim=(40, 105))
axis.set_title("Accuracy of the minimizers of equation 6")
axis.legend()
plt.show()

# %%
record("bethune2021.proposition_6.figure_4", "bethune2021.proposition_6.n_sharp")

# %% [markdown]
# ## To play with
#
# Move the pairs: with the long step `inside` and the short step `between`, a minimizer can come back further the
# longer the short step is. When do three pairs fit? When can everything be right?

# %%
for between in (1, 2, "5/2", 3, 4):
    pairs = Atoms(8, inside=Fraction(3), between=Fraction(between))
    print(f"between = {between}: right atoms", pairs.attainable())
