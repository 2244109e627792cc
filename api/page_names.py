"""How a page is cited: by the number printed on it, or by its image; a position never poses as a page number."""

import re

PAGE_NUMBER = re.compile(r"[\[(]?(\d+|[ivxlcdm]+)[a-z]?([-–/](\d+|[ivxlcdm]+))?[\])]?\.?", re.IGNORECASE)
"""A page number as it is printed: `12`, `iv`, `[12]`, `12a`, `12-13`."""

UNNUMBERED = frozenset({"-", "–", "—", "np", "n.p.", "n. p.", "[n.p.]", "[np]", "s.p.", "unnumbered", "unpaginated"})
"""Labels, in small letters, that libraries give to pages without a printed number; Gallica writes `NP`."""


def page_name(label: str, position: int) -> str:
    """Return `p. 12` for a printed number, any other label as it is, and `image 7` for a page without a label.

    Empty if neither is known.
    """
    if number := printed_page(label):
        return f"p. {number}"
    return label if has_label(label) else f"image {position}" if position else ""


def printed_page(label: str) -> str:
    """Return a label that is the number printed on the page; empty if it is none."""
    return label if has_label(label) and PAGE_NUMBER.fullmatch(label) else ""


def has_label(label: str) -> bool:
    """Return whether a label names its page, and is not the library's sign for a page without a number."""
    return bool(label) and label.casefold() not in UNNUMBERED
