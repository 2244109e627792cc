"""ALTO XML → `Page`: versions 1 to 4, any namespace, all units, and damaged files as far as they can be read."""

from indexer.formats.alto.reader import read_page, read_pages

__all__ = ["read_page", "read_pages"]
