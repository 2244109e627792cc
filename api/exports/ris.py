"""RIS, for Zotero, EndNote and Mendeley: each picture as a chapter of its book."""

from collections.abc import Iterator

from api.exports.citation import Citation, Export, collapse_to_one_line


def ris(export: Export) -> str:
    """Return the records. RIS has no comments, so the truncation note is in the last record."""
    last_position = len(export.citations) - 1
    return "".join(
        _format_record(citation, export.truncation_note if position == last_position else "")
        for position, citation in enumerate(export.citations)
    )


def _format_record(citation: Citation, note: str) -> str:
    lines = (f"{tag}  - {collapse_to_one_line(value)}" for tag, value in _tags(citation, note) if value)
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _tags(citation: Citation, note: str) -> Iterator[tuple[str, str]]:
    hit = citation.hit
    yield "TY", "CHAP"
    yield "ID", hit.id
    for author in hit.authors:
        yield "AU", author
    yield "TI", citation.title
    yield "T2", hit.title
    yield "PY", "" if hit.year is None else str(hit.year)
    yield "PB", hit.publisher
    yield "CY", hit.place
    yield "SP", citation.page
    for language in hit.languages:
        yield "LA", language
    yield "UR", citation.url
    yield "L4", citation.image
    yield "KW", hit.label
    yield "N1", citation.location
    yield "N1", note
