"""Lookups without a search: books, neighbours, copies, random and similar pictures."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from tests.library import ServedLibrary
from tests.node.three_books import STENE, picture_id, serve_books

ApiClient = TestClient[Any]

STENE_KEY = "https_example.org_iiif_stene_manifest.json"


@pytest.fixture(scope="module")
def api_client(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    with serve_books(client, node_url, tmp_path_factory.mktemp("data")) as api_client:
        yield api_client


def get_json(api_client: ApiClient, path: str, **params: Any) -> Any:
    response = api_client.get(path, params=params)
    assert response.status_code == 200, response.text
    return response.json()


def picture_numbers(hits: list[dict[str, Any]]) -> list[int]:
    return [int(hit["id"].removeprefix("picture:")) for hit in hits]


def test_a_book_has_a_record_and_counts(api_client: ApiClient) -> None:
    book = get_json(api_client, "/api/books/kyst")
    assert (book["record"]["title"], book["record"]["year"]) == ("Norges kyst", 1885)
    counts = {"pages": 4, "pictures": 5, "decorations": 0, "hidden": 1}
    assert {name: book["counts"][name] for name in counts} == counts


def test_a_book_whose_id_is_a_url_is_found_by_its_key(api_client: ApiClient) -> None:
    book = get_json(api_client, f"/api/books/{STENE_KEY}")
    assert (book["record"]["key"], book["record"]["book_id"]) == (STENE_KEY, STENE["book_id"])
    assert picture_numbers(get_json(api_client, f"/api/books/{STENE_KEY}/pictures")["hits"]) == [6, 7]


def test_a_books_pictures_are_in_page_order(api_client: ApiClient) -> None:
    """On each page from top to bottom and from left to right; hidden pictures only if they are requested."""
    pictures = get_json(api_client, "/api/books/kyst/pictures")
    assert picture_numbers(pictures["hits"]) == [1, 0, 4, 3, 5]
    assert picture_numbers(get_json(api_client, "/api/books/kyst/pictures", hidden="include")["hits"]) == [
        1,
        0,
        2,
        4,
        3,
        5,
    ]
    assert picture_numbers(get_json(api_client, "/api/books/kyst/pictures", label="Map")["hits"]) == [4, 3, 5]


def test_a_books_pictures_are_paged(api_client: ApiClient) -> None:
    pages = [get_json(api_client, "/api/books/kyst/pictures", size=2, page=page) for page in (1, 2, 3, 4)]
    assert [picture_numbers(page["hits"]) for page in pages] == [[1, 0], [4, 3], [5], []]
    assert {(page["total"], page["pages"]) for page in pages} == {(5, 3)}


def test_neighbours_are_on_the_same_page_and_the_pages_next_to_it(api_client: ApiClient) -> None:
    neighbours = get_json(api_client, f"/api/pictures/{picture_id(0)}/neighbours")
    assert picture_numbers(neighbours) == [1, 4, 3]
    assert [(neighbour["page"], neighbour["box"][:2]) for neighbour in neighbours] == [
        (1, [10, 20]),
        (2, [20, 40]),
        (2, [300, 40]),
    ]
    assert get_json(api_client, f"/api/pictures/{picture_id(5)}/neighbours") == []


def test_copies_are_sorted_by_year(api_client: ApiClient) -> None:
    """The list is the same for each copy; copies of unknown year are last."""
    for number in (1, 6, 8):
        copies = get_json(api_client, f"/api/pictures/{picture_id(number)}/copies")
        assert picture_numbers(copies["hits"]) == [6, 1, 8]
        assert (copies["total"], copies["note"]) == (3, "")


def test_a_picture_without_copies_has_a_note(api_client: ApiClient) -> None:
    copies = get_json(api_client, f"/api/pictures/{picture_id(0)}/copies")
    assert (copies["total"], copies["hits"]) == (0, [])
    assert copies["note"].endswith(".")


def test_random_pictures_depend_on_seed_and_filters(api_client: ApiClient) -> None:
    random_pages = [get_json(api_client, "/api/pictures/random", seed=seed, size=9) for seed in (1, 1, 2)]
    assert (
        picture_numbers(random_pages[0]["hits"])
        == picture_numbers(random_pages[1]["hits"])
        != picture_numbers(random_pages[2]["hits"])
    )
    assert sorted(picture_numbers(random_pages[0]["hits"])) == [0, 1, 3, 4, 5, 6, 7, 8, 9]
    random_maps = get_json(api_client, "/api/pictures/random", label="Map", size=2)
    assert (random_maps["total"], len(random_maps["hits"])) == (3, 2)
    assert get_json(api_client, "/api/pictures/random", label="Map", size=2, seed=random_maps["seed"]) == random_maps
    assert get_json(api_client, "/api/pictures/random", year_from=3000)["hits"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/books/no such", 404),
        ("/api/books/no such/pictures", 404),
        ("/books/no such", 404),
        ("/api/pictures/no such/neighbours", 404),
        ("/api/pictures/no such/copies", 404),
        ("/api/pictures/no such/similar", 404),
        ("/api/pictures/random?q=fyr", 400),
        ("/api/pictures/random?seed=-1", 400),
        ("/api/pictures/random?seed=2147483648", 400),
        ("/api/pictures/random?size=101", 400),
        ("/api/books/kyst/pictures?sort=year", 400),
    ],
)
def test_errors_are_sentences(api_client: ApiClient, path: str, status: int) -> None:
    response = api_client.get(path)
    assert response.status_code == status
    sentence = response.text if path.startswith("/books") else response.json()["detail"]
    assert "There is no book" in sentence or sentence.endswith((".", ")"))


def test_the_highest_seed_and_page_are_accepted(api_client: ApiClient) -> None:
    assert len(get_json(api_client, "/api/pictures/random", seed=2**31 - 1)["hits"]) == 9
    assert get_json(api_client, "/api/books/kyst/pictures", page=100, size=100)["hits"] == []


def test_similar_pictures_equal_a_search_by_the_picture(specimen: ServedLibrary) -> None:
    id_ = next(iter(specimen.documents()))
    response = specimen.api_client.get(f"/api/pictures/{quote(id_)}/similar", params={"size": 3})
    assert response.status_code == 200
    search_page = specimen.search(like=id_, size=3)
    assert [hit["id"] for hit in response.json()["hits"]] == [hit["id"] for hit in search_page["hits"]]
    assert id_ not in {hit["id"] for hit in search_page["hits"]}


def test_every_real_book_lists_all_its_pictures_in_order(real_library: ServedLibrary) -> None:
    documents = real_library.documents()
    for book_id in {source["book_id"] for source in documents.values()}:
        hits = all_book_pictures(real_library, book_id)
        assert {hit["id"] for hit in hits} == {
            id_ for id_, source in documents.items() if source["book_id"] == book_id and not source.get("hidden")
        }
        positions = [(hit["page"], hit["box"][1], hit["box"][0]) for hit in hits]
        assert positions == sorted(positions)


def all_book_pictures(library: ServedLibrary, book_id: str) -> list[dict[str, Any]]:
    """Return all pages of a book's pictures; a search for the book gives its key."""
    (book,) = library.search(document="book", book=book_id)["hits"]
    first_page = get_json(library.api_client, f"/api/books/{quote(book['id'])}/pictures", size=50, decoration="include")
    other_pages = [
        get_json(
            library.api_client, f"/api/books/{quote(book['id'])}/pictures", size=50, decoration="include", page=page
        )
        for page in range(2, first_page["pages"] + 1)
    ]
    return [hit for page in (first_page, *other_pages) for hit in page["hits"]]


def test_a_pictures_page_links_to_its_book_neighbours_and_copies(api_client: ApiClient) -> None:
    page = api_client.get(f"/pictures/{picture_id(1)}").text
    for heading in ("Copies and reprints", "Before and after it in the book"):
        assert heading in page
    assert "/books/kyst" in page
    page_without_copies = api_client.get(f"/pictures/{picture_id(9)}").text
    assert "Copies and reprints" not in page_without_copies


def test_a_book_has_a_page_with_its_record_and_its_pictures(api_client: ApiClient) -> None:
    page = api_client.get(f"/books/{STENE_KEY}").text
    assert "Om Ædelstene" in page
    assert "Holberg, Ludvig" in page
    assert [f"/pictures/{picture_id(number)}" in page for number in (6, 7, 5)] == [True, True, False]
