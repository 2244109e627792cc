"""The previous and the next picture of a search's results, for the page of a picture that it found."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cachetools import TTLCache

from api.errors import UserFacingError
from api.search.request import SearchRequest
from api.search.service import Searcher

MAX_CACHED_PAGES, CACHE_SECONDS = 256, 60.0
"""A reader who walks through a page of results asks for it once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedResult:
    """One result of a search: what a link to it shows."""

    id: str
    is_picture: bool
    caption: str
    title: str
    position: int
    """Its place among the results, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultNeighbours:
    """Where a picture stands among the results of a search."""

    position: int
    total: int
    has_reprints: bool
    """Whether results have reprints, which `total` does not count."""
    previous: ListedResult | None
    next: ListedResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _ListedPage:
    results: tuple[ListedResult, ...]
    total: int
    has_reprints: bool
    pages: int


class ResultOrder:
    """Reads where pictures stand among results, from the pages of results that the reader has seen."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._cache: TTLCache[str, _ListedPage] = TTLCache(MAX_CACHED_PAGES, CACHE_SECONDS)

    async def find_neighbours(
        self, search_request: SearchRequest, position: int, picture_id: str
    ) -> ResultNeighbours | None:
        """Return the neighbours of a result; None if it is no longer on its page of the results."""
        if not position or search_request.group:
            return None
        number = (position - 1) // search_request.size + 1
        try:
            page = await self._read_page(search_request, number)
            index = next((place for place, result in enumerate(page.results) if result.id == picture_id), None)
            if index is None:
                return None
            previous = _first_picture(reversed(page.results[:index]))
            if previous is None and number > 1:
                previous = _first_picture(reversed((await self._read_page(search_request, number - 1)).results))
            following = _first_picture(page.results[index + 1 :])
            if following is None and number < page.pages:
                following = _first_picture((await self._read_page(search_request, number + 1)).results)
        except UserFacingError:
            return None
        return ResultNeighbours(
            position=page.results[index].position,
            total=page.total,
            has_reprints=page.has_reprints,
            previous=previous,
            next=following,
        )

    async def _read_page(self, search_request: SearchRequest, number: int) -> _ListedPage:
        request = replace(search_request, page=number)
        key = request.query_string()
        if (page := self._cache.get(key)) is None:
            page = self._cache[key] = await self._fetch_page(request)
        return page

    async def _fetch_page(self, request: SearchRequest) -> _ListedPage:
        results = await self._searcher.search(request)
        first = (request.page - 1) * request.size + 1
        total = results.total if results.prints is None else results.prints
        return _ListedPage(
            results=tuple(
                ListedResult(
                    id=hit.id,
                    is_picture=hit.document == "picture",
                    caption=hit.caption,
                    title=hit.title,
                    position=position,
                )
                for position, hit in enumerate(results.hits, first)
            ),
            total=total,
            has_reprints=total < results.total,
            pages=results.pages,
        )


def _first_picture(results: Iterable[ListedResult]) -> ListedResult | None:
    return next((result for result in results if result.is_picture), None)
