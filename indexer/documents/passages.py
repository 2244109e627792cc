"""The passage of a picture: the words around it that a text model reads."""

from collections.abc import Mapping
from typing import Any

MAX_SIDE_WORDS = 12
"""Words nearest to the picture, before it and after it; more of them would hide what the caption says."""


def passage_of_picture(source: Mapping[str, Any]) -> str:
    """Return the caption and the text around a picture; the title of its record if nothing is printed there.

    A map of its own often has no other words; a picture in a book has the title in common with all others of the book.
    """
    context = source.get("context", {})
    before, after = (_text(context.get(side)).split() for side in ("before", "after"))
    parts = (_text(source.get("caption")), " ".join(before[-MAX_SIDE_WORDS:]), " ".join(after[:MAX_SIDE_WORDS]))
    return "\n".join(filter(None, parts)) or str(source.get("title", ""))


def _text(passage: Mapping[str, Any] | None) -> str:
    return str((passage or {}).get("text", ""))
