"""The kind of picture that the words of a search name."""

import pytest

from api.pages.kind_names import find_kind
from api.search.request import SearchRequest

NORWEGIAN = {
    "Map": "Kart",
    "Musical notation": "Noter",
    "Illustration or photograph": "Illustrasjon eller fotografi",
    "Mathematical chart": "Matematisk diagram",
    "Graphical element": "Grafisk element",
}


@pytest.mark.parametrize(
    ("query_text", "expected"),
    [
        ("map", "Map"),
        ("Maps", "Map"),
        ("kart", "Map"),
        ("kartene", "Map"),
        ("music", "Musical notation"),
        ("photos", "Illustration or photograph"),
        ("mathematical chart", "Mathematical chart"),
        ("noter", "Musical notation"),
        ("mat", None),
        ("or", None),
        ("fyr", None),
        ("map Bergen", None),
        ("map*", None),
        ("", None),
        ("blank page", None),
    ],
)
def test_words_name_a_kind_in_any_form(query_text: str, expected: str | None) -> None:
    assert find_kind(SearchRequest(query_text=query_text), NORWEGIAN.__getitem__) == expected


def test_a_search_that_says_more_names_no_kind() -> None:
    assert find_kind(SearchRequest(query_text="map", like=("a",)), str) is None
    assert find_kind(SearchRequest(query_text="map").with_changes(label=("Map",)), str) is None
