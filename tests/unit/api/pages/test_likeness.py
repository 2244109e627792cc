"""The results of a search by picture: the same print, similar pictures, less similar pictures."""

from dataclasses import replace
from typing import Any

from api.pages.likeness import Likeness, RankedHit, divide_by_likeness
from api.responses import QueryImage, ResultPage
from api.search.image_terms import parse_image_terms
from api.search.request import SearchRequest
from tests.hit_factory import make_hit


def divide(
    similarities: list[float], cut_off: int | None, like: str = "a", family_of: int = 0, **changes: Any
) -> Likeness | None:
    """Divide a page of pictures with these similarities; the one numbered `family_of` is a reprint."""
    family = {"id": "f1", "size": 2, "books": 2}
    hits = [
        replace(
            make_hit(f"p{number}", family=family) if number == family_of else make_hit(f"p{number}"),
            similarities={"sscd": similarity},
        )
        for number, similarity in enumerate(similarities, 1)
    ]
    page = ResultPage(total=99, page=1, pages=5, size=24, took=1, models=["sscd"], hits=hits, cut_off=cut_off)
    term = parse_image_terms(like=(like,), image=(), vector=()).like[0]
    images = [QueryImage(parameter="like", value=like, image_term=term, hit=make_hit("a", family=family))]
    return divide_by_likeness(SearchRequest(like=(like,), **changes), page, images)


def positions(ranked_hits: list[RankedHit]) -> list[int]:
    return [ranked.position for ranked in ranked_hits]


def test_copies_come_first_then_what_is_above_the_cut_off() -> None:
    likeness = divide([0.9, 0.6, 0.8, 0.5, 0.2, 0.1, 0.1, 0.1], cut_off=4)
    assert likeness
    assert positions(likeness.same_print) == [1, 3]
    assert positions(likeness.similar) == [2, 4]
    assert positions(likeness.less_similar) == [5, 6, 7, 8]
    assert likeness.may_have_more, "the cut-off is at the half of the page, where it must end"


def test_without_a_cut_off_nothing_is_said_to_be_less_similar() -> None:
    likeness = divide([0.9, 0.3], cut_off=None)
    assert likeness
    assert (positions(likeness.same_print), positions(likeness.similar), likeness.less_similar) == ([1], [2], [])
    assert not likeness.is_measured


def test_a_part_of_a_picture_has_the_same_print_as_the_whole() -> None:
    """Reprints of the picture show the part too, however little of them it is; so does what looks like the part."""
    likeness = divide([0.9, 0.4, 0.3], cut_off=0, like="a#xywh=pct:0,0,50,50", family_of=2)
    assert likeness
    assert positions(likeness.same_print) == [1, 2]
    assert likeness.similar == []
    assert positions(likeness.less_similar) == [3]


def test_pictures_of_the_family_are_of_the_same_print_however_similar() -> None:
    family = {"id": "f1", "size": 3, "books": 2}
    hits = [make_hit("p1", family=family), make_hit("p2", family={**family, "id": "f2"})]
    page = ResultPage(total=2, page=1, pages=1, size=24, took=1, models=["sscd"], hits=hits)
    image_term = parse_image_terms(like=("a",), image=(), vector=()).like[0]
    images = [QueryImage(parameter="like", value="a", image_term=image_term, hit=make_hit("a", family=family))]
    likeness = divide_by_likeness(SearchRequest(like=("a",)), page, images)
    assert likeness
    assert [ranked.hit.id for ranked in likeness.same_print] == ["p1"]


def test_words_order_and_later_pages_have_no_parts() -> None:
    for changes in ({"query_text": "fyr"}, {"sort": "year"}, {"page": 2}, {"group": "book"}):
        assert divide([0.9], cut_off=1, **changes) is None
