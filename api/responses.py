"""Results as data: the JSON of the API, and what the pages show."""

from dataclasses import dataclass, field
from typing import Literal

from api.search.choices import DocumentType, Fusion
from api.search.facets import Bucket
from api.search.image_terms import ImageTerm
from api.search.other_searches import OtherSearch
from core.dates import YearRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The copies of one print that a picture belongs to."""

    id: str
    size: int
    books: int
    """Books that have a copy; 0 where families were computed by an earlier version."""
    first_year: int | None
    last_year: int | None
    tier: str
    """`exact` or `near`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One picture, page or book in a list of results."""

    document: DocumentType
    id: str
    score: float
    """The score that `sort=relevance` sorts by: the sum of `scores`, or the fused score."""
    scores: dict[str, float]
    """Clause name → score: BM25 for `caption`, `title`…; (1 + cosine) / 2 times its boost for a model."""
    score_shares: dict[str, float]
    """Clause name → share of the sum of `scores`."""
    similarities: dict[str, float]
    """Model name → cosine to the picture of the request, -1 to 1; absent if the hit is not among the nearest."""
    book_id: str
    book_key: str
    """The id of the book in URLs of this service."""
    page_id: str
    """The library's identifier of the page or of the file."""
    title: str
    authors: list[str]
    year: int | None
    """The first of `years`."""
    years: YearRange | None
    """The years that `date` stands for; None if it names none."""
    date: str
    """The date of publication as the catalogue writes it."""
    publisher: str
    place: str
    languages: list[str]
    type_of_work: str
    subjects: list[str]
    identifiers: list[str]
    label: str
    """The kind of picture; empty if nobody and no classifier has labelled it."""
    label_source: str
    """`catalogue`, `librarian` or `classifier`."""
    label_by: str
    """The person that gave the label."""
    label_model: str
    """Id of the classifier that gave the label."""
    label_confidence: float | None
    """The classifier's confidence, 0 to 1."""
    label_at: str
    """When the person or the classifier gave the label, in ISO 8601."""
    hidden: bool
    """Whether the classifier or a librarian marked it as a blank page or a segmentation error."""
    decoration: str
    """`ornament`, `initial`, `rule` or `blank`; empty for a figure, a page and a book."""
    family: Family | None
    copies_known: bool
    """Whether copies of the picture have been looked for; then a picture without `family` has none."""
    page: int
    """Position of the page in the book, from 1."""
    page_label: str
    """The printed page number; empty if unknown."""
    pages: int
    """Number of pages of a book; 0 for other documents."""
    pictures: int
    """Number of pictures of a page or a book; 0 for a picture."""
    block_type: str
    box: list[int]
    """x, y, width, height in pixels of the scan; zeros for pages and books."""
    caption: str
    before: str
    after: str
    highlights: dict[str, list[str]]
    """Field → fragments of HTML with the matching words in `<em>`; all other text is escaped."""
    image: str
    """URL of the picture at the size at which it was encoded; the shorter side has up to 511 pixels."""
    large_image: str
    """URL of the picture in a larger size."""
    region: str
    """IIIF Image API URL of the region in full size; empty for local scans."""
    viewer: str
    """URL of the page in the library's viewer; may be empty."""
    licence: str
    colour: str
    """The mean colour of the picture as six hexadecimal digits; empty if it is not known."""
    version: str
    """What changes when the document is indexed anew; in addresses of images, which may then be kept for ever."""
    reprints: list[str] = field(default_factory=list)
    """Ids of other results of the same print, which this one stands for; see the parameter `collapse`."""
    more_of_book: bool = False
    """Whether more results of its book follow after those of other books; see the parameter `collapse`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryImage:
    """A picture of a search request, for display."""

    parameter: Literal["like", "image", "vector"]
    value: str
    """The value of the parameter."""
    image_term: ImageTerm
    """The value, parsed."""
    hit: Hit | None = None
    """The picture, if it is one of the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookGroup:
    """A book with its best hits."""

    book_id: str
    book_key: str
    title: str
    counts: dict[DocumentType, int]
    """Document type → number of results in the book."""
    hits: list[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """One page of results."""

    total: int
    """Results that can be paged through: all that match the words, and the nearest pictures; books when grouped."""
    by_meaning: int = 0
    """Those of the results that have too few of the words, and a text that means the same."""
    filtered_total: int = 0
    """Documents that match the filters alone; the results are the best `total` of them."""
    left_out: int = 0
    """Ornaments, initials, rules and blank pieces that match the words and are not among the results."""
    only_decoration: bool = False
    """Whether nothing else matches, so that the results are ornaments, initials, rules and blank pieces."""
    cut_off: int | None = None
    """Number of first hits that are clearly more similar than the rest; None if unknown."""
    suggestion: str = ""
    """A corrected query text; empty if all words are known."""
    other_searches: list[OtherSearch] = field(default_factory=list)
    """If nothing is found: searches with other words or filters that find something."""
    page: int
    pages: int
    size: int
    took: int
    """Milliseconds that Elasticsearch took."""
    models: list[str]
    """The vision models that were searched."""
    collapsed: bool = False
    """Whether this page is collapsed, see the parameter `collapse`: `total` also counts the `reprints` of its hits."""
    prints: int | None = None
    """Those of `total` that are no `reprints` of others; None unless all results are collapsed."""
    fusion: Fusion = "sum"
    """How the scores of words and models were combined."""
    hits: list[Hit] = field(default_factory=list)
    groups: list[BookGroup] = field(default_factory=list)
    """Used instead of `hits` when results are grouped by book."""
    document_counts: dict[DocumentType, int] = field(default_factory=dict)
    """Document type → number of results."""
    facets: dict[str, list[Bucket]] = field(default_factory=dict)
    """Facet → values with two counts each; `year` in steps of equal length, of which the first and last may be cut."""
    unlisted_counts: dict[str, int] = field(default_factory=dict)
    """Facet → number of results with values that are not listed; absent if all are listed."""
    notes: list[str] = field(default_factory=list)
    """Sentences about parameters that change nothing in this search."""
    vector: str = ""
    """After an upload: the picture as a value of the parameter `vector`."""
