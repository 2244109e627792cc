"""What a page shows beside its results on a real node: tabs with true counts, and the record that the words name."""

import re
from urllib.parse import quote, unquote, unquote_plus

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
    assert ">5 pictures<" in box, "as the page of the book has them, without ornaments and initials"


def test_each_book_among_the_results_has_the_counts_of_its_page(specimen: ServedLibrary) -> None:
    html = page(specimen, document="book", year_from=1800)
    for hit in specimen.search(document="book", year_from=1800)["hits"]:
        counts = specimen.api_client.get(f"/api/books/{hit['book_key']}").json()["counts"]
        assert counts["decorations"], "each specimen book has some"
        sentence = f"{counts['pictures']} pictures, and {counts['decorations']} ornaments and initials"
        assert sentence in html, hit["title"]


def test_pictures_and_prints_agree_with_the_cards_and_the_place_of_a_picture(specimen: ServedLibrary) -> None:
    """Two of the pictures are the same print and share a card."""
    results = specimen.search(q="fyr")
    assert results["prints"] == len(results["hits"]) == results["total"] - 1
    html = page(specimen, q="fyr")
    heading = re.findall(r"<h1[^>]*>(.*?)</h1>", html)[-1]
    assert heading == f"{results['total']} pictures of {results['prints']} prints for ‘fyr’"
    assert tab_counts(html)["Pictures"] == results["total"]
    assert html.count('<li class="card ') == results["prints"]
    picture = specimen.api_client.get(f"/pictures/{quote(results['hits'][0]['id'], safe='')}?q=fyr&n=1").text
    assert f"1 of {results['prints']} prints" in picture
    assert f"{results['total']} pictures in 2 books for" in page(specimen, q="fyr", group="book")


def test_a_part_of_a_picture_finds_its_reprint_and_says_so(specimen: ServedLibrary) -> None:
    """The heading counts what stands under “Same print”, and the picture is not among its own results."""
    lighthouse = next(hit for hit in specimen.search(q="fyr")["hits"] if hit["family"])
    like = f"{lighthouse['id']}#xywh=pct:25,25,50,50"
    html = page(specimen, like=like)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html)[-1].startswith("1 picture of the same print")
    same_print = html.partition('Same print <span class="number">1</span>')[2].partition("<h2")[0]
    (copy,) = re.findall(r'href="/pictures/([^"?]*)', same_print)
    assert unquote(copy) == specimen.search(like=like)["hits"][0]["id"] != lighthouse["id"]
    assert "No close matches" not in html


def test_no_two_tiles_of_subjects_have_the_same_pictures_and_each_fits(specimen: ServedLibrary) -> None:
    """All subjects of a book have its pictures; one of them has a picture with its word beside it."""
    html = specimen.api_client.get("/").text
    tiles = html.partition('aria-labelledby="subjects"')[2].partition("</section>")[0]
    subjects = [unquote_plus(value) for value in re.findall(r'href="/\?subject=([^"]*)"', tiles)]
    found = [frozenset(hit["id"] for hit in specimen.search(subject=name, size=100)["hits"]) for name in subjects]
    assert len(set(found)) == len(found) == 3
    pictures = [unquote(name) for name in re.findall(r'src="/iiif/image/([^/"]*)/', tiles)]
    for subject, picture in zip(subjects, pictures, strict=True):
        assert picture in {hit["id"] for hit in specimen.search(q=f"text:{subject} OR caption:{subject}")["hits"]}


@pytest.mark.parametrize("parameters", [{"q": "fyr"}, {"q": "sange og eventyr", "page": 2}, {"year_from": 1800}])
def test_other_searches_have_no_box(specimen: ServedLibrary, parameters: dict[str, object]) -> None:
    assert "record-box" not in page(specimen, **parameters)
