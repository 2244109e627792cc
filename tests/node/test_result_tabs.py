"""What a page shows beside its results on a real node: tabs with true counts, and the record that the words name."""

import re

import pytest

from tests.library import ServedLibrary

TYPES = {"Pictures": ["picture"], "Pages": ["page"], "Books": ["book"], "All": ["picture", "page", "book"]}


def page(specimen: ServedLibrary, **parameters: object) -> str:
    response = specimen.api_client.get("/", params=parameters)  # type: ignore[arg-type]
    assert response.status_code == 200
    return str(response.text)


def tab_counts(html: str) -> dict[str, int]:
    tabs = html.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    found = re.findall(r'>(\w+) <span class="number">([\d,]+)</span>', tabs)
    return {name: int(count.replace(",", "")) for name, count in found}


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "fyr"},
        {"q": "flowers"},
        {"q": "brig", "year_from": 1860},
        {"q": "herring", "document": "page"},
        {"q": "compass OR anchor", "document": ["picture", "page", "book"]},
        {"year_from": 1800},
    ],
)
def test_each_tab_counts_what_it_shows(specimen: ServedLibrary, parameters: dict[str, object]) -> None:
    counts = tab_counts(page(specimen, **parameters))
    totals = {
        name: specimen.search(**{**parameters, "document": types, "size": 1})["total"] for name, types in TYPES.items()
    }
    assert counts == totals


def test_pictures_alone_have_no_tabs(specimen: ServedLibrary) -> None:
    picture_id = next(iter(specimen.documents()))
    assert tab_counts(page(specimen, like=picture_id)) == {}


@pytest.mark.parametrize("words", ["sange og eventyr", "Sange og Eventyr fra Fjord og Fjeld", "tveit"])
def test_a_title_and_the_only_book_of_an_author_have_a_box(specimen: ServedLibrary, words: str) -> None:
    html = page(specimen, q=words)
    box = html.partition('<aside class="record-box"')[2].partition("</aside>")[0]
    assert "Sange og Eventyr fra Fjord og Fjeld" in box
    assert "12 pictures" in box


@pytest.mark.parametrize("parameters", [{"q": "fyr"}, {"q": "sange og eventyr", "page": 2}, {"year_from": 1800}])
def test_other_searches_have_no_box(specimen: ServedLibrary, parameters: dict[str, object]) -> None:
    assert "record-box" not in page(specimen, **parameters)
