"""Exports: results as CSV, JSON Lines, BibTeX, RIS or CSL-JSON."""

from api.exports.citation import Citation, Export
from api.exports.formats import MAX_EXPORTED_PICTURES, WRITERS, Format, Writer

__all__ = ["MAX_EXPORTED_PICTURES", "WRITERS", "Citation", "Export", "Format", "Writer"]
