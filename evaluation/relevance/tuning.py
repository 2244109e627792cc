"""A search for better boosts on results that were fetched once.

The score of a clause is proportional to its boost, so the scores per clause give the ranking under any other boosts
without a new search. A change is accepted only if it improves held-out queries.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from api.search.boosts import Boosts
from evaluation.relevance.judgements import JudgedQuery
from evaluation.relevance.metrics import DEPTH
from evaluation.relevance.search_session import RankedResults
from evaluation.reporting.intervals import bootstrap_interval

FACTORS = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 4.0)
"""Multiples of the current boost that are tried."""
ROUNDS = 2
FOLDS = 5
MIN_GAIN = 0.001
"""Smaller gains of NDCG are ignored."""

DISCOUNTS = 1 / np.log2(np.arange(2, DEPTH + 2))

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoredQuery:
    """A judged query with the scores per clause of its results."""

    judged_query: JudgedQuery
    clause_scores: FloatArray
    """Shape (results, clauses + 1); the last column is the sum of the clauses that are not tuned."""
    gains: FloatArray
    ideal_dcg: float
    """DCG of the ideal ranking."""

    @classmethod
    def from_results(cls, judged_query: JudgedQuery, results: RankedResults, clause_names: Sequence[str]) -> Self:
        clause_scores = np.array([[scores.get(name, 0.0) for name in clause_names] for scores in results.clause_scores])
        # Clauses that are not tuned keep their scores.
        other_scores = np.array([[sum(scores.values())] for scores in results.clause_scores]) - clause_scores.sum(
            axis=1, keepdims=True
        )
        gains = np.array([2.0 ** judged_query.grades.get(document_id, 0) - 1 for document_id in results.ids])
        ideal_gains = sorted((2.0**grade - 1 for grade in judged_query.grades.values()), reverse=True)[:DEPTH]
        return cls(
            judged_query,
            np.hstack([clause_scores, other_scores]),
            gains,
            float(np.array(ideal_gains) @ DISCOUNTS[: len(ideal_gains)]),
        )

    def ndcg(self, factors: FloatArray) -> float:
        """Return NDCG if boosts are multiplied by `factors`; ties keep their order."""
        order = np.argsort(-(self.clause_scores @ factors), kind="stable")[:DEPTH]
        return float(self.gains[order] @ DISCOUNTS[: len(order)]) / self.ideal_dcg if self.ideal_dcg else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostChange:
    """A proposed change, with its gain in NDCG on held-out queries and the interval of the gain."""

    what: str
    values: Mapping[str, float]
    gain: float
    low: float
    high: float

    @property
    def is_better(self) -> bool:
        """Whether the change improves results significantly."""
        return bool(self.values) and self.low > 0


def tune_clauses(
    searched_queries: Sequence[tuple[JudgedQuery, RankedResults]], clause_names: Sequence[str]
) -> BoostChange:
    """Find factors for the clauses by coordinate descent; the gain is measured on held-out folds."""
    scored_queries = [
        ScoredQuery.from_results(judged_query, results, clause_names)
        for judged_query, results in searched_queries
        if results.ids
    ]
    unit_factors = np.ones(len(clause_names) + 1)
    scores_before = _ndcg_scores(scored_queries, unit_factors)
    scores_after = scores_before.copy()
    judged_queries = [scored_query.judged_query for scored_query in scored_queries]
    weights, folds = _query_weights(judged_queries), _fold_numbers(judged_queries)
    for fold in range(FOLDS):
        train_mask = folds != fold
        factors = _descend_coordinates(
            [scored_queries[index] for index in np.flatnonzero(train_mask)], weights[train_mask], unit_factors
        )
        scores_after[~train_mask] = _ndcg_scores(
            [scored_queries[index] for index in np.flatnonzero(~train_mask)], factors
        )
    factors = _descend_coordinates(scored_queries, weights, unit_factors)
    values = {name: float(factor) for name, factor in zip(clause_names, factors, strict=False) if factor != 1}
    return _build_change("clauses", values, (scores_after - scores_before) * weights * len(weights), judged_queries)


def choose_value(
    parameter: str, current: float, options: Mapping[float, FloatArray], judged_queries: Sequence[JudgedQuery]
) -> BoostChange:
    """Choose one value of a parameter; `options` has the NDCG of each query for each value."""
    folds, scores_after = _fold_numbers(judged_queries), options[current].copy()
    weights = _query_weights(judged_queries)
    for fold in range(FOLDS):
        train_mask = folds != fold
        best_value = _best_value(current, options, weights * train_mask)
        scores_after[~train_mask] = options[best_value][~train_mask]
    best_value = _best_value(current, options, weights)
    values = {} if best_value == current else {parameter: best_value}
    gains = (scores_after - options[current]) * weights * len(weights)
    return _build_change(parameter, values, gains, judged_queries)


def multiply_boosts(boosts: Boosts, factors: Mapping[str, float]) -> Boosts:
    """Return the boosts multiplied by the factors, rounded to three significant digits."""
    clauses = {name: _round_boost(boost * factors.get(name, 1.0)) for name, boost in boosts.clauses.items()}
    knn_factor = next((factor for name, factor in factors.items() if name in boosts.models), 1.0)
    return replace(boosts, clauses=clauses, knn_boost=_round_boost(boosts.knn_boost * knn_factor))


def _best_value(current: float, options: Mapping[float, FloatArray], weights: FloatArray) -> float:
    best = max(options, key=lambda value: float(options[value] @ weights))
    return best if float((options[best] - options[current]) @ weights) > MIN_GAIN * weights.sum() else current


def _descend_coordinates(scored_queries: Sequence[ScoredQuery], weights: FloatArray, start: FloatArray) -> FloatArray:
    """Set each clause in turn to its best multiple, if the gain is significant."""
    targets = [scored_query.judged_query.target for scored_query in scored_queries]
    factors, scores = start.copy(), _ndcg_scores(scored_queries, start)
    for _ in range(ROUNDS):
        for position in range(len(start) - 1):
            candidates = [_replace_factor(factors, position, factor) for factor in FACTORS]
            candidate_scores = [_ndcg_scores(scored_queries, candidate) for candidate in candidates]
            best_index = int(np.argmax([trial_scores @ weights for trial_scores in candidate_scores]))
            gains = (candidate_scores[best_index] - scores) * weights * len(weights) / weights.sum()
            if gains.mean() > MIN_GAIN and bootstrap_interval(gains, targets)[0] > 0:
                factors, scores = candidates[best_index], candidate_scores[best_index]
    return factors


def _replace_factor(factors: FloatArray, position: int, factor: float) -> FloatArray:
    new_factors = factors.copy()
    new_factors[position] = factor
    return new_factors


def _ndcg_scores(scored_queries: Sequence[ScoredQuery], factors: FloatArray) -> FloatArray:
    return np.array([scored_query.ndcg(factors) for scored_query in scored_queries])


def _query_weights(judged_queries: Sequence[JudgedQuery]) -> FloatArray:
    """Return weights that sum to 1 and give each query type the same total."""
    counts = Counter(judged_query.query_type for judged_query in judged_queries)
    return np.array([1 / counts[judged_query.query_type] / len(counts) for judged_query in judged_queries])


def _fold_numbers(judged_queries: Sequence[JudgedQuery]) -> npt.NDArray[np.int_]:
    """Return the fold of each query; queries of one target share a fold."""
    target_numbers = {
        target: number for number, target in enumerate(sorted({judged_query.target for judged_query in judged_queries}))
    }
    return np.array([target_numbers[judged_query.target] % FOLDS for judged_query in judged_queries])


def _build_change(
    parameter: str, values: Mapping[str, float], gains: FloatArray, judged_queries: Sequence[JudgedQuery]
) -> BoostChange:
    low, high = bootstrap_interval(gains, [judged_query.target for judged_query in judged_queries])
    return BoostChange(what=parameter, values=values, gain=float(gains.mean()), low=low, high=high)


def _round_boost(number: float) -> float:
    return float(f"{number:.3g}")
