"""A row a picture: CSV for spreadsheets, JSON Lines for programs."""

import csv
import json
from io import StringIO
from typing import Any

from api.exports.citation import Citation, Export, collapse_to_one_line

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula (OWASP, CSV injection)."""

LINE_END_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "\u0085\u2028\u2029"}
"""JSON leaves them as they are, and many a reader of lines takes them for an end."""


def csv_text(export: Export) -> str:
    """RFC 4180, with the mark by which Excel sees that it is UTF-8."""
    buffer = StringIO()
    rows = [_row(citation) for citation in export.citations]
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _format_cell(value) for name, value in row.items()} for row in rows)
    return f"\ufeff{buffer.getvalue()}"


def json_lines(export: Export) -> str:
    rows = (json.dumps(_row(citation), ensure_ascii=False) for citation in export.citations)
    return "".join(f"{row.translate(LINE_END_ESCAPES)}\n" for row in rows)


def _row(citation: Citation) -> dict[str, Any]:
    hit = citation.hit
    return {
        "id": hit.id,
        "url": citation.url,
        "urn": citation.urn,
        "page": hit.page,
        "page_label": hit.page_label,
        "page_id": hit.page_id,
        "region": citation.region,
        "caption": hit.caption,
        "label": hit.label,
        "book_id": hit.book_id,
        "identifiers": hit.identifiers,
        "title": hit.title,
        "authors": hit.authors,
        "year": hit.year,
        "publisher": hit.publisher,
        "place": hit.place,
        "languages": hit.languages,
        "licence": hit.licence,
        "image": citation.image,
        "iiif_region": hit.region,
        "viewer": hit.viewer,
        "score": hit.score,
    }


COLUMNS = (
    *("id", "url", "urn", "page", "page_label", "page_id", "region", "caption", "label"),
    *("book_id", "identifiers", "title", "authors", "year", "publisher", "place", "languages", "licence"),
    *("image", "iiif_region", "viewer", "score"),
)
"""The first row of the CSV, and the names of a JSON line."""


def _format_cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(value)
    if not isinstance(value, str):
        return value
    text = collapse_to_one_line(value)
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text
