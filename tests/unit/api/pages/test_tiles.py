"""The tiles of the start page: which there are, which pictures they show, and where they lead."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.elasticsearch.queries.start_page import tiles_query
from api.elasticsearch.search_results import TileBucket, read_tile_buckets
from api.pages.tiles import (
    MAX_COPIES,
    MAX_TILES,
    MAX_YEAR_TILES,
    PictureChooser,
    build_subject_tiles,
    build_tiles,
    build_year_tiles,
    choose_print,
    spread_copies,
    year_ranges,
)
from api.responses import Hit
from tests.hit_factory import make_hit

years = st.integers(min_value=-500, max_value=2100)


def bucket(value: str, count: int, *picture_ids: str) -> TileBucket:
    return TileBucket(value=value, count=count, hits=[make_hit(picture_id) for picture_id in picture_ids])


def family_hit(picture_id: str, books: int, first: int, last: int) -> Hit:
    family = {"id": picture_id, "books": books, "size": books, "first_year": first, "last_year": last}
    return make_hit(picture_id, family=family)


def copy_hit(picture_id: str, book: str, year: int | None) -> Hit:
    return make_hit(picture_id, book_id=book, year=year, last_year=year)


@given(years, years)
def test_ranges_of_years_are_few_equal_and_cover_all_years(one: int, other: int) -> None:
    first, last = sorted((one, other))
    ranges = year_ranges(first, last)
    if not ranges:
        assert first // 10 == last // 10
        return
    assert 2 <= len(ranges) <= MAX_YEAR_TILES
    assert ranges[0][0] <= first
    assert ranges[-1][1] >= last
    assert all(end + 1 == start for (_, end), (start, _) in pairwise(ranges))


def test_a_tile_has_the_number_of_its_search_and_leads_to_it() -> None:
    tiles = build_tiles("subject", [bucket("Fyr & båk", 11, "a"), bucket("Skip", 5, "b")], PictureChooser())
    assert [(tile.value, tile.count, tile.url) for tile in tiles] == [
        ("Fyr & båk", 11, "/?subject=Fyr+%26+b%C3%A5k"),
        ("Skip", 5, "/?subject=Skip"),
    ]


def test_no_two_tiles_show_the_same_picture_as_long_as_there_are_others() -> None:
    chooser = PictureChooser([make_hit("shown")])
    tiles = build_tiles(
        "subject", [bucket("A", 3, "shown", "a"), bucket("B", 3, "a", "b"), bucket("C", 1, "a")], chooser
    )
    assert [tile.hit.id for tile in tiles] == ["a", "b", "a"]


def subject_bucket(value: str, book: str, *picture_ids: str) -> TileBucket:
    hits = [make_hit(picture_id, book_id=book) for picture_id in picture_ids]
    return TileBucket(value=value, count=12, hits=hits, contents=(12, book))


def test_subjects_with_the_same_pictures_have_one_tile_with_a_picture_that_fits() -> None:
    """All subjects of a book have its pictures: a puffin stands for no botany, a press does for printing presses."""
    press, puffin = (
        replace(make_hit("press", book_id="b"), score=3.0),
        replace(make_hit("puffin", book_id="b"), score=1),
    )
    botany, presses = (subject_bucket(name, "b", "puffin", "foxglove") for name in ("Botany", "Presses"))
    ships = subject_bucket("Ships", "c", "buoy")
    tiles = build_subject_tiles([botany, presses, ships], {"Botany": [puffin], "Presses": [press]}, PictureChooser())
    assert [(tile.value, tile.hit.id) for tile in tiles] == [("Presses", "press"), ("Ships", "buoy")]


def test_a_book_gives_pictures_to_two_subjects_at_most() -> None:
    buckets = [
        TileBucket(value=value, count=count, hits=[make_hit(f"{value}{count}", book_id="b")], contents=(count,))
        for value, count in (("A", 9), ("B", 8), ("C", 7))
    ]
    assert [tile.value for tile in build_subject_tiles(buckets, {}, PictureChooser())] == ["A", "B"]


def test_reprints_of_a_shown_print_count_as_shown() -> None:
    first, second = family_hit("a", 2, 1840, 1867), make_hit("b", family={"id": "a"})
    chooser = PictureChooser([first])
    assert chooser.choose([second, make_hit("c")]) == make_hit("c")


def test_one_tile_is_no_choice_and_there_are_at_most_six() -> None:
    assert build_tiles("label", [bucket("Map", 10, "a")], PictureChooser()) == []
    assert build_tiles("label", [bucket("Map", 10), bucket("Chart", 1, "a")], PictureChooser()) == []
    many = [bucket(str(number), 1, str(number)) for number in range(20)]
    assert len(build_tiles("label", many, PictureChooser())) == MAX_TILES


def test_years_without_pictures_keep_their_place() -> None:
    ranges = [(1840, 1849), (1850, 1859), (1860, 1869)]
    buckets = [bucket("1840", 10, "a"), bucket("1850", 0), bucket("1860", 5, "b")]
    tiles = build_year_tiles(ranges, buckets, PictureChooser())
    assert [(tile.first, tile.count, tile.share, tile.hit is None) for tile in tiles] == [
        (1840, 10, 1.0, False),
        (1850, 0, 0.0, True),
        (1860, 5, 0.5, False),
    ]
    assert tiles[0].url == "/?year_from=1840&year_to=1849"
    assert build_year_tiles(ranges, buckets[:2], PictureChooser()) == []
    assert build_year_tiles([], [], PictureChooser()) == []


def test_the_print_of_the_day_is_in_many_books_over_several_years() -> None:
    hits = [family_hit("many", 7, 1500, 1600), family_hit("one year", 9, 1500, 1500), family_hit("few", 2, 1700, 1800)]
    assert {hit.id for day in range(5) if (hit := choose_print(hits, day))} == {"many"}
    others = [*hits, family_hit("nearly", 5, 1600, 1700)]
    assert {hit.id for day in range(5) if (hit := choose_print(others, day))} == {"many", "nearly"}
    assert choose_print([make_hit()], 1) is None


def test_copies_are_one_for_each_book_from_the_first_to_the_last_year() -> None:
    copies = spread_copies(
        [copy_hit("a", "b1", 1867), copy_hit("b", "b2", 1843), copy_hit("c", "b1", 1867), copy_hit("d", "b3", None)]
    )
    assert [hit.id for hit in copies] == ["b", "a"]
    many = spread_copies([copy_hit(str(year), str(year), year) for year in range(1800, 1830)])
    assert len(many) == MAX_COPIES
    assert (many[0].year, many[-1].year) == (1800, 1829)
    assert spread_copies([copy_hit("a", "b1", 1867), copy_hit("b", "b2", 1867)]) == [], "all of one year"
    assert spread_copies([]) == []


@pytest.mark.parametrize("aggregations", [{}, {"subject": {"buckets": []}}])
def test_a_collection_without_subjects_has_no_tiles(aggregations: dict[str, Any]) -> None:
    assert read_tile_buckets({"aggregations": aggregations}, "subject") == []
    assert "years" not in tiles_query(1, [])["aggs"], "filters without a name are an error in Elasticsearch"
