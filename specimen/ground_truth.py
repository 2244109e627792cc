"""The ground truth of the specimen books: every picture with its box, caption and context."""

from collections.abc import Callable
from typing import Any

from specimen.pages import PageElement, PictureElement, TextElement, TypesetPage

CONTEXT_WORDS = 60
"""Words before and after a picture that belong to its context."""


def page_ground_truth(
    page: TypesetPage,
    page_id: str,
    alto_id: Callable[[TypesetPage, int], str],
    block_type: Callable[[PictureElement], str],
) -> list[dict[str, Any]]:
    """Return one entry per picture, in reading order, with boxes in pixels of the scan."""
    picture_indices = [index for index, page_item in enumerate(page.elements) if isinstance(page_item, PictureElement)]
    return [
        {
            "page_id": page_id,
            "scan": f"scans/{page_id}.jpg",
            "picture": _picture_entry(page, index, alto_id(page, number), block_type),
        }
        for number, index in enumerate(picture_indices)
    ]


def _picture_entry(
    page: TypesetPage, index: int, picture_alto_id: str, block_type: Callable[[PictureElement], str]
) -> dict[str, Any]:
    picture = page.elements[index]
    assert isinstance(picture, PictureElement)  # noqa: S101 (for the type checker)
    x, y = round(picture.box.x), round(picture.box.y)
    captions = [
        page_item
        for page_item in page.elements
        if isinstance(page_item, TextElement) and page_item.role == "caption" and page_item.picture_index == index
    ]
    return {
        "alto_id": picture_alto_id,
        "kind": block_type(picture),
        "box": [x, y, round(picture.box.right) - x, round(picture.box.bottom) - y],
        "label": picture.label,
        "subject": picture.subject,
        "caption": " ".join(_words(captions)),
        "before": " ".join(_words(page.elements[:index], running_text_only=True)[-CONTEXT_WORDS:]),
        "after": " ".join(_words(page.elements[index + 1 :], running_text_only=True)[:CONTEXT_WORDS]),
    }


def _words(elements: tuple[PageElement, ...] | list[TextElement], *, running_text_only: bool = False) -> list[str]:
    """Return the words as OCR reads them, optionally only those of text and headings."""
    words = []
    for page_item in elements:
        if isinstance(page_item, TextElement) and (not running_text_only or page_item.role in {"text", "heading"}):
            words += [
                word.whole_word or word.ocr_text
                for line in page_item.lines
                for word in line.words
                if word.hyphen_part != 2
            ]
    return words
