"""What the classes of hOCR mean: pages, text blocks, lines, words and pictures."""

from enum import Enum, auto
from functools import lru_cache


class ElementKind(Enum):
    """What an element of hOCR is."""

    PAGE = auto()
    BLOCK = auto()
    ROLE = auto()
    """A block or a line with a role, such as a caption."""
    LINE = auto()
    WORD = auto()
    PICTURE = auto()
    FLOAT = auto()
    """A picture, or a group of a picture and its caption."""
    OTHER = auto()


KINDS = {
    "ocr_page": ElementKind.PAGE,
    "ocrx_word": ElementKind.WORD,
    "ocr_line": ElementKind.LINE,
    "ocrx_line": ElementKind.LINE,
    "ocr_float": ElementKind.FLOAT,
    **dict.fromkeys(("ocr_carea", "ocr_par", "ocrx_block", "ocr_table", "ocr_display"), ElementKind.BLOCK),
    **dict.fromkeys(
        ("ocr_caption", "ocr_header", "ocr_footer", "ocr_pageno", "ocr_title", "ocr_author", "ocr_textfloat"),
        ElementKind.ROLE,
    ),
    **dict.fromkeys(
        ("ocr_photo", "ocr_image", "ocr_linedrawing", "ocr_textimage", "ocrx_image", "ocr_graphic"),
        ElementKind.PICTURE,
    ),
}
"""`ocr_textimage` is a picture with text inside; `ocr_graphic` is not in the standard, but gImageReader writes it.
Rules (`ocr_separator`), formulas and characters are neither text blocks nor pictures."""


@lru_cache(maxsize=1024)
def classify(classes: str) -> tuple[ElementKind, str]:
    """Return the kind of an element with these classes, and the class that says so."""
    return next(((KINDS[name], name) for name in classes.split() if name in KINDS), (ElementKind.OTHER, ""))
