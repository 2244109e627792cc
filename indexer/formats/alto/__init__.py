"""ALTO XML into `Page`: versions 1 to 4, any namespace, all its units, and the ways in which it comes broken."""

from indexer.formats.alto.reader import read_page, read_pages

__all__ = ["read_page", "read_pages"]
