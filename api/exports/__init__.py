"""Exports: results as CSV, JSON Lines, BibTeX, RIS or CSL-JSON."""

from api.exports.citation import Citation, Export
from api.exports.formats import MAX_EXPORTED_PICTURES, WRITERS, Format, Writer
from api.exports.references import bibliography_entry, footnote

__all__ = [
    "MAX_EXPORTED_PICTURES",
    "WRITERS",
    "Citation",
    "Export",
    "Format",
    "Writer",
    "bibliography_entry",
    "footnote",
]
