"""Elasticsearch's suggestions for words become one suggested query text, or none."""

from typing import Any

import pytest

from api.elasticsearch.hits import read_hit
from api.elasticsearch.search_results import read_corrections, read_highlighted_words
from api.search.highlighting import Highlighter
from api.search.query_syntax import parse_query_text
from api.search.suggestions import correctable_terms, suggest_query_text


def suggest_entry(offset: int, length: int, *options: str) -> dict[str, Any]:
    return {
        "text": "",
        "offset": offset,
        "length": length,
        "options": [{"text": option, "freq": 1} for option in options],
    }


def build_response(*entries: dict[str, Any], with_folded: bool = True, author: str = "") -> dict[str, Any]:
    return {
        "suggest": {"printed": list(entries), "folded": list(entries) if with_folded else []},
        "hits": {"hits": [{"_id": "x", "_source": {"authors": [f"Anna {author}"]}}] if author else []},
    }


def suggest_for(typed: str, response: dict[str, Any]) -> str:
    query_terms = parse_query_text(typed)
    hits = [read_hit(raw_hit, highlighter=Highlighter(query_terms)) for raw_hit in response["hits"]["hits"]]
    corrections = read_corrections(response.get("suggest", {}))
    return suggest_query_text(query_terms, corrections, read_highlighted_words(hits))


@pytest.mark.parametrize(
    ("typed", "entries", "meant"),
    [
        ("kystem", [suggest_entry(0, 6, "kysten", "kystens")], "kysten"),
        ("fyr Kystem", [suggest_entry(0, 3), suggest_entry(4, 6, "kysten")], "fyr Kysten"),
        ("KYSTEM", [suggest_entry(0, 6, "kysten")], "KYSTEN"),
        (
            '-kystem "ved kystem"^2 title:kystem',
            [suggest_entry(0, 3), suggest_entry(4, 6, "kysten")],
            '-kystem "ved kysten"^2 title:kystem',
        ),
        ("kystem OR havnem", [suggest_entry(0, 6, "kysten"), suggest_entry(7, 6, "havnen")], "kysten OR havnen"),
        ("fyr", [suggest_entry(0, 3)], ""),
        ("fyr", [], ""),
        ("kystem 🚢", [suggest_entry(0, 6, "kysten")], "kysten 🚢"),
        # Elasticsearch counts in UTF-16, where 𝔉 is two.
        ("𝔉fyr kystem", [suggest_entry(6, 6, "kysten")], "𝔉fyr kysten"),
    ],
)
def test_missing_word_is_replaced_in_place(typed: str, entries: list[dict[str, Any]], meant: str) -> None:
    assert suggest_for(typed, build_response(*entries)) == meant


def test_word_in_old_spelling_is_not_missing() -> None:
    assert suggest_for("traad", build_response(suggest_entry(0, 5, "tråd"), with_folded=False)) == ""


def test_highlighted_word_is_not_missing() -> None:
    assert suggest_for("Moe", build_response(suggest_entry(0, 3, "mor"), author="Moe")) == ""


def test_response_without_suggestions_gives_none() -> None:
    assert suggest_for("kystem", {"hits": {"hits": []}}) == ""


def test_names_prefixes_numbers_and_exclusions_are_not_corrected() -> None:
    query_terms = parse_query_text('author:moe ky* 1890 -skip havn^-1 fyr caption:"et tårn"')
    assert [term.text for term in correctable_terms(query_terms)] == ["fyr", "et tårn"]
