"""Whether a file is hOCR, and which scans it names, without parsing it."""

import html
import re
from pathlib import Path

from core.errors import SourceError
from indexer.formats import xml_loader
from indexer.formats.hocr.properties import parse_image

FILE_SUFFIXES = (".hocr", ".html", ".htm", ".xhtml", ".hocr.gz", ".html.gz")

HEAD_PATTERN = re.compile(rb"ocr_page|ocr-system|ocr-capabilities")
PAGE_TAG = re.compile(rb"""<[^<>]*\bclass\s*=\s*["']?ocr_page\b[^<>]*>""")
TITLE = re.compile(r"""\btitle\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def is_hocr(head: bytes) -> bool:
    """Return whether these first bytes of a file are those of hOCR."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and HEAD_PATTERN.search(head) is not None


def page_image_names(path: Path) -> list[str]:
    """Return for each page of an hOCR file the name of its scan as written, empty if it names none.

    An unreadable file has no pages here; the error is raised where it is read.
    """
    try:
        data = xml_loader.read_bytes(path, str(path), [])
    except SourceError:
        return []
    titles = (TITLE.search(tag.decode("utf-8", "replace")) for tag in PAGE_TAG.findall(data))
    return [parse_image(html.unescape(title[1] or title[2] or "")) if title else "" for title in titles]
