"""Elasticsearch's suggestions for words → one question, or none."""

from typing import Any

import pytest

from api.search.query_syntax import parse
from api.search.suggestions import correctable, suggestion


def entry(offset: int, length: int, *options: str) -> dict[str, Any]:
    return {"text": "", "offset": offset, "length": length, "options": [{"text": each, "freq": 1} for each in options]}


def answer(*entries: dict[str, Any], folded: bool = True, marked: str = "") -> dict[str, Any]:
    return {
        "suggest": {"printed": list(entries), "folded": list(entries) if folded else []},
        "hits": {"hits": [{"highlight": {"authors.folded": [f"Anna <em>{marked}</em>"]}}] if marked else []},
    }


@pytest.mark.parametrize(
    ("typed", "entries", "meant"),
    [
        ("kystem", [entry(0, 6, "kysten", "kystens")], "kysten"),
        ("fyr Kystem", [entry(0, 3), entry(4, 6, "kysten")], "fyr Kysten"),
        ("KYSTEM", [entry(0, 6, "kysten")], "KYSTEN"),
        (
            '-kystem "ved kystem"^2 title:kystem',
            [entry(0, 3), entry(4, 6, "kysten")],
            '-kystem "ved kysten"^2 title:kystem',
        ),
        ("kystem OR havnem", [entry(0, 6, "kysten"), entry(7, 6, "havnen")], "kysten OR havnen"),
        ("fyr", [entry(0, 3)], ""),
        ("fyr", [], ""),
        ("kystem 🚢", [entry(0, 6, "kysten")], "kysten 🚢"),
        # Elasticsearch counts in UTF-16, where 𝔉 is two.
        ("𝔉fyr kystem", [entry(6, 6, "kysten")], "𝔉fyr kysten"),
    ],
)
def test_a_missing_word_is_replaced_where_it_was_typed(typed: str, entries: list[dict[str, Any]], meant: str) -> None:
    assert suggestion(parse(typed), answer(*entries)) == meant


def test_a_word_of_another_centurys_spelling_is_not_missing() -> None:
    assert suggestion(parse("traad"), answer(entry(0, 5, "tråd"), folded=False)) == ""


def test_a_word_that_a_result_has_is_not_missing() -> None:
    assert suggestion(parse("Moe"), answer(entry(0, 3, "mor"), marked="Moe")) == ""


def test_an_answer_without_suggestions_suggests_nothing() -> None:
    assert suggestion(parse("kystem"), {"hits": {"hits": []}}) == ""


def test_names_beginnings_numbers_and_exclusions_are_as_typed() -> None:
    query = parse('author:moe ky* 1890 -skip havn^-1 fyr caption:"et tårn"')
    assert [term.text for term in correctable(query)] == ["fyr", "et tårn"]
