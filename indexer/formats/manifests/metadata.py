"""The metadata of a IIIF manifest → `Book`; libraries choose the labels and write them in their own language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from core.dates import first_years, parse_years
from core.identifiers import identifier_of_place, is_identifier
from core.languages import is_language_code, language_codes
from indexer.formats.catalogue_records.imprints import IMPRINT, parse_imprint
from indexer.formats.catalogue_records.named_roles import author_names
from indexer.formats.catalogue_records.values import join_places
from indexer.formats.catalogue_records.work_types import short_type
from indexer.formats.manifests.labels import field_of_label
from indexer.formats.manifests.titles import choose_title
from indexer.formats.manifests.values import (
    EQUAL_LANGUAGES,
    all_label_strings,
    all_strings,
    as_list,
    entries,
    first_string,
    identifier,
    strip_markup,
    web_url,
)
from indexer.records import Book

URL = re.compile(r"https?://(?P<host>[^/:?#]*)[^/?#]*(?P<path>[^?#]*)", re.IGNORECASE)

LINK = re.compile(r"https?://[^\s'\"<>]+")

VALUE_SEPARATOR = re.compile(r"\s+\|\s+|;;\s*|\s*;\s+(?![^()]*\))")
"""Separator of several values in one string (NB: `Brødre | Livet | Sorg`), not inside brackets."""

FIELDS_OF_LISTS = ("authors", "subjects", "languages", "identifiers", "type_of_work")
"""Fields whose lines are values of their own; a title and an imprint go on in the next line."""

GENERIC_SEGMENTS = ("manifest", "manifest.json", "iiif", "presentation", "index.json", "info.json")
"""Segments of a manifest's address that do not identify a book."""


def book_from_manifest(manifest: Mapping[str, Any], document_name: str) -> Book:
    """Return the catalogue record in a manifest."""
    languages = record_languages(manifest)
    metadata = _metadata_values(manifest, languages)
    publisher_names = metadata.get("publisher", [])
    # Some libraries write the whole imprint under "Publisher".
    imprint = next(
        (statement for statement in [*metadata.get("published", []), *publisher_names] if IMPRINT.match(statement)), ""
    )
    place, publisher, date = parse_imprint(imprint)
    dates = [*metadata.get("date", []), date, *metadata.get("published", [])]
    navigation_date = _navigation_date(manifest)
    years = first_years([*dates, navigation_date])
    label, marks = first_string(manifest.get("label"), languages), metadata.get("identifiers", [])
    title = choose_title(label, metadata.get("title", []), marks)
    return Book(
        id=_book_id(identifier(manifest), document_name),
        title=title,
        authors=author_names(_split_values(metadata.get("authors", []))),
        subjects=_split_values(metadata.get("subjects", [])),
        years=years,
        date=next(
            (candidate for candidate in dates if candidate and parse_years(candidate)), navigation_date if years else ""
        ),
        publisher=next((publisher_name for publisher_name in publisher_names if publisher_name != imprint), publisher),
        place=join_places(metadata.get("place", [])) or place,
        languages=_split_values(metadata.get("languages", [])),
        type_of_work=short_type(metadata.get("type_of_work", [])),
        identifiers=_unique([*marks, "" if label in title else label, identifier(manifest)]),
        licence=_licence(manifest) or next(iter(metadata.get("licence", [])), ""),
        viewer=_viewer(manifest),
    )


def record_languages(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the codes of the languages that the metadata name, in which labels and values are preferred."""
    names = [
        name
        for entry in entries(manifest, "metadata")
        if _field(entry) == "languages"
        for name in all_label_strings(entry.get("value"))
    ]
    codes = (code for code in language_codes(map(strip_markup, names)) if is_language_code(code))
    return _unique(EQUAL_LANGUAGES.get(code, code) for code in codes)


def _field(entry: Mapping[str, Any]) -> str:
    fields = map(field_of_label, all_label_strings(entry.get("label")))
    return next(filter(None, fields), "")


def _metadata_values(manifest: Mapping[str, Any], languages: Sequence[str]) -> dict[str, list[str]]:
    """Return the values by field, in the order of the manifest."""
    values: dict[str, list[str]] = {}
    for entry in entries(manifest, "metadata"):
        if field := _field(entry):
            strings = all_strings(entry.get("value"), languages, by_line=field in FIELDS_OF_LISTS)
            values.setdefault(field, []).extend(strings)
    return values


def _navigation_date(manifest: Mapping[str, Any]) -> str:
    """Return `navDate`; the first of January stands for the whole year."""
    date = manifest.get("navDate")
    return date[:10].removesuffix("-01-01") if isinstance(date, str) else ""


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))


def _split_values(values: list[str]) -> tuple[str, ...]:
    return _unique(part.strip(" ;") for value in values for part in VALUE_SEPARATOR.split(value))


def _book_id(manifest_id: str, document_name: str) -> str:
    """Return server and name of the book from the manifest's id; equal in NB's versions 1 and 3.

    The name is the last segment before `/manifest` if that is an identifier, else all segments, as in `book1/vol1`.
    """
    address = manifest_id or document_name
    url_match = URL.match(address)
    if not url_match:
        return identifier_of_place(PurePosixPath(document_name).name.removesuffix(".json"), document_name)
    segments = [segment for segment in url_match["path"].split("/") if segment and segment not in GENERIC_SEGMENTS]
    names = [segment.removesuffix(".json") for segment in segments]
    query = address.partition("#")[0].partition("?")[2]
    own_names = names[-1:] if names and is_identifier(names[-1]) and not query else [*names, query]
    return ":".join([url_match["host"].lower(), *filter(None, own_names)])


def _licence(manifest: Mapping[str, Any]) -> str:
    """Return the URL of the licence, or the text under `rights`; empty if there is only a text in the metadata."""
    links = [
        link for key in ("rights", "license") for value in as_list(manifest.get(key)) for link in _extract_links(value)
    ]
    values = (entry.get("value") for entry in entries(manifest, "metadata") if _field(entry) == "licence")
    texts = (text for value in values for text in all_label_strings(value))
    return next(iter(links), "") or next((url[0] for text in texts if (url := LINK.search(text))), "")


def _extract_links(value: Any) -> list[str]:
    """Return the URL inside markup, else the text."""
    text = (identifier(value) or first_string(value)) if isinstance(value, Mapping) else str(value or "")
    url_match = LINK.search(text)
    return [url_match[0]] if url_match else all_strings(text)


def _viewer(manifest: Mapping[str, Any]) -> str:
    """Return the URL of `homepage` (version 3) or `related` (version 2) that is a web page."""
    links = [*entries(manifest, "homepage"), *entries(manifest, "related")]
    pages = [link for link in links if "json" not in str(link.get("format") or "")]
    return next((url for page in pages if (url := web_url(identifier(page)))), "")
