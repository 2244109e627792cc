"""Citations of pictures, with their pages and books."""

from dataclasses import dataclass
from unicodedata import category

from api.page_names import page_name
from api.responses import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One picture of an export."""

    hit: Hit
    url: str
    """Absolute URL of the picture's page in this service."""
    image: str
    """Absolute URL of the picture."""

    @property
    def urn(self) -> str:
        """The URN of the page, or else of the book; empty if neither has one."""
        return next(
            (
                identifier
                for identifier in (self.hit.page_id, *self.hit.identifiers)
                if identifier.lower().startswith("urn:")
            ),
            "",
        )

    @property
    def page(self) -> str:
        """The page number as printed; empty if it is not known, because a position is no page number."""
        return self.hit.page_label

    @property
    def region(self) -> str:
        """The IIIF region `x,y,w,h` in pixels of the scan."""
        return ",".join(map(str, self.hit.box))

    @property
    def title(self) -> str:
        """The caption, or the label and the page if there is none: `Map, p. 12` or `Map, image 7`."""
        name = page_name(self.hit.page_label, self.hit.page)
        return self.hit.caption or ", ".join(filter(None, (self.hit.label or "Picture", name)))

    @property
    def location(self) -> str:
        """Page, region and identifiers on one line, for formats without fields for them."""
        values = {
            "urn": self.urn,
            "page": self.hit.page_label,
            "image": str(self.hit.page or ""),
            "xywh": self.region,
            "identifiers": " ".join(self.hit.identifiers),
        }
        return "; ".join(f"{name}={value}" for name, value in values.items() if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The citations of an export, and the total number of results."""

    citations: tuple[Citation, ...]
    total: int

    @property
    def truncation_note(self) -> str:
        """A sentence if the export does not hold all results; otherwise empty."""
        if len(self.citations) >= self.total:
            return ""
        return (
            f"These are the first {len(self.citations):,} of {self.total:,} pictures. "
            "Add filters to the search to export the others."
        )


def collapse_to_one_line(text: str) -> str:
    """Replace line breaks and control characters by spaces, so that a record cannot break the file's format.

    Joiners stay, which Persian and Indic words are written with.
    """
    return " ".join("".join(" " if category(character) == "Cc" else character for character in text).split())
