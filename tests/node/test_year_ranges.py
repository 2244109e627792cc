"""Books whose dates stand for several years: filter, bars, sort, and how the date is shown."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from api.app import create_app
from core.dates import parse_years
from core.settings import Settings
from indexer.documents.hybrid import book_document
from indexer.elasticsearch.mappings import INDEX_KINDS, index_alias, index_body
from indexer.records import Book

DATES = {
    "century": "[18--?]",
    "decade": "186-",
    "year": "A.H. 1284 (1867)",
    "earlier": "18. století",
    "undated": "s.a.",
}


@pytest.fixture(scope="module")
def api_client(
    client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Any]]:
    settings = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"))
    index_names = [index_alias(settings.alias, kind) for kind in INDEX_KINDS]
    for kind, index_name in zip(INDEX_KINDS, index_names, strict=True):
        client.indices.create(index=index_name, **index_body(kind))
    for book_id, date in DATES.items():
        document = book_document(Book(id=book_id, date=date, years=parse_years(date)), pages=1, pictures=0)
        client.index(index=index_alias(settings.alias, "books"), id=document.id, document=document.source)
    client.indices.refresh(index=index_names)
    with TestClient(create_app(settings, elasticsearch_url=node_url, encoder_loaders={})) as test_client:
        yield test_client
    client.indices.delete(index=index_names)


def search(api_client: TestClient[Any], **params: Any) -> dict[str, Any]:
    response = api_client.get("/api/search", params={"document": "book", **params})
    assert response.status_code == 200, response.text
    return dict(response.json())


def book_ids(page: dict[str, Any]) -> list[str]:
    return [hit["book_id"] for hit in page["hits"]]


@pytest.mark.parametrize(
    ("years", "books"),
    [
        ({"year_from": 1867, "year_to": 1867}, {"century", "decade", "year"}),
        ({"year_from": 1870}, {"century"}),
        ({"year_to": 1800}, {"century", "earlier"}),
        ({"year_from": 1801, "year_to": 1850}, {"century"}),
        ({"year_to": 1700}, set()),
    ],
)
def test_a_filter_finds_books_whose_years_overlap_it(
    api_client: TestClient[Any], years: dict[str, int], books: set[str]
) -> None:
    assert set(book_ids(search(api_client, **years))) == books


def test_each_bar_counts_the_books_that_its_filter_finds(api_client: TestClient[Any]) -> None:
    *bars, undated = search(api_client)["facets"]["year"]
    assert (bars[0]["year_from"], bars[-1]["year_to"], undated["count"]) == (1701, 1899, 1)
    for bar in bars:
        assert search(api_client, year_from=bar["year_from"], year_to=bar["year_to"])["total"] == bar["count"]


def test_the_first_year_decides_the_order_and_unknown_dates_are_last(api_client: TestClient[Any]) -> None:
    assert book_ids(search(api_client, sort="year")) == ["earlier", "century", "decade", "year", "undated"]
    assert book_ids(search(api_client, sort="-year")) == ["year", "decade", "century", "earlier", "undated"]


def test_the_date_is_given_as_printed_with_its_years(api_client: TestClient[Any]) -> None:
    hits = {hit["book_id"]: hit for hit in search(api_client)["hits"]}
    assert hits["century"]["date"] == "[18--?]"
    assert hits["century"]["years"] == {"first": 1800, "last": 1899, "is_certain": False}
    assert (hits["undated"]["date"], hits["undated"]["years"]) == ("s.a.", None)
    assert "[18--?] (1800–1899)" in api_client.get("/books/century").text
