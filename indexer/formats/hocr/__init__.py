"""hOCR, in HTML or XHTML → `Page`: the words of a page with their boxes, and its pictures."""

from indexer.formats.hocr.reader import read_pages
from indexer.formats.hocr.recognition import is_hocr, page_image_names

__all__ = ["is_hocr", "page_image_names", "read_pages"]
