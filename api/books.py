"""One book: its catalogue record, its pages and its pictures, read from Elasticsearch."""

from dataclasses import replace

from api.elasticsearch.book_hits import read_book_details, read_book_match, read_book_picture, read_page_leaf
from api.elasticsearch.gateway import SearchGateway, SearchResponse
from api.elasticsearch.queries import book as queries
from api.elasticsearch.queries.clause import Body
from api.elasticsearch.search_results import read_total
from api.errors import BookNotFound
from api.records import BookDetails, BookLeaf, BookMatches, BookPicture
from api.search.highlighting import Highlighter
from api.search.query_terms import QueryTerms
from core.scan_folders import NO_SCAN_FOLDERS, ScanFolders


class Books:
    """Reads books from the indices behind the alias."""

    def __init__(self, gateway: SearchGateway, scan_folders: ScanFolders = NO_SCAN_FOLDERS) -> None:
        """`scan_folders` are those whose scans the service may send."""
        self._gateway, self._scan_folders = gateway, scan_folders

    async def get_details(self, book_id: str) -> BookDetails:
        """Return a book by its key in URLs or by the library's id; raises `BookNotFound`."""
        hits = await self._search(queries.book_query(book_id), "book")
        if not hits:
            raise BookNotFound(book_id)
        return read_book_details(hits[0])

    async def list_leaves(self, book_id: str) -> list[BookLeaf]:
        """Return the pages that have text, in order."""
        leaves = map(read_page_leaf, await self._search(queries.leaves_query(book_id), "page"))
        return list(map(self.without_unserved_scan, leaves))

    async def list_pictures(self, book_id: str, page: int | None = None) -> list[BookPicture]:
        """Return the pictures of a book or of one of its pages, in page order."""
        pictures = map(read_book_picture, await self._search(queries.book_pictures_query(book_id, page), "picture"))
        return [replace(picture, leaf=self.without_unserved_scan(picture.leaf)) for picture in pictures]

    async def find_matches(
        self,
        book_id: str,
        query_terms: QueryTerms | None,
        *,
        include_pages: bool,
        include_pictures: bool,
        size: int,
        offset: int,
        captions_only: bool = False,
    ) -> BookMatches:
        """Return the pages and pictures of a book that match the query; all of them if there is none.

        With `captions_only` a picture does not match by the text around it, which is that of its page.
        """
        body = queries.book_matches_query(
            book_id,
            query_terms,
            pages=include_pages,
            pictures=include_pictures,
            size=size,
            offset=offset,
            captions_only=captions_only,
        )
        response = await self._gateway.search(body, self._gateway.index_names(["page", "picture"]))
        highlighter = Highlighter(query_terms or QueryTerms())
        return BookMatches(
            total=read_total(response),
            matches=tuple(
                replace(match, leaf=self.without_unserved_scan(match.leaf))
                for match in (read_book_match(raw_hit, highlighter) for raw_hit in response["hits"]["hits"])
            ),
        )

    def without_unserved_scan(self, leaf: BookLeaf) -> BookLeaf:
        """Return the leaf without its scan on disk if this service may not send it."""
        is_served = leaf.scan_name and self._scan_folders.contains(leaf.scan_name)
        return leaf if is_served or not leaf.scan_id else replace(leaf, scan_id="")

    async def _search(self, body: Body, document: str) -> list[SearchResponse]:
        response = await self._gateway.search(body, self._gateway.index_names([document]))
        hits: list[SearchResponse] = response["hits"]["hits"]
        return hits
