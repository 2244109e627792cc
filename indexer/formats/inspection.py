"""Reports about files of OCR, for programs (`inspect`) and for people (`describe`)."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from core.errors import OcrError
from core.geometry import Box
from indexer.formats import ocr_files, xml_loader
from indexer.records import Page

UNITS_PER_INCH = {"mm10": 254, "inch1200": 1200}


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the named files, and all files of OCR in named folders, in alphabetical order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(candidate for candidate in path.rglob("*") if _may_be_ocr(candidate))
        else:
            yield path


def inspect(path: Path) -> dict[str, Any]:
    """Return the pages of a file as plain data; `file` and `error` if it cannot be read."""
    try:
        pages = ocr_files.read_pages(path)
    except OcrError as error:
        return {"file": str(path), "error": error.cause}
    return {"file": str(path), "pages": [_page_report(page) for page in pages]}


def describe(report: dict[str, Any]) -> str:
    """Return a report of `inspect` as text for a terminal."""
    if "error" in report:
        return f"{report['file']}\n  cannot be read: {report['error']}"
    return "\n".join([str(report["file"]), *(line for page in report["pages"] for line in _describe_page(page))])


def _may_be_ocr(path: Path) -> bool:
    """Return whether a file may be OCR; XML without any root element may be a broken page."""
    name = path.name.lower()
    if not (name.endswith(ocr_files.FILE_SUFFIXES) and path.is_file()):
        return False
    head = xml_loader.read_head(path)
    is_broken = name.endswith(ocr_files.XML_SUFFIXES) and not xml_loader.root_element_in(head)
    return ocr_files.identify_ocr(head) is not None or is_broken


def _page_report(page: Page) -> dict[str, Any]:
    words = [word for block in page.blocks for word in block.words]
    confidences = [word.confidence for word in words if word.confidence is not None]
    confidence = (
        page.confidence if page.confidence is not None or not confidences else sum(confidences) / len(confidences)
    )
    return {
        "id": page.id,
        "width": _round_number(page.width),
        "height": _round_number(page.height),
        "unit": page.unit,
        "scale": _pixels_per_unit(page),
        "lines": sum(len(block.lines) for block in page.blocks),
        "words": len(words),
        "confidence": None if confidence is None else round(confidence, 3),
        "pictures": [
            {"id": picture.id, "block_type": picture.block_type, "box": _box_values(picture.box)}
            for picture in page.pictures
        ],
        "warnings": list(page.warnings),
    }


def _pixels_per_unit(page: Page) -> float | None:
    """Return the pixels of the scan per unit; None if the file does not allow to infer it."""
    if page.unit == "pixel":
        return 1.0
    return round(page.resolution / UNITS_PER_INCH[page.unit], 4) if page.resolution else None


def _box_values(box: Box) -> list[float]:
    return [_round_number(coordinate) for coordinate in (box.x, box.y, box.width, box.height)]


def _round_number(number: float) -> float:
    rounded = round(number, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _describe_page(page: dict[str, Any]) -> Iterator[str]:
    size = f"{page['width']} × {page['height']}" if page["width"] and page["height"] else "unknown size,"
    scale = f", {page['scale']} pixels a unit" if page["scale"] not in (None, 1) else ""
    yield f"  page {page['id']}: {size} {page['unit']}{scale}"
    confidence_text = f", confidence {page['confidence']:.0%}" if page["confidence"] is not None else ""
    yield f"    {_format_count(page['words'], 'word')} in {_format_count(page['lines'], 'line')}{confidence_text}"
    yield f"    {_format_count(len(page['pictures']), 'picture')}"
    for picture in page["pictures"]:
        box_text = ", ".join(map(str, picture["box"]))
        yield f"      {picture['block_type']} {picture['id']} at {box_text}"
    for warning in page["warnings"]:
        yield f"    warning: {warning}"


def _format_count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
