"""Each golden file is a body that can be pasted into Kibana's Dev Tools; a change of a query is a change of its file.

`python -m tests.unit.api.test_queries` writes them anew.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from api import queries
from api.question import Question
from api.words import MAX_WORDS

GOLDEN = Path(__file__).parent / "golden"

NARROW = Question(publisher=("Aschehoug", "Cammermeyer"), label=("Map",), year_from=1880, year_to=1899)
SHORT = [0.6, 0.8, 0.0]
"""Stands for a vector of 512 numbers."""

BODIES: dict[str, dict[str, Any]] = {
    "words": queries.hybrid_query("fyr ved kysten", {}, size=24),
    "words_year_and_identifier": queries.hybrid_query(
        "fyr 1867 https://urn.nb.no/URN:NBN:no-nb_digibok_2006082900017", {}, size=24
    ),
    "picture": queries.hybrid_query("", {"sscd": SHORT}, size=24),
    "words_and_picture": queries.hybrid_query(
        "fyr ved kysten",
        {"siglip": SHORT, "sscd": SHORT},
        size=24,
        offset=24,
        filters=queries.filters(NARROW, without="page_0001:GE1:0,0,64,64"),
        word_vectors={"siglip": SHORT},
    ),
    "browse": queries.hybrid_query("", {}, size=24, filters=queries.filters(NARROW)),
    "picture_vectors": queries.vectors_of("page_0001:GE1:0,0,64,64"),
    "start_page": queries.start_page(739000, 60),
}


def as_text(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_its_golden_file(name: str) -> None:
    assert as_text(BODIES[name]) == (GOLDEN / f"{name}.json").read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(BODIES)


def test_the_same_filters_are_inside_both_halves() -> None:
    filters = queries.filters(NARROW)
    body = queries.hybrid_query("fyr", {"sscd": SHORT, "clip": SHORT}, size=1, filters=filters)
    assert [clause for clause in body["query"]["bool"]["filter"] if clause in filters] == filters
    assert [clause["filter"] for clause in body["knn"]] == [filters, filters]
    assert "post_filter" not in body


def test_every_clause_has_a_name() -> None:
    body = queries.hybrid_query("fyr 1867", {"sscd": SHORT}, size=1, word_vectors={"clip": SHORT})
    names = [next(iter(clause.values()))["_name"] for clause in body["query"]["bool"]["should"]]
    fields = ["caption", "title", "subjects", "context", "page_text", "authors", "publisher", "place"]
    assert names == [*fields, "year", "identifiers"]
    assert [clause["_name"] for clause in body["knn"]] == ["sscd", "clip words"]


def test_a_page_never_asks_more_clauses_than_the_smallest_node_takes() -> None:
    named = sum(len(fields) * 3 for _, fields in queries.CLAUSES.values()) + len(queries.RECORD)
    assert named == len(queries.every_field()), "the words are looked for twice in each field"
    identifiers = 2 * queries.IDENTIFIERS_ASKED * len(queries.IDENTIFIERS)
    assert MAX_WORDS * (2 * named + len(["year"])) + 2 * identifiers <= 1024


def test_without_words_picture_and_filter_everything_is_browsed() -> None:
    assert queries.hybrid_query("", {}, size=1)["query"] == {"bool": {"must": [{"match_all": {}}], "filter": []}}


@pytest.mark.parametrize(
    ("question", "clauses"),
    [
        (Question(), []),
        (Question(year_from=1880), [{"range": {"year": {"gte": 1880}}}]),
        (Question(year_to=0), [{"range": {"year": {"lte": 0}}}]),
        (Question(label=("Map",)), [{"terms": {"label.name": ["Map"]}}]),
        (Question(place=("Oslo", "Bergen")), [{"terms": {"place": ["Oslo", "Bergen"]}}]),
    ],
)
def test_filters_of_a_question(question: Question, clauses: list[dict[str, Any]]) -> None:
    assert queries.filters(question) == clauses


if __name__ == "__main__":
    for each, body in BODIES.items():
        (GOLDEN / f"{each}.json").write_text(as_text(body), "utf-8")
