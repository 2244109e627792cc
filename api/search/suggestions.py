"""Did you mean: what Elasticsearch suggests for single words → the question as it may have been meant."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from api.search.query_syntax import Term, WordQuery

PRINTED_NAME, FOLDED_NAME = "printed", "folded"
"""Names of the two suggesters of `queries.suggest`."""

MIN_LETTERS = 4
"""A letter apart, a shorter word is any word."""

MARKED = re.compile("<em>(.*?)</em>")


def correctable(query: WordQuery) -> list[Term]:
    """Words and phrases that may stand in a text. Names, beginnings of words, and what was excluded stay as typed."""
    return [
        term
        for term in query.terms
        if term.field in ("", "caption", "text") and term.kind != "prefix" and not any(map(str.isdigit, term.text))
    ]


def suggestion(query: WordQuery, answer: Mapping[str, Any]) -> str:
    """The question with other words in place of those that no text has; empty if there are none.

    A word counts as missing only if it is so in every century's spelling, and if no result has it in its record.
    """
    found = _found(answer)
    corrected = query.typed
    for word, at, option in reversed(list(_options(query, answer.get("suggest", {})))):
        if word.casefold() not in found and query.typed.startswith(word, at):
            corrected = f"{corrected[:at]}{_cased(option, word)}{corrected[at + len(word) :]}"
    return corrected if corrected != query.typed else ""


def _options(query: WordQuery, suggested: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    """A missing word, where it was typed, and the best other word; offsets are in the terms joined by spaces."""
    missing = {entry["offset"] for entry in suggested.get(FOLDED_NAME, ()) if entry["options"]}
    entries = [entry for entry in suggested.get(PRINTED_NAME, ()) if entry["options"] and entry["offset"] in missing]
    start = 0
    for term in correctable(query):
        units = term.text.encode("utf-16-le")
        for entry in entries:
            at = 2 * (entry["offset"] - start)
            if 0 <= at < len(units):
                before, word = _text(units[:at]), _text(units[at : at + 2 * entry["length"]])
                yield word, term.at + len(before), entry["options"][0]["text"]
        start += len(units) // 2 + 1


def _text(units: bytes) -> str:
    """Elasticsearch counts in UTF-16."""
    return units.decode("utf-16-le", "replace")


def _found(answer: Mapping[str, Any]) -> set[str]:
    """Words that are marked in the results."""
    fragments = (
        fragment
        for hit in answer.get("hits", {}).get("hits", ())
        for several in hit.get("highlight", {}).values()
        for fragment in several
    )
    return {word.casefold() for fragment in fragments for word in MARKED.findall(fragment)}


def _cased(word: str, like: str) -> str:
    """Elasticsearch suggests in small letters."""
    if len(like) > 1 and like.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
