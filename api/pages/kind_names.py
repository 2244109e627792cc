"""The names of the kinds of picture in the language of the page, and the kind that the words of a search name."""

from collections.abc import Callable, Sequence
from html import unescape
from typing import Any

from litestar import Request
from litestar.plugins.jinja import JinjaTemplateEngine

from api.search.request import SearchRequest
from core.picture_classes import read_classes
from core.words.tokens import tokenise

_CLASSES = read_classes(None)
KIND_NAMES = _CLASSES.classes
"""The kinds whose names are translated; a label of a catalogue is shown as it is."""

SHOWN_KINDS = tuple(name for name in KIND_NAMES if name not in _CLASSES.hidden)
MIN_BEGINNING = 4
"""Letters of a word that begins the name of a kind, as `photo` does."""
MAX_ENDING = 3
"""Letters that a word may have more than the name: those of a plural or an article, as in `kartene`."""


def create_kind_namer(request: Request[Any, Any, Any]) -> Callable[[str], str]:
    """Return a function that names a kind of picture as the pages do."""
    template_engine = request.app.template_engine
    if not isinstance(template_engine, JinjaTemplateEngine):
        return str
    names: Any = template_engine.engine.get_template("partials/names.html.jinja").module
    return lambda label: unescape(str(names.kind_of_picture(label))).strip()


def find_kind(search_request: SearchRequest, name_kind: Callable[[str], str]) -> str | None:
    """Return the kind of picture that the words of a search name as a whole; None if they name none or several.

    `name_kind` names a kind in the language of the page.
    """
    query_text = search_request.query_text.casefold()
    is_plain = search_request.query_terms.is_plain and not search_request.has_image_terms
    words = [word.text.casefold() for word in tokenise(query_text)] if is_plain else []
    if not words or search_request.values("label"):
        return None
    synonyms = {_CLASSES.find_class(text) for text in (query_text, query_text.removesuffix("s"))}
    kinds = [
        kind
        for kind in SHOWN_KINDS
        if kind in synonyms or any(_has_words(name, words) for name in (kind, name_kind(kind)))
    ]
    return kinds[0] if len(kinds) == 1 else None


def _has_words(name: str, words: Sequence[str]) -> bool:
    """Return whether each word is one of the name's, or its beginning, or one with an ending."""
    parts = [part.text.casefold() for part in tokenise(name)]
    return all(any(_is_form(word, part) for part in parts if len(part) > 2) for word in words)


def _is_form(word: str, part: str) -> bool:
    if part.startswith(word):
        return word == part or len(word) >= MIN_BEGINNING
    return len(part) >= MIN_BEGINNING - 1 and word.startswith(part) and len(word) - len(part) <= MAX_ENDING
