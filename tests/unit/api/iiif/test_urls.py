"""Ids are absolute addresses that lead where they say."""

from api.iiif.urls import IIIFUrls
from tests.hit_factory import BASE_URL, make_hit

URLS = IIIFUrls(BASE_URL)


def test_our_own_addresses_become_absolute_and_others_stay() -> None:
    assert URLS.make_absolute("/crops/a.jpg") == f"{BASE_URL}/crops/a.jpg"
    assert URLS.make_absolute("https://iiif.example.org/1") == "https://iiif.example.org/1"


def test_no_id_breaks_out_of_its_address() -> None:
    assert URLS.picture_page("a/../b?c#d e%2F") == f"{BASE_URL}/pictures/a%2F..%2Fb%3Fc%23d%20e%252F"
    assert URLS.book_manifest("a/b?c#d e") == f"{BASE_URL}/iiif/books/a_b_c_d_e/manifest"


def test_the_address_of_a_book_is_the_same_by_either_of_its_ids() -> None:
    assert URLS.book_root("a/b") == URLS.book_root("a_b")


def test_a_region_is_a_part_of_its_canvas() -> None:
    assert (
        URLS.picture_region(make_hit()) == f"{BASE_URL}/iiif/books/URN:NBN:no-nb_digibok_1/canvas/12#xywh=10,20,300,400"
    )
