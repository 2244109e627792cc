"""What the page of a book shows: its record, where its pictures stand, and a page of these or of its matches."""

from dataclasses import dataclass

from api import pictures as picture_lists
from api.books import Books
from api.elasticsearch.gateway import SearchGateway
from api.pages.page_snippets import Snippet, page_snippet
from api.pages.page_strip import Mark, build_marks
from api.pictures import PictureList
from api.records import BookCounts, BookDetails, BookLeaf, PageText
from api.responses import Hit
from api.search.paging import page_count, page_window
from api.search.request import SearchRequest

MATCHES_PER_PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class BookMatch:
    """A page or a picture with the words that a reader looks for in a book."""

    leaf: BookLeaf
    snippet: Snippet | None = None
    """The text of a page; None for a picture."""
    hit: Hit | None = None
    """The picture; None for a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookMatchList:
    """One page of the matches in a book, in the order of its pages."""

    total: int
    page: int
    pages: int
    matches: list[BookMatch]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPage:
    record: BookDetails
    counts: BookCounts
    pictures: PictureList
    marks: list[Mark]
    matches: BookMatchList | None
    """What `q` finds in the book; None without words."""


async def load_book_page(books: Books, gateway: SearchGateway, book_id: str, search_request: SearchRequest) -> BookPage:
    """Return the page of a book; the request has its words, and the page and size of its list."""
    details = await books.get_details(book_id)
    filters = SearchRequest(decoration=search_request.decoration)
    counts = await picture_lists.count_documents(gateway, details.book_id)
    matches = await find_matches(books, details.book_id, search_request) if search_request.query_text else None
    list_request = filters.with_changes(size=search_request.size, page=1 if matches else search_request.page)
    places = await picture_lists.list_picture_places(gateway, details.book_id, filters)
    return BookPage(
        record=details,
        counts=counts,
        pictures=await picture_lists.list_book_pictures(gateway, details.book_id, list_request),
        marks=build_marks(
            places,
            counts.last_page,
            size=search_request.size,
            matches={match.leaf.number: True for match in matches.matches} if matches else None,
        ),
        matches=matches,
    )


async def find_matches(books: Books, book_id: str, search_request: SearchRequest) -> BookMatchList:
    """Return a page of what the words of the request find in a book."""
    offset, size = page_window(search_request.page, MATCHES_PER_PAGE)
    book_matches = await books.find_matches(
        book_id,
        search_request.query_terms,
        include_pages=True,
        include_pictures=True,
        size=size,
        offset=offset,
        captions_only=True,
    )
    return BookMatchList(
        total=book_matches.total,
        page=search_request.page,
        pages=page_count(book_matches.total, MATCHES_PER_PAGE),
        matches=[
            BookMatch(leaf=match.leaf, snippet=page_snippet(match))
            if isinstance(match, PageText)
            else BookMatch(leaf=match.leaf, hit=match.hit)
            for match in book_matches.matches
        ],
    )
