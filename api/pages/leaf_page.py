"""What the page about one page of a book shows: its scan, the words of a search on it, its pictures and its text."""

from dataclasses import dataclass

from markupsafe import Markup

from api.books import Books
from api.elasticsearch.book_hits import read_book_picture, read_page_leaf, read_page_text
from api.elasticsearch.gateway import IndexSearch, SearchGateway
from api.elasticsearch.hits import passage_text
from api.elasticsearch.queries import book as queries
from api.errors import UserFacingError
from api.pages.page_views import ImageView, page_view
from api.pages.picture_page import choose_highlighter, mark_words, read_word_boxes
from api.records import BookDetails, BookLeaf
from api.responses import Hit
from api.search.request import SearchRequest
from api.sentences import Sentence


class LeafNotFound(UserFacingError):
    """The index knows nothing about a page of a book."""

    status = 404

    def __init__(self, number: int) -> None:
        super().__init__(
            Sentence("Page %(page)s of this book has neither text nor pictures here, or does not exist.", page=number)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafPage:
    """One page of a book."""

    record: BookDetails
    leaf: BookLeaf
    view: ImageView | None
    """None if there is no image of the page."""
    pictures: list[Hit]
    word_boxes: list[list[int]]
    """Boxes of the words of the search, in pixels of the scan."""
    text: Markup
    """The text of the page with the words of the search marked."""
    previous: int | None
    """The number of the page before it that the index knows."""
    next: int | None


async def load_leaf_page(
    books: Books, gateway: SearchGateway, book_id: str, number: int, search_request: SearchRequest
) -> LeafPage:
    """Return a page by its position in the book, from 1; raises BookNotFound or LeafNotFound."""
    record = await books.get_details(book_id)
    pages, pictures = gateway.index_names(["page"]), gateway.index_names(["picture"])
    both = gateway.index_names(["page", "picture"])
    text_response, picture_response, *beside = await gateway.search_side_by_side(
        [
            IndexSearch(queries.page_words_query(record.book_id, number), pages),
            IndexSearch(queries.book_pictures_query(record.book_id, number), pictures),
            IndexSearch(queries.nearest_page_query(record.book_id, number, backwards=True), both),
            IndexSearch(queries.nearest_page_query(record.book_id, number), both),
        ]
    )
    raw_pages = text_response["hits"]["hits"]
    on_page = [read_book_picture(raw_hit) for raw_hit in picture_response["hits"]["hits"]]
    hits = [picture.hit for picture in on_page]
    leaves = [*map(read_page_leaf, raw_pages), *(picture.leaf for picture in on_page)]
    if not leaves:
        raise LeafNotFound(number)
    leaf = books.without_unserved_scan(leaves[0])
    text = passage_text(raw_pages[0]["_source"].get("page_text")) if raw_pages else ""
    highlighter = choose_highlighter(search_request, [text], record.languages)
    previous_page, next_page = (
        next((int(raw_hit["_source"]["page"]) for raw_hit in response["hits"]["hits"]), None) for response in beside
    )
    return LeafPage(
        record=record,
        leaf=leaf,
        view=page_view(leaf, has_regions=any(hit.region for hit in hits)),
        pictures=hits,
        word_boxes=read_word_boxes([read_page_text(raw_page, highlighter) for raw_page in raw_pages])
        if highlighter
        else [],
        text=mark_words(text, highlighter, record.languages),
        previous=previous_page,
        next=next_page,
    )
