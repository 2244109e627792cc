"""The type of a work in few words, from what libraries write under `Type`, `Genre` and `Format`."""

import re
from collections.abc import Iterable

from core.text import fold_letters

MAX_WORDS, MAX_LENGTH = 4, 40
"""A longer value describes the work and does not name its type."""

GENERIC_TYPES = frozenset(
    fold_letters(name)
    for name in (
        *("text", "texts", "texte", "textes", "tekst", "testo", "texto", "image", "images", "bild", "image fixe"),
        *("still image", "stillimage", "digital image", "electronic", "online", "digital", "digitized", "none", "n/a"),
        *("electronic resource", "online resource", "elektronische ressource", "online-ressource", "ressource"),
        *("resource", "physical object", "physicalobject", "objet", "dataset", "collection", "item", "document"),
        *("unmediated", "computer", "pdf", "jpeg", "jpg", "tiff", "print", "volume", "unknown", "other"),
    )
)
"""Types that any scanned work has; one is taken only if there is nothing better."""

SEPARATOR = re.compile(r"\s*[/;|>]\s*|\s*--\s*|\s+-\s+")

SCHEMA_TYPE = re.compile(r"https?://(?:www\.)?schema\.org/(?P<name>[A-Za-z]+)$")


def short_type(values: Iterable[str]) -> str:
    """Return the first value that names a type of work in few words, empty if there is none."""
    candidates = [candidate for value in values if (candidate := _shorten(value))]
    specific = (candidate for candidate in candidates if fold_letters(candidate) not in GENERIC_TYPES)
    return next(specific, next(iter(candidates), ""))


def _shorten(value: str) -> str:
    """Return the most specific part of a value: `text/printed monograph` → `printed monograph`."""
    if match := SCHEMA_TYPE.match(value):
        value = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", match["name"])
    if "://" in value or re.fullmatch(r"(?:image|text|application)/[a-z.+-]+", value):
        return ""
    parts = [re.sub(r"\s*\([^)]*\)", "", part).strip(" .:;") for part in SEPARATOR.split(value)]
    usable_parts = [part for part in parts if _is_name(part)]
    specific_parts = (part for part in usable_parts if fold_letters(part) not in GENERIC_TYPES)
    return next(specific_parts, next(iter(usable_parts), ""))


def _is_name(part: str) -> bool:
    return bool(part) and len(part) <= MAX_LENGTH and len(part.split()) <= MAX_WORDS and not re.search(r"\d", part)
