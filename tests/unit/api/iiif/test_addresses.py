"""Ids are absolute addresses that lead where they say."""

from api.iiif.addresses import Addresses
from tests.made_hits import BASE, picture

AT = Addresses(BASE)


def test_our_own_addresses_become_absolute_and_others_stay() -> None:
    assert AT.absolute("/crops/a.jpg") == f"{BASE}/crops/a.jpg"
    assert AT.absolute("https://iiif.example.org/1") == "https://iiif.example.org/1"


def test_no_id_breaks_out_of_its_address() -> None:
    assert AT.picture("a/../b?c#d e%2F") == f"{BASE}/pictures/a%2F..%2Fb%3Fc%23d%20e%252F"
    assert AT.manifest("a/b?c#d e") == f"{BASE}/iiif/books/a_b_c_d_e/manifest"


def test_the_address_of_a_book_is_the_same_by_either_of_its_ids() -> None:
    assert AT.book("a/b") == AT.book("a_b")


def test_a_region_is_a_part_of_its_canvas() -> None:
    assert AT.region(picture()) == f"{BASE}/iiif/books/URN:NBN:no-nb_digibok_1/canvas/12#xywh=10,20,300,400"
