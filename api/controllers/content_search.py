"""IIIF Content Search 2: the words and pictures of one book that match a query."""

from typing import Annotated
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from api.books import Books
from api.controllers.books import BookId
from api.errors import LOOKUP_ERROR_RESPONSES, AnyRequest
from api.iiif.annotations import PICTURE_MOTIVATION, TEXT_MOTIVATION
from api.iiif.content_search import build_search_response
from api.iiif.paging import page_links
from api.iiif.presentation import SEARCH_MEDIA_TYPE, Resource
from api.iiif.urls import IIIFUrls, add_query
from api.search.paging import page_count, page_window
from api.search.parameters import MAX_PAGE
from api.search.query_syntax import parse_query_text
from api.search.query_text import clean_query_text

CONTENT_SEARCH_PAGE_SIZE = 20
"""Book pages and pictures per response of a Content Search; a common word occurs many times on each page."""

QueryText = Annotated[
    str,
    QueryParameter(
        name="q",
        description="Words and quoted phrases, all of which must match",
        examples=[Example(value='fyr "hvit stein"')],
    ),
]
Motivation = Annotated[
    str,
    QueryParameter(
        description=f"`{TEXT_MOTIVATION}` for words, `{PICTURE_MOTIVATION}` for pictures; without it, both",
        examples=[Example(value=TEXT_MOTIVATION)],
    ),
]
MatchPageNumber = Annotated[
    int,
    QueryParameter(
        ge=1,
        le=MAX_PAGE,
        description="Page of the response, from 1",
        examples=[Example(value=2)],
    ),
]

CONTENT_SEARCH_PARAMETERS = ("q", "motivation", "page")
"""Parameters that the Content Search supports; the response names all others as ignored."""


class ContentSearchController(Controller):
    """Content Search in a book."""

    path = "/iiif"
    tags = ("iiif",)

    @get(
        "/books/{book_id:str}/search",
        operation_id="search_in_book",
        media_type=SEARCH_MEDIA_TYPE,
        summary="Search in a book",
        responses=LOOKUP_ERROR_RESPONSES,
    )
    async def search_in_book(
        self,
        *,
        request: AnyRequest,
        urls: NamedDependency[IIIFUrls],
        books: NamedDependency[Books],
        book_id: BookId,
        query_text: QueryText = "",
        motivation: Motivation = "",
        page: MatchPageNumber = 1,
    ) -> Response[Resource]:
        """Content Search 2.0: each matching word with its box, and the pictures whose caption or context matches."""
        details = await books.get_details(book_id)
        motivations = motivation.split()
        offset, size = page_window(page, CONTENT_SEARCH_PAGE_SIZE)
        book_matches = await books.find_matches(
            details.book_id,
            parse_query_text(clean_query_text(query_text)) if query_text.strip() else None,
            include_pages=not motivations or TEXT_MOTIVATION in motivations,
            include_pictures=not motivations or PICTURE_MOTIVATION in motivations,
            size=size,
            offset=offset,
        )
        query_string = urlencode(
            {name: value for name, value in (("q", query_text), ("motivation", motivation)) if value}
        )
        search_url = add_query(urls.content_search(details.key), query_string)
        links = page_links(search_url, page, page_count(book_matches.total, CONTENT_SEARCH_PAGE_SIZE))
        ignored_parameters = [
            name for name in dict.fromkeys(request.query_params) if name not in CONTENT_SEARCH_PARAMETERS
        ]
        content = build_search_response(details, book_matches, links, ignored_parameters, urls)
        return Response(content, media_type=SEARCH_MEDIA_TYPE)
