"""What is taken from a page, with all that its document is made of; how it is named in the index and on disk."""

import hashlib
from dataclasses import dataclass

from core import image_api
from core.identifiers import document_id
from indexer.records import Book, GraphicalElement, Leaf, TextPassage

LIBRARIAN = "librarian"
"""The source of a label that a person gave in this collection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What kind of picture it is, and who says so."""

    name: str
    source: str
    """`catalogue` for the record's word, `LIBRARIAN` for one given here, else the model's name."""
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that was cut from a page: all that its document is made of, but for the vectors."""

    book: Book
    leaf: Leaf
    element: GraphicalElement
    scan_width: int
    scan_height: int
    region: str = ""
    """IIIF Image API URL of the region in full size."""
    page_image: str = ""
    """IIIF Image API URL of the whole page."""
    language: str = ""
    """ALTO's word for the page's language, for a book whose record names none."""

    @property
    def id(self) -> str:
        """The page's own identifier, ALTO's id and the box: indexing a book twice replaces, never doubles."""
        position = ":".join(part for part in (self.element.alto_id, str(self.element.box)) if part)
        return document_id(self.leaf.id, position)

    @property
    def crop_file(self) -> str:
        """Where the crop lies below the crops folder: two letters of a hash, so that no folder grows huge."""
        digest = hashlib.sha256(self.id.encode()).hexdigest()
        return f"{digest[:2]}/{digest[2:34]}.jpg"

    @property
    def large_file(self) -> str:
        """Where it lies for a reader who looks closely; empty where the crop is no smaller, or a server has it."""
        size = self.element.box.width, self.element.box.height
        if self.leaf.image_service or image_api.crop_size(*size) == size:
            return ""
        return self.crop_file.replace(".jpg", "-large.jpg")

    @property
    def label(self) -> Label | None:
        return Label(name=self.leaf.catalogue_label, source="catalogue") if self.leaf.catalogue_label else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OcrPage:
    """A page that has ALTO: all that its document is made of."""

    book: Book
    leaf: Leaf
    text: TextPassage
    word_boxes: str
    """For each word of the text `x,y,w,h`, in the pixels that `width` and `height` count."""
    width: int
    height: int
    language: str = ""
    picture_count: int = 0
    """How many are on it."""
