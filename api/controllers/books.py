"""One book: its record, and its pictures in the order of its pages."""

from dataclasses import dataclass
from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import PathParameter
from litestar.response import Template

from api import pictures as picture_lists
from api.books import Books, Record
from api.controllers.narrowing import NARROWING, question_of, refuse_all_but
from api.elasticsearch.gateway import Engine
from api.errors import PROBLEMS
from api.pictures import BookCounts, PictureList
from api.search.request import Question

BookId = Annotated[
    str,
    PathParameter(
        description="Id of a book, as the search gives it, or as it stands in the book's address here",
        examples=[Example(value="digibok_2006082900017")],
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A book as the catalogue knows it, and what it has here."""

    record: Record
    counts: BookCounts


class BookController(Controller):
    """Books, each with its pictures."""

    @get(
        "/api/books/{book_id:str}",
        operation_id="get_book",
        summary="One book",
        tags=["books"],
        responses={status: PROBLEMS[status] for status in (404, 503)},
    )
    async def as_json(self, engine: NamedDependency[Engine], book_id: BookId) -> Book:
        """The record, and how many pages and pictures of the book are here."""
        return await _book(engine, book_id)

    @get(
        "/api/books/{book_id:str}/pictures",
        operation_id="list_pictures_of_book",
        summary="A book's pictures",
        tags=["books"],
        responses={status: PROBLEMS[status] for status in (400, 404, 503)},
        before_request=refuse_all_but(*NARROWING, "page", "size"),
        dependencies={"question": question_of(*NARROWING, "page", "size")},
    )
    async def pictures(
        self, engine: NamedDependency[Engine], question: NamedDependency[Question], book_id: BookId
    ) -> PictureList:
        """In page order, on each page from top to bottom; the filters of `/api/search` narrow them."""
        record = await Books(engine).record(book_id)
        return await picture_lists.of_book(engine, record.book_id, question)

    @get("/books/{book_id:str}", include_in_schema=False, before_request=refuse_all_but("page", "size"))
    async def as_page(
        self, engine: NamedDependency[Engine], question: NamedDependency[Question], book_id: BookId
    ) -> Template:
        book = await _book(engine, book_id)
        pictures = await picture_lists.of_book(engine, book.record.book_id, question)
        return Template("book.html.jinja", context={"book": book, "pictures": pictures, "question": Question()})


async def _book(engine: Engine, book_id: str) -> Book:
    record = await Books(engine).record(book_id)
    return Book(record=record, counts=await picture_lists.counts(engine, record.book_id))
