"""The URLs of IIIF resources."""

from api.iiif.urls import IIIFUrls
from tests.hit_factory import BASE_URL, make_hit

URLS = IIIFUrls(BASE_URL)


def test_relative_urls_become_absolute_and_others_stay() -> None:
    assert URLS.make_absolute("/crops/a.jpg") == f"{BASE_URL}/crops/a.jpg"
    assert URLS.make_absolute("https://iiif.example.org/1") == "https://iiif.example.org/1"


def test_ids_are_escaped_in_urls() -> None:
    assert URLS.picture_page("a/../b?c#d e%2F") == f"{BASE_URL}/pictures/a%2F..%2Fb%3Fc%23d%20e%252F"
    assert URLS.book_manifest("a/b ~ø") == f"{BASE_URL}/iiif/books/a%2Fb%20~%C3%B8/manifest"


def test_links_of_a_hit_name_its_book_by_the_key() -> None:
    """The key of a key would be another book's."""
    hit = make_hit(book_id="https://example.org/iiif/book 1")
    assert hit.book_key in URLS.picture_region(hit)
    assert URLS.picture_region(hit).startswith(URLS.book_root(hit.book_key))


def test_a_region_is_a_fragment_of_its_canvas() -> None:
    assert (
        URLS.picture_region(make_hit()) == f"{BASE_URL}/iiif/books/URN:NBN:no-nb_digibok_1/canvas/12#xywh=10,20,300,400"
    )
