"""A small image for each page and book among the results: the scan of the page, the first picture of the book."""

from collections.abc import Mapping, Sequence

from api.books import Books
from api.elasticsearch.book_hits import read_page_leaf
from api.elasticsearch.gateway import IndexSearch, SearchGateway
from api.elasticsearch.hits import read_hits
from api.elasticsearch.queries import lookups
from api.picture_images import PICTURE_FORMAT, PictureImage, image_path, picture_image
from api.records import BookLeaf
from api.responses import Hit

SIDE = 130
"""CSS pixels of the frame of such an image."""
NARROW_SIDE = 20
"""Percent of a narrow window that it takes."""
SHARP_SIDE = 220
"""Pixels of the longer side of a scan that is sent."""


async def load_record_images(gateway: SearchGateway, books: Books, hits: Sequence[Hit]) -> Mapping[str, PictureImage]:
    """Return id of a page or book → its image, as far as this service has one; one request, or none for pictures."""
    page_ids = [hit.id for hit in hits if hit.document == "page"]
    book_ids = [hit.book_id for hit in hits if hit.document == "book"]
    searches: dict[str, IndexSearch] = {}
    if page_ids:
        searches["page"] = IndexSearch(lookups.scans_query(page_ids), gateway.index_names(["page"]))
    if book_ids:
        searches["book"] = IndexSearch(lookups.first_pictures_query(book_ids), gateway.index_names(["picture"]))
    if not searches:
        return {}
    responses = dict(zip(searches, await gateway.search_side_by_side(list(searches.values())), strict=True))
    images: dict[str, PictureImage] = {}
    if page_ids:
        for raw_hit in responses["page"]["hits"]["hits"]:
            if image := scan_image(books.without_unserved_scan(read_page_leaf(raw_hit))):
                images[str(raw_hit["_id"])] = image
    if book_ids:
        first_pictures = {hit.book_id: picture_image(hit, SIDE, NARROW_SIDE) for hit in read_hits(responses["book"])}
        images |= {
            hit.id: first_pictures[hit.book_id]
            for hit in hits
            if hit.document == "book" and hit.book_id in first_pictures
        }
    return images


def scan_image(leaf: BookLeaf) -> PictureImage | None:
    """Return the scan of a page; None if this service does not send it."""
    if not (leaf.scan_id and leaf.width and leaf.height):
        return None
    url = f"{image_path(leaf.scan_id)}/full/!{SHARP_SIDE},{SHARP_SIDE}/0/default.{PICTURE_FORMAT}"
    return PictureImage(src=url, srcset="", sizes="", width=leaf.width, height=leaf.height)
