"""The pictures of a request as chips: what they offer, and the addresses of each change."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from api.pages.request_chips import PictureChip, picture_chips
from api.responses import Hit
from api.search.prepared_search import query_images_of
from api.search.request import SearchRequest
from tests.hit_factory import make_hit

Pairs = list[tuple[str, str]]


def chips_of(search_request: SearchRequest, hits: dict[str, Hit] | None = None) -> list[PictureChip]:
    return picture_chips(search_request, query_images_of(search_request, hits or {}))


def pairs_of(url: str) -> Pairs:
    return parse_qsl(urlsplit(url).query)


def test_each_change_is_an_address_with_the_others_in_their_places() -> None:
    search_request = SearchRequest(query_text="fyr", like=("a", "b#xywh=pct:0,0,50,50^-2", "c"), page=3)
    chip = chips_of(search_request)[1]
    assert (chip.number, chip.is_negative, chip.weight) == (2, True, 2)
    assert pairs_of(chip.remove_url) == [("q", "fyr"), ("like", "a"), ("like", "c")]
    assert pairs_of(chip.opposite_url)[2] == ("like", "b#xywh=pct:0,0,50,50^2")
    assert pairs_of(chip.whole_url)[2] == ("like", "b^-2")
    assert pairs_of(chip.weight_urls["little"])[2] == ("like", "b#xywh=pct:0,0,50,50^-0.5")


def test_the_second_of_two_equal_pictures_is_removed_alone() -> None:
    first, second = chips_of(SearchRequest(like=("a", "a"), vector=("sscd.x",)))[:2]
    assert pairs_of(first.remove_url) == pairs_of(second.remove_url) == [("like", "a"), ("vector", "sscd.x")]


def test_a_picture_alone_has_no_weight_and_cannot_be_negative() -> None:
    (chip,) = chips_of(SearchRequest(like=("a",)))
    assert (chip.weight_urls, chip.opposite_url, chip.whole_url) == ({}, "", "")
    (chip,) = chips_of(SearchRequest(like=("a",), query_text="fyr"))
    assert pairs_of(chip.opposite_url) == [("q", "fyr"), ("like", "a^-1")]


def test_the_last_positive_picture_without_words_stays_positive() -> None:
    negative, positive = chips_of(SearchRequest(like=("a^-1", "b")))
    assert negative.opposite_url
    assert not positive.opposite_url


def test_a_region_is_drawn_in_percent_of_its_picture() -> None:
    hits = {"a": make_hit(box={"x": 10, "y": 20, "width": 400, "height": 200})}
    pixels, percent, unknown = chips_of(
        SearchRequest(like=("a#xywh=100,50,200,100", "a#xywh=pct:5,6,7,8"), image=("https://x.org/a#xywh=1,2,3,4",)),
        hits,
    )
    assert (pixels.region, percent.region, unknown.region) == ((25, 25, 50, 50), (5, 6, 7, 8), None)
    assert unknown.whole_url


@given(st.lists(st.sampled_from(["a", "b^-1", "c^0.5", "d#xywh=1,2,3,4"]), min_size=1, max_size=10))
def test_turning_a_picture_twice_gives_the_same_search(likes: list[str]) -> None:
    search_request = SearchRequest(query_text="fyr", like=tuple(likes))
    for number, chip in enumerate(chips_of(search_request)):
        turned = tuple(value for name, value in pairs_of(chip.opposite_url) if name == "like")
        back = chips_of(SearchRequest(query_text="fyr", like=turned))[number]
        terms = SearchRequest(like=tuple(value for name, value in pairs_of(back.opposite_url) if name == "like"))
        assert terms.image_terms == search_request.image_terms
