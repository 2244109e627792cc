"""NDCG, reciprocal rank, recall and their intervals."""

import numpy as np
import pytest

from evaluation.relevance.metrics import ndcg, recall, reciprocal_rank

GRADES = {"a": 3, "b": 1}


@pytest.mark.parametrize(
    ("found", "score"),
    [(["a", "b", "x"], 1.0), (["x", "y"], 0.0), (["b", "a"], (1 + 7 / np.log2(3)) / (7 + 1 / np.log2(3)))],
    ids=["the best order", "nothing", "the neighbour before the picture"],
)
def test_ndcg_equals_the_value_computed_by_hand(found: list[str], score: float) -> None:
    assert ndcg(found, GRADES) == pytest.approx(score)


def test_results_beyond_the_depth_are_ignored() -> None:
    assert ndcg(["x", "a"], GRADES, depth=1) == 0
    assert recall(["x", "a"], {"a"}, depth=1) == 0


def test_reciprocal_rank_uses_the_first_relevant_result() -> None:
    assert reciprocal_rank(["x", "b", "a"], {"a", "b"}) == 0.5
    assert reciprocal_rank(["x"], {"a"}) == 0


def test_recall_is_limited_by_the_depth() -> None:
    assert recall(["a", "b"], {"a", "b", "c"}, depth=2) == 1
