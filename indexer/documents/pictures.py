"""Pictures and pages with everything that their documents need, and their names in the index and on disk."""

import hashlib
from dataclasses import dataclass

from core import image_api
from core.identifiers import document_id
from indexer.images.decoration import Placement
from indexer.records import Book, GraphicalElement, Leaf, TextPassage

LIBRARIAN = "librarian"
"""The source of a label that a person gave in this collection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The class of a picture, and who assigned it."""

    name: str
    source: str
    """`catalogue`, `LIBRARIAN`, or the source of a machine's label."""
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture on a page, with everything that its document needs except the vectors."""

    book: Book
    leaf: Leaf
    element: GraphicalElement
    scan_width: int
    scan_height: int
    region: str = ""
    """IIIF Image API URL of the region in full size."""
    page_image: str = ""
    """IIIF Image API URL of the whole page."""
    scan_name: str = ""
    """The name of the page's scan in the folders that the service may send scans from; empty if it is in none."""
    language: str = ""
    """The page's language in ALTO, for a book whose record names none."""

    @property
    def id(self) -> str:
        """The ids of page, image and ALTO, and the box, so that indexing a book twice replaces its pictures."""
        image_keys = (self.leaf.image_key,) if self.leaf.image_key else ()
        return document_id(self.leaf.id, *image_keys, self.element.alto_id, str(self.element.box))

    @property
    def crop_file(self) -> str:
        """The path of the crop below the folder of the crops; two letters of a hash keep the folders small."""
        digest = hashlib.sha256(self.id.encode()).hexdigest()
        return f"{digest[:2]}/{digest[2:34]}.jpg"

    @property
    def large_file(self) -> str:
        """The path of the larger picture; empty if the crop is not smaller, or if an image server has the picture."""
        size = self.element.box.width, self.element.box.height
        if self.leaf.image_service or image_api.crop_size(*size) == size:
            return ""
        return self.crop_file.replace(".jpg", "-large.jpg")

    @property
    def placement(self) -> Placement:
        """Where the picture is on its page, for telling decoration from figures."""
        element = self.element
        return Placement(
            box=element.box,
            page_width=self.scan_width,
            page_height=self.scan_height,
            line_height=element.line_height,
            block_type=element.block_type,
            has_caption=bool(element.context.caption.text),
        )

    @property
    def label(self) -> Label | None:
        return Label(name=self.leaf.catalogue_label, source="catalogue") if self.leaf.catalogue_label else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrPage:
    """A page with ALTO, with everything that its document needs."""

    book: Book
    leaf: Leaf
    text: TextPassage
    word_boxes: str
    """`x,y,w,h` for each word of the text, in the same pixels as `width` and `height`."""
    width: int
    height: int
    scan_name: str = ""
    """As in `Picture`."""
    language: str = ""
    picture_count: int = 0
    """The number of pictures on the page."""
