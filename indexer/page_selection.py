"""Which part of an image a page shows, and text that belongs to a page: facts that only IIIF manifests state."""

from dataclasses import dataclass

from core.geometry import Box
from indexer.page_records import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSelection:
    """The part of an image that a page shows, and its place on the page."""

    region: str = ""
    """A region as the Image API writes it: `x,y,w,h`, `pct:x,y,w,h` or `square`; empty for the whole image."""
    rotation: int = 0
    """Degrees clockwise: 0, 90, 180 or 270."""
    place: Box | None = None
    """The part of the page that the image fills, as fractions of width and height; None for the whole page."""

    @property
    def fills_page(self) -> bool:
        """Return whether the image is a scan of the page, not a picture on it."""
        return self.place is None or self.place.area >= MIN_PAGE_SHARE


MIN_PAGE_SHARE = 0.9
"""Share of a page that its scan covers at least; some canvases have a margin around it."""

WHOLE_IMAGE = ImageSelection()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAnnotations:
    """The text of a page in annotations: embedded ones, and the addresses of others."""

    page: Page
    """The size of the canvas and the text that the manifest embeds."""
    urls: tuple[str, ...] = ()
    """http(s) URLs of annotation pages and annotation lists, not yet fetched."""
