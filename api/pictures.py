"""Lists of pictures without a search: of a book, neighbours on the page, copies, and random pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.hits import read_hits
from api.elasticsearch.queries import Body, filter_clauses, lookups
from api.elasticsearch.search_results import read_book_counts, read_hit_list
from api.records import BookCounts
from api.responses import Hit
from api.search.paging import page_count, request_window
from api.search.request import SearchRequest

MAX_NEIGHBOURS = 100
"""More than three pages of a newspaper have."""

NO_FAMILY_NOTE = "No copies of this picture are known."


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureList:
    """One page of a list of pictures."""

    total: int
    page: int
    pages: int
    size: int
    hits: list[Hit] = field(default_factory=list)
    note: str = ""
    """Why the list is empty, if that needs an explanation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomPictures:
    """A random selection of pictures."""

    seed: int
    """The same seed selects the same pictures."""
    total: int
    """Number of pictures that they were selected from."""
    hits: list[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSelection:
    """Pictures that somebody has chosen, in the order in which they are named."""

    total: int
    """Number of pictures that the index has."""
    hits: list[Hit] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Ids that the index does not have, or no longer has."""


async def list_book_pictures(gateway: SearchGateway, book_id: str, search_request: SearchRequest) -> PictureList:
    """Return a page of a book's pictures that match the filters, in page order."""
    book_filters = filter_clauses(search_request.with_changes(book=(book_id,)))
    offset, size = request_window(search_request)
    return await _list_page(
        gateway,
        search_request,
        lookups.page_order_query(book_filters, size=size, offset=offset),
    )


async def select_pictures(gateway: SearchGateway, picture_ids: Sequence[str]) -> PictureSelection:
    """Return the pictures with these ids; an id that is repeated counts once."""
    ids = list(dict.fromkeys(picture_ids))
    if not ids:
        return PictureSelection(total=0)
    hits_by_id = {hit.id: hit for hit in read_hit_list(await gateway.search(lookups.selected_pictures_query(ids))).hits}
    hits = [hits_by_id[picture_id] for picture_id in ids if picture_id in hits_by_id]
    return PictureSelection(total=len(hits), hits=hits, missing=[name for name in ids if name not in hits_by_id])


async def count_documents(gateway: SearchGateway, book_id: str) -> BookCounts:
    """Return how many pages and pictures of a book the index has."""
    body = lookups.document_counts_query(book_id)
    return read_book_counts(await gateway.search(body, gateway.index_names(("picture", "page"))))


async def list_picture_places(gateway: SearchGateway, book_id: str, search_request: SearchRequest) -> list[Hit]:
    """Return all pictures of a book that match the filters, in page order, with few of their fields."""
    filters = filter_clauses(search_request.with_changes(book=(book_id,)))
    return read_hits(await gateway.search(lookups.picture_places_query(filters)))


async def list_neighbours(gateway: SearchGateway, hit: Hit) -> list[Hit]:
    """Return the other pictures of the page and of the pages next to it."""
    response = await gateway.search(lookups.neighbours_query(hit.id, hit.book_id, hit.page, size=MAX_NEIGHBOURS))
    return read_hit_list(response).hits


async def list_copies(gateway: SearchGateway, hit: Hit, search_request: SearchRequest) -> PictureList:
    """Return the picture, its copies and reprints, the oldest first; with a note if none are known."""
    if hit.family is None:
        return PictureList(total=0, page=search_request.page, pages=0, size=search_request.size, note=NO_FAMILY_NOTE)
    offset, size = request_window(search_request)
    body = lookups.copies_query(hit.family.id, size=size, offset=offset)
    return await _list_page(gateway, search_request, body)


async def pick_random(gateway: SearchGateway, seed: int, search_request: SearchRequest) -> RandomPictures:
    """Return random pictures that match the filters."""
    response = await gateway.search(
        lookups.random_query(seed, filter_clauses(search_request), size=search_request.size)
    )
    hit_list = read_hit_list(response)
    return RandomPictures(seed=seed, total=hit_list.total, hits=hit_list.hits)


async def _list_page(gateway: SearchGateway, search_request: SearchRequest, body: Body) -> PictureList:
    hit_list = read_hit_list(await gateway.search(body))
    return PictureList(
        total=hit_list.total,
        page=search_request.page,
        pages=page_count(hit_list.total, search_request.size),
        size=search_request.size,
        hits=hit_list.hits,
    )
