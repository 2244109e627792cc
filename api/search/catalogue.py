"""The catalogue record that a search names: a book by its title, or authors by their names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.elasticsearch.hits import read_hits
from api.elasticsearch.queries.catalogue import AUTHORS
from api.responses import Hit
from api.search.query_terms import QueryTerms
from api.search.request import SearchRequest
from core.text import fold_letters

MAX_WORDS = 12
"""Longest query that may be a title or a name."""

MIN_TITLE_SHARE = 0.5
"""Share of the words of a main title that a query must have, so that a word of many titles names none."""

_SUBTITLE = re.compile(r"\s*[:;=/]\s|\s[–—-]\s|\.\s")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorBooks:
    """An author of the collection."""

    name: str
    books: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueMatch:
    """What a search names: a book, or else authors."""

    book: Hit | None = None
    authors: tuple[AuthorBooks, ...] = ()


def may_name_record(search_request: SearchRequest, query_terms: QueryTerms) -> bool:
    """Return whether the words may be a title or a name: words alone, on the first page, of no book in particular."""
    terms = list(query_terms.should_terms)
    is_plain = all(term.kind in ("word", "phrase") and term.field in ("", "title", "author") for term in terms)
    is_first_search = search_request.page == 1 and not (
        search_request.values("book") or search_request.values("family")
    )
    has_others = search_request.has_image_terms or query_terms.negative or query_terms.excludes
    return bool(terms) and len(terms) <= MAX_WORDS and is_plain and is_first_search and not has_others


def read_catalogue_match(response: Mapping[str, Any], query_terms: QueryTerms) -> CatalogueMatch | None:
    """Return what the answer to `catalogue_query` has of the record that the words name; None if they name none."""
    words = _words(query_terms.plain_text)
    hits = read_hits(response)
    authors = tuple(
        AuthorBooks(name=str(bucket["key"]), books=int(bucket["doc_count"]))
        for bucket in response.get("aggregations", {}).get(AUTHORS, {}).get("names", {}).get("buckets", [])
        if set(words) <= set(_words(str(bucket["key"])))
    )
    if book := _book_of_title(hits, words):
        return CatalogueMatch(book=book)
    if len(authors) == 1 and authors[0].books == 1:
        return CatalogueMatch(book=next((hit for hit in hits if authors[0].name in hit.authors), None), authors=authors)
    return CatalogueMatch(authors=authors) if authors else None


def _book_of_title(hits: Iterable[Hit], words: Sequence[str]) -> Hit | None:
    """Return the only book whose title is, or begins mostly with, these words."""
    named = [hit for hit in hits if _is_most_of_title(words, hit.title)]
    whole = [hit for hit in named if _words(hit.title) == list(words)]
    return next((group[0] for group in (whole, named) if len(group) == 1), None)


def _is_most_of_title(words: Sequence[str], title: str) -> bool:
    title_words, main_words = set(_words(title)), set(_words(_SUBTITLE.split(title)[0]))
    common = set(words) & title_words
    # Words may stand in other forms than in the title; most of them must be those of the title.
    return 2 * len(common) > len(set(words)) and len(common & main_words) >= MIN_TITLE_SHARE * len(main_words)


def _words(text: str) -> list[str]:
    return _WORD.findall(fold_letters(text))
