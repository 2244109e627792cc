"""The record that words name: a book by its title, authors by their names."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from api.search.catalogue import CatalogueMatch, may_name_record, read_catalogue_match
from api.search.query_syntax import parse_query_text
from api.search.request import SearchRequest

FYR = "Fyr og Skibe langs Kysten: en liden Bog for Søfolk"


def match(words: str, titles: Sequence[str], authors: Mapping[str, int] | None = None) -> CatalogueMatch | None:
    raw_hits = [
        {
            "_id": title,
            "_index": "books",
            "_source": {"document": "book", "title": title, "authors": list(authors or ())},
        }
        for title in titles
    ]
    buckets = [{"key": name, "doc_count": count} for name, count in (authors or {}).items()]
    response: dict[str, Any] = {
        "hits": {"hits": raw_hits},
        "aggregations": {"authors": {"names": {"buckets": buckets}}},
    }
    return read_catalogue_match(response, parse_query_text(words))


@pytest.mark.parametrize(
    ("words", "is_named"),
    [("fyr og skibe langs kysten", True), ("fyr og skibe", True), ("FYR", False), ("søfolk kysten", False)],
)
def test_a_book_is_named_by_most_of_its_main_title(words: str, *, is_named: bool) -> None:
    found = match(words, [FYR])
    assert bool(found and found.book) == is_named


def test_the_whole_title_wins_over_longer_ones_and_two_alike_name_none() -> None:
    found = match("robinson crusoe", ["Robinson Crusoe", "Robinson Crusoe, retold"])
    assert found
    assert found.book
    assert found.book.title == "Robinson Crusoe"
    assert match("robinson crusoe", ["Robinson Crusoe", "Robinson Crusoe"]) is None


def test_authors_are_named_by_all_words_of_the_search() -> None:
    found = match("collett", ["A", "B"], {"Collett, Camilla": 3, "Collett, Robert": 2, "Moe, Jørgen": 1})
    assert found
    assert [(author.name, author.books) for author in found.authors] == [
        ("Collett, Camilla", 3),
        ("Collett, Robert", 2),
    ]
    assert match("camilla fyr", ["A"], {"Collett, Camilla": 3}) is None


def test_the_only_book_of_an_author_is_shown_itself() -> None:
    found = match("camilla collett", ["Amtmandens Døttre"], {"Collett, Camilla": 1})
    assert found
    assert found.book
    assert found.book.title == "Amtmandens Døttre"


def test_no_books_index_names_nothing() -> None:
    assert read_catalogue_match({"hits": {"hits": []}}, parse_query_text("fyr")) is None


@pytest.mark.parametrize(
    ("search_request", "may_name"),
    [
        (SearchRequest(query_text="fyr og skibe"), True),
        (SearchRequest(query_text="author:collett"), True),
        (SearchRequest(query_text="fyr*"), False),
        (SearchRequest(query_text="fyr -ship"), False),
        (SearchRequest(query_text="caption:fyr"), False),
        (SearchRequest(query_text="fyr", page=2), False),
        (SearchRequest(query_text="fyr", like=("a",)), False),
        (SearchRequest(query_text="fyr").with_changes(book=("b",)), False),
        (SearchRequest(), False),
    ],
)
def test_only_words_of_a_new_search_may_be_a_title(search_request: SearchRequest, *, may_name: bool) -> None:
    assert may_name_record(search_request, search_request.query_terms) == may_name
