"""The page of one picture and the comparison, from documents that are written by hand."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from tests.node.three_books import picture_id, serve_books

ApiClient = TestClient[Any]


@pytest.fixture(scope="module")
def api_client(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    with serve_books(client, node_url, tmp_path_factory.mktemp("data")) as api_client:
        yield api_client


def get_page(api_client: ApiClient, path: str, **params: Any) -> str:
    response = api_client.get(path, params=params)
    assert response.status_code == 200, response.text
    return response.text


def part_of(page: str, start: str, end: str) -> str:
    """Return the part of a page between two texts; empty if it has no `start`."""
    return page.partition(start)[2].partition(end)[0]


def linked_numbers(part: str) -> list[int]:
    """Return the numbers of the pictures that a part of a page links to, without repetitions, in order."""
    numbers = re.findall(r'href="/pictures/picture:(\d+)', unquote(part))
    return list(dict.fromkeys(map(int, numbers)))


def test_the_pictures_before_and_after_are_those_of_the_book_in_page_order(api_client: ApiClient) -> None:
    """The order is 1, 0, 4, 3, 5; number 2 is hidden."""
    page = get_page(api_client, f"/pictures/{picture_id(4)}")
    assert linked_numbers(part_of(page, 'class="steps in-book"', "</nav>")) == [0, 3]
    row = part_of(page, 'id="beside"', "</section>")
    assert linked_numbers(row) == [1, 0, 3, 5]
    assert "All 5 pictures of this book" in row
    first = get_page(api_client, f"/pictures/{picture_id(1)}")
    assert linked_numbers(part_of(first, 'class="steps in-book"', "</nav>")) == [0]


def test_copies_are_on_a_time_line_and_can_be_compared(api_client: ApiClient) -> None:
    page = get_page(api_client, f"/pictures/{picture_id(1)}")
    line = part_of(page, 'class="time-line"', "</ol>")
    assert re.findall(r'class="year">([^<]*)<', line) == ["1790", "1885", "no year"]
    assert linked_numbers(line) == [6, 8]
    assert line.count('aria-current="true"') == 1
    assert "3 times in this collection, from 1790 to 1885" in page
    assert unquote(part_of(page, 'href="/compare?', '"')) == "a=picture:1&amp;b=picture:6"
    assert "time-line" not in get_page(api_client, f"/pictures/{picture_id(0)}")


def test_a_search_leads_to_the_next_result_and_back(api_client: ApiClient) -> None:
    hits = api_client.get("/api/search", params={"q": "fyr"}).json()["hits"]
    numbers = [int(hit["id"].removeprefix("picture:")) for hit in hits]
    page = get_page(api_client, f"/pictures/{hits[1]['id']}", q="fyr", n=2)
    steps = part_of(page, 'aria-label="Results of your search"', "</nav>")
    assert f"2 of {len(hits)}" in steps
    assert linked_numbers(steps) == [numbers[0], numbers[2]]
    assert 'href="/?q=fyr"' in steps
    assert "<em>" in part_of(page, "<h1", "</h1>")
    at_another_place = get_page(api_client, f"/pictures/{hits[1]['id']}", q="fyr", n=1)
    assert f"2 of {len(hits)}" in at_another_place, "the results have changed since the link was made"


@pytest.mark.parametrize("params", [{"q": "fyr", "n": 5000}, {"q": "havn", "n": 1}, {"q": "fyr"}, {"like": "nobody"}])
def test_without_a_place_in_the_results_there_is_still_a_way_back(
    api_client: ApiClient, params: dict[str, Any]
) -> None:
    steps = part_of(get_page(api_client, f"/pictures/{picture_id(0)}", **params), 'aria-label="Results', "</nav>")
    assert "Back to the results" in steps
    assert linked_numbers(steps) == []


def test_without_a_search_there_are_no_results_to_go_back_to(api_client: ApiClient) -> None:
    assert "Back to the results" not in get_page(api_client, f"/pictures/{picture_id(0)}", utm_source="mail")


def test_values_of_the_record_lead_to_searches(api_client: ApiClient) -> None:
    record = part_of(get_page(api_client, f"/pictures/{picture_id(0)}"), 'id="record-heading"', "</section>")
    for address in (
        "/?author=Collett%2C+Camilla",
        "/?publisher=Aschehoug",
        "/?place=Kristiania",
        "/?subject=Fyrt%C3%A5rn",
        "/?year_from=1885&amp;year_to=1885",
    ):
        assert f'href="{address}"' in record
        assert api_client.get("/api/search?" + address[2:].replace("&amp;", "&")).json()["total"] > 0


def test_no_stated_rights_and_no_model_are_said_or_left_out(api_client: ApiClient) -> None:
    page = get_page(api_client, f"/pictures/{picture_id(0)}")
    assert "The library has stated no rights for this picture." in page
    assert 'id="similar"' not in page, "no model can tell"


def test_one_picture_is_exported_and_cited(api_client: ApiClient) -> None:
    response = api_client.get(f"/api/pictures/{picture_id(0)}/export/ris")
    assert "T2  - Norges kyst" in response.text
    assert 'filename="Et-fyr.ris"' in response.headers["content-disposition"]
    assert response.text.count("TY  - ") == 1
    page = get_page(api_client, f"/pictures/{picture_id(0)}")
    assert "Collett, Camilla; Moe, Anna: Norges kyst. Kristiania: Aschehoug, 1885. Image 1: “Et fyr”." in page


def test_two_pictures_are_compared_by_default_with_the_oldest_other(api_client: ApiClient) -> None:
    for number, other in ((1, 6), (6, 1), (8, 6)):
        page = get_page(api_client, "/compare", a=picture_id(number))
        assert linked_numbers(part_of(page, 'class="pair ', "</article>")) == [number, other]
    page = get_page(api_client, "/compare", a=picture_id(1), b=picture_id(4))
    assert linked_numbers(part_of(page, 'class="pair ', "</article>")) == [1, 4]
    assert page.count("<option") == 2 * 4, "the copies and the two pictures can be chosen"
    page = get_page(api_client, "/compare", a=picture_id(1), b=picture_id(1))
    assert linked_numbers(part_of(page, 'class="pair ', "</article>")) == [1, 6]


def test_what_cannot_be_compared_is_explained(api_client: ApiClient) -> None:
    assert "No copy of this picture is known" in get_page(api_client, "/compare", a=picture_id(0))
    assert api_client.get("/compare", params={"a": "nobody"}).status_code == 404
    assert "the id of a picture" in api_client.get("/compare").text
    assert "the place of a picture in the results" in api_client.get(f"/pictures/{picture_id(0)}?n=x").text
