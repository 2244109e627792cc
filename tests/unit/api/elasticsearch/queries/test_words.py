"""Each golden file is a query that can be pasted into Kibana's Dev Tools; a change of a clause is a change of its file.

`python -m tests.unit.api.queries.test_words` writes them anew.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.elasticsearch.queries.forms import FOLDED, PRINTED, stems
from api.elasticsearch.queries.highlights import HIGHLIGHTED, highlight
from api.elasticsearch.queries.suggest import suggest
from api.elasticsearch.queries.words import CLAUSES, FIELD_CLAUSES, text_clauses, without
from api.search.query_syntax import FIELDS, parse
from api.search.query_text import MAX_WORDS, clean, how_many
from indexer.elasticsearch.mappings import mapping
from tests.golden import as_text, write

GOLDEN = Path(__file__).parent / "golden" / "words"
YEARS = [{"range": {"year": {"gte": 1880}}}]

QUERIES: dict[str, dict[str, Any]] = {
    "words": text_clauses(parse("fyr ved kysten"), YEARS),
    "signs": text_clauses(parse('title:kyst^2 "hvit stein" fyr* OR lykt havn^-1')),
    "year_and_identifier": text_clauses(parse("fyr 1867 https://urn.nb.no/URN:NBN:no-nb_digibok_2006082900017")),
    "demoted": text_clauses(parse("havn^-1 skip^-0.5"), YEARS),
    "long": text_clauses(parse(" ".join(f"ordet{letter}" for letter in "abcdefghijklm")), match="all"),
    "highlight": highlight(parse('title:kyst "hvit stein" fyrtårn')),
    "suggest": suggest(parse('title:kyst "hvit stein" fyr* lykt')),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_its_golden_file(name: str) -> None:
    assert as_text(QUERIES[name]) == (GOLDEN / f"{name}.json").read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(QUERIES)


def fields_of(properties: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, body in properties.items():
        yield f"{before}{name}"
        yield from fields_of({**body.get("properties", {}), **body.get("fields", {})}, f"{before}{name}.")


def test_every_field_that_is_asked_is_in_the_mapping() -> None:
    asked = {*PRINTED.values(), *FOLDED.values(), *stems(PRINTED), "title.normalised"}
    assert asked <= set(fields_of(mapping("pictures")["mappings"]["properties"]))
    assert {name for names in CLAUSES.values() for name in names} == set(PRINTED)
    assert {field for fields in HIGHLIGHTED.values() for field in fields} <= asked


def test_only_fields_that_are_asked_are_marked() -> None:
    assert tuple(highlight(parse("title:kyst"))["fields"]) == HIGHLIGHTED["title"]


def test_every_field_that_readers_can_name_has_its_clauses() -> None:
    assert set(FIELD_CLAUSES) == {"", *FIELDS}


def named(query: dict[str, Any]) -> list[str]:
    return [next(iter(clause.values()))["_name"] for clause in query["bool"]["should"]]


def test_every_clause_has_a_name_and_a_field_is_looked_for_in_its_own() -> None:
    assert named(text_clauses(parse("fyr 1867"))) == [*CLAUSES, "year", "identifiers", "exact title"]
    assert named(text_clauses(parse("author:moe"))) == ["authors"]
    assert named(text_clauses(parse("text:fjell caption:fyr"))) == ["caption", "context", "page_text"]


def test_what_is_excluded_is_a_filter_of_its_own() -> None:
    query = parse("fyr -skip")
    assert text_clauses(query, without(query))["bool"]["filter"][:1] == without(query)
    assert without(parse("fyr")) == []


def test_nothing_typed_is_everything_and_signs_alone_are_nothing() -> None:
    everything = {"bool": {"must": [{"match_all": {}}], "filter": YEARS}}
    assert text_clauses(parse(""), YEARS) == text_clauses(parse("-skip"), YEARS) == everything
    assert text_clauses(parse("!"), YEARS) == {"bool": {"must": [{"match_none": {}}], "filter": YEARS}}


@pytest.mark.parametrize(
    ("weights", "left"), [("havn^-1", 0.5), ("havn^-3", 0.25), ("havn^-1 skip^-3", 0.25), ("havn^-0.25", 0.8)]
)
def test_the_more_negative_a_weight_the_less_of_a_score_is_left(weights: str, left: float) -> None:
    assert text_clauses(parse(f"fyr {weights}"))["boosting"]["negative_boost"] == left


def count(clause: Any) -> int:
    """Clauses of Lucene: a word in a field, a phrase in a field, or a word in the fields of one analyser."""
    if isinstance(clause, list):
        return sum(map(count, clause))
    if not isinstance(clause, dict):
        return 0
    if "multi_match" in clause:
        match = clause["multi_match"]
        return len(match["fields"]) * (1 if match["type"] == "phrase" else how_many(match["query"]))
    if "combined_fields" in clause:
        return how_many(clause["combined_fields"]["query"])
    return sum(map(count, clause.values())) + ("term" in clause or "terms" in clause)


@pytest.mark.parametrize("words", range(1, MAX_WORDS + 1))
@pytest.mark.parametrize(
    "word",
    [
        "lighthouse",
        "1234",
        "ab12/34ef",
        '"fyr"',
        "fyr*",
        "caption:lighthouse",
        "title:x*",
        "lighthouse^2",
        "-fyr",
        "読",
        "a-b",
    ],
)
def test_a_page_never_asks_more_clauses_than_the_smallest_node_takes(word: str, words: int) -> None:
    query = parse(clean(" ".join([word] * words)))
    # The exclusions stand in the words' half and in that of four models, each a query of its own.
    assert 0 < count(text_clauses(query, without(query))) + count(without(query)) <= 1024


@pytest.mark.parametrize("wanted", range(MAX_WORDS + 1))
def test_words_against_a_result_leave_room_for_those_for_it(wanted: int) -> None:
    typed = ["lighthouse"] * wanted + ["mountains^-1", "-buildings"] * ((MAX_WORDS - wanted) // 2)
    query = parse(" ".join(typed))
    assert count(text_clauses(query, without(query))) <= 1024


if __name__ == "__main__":
    write(GOLDEN, QUERIES)
