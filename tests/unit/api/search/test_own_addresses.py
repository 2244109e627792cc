"""The addresses of our own pictures name pictures of the index."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.own_addresses import replace_own_addresses
from api.search.request import SearchRequest

HOST = "pictures.example.org"


@pytest.mark.parametrize(
    ("image", "like"),
    [
        ("https://pictures.example.org/pictures/a:1,2", "a:1,2"),
        ("https://pictures.example.org/pictures/a%3A1%2C2?q=fyr", "a:1,2"),
        ("/pictures/a:1,2#xywh=pct:0,0,50,50^-1", "a:1,2#xywh=pct:0,0,50,50^-1"),
        ("http://pictures.example.org/api/pictures/a", "a"),
        ("http://pictures.example.org/iiif/pictures/a/manifest", "a"),
        ("http://pictures.example.org/iiif/image/a/info.json", "a"),
        ("http://pictures.example.org/iiif/image/a", "a"),
        ("http://pictures.example.org/iiif/image/a/full/!90,90/0/default.webp?v=1", "a"),
        ("http://pictures.example.org/iiif/image/a/pct:10,20,30,40/max/0/default.jpg^2", "a#xywh=pct:10,20,30,40^2"),
        ("http://pictures.example.org/iiif/image/a/1,2,3,4/max/0/default.jpg", "a#xywh=1,2,3,4"),
    ],
)
def test_an_own_address_becomes_a_picture_of_the_index(image: str, like: str) -> None:
    search_request = replace_own_addresses(SearchRequest(like=("other",), image=(image,)), (HOST,))
    assert (search_request.like, search_request.image) == (("other", like), ())


@pytest.mark.parametrize(
    "image",
    [
        "https://example.org/pictures/a",
        "https://pictures.example.org:8443/pictures/a",
        "https://pictures.example.org/books/a",
        "https://pictures.example.org/iiif/image/a/10,20/max/0/default.jpg",
        "https://pictures.example.org/pictures/a^1000",
        "https://[pictures.example.org/pictures/a",
    ],
)
def test_other_addresses_stay(image: str) -> None:
    search_request = SearchRequest(image=(image,))
    assert replace_own_addresses(search_request, (HOST,)) == search_request


@given(st.text(min_size=1).filter(lambda text: "/" not in text))
def test_any_id_comes_back_from_its_address(picture_id: str) -> None:
    search_request = SearchRequest(image=(f"http://{HOST}/pictures/{quote(picture_id, safe='')}",))
    (term,) = replace_own_addresses(search_request, (HOST,)).image_terms.like
    assert (term.value, term.weight, term.region) == (picture_id, 1, None)
