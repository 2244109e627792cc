"""The fields of the query syntax and their names, and the years that `year:` takes."""

import re

from api.search.query_terms import Years

FIELDS = ("title", "author", "publisher", "place", "subject", "caption", "text")

NAMES_BY_LANGUAGE: dict[str, tuple[str, ...]] = {
    "English": FIELDS,
    "Norwegian": ("tittel", "forfatter", "forlag", "sted", "emne", "bildetekst", "tekst"),
    "Swedish": ("titel", "författare", "förlag", "ort", "ämne", "bildtext", "text"),
    "German": ("titel", "autor", "verlag", "ort", "thema", "bildunterschrift", "text"),
    "French": ("titre", "auteur", "éditeur", "lieu", "sujet", "légende", "texte"),
}
"""Language → the names of `FIELDS`, in the same order."""

YEAR = "year"
YEAR_NAMES = ("year", "år", "aar", "jahr", "année", "annee")

FIELD_BY_NAME = {
    **{name: field for names in NAMES_BY_LANGUAGE.values() for name, field in zip(names, FIELDS, strict=True)},
    **dict.fromkeys(YEAR_NAMES, YEAR),
}

_DASH = "[-–—]|\\.\\."
_YEAR_RANGE = re.compile(rf"(?P<first>[0-9]{{1,4}})?(?:{_DASH})(?P<last>[0-9]{{1,4}})?")
_DECADE = re.compile("([0-9]{2,3}0)s")


def field_name_pattern() -> str:
    """Return a regular expression for the names of fields in small, capital and mixed letters.

    Only ASCII letters match in any case: with Unicode `ſ` would equal `s`.
    """
    plain_names = [name for name in FIELD_BY_NAME if name.isascii()]
    other_names = [
        form for name in FIELD_BY_NAME if not name.isascii() for form in (name, name.capitalize(), name.upper())
    ]
    return f"(?ai:{'|'.join(plain_names)})|{'|'.join(other_names)}"


def parse_years(text: str) -> Years | None:
    """Return the years of `1867`, `1860-1870`, `1860-70`, `1860-`, `-1870` or `1860s`; None for another text."""
    text = text.replace(" ", "")
    if re.fullmatch("[0-9]{1,4}", text):
        return int(text), int(text)
    if decade := _DECADE.fullmatch(text):
        return int(decade[1]), int(decade[1]) + 9
    match = _YEAR_RANGE.fullmatch(text)
    if not match or not (match["first"] or match["last"]):
        return None
    if not (match["first"] and match["last"]):
        return (int(match["first"]), None) if match["first"] else (None, int(match["last"]))
    # `1860-70` ends in 1870.
    completed = match["first"][: max(0, len(match["first"]) - len(match["last"]))] + match["last"]
    first, last = sorted((int(match["first"]), int(completed)))
    return first, last
