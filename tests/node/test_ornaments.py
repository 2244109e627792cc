"""An ornament and a figure beside the same words, on a real node: the figure is first where labels tell them apart."""

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
from api.search.query_syntax import parse
from api.search.request import Fusion
from core.settings import Settings
from indexer.elasticsearch.mappings import KINDS, alias_of, mapping

Shelf = TestClient[Any]

((ORNAMENT, LEFT),) = BOOSTS.labels.items()
CAPTION = "The lighthouse on the rock"
PICTURES = {
    # id → title, caption, label; of equal scores the first that was written comes first
    "vignette": ("Coasts", CAPTION, ORNAMENT),
    "tower": ("Coasts", CAPTION, "Illustration or photograph"),
    "tailpiece": ("Rock", "The keeper", ORNAMENT),
}


@contextmanager
def filled(client: Elasticsearch, *, labelled: bool) -> Iterator[str]:
    alias = f"test-{uuid.uuid4().hex}"
    for kind in KINDS:
        client.indices.create(index=f"{alias_of(alias, kind)}-v1", **mapping(kind), aliases={alias_of(alias, kind): {}})
    actions = [
        {
            "_index": alias,
            "_id": name,
            "document": "picture",
            "book_id": title,
            "title": title,
            "caption": {"text": caption},
            **({"label": {"name": label}} if labelled else {}),
        }
        for name, (title, caption, label) in PICTURES.items()
    ]
    bulk(client, actions, refresh=True)
    yield alias
    client.indices.delete(index=[f"{alias_of(alias, kind)}-v1" for kind in KINDS])


@pytest.fixture(scope="module")
def unlabelled(client: Elasticsearch) -> Iterator[str]:
    with filled(client, labelled=False) as alias:
        yield alias


@pytest.fixture(scope="module")
def shelf(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """The service over labelled pictures."""
    with filled(client, labelled=True) as alias:
        settings = Settings(alias=alias, data=tmp_path_factory.mktemp("data"))
        with TestClient(create_app(settings, elasticsearch_url=node_url, encoders={})) as web:
            yield web


def ask(shelf: Shelf, words: str, **params: Any) -> dict[str, Mapping[str, Any]]:
    """Hits by their ids, best first."""
    answer = shelf.get("/api/search", params={"q": words, **params})
    assert answer.status_code == 200, answer.text
    return {hit["id"]: hit for hit in answer.json()["hits"]}


@pytest.mark.parametrize("fusion", get_args(Fusion))
def test_a_figure_stands_before_an_ornament_beside_the_same_words(shelf: Shelf, fusion: Fusion) -> None:
    assert list(ask(shelf, "lighthouse", fusion=fusion)) == ["tower", "vignette"]


def test_without_labels_nothing_is_otherwise(client: Elasticsearch, unlabelled: str) -> None:
    answers = []
    for labels in (BOOSTS.labels, {}):
        body = queries.hybrid_query(parse("lighthouse rock"), {}, size=9, boosts=replace(BOOSTS, labels=labels))
        answer = client.search(index=f"{unlabelled}*", body=body, include_named_queries_score=True)
        answers.append([(hit["_id"], hit["_score"], hit["matched_queries"]) for hit in answer["hits"]["hits"]])
    assert answers[0] == answers[1]
    assert [name for name, *_ in answers[0]][:2] == ["vignette", "tower"]


def test_each_part_of_a_score_says_what_it_gave_and_the_words_are_marked(shelf: Shelf) -> None:
    found = ask(shelf, "lighthouse coasts", match="any")
    tower, vignette = found["tower"], found["vignette"]
    assert set(tower["scores"]) == {"caption", "title"}
    assert vignette["scores"] == pytest.approx({name: LEFT * score for name, score in tower["scores"].items()})
    for each in (tower, vignette):
        assert sum(each["scores"].values()) == pytest.approx(each["score"])
    assert vignette["highlights"] == tower["highlights"] != {}


def test_who_asks_for_ornaments_gets_them_as_good_as_they_are(shelf: Shelf) -> None:
    found = ask(shelf, "lighthouse", label=[ORNAMENT, "Illustration or photograph"])
    assert list(found) == ["vignette", "tower"]
    assert found["vignette"]["scores"] == found["tower"]["scores"]


def test_an_exact_title_still_stands_above_all(shelf: Shelf) -> None:
    found = ask(shelf, "rock")
    assert list(found) == ["tailpiece", "tower", "vignette"]
    assert found["tailpiece"]["scores"]["exact title"] == BOOSTS.clauses["exact title"]
