"""Results as files that other programs read."""

from api.exports.citation import Citation, Export
from api.exports.formats import MOST, WRITERS, Format, Writer

__all__ = ["MOST", "WRITERS", "Citation", "Export", "Format", "Writer"]
