"""The previous and the next result, also across pages of results and past what is no picture."""

from collections.abc import Sequence
from typing import Any, cast

from api.errors import InvalidRequest
from api.pages.result_neighbours import ResultNeighbours, ResultOrder
from api.responses import ResultPage
from api.search.request import SearchRequest
from api.search.service import Searcher
from tests.event_loops import run_coroutine
from tests.hit_factory import make_hit


class ListedSearcher:
    """Answers with pages of a fixed list of results; names in capitals are pages of books."""

    def __init__(self, names: Sequence[str], reprints: int = 0) -> None:
        self.names, self.reprints, self.requests = names, reprints, list[int]()

    async def search(self, search_request: SearchRequest) -> ResultPage:
        self.requests.append(search_request.page)
        if search_request.query_text == "broken":
            raise InvalidRequest("Broken.")
        names = self.names[search_request.page_slice]
        return ResultPage(
            total=len(self.names) + self.reprints,
            prints=len(self.names),
            page=search_request.page,
            pages=-(-len(self.names) // search_request.size),
            size=search_request.size,
            took=1,
            models=[],
            hits=[make_hit(name, document="page" if name.isupper() else "picture") for name in names],
        )


def find(names: Sequence[str], position: int, picture_id: str, **changes: Any) -> ResultNeighbours | None:
    searcher = ListedSearcher(names)
    request = SearchRequest(query_text="fyr", size=3).with_changes(**changes)
    return run_coroutine(ResultOrder(cast(Searcher, searcher)).find_neighbours, request, position, picture_id)


def ends(neighbours: ResultNeighbours | None) -> tuple[str, str]:
    assert neighbours
    return (
        f"{neighbours.previous.id}{neighbours.previous.position}" if neighbours.previous else "",
        f"{neighbours.next.id}{neighbours.next.position}" if neighbours.next else "",
    )


def test_neighbours_on_one_page_and_across_pages() -> None:
    names = list("abcdefg")
    assert ends(find(names, 1, "a")) == ("", "b2")
    assert ends(find(names, 2, "b")) == ("a1", "c3")
    assert ends(find(names, 3, "c")) == ("b2", "d4")
    assert ends(find(names, 4, "d")) == ("c3", "e5")
    assert ends(find(names, 7, "g")) == ("f6", "")


def test_pages_and_books_among_the_results_are_passed_over() -> None:
    names = ["a", "B", "c", "D", "e"]
    assert ends(find(names, 3, "c")) == ("a1", "e5")


def test_a_picture_is_found_again_on_its_page_and_nowhere_else() -> None:
    names = list("abcdefg")
    moved = find(names, 1, "c")
    assert moved
    assert (moved.position, moved.total) == (3, 7)
    assert find(names, 1, "d") is None
    assert find(names, 4000, "a") is None


def test_a_place_among_prints_counts_no_reprints() -> None:
    """A reprint has no card of its own, so “1 of 12” would promise one card more than there are."""
    request = SearchRequest(query_text="fyr", size=3)
    for reprints, has_reprints in ((1, True), (0, False)):
        searcher = cast(Searcher, ListedSearcher(list("abcdefg"), reprints))
        place = run_coroutine(ResultOrder(searcher).find_neighbours, request, 4, "d")
        assert place
        assert (place.position, place.total, place.has_reprints) == (4, 7, has_reprints)


def test_no_place_no_neighbours() -> None:
    names = list("abc")
    assert find(names, 0, "a") is None
    assert find(names, 1, "a", group="book") is None
    assert find(names, 1, "a", query_text="broken") is None


def test_a_page_of_results_is_asked_for_once() -> None:
    searcher = ListedSearcher(list("abcdefg"))
    order = ResultOrder(cast(Searcher, searcher))
    request = SearchRequest(query_text="fyr", size=3)
    for position, name in ((1, "a"), (2, "b"), (3, "c"), (4, "d")):
        run_coroutine(order.find_neighbours, request, position, name)
    assert searcher.requests == [1, 2]
