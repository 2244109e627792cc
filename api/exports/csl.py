"""CSL-JSON, the input of citation processors, by version 1.0.2 of the schema."""

import json
from typing import Any

from api.exports.citation import Citation, Export, collapse_to_one_line
from core.dates import YearRange


def csl_json(export: Export) -> str:
    """Return a list of items. The format has no comments, so only a response header says that it is truncated."""
    return json.dumps([_build_item(citation) for citation in export.citations], ensure_ascii=False, indent=1)


def _build_item(citation: Citation) -> dict[str, Any]:
    hit = citation.hit
    texts = {
        "title": citation.title,
        "container-title": hit.title,
        "publisher": hit.publisher,
        "publisher-place": hit.place,
        "page": citation.page,
        "genre": hit.label,
        "language": ", ".join(hit.languages),
        "note": citation.location,
        "URL": citation.url,
    }
    item: dict[str, Any] = {"id": hit.id, "type": "figure"}
    item |= {name: collapse_to_one_line(text) for name, text in texts.items() if text}
    if hit.authors:
        # These are the book's authors, as in BibTeX and RIS: without an author styles print the title in its place.
        item["author"] = [_parse_author(collapse_to_one_line(author)) for author in hit.authors]
    if hit.years:
        item["issued"] = _date_variable(hit.years)
    return item


def _date_variable(years: YearRange) -> dict[str, Any]:
    ends = [years.first] if years.is_one_year else [years.first, years.last]
    return {"date-parts": [[year] for year in ends], **({} if years.is_certain else {"circa": True})}


def _parse_author(author: str) -> dict[str, str]:
    """Split `Moe, Anna` into family and given name; keep any other form as a literal name."""
    family_name, comma, given_name = author.partition(",")
    return (
        {"family": family_name.strip(), "given": given_name.strip()}
        if comma and given_name.strip()
        else {"literal": author}
    )
