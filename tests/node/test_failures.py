"""The node goes away, falls silent, comes back, or has its index replaced, all while the service serves."""

import re
import uuid
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

import api.app
import api.elasticsearch.gateway
import api.start_page
from api.app import create_app
from core.encoders.fingerprint import contract
from core.settings import Settings
from tests.node.door import Door
from tests.node.dozen import INDEXED_AT, Blocks, document, drawing, fill, filled, picture_id

Web = TestClient[Any]
ASKED = ("/api/search?q=fyr", f"/api/search?like={picture_id(0)}", f"/api/pictures/{picture_id(0)}", "/health")
READ = ("/?q=fyr", f"/pictures/{picture_id(0)}", f"/?like={picture_id(0)}&q=fyr")
AWAY = "does not answer at the moment. Please try again"


class OtherWeights(Blocks):
    revision = "2"


@pytest.fixture
def door(node_url: str) -> Iterator[Door]:
    door = Door(node_url)
    yield door
    door.shut()


@pytest.fixture
def alias(client: Elasticsearch) -> Iterator[str]:
    alias = f"test-{uuid.uuid4().hex}"
    with filled(client, alias, [Blocks()]):
        yield alias


Serve = Callable[[str], Web]


@pytest.fixture
def serve(alias: str, tmp_path: Path) -> Iterator[Serve]:
    """The service over a node's address."""
    opened: list[Web] = []

    def serve(url: str) -> Web:
        web = TestClient(
            create_app(Settings(alias=alias, data=tmp_path), elasticsearch_url=url, encoders={"sscd": Blocks})
        )
        opened.append(web)
        return web.__enter__()

    yield serve
    for web in opened:
        web.__exit__()


def all_work(web: Web) -> None:
    for path in ASKED + READ:
        assert web.get(path).status_code == 200, path


def all_say_so(web: Web) -> None:
    for path in ASKED + READ:
        answer = web.get(path)
        assert (answer.status_code, AWAY in answer.text) == (503, True), path
        assert not re.search(r"Traceback|127\.0\.0\.1|Timeout|Connect", answer.text)
    assert web.post("/", files=upload(), data={"q": "fyr"}).status_code == 503


def upload() -> dict[str, tuple[str, bytes, str]]:
    file = BytesIO()
    drawing(8).save(file, "PNG")
    return {"image": ("copy.png", file.getvalue(), "image/png")}


def test_a_node_that_stops_is_said_and_needs_no_restart_when_it_is_back(door: Door, serve: Serve) -> None:
    web = serve(door.url)
    all_work(web)
    door.shut()
    all_say_so(web)
    door.open()
    all_work(web)


def test_a_service_may_start_before_its_node(door: Door, serve: Serve) -> None:
    door.shut()
    web = serve(door.url)
    all_say_so(web)
    assert web.get("/static/pages.css").status_code == 200
    door.open()
    all_work(web)


def test_a_node_that_falls_silent_is_not_waited_for(door: Door, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.app, "REQUEST_SECONDS", 0.3)
    monkeypatch.setattr(api.elasticsearch.gateway, "MAPPING_SECONDS", 0.3)
    web = serve(door.url)
    door.open(silent=True)
    all_say_so(web)
    door.open()
    monkeypatch.setattr(api.elasticsearch.gateway, "MAPPING_SECONDS", 30)
    assert web.get("/health").status_code == 200


def rebuild(client: Elasticsearch, alias: str, *, keep: bool) -> None:
    """The same pictures by other weights in a new index behind the alias, as `frontispiece index` does it."""
    old, new = f"{alias}-v1", f"{alias}-v2"
    mapping = client.indices.get_mapping(index=old)[old]["mappings"]
    mapping["_meta"]["models"] = {"sscd": contract(OtherWeights())}
    settings = {"analysis": client.indices.get_settings(index=old)[old]["settings"]["index"]["analysis"]}
    client.indices.create(index=new, mappings=mapping, settings=settings)
    client.index(index=new, id="new", document=document(8, [OtherWeights()]).body(INDEXED_AT), refresh=True)
    actions = [{"add": {"index": new, "alias": alias}}, {"remove": {"index": old, "alias": alias}}]
    client.indices.update_aliases(actions=actions)
    if not keep:
        client.indices.delete(index=old)


def test_an_index_that_is_replaced_is_answered_from_at_once(
    client: Elasticsearch, node_url: str, alias: str, serve: Serve
) -> None:
    web = serve(node_url)
    kept = web.post("/api/search", files=upload()).json()["vector"]
    rebuild(client, alias, keep=False)
    assert web.get("/api/search?q=dampmaskinen").json()["total"] == 1
    refused = web.get("/api/search", params={"vector": kept})
    assert (refused.status_code, "upload it again" in refused.json()["detail"]) == (400, True)
    state = web.get("/health").json()
    assert (state["status"], state["index"]) == ("degraded", f"{alias}-v2")
    assert "revision" in state["models"][0]["problem"]


def test_vectors_are_asked_of_the_index_whose_models_made_them(
    client: Elasticsearch, node_url: str, alias: str, serve: Serve
) -> None:
    """Until the service reads the alias anew, a moved alias must not lead its vectors to another model's field."""
    web = serve(node_url)
    kept = web.post("/api/search", files=upload()).json()["vector"]
    rebuild(client, alias, keep=True)
    assert web.get("/api/search", params={"vector": kept}).json()["hits"][0]["id"] == picture_id(8)


def test_a_moved_alias_is_seen_soon_and_nothing_is_answered_from_the_index_before(
    client: Elasticsearch, node_url: str, alias: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = serve(node_url)
    assert web.get(f"/api/search?like={picture_id(8)}").status_code == 200
    before = web.get("/").text
    rebuild(client, alias, keep=True)
    assert web.get("/api/search").json()["total"] == 12, "within the time for which the mapping is trusted"
    assert "12 pictures from 3 books" in before
    monkeypatch.setattr(api.elasticsearch.gateway, "CONTRACT_SECONDS", 0.0)
    monkeypatch.setattr(api.start_page, "SECONDS", 0.0)
    assert "1 picture from 1 book" in web.get("/").text
    assert [hit["id"] for hit in web.get("/api/search").json()["hits"]] == ["new"]
    assert web.get(f"/api/search?like={picture_id(8)}").status_code == 404


def test_an_index_that_is_deleted_says_how_to_make_one_and_its_return_is_seen(
    client: Elasticsearch, node_url: str, alias: str, serve: Serve
) -> None:
    web = serve(node_url)
    client.indices.delete(index=f"{alias}-v1")
    for path in (*ASKED, *READ):
        answer = web.get(path)
        assert (answer.status_code, "frontispiece index" in answer.text) == (503, True), path
    fill(client, alias, [Blocks()])
    assert web.get("/api/search?q=dampmaskinen").json()["total"] > 0


def test_with_other_weights_words_are_answered_and_a_picture_is_refused_politely(
    client: Elasticsearch, node_url: str, alias: str, serve: Serve
) -> None:
    rebuild(client, alias, keep=False)
    web = serve(node_url)
    assert "Dampmaskinen" in web.get("/?q=dampmaskinen").text
    page = web.post("/", files=upload(), data={"q": "dampmaskinen"})
    assert (page.status_code, "words still do" in page.text) == (503, True)
    assert 'value="dampmaskinen"' in page.text
