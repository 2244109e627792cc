"""What was seen in an ALTO file, for programs (`inspect`) and for people (`describe`)."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from core.errors import AltoError
from core.geometry import Box
from indexer.formats import xml_loader
from indexer.formats.alto import read_pages
from indexer.records import Page

ENDINGS = (".xml", ".xml.gz", ".alto")

UNITS_PER_INCH = {"mm10": 254, "inch1200": 1200}


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and within folders every one that may be ALTO, in alphabetical order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if _may_be_alto(found))
        else:
            yield path


def inspect(path: Path) -> dict[str, Any]:
    """The pages of a file as plain data, or `file` and `error`."""
    try:
        pages = read_pages(path)
    except AltoError as error:
        return {"file": str(path), "error": error.cause}
    return {"file": str(path), "pages": [_page(page) for page in pages]}


def describe(report: dict[str, Any]) -> str:
    """The same for a person at a terminal."""
    if "error" in report:
        return f"{report['file']}\n  cannot be read: {report['error']}"
    return "\n".join([str(report["file"]), *(line for page in report["pages"] for line in _lines(page))])


def _may_be_alto(path: Path) -> bool:
    """METS and records among them are no news; what has no root at all may be a page that is broken."""
    named_so = path.name.lower().endswith(ENDINGS) and path.is_file()
    return named_so and xml_loader.kind(path).lower() in ("alto", "")


def _page(page: Page) -> dict[str, Any]:
    words = [word for block in page.blocks for word in block.words]
    certain = [word.confidence for word in words if word.confidence is not None]
    confidence = page.confidence if page.confidence is not None or not certain else sum(certain) / len(certain)
    return {
        "id": page.id,
        "width": _plain(page.width),
        "height": _plain(page.height),
        "unit": page.unit,
        "scale": _scale(page),
        "lines": sum(len(block.lines) for block in page.blocks),
        "words": len(words),
        "confidence": None if confidence is None else round(confidence, 3),
        "pictures": [{"id": item.id, "kind": item.kind, "box": _corners(item.box)} for item in page.pictures],
        "warnings": list(page.warnings),
    }


def _scale(page: Page) -> float | None:
    """Pixels of the scan for one unit, where the file gives it away."""
    if page.unit == "pixel":
        return 1.0
    return round(page.resolution / UNITS_PER_INCH[page.unit], 4) if page.resolution else None


def _corners(box: Box) -> list[float]:
    return [_plain(number) for number in (box.x, box.y, box.width, box.height)]


def _plain(number: float) -> float:
    rounded = round(number, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _lines(page: dict[str, Any]) -> Iterator[str]:
    size = f"{page['width']} × {page['height']}" if page["width"] and page["height"] else "size not said,"
    scale = f", {page['scale']} pixels a unit" if page["scale"] not in (None, 1) else ""
    yield f"  page {page['id']}: {size} {page['unit']}{scale}"
    sure = f", confidence {page['confidence']:.0%}" if page["confidence"] is not None else ""
    yield f"    {_count(page['words'], 'word')} in {_count(page['lines'], 'line')}{sure}"
    yield f"    {_count(len(page['pictures']), 'picture')}"
    for picture in page["pictures"]:
        yield f"      {picture['kind']} {picture['id']} at {', '.join(str(number) for number in picture['box'])}"
    for warning in page["warnings"]:
        yield f"    warning: {warning}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
