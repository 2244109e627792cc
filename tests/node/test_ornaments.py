"""An ornament and a figure with the same text on a real node: if labels are known, the figure ranks first."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, get_args

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from litestar.testing import TestClient

from api.app import create_app
from api.elasticsearch import queries
from api.search.boosts import BOOSTS
from api.search.choices import Fusion
from api.search.query_syntax import parse_query_text
from core.settings import Settings
from indexer.elasticsearch.mappings import INDEX_KINDS, index_alias, index_body

ApiClient = TestClient[Any]

((ORNAMENT, ORNAMENT_BOOST),) = BOOSTS.labels.items()
CAPTION = "The lighthouse on the rock"
PICTURE_DATA = {
    # id → title, caption, label; of equal scores the first that was written comes first
    "vignette": ("Coasts", CAPTION, ORNAMENT),
    "tower": ("Coasts", CAPTION, "Illustration or photograph"),
    "tailpiece": ("Rock", "The keeper", ORNAMENT),
}


@contextmanager
def temporary_index(client: Elasticsearch, *, with_labels: bool) -> Iterator[str]:
    alias = f"test-{uuid.uuid4().hex}"
    for kind in INDEX_KINDS:
        client.indices.create(
            index=f"{index_alias(alias, kind)}-v1", **index_body(kind), aliases={index_alias(alias, kind): {}}
        )
    actions = [
        {
            "_index": alias,
            "_id": name,
            "document": "picture",
            "book_id": title,
            "title": title,
            "caption": {"text": caption},
            **({"label": {"name": label}} if with_labels else {}),
        }
        for name, (title, caption, label) in PICTURE_DATA.items()
    ]
    bulk(client, actions, refresh=True)
    yield alias
    client.indices.delete(index=[f"{index_alias(alias, kind)}-v1" for kind in INDEX_KINDS])


@pytest.fixture(scope="module")
def unlabelled_alias(client: Elasticsearch) -> Iterator[str]:
    with temporary_index(client, with_labels=False) as alias:
        yield alias


@pytest.fixture(scope="module")
def labelled_client(
    client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ApiClient]:
    """Return a client of the service over labelled pictures."""
    with temporary_index(client, with_labels=True) as alias:
        settings = Settings(alias=alias, data=tmp_path_factory.mktemp("data"))
        with TestClient(create_app(settings, elasticsearch_url=node_url, encoder_loaders={})) as api_client:
            yield api_client


def search_hits(labelled_client: ApiClient, query_text: str, **params: Any) -> dict[str, Mapping[str, Any]]:
    """Return id → hit, best first."""
    response = labelled_client.get("/api/search", params={"q": query_text, **params})
    assert response.status_code == 200, response.text
    return {hit["id"]: hit for hit in response.json()["hits"]}


@pytest.mark.parametrize("fusion", get_args(Fusion))
def test_figure_ranks_above_an_ornament_with_the_same_text(labelled_client: ApiClient, fusion: Fusion) -> None:
    assert list(search_hits(labelled_client, "lighthouse", fusion=fusion)) == ["tower", "vignette"]


def test_unlabelled_pictures_keep_their_scores(client: Elasticsearch, unlabelled_alias: str) -> None:
    rankings = []
    for labels in (BOOSTS.labels, {}):
        body = queries.hybrid_query(
            parse_query_text("lighthouse rock"), {}, size=9, boosts=replace(BOOSTS, labels=labels)
        )
        response = client.search(index=f"{unlabelled_alias}*", body=body, include_named_queries_score=True)
        rankings.append([(hit["_id"], hit["_score"], hit["matched_queries"]) for hit in response["hits"]["hits"]])
    assert rankings[0] == rankings[1]
    assert [name for name, *_ in rankings[0]][:2] == ["vignette", "tower"]


def test_label_factor_is_inside_clause_scores_and_keeps_highlights(labelled_client: ApiClient) -> None:
    hits = search_hits(labelled_client, "lighthouse coasts", match="any")
    tower, vignette = hits["tower"], hits["vignette"]
    assert set(tower["scores"]) == {"caption", "title"}
    assert vignette["scores"] == pytest.approx(
        {name: ORNAMENT_BOOST * score for name, score in tower["scores"].items()}
    )
    for labelled_hit in (tower, vignette):
        assert sum(labelled_hit["scores"].values()) == pytest.approx(labelled_hit["score"])
    assert vignette["highlights"] == tower["highlights"] != {}


def test_label_filter_disables_the_demotion(labelled_client: ApiClient) -> None:
    hits = search_hits(labelled_client, "lighthouse", label=[ORNAMENT, "Illustration or photograph"])
    assert list(hits) == ["vignette", "tower"]
    assert hits["vignette"]["scores"] == hits["tower"]["scores"]


def test_exact_title_still_ranks_first(labelled_client: ApiClient) -> None:
    hits = search_hits(labelled_client, "rock")
    assert list(hits) == ["tailpiece", "tower", "vignette"]
    assert hits["tailpiece"]["scores"]["exact title"] == BOOSTS.clauses["exact title"]
