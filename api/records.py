"""Books, pages and pictures as the index describes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.responses import Hit
from core.dates import YearRange
from core.geometry import PixelBox


@dataclass(frozen=True, slots=True, kw_only=True)
class BookDetails:
    """The catalogue record of a book."""

    key: str
    """The book's id in URLs of this service."""
    book_id: str
    """The library's id of the book."""
    title: str
    alternative_titles: tuple[str, ...]
    authors: tuple[str, ...]
    subjects: tuple[str, ...]
    identifiers: tuple[str, ...]
    year: int | None
    """The first of `years`."""
    years: YearRange | None
    """The years that `date` stands for; None if it names none."""
    date: str
    """The date of publication as the catalogue writes it."""
    publisher: str
    place: str
    languages: tuple[str, ...]
    type_of_work: str
    licence: str
    viewer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCounts:
    """How many documents of a book the index has."""

    pages: int
    """Pages with text."""
    pictures: int
    """Pictures without `decorations` and `hidden`."""
    decorations: int
    """Ornaments, initials, rules and blank pieces."""
    hidden: int
    """Hidden pictures, such as blank pages and segmentation errors."""
    last_page: int
    """The position of the last page that has text or a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureCounts:
    """How many visible pictures of a book the index has, counted as in `BookCounts`."""

    pictures: int = 0
    decorations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLeaf:
    """One scanned page."""

    number: int
    """The page's position in the book, from 1."""
    label: str
    """The page number as printed; empty if not known."""
    width: int
    """Width of the scan in pixels; 0 if not known."""
    height: int
    image: str
    """URL of the scan at the library; empty for local scans."""
    service: str
    """Base URI of the scan's IIIF Image API service; may be empty."""
    viewer: str
    scan_name: str = ""
    """The name of a scan on disk, as `core.scan_folders` has it; empty for other scans."""
    scan_id: str = ""
    """The identifier of a scan on disk in the Image API of this service; empty for other scans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPicture:
    """A picture and the page that it is on."""

    hit: Hit
    leaf: BookLeaf


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The text of a page that matches a query."""

    leaf: BookLeaf
    words: tuple[str, ...]
    """All words of the page, in reading order."""
    match_positions: frozenset[int]
    """Positions in `words` that match the query."""
    boxes: tuple[str, ...]
    """`x,y,w,h` of each of `words`, in pixels of the scan; empty if the index has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookMatches:
    """One page of a book's matches for a query, in the order of the book's pages."""

    total: int
    """Number of matching pages and pictures."""
    matches: tuple[PageText | BookPicture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRecord:
    """A picture with everything that its own page shows."""

    hit: Hit
    leaf: BookLeaf
    alto_id: str
    page_text: str
    page_text_confidence: float | None
    """Mean word confidence of the OCR, 0 to 1."""
    stored: "StoredImage"
    document: Mapping[str, Any]
    """The document as indexed, without vectors: for `/api/pictures/{id}` alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFiles:
    """Where the pixels of an indexed picture can be read."""

    box: PixelBox
    """The picture on the scan of its page."""
    crop_names: tuple[str, ...]
    """Files below the folder of crops, the largest first."""
    region_url: str
    """IIIF Image API URL of the region; empty for local scans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    """Where the pixels of a page or of a picture are on disk."""

    scan_name: str
    """The name of the scan, as `core.scan_folders` has it; empty if it may not be sent."""
    frame: int | None
    """The frame of a multi-page TIFF; None for the first page."""
    is_upright: bool
    """Whether the scan is turned as its EXIF orientation says."""
    scan_size: tuple[int, int]
    """Pixels of the scan as it is used."""
    box: PixelBox | None
    """The picture on the scan; None for a page."""
    crop_names: tuple[str, ...]
    """Files of the picture below the folder of crops, the largest first."""
    licence: str
    version: str
    """That of the document, which an address of the image can have; see `Hit.version`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPicture:
    """A picture of the index that a search request names."""

    hit: Hit
    files: PictureFiles
    vectors: Mapping[str, list[float]]
    """Model name → the unit vector that the index has."""
