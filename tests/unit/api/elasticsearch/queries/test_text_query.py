"""The clauses of a query text, and their golden files (how to write them again: tests/golden_files.py)."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.elasticsearch.queries.phrases import ALTERNATIVE_TITLES, FOLDED_FIELDS, verbatim_clause
from api.elasticsearch.queries.suggest import suggest_clause
from api.elasticsearch.queries.text_query import (
    CAPTION_HEAD,
    CLAUSE_FIELDS,
    CLAUSES_BY_FIELD,
    exclusion_filters,
    matching_filter,
    text_query,
)
from api.elasticsearch.queries.word_forms import PRINTED_FIELDS, WORDS_FIELD
from api.search.query_fields import FIELDS
from api.search.query_syntax import parse_query_text
from api.search.query_terms import QueryTerm
from api.search.query_text import MAX_WORDS, clean_query_text, count_words
from indexer.elasticsearch.mappings import index_body
from tests.golden_files import GoldenFiles

YEAR_FILTER = [{"range": {"year": {"gte": 1880}}}]

QUERIES: dict[str, dict[str, Any]] = {
    "query_syntax": text_query(parse_query_text('title:kyst^2 "hvit stein" fyr* OR lykt havn^-1')),
    "year_and_identifier": text_query(
        parse_query_text("fyr 1867 https://urn.nb.no/URN:NBN:no-nb_digibok_2006082900017")
    ),
    "negative": text_query(parse_query_text("havn^-1 skip^-0.5"), YEAR_FILTER),
    "long": text_query(parse_query_text(" ".join(f"ordet{letter}" for letter in "abcdefghijklm")), match="all"),
    "misreadings": text_query(parse_query_text("fyrtårnet"), misreadings=True),
    "suggest": suggest_clause(parse_query_text('title:kyst "hvit stein" fyr* lykt')),
}


@pytest.mark.parametrize("name", QUERIES)
def test_body_equals_its_golden_file(name: str, golden_files: GoldenFiles) -> None:
    golden_files.check(name, QUERIES[name])


def test_there_are_no_unused_golden_files(golden_files: GoldenFiles) -> None:
    golden_files.check_names(set(QUERIES))


def field_paths(properties: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, body in properties.items():
        yield f"{prefix}{name}"
        yield from field_paths({**body.get("properties", {}), **body.get("fields", {})}, f"{prefix}{name}.")


def test_every_searched_field_is_in_the_mapping() -> None:
    queried_fields = {
        *PRINTED_FIELDS.values(),
        *FOLDED_FIELDS.values(),
        *(f"forms.{name}" for name in PRINTED_FIELDS),
        WORDS_FIELD,
        "title.normalised",
        *(f"{ALTERNATIVE_TITLES}{suffix}" for suffix in ("", ".folded", ".normalised")),
    }
    assert queried_fields <= set(field_paths(index_body("pictures")["mappings"]["properties"]))
    assert {name for names in CLAUSE_FIELDS.values() for name in names} == set(PRINTED_FIELDS)


def test_every_field_of_the_syntax_has_clauses() -> None:
    assert set(CLAUSES_BY_FIELD) == {"", *FIELDS}


def test_signs_of_a_script_without_spaces_are_a_phrase_too() -> None:
    def caption_clause(query_text: str) -> dict[str, Any]:
        clause: dict[str, Any] = text_query(parse_query_text(f"caption:{query_text}"))["bool"]["should"][0]
        return clause["bool"]["should"][0]

    clause = caption_clause("東京駅")["bool"]
    assert [phrase["multi_match"]["query"] for phrase in clause["should"]] == ["東京駅"]
    assert len(clause["must"]) == 3
    assert "multi_match" not in str(caption_clause("京")) + str(caption_clause("Hand-Press"))


def clause_names(query: dict[str, Any]) -> list[str]:
    return [next(iter(clause.values()))["_name"] for clause in query["bool"]["should"]]


def test_clauses_are_named_and_field_terms_use_their_own() -> None:
    assert clause_names(text_query(parse_query_text("fyr 1867"))) == [
        *CLAUSE_FIELDS,
        CAPTION_HEAD,
        "year",
        "identifiers",
        "exact title",
    ]
    assert clause_names(text_query(parse_query_text("author:moe"))) == ["authors"]
    assert clause_names(text_query(parse_query_text("text:fjell caption:fyr"))) == ["caption", "context", "page_text"]


def test_exclusions_are_a_separate_filter() -> None:
    query_terms = parse_query_text("fyr -skip")
    assert text_query(query_terms, exclusion_filters(query_terms))["bool"]["filter"][:1] == exclusion_filters(
        query_terms
    )
    assert exclusion_filters(parse_query_text("fyr")) == []


def test_empty_query_matches_all_documents_and_punctuation_none() -> None:
    match_all = {"bool": {"must": [{"match_all": {}}], "filter": YEAR_FILTER}}
    assert (
        text_query(parse_query_text(""), YEAR_FILTER) == text_query(parse_query_text("-skip"), YEAR_FILTER) == match_all
    )
    assert text_query(parse_query_text("!"), YEAR_FILTER) == {
        "bool": {"must": [{"match_none": {}}], "filter": YEAR_FILTER}
    }


@pytest.mark.parametrize(
    ("weights", "left"), [("havn^-1", 0.5), ("havn^-3", 0.25), ("havn^-1 skip^-3", 0.25), ("havn^-0.25", 0.8)]
)
def test_lower_negative_weights_leave_less_of_the_score(weights: str, left: float) -> None:
    assert text_query(parse_query_text(f"fyr {weights}"))["boosting"]["negative_boost"] == left


def count_clauses(clause: Any) -> int:
    """Clauses of Lucene: a word or a phrase in a field; the values of one `terms` count as one."""
    if isinstance(clause, list):
        return sum(map(count_clauses, clause))
    if not isinstance(clause, dict):
        return 0
    if "multi_match" in clause:
        multi_match = clause["multi_match"]
        return len(multi_match["fields"]) * (
            1 if multi_match["type"] == "phrase" else count_words(multi_match["query"])
        )
    is_leaf = any(name in clause for name in ("term", "terms", "match", "prefix", "regexp"))
    return 1 if is_leaf else sum(map(count_clauses, clause.values()))


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
        "l'ab*",
        "l'abbaye",
        "isbn:9788200000000",
    ],
)
def test_longest_query_stays_below_the_clause_limit(word: str, words: int) -> None:
    query_terms = parse_query_text(clean_query_text(" ".join([word] * words)))
    # The exclusions are in the text query and in the query of each of four models.
    query = text_query(query_terms, exclusion_filters(query_terms), misreadings=True)
    assert 0 < count_clauses(query) + count_clauses(exclusion_filters(query_terms)) <= 1024


def test_only_documents_with_all_of_a_negated_conjunction_are_excluded() -> None:
    [exclusion] = exclusion_filters(parse_query_text("fyr NOT (xyz AND (abc OR def))"))
    [together] = exclusion["bool"]["should"][0]["bool"]["must_not"]  # beside a title that reads so
    first, second = together["bool"]["filter"]
    assert "xyz" in str(first)
    assert len(second["bool"]["should"]) == 2


@pytest.mark.parametrize("words", [2, 12, 13, 60, 400])
def test_a_long_quotation_stays_below_the_clause_limit(words: int) -> None:
    query_terms = parse_query_text(f'"{" ".join(["a o"] * (words // 2))}"')
    assert count_clauses(text_query(query_terms, exclusion_filters(query_terms), misreadings=True)) <= 1024


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("fyr*", {"prefix": {"words": "fyr"}}),
        ("fyr**", {"prefix": {"words": "fyr"}}),
        ("红*", {"terms": {"words": ["红"]}}),
        ("l'abb*", {"prefix": {"words": "abb"}}),
    ],
)
def test_a_prefix_looks_for_a_form(typed: str, expected: dict[str, Any]) -> None:
    assert matching_filter(parse_query_text(typed).should and parse_query_text(typed))["bool"]["should"] == [expected]


@pytest.mark.parametrize(
    ("typed", "last", "joined"),
    [("o'bri*", "bri", "obri"), ("sea-serp*", "serp", "seaserp"), ("O’Bri*", "bri", "obri")],
)
def test_a_prefix_of_two_words_needs_the_first_or_is_one_word(typed: str, last: str, joined: str) -> None:
    text = str(matching_filter(parse_query_text(typed)))
    assert f"{{'prefix': {{'words': '{last}'}}}}" in text
    assert f"{{'prefix': {{'words': '{joined}'}}}}" in text


@pytest.mark.parametrize("wanted", range(MAX_WORDS + 1))
def test_negative_words_stay_below_the_clause_limit(wanted: int) -> None:
    words = ["lighthouse"] * wanted + ["mountains^-1", "-buildings"] * ((MAX_WORDS - wanted) // 2)
    query_terms = parse_query_text(" ".join(words))
    assert count_clauses(text_query(query_terms, exclusion_filters(query_terms))) <= 1024


def caption_head_clauses(query_text: str) -> list[dict[str, Any]]:
    should = text_query(parse_query_text(query_text))["bool"].get("should", [])
    return [clause["bool"] for clause in should if next(iter(clause.values())).get("_name") == CAPTION_HEAD]


def test_the_head_of_a_caption_must_have_all_the_words() -> None:
    assert [len(clause["must"]) for clause in caption_head_clauses("beam engine")] == [2]
    assert [len(clause["must"]) for clause in caption_head_clauses("caption:fyr brig OR kirke")] == [2]
    assert not caption_head_clauses("fyr title:kysten")
    assert not caption_head_clauses('fyr "den nye"')
    assert not caption_head_clauses("a b c d e f g h i")


@pytest.mark.parametrize(
    ("typed", "has_plain_letters"), [('"Goteborg"', True), ('"Göteborg"', False), ('"i Goteborg"', False)]
)
def test_a_phrase_of_one_word_may_lack_its_marks(typed: str, *, has_plain_letters: bool) -> None:
    body = str(text_query(parse_query_text(typed)))
    assert ("{'term': {'forms.title': 'goteborg'}}" in body) == has_plain_letters


@pytest.mark.parametrize(
    ("typed", "rules"),
    [
        ("Reise til Tromso 1867", ["Reise", "til", "troe?msoe?", "1867"]),
        ("Odegard Muller", ["oe?dega[ae]?rd", "mue?ller"]),
        ("Reise til Tromsø", []),
        ("hvite Hauge", ["hvite", "ha[ae]?ue?ge"]),
        ("hvite steiner", []),
        ("Karl XII", []),
        ("Tromso", []),
    ],
)
def test_a_longer_phrase_may_lack_its_marks_too(typed: str, rules: list[str]) -> None:
    clauses = verbatim_clause(QueryTerm(typed, "phrase"), ["caption"]).get("dis_max", {"queries": []})["queries"][1:]
    filters = [clause["constant_score"]["filter"] for clause in clauses]
    words = [
        word
        for intervals in filters
        if "intervals" in intervals
        for word in intervals["intervals"]["caption.text.folded"]["all_of"]["intervals"]
    ]
    assert [word["regexp"]["pattern"] if "regexp" in word else word["match"]["query"] for word in words] == rules


def test_a_number_in_groups_asks_for_one_word() -> None:
    assert "'000'" not in str(text_query(parse_query_text("1 000 000")))


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [("1860-1870", 1860, 1870), ("1860–70", 1860, 1870), ("1860..1870", 1860, 1870), ("1860s", 1860, 1869)],
)
def test_years_without_a_field_are_years_too(typed: str, first: int, last: int) -> None:
    body = str(text_query(parse_query_text(typed)))
    assert str({"range": {"last_year": {"gte": first}}}) in body
    assert str({"range": {"year": {"lte": last}}}) in body


@pytest.mark.parametrize("typed", ["1234-5678", "12-14", "978-0140", "1860-1", "title:1860-1870", '"1860-1870"'])
def test_other_numbers_with_a_dash_are_no_years(typed: str) -> None:
    assert "last_year" not in str(text_query(parse_query_text(typed)))


def test_initials_of_a_name_need_not_be_in_the_record() -> None:
    name = matching_filter(parse_query_text('author:"J. W. von Goethe"'))
    assert name == matching_filter(parse_query_text('author:"von Goethe"'))
    assert name != matching_filter(parse_query_text('author:"Goethe"'))


@pytest.mark.parametrize("typed", ["Text: A Study", "Jahr: 1867", "NOT for Children OR Fools", "-Minus and +Plus"])
def test_a_title_that_reads_like_syntax_is_found_as_a_title(typed: str) -> None:
    query_terms = parse_query_text(typed)
    title = str({"terms": {"title.normalised": [typed, f"{typed}."]}})
    clauses = [*exclusion_filters(query_terms), *([matching_filter(query_terms)] if query_terms.should else [])]
    assert clauses
    assert all(title in str(clause) for clause in clauses)
    assert "exact title" in clause_names(text_query(query_terms))


@pytest.mark.parametrize("typed", ["Kings VIII.", "Kings VIII", "Kings VIII /", '"Kings VIII"', "„Kings VIII.“"])
def test_a_title_is_found_with_and_without_its_final_sign(typed: str) -> None:
    body = str(text_query(parse_query_text(typed)))
    titles = re.search(r"'title.normalised': (\[.*?\])", body)
    assert titles
    assert {"Kings VIII", "Kings VIII."} <= set(ast.literal_eval(titles[1]))
