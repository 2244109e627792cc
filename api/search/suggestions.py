"""Did you mean: what Elasticsearch suggests for single words → the question as it may have been meant."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from api.search.query_syntax import QueryTerm, QueryTerms

PRINTED_SUGGESTER, FOLDED_SUGGESTER = "printed", "folded"
"""Names of the two suggesters of `queries.suggest`."""

MIN_WORD_LENGTH = 4
"""A letter apart, a shorter word is any word."""

HIGHLIGHT_PATTERN = re.compile("<em>(.*?)</em>")


def correctable_terms(query_terms: QueryTerms) -> list[QueryTerm]:
    """Words and phrases that may stand in a text. Names, beginnings of words, and what was excluded stay as typed."""
    return [
        term
        for term in query_terms.should_terms
        if term.field in ("", "caption", "text") and term.kind != "prefix" and not any(map(str.isdigit, term.text))
    ]


def suggestion(query_terms: QueryTerms, response: Mapping[str, Any]) -> str:
    """The question with other words in place of those that no text has; empty if there are none.

    A word counts as missing only if it is so in every century's spelling, and if no result has it in its record.
    """
    highlighted_words = _highlighted_words(response)
    corrected_text = query_terms.query_text
    for word, position, replacement in reversed(list(_corrections(query_terms, response.get("suggest", {})))):
        if word.casefold() not in highlighted_words and query_terms.query_text.startswith(word, position):
            corrected_text = (
                f"{corrected_text[:position]}{_match_case(replacement, word)}{corrected_text[position + len(word) :]}"
            )
    return corrected_text if corrected_text != query_terms.query_text else ""


def _corrections(query_terms: QueryTerms, suggestions: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    """A missing word, where it was typed, and the best other word; offsets are in the terms joined by spaces."""
    missing_offsets = {entry["offset"] for entry in suggestions.get(FOLDED_SUGGESTER, ()) if entry["options"]}
    entries = [
        entry
        for entry in suggestions.get(PRINTED_SUGGESTER, ())
        if entry["options"] and entry["offset"] in missing_offsets
    ]
    start = 0
    for term in correctable_terms(query_terms):
        utf16 = term.text.encode("utf-16-le")
        for entry in entries:
            byte_offset = 2 * (entry["offset"] - start)
            if 0 <= byte_offset < len(utf16):
                text_before, word = (
                    _decode_utf16(utf16[:byte_offset]),
                    _decode_utf16(utf16[byte_offset : byte_offset + 2 * entry["length"]]),
                )
                yield word, term.position + len(text_before), entry["options"][0]["text"]
        start += len(utf16) // 2 + 1


def _decode_utf16(utf16: bytes) -> str:
    """Elasticsearch counts in UTF-16."""
    return utf16.decode("utf-16-le", "replace")


def _highlighted_words(response: Mapping[str, Any]) -> set[str]:
    """Words that are marked in the results."""
    fragments = (
        fragment
        for hit in response.get("hits", {}).get("hits", ())
        for field_fragments in hit.get("highlight", {}).values()
        for fragment in field_fragments
    )
    return {word.casefold() for fragment in fragments for word in HIGHLIGHT_PATTERN.findall(fragment)}


def _match_case(word: str, original: str) -> str:
    """Elasticsearch suggests in small letters."""
    if len(original) > 1 and original.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if original[:1].isupper() else word
