"""The pictures before and after one in its book, and its copies."""

from dataclasses import replace

from api.pages.neighbouring_pictures import list_copies, split_page
from tests.hit_factory import make_hit

FIRST, RULE, SECOND, THIRD = (
    replace(make_hit(), id=name, decoration="rule" if name == "rule" else "")
    for name in ("first", "rule", "second", "third")
)
ON_PAGE = [FIRST, RULE, SECOND, THIRD]


def test_a_figure_has_figures_beside_it_the_nearest_first() -> None:
    assert split_page(THIRD, ON_PAGE) == ([SECOND, FIRST], [])
    assert split_page(FIRST, ON_PAGE) == ([], [SECOND, THIRD])


def test_an_ornament_has_all_pictures_beside_it() -> None:
    assert split_page(RULE, ON_PAGE) == ([FIRST], [SECOND, THIRD])


def test_copies_of_one_family_or_by_similarity_are_one_list_with_the_picture_the_oldest_first() -> None:
    copy, reprint, undated, hit = (
        make_hit(name, year=year, last_year=year)
        for name, year in (("copy", 1891), ("reprint", 1843), ("undated", None), ("hit", 1867))
    )
    assert list_copies(hit, [undated, copy, hit, reprint, copy]) == [reprint, hit, copy, undated]
    assert list_copies(hit, [hit]) == list_copies(hit, []) == []


def test_a_picture_that_its_page_does_not_list_has_none_beside_it() -> None:
    assert split_page(replace(make_hit(), id="hidden"), ON_PAGE) == ([], [])
