"""PAGE-XML (2010 to 2019, Transkribus, eScriptorium, OCR-D) → `Page`: words with their boxes, and pictures."""

from indexer.formats.page_xml.reader import read_pages

__all__ = ["read_pages"]
