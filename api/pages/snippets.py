"""A text with marked words, cut for one line."""

import re

from markupsafe import Markup

MARK = "<em>"
CHARACTERS_BEFORE = 9
"""Characters that stand before the first mark on a short line."""

_OPEN_ENTITY = re.compile(r"^[^&;<>\s]*;")


def start_near_mark(fragment: str) -> Markup:
    """Return the part of a text from shortly before its first mark on, so that one line shows the word.

    `fragment` is HTML as `Hit.highlights` has it: escaped text with `<em>` around the words.
    """
    position = fragment.find(MARK)
    if position <= CHARACTERS_BEFORE:
        return Markup(fragment)  # noqa: S704 - `Highlighter` has escaped it
    before = _OPEN_ENTITY.sub("", fragment[position - CHARACTERS_BEFORE : position])
    words = before.partition(" ")[2] if " " in before[:-1] else ""
    return Markup(f"… {words}{fragment[position:]}")  # noqa: S704
