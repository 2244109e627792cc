"""The fields with the forms of words, which `core.words.forms` makes."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from core.words.forms import index_forms


def form_fields(record: Mapping[str, Any], languages: Sequence[str], **texts: str) -> dict[str, str]:
    """The forms of the words of a record and of texts; they make no phrases, so each stands once."""
    record_texts = {
        "title": "\n".join([record["title"], *record["alternative_titles"]]),
        "subjects": "\n".join(record["subjects"]),
        "authors": "\n".join(record["authors"]),
        "publisher": record["publisher"],
        "place": "\n".join(record["place_names"]),
    }
    return {name: _joined_forms(text, tuple(languages)) for name, text in (record_texts | texts).items()}


@lru_cache(maxsize=64)
def _joined_forms(text: str, languages: tuple[str, ...]) -> str:
    """The forms of a text; a page and each of its pictures have the same, and the record of one book."""
    return " ".join(index_forms(text, languages))
