"""Ornaments and the like are left out of results, counted, and shown on request or if there is nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from litestar.testing import TestClient

from api.app import create_app
from core.settings import Settings
from core.words.forms import index_forms
from core.words.text_languages import word_languages
from indexer.elasticsearch.mappings import INDEX_KINDS, index_alias, index_body

FIGURES_WITH_TITLE = 20


def picture(book: str, title: str, caption: str = "", before: str = "", **fields: Any) -> dict[str, Any]:
    texts = {"title": title, "caption": caption, "before": before}
    return {
        "document": "picture",
        "book_id": book,
        "title": title,
        **({"caption": {"text": caption}} if caption else {}),
        **({"context": {"before": {"text": before}}} if before else {}),
        "forms": {
            name: " ".join(index_forms(text, word_languages(("nb",), ""))) for name, text in texts.items() if text
        },
        "box": {"x": 0, "y": 0, "width": 100, "height": 80},
        **fields,
    }


PICTURES = {
    "figure": picture("reise", "En reise", caption="Et fyr"),
    "initial": picture("reise", "En reise", before="fyr", decoration="initial"),
    "labelled ornament": picture("reise", "En reise", before="fyr", label={"name": "Graphical element"}),
    "labelled map": picture("reise", "En reise", before="fyr", decoration="ornament", label={"name": "Map"}),
    "rule": picture("reise", "En reise", before="anker", decoration="rule"),
    **{f"titled {number}": picture("norges", "Norges fyr") for number in range(FIGURES_WITH_TITLE)},
    **{f"other {number}": picture("annet", "En bog", caption="Et skib") for number in range(100)},
}


@pytest.fixture(scope="module")
def api_client(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    alias = f"test-decoration-{uuid4().hex}"
    index_names = [f"{index_alias(alias, kind)}-v1" for kind in INDEX_KINDS]
    with Elasticsearch(node_url) as client:
        for kind, index_name in zip(INDEX_KINDS, index_names, strict=True):
            client.indices.create(index=index_name, **index_body(kind), aliases={index_alias(alias, kind): {}})
        pictures_index = f"{index_alias(alias, 'pictures')}-v1"
        bulk(client, [{"_index": pictures_index, "_id": id_, "_source": source} for id_, source in PICTURES.items()])
        client.indices.refresh(index=index_names)
        data: Path = tmp_path_factory.mktemp("data")
        settings = Settings(elasticsearch_url=node_url, alias=alias, data=data)
        with TestClient(create_app(settings, elasticsearch_url=node_url)) as test_client:
            yield test_client
        client.indices.delete(index=index_names)


def search(api_client: TestClient[Any], **params: Any) -> dict[str, Any]:
    response = api_client.get("/api/search", params={"size": 100, **params})
    assert response.status_code == 200, response.text
    return dict(response.json())


def ids(page: dict[str, Any]) -> set[str]:
    return {hit["id"] for hit in page["hits"] if not hit["id"].startswith("titled")}


def test_decoration_is_left_out_and_counted_and_a_label_decides(api_client: TestClient[Any]) -> None:
    page = search(api_client, q="fyr")
    assert ids(page) == {"figure", "labelled map"}
    assert (page["total"], page["left_out"], page["only_decoration"]) == (FIGURES_WITH_TITLE + 2, 2, False)
    assert page["facets"]["decoration"][0]["all"] == 3
    assert page["document_counts"] == {"picture": FIGURES_WITH_TITLE + 2}


@pytest.mark.parametrize(
    ("decoration", "expected_ids"),
    [
        ("include", {"figure", "labelled map", "initial", "labelled ornament"}),
        ("only", {"initial", "labelled ornament"}),
    ],
)
def test_decoration_can_be_included_or_searched_alone(
    api_client: TestClient[Any], decoration: str, expected_ids: set[str]
) -> None:
    page = search(api_client, q="fyr", decoration=decoration)
    assert (ids(page), page["left_out"]) == (expected_ids, 0)


def test_a_hit_names_its_kind_of_decoration(api_client: TestClient[Any]) -> None:
    hits = {hit["id"]: hit["decoration"] for hit in search(api_client, q="fyr", decoration="include")["hits"]}
    names = ("figure", "labelled map", "initial", "labelled ornament")
    assert [hits[name] for name in names] == ["", "", "initial", "ornament"]


def test_decoration_alone_is_shown(api_client: TestClient[Any]) -> None:
    page = search(api_client, q="anker")
    assert (ids(page), page["total"], page["only_decoration"]) == ({"rule"}, 1, True)


def test_a_filter_by_label_leaves_out_nothing(api_client: TestClient[Any]) -> None:
    assert ids(search(api_client, label="Graphical element")) == {"labelled ornament"}


def test_a_list_without_words_counts_the_same_pictures_as_a_search(api_client: TestClient[Any]) -> None:
    page = search(api_client, book="reise")
    assert (ids(page), page["left_out"]) == ({"figure", "labelled map"}, 3)
    assert page["facets"]["decoration"][0]["all"] == 3
    assert search(api_client, book="reise", decoration="include")["total"] == 5
    assert search(api_client)["total"] == search(api_client, decoration="include")["total"] - 3


def test_the_page_says_how_many_are_left_out_and_shows_them(api_client: TestClient[Any]) -> None:
    html = api_client.get("/", params={"q": "fyr"}).text
    assert "2 ornaments and initials are left out." in html
    assert 'href="/?q=fyr&amp;decoration=include">Show ornaments and initials too</a>' in html
    assert "Nothing else matches" in api_client.get("/", params={"q": "anker"}).text


def test_a_caption_with_the_word_stands_before_twenty_pictures_whose_title_has_it(api_client: TestClient[Any]) -> None:
    assert search(api_client, q="fyr")["hits"][0]["id"] == "figure"
