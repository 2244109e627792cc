"""“Did you mean”: other words for those of a query that no text has."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from api.search.query_terms import QueryTerm, QueryTerms

PRINTED_SUGGESTER, FOLDED_SUGGESTER = "printed", "folded"
"""Names of the two suggesters of `queries.suggest`."""

MIN_WORD_LENGTH = 4
"""Shorter words get no suggestion: with one other letter they are a different word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordCorrection:
    """Another word for one that no text has."""

    offset: int
    """Where the word begins in the texts of the correctable terms, joined by spaces, in UTF-16 code units."""
    length: int
    """In UTF-16 code units."""
    replacement: str
    """In small letters."""


def correctable_terms(query_terms: QueryTerms) -> list[QueryTerm]:
    """Return the words and phrases that may be misspelt: not names, prefixes, numbers or excluded terms."""
    return [
        term
        for term in query_terms.should_terms
        if term.field in ("", "caption", "text")
        and term.kind in ("word", "phrase")
        and not any(map(str.isdigit, term.text))
    ]


def suggest_query_text(
    query_terms: QueryTerms, corrections: Sequence[WordCorrection], highlighted_words: Collection[str]
) -> str:
    """Return the query text with missing words replaced; empty if there is nothing to replace.

    A word that a result highlights is not missing, even if no page text has it. `highlighted_words` are in small
    letters.
    """
    suggestion = query_terms.query_text
    for word, position, replacement in reversed(list(_locate_corrections(query_terms, corrections))):
        if word.casefold() not in highlighted_words and query_terms.query_text.startswith(word, position):
            suggestion = f"{suggestion[:position]}{_match_case(replacement, word)}{suggestion[position + len(word) :]}"
    return suggestion if suggestion != query_terms.query_text else ""


def _locate_corrections(
    query_terms: QueryTerms, corrections: Sequence[WordCorrection]
) -> Iterator[tuple[str, int, str]]:
    """Yield each missing word, its position in the query text, and its replacement."""
    start = 0
    for term in correctable_terms(query_terms):
        utf16 = term.text.encode("utf-16-le")
        for correction in corrections:
            byte_offset = 2 * (correction.offset - start)
            if 0 <= byte_offset < len(utf16):
                text_before = _decode_utf16(utf16[:byte_offset])
                word = _decode_utf16(utf16[byte_offset : byte_offset + 2 * correction.length])
                yield word, term.position + len(text_before), correction.replacement
        start += len(utf16) // 2 + 1


def _decode_utf16(utf16: bytes) -> str:
    return utf16.decode("utf-16-le", "replace")


def _match_case(word: str, original: str) -> str:
    if len(original) > 1 and original.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if original[:1].isupper() else word
