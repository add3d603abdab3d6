"""Table 1 in words: where its cells stand, and obligations that several cells borrow from other rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lipcheck.claims.bethune2021._bce import PAPER
from lipcheck.words.claim import Textbook
from lipcheck.words.obligation import Obligation

ROW = "bethune2021.table_1"
TABLE = f"{PAPER}, section 5, Table 1"
CAPTION = f"{TABLE}, caption"
UNCONSTRAINED, LIPSCHITZ = "Unconstrained NN", "L-Lipschitz NN"
BCE, HINGE = "BCE L_T", "Hinge L_m"
INTERPOLATION = Textbook(
    "networks with one hidden layer of p units and a continuous activation that is no polynomial take any values at p "
    "points",
    "Pinkus, Approximation theory of the MLP model, Acta Numerica 8 (1999), theorem 5.1",
)


def cell(loss: str, line: str, column: str, text: str) -> str:
    """The words of a cell with the heads of its row and column."""
    return f"{loss} | {line} | {column}: {text}"


def source(loss: str, line: str) -> str:
    """Where the cells of a row stand."""
    return f"{TABLE}, row {loss}, {line}"


def labelled(label: str, obligations: Iterable[Obligation]) -> list[Obligation]:
    """The obligations of one cell under names that begin with its label."""
    return [replace(o, name=f"{label}: {o.name}") for o in obligations]
