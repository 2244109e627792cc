"""All that the page of one picture shows, read in few requests to Elasticsearch."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from api.books import Books
from api.elasticsearch.book_hits import read_book_details, read_page_text
from api.elasticsearch.gateway import IndexSearch, SearchGateway
from api.elasticsearch.hits import read_hits
from api.elasticsearch.queries import book as book_queries
from api.elasticsearch.queries import lookups
from api.elasticsearch.search_results import read_total
from api.errors import UserFacingError
from api.image_service.errors import ImageNotFound
from api.image_service.server import ImageServer
from api.pages.downloads import Download, list_downloads, page_download_url
from api.pages.likeness import divide_by_likeness
from api.pages.neighbouring_pictures import BESIDE_SIZE, add_neighbours, list_copies, split_page
from api.pages.page_views import ImageView, page_view, picture_view
from api.pages.result_neighbours import ResultNeighbours, ResultOrder
from api.records import BookDetails, PageText, PictureRecord
from api.responses import Hit
from api.search.highlighting import Highlighter, mark_spans
from api.search.prepared_search import query_images_of
from api.search.request import SearchRequest
from api.search.service import Searcher

MAX_COPIES = 60
"""Copies on the time line."""
MAX_SIMILAR = 12
MAX_NEAREST = 6
"""Pictures that are shown if it is not known where likeness ends."""
SIMILAR_SEARCH_SIZE = 24
"""A page of results: the outlier cut-off needs a background."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarPictures:
    """Pictures that look like this one."""

    same_print: list[Hit]
    """Those of the same print, by their family or their similarity, as a search by picture tells them apart."""
    hits: list[Hit]
    """The others."""
    is_certain: bool
    """Whether all of `hits` are above the outlier cut-off; if not, it is not known where likeness ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSurroundings:
    """What the index has around a picture: its book, its page and its family."""

    book: BookDetails | None
    before: list[Hit]
    """The nearest first."""
    after: list[Hit]
    book_total: int
    """Visible pictures of the book."""
    on_page: list[Hit]
    """The other pictures of its page."""
    family: list[Hit] = field(default_factory=list)
    """The oldest first; empty without one."""
    word_boxes: list[list[int]] = field(default_factory=list)
    """Boxes of the words of the search on the page, in pixels of the scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturePage:
    """All that the page of one picture shows."""

    record: PictureRecord
    surroundings: PictureSurroundings
    copies: list[Hit]
    """The picture among its copies, the oldest first; empty without any."""
    similar: SimilarPictures | None
    results: ResultNeighbours | None
    """Where it stands in the search that the reader comes from."""
    picture_view: ImageView | None
    page_view: ImageView | None
    downloads: list[Download]
    page_download: str
    texts: Mapping[str, Markup]
    """`caption`, `before`, `after` and `page_text`, with the words of the search marked."""


class PicturePages:
    """Reads pages of pictures."""

    def __init__(
        self, gateway: SearchGateway, searcher: Searcher, image_server: ImageServer, result_order: ResultOrder
    ) -> None:
        self._gateway, self._searcher = gateway, searcher
        self._image_server, self._result_order = image_server, result_order

    async def load(self, picture_id: str, search_request: SearchRequest, position: int) -> PicturePage:
        """Return a picture's page; `position` is its place in the results of the request, 0 if it has none.

        Raises PictureNotFound.
        """
        record = await self._searcher.get_picture(picture_id)
        hit = record.hit
        texts = {
            "caption": hit.caption,
            "before": hit.before,
            "after": hit.after,
            "page_text": record.page_text,
        }
        highlighter = choose_highlighter(search_request, texts.values(), hit.languages)
        surroundings, similar, results, own_size = await asyncio.gather(
            self._read_surroundings(hit, highlighter),
            self._find_similar(hit),
            self._result_order.find_neighbours(search_request, position, hit.id),
            self._find_own_size(record),
        )
        leaf = Books(self._gateway, self._image_server.scan_folders).without_unserved_scan(record.leaf)
        is_full = own_size is not None and list(own_size) == hit.box[2:]
        is_whole_page = hit.box[2:] == [leaf.width, leaf.height]
        return PicturePage(
            record=record,
            surroundings=surroundings,
            copies=list_copies(hit, [*surroundings.family, *(similar.same_print if similar else ())]),
            similar=similar,
            results=results,
            picture_view=picture_view(hit, own_size, is_full=is_full),
            page_view=None if is_whole_page else page_view(leaf, has_regions=bool(hit.region)),
            downloads=list_downloads(hit, own_size, self._image_server.limits, is_full=is_full),
            page_download="" if is_whole_page else page_download_url(leaf),
            texts={name: mark_words(text, highlighter, hit.languages) for name, text in texts.items()},
        )

    async def _read_surroundings(self, hit: Hit, highlighter: Highlighter | None) -> PictureSurroundings:
        """Read the book, the pictures beside this one, the family and the words of the page in one `_msearch`."""
        pictures = self._gateway.index_names(["picture"])
        beside = [
            lookups.following_query(
                hit.book_id,
                hit.page,
                hit.box,
                size=BESIDE_SIZE,
                backwards=backwards,
                decoration=bool(hit.decoration),
            )
            for backwards in (True, False)
        ]
        searches: dict[str, IndexSearch] = {
            "book": IndexSearch(book_queries.book_query(hit.book_id), self._gateway.index_names(["book"])),
            "before": IndexSearch(beside[0], pictures),
            "after": IndexSearch(beside[1], pictures),
            "on_page": IndexSearch(book_queries.book_pictures_query(hit.book_id, hit.page), pictures),
        }
        if hit.family:
            searches["family"] = IndexSearch(lookups.copies_query(hit.family.id, size=MAX_COPIES), pictures)
        if highlighter:
            words_query = book_queries.page_words_query(hit.book_id, hit.page)
            searches["words"] = IndexSearch(words_query, self._gateway.index_names(["page"]))
        answers = await self._gateway.search_side_by_side(list(searches.values()))
        responses = dict(zip(searches, answers, strict=True))
        books = [read_book_details(raw_hit) for raw_hit in responses["book"]["hits"]["hits"]]
        on_page = read_hits(responses["on_page"])
        before, after = split_page(hit, on_page)
        return PictureSurroundings(
            book=books[0] if books else None,
            before=add_neighbours(hit, before, read_hits(responses["before"])),
            after=add_neighbours(hit, after, read_hits(responses["after"])),
            book_total=read_total(responses["after"]),
            on_page=[other for other in on_page if other.id != hit.id],
            family=read_hits(responses["family"]) if hit.family else [],
            word_boxes=read_word_boxes(
                [read_page_text(raw_hit, highlighter) for raw_hit in responses["words"]["hits"]["hits"]]
            )
            if highlighter
            else [],
        )

    async def _find_similar(self, hit: Hit) -> SimilarPictures | None:
        """Return what looks like the picture; None if no model can tell."""
        decoration = "include" if hit.decoration else "exclude"
        request = SearchRequest(like=(hit.id,), size=SIMILAR_SEARCH_SIZE).with_changes(decoration=decoration)
        try:
            results = await self._searcher.search(request)
        except UserFacingError:
            return None
        likeness = divide_by_likeness(request, results, query_images_of(request, {hit.id: hit}))
        if likeness is None or not results.models:
            return None
        return SimilarPictures(
            same_print=[ranked.hit for ranked in likeness.same_print],
            hits=[ranked.hit for ranked in likeness.similar][: MAX_SIMILAR if likeness.is_measured else MAX_NEAREST],
            is_certain=likeness.is_measured,
        )

    async def _find_own_size(self, record: PictureRecord) -> tuple[int, int] | None:
        """Return the pixels of the picture in our own Image API; None if that does not have it."""
        try:
            source = await self._image_server.open_source(record.hit.id, record.stored)
        except ImageNotFound:
            return None
        return source.width, source.height


def choose_highlighter(
    search_request: SearchRequest, texts: Iterable[str], languages: Collection[str]
) -> Highlighter | None:
    """Return what marks the words of a search; misread ones too if the texts have none of them as they are."""
    if not search_request.query_terms.should:
        return None
    highlighter = Highlighter(search_request.query_terms)
    if any(highlighter.spans(text, languages) for text in texts):
        return highlighter
    return Highlighter(search_request.query_terms, misreadings=True)


def mark_words(text: str, highlighter: Highlighter | None, languages: Collection[str]) -> Markup:
    """Return the whole text, of a book in these languages, as HTML with the words of a search in `<em>`."""
    spans = highlighter.spans(text, languages) if highlighter else []
    return Markup(mark_spans(text, spans, 0, len(text)))  # noqa: S704


def read_word_boxes(page_texts: Iterable[PageText]) -> list[list[int]]:
    """Return `x, y, width, height` of the words that match, on the first page that has boxes of its words."""
    for page_text in page_texts:
        if page_text.boxes:
            return [
                [int(side) for side in page_text.boxes[position].split(",")]
                for position in sorted(page_text.match_positions)
            ]
    return []
