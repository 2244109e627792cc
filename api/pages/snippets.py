"""A text with marked words, cut for a short line."""

from html import escape, unescape

from markupsafe import Markup

MARK, MARK_END = "<em>", "</em>"
LINE_LENGTH = 20
"""Characters of a short line."""


def start_near_mark(fragment: str, line_length: int = LINE_LENGTH) -> Markup:
    """Return the part of a text in which the first marked word ends within so many characters, where it can.

    `fragment` is HTML as `Hit.highlights` has it: escaped text with `<em>` around the words. A text without a mark
    stays as it is.
    """
    start, mark, rest = fragment.partition(MARK)
    before, word = unescape(start), unescape(rest.partition(MARK_END)[0])
    if not mark or len(before) + len(word) <= line_length:
        return Markup(fragment)  # noqa: S704 - `Highlighter` has escaped it
    kept = _last_words(before, line_length - len(word) - len("… "))
    return Markup(f"… {escape(kept)}{mark}{rest}")  # noqa: S704


def _last_words(text: str, length: int) -> str:
    """Return the end of a text: at most so many characters, from the beginning of a word."""
    if length <= 0:
        return ""
    end = text[-length:]
    return end if len(end) == len(text) or text[-length - 1].isspace() else end.partition(" ")[2]
