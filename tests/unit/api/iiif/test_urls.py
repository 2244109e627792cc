"""The URLs of IIIF resources."""

from api.iiif.urls import IIIFUrls
from tests.hit_factory import BASE_URL, make_hit

URLS = IIIFUrls(BASE_URL)


def test_relative_urls_become_absolute_and_others_stay() -> None:
    assert URLS.make_absolute("/crops/a.jpg") == f"{BASE_URL}/crops/a.jpg"
    assert URLS.make_absolute("https://iiif.example.org/1") == "https://iiif.example.org/1"


def test_ids_are_escaped_in_urls() -> None:
    assert URLS.picture_page("a/../b?c#d e%2F") == f"{BASE_URL}/pictures/a%2F..%2Fb%3Fc%23d%20e%252F"
    assert URLS.book_manifest("a/b?c#d e") == f"{BASE_URL}/iiif/books/a_b_c_d_e/manifest"


def test_a_book_has_the_same_url_by_its_id_and_by_its_key() -> None:
    assert URLS.book_root("a/b") == URLS.book_root("a_b")


def test_a_region_is_a_fragment_of_its_canvas() -> None:
    assert (
        URLS.picture_region(make_hit()) == f"{BASE_URL}/iiif/books/URN:NBN:no-nb_digibok_1/canvas/12#xywh=10,20,300,400"
    )
