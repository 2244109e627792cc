"""Several pictures become one direction per model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import InvalidRequest
from api.vision.vector_blending import blend

EAST, NORTH, WEST = [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]


def test_one_picture_stays_what_it_is_whatever_it_weighs() -> None:
    assert blend([(7, {"sscd": EAST})]) == {"sscd": EAST}


def test_two_pictures_point_between_them_nearer_to_the_heavier() -> None:
    blended_vector = blend([(1, {"sscd": EAST}), (3, {"sscd": NORTH})])["sscd"]
    assert blended_vector == pytest.approx([0.1**0.5, 0.9**0.5])


def test_a_picture_that_counts_against_turns_the_question_away_from_it() -> None:
    blended_vector = blend([(1, {"sscd": EAST}), (-0.5, {"sscd": NORTH})])["sscd"]
    assert blended_vector[0] > 0 > blended_vector[1]


def test_only_less_is_the_opposite() -> None:
    assert blend([(-2, {"sscd": EAST})]) == {"sscd": WEST}


def test_a_picture_counts_where_a_model_has_seen_it() -> None:
    blended_vectors = blend([(1, {"sscd": EAST, "siglip": NORTH}), (1, {"sscd": NORTH})])
    assert blended_vectors["siglip"] == NORTH
    assert blended_vectors["sscd"] == pytest.approx([0.5**0.5, 0.5**0.5])


def test_a_model_that_knows_only_what_is_not_wanted_is_not_asked() -> None:
    """Its nearest would be whatever lies farthest from that one picture."""
    assert blend([(1, {"sscd": EAST}), (-1, {"siglip": NORTH})]) == {"sscd": EAST}


def test_pictures_that_cancel_each_other_out_are_told() -> None:
    with pytest.raises(InvalidRequest, match="cancel each other out"):
        blend([(2, {"sscd": EAST}), (-2, {"sscd": EAST})])


@given(
    st.lists(
        st.tuples(st.sampled_from([-100.0, -1.0, -0.25, 0.5, 3.0]), st.integers(0, 2**32 - 1)), min_size=1, max_size=6
    )
)
def test_the_answer_has_unit_length_for_the_index_takes_no_other(weights_and_seeds: list[tuple[float, int]]) -> None:
    weighted_vectors = []
    for weight, seed in weights_and_seeds:
        vector = np.random.default_rng(seed).normal(size=64)
        weighted_vectors.append((weight, {"sscd": (vector / np.linalg.norm(vector)).tolist()}))
    try:
        blended_vector = blend(weighted_vectors)["sscd"]
    except InvalidRequest:
        return
    assert float(np.linalg.norm(blended_vector)) == pytest.approx(1, abs=1e-6)
