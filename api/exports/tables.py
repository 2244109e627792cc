"""One row per picture: CSV for spreadsheets, JSON Lines for programs."""

import csv
import json
from io import StringIO
from typing import Any

from api.exports.citation import Citation, Export, collapse_to_one_line
from api.page_names import page_name

FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
"""Characters that begin a formula in a spreadsheet (OWASP, CSV injection)."""

LINE_END_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "\u0085\u2028\u2029"}
"""Characters that JSON permits in strings but many programs take for line ends."""


def csv_text(export: Export) -> str:
    """Return CSV by RFC 4180, with a byte order mark, which Excel needs to recognise UTF-8."""
    buffer = StringIO()
    rows = [_build_row(citation) for citation in export.citations]
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _format_cell(value) for name, value in row.items()} for row in rows)
    return f"\ufeff{buffer.getvalue()}"


def json_lines(export: Export) -> str:
    """Return one JSON object per line."""
    rows = (json.dumps(_build_row(citation), ensure_ascii=False) for citation in export.citations)
    return "".join(f"{row.translate(LINE_END_ESCAPES)}\n" for row in rows)


def _build_row(citation: Citation) -> dict[str, Any]:
    hit = citation.hit
    return {
        "id": hit.id,
        "url": citation.url,
        "urn": citation.urn,
        "page": page_name(hit.page_label, hit.page),
        "image_number": hit.page,
        "page_label": hit.page_label,
        "page_id": hit.page_id,
        "region": citation.region,
        "caption": hit.caption,
        "label": hit.label,
        "label_source": hit.label_source,
        "label_by": hit.label_by,
        "label_model": hit.label_model,
        "label_confidence": hit.label_confidence,
        "label_at": hit.label_at,
        "book_id": hit.book_id,
        "identifiers": hit.identifiers,
        "title": hit.title,
        "authors": hit.authors,
        "date": hit.date,
        "year": hit.year,
        "last_year": hit.years.last if hit.years else None,
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
    *("id", "url", "urn", "page", "image_number", "page_label", "page_id", "region", "caption"),
    *("label", "label_source", "label_by", "label_model", "label_confidence", "label_at"),
    *(
        "book_id",
        "identifiers",
        "title",
        "authors",
        "date",
        "year",
        "last_year",
        "publisher",
        "place",
        "languages",
        "licence",
    ),
    *("image", "iiif_region", "viewer", "score"),
)
"""The header of the CSV and the names in a JSON line."""


def _format_cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(value)
    if not isinstance(value, str):
        return value
    text = collapse_to_one_line(value)
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text
