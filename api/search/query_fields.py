"""The fields of the query syntax and their names, and the years that `year:` takes."""

import re
from collections.abc import Iterable

from api.search.query_terms import Years
from core.dates import parse_years as parse_date

FIELDS = ("title", "author", "publisher", "place", "subject", "caption", "text")

NAMES_BY_LANGUAGE: dict[str, tuple[str, ...]] = {
    "English": FIELDS,
    "Norwegian": ("tittel", "forfatter", "forlag", "sted", "emne", "bildetekst", "tekst"),
    "Norwegian Nynorsk": ("tittel", "forfattar", "forlag", "stad", "emne", "bilettekst", "tekst"),
    "Swedish": ("titel", "författare", "förlag", "ort", "ämne", "bildtext", "text"),
    "German": ("titel", "autor", "verlag", "ort", "thema", "bildunterschrift", "text"),
    "French": ("titre", "auteur", "éditeur", "lieu", "sujet", "légende", "texte"),
}
"""Language → the names of `FIELDS`, in the same order."""

YEAR = "year"
YEAR_NAMES = ("year", "date", "år", "aar", "årstall", "dato", "datum", "jahr", "année", "annee")

FIELD_BY_NAME = {
    **{name: field for names in NAMES_BY_LANGUAGE.values() for name, field in zip(names, FIELDS, strict=True)},
    **dict.fromkeys(YEAR_NAMES, YEAR),
}

_DASH = r"(?:[-–—−]|\.\.\.?|…|(?i:to|till?|bis|à|tot))"
YEAR_SPAN_PATTERN = rf"(?:[0-9]{{1,4}}|\*)\s*{_DASH}\s*(?:[0-9]{{1,4}}|\*)"
"""From one year to another."""
YEAR_RANGE_PATTERN = (
    rf"(?:[<>]=?|[≤≥])\s*[0-9]{{1,4}}|\(\s*{YEAR_SPAN_PATTERN}\s*\)|[\[{{]?\s*{YEAR_SPAN_PATTERN}\s*[\]}}]?"
    r"|[0-9]{3}\?|[0-9]{2}\?\?|\*"
)
"""Years with spaces and signs: `1860 - 1870`, `>= 1860`, `[1860 TO *]`, `(1860 til 1870)`, `186?`, `*`."""

_YEAR_RANGE = re.compile(rf"(?P<first>[0-9]{{1,4}})?{_DASH}(?P<last>[0-9]{{1,4}})?")
_COMPARISON = re.compile("(?P<sign>[<>]=?|[≤≥])(?P<year>[0-9]{1,4})")
_DECADE = re.compile("([0-9]{2,3}0)s")
_PART_OF_DATE = re.compile("[0-9]{2,3}-+")
"""Catalogues write a decade as `186-`."""


def field_name_pattern(names: Iterable[str] = FIELD_BY_NAME) -> str:
    """Return a regular expression for names of fields in small, capital and mixed letters.

    Only ASCII letters match in any case: with Unicode `ſ` would equal `s`.
    """
    plain_names = [name for name in names if name.isascii()]
    other_names = [form for name in names if not name.isascii() for form in (name, name.capitalize(), name.upper())]
    return f"(?ai:{'|'.join(plain_names)})|{'|'.join(other_names)}"


def parse_years(text: str) -> Years | None:
    """Return the years of `1867`, `1860-1870`, `1860-70`, `1860-`, `-1870`, `1860s`, `>1860` or `[1860 TO 1870]`.

    `*` and `[* TO *]` leave both ends open. Other dates are read as catalogues write them (`186-`, `c1867`,
    `18. Jahrhundert`); None if there is no year.
    """
    compact_text = re.sub(r"[\s\[\](){}*]", "", text)
    if re.fullmatch("[0-9]{1,4}", compact_text) and "*" not in text:
        return int(compact_text), int(compact_text)
    if decade := _DECADE.fullmatch(compact_text):
        return int(decade[1]), int(decade[1]) + 9
    if comparison := _COMPARISON.fullmatch(compact_text):
        return _compared_years(comparison["sign"], int(comparison["year"]))
    match = _YEAR_RANGE.fullmatch(compact_text)
    if "*" in text and (not compact_text or (match and not (match["first"] or match["last"]))):
        return None, None
    if match and (match["first"] or match["last"]) and not _PART_OF_DATE.fullmatch(compact_text):
        return _range_years(match["first"] or "", match["last"] or "")
    years = parse_date(re.sub(r"^([0-9]{2})\*$", r"\1--", text))
    return (years.first, years.last) if years else None


def _compared_years(sign: str, year: int) -> Years:
    is_strict = sign in "<>"
    return (year + is_strict, None) if sign[0] in ">≥" else (None, year - is_strict)


def _range_years(first: str, last: str) -> Years:
    if not (first and last):
        return (int(first), None) if first else (None, int(last))
    # `1860-70` ends in 1870.
    completed = first[: max(0, len(first) - len(last))] + last
    earlier, later = sorted((int(first), int(completed)))
    return earlier, later
