"""One book: its record and its pictures in page order."""

from dataclasses import dataclass
from typing import Annotated

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
from api.pictures import BookCounts, PictureList
from api.records import BookDetails
from api.search.request import SearchRequest

BookId = Annotated[
    str,
    PathParameter(
        description="Id of a book as the search returns it, or its key in URLs of this service",
        examples=[Example(value="digibok_2006082900017")],
    ),
]


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

    @get("/books/{book_id:str}", include_in_schema=False, before_request=refuse_search_parameters_but("page", "size"))
    async def show_book_page(
        self, gateway: NamedDependency[SearchGateway], search_request: NamedDependency[SearchRequest], book_id: BookId
    ) -> Template:
        book = await _load_book(gateway, book_id)
        picture_list = await picture_lists.list_book_pictures(gateway, book.record.book_id, search_request)
        return Template(
            "book.html.jinja", context={"book": book, "pictures": picture_list, "search_request": SearchRequest()}
        )


async def _load_book(gateway: SearchGateway, book_id: str) -> BookResponse:
    details = await Books(gateway).get_details(book_id)
    return BookResponse(record=details, counts=await picture_lists.count_documents(gateway, details.book_id))
