"""What the results show of pages and books besides their records: a small image, and the pictures of a book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.books import Books
from api.elasticsearch.book_hits import read_page_leaf
from api.elasticsearch.gateway import IndexSearch, SearchGateway
from api.elasticsearch.hits import read_hits
from api.elasticsearch.queries import lookups
from api.elasticsearch.search_results import read_picture_counts
from api.picture_images import PICTURE_FORMAT, PictureImage, image_path, picture_image
from api.records import BookLeaf, PictureCounts
from api.responses import Hit

SIDE = 130
"""CSS pixels of the frame of such an image."""
NARROW_SIDE = 20
"""Percent of a narrow window that it takes."""
SHARP_SIDE = 220
"""Pixels of the longer side of a scan that is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDetails:
    """What is shown of the pages and books of a page of results."""

    images: Mapping[str, PictureImage] = field(default_factory=dict)
    """Id of a page or book → the scan of the page, or the first picture of the book, if this service has one."""
    picture_counts: Mapping[str, PictureCounts] = field(default_factory=dict)
    """Id of a book → how many pictures its page shows."""


async def load_record_details(
    gateway: SearchGateway, books: Books, hits: Sequence[Hit], catalogue_book: Hit | None = None
) -> RecordDetails:
    """Return the details of the pages and books among the hits; one request, or none for pictures alone.

    `catalogue_book` is the book that the words of the search name; only its pictures are counted.
    """
    page_ids = [hit.id for hit in hits if hit.document == "page"]
    listed_books = [hit for hit in hits if hit.document == "book"]
    book_ids = [hit.book_id for hit in listed_books]
    counted_ids = list(dict.fromkeys([*book_ids, *([catalogue_book.book_id] if catalogue_book else [])]))
    pictures = gateway.index_names(["picture"])
    searches: dict[str, IndexSearch] = {}
    if page_ids:
        searches["page"] = IndexSearch(lookups.scans_query(page_ids), gateway.index_names(["page"]))
    if book_ids:
        searches["book"] = IndexSearch(lookups.first_pictures_query(book_ids), pictures)
    if counted_ids:
        searches["counts"] = IndexSearch(lookups.picture_counts_query(counted_ids), pictures)
    if not searches:
        return RecordDetails()
    responses = dict(zip(searches, await gateway.search_side_by_side(list(searches.values())), strict=True))
    images: dict[str, PictureImage] = {}
    if page_ids:
        for raw_hit in responses["page"]["hits"]["hits"]:
            if image := scan_image(books.without_unserved_scan(read_page_leaf(raw_hit))):
                images[str(raw_hit["_id"])] = image
    if book_ids:
        first_pictures = {hit.book_id: picture_image(hit, SIDE, NARROW_SIDE) for hit in read_hits(responses["book"])}
        images |= {book.id: first_pictures[book.book_id] for book in listed_books if book.book_id in first_pictures}
    counts = read_picture_counts(responses["counts"]) if counted_ids else {}
    return RecordDetails(
        images=images, picture_counts={book_id: counts.get(book_id, PictureCounts()) for book_id in counted_ids}
    )


def scan_image(leaf: BookLeaf) -> PictureImage | None:
    """Return the scan of a page; None if this service does not send it."""
    if not (leaf.scan_id and leaf.width and leaf.height):
        return None
    url = f"{image_path(leaf.scan_id)}/full/!{SHARP_SIDE},{SHARP_SIDE}/0/default.{PICTURE_FORMAT}"
    return PictureImage(src=url, srcset="", sizes="", width=leaf.width, height=leaf.height)
