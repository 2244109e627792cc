"""The vectors of several pictures become one query vector per model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import InvalidRequest
from api.vision.vector_blending import blend

EAST, NORTH, WEST = [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]


def test_weight_of_a_single_picture_does_not_matter() -> None:
    assert blend([(7, {"sscd": EAST})]) == {"sscd": EAST}


def test_blend_is_nearer_to_the_heavier_vector() -> None:
    blended_vector = blend([(1, {"sscd": EAST}), (3, {"sscd": NORTH})])["sscd"]
    assert blended_vector == pytest.approx([0.1**0.5, 0.9**0.5])


def test_negative_weight_moves_the_vector_away() -> None:
    blended_vector = blend([(1, {"sscd": EAST}), (-0.5, {"sscd": NORTH})])["sscd"]
    assert blended_vector[0] > 0 > blended_vector[1]


def test_single_negative_weight_gives_the_opposite_vector() -> None:
    assert blend([(-2, {"sscd": EAST})]) == {"sscd": WEST}


def test_picture_is_blended_only_in_models_that_have_its_vector() -> None:
    blended_vectors = blend([(1, {"sscd": EAST, "siglip": NORTH}), (1, {"sscd": NORTH})])
    assert blended_vectors["siglip"] == NORTH
    assert blended_vectors["sscd"] == pytest.approx([0.5**0.5, 0.5**0.5])


def test_model_with_only_negative_pictures_is_not_searched() -> None:
    """The nearest results would be those that are farthest from the picture."""
    assert blend([(1, {"sscd": EAST}), (-1, {"siglip": NORTH})]) == {"sscd": EAST}


def test_cancelling_pictures_are_an_error() -> None:
    with pytest.raises(InvalidRequest, match="cancel each other out"):
        blend([(2, {"sscd": EAST}), (-2, {"sscd": EAST})])


@given(
    st.lists(
        st.tuples(st.sampled_from([-100.0, -1.0, -0.25, 0.5, 3.0]), st.integers(0, 2**32 - 1)), min_size=1, max_size=6
    )
)
def test_blend_has_unit_length(weights_and_seeds: list[tuple[float, int]]) -> None:
    weighted_vectors = []
    for weight, seed in weights_and_seeds:
        vector = np.random.default_rng(seed).normal(size=64)
        weighted_vectors.append((weight, {"sscd": (vector / np.linalg.norm(vector)).tolist()}))
    try:
        blended_vector = blend(weighted_vectors)["sscd"]
    except InvalidRequest:
        return
    assert float(np.linalg.norm(blended_vector)) == pytest.approx(1, abs=1e-6)
