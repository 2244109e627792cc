"""A few words of a page around those that a reader looks for. Pure functions."""

from dataclasses import dataclass

from api.records import PageText

WORDS_BEFORE, WORDS_AFTER = 8, 16


@dataclass(frozen=True, slots=True)
class SnippetPart:
    text: str
    is_match: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Words around the first match, in parts that are marked or not."""

    parts: tuple[SnippetPart, ...]
    is_start: bool
    """Whether it begins with the first word of the page."""
    is_end: bool


def page_snippet(page_text: PageText) -> Snippet:
    """Return the words around the first match; the first words of the page if none is known."""
    words, positions = page_text.words, page_text.match_positions
    first = max(0, min(positions, default=0) - WORDS_BEFORE)
    end = min(len(words), first + WORDS_BEFORE + WORDS_AFTER)
    parts: list[SnippetPart] = []
    for position in range(first, end):
        is_match = position in positions
        if parts and parts[-1].is_match == is_match:
            parts[-1] = SnippetPart(f"{parts[-1].text} {words[position]}", is_match)
        else:
            parts.append(SnippetPart(words[position], is_match))
    return Snippet(parts=tuple(parts), is_start=first == 0, is_end=end == len(words))
