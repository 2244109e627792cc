"""What a search gives, as data: the JSON of the API, and what the pages show."""

from dataclasses import dataclass, field
from typing import Literal

from api.search.choices import DocumentType
from api.search.facets import Bucket
from api.search.image_terms import ImageTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The copies of one print that a picture belongs to."""

    id: str
    size: int
    first_year: int | None
    last_year: int | None
    tier: str
    """`exact` or `near`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One picture, page or book of a list of results."""

    document: DocumentType
    id: str
    score: float
    scores: dict[str, float]
    """What each named clause gave: `caption`, `title`… in BM25; a model's in (1 + cosine) / 2 times its boost."""
    score_shares: dict[str, float]
    """The same as shares of 1."""
    similarities: dict[str, float]
    """Per model, how like the question's picture it is, -1 to 1; absent where it is not among the nearest."""
    book_id: str
    book_key: str
    """Its book's id in the addresses of this service."""
    page_id: str
    """The library's own identifier of the page, or of the file."""
    title: str
    authors: list[str]
    year: int | None
    publisher: str
    place: str
    languages: list[str]
    type_of_work: str
    subjects: list[str]
    identifiers: list[str]
    label: str
    hidden: bool
    """A blank page or an anomaly of the segmentation, as the classifier or a librarian says."""
    family: Family | None
    page: int
    """Its page's place in the book, from 1."""
    page_label: str
    """What is printed on the page, where known."""
    pages: int
    """How many pages a book has; 0 for other documents."""
    pictures: int
    """How many pictures a page or a book has; 0 for a picture."""
    block_type: str
    box: list[int]
    """x, y, width, height in pixels of the scan; zeros for pages and books."""
    caption: str
    before: str
    after: str
    highlights: dict[str, list[str]]
    """Per field, fragments with the found words in `<em>`; everything else is escaped HTML."""
    image: str
    """URL of the picture at the size at which it was encoded: its shorter side has up to 511 pixels."""
    large_image: str
    """URL of the picture for who looks closely."""
    region: str
    """IIIF Image API URL of the region in full size; empty for local scans."""
    viewer: str
    """Where the library shows the page; may be empty."""
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryImage:
    """A picture of a question, for the page that shows what was asked."""

    parameter: Literal["like", "image", "vector"]
    value: str
    """The parameter's value."""
    image_term: ImageTerm
    """The same, read."""
    hit: Hit | None = None
    """Where it is a picture of the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookGroup:
    """A book with the best of what was found in it."""

    book_id: str
    book_key: str
    title: str
    counts: dict[DocumentType, int]
    """How many of each kind were found in it."""
    hits: list[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """One page of results."""

    total: int
    """How many there are to page through: all that hold the words, and the nearest by picture; books when grouped."""
    filtered_total: int = 0
    """How many the filters alone leave: these are the best `total` of them."""
    cut_off: int | None = None
    """How many of this page’s first hits stand out as alike: below there is nothing closer. None: cannot be said."""
    suggestion: str = ""
    """The words that were perhaps meant; empty where those typed are known."""
    page: int
    pages: int
    size: int
    took: int
    """Milliseconds that Elasticsearch took."""
    models: list[str]
    """The vision models that were asked."""
    hits: list[Hit] = field(default_factory=list)
    groups: list[BookGroup] = field(default_factory=list)
    """Instead of `hits` when results are grouped by book."""
    document_counts: dict[DocumentType, int] = field(default_factory=dict)
    """How many of each kind were found."""
    facets: dict[str, list[Bucket]] = field(default_factory=dict)
    """`year` in even steps, `label`, `publisher`, `place`…, each value with its two counts."""
    unlisted_counts: dict[str, int] = field(default_factory=dict)
    """Per facet, how many of what was found have values that are not listed; absent where all are."""
    vector: str = ""
    """After an upload: the picture's vectors as the `vector` parameter of the next request."""
