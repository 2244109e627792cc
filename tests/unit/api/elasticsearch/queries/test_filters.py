"""What narrows a question stands in every clause of its body, value by value and facet by facet."""

from typing import Any

import pytest

from api.elasticsearch.queries.filters import filters, narrowing
from api.search.request import DOCUMENTS, Question

PICTURES = {"terms": {"document": ["picture"]}}
NOT_ASIDE = {"bool": {"must_not": [{"term": {"set_aside": True}}]}}


@pytest.mark.parametrize(
    ("question", "clauses"),
    [
        (Question(), [PICTURES, NOT_ASIDE]),
        (Question(document=DOCUMENTS, set_aside="show"), []),
        (Question(label=("Map", "Plan")), [{"terms": {"label.name": ["Map", "Plan"]}}, PICTURES, NOT_ASIDE]),
        (Question(author=("Moe",)), [{"terms": {"authors.exact": ["Moe"]}}, PICTURES, NOT_ASIDE]),
        (Question(subject=("Fyr",)), [{"terms": {"subjects.exact": ["Fyr"]}}, PICTURES, NOT_ASIDE]),
        (Question(type=("book",)), [{"terms": {"type_of_work": ["book"]}}, PICTURES, NOT_ASIDE]),
        (Question(book=("b1",)), [{"terms": {"book_id": ["b1"]}}, PICTURES, NOT_ASIDE]),
        (Question(family=("f1",)), [{"terms": {"family.id": ["f1"]}}, PICTURES, NOT_ASIDE]),
        (Question(year_from=0), [PICTURES, {"range": {"year": {"gte": 0}}}, NOT_ASIDE]),
        (Question(has_caption=True), [PICTURES, {"exists": {"field": "caption.text"}}, NOT_ASIDE]),
        (Question(set_aside="only"), [PICTURES, {"term": {"set_aside": True}}]),
    ],
)
def test_each_filter_is_a_clause(question: Question, clauses: list[dict[str, Any]]) -> None:
    assert filters(question) == clauses


def test_pictures_that_were_shown_as_examples_are_left_out() -> None:
    assert filters(Question(), without=("a", "b"))[-1] == {"bool": {"must_not": [{"ids": {"values": ["a", "b"]}}]}}


def test_one_filter_can_be_left_out_by_its_name() -> None:
    question = Question(publisher=("Aschehoug",), year_to=1900)
    assert narrowing(question, but="year") == {
        name: clause for name, clause in narrowing(question).items() if name != "year"
    }
    assert set(narrowing(question)) == {"publisher", "document", "year", "set_aside"}
