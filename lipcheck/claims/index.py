"""The rows of each paper's table of claims, with the least number of printed statements that each row bundles.

A statement as printed has a claim of its own; repairs and readings come on top. A test compares the registry with this.
"""

from __future__ import annotations

from collections.abc import Mapping

INDEX: Mapping[str, Mapping[str, int]] = {
    "anil2019": {
        "notation": 1,
        "lipschitz_constant": 3,
        "jacobian_chain_rule": 1,
        "operator_norms": 3,
        "composition": 1,
        "scaling": 2,
        "enforcing_norm_one": 1,
        "activations_lipschitz": 1,
        "kr_duality": 1,
        "perturbation_lower_bound": 1,
        "backprop_nonincreasing": 1,
        "optimal_dual_gradient": 2,
        "gnp_necessary": 2,
        "norm_preserving_activations": 2,
        "theorem_1": 4,
        "relu_cannot_approximate": 4,
        "theorem_2": 3,
        "orthonormal_meaning": 1,
        "orthonormal_gnp": 4,
        "groupsort_properties": 5,
        "fullsort_maxmin": 3,
        "maxmin_abs": 6,
        "groupsort_other_activations": 5,
        "bjorck": 8,
        "norm_inequalities": 3,
        "parseval": 4,
        "parseval_strict": 1,
        "spectral_normalization": 2,
        "linf_projection": 2,
        "convolution_bound": 2,
        "margin_certificate": 4,
        "lemma_1": 3,
        "theorem_3": 6,
        "maxout_norm": 2,
        "vector_observation": 2,
        "stacking_footnote": 1,
        "open_question": 1,
        "conclusion": 1,
        "wasserstein_examples": 5,
        "cones_dimension": 2,
        "spectral_radius": 1,
        "empirical_wasserstein": 1,
        "other_layers": 2,
        "table_1": 1,
        "jacobian_regularization": 3,
        "tables_and_figures": 8,
    },
    "bethune2021": {
        "mountain_function": 4,
        "proposition_1": 3,
        "proposition_2": 4,
        "koch_snowflake": 2,
        "proposition_6": 4,
    },
}
