"""The scale of a page: ALTO's units against the pixels of the scan."""

from dataclasses import dataclass
from typing import Self

from indexer.records import Page

MAX_ASPECT_DEVIATION = 0.02
"""Scans are cropped and rounded; a larger difference in shape means that page and scan do not match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScale:
    """How the numbers of a page become pixels of its scan."""

    factor: float = 1.0
    """Pixels per unit of the page."""
    scan_size: tuple[int, int] | None = None
    """Width and height of the scan in pixels; None if it is unknown."""
    warning: str = ""
    """A sentence for the report if page and scan have different shapes."""

    @classmethod
    def from_sizes(cls, page: Page, scan_size: tuple[int, int] | None) -> Self:
        """Compare the widths; without a scan, or without a page width, a unit counts as one pixel."""
        if scan_size is None or not page.width:
            return cls(scan_size=scan_size)
        width, height = scan_size
        factor = width / page.width
        if not page.height or abs(height / page.height / factor - 1) <= MAX_ASPECT_DEVIATION:
            return cls(factor=factor, scan_size=scan_size)
        sizes = f"the page is {page.width:g} × {page.height:g}, its scan {width} × {height} pixels"
        return cls(factor=factor, scan_size=scan_size, warning=f"{sizes}: the shapes differ, so boxes may be misplaced")


UNSCALED = PageScale()
