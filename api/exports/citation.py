"""A picture as it is cited: itself, its page, and the book that it stands in."""

from dataclasses import dataclass

from api.responses import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One picture of an export."""

    hit: Hit
    url: str
    """Its page in this service."""
    image: str
    """The picture itself, absolute."""

    @property
    def urn(self) -> str:
        """The page's, where the library gave it one, else the book's; a Handle or DOI is no URN."""
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
        """The page as printed, else its place in the book."""
        return self.hit.page_label or str(self.hit.page or "")

    @property
    def region(self) -> str:
        """x,y,w,h in pixels of the scan, as the IIIF Image API writes it."""
        return ",".join(map(str, self.hit.box))

    @property
    def title(self) -> str:
        """Its caption; a picture without one is named by what it is and where."""
        return self.hit.caption or f"{self.hit.label or 'Picture'} on page {self.page}"

    @property
    def location(self) -> str:
        """Page, region and identifiers in one line, for formats that have no field for them."""
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
    """What is written: at most as many pictures as an export holds, of all that were found."""

    citations: tuple[Citation, ...]
    total: int

    @property
    def truncation_note(self) -> str:
        """Empty where all that was found is here."""
        if len(self.citations) >= self.total:
            return ""
        return (
            f"These are the first {len(self.citations):,} of {self.total:,} pictures: narrow the search for the rest."
        )


def collapse_to_one_line(text: str) -> str:
    """No line break or control character of a record may become one of the file's own."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
