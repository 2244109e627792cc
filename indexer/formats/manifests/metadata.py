"""A manifest's labels and values → Book; libraries name them as they like, in their own language."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from core.dates import first_year
from indexer.formats.manifests.values import all_words, as_list, entries, every_label, identifier, web_url, words
from indexer.records import Book

LABELS = {
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
"""Our fields, and patterns of whole labels in lower case."""

MATCH = {field: re.compile(rf"(?:{labels}):?", re.IGNORECASE) for field, labels in LABELS.items()}

URL = re.compile(r"https?://(?P<host>[^/:?#]*)[^/?#]*(?P<path>[^?#]*)", re.IGNORECASE)

SEVERAL = re.compile(r"\s+\|\s+|;;\s*|\s*;\s+")
"""How libraries put several values into one string (NB: `Brødre | Livet | Sorg`)."""

STATEMENT = re.compile(r"^(?P<place>[^:]+?)\s*:\s*(?P<publisher>.*?)[\s,]*(?P<date>\[?[^,]*\d{2}[^,]*)?$")
"""`Stockholm: Dar al-Muna, 2013`."""


def book_of(manifest: Mapping[str, Any], name: str) -> Book:
    """The catalogue record that a manifest carries."""
    said = _said(manifest)
    names = said.get("publisher", [])
    # Some write the whole imprint under "Publisher".
    imprint = next((each for each in [*said.get("published", []), *names] if STATEMENT.match(each)), "")
    place, publisher, date = _statement(imprint)
    dates = [*said.get("date", []), date, *said.get("published", [])]
    when = str(manifest.get("navDate") or "")[:10]
    year = next((year for each in [*dates, when] if (year := first_year(each))), None)
    return Book(
        id=_book_id(identifier(manifest), name),
        title=words(manifest.get("label")) or next(iter(said.get("title", [])), ""),
        authors=_split(said.get("authors", [])),
        subjects=_split(said.get("subjects", [])),
        year=year,
        date=next((each for each in dates if each and first_year(each)), when if year else ""),
        publisher=next((each for each in names if each != imprint), publisher).strip("[]"),
        place=next(iter(said.get("place", [])), place).strip("[]?: "),
        languages=_split(said.get("languages", [])),
        type_of_work=next(iter(said.get("type_of_work", [])), ""),
        identifiers=tuple(dict.fromkeys(filter(None, [*said.get("identifiers", []), identifier(manifest)]))),
        licence=_licence(manifest) or next((url for each in said.get("licence", []) for url in _links(each)), ""),
        viewer=_viewer(manifest),
    )


def _said(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Values by our names of fields, in the order of the manifest."""
    said: dict[str, list[str]] = {}
    for entry in entries(manifest, "metadata"):
        # Munich writes `Sprache / 語言 / Language`.
        labels = [part.strip() for each in every_label(entry.get("label")) for part in (each, *each.split(" / "))]
        field = next((field for field, pattern in MATCH.items() if any(map(pattern.fullmatch, labels))), None)
        if field:
            said.setdefault(field, []).extend(all_words(entry.get("value")))
    return said


def _statement(written: str) -> tuple[str, str, str]:
    match = STATEMENT.match(written)
    if match is None or written.startswith("http"):
        return "", "", written
    return match["place"].lstrip("["), (match["publisher"] or "").strip(" :,."), match["date"] or ""


def _split(values: list[str]) -> tuple[str, ...]:
    parts = (part.strip(" ;") for value in values for part in SEVERAL.split(value))
    return tuple(dict.fromkeys(filter(None, parts)))


def _book_id(manifest: str, name: str) -> str:
    """What comes before `/manifest` in the manifest's own id, with its server: NB's v1 and v3 give the same."""
    url = URL.match(manifest or name)
    ends = ("manifest", "manifest.json", "iiif", "presentation", "index.json", "info.json")
    path = [each for each in (url["path"] if url else "").split("/") if each and each not in ends]
    last = (path[-1] if path else PurePosixPath(name).stem).removesuffix(".json")
    return f"{url['host'].lower()}:{last}" if url else last


def _licence(manifest: Mapping[str, Any]) -> str:
    """The URL of the licence; where there is none, what the library writes under rights."""
    given = [
        written for key in ("rights", "license") for each in as_list(manifest.get(key)) for written in _links(each)
    ]
    return next(iter(given), "")


def _links(value: Any) -> list[str]:
    """A URL inside markup, else the words."""
    written = (identifier(value) or words(value)) if isinstance(value, Mapping) else str(value or "")
    url = re.search(r"https?://[^\s'\"<>]+", written)
    return [url[0]] if url else all_words(written)


def _viewer(manifest: Mapping[str, Any]) -> str:
    """`homepage` (3) or `related` (2), a page for people rather than another document."""
    links = [*entries(manifest, "homepage"), *entries(manifest, "related")]
    pages = [each for each in links if "json" not in str(each.get("format") or "")]
    return next((url for each in pages if (url := web_url(identifier(each)))), "")
