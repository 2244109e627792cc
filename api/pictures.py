"""Lists of pictures that no words ask for: a book's, a page's neighbours, copies, a few by chance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.elasticsearch import hits as results
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.queries import Body, filter_clauses, lookups
from api.responses import Hit
from api.search.paging import page_count, page_offset
from api.search.request import SearchRequest

MAX_NEIGHBOURS = 100
"""Three pages of a newspaper have fewer pictures; a page that shows more shows nothing."""

NO_FAMILY_NOTE = "No copy of this picture is known here: it has no family."


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureList:
    """Pictures in an order of their own, a page at a time."""

    total: int
    page: int
    pages: int
    size: int
    hits: list[Hit] = field(default_factory=list)
    note: str = ""
    """Why there is nothing, where that is to be explained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomPictures:
    """Pictures by chance."""

    seed: int
    """Gives the same pictures again."""
    total: int
    """Among how many they were chosen."""
    hits: list[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCounts:
    """What a book has here."""

    pages: int
    """Pages with words that were read."""
    pictures: int
    hidden: int
    """Those of the pictures that are blank pages or anomalies of the segmentation."""


async def list_book_pictures(gateway: SearchGateway, book_id: str, search_request: SearchRequest) -> PictureList:
    """A book's pictures in page order, narrowed by the question's filters."""
    book_filters = filter_clauses(search_request.with_changes(book=(book_id,)))
    return await _list_page(
        gateway,
        search_request,
        lookups.page_order_query(book_filters, size=search_request.size, offset=page_offset(search_request)),
    )


async def count_documents(gateway: SearchGateway, book_id: str) -> BookCounts:
    response = await gateway.search(lookups.document_counts_query(book_id), gateway.index_names(("picture", "page")))
    aggregations: Mapping[str, Any] = response["aggregations"]
    counts_by_type = {bucket["key"]: int(bucket["doc_count"]) for bucket in aggregations["document"]["buckets"]}
    return BookCounts(
        pages=counts_by_type.get("page", 0),
        pictures=counts_by_type.get("picture", 0),
        hidden=int(aggregations["hidden"]["doc_count"]),
    )


async def list_neighbours(gateway: SearchGateway, hit: Hit) -> list[Hit]:
    """The other pictures of its page and of the pages next to it."""
    response = await gateway.search(lookups.neighbours_query(hit.id, hit.book_id, hit.page, size=MAX_NEIGHBOURS))
    return [results.read_hit(raw_hit) for raw_hit in response["hits"]["hits"]]


async def list_copies(gateway: SearchGateway, hit: Hit, search_request: SearchRequest) -> PictureList:
    """The picture and its copies and reprints, the oldest first."""
    if hit.family is None:
        return PictureList(total=0, page=search_request.page, pages=0, size=search_request.size, note=NO_FAMILY_NOTE)
    body = lookups.copies_query(hit.family.id, size=search_request.size, offset=page_offset(search_request))
    return await _list_page(gateway, search_request, body)


async def pick_random(gateway: SearchGateway, seed: int, search_request: SearchRequest) -> RandomPictures:
    response = await gateway.search(
        lookups.random_query(seed, filter_clauses(search_request), size=search_request.size)
    )
    hits = [results.read_hit(raw_hit) for raw_hit in response["hits"]["hits"]]
    return RandomPictures(seed=seed, total=int(response["hits"]["total"]["value"]), hits=hits)


async def _list_page(gateway: SearchGateway, search_request: SearchRequest, body: Body) -> PictureList:
    response = await gateway.search(body)
    total = int(response["hits"]["total"]["value"])
    return PictureList(
        total=total,
        page=search_request.page,
        pages=page_count(total, search_request.size),
        size=search_request.size,
        hits=[results.read_hit(raw_hit) for raw_hit in response["hits"]["hits"]],
    )
