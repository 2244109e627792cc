"""One book: its record and its pictures in page order."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import PathParameter
from litestar.response import Template

from api import pictures as picture_lists
from api.books import Books
from api.controllers.parameters import (
    BOOK_PARAMETERS,
    accept_parameters,
    refuse_all_but,
    refuse_search_parameters_but,
)
from api.elasticsearch.gateway import SearchGateway
from api.errors import LOOKUP_ERROR_RESPONSES
from api.exports.book_references import book_bibtex, book_reference
from api.iiif.urls import IIIFUrls
from api.pages.book_page import load_book_page
from api.pages.leaf_page import load_leaf_page
from api.picture_images import SAFE_CHARACTERS
from api.pictures import PictureList
from api.records import BookCounts, BookDetails
from api.search.parameters import MAX_PAGE
from api.search.request import SearchRequest

BookId = Annotated[
    str,
    PathParameter(
        description="Id of a book as the search returns it, or its key in URLs of this service",
        examples=[Example(value="digibok_2006082900017")],
    ),
]

PageNumber = Annotated[int, PathParameter(description="Position of a page in the book, from 1", ge=1, le=MAX_PAGE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookResponse:
    """A book's catalogue record, and how many of its pages and pictures are in the index."""

    record: BookDetails
    counts: BookCounts


class BookController(Controller):
    """Books and their pictures."""

    @get(
        "/api/books/{book_id:str}",
        operation_id="get_book",
        summary="One book",
        tags=["books"],
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but(),
    )
    async def get_book(self, gateway: NamedDependency[SearchGateway], book_id: BookId) -> BookResponse:
        """The catalogue record, and how many pages and pictures of the book are in the index."""
        return await _load_book(gateway, book_id)

    @get(
        "/api/books/{book_id:str}/pictures",
        operation_id="list_pictures_of_book",
        summary="A book's pictures",
        tags=["books"],
        responses=LOOKUP_ERROR_RESPONSES,
        before_request=refuse_all_but(*BOOK_PARAMETERS),
        dependencies=accept_parameters(*BOOK_PARAMETERS),
    )
    async def list_book_pictures(
        self, gateway: NamedDependency[SearchGateway], search_request: NamedDependency[SearchRequest], book_id: BookId
    ) -> PictureList:
        """The pictures in page order, from top to bottom; takes the filters of `/api/search` but `book`."""
        details = await Books(gateway).get_details(book_id)
        return await picture_lists.list_book_pictures(gateway, details.book_id, search_request)

    @get(
        "/books/{book_id:str}",
        include_in_schema=False,
        before_request=refuse_search_parameters_but("q", "decoration", "page", "size"),
    )
    async def show_book_page(
        self,
        urls: NamedDependency[IIIFUrls],
        gateway: NamedDependency[SearchGateway],
        books: NamedDependency[Books],
        search_request: NamedDependency[SearchRequest],
        book_id: BookId,
    ) -> Template:
        book = await load_book_page(books, gateway, book_id, search_request)
        address = f"{urls.base_url}/books/{quote(book.record.key, safe=SAFE_CHARACTERS)}"
        context = {
            "book": book,
            "search_request": SearchRequest(),
            "book_request": search_request,
            "manifest_url": urls.book_manifest(book.record.key),
            "reference": book_reference(book.record, address),
            "bibtex": book_bibtex(book.record, address),
        }
        return Template("book.html.jinja", context=context)

    @get(
        "/books/{book_id:str}/pages/{number:int}",
        include_in_schema=False,
        before_request=refuse_search_parameters_but("q"),
    )
    async def show_leaf_page(
        self,
        *,
        gateway: NamedDependency[SearchGateway],
        books: NamedDependency[Books],
        search_request: NamedDependency[SearchRequest],
        book_id: BookId,
        number: PageNumber,
    ) -> Template:
        """One page of a book with the words of a search boxed, and its pictures as links."""
        page = await load_leaf_page(books, gateway, book_id, number, search_request)
        return Template("leaf.html.jinja", context={"page": page, "search_request": search_request})


async def _load_book(gateway: SearchGateway, book_id: str) -> BookResponse:
    details = await Books(gateway).get_details(book_id)
    return BookResponse(record=details, counts=await picture_lists.count_documents(gateway, details.book_id))
