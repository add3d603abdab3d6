"""The words that the claims of this row share.

A cell is the set of inputs with one activation pattern: which of its two numbers is the larger one, for every pair.
"""

from __future__ import annotations

from typing import Any

from lipcheck.network import Network, to_json

ROW = "bethune2021.proposition_8"
SECTION = "Béthune et al. 2021, arXiv 2104.05097v2, section 5"
PROOF = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, proof of Proposition 8"
LEMMA = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, Lemma 1"
LEMMA_PROOF = "Béthune et al. 2021, arXiv 2104.05097v2, appendix C, proof of Lemma 1"


def spelled(network: Network) -> Any:
    """The network as JSON data."""
    return to_json(network)
