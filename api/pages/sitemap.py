"""The sitemap: the address of every book, in parts that crawlers take (https://www.sitemaps.org/protocol.html)."""

from collections.abc import Iterable
from time import monotonic
from xml.sax.saxutils import escape

from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.queries.book import books_after_query

BOOKS_PER_PART = 10_000
"""As many as one search can return; the protocol allows 50,000."""
CACHE_SECONDS = 3600.0
SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Sitemap:
    """Reads the ids of all books, in the order of their library's ids."""

    def __init__(self, gateway: SearchGateway, books_per_part: int = BOOKS_PER_PART) -> None:
        self._gateway, self._books_per_part = gateway, books_per_part
        self._part_starts: list[str] = []
        self._read_at = 0.0

    async def count_parts(self) -> int:
        """Return the number of parts; at most an hour old."""
        return len(await self._starts())

    async def list_book_keys(self, part: int) -> list[str]:
        """Return the keys of the books of a part, from 1; none if there is no such part."""
        starts = await self._starts()
        if not 1 <= part <= len(starts):
            return []
        keys, _ = await self._read_books(starts[part - 1])
        return keys

    async def _starts(self) -> list[str]:
        """Return for each part the library's id of the book before its first one."""
        if not self._part_starts or monotonic() - self._read_at > CACHE_SECONDS:
            starts, start = [], ""
            while True:
                keys, last_id = await self._read_books(start)
                if keys:
                    starts.append(start)
                if len(keys) < self._books_per_part:
                    break
                start = last_id
            self._part_starts, self._read_at = starts, monotonic()
        return self._part_starts

    async def _read_books(self, after: str) -> tuple[list[str], str]:
        """Return the keys of the books after a library's id, and the library's id of the last one."""
        body = books_after_query(after, self._books_per_part)
        response = await self._gateway.search(body, self._gateway.index_names(["book"]))
        hits = response["hits"]["hits"]
        return [str(hit["_id"]) for hit in hits], str(hits[-1]["sort"][0]) if hits else ""


def build_sitemap_index(urls: Iterable[str]) -> str:
    """Return the XML that lists sitemaps."""
    return _build_xml("sitemapindex", "sitemap", urls)


def build_sitemap(urls: Iterable[str]) -> str:
    """Return the XML that lists pages."""
    return _build_xml("urlset", "url", urls)


def _build_xml(root: str, element: str, urls: Iterable[str]) -> str:
    items = "".join(f"<{element}><loc>{escape(url)}</loc></{element}>\n" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SITEMAP_NAMESPACE}">\n{items}</{root}>\n'
