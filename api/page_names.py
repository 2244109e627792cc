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
    if not label or label.casefold() in UNNUMBERED:
        return f"image {position}" if position else ""
    return f"p. {label}" if PAGE_NUMBER.fullmatch(label) else label
