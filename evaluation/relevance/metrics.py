"""How good an order is: NDCG, reciprocal rank and recall of one question, pure functions."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

DEPTH = 10

QueryScores = npt.NDArray[np.float64]
"""One figure per question."""


def ndcg(ranked_ids: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """Järvelin and Kekäläinen's (2002), gains of 2^grade - 1 as in Burges et al. (2005); 1 is the best order."""
    ideal_dcg = _dcg(sorted(grades.values(), reverse=True)[:depth])
    return _dcg([grades.get(document_id, 0) for document_id in ranked_ids[:depth]]) / ideal_dcg if ideal_dcg else 0.0


def reciprocal_rank(ranked_ids: Sequence[str], relevant_ids: Collection[str]) -> float:
    return next((1 / rank for rank, document_id in enumerate(ranked_ids, start=1) if document_id in relevant_ids), 0.0)


def recall(ranked_ids: Sequence[str], relevant_ids: Collection[str], depth: int = DEPTH) -> float:
    """Of what is right, the share that is among the first; of more than fit, of those that fit."""
    return len(set(ranked_ids[:depth]) & set(relevant_ids)) / min(len(relevant_ids), depth) if relevant_ids else 0.0


def _dcg(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / np.log2(rank + 1) for rank, grade in enumerate(grades, start=1)))
