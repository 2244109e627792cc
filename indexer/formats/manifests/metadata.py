"""The metadata of a IIIF manifest → `Book`; libraries choose the labels and write them in their own language."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from core.dates import first_years, parse_years
from core.identifiers import identifier_of_place, is_identifier
from indexer.formats.manifests.values import (
    all_label_strings,
    all_strings,
    as_list,
    entries,
    first_string,
    identifier,
    web_url,
)
from indexer.records import Book

FIELD_LABELS = {
    "title": "title|tittel|titel|titre|teitl|naam|full title",
    "authors": "author|creator|forfatter|medforfatter|verfasser|autor|auteur|créateur|createur|skaper|artist|opphav"
    "|illustrat\\w+|kunstner|kunstenaar|künstler|maker|(?:author|artist) ?/ ?(?:creator|maker)|medforfatter/bidragsyter"
    "|bidragsyter|contributor|cartographer|engraver|lithographer|photographer|fotograf|editor|redaktør|(?:authors|creators"
    "|contributors|editors|auteurs)|(?:author|creator|contributor)\\(s\\)|creator ?/ ?contributor|autor:in",
    "date": "date|dato|datum|year|år|jahr|année|date issued|date statement|date published|published/created date"
    "|entstehungsjahr|erscheinungsjahr|erscheinungsdatum|utgivelsesår|utgitt|jaar van uitgave"
    "|date de (?:publication|parution)|datecreated|created"
    "|date created|created date|date created ?/ ?date issued|dated|date of creation|datierung|display-date"
    "|century|publication date|date of (?:origin|publication).*|udgivelsesår|coverage",
    "published": "published|publisert|publication(?: statement)?|publication ?/ ?creation|imprint|entstehung"
    "|created published|utgivelse|impressum|erschienen",
    "publisher": "publisher|forlag|utgiver|verlag|éditeur|editeur|uitgever|verleger|förlag|utgivare|trykker|printer",
    "place": "place|sted|ort|lieu|plaats|publication place|place of publication|place of origin.*|utgivelsessted"
    "|trykkested|origin place|place created|lokalisierung|erscheinungsort"
    "|lieu de publication|placeofpublication|entstehungsort",
    "languages": "languages?|language\\(s\\)|språk|sprache|langue|taal|text language|sprog",
    "subjects": "subjects?|additional subjects|subject\\(s\\)|emne|emneord"
    "|topic|schlagw(?:ort|örter)|sujet|keywords?|subject \\(.*\\)|ämne|trefwoorden",
    "type_of_work": "type|medietype|genre|document type|material type|format|objektkategorie|resource type"
    "|documentsoort|mediumtype|object type|type of item",
    "identifiers": "identifier|urn|isbn|ark|doi|ppn.*|shelfmarks?|call ?number|signatur|hyllesignatur|callnr|permalink"
    "|varig lenke|persistent url|persistente url|cote|record|oai|identifikator|object number|id|lokalsignatur"
    "|accession number|classmark|shelf number",
    "licence": "licen[cs]e|rights(?: statement| ?/ ?license| and use)?|copyright|usage terms|rettigheter|lisens|lizenz"
    "|rättighetsmärkning",
}
"""Field → pattern of its whole label in lower case."""

LABEL_PATTERNS = {field: re.compile(rf"(?:{labels}):?", re.IGNORECASE) for field, labels in FIELD_LABELS.items()}

URL = re.compile(r"https?://(?P<host>[^/:?#]*)[^/?#]*(?P<path>[^?#]*)", re.IGNORECASE)

VALUE_SEPARATOR = re.compile(r"\s+\|\s+|;;\s*|\s*;\s+")
"""Separator of several values in one string (NB: `Brødre | Livet | Sorg`)."""

GENERIC_SEGMENTS = ("manifest", "manifest.json", "iiif", "presentation", "index.json", "info.json")
"""Segments of a manifest's address that do not identify a book."""

IMPRINT = re.compile(r"^(?P<place>[^:]+?)\s*:\s*(?P<publisher>.*?)[\s,]*(?P<date>\[?[^,]*\d{2}[^,]*)?$")
"""An imprint such as `Stockholm: Dar al-Muna, 2013`."""


def book_from_manifest(manifest: Mapping[str, Any], document_name: str) -> Book:
    """Return the catalogue record in a manifest."""
    metadata = _metadata_values(manifest)
    publisher_names = metadata.get("publisher", [])
    # Some libraries write the whole imprint under "Publisher".
    imprint = next(
        (statement for statement in [*metadata.get("published", []), *publisher_names] if IMPRINT.match(statement)), ""
    )
    place, publisher, date = _parse_imprint(imprint)
    dates = [*metadata.get("date", []), date, *metadata.get("published", [])]
    navigation_date = str(manifest.get("navDate") or "")[:10]
    years = first_years([*dates, navigation_date])
    return Book(
        id=_book_id(identifier(manifest), document_name),
        title=first_string(manifest.get("label")) or next(iter(metadata.get("title", [])), ""),
        authors=_split_values(metadata.get("authors", [])),
        subjects=_split_values(metadata.get("subjects", [])),
        years=years,
        date=next(
            (candidate for candidate in dates if candidate and parse_years(candidate)), navigation_date if years else ""
        ),
        publisher=next(
            (publisher_name for publisher_name in publisher_names if publisher_name != imprint), publisher
        ).strip("[]"),
        place=next(iter(metadata.get("place", [])), place).strip("[]?: "),
        languages=_split_values(metadata.get("languages", [])),
        type_of_work=next(iter(metadata.get("type_of_work", [])), ""),
        identifiers=tuple(dict.fromkeys(filter(None, [*metadata.get("identifiers", []), identifier(manifest)]))),
        licence=_licence(manifest)
        or next((url for value in metadata.get("licence", []) for url in _extract_links(value)), ""),
        viewer=_viewer(manifest),
    )


def _metadata_values(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the values by field, in the order of the manifest."""
    values: dict[str, list[str]] = {}
    for entry in entries(manifest, "metadata"):
        # The library in Munich writes `Sprache / 語言 / Language`.
        labels = [
            part.strip() for label in all_label_strings(entry.get("label")) for part in (label, *label.split(" / "))
        ]
        field = next((field for field, pattern in LABEL_PATTERNS.items() if any(map(pattern.fullmatch, labels))), None)
        if field:
            values.setdefault(field, []).extend(all_strings(entry.get("value")))
    return values


def _parse_imprint(imprint: str) -> tuple[str, str, str]:
    match = IMPRINT.match(imprint)
    if match is None or imprint.startswith("http"):
        return "", "", imprint
    return match["place"].lstrip("["), (match["publisher"] or "").strip(" :,."), match["date"] or ""


def _split_values(values: list[str]) -> tuple[str, ...]:
    parts = (part.strip(" ;") for value in values for part in VALUE_SEPARATOR.split(value))
    return tuple(dict.fromkeys(filter(None, parts)))


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
    """Return the URL of the licence, or the text of the rights if there is no URL."""
    links = [
        link for key in ("rights", "license") for value in as_list(manifest.get(key)) for link in _extract_links(value)
    ]
    return next(iter(links), "")


def _extract_links(value: Any) -> list[str]:
    """Return the URL inside markup, else the text."""
    text = (identifier(value) or first_string(value)) if isinstance(value, Mapping) else str(value or "")
    url_match = re.search(r"https?://[^\s'\"<>]+", text)
    return [url_match[0]] if url_match else all_strings(text)


def _viewer(manifest: Mapping[str, Any]) -> str:
    """Return the URL of `homepage` (version 3) or `related` (version 2) that is a web page."""
    links = [*entries(manifest, "homepage"), *entries(manifest, "related")]
    pages = [link for link in links if "json" not in str(link.get("format") or "")]
    return next((url for page in pages if (url := web_url(identifier(page)))), "")
