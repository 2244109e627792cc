"""Ranks, and the scores computed from them."""

import numpy as np
import pytest

from evaluation.retrieval.scores import BLOCK_SIZE, QueryRanks, compute_ranks

SIMILARITIES = np.array(
    [
        [0.9, 0.8, 0.1, 0.2],  # a finds itself
        [0.9, 0.8, 0.1, 0.2],  # b comes after a
        [0.5, 0.5, 0.5, 0.9],  # c shares the places 2, 3 and 4
        [0.5, 0.9, 0.2, 0.3],  # d comes after b and a; as another file of a's picture, after b alone
    ]
)


def similarity(start: int, end: int) -> np.ndarray:
    return SIMILARITIES[start:end]


def test_rank_counts_half_of_the_ties() -> None:
    assert compute_ranks(similarity, "abcd", "abcd").tolist() == [1, 2, 3, 3]


def test_files_of_the_same_picture_do_not_lower_each_others_rank() -> None:
    assert compute_ranks(similarity, "abca", "abca").tolist() == [1, 2, 3, 2]


def test_ranks_over_several_blocks() -> None:
    """The last block is shorter than the others."""
    rows = np.eye(BLOCK_SIZE * 2 + 3)
    names = [str(number) for number in range(len(rows))]
    assert compute_ranks(lambda start, end: rows[start:end], names, names).tolist() == [1] * len(rows)


def test_scores_as_figures() -> None:
    scores = QueryRanks("sscd", "paper", 100, np.array([1, 1, 2, 11, 1.5, 60, 5, 1]))
    assert scores.figures() == {
        "n": 8,
        "gallery": 100,
        "top_1": 0.375,
        "top_5": 0.75,
        "top_10": 0.75,
        "top_50": 0.875,
        "mrr": pytest.approx((3 + 1 / 2 + 1 / 11 + 1 / 1.5 + 1 / 60 + 1 / 5) / 8, abs=1e-6),
    }
    assert scores.subset(np.arange(8) < 3).top_k_share(1) == pytest.approx(2 / 3)
    assert scores.top_k_interval(1)[0] < 0.375 < scores.top_k_interval(1)[1]
