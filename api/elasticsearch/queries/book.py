"""Bodies about one book: its record, its pages, its pictures, and where words stand in it."""

from collections.abc import Sequence

from api.elasticsearch.queries.clause import BY_MODELS, Body, Clause
from api.search.query_syntax import Term, WordQuery

MOST_LEAVES = 10_000
"""Elasticsearch's `index.max_result_window`; no bound volume comes near it."""

PAGE_FIELDS = ("page_text.text", "page_text.text.folded", "stems.*.page_text")
PICTURE_FIELDS = (
    *(f"{field}.text{form}" for field in ("caption", "context.before", "context.after") for form in ("", ".folded")),
    *(f"stems.*.{field}" for field in ("caption", "before", "after")),
)

HIT = "\u0002", "\u0003"
"""Around a found word: no XML file, and so no page of ALTO, can hold these two characters."""

ASIDE: Clause = {"term": {"set_aside": True}}
"""Blank pages and anomalies of the segmentation, which no reader of a book looks for."""

IN_PAGE_ORDER: list[Clause] = [
    {"page": "asc"},
    {"document": "asc"},
    # Of a page nothing but its pictures has a box.
    {"box.y": {"order": "asc", "unmapped_type": "integer"}},
    {"box.x": {"order": "asc", "unmapped_type": "integer"}},
]

TYPES = {"phrase": "phrase", "prefix": "phrase_prefix"}
"""What a term is to `multi_match`, where it is not a word."""


def book(name: str) -> Body:
    """Of `books`: by the id that stands in URLs, or by the library's own."""
    either: list[Clause] = [{"ids": {"values": [name]}}, {"term": {"book_id": name}}]
    return {"size": 1, "_source": {"excludes": ["stems"]}, "query": {"bool": {"should": either}}}


def leaves(book_id: str) -> Body:
    """Of `pages`: all of a book, in order, without their words."""
    return {
        "size": MOST_LEAVES,
        "_source": ["page", "page_id", "page_label", "scan", "image"],
        "query": {"term": {"book_id": book_id}},
        "sort": [{"page": "asc"}],
    }


def plates(book_id: str, page: int | None = None) -> Body:
    """Of the pictures: a book's, or one page's, in page order."""
    where: list[Clause] = [{"term": {"book_id": book_id}}]
    if page is not None:
        where.append({"term": {"page": page}})
    return {
        "size": MOST_LEAVES,
        "_source": {"excludes": [*BY_MODELS, "page_text", "stems", "context"]},
        "query": {"bool": {"filter": where, "must_not": [ASIDE]}},
        "sort": IN_PAGE_ORDER,
    }


def passages(book_id: str, words: WordQuery | None, *, pages: bool, pictures: bool, size: int, offset: int = 0) -> Body:
    """Of `pages` and the pictures at once: the pages that have the words, and the pictures whose own words match.

    Without words (None) every picture of the book matches, and no page does.
    """
    found: list[Clause] = []
    if pages and words is not None:
        found.append(_having("page", words, PAGE_FIELDS))
    if pictures:
        found.append(_having("picture", words, PICTURE_FIELDS))
    return {
        "size": size,
        "from": offset,
        "track_total_hits": True,
        "_source": {"excludes": [*BY_MODELS, "stems"]},
        "query": {
            "bool": {
                "filter": [{"term": {"book_id": book_id}}],
                "must": [{"bool": {"should": found}} if found else {"match_none": {}}],
                "must_not": [ASIDE],
            }
        },
        "highlight": _highlight(),
        "sort": IN_PAGE_ORDER,
    }


def _having(document: str, words: WordQuery | None, fields: Sequence[str]) -> Clause:
    """Every word must be there, in any of its forms; the alternatives that `OR` joins are one word."""
    kind: Clause = {"term": {"document": document}}
    if words is None:
        return {"bool": {"filter": [kind]}}
    each = [{"bool": {"should": [_term(term, fields) for term in group]}} for group in words.wanted]
    without = [_term(term, fields) for term in words.without]
    return {"bool": {"filter": [kind], "must": each or [{"match_none": {}}], "must_not": without}}


def _term(term: Term, fields: Sequence[str]) -> Clause:
    match: Clause = {"query": term.text, "fields": list(fields)}
    # Of "Hand-Press" both halves, in one field.
    match |= {"operator": "and"} if term.kind == "word" else {"type": TYPES[term.kind]}
    return {"multi_match": match}


def _highlight() -> Clause:
    """The whole text of a page with every found word marked, so that the words can be counted out."""
    return {
        "pre_tags": [HIT[0]],
        "post_tags": [HIT[1]],
        "number_of_fragments": 0,
        "fields": {field: {} for field in PAGE_FIELDS},
    }
