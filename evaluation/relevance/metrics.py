"""NDCG, reciprocal rank and recall of one query."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

DEPTH = 10

QueryScores = npt.NDArray[np.float64]
"""One figure per query."""


def ndcg(ranked_ids: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """Return NDCG (Järvelin and Kekäläinen 2002) with gains of 2^grade - 1 (Burges et al. 2005)."""
    ideal_dcg = _dcg(sorted(grades.values(), reverse=True)[:depth])
    return _dcg([grades.get(document_id, 0) for document_id in ranked_ids[:depth]]) / ideal_dcg if ideal_dcg else 0.0


def reciprocal_rank(ranked_ids: Sequence[str], relevant_ids: Collection[str]) -> float:
    return next((1 / rank for rank, document_id in enumerate(ranked_ids, start=1) if document_id in relevant_ids), 0.0)


def recall(ranked_ids: Sequence[str], relevant_ids: Collection[str], depth: int = DEPTH) -> float:
    """Return the share of relevant documents among the first `depth`, of which at most `depth` are counted."""
    return len(set(ranked_ids[:depth]) & set(relevant_ids)) / min(len(relevant_ids), depth) if relevant_ids else 0.0


def _dcg(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / np.log2(rank + 1) for rank, grade in enumerate(grades, start=1)))
