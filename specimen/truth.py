"""What is where: the answer that the reading of a specimen is held against."""

from collections.abc import Callable
from typing import Any

from specimen.pages import Element, PictureElement, PrintedPage, TextElement

NEAR = 60
"""Words before and after that count as a picture's neighbourhood."""


def page_truth(
    page: PrintedPage, page_id: str, alto_id: Callable[[PrintedPage, int], str], kind: Callable[[PictureElement], str]
) -> list[dict[str, Any]]:
    """One entry a picture, in reading order; boxes in pixels of the scan."""
    places = [at for at, part in enumerate(page.elements) if isinstance(part, PictureElement)]
    return [
        {
            "page_id": page_id,
            "scan": f"scans/{page_id}.jpg",
            "picture": _picture(page, at, alto_id(page, number), kind),
        }
        for number, at in enumerate(places)
    ]


def _picture(page: PrintedPage, at: int, name: str, kind: Callable[[PictureElement], str]) -> dict[str, Any]:
    picture = page.elements[at]
    assert isinstance(picture, PictureElement)  # noqa: S101 (for the type checker)
    x, y = round(picture.box.x), round(picture.box.y)
    captions = [e for e in page.elements if isinstance(e, TextElement) and e.role == "caption" and e.picture == at]
    return {
        "alto_id": name,
        "kind": kind(picture),
        "box": [x, y, round(picture.box.right) - x, round(picture.box.bottom) - y],
        "label": picture.label,
        "subject": picture.subject,
        "caption": " ".join(_words(captions)),
        "before": " ".join(_words(page.elements[:at], running=True)[-NEAR:]),
        "after": " ".join(_words(page.elements[at + 1 :], running=True)[:NEAR]),
    }


def _words(elements: tuple[Element, ...] | list[TextElement], *, running: bool = False) -> list[str]:
    """Words as the OCR gives them; with `running` only those of the running text."""
    found = []
    for part in elements:
        if isinstance(part, TextElement) and (not running or part.role in {"text", "heading"}):
            found += [word.whole or word.ocr for line in part.lines for word in line.words if word.part != 2]
    return found
