"""Searches without results: what is kept of them, and that the service does not depend on whether it can be."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.monitoring.instruments import REGISTRY
from api.search.request import SearchRequest
from api.search.unanswered import MAX_PENDING, MAX_WORDS_LENGTH, UnansweredSearch, UnansweredSearches, describe_search
from tests.event_loops import run_coroutine

DAY = date(2026, 11, 30)


class StoreError(Exception):
    pass


class ListStore:
    """Keeps searches in a list, or refuses them."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.searches: list[UnansweredSearch] = []
        self.deleted_before: list[date] = []
        self.refuses = refuses

    async def write(self, searches: Sequence[UnansweredSearch]) -> None:
        if self.refuses:
            raise StoreError
        self.searches += searches

    async def delete_before(self, day: date) -> None:
        if self.refuses:
            raise StoreError
        self.deleted_before.append(day)


def collect(store: ListStore, days: int = 30) -> UnansweredSearches:
    return UnansweredSearches(store, days, (StoreError,), today=lambda: DAY)


def count(outcome: str) -> float:
    return REGISTRY.get_sample_value("frontispiece_unanswered_searches_total", {"outcome": outcome}) or 0.0


@pytest.mark.parametrize(
    ("query_text", "words"),
    [
        ("Fyr på Utsira", "fyr på utsira"),
        ('  "Skonnerten  Anna" 1867 ', '"skonnerten anna" 1867'),
        ("kart anna.hansen@example.org bergen", "kart bergen"),
        ("https://www.nb.no/items/URN:NBN:no-nb_digibok_2099010100017", None),
        ("www.example.org/privat fyr", "fyr"),
        ("22 01 70 00", None),
        ("ring 22017000 hjem", "ring hjem"),
        ("01019012345", None),
        ("1867 1868 1850-1860", "1867 1868 1850-1860"),
        ("ole 981-23-456", "ole"),
        ("?!", None),
        ("", None),
    ],
)
def test_words_are_kept_without_what_leads_to_a_person(query_text: str, words: str | None) -> None:
    search = describe_search(SearchRequest(query_text=query_text), DAY)
    assert (search and search.words) == words


@given(query_text=st.text(max_size=400))
def test_whatever_is_typed_what_is_kept_is_short_and_has_no_address(query_text: str) -> None:
    search = describe_search(SearchRequest.from_parameters({"q": query_text} if query_text else {}), DAY)
    if search:
        assert 0 < len(search.words) <= MAX_WORDS_LENGTH
        assert "@" not in search.words
        assert "://" not in search.words


def test_of_filters_their_names_are_kept_and_not_their_values() -> None:
    request = SearchRequest(query_text="fyr", year_from=1850, document=("page",)).with_changes(publisher=("Cappelen",))
    search = describe_search(request, DAY)
    assert search
    assert set(search.filters) == {"year_from", "publisher"}
    assert search.documents == ("page",)
    assert "Cappelen" not in repr(search)
    assert "1850" not in repr(search)


def test_the_same_search_again_counts_once_until_it_is_written() -> None:
    store = ListStore()
    searches = collect(store)
    for _ in range(3):
        searches.add(SearchRequest(query_text="Fyr"))
    run_coroutine(searches.write)
    searches.add(SearchRequest(query_text="fyr"))
    run_coroutine(searches.write)
    assert [search.words for search in store.searches] == ["fyr", "fyr"]


def test_what_cannot_be_written_is_counted_and_raises_nothing() -> None:
    before = count("failed")
    searches = collect(ListStore(refuses=True))
    searches.add(SearchRequest(query_text="fyr"))
    run_coroutine(searches.write)
    run_coroutine(searches.delete_old)
    assert count("failed") == before + 1


def test_a_flood_is_dropped_and_not_kept_in_memory() -> None:
    before, store = count("dropped"), ListStore()
    searches = collect(store)
    for number in range(MAX_PENDING + 7):
        searches.add(SearchRequest(query_text=f"fyr {chr(0x4E00 + number)}"))
    run_coroutine(searches.write)
    assert len(store.searches) == MAX_PENDING
    assert count("dropped") == before + 7


def test_old_days_are_deleted_while_the_service_runs_and_the_last_searches_are_written_at_its_end() -> None:
    store = ListStore()

    async def serve() -> None:
        searches = collect(store, days=30)
        async with searches.run():
            searches.add(SearchRequest(query_text="fyr"))

    run_coroutine(serve)
    assert [search.words for search in store.searches] == ["fyr"]
    assert all(day == DAY - timedelta(days=30) for day in store.deleted_before)
