"""Addresses of picture pages carry the search that led there, so that they can be sent."""

from api.pages.picture_links import picture_path
from api.search.request import SearchRequest


def test_a_picture_without_a_search_has_a_plain_address() -> None:
    assert picture_path("digibok_1_0012:GE1:10,20,300,400") == "/pictures/digibok_1_0012:GE1:10,20,300,400"
    assert picture_path("digibok_1", SearchRequest(), 3) == "/pictures/digibok_1"


def test_the_address_has_the_search_and_the_position_but_no_page() -> None:
    search_request = SearchRequest(query_text="fyr og skip", year_from=1850, page=2)
    assert picture_path("a?b", search_request, 27) == "/pictures/a%3Fb?q=fyr+og+skip&year_from=1850&n=27"
    assert picture_path("a", search_request) == "/pictures/a?q=fyr+og+skip&year_from=1850"
