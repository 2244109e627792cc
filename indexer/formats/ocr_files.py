"""Files of OCR by their content, whatever their names: ALTO, PAGE-XML, hOCR or DjVu XML → pages."""

import html
import re
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path

from indexer.formats import alto, djvu_xml, hocr, page_xml, xml_loader
from indexer.records import Page


class OcrFormat(Enum):
    """A format of pages with words and boxes; of two files of the same page, the one that comes first here is read."""

    ALTO = "ALTO"
    PAGE_XML = "PAGE-XML"
    HOCR = "hOCR"
    DJVU_XML = "DjVu XML"


FORMATS_BY_ROOT = {"alto": OcrFormat.ALTO, "PcGts": OcrFormat.PAGE_XML, "DjVuXML": OcrFormat.DJVU_XML}

XML_SUFFIXES = (".xml", ".xml.gz", ".alto")
FILE_SUFFIXES = (*XML_SUFFIXES, ".hocr", ".html", ".htm", ".xhtml", ".hocr.gz", ".html.gz")

PAGE_XML_SCAN = re.compile(rb"""\bimageFilename\s*=\s*(?:"([^"]*)"|'([^']*)')""")

READERS: Mapping[OcrFormat, Callable[[Path | bytes, str], tuple[Page, ...]]] = {
    OcrFormat.ALTO: alto.read_pages,
    OcrFormat.PAGE_XML: page_xml.read_pages,
    OcrFormat.HOCR: hocr.read_pages,
    OcrFormat.DJVU_XML: djvu_xml.read_pages,
}


def identify_ocr(head: bytes) -> OcrFormat | None:
    """Return the format of a document by its first bytes; None if it is no OCR."""
    if format_by_root := FORMATS_BY_ROOT.get(xml_loader.root_element_in(head)):
        return format_by_root
    return OcrFormat.HOCR if hocr.is_hocr(head) else None


def scan_names(path: Path) -> list[str]:
    """Return for each page the name of its scan as the file states it, empty if it does not; none for ALTO."""
    head = xml_loader.read_head(path)
    ocr_format = identify_ocr(head)
    if ocr_format is OcrFormat.HOCR:
        return hocr.page_image_names(path)
    if ocr_format is OcrFormat.DJVU_XML:
        return djvu_xml.page_names(path)
    name_match = PAGE_XML_SCAN.search(head) if ocr_format is OcrFormat.PAGE_XML else None
    return [html.unescape((name_match[1] or name_match[2]).decode("utf-8", "replace"))] if name_match else []


def read_pages(source: Path | bytes, name: str = "") -> tuple[Page, ...]:
    """Return every page of a file of OCR; OcrError if no page can be read."""
    # The reader of ALTO also says why a file is none of these formats.
    ocr_format = identify_ocr(xml_loader.read_head(source)) or OcrFormat.ALTO
    return READERS[ocr_format](source, name)
