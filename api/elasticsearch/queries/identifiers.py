"""The clauses of identifiers: words with a digit, shelf marks, and addresses of books and pages."""

import re
from collections.abc import Iterable, Sequence

from api.elasticsearch.queries.clause import Clause
from api.search.addresses import PastedAddress, read_address
from api.search.query_terms import QueryTerms

DOCUMENT_ID_FIELDS = ("book_id", "page_id")
MAX_IDENTIFIERS = 3
"""Words with a digit that are searched as identifiers; the smallest node allows few clauses."""

MIN_IDENTIFIER_PART_LENGTH = 6

MAX_WORDS_OF_SHELF_MARK = 8
"""Words of the longest text that may be one identifier: `NB Oslo, Ms. 4° 1234`."""


_SCHEME = re.compile(r"^[^\W\d_]+\d{0,2}:(?=\w)")
"""`isbn:` of `isbn:9788200000000`, `vd17:` of `vd17:12:123456X`."""


def identifier_clauses(query_terms: QueryTerms) -> list[Clause]:
    """Return clauses that match a book or page by one of its identifiers; none if the text has no identifier."""
    clauses = _any_identifier(_identifiers_in_words(query_terms))
    for term in query_terms.addresses:
        clauses += _any_identifier(read_address(term.text).identifiers)
    return clauses


def page_clauses(query_terms: QueryTerms) -> list[Clause]:
    """Return clauses that match the page that an address names, so that its pictures come before the book's others."""
    addresses = [read_address(term.text) for term in query_terms.addresses]
    return [clause for address in addresses if address.page for clause in _clauses_of_page(address, address.page)]


def _clauses_of_page(address: PastedAddress, page: int) -> list[Clause]:
    return [
        {"bool": {"filter": [{"term": {"page": page}}, {"bool": {"should": _any_identifier(address.identifiers)}}]}},
        *_exact("page_id", address.identifiers),
    ]


def _identifiers_in_words(query_terms: QueryTerms) -> list[str]:
    """Return words with a digit, those with slashes or a scheme without it too, and a short text as one shelf mark."""
    terms = [term for term in query_terms.should_terms if not term.field and term.kind in ("word", "phrase")]
    words = [term.text for term in terms if any(map(str.isdigit, term.text))][:MAX_IDENTIFIERS]
    variants = [variant for word in words for variant in (word, word.rpartition("/")[2], _SCHEME.sub("", word))]
    if words and 1 < len(terms) <= MAX_WORDS_OF_SHELF_MARK and all(term.kind == "word" for term in terms):
        variants.append(" ".join(term.text for term in terms))
    return list(dict.fromkeys(filter(None, variants)))


def _any_identifier(variants: Sequence[str]) -> list[Clause]:
    """Return clauses for exact identifiers, in either case and with any separators, and for parts of them."""
    if not variants:
        return []
    clauses: list[Clause] = [{"terms": {"identifiers.compact": list(variants)}}, {"ids": {"values": list(variants)}}]
    clauses += [clause for field in DOCUMENT_ID_FIELDS for clause in _exact(field, variants)]
    # People remember the last part of a URN; a very short part may be a year.
    return clauses + [
        {"match_phrase": {"identifiers.parts": variant}}
        for variant in variants
        if len(variant) >= MIN_IDENTIFIER_PART_LENGTH and any(map(str.isdigit, variant))
    ]


def _exact(field: str, variants: Iterable[str]) -> list[Clause]:
    return [{"term": {field: {"value": variant, "case_insensitive": True}}} for variant in variants]
