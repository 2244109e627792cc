"""Tuning changes boosts only if held-out queries improve significantly."""

import numpy as np

from api.search.boosts import BOOSTS
from evaluation.relevance.judgements import JudgedQuery
from evaluation.relevance.search_session import RankedResults
from evaluation.relevance.tuning import choose_value, multiply_boosts, tune_clauses

CLAUSE_NAMES = ["caption", "page_text"]


def searched_query(
    number: int, right_scores: dict[str, float], wrong_scores: dict[str, float]
) -> tuple[JudgedQuery, RankedResults]:
    judged_query = JudgedQuery(query_type="words", target=str(number), query_text="x", grades={"right": 3})
    ranked_scores = sorted([("right", right_scores), ("wrong", wrong_scores)], key=lambda pair: -sum(pair[1].values()))
    return judged_query, RankedResults([name for name, _ in ranked_scores], [scores for _, scores in ranked_scores], [])


def test_clause_that_favours_wrong_results_gets_a_lower_boost() -> None:
    searched_queries = [searched_query(number, {"caption": 3.0}, {"page_text": 4.0}) for number in range(30)]
    change = tune_clauses(searched_queries, CLAUSE_NAMES)
    assert change.is_better
    assert change.values.get("caption", 1) > change.values.get("page_text", 1)


def test_clause_that_helps_and_harms_equally_is_not_changed() -> None:
    searched_queries = [
        searched_query(number, *pair[:: 1 if number % 2 else -1])
        for number, pair in enumerate([({"caption": 3.0}, {"page_text": 4.0})] * 40)
    ]
    assert not tune_clauses(searched_queries, CLAUSE_NAMES).is_better


def test_ideal_ranking_is_not_changed() -> None:
    change = tune_clauses(
        [searched_query(number, {"caption": 5.0}, {"page_text": 1.0}) for number in range(30)], CLAUSE_NAMES
    )
    assert (change.values, change.gain, change.is_better) == ({}, 0.0, False)


def test_clauses_that_are_not_tuned_keep_their_scores() -> None:
    """The score of `identifiers` decides for all values of the other boosts."""
    searched_queries = [
        searched_query(number, {"caption": 1.0, "identifiers": 1e4}, {"page_text": 5.0}) for number in range(10)
    ]
    assert tune_clauses(searched_queries, CLAUSE_NAMES).values == {}


def test_value_is_accepted_only_if_held_out_queries_gain() -> None:
    judged_queries = [JudgedQuery(query_type="words", target=str(number)) for number in range(40)]
    poor, good = np.full(40, 0.5), np.full(40, 0.6)
    noise = poor + np.random.default_rng(0).normal(0, 0.2, 40)
    assert choose_value("stem", 0.8, {0.8: poor, 0.5: good}, judged_queries).values == {"stem": 0.5}
    assert choose_value("stem", 0.8, {0.8: poor, 0.5: good}, judged_queries).is_better
    assert not choose_value("stem", 0.8, {0.8: poor, 0.5: noise}, judged_queries).is_better


def test_factors_multiply_the_named_boosts() -> None:
    new_boosts = multiply_boosts(BOOSTS, {"caption": 2.0, "sscd": 0.5})
    assert new_boosts.clauses["caption"] == 2 * BOOSTS.clauses["caption"]
    assert new_boosts.knn_boost == BOOSTS.knn_boost / 2
    assert new_boosts.clauses["title"] == BOOSTS.clauses["title"]
