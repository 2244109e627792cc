"""What is published as IIIF: manifests of books and pictures, their annotations, and results as collections."""

from dataclasses import replace
from math import ceil
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import Example
from litestar.params import PathParameter, QueryParameter

from api.books import Books, plate
from api.controllers.books import BookId
from api.controllers.pictures import PictureId
from api.elasticsearch.gateway import Engine
from api.elasticsearch.queries import WINDOW
from api.errors import PROBLEMS
from api.iiif import annotations, collections, content_search, manifests
from api.iiif.addresses import Addresses
from api.iiif.annotations import PICTURES, WORDS
from api.iiif.presentation import MEDIA_TYPE, SEARCH_MEDIA_TYPE, Resource
from api.search.parameters import refuse_unknown
from api.search.query_syntax import parse
from api.search.query_text import clean
from api.search.request import Question
from api.search.service import Searcher

PASSAGES = 20
"""Pages and pictures in one answer of a content search; a frequent word stands on each page many times."""

PageNumber = Annotated[
    int, PathParameter(description="A page's place in the book, from 1", examples=[Example(value=12)])
]
Words = Annotated[
    str,
    QueryParameter(
        name="q",
        description="Words and quoted phrases, all of which must be there",
        examples=[Example(value='fyr "hvit stein"')],
    ),
]
Motivation = Annotated[
    str,
    QueryParameter(
        description=f"`{WORDS}` for words, `{PICTURES}` for pictures; both without it",
        examples=[Example(value=WORDS)],
    ),
]
Page = Annotated[
    int,
    QueryParameter(ge=1, le=WINDOW // PASSAGES, description="Page of the answer, from 1", examples=[Example(value=2)]),
]

MISSING = {status: PROBLEMS[status] for status in (404, 503)}

AnyRequest = Request[Any, Any, Any]

SPECIFIED = ("q", "motivation", "page")
"""The parameters of a content search that are not passed over."""


def _books(engine: NamedDependency[Engine]) -> Books:
    return Books(engine)


class IIIFController(Controller):
    """IIIF Presentation 3 and Content Search 2."""

    path = "/iiif"
    tags = ("iiif",)
    dependencies = {"books": Provide(_books, sync_to_thread=False)}  # noqa: RUF012

    @get(
        "/books/{book_id:str}/manifest",
        operation_id="book_manifest",
        media_type=MEDIA_TYPE,
        summary="A book",
        responses=MISSING,
    )
    async def book(self, request: AnyRequest, books: NamedDependency[Books], book_id: BookId) -> Response[Resource]:
        """A manifest: every page of the book as a canvas, with its scan or the pictures that were cut from it."""
        record = await books.record(book_id)
        leaves, plates = await books.leaves(record.book_id), await books.plates(record.book_id)
        return _presented(manifests.book(record, leaves, plates, _addresses(request)))

    @get(
        "/books/{book_id:str}/pictures",
        operation_id="book_pictures",
        media_type=MEDIA_TYPE,
        summary="A book's pictures",
        responses=MISSING,
    )
    async def pictures(self, request: AnyRequest, books: NamedDependency[Books], book_id: BookId) -> Response[Resource]:
        """An annotation page: the regions of all pictures of a book, in page order."""
        record, at = await books.record(book_id), _addresses(request)
        hits = [each.hit for each in await books.plates(record.book_id)]
        return _presented(annotations.page(f"{at.book(record.key)}/pictures", hits, at))

    @get(
        "/books/{book_id:str}/pages/{number:int}/pictures",
        operation_id="page_pictures",
        media_type=MEDIA_TYPE,
        summary="A page's pictures",
        responses=MISSING,
    )
    async def pictures_of_page(
        self, request: AnyRequest, books: NamedDependency[Books], book_id: BookId, number: PageNumber
    ) -> Response[Resource]:
        """An annotation page: the regions of the pictures of one page."""
        record, at = await books.record(book_id), _addresses(request)
        hits = [each.hit for each in await books.plates(record.book_id, number)]
        return _presented(annotations.page(at.pictures_of(record.key, number), hits, at))

    @get(
        "/books/{book_id:str}/search",
        operation_id="search_in_book",
        media_type=SEARCH_MEDIA_TYPE,
        summary="Search in a book",
        responses={status: PROBLEMS[status] for status in (400, 404, 503)},
    )
    async def content_search(
        self,
        *,
        request: AnyRequest,
        books: NamedDependency[Books],
        book_id: BookId,
        words: Words = "",
        motivation: Motivation = "",
        page: Page = 1,
    ) -> Response[Resource]:
        """Content Search 2.0: each found word with its box, and the pictures whose caption or neighbourhood has it."""
        record, at = await books.record(book_id), _addresses(request)
        wanted = motivation.split()
        found = await books.passages(
            record.book_id,
            parse(clean(words)) if words.strip() else None,
            pages=not wanted or WORDS in wanted,
            pictures=not wanted or PICTURES in wanted,
            size=PASSAGES,
            offset=(page - 1) * PASSAGES,
        )
        asked = urlencode({name: value for name, value in (("q", words), ("motivation", motivation)) if value})
        whole = _with_query(at.search_in(record.key), asked)
        addresses = _addressed(whole, page, ceil(found.total / PASSAGES))
        ignored = [name for name in dict.fromkeys(request.query_params) if name not in SPECIFIED]
        content = content_search.answer(record, found, addresses, ignored, at)
        return Response(content, media_type=SEARCH_MEDIA_TYPE)

    @get(
        "/pictures/{picture_id:str}/manifest",
        operation_id="picture_manifest",
        media_type=MEDIA_TYPE,
        summary="A picture",
        responses=MISSING,
    )
    async def picture(
        self, request: AnyRequest, searcher: NamedDependency[Searcher], picture_id: PictureId
    ) -> Response[Resource]:
        """A manifest with the picture as its only canvas."""
        hit, record = await searcher.picture(picture_id)
        return _presented(manifests.picture(plate({"_id": hit.id, "_source": record}), _addresses(request)))

    @get(
        "/search",
        operation_id="search_as_collection",
        media_type=MEDIA_TYPE,
        summary="Results",
        responses={status: PROBLEMS[status] for status in (400, 404, 503)},
        before_request=refuse_unknown,
    )
    async def results(
        self, request: AnyRequest, searcher: NamedDependency[Searcher], question: NamedDependency[Question]
    ) -> Response[Resource]:
        """A collection of the pages of results; with `page`, the collection of that page's pictures."""
        at, found = _addresses(request), await searcher.search(_pictures(question))
        whole = _with_query(f"{at.base}/iiif/search", _query(question))
        label, home = question.words or "Pictures", at.absolute(question.url(page=question.page))
        if "page" not in request.query_params:
            pages = [_numbered(whole, number) for number in range(1, found.pages + 1)]
            return _presented(collections.whole(whole, pages, label, found, home))
        addresses = {
            "this": _numbered(whole, question.page),
            "whole": whole,
            "annotations": _numbered(
                _with_query(f"{at.base}/iiif/search/annotations", _query(question)), question.page
            ),
            "home": home,
        }
        return _presented(collections.page(addresses, label, found, at))

    @get(
        "/search/annotations",
        operation_id="search_as_annotations",
        media_type=MEDIA_TYPE,
        summary="Results on their pages",
        responses={status: PROBLEMS[status] for status in (400, 404, 503)},
        before_request=refuse_unknown,
    )
    async def results_as_annotations(
        self, request: AnyRequest, searcher: NamedDependency[Searcher], question: NamedDependency[Question]
    ) -> Response[Resource]:
        """An annotation page: one page of results, each as a region of its own page of its own book."""
        at, found = _addresses(request), await searcher.search(_pictures(question))
        whole = _with_query(f"{at.base}/iiif/search/annotations", _query(question))
        addresses = _addressed(whole, question.page, found.pages)
        return _presented(annotations.found(addresses, found.total, found.hits, at))


def _presented(content: Resource) -> Response[Resource]:
    return Response(content, media_type=MEDIA_TYPE)


def _addresses(request: AnyRequest) -> Addresses:
    """What the reader typed to get here; behind a proxy, what the server was told of it."""
    return Addresses(str(request.base_url).rstrip("/"))


def _pictures(question: Question) -> Question:
    """Pages and books have no region to point at."""
    return replace(question, document=("picture",), group="")


def _query(question: Question) -> str:
    return replace(question, page=1).query_string()


def _with_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def _numbered(address: str, page: int) -> str:
    return f"{address}{'&' if '?' in address else '?'}page={page}"


def _addressed(whole: str, page: int, pages: int) -> dict[str, str]:
    """The addresses of this page and of those around it; of one page alone, the whole is it."""
    if pages <= 1 == page:
        return {"whole": whole, "this": whole}
    addresses = {
        name: _numbered(whole, number) for name, number in (("this", page), ("first", 1), ("last", max(pages, 1)))
    }
    if page < pages:
        addresses["next"] = _numbered(whole, page + 1)
    if 1 < page <= pages:
        addresses["prev"] = _numbered(whole, page - 1)
    return {"whole": whole, **addresses}
