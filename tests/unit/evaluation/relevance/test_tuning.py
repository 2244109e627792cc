"""Boosts move where questions that they were not chosen on get better, and stay where it is noise."""

import numpy as np

from api.search.boosts import BOOSTS
from evaluation.relevance.asking import Found
from evaluation.relevance.judgements import Judged
from evaluation.relevance.tuning import chosen_value, tuned_clauses, with_factors

NAMES = ["caption", "page_text"]


def asked(number: int, right: dict[str, float], wrong: dict[str, float]) -> tuple[Judged, Found]:
    judged = Judged(kind="words", target=str(number), words="x", grades={"right": 3})
    found = sorted([("right", right), ("wrong", wrong)], key=lambda pair: -sum(pair[1].values()))
    return judged, Found([name for name, _ in found], [scores for _, scores in found], [])


def test_a_clause_that_outvotes_the_right_answers_is_turned_down() -> None:
    rows = [asked(number, {"caption": 3.0}, {"page_text": 4.0}) for number in range(30)]
    change = tuned_clauses(rows, NAMES)
    assert change.better
    assert change.values.get("caption", 1) > change.values.get("page_text", 1)


def test_what_helps_as_often_as_it_harms_changes_nothing() -> None:
    rows = [
        asked(number, *pair[:: 1 if number % 2 else -1])
        for number, pair in enumerate([({"caption": 3.0}, {"page_text": 4.0})] * 40)
    ]
    assert not tuned_clauses(rows, NAMES).better


def test_the_best_order_stays_as_it_is() -> None:
    change = tuned_clauses([asked(number, {"caption": 5.0}, {"page_text": 1.0}) for number in range(30)], NAMES)
    assert (change.values, change.gain, change.better) == ({}, 0.0, False)


def test_what_is_above_all_others_stays_there_under_any_factor() -> None:
    """Its score is no named clause's, and must not get lost."""
    rows = [asked(n, {"caption": 1.0, "identifiers": 1e4}, {"page_text": 5.0}) for n in range(10)]
    assert tuned_clauses(rows, NAMES).values == {}


def test_a_value_is_taken_only_where_held_out_questions_gain() -> None:
    judged = [Judged(kind="words", target=str(number)) for number in range(40)]
    poor, good = np.full(40, 0.5), np.full(40, 0.6)
    noise = poor + np.random.default_rng(0).normal(0, 0.2, 40)
    assert chosen_value("stem", 0.8, {0.8: poor, 0.5: good}, judged).values == {"stem": 0.5}
    assert chosen_value("stem", 0.8, {0.8: poor, 0.5: good}, judged).better
    assert not chosen_value("stem", 0.8, {0.8: poor, 0.5: noise}, judged).better


def test_factors_multiply_the_boosts_they_name() -> None:
    changed = with_factors(BOOSTS, {"caption": 2.0, "sscd": 0.5})
    assert changed.clauses["caption"] == 2 * BOOSTS.clauses["caption"]
    assert changed.knn_boost == BOOSTS.knn_boost / 2
    assert changed.clauses["title"] == BOOSTS.clauses["title"]
