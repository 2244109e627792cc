"""One book: its catalogue record, its pages and its pictures, read from Elasticsearch."""

from api.elasticsearch.gateway import SearchGateway, SearchResponse
from api.elasticsearch.hits import read_book_details, read_book_match, read_book_picture, read_page_leaf
from api.elasticsearch.queries import book as queries
from api.elasticsearch.queries.clause import Body
from api.elasticsearch.search_results import read_total
from api.errors import BookNotFound
from api.records import BookDetails, BookLeaf, BookMatches, BookPicture
from api.search.highlighting import Highlighter
from api.search.query_terms import QueryTerms


class Books:
    """Reads books from the indices behind the alias."""

    def __init__(self, gateway: SearchGateway) -> None:
        self._gateway = gateway

    async def get_details(self, book_id: str) -> BookDetails:
        """Return a book by its key in URLs or by the library's id; raises `BookNotFound`."""
        hits = await self._search(queries.book_query(book_id), "book")
        if not hits:
            raise BookNotFound(book_id)
        return read_book_details(hits[0])

    async def list_leaves(self, book_id: str) -> list[BookLeaf]:
        """Return the pages that have text, in order."""
        return list(map(read_page_leaf, await self._search(queries.leaves_query(book_id), "page")))

    async def list_pictures(self, book_id: str, page: int | None = None) -> list[BookPicture]:
        """Return the pictures of a book or of one of its pages, in page order."""
        return list(map(read_book_picture, await self._search(queries.book_pictures_query(book_id, page), "picture")))

    async def find_matches(
        self,
        book_id: str,
        query_terms: QueryTerms | None,
        *,
        include_pages: bool,
        include_pictures: bool,
        size: int,
        offset: int,
    ) -> BookMatches:
        """Return the pages and pictures of a book that match the query; all of them if there is none."""
        body = queries.book_matches_query(
            book_id, query_terms, pages=include_pages, pictures=include_pictures, size=size, offset=offset
        )
        response = await self._gateway.search(body, self._gateway.index_names(["page", "picture"]))
        highlighter = Highlighter(query_terms or QueryTerms())
        return BookMatches(
            total=read_total(response),
            matches=tuple(read_book_match(raw_hit, highlighter) for raw_hit in response["hits"]["hits"]),
        )

    async def _search(self, body: Body, document: str) -> list[SearchResponse]:
        response = await self._gateway.search(body, self._gateway.index_names([document]))
        hits: list[SearchResponse] = response["hits"]["hits"]
        return hits
