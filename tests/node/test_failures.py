"""The node stops, stops answering, returns, or gets another index, while the service is running."""

import math
import re
import uuid
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

import api.elasticsearch.client
import api.elasticsearch.gateway
import api.pages.start_page
from api.app import create_app
from api.elasticsearch.gateway import IndexSearch, SearchGateway
from api.vision.query_encoders import QueryEncoders
from core.encoders.fingerprint import ModelFingerprint
from core.settings import Settings
from tests.event_loops import run_coroutine
from tests.node.tcp_proxy import TcpProxy
from tests.node.twelve_pictures import (
    INDEXED_AT,
    ColourGridEncoder,
    drawing,
    fill_collection,
    picture_document,
    picture_id,
    temporary_collection,
)
from tests.waiting import PATIENCE_SECONDS

ApiClient = TestClient[Any]
API_PATHS = ("/api/search?q=fyr", f"/api/search?like={picture_id(0)}", f"/api/pictures/{picture_id(0)}", "/health")
PAGE_PATHS = ("/?q=fyr", f"/pictures/{picture_id(0)}", f"/?like={picture_id(0)}&q=fyr")
UNAVAILABLE_MESSAGE = "does not answer at the moment. Please try again"


class ReplacedGridEncoder(ColourGridEncoder):
    revision = "2"


@pytest.fixture
def node_proxy(node_url: str) -> Iterator[TcpProxy]:
    node_proxy = TcpProxy(node_url)
    yield node_proxy
    node_proxy.close()


@pytest.fixture
def alias(client: Elasticsearch) -> Iterator[str]:
    alias = f"test-{uuid.uuid4().hex}"
    with temporary_collection(client, alias, [ColourGridEncoder()]):
        yield alias


StartService = Callable[[str], ApiClient]


@pytest.fixture
def start_service(alias: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StartService]:
    """Start the service with the URL of its node; it stops after the test and looks at its health whenever asked."""
    monkeypatch.setattr(api.elasticsearch.gateway, "HEALTH_SECONDS", 0.0)
    clients: list[ApiClient] = []

    def start_service(url: str) -> ApiClient:
        api_client = TestClient(
            create_app(
                Settings(alias=alias, data=tmp_path), elasticsearch_url=url, encoder_loaders={"sscd": ColourGridEncoder}
            )
        )
        clients.append(api_client)
        return api_client.__enter__()

    yield start_service
    for api_client in clients:
        api_client.__exit__()


def assert_all_paths_work(api_client: ApiClient) -> None:
    for path in API_PATHS + PAGE_PATHS:
        assert api_client.get(path).status_code == 200, path


def assert_all_paths_say_unavailable(api_client: ApiClient) -> None:
    for path in API_PATHS + PAGE_PATHS:
        response = api_client.get(path)
        assert (response.status_code, UNAVAILABLE_MESSAGE in response.text) == (503, True), path
        assert not re.search(r"Traceback|127\.0\.0\.1|Timeout|Connect", response.text)
    assert api_client.post("/", files=picture_upload(), data={"q": "fyr"}).status_code == 503


def picture_upload() -> dict[str, tuple[str, bytes, str]]:
    buffer = BytesIO()
    drawing(8).save(buffer, "PNG")
    return {"image": ("copy.png", buffer.getvalue(), "image/png")}


def test_service_reports_a_stopped_node_and_recovers(node_proxy: TcpProxy, start_service: StartService) -> None:
    api_client = start_service(node_proxy.url)
    assert_all_paths_work(api_client)
    node_proxy.close()
    assert_all_paths_say_unavailable(api_client)
    node_proxy.open()
    assert_all_paths_work(api_client)


def test_service_may_start_before_its_node(node_proxy: TcpProxy, start_service: StartService) -> None:
    node_proxy.close()
    api_client = start_service(node_proxy.url)
    assert_all_paths_say_unavailable(api_client)
    assert api_client.get("/static/base.css").status_code == 200
    node_proxy.open()
    assert_all_paths_work(api_client)


def test_service_does_not_wait_for_a_node_that_does_not_answer(
    node_proxy: TcpProxy, start_service: StartService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.elasticsearch.client, "REQUEST_TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(api.elasticsearch.gateway, "MAPPING_TIMEOUT_SECONDS", 0.3)
    api_client = start_service(node_proxy.url)
    node_proxy.open(silent=True)
    assert_all_paths_say_unavailable(api_client)
    node_proxy.open()
    monkeypatch.setattr(api.elasticsearch.gateway, "MAPPING_TIMEOUT_SECONDS", PATIENCE_SECONDS)
    assert api_client.get("/health").status_code == 200


def rebuild(client: Elasticsearch, alias: str, *, keep_old_index: bool) -> None:
    """Move the alias to a new index whose vectors other weights made, as `frontispiece index` does."""
    old_index, new_index = f"{alias}-v1", f"{alias}-v2"
    mapping = client.indices.get_mapping(index=old_index)[old_index]["mappings"]
    mapping["_meta"]["models"] = {"sscd": ModelFingerprint.from_encoder(ReplacedGridEncoder()).to_meta()}
    settings = {"analysis": client.indices.get_settings(index=old_index)[old_index]["settings"]["index"]["analysis"]}
    client.indices.create(index=new_index, mappings=mapping, settings=settings)
    client.index(
        index=new_index, id="new", document=picture_document(8, [ReplacedGridEncoder()]).body(INDEXED_AT), refresh=True
    )
    actions = [{"add": {"index": new_index, "alias": alias}}, {"remove": {"index": old_index, "alias": alias}}]
    client.indices.update_aliases(actions=actions)
    if not keep_old_index:
        client.indices.delete(index=old_index)


def test_replaced_index_is_searched_at_once(
    client: Elasticsearch, node_url: str, alias: str, start_service: StartService
) -> None:
    api_client = start_service(node_url)
    vector = api_client.post("/api/search", files=picture_upload()).json()["vector"]
    rebuild(client, alias, keep_old_index=False)
    assert api_client.get("/api/search?q=dampmaskinen").json()["total"] == 1
    refusal = api_client.get("/api/search", params={"vector": vector})
    assert (refusal.status_code, "Upload the picture again" in refusal.json()["detail"]) == (400, True)
    state = api_client.get("/health").json()
    assert (state["status"], state["index"]) == ("degraded", f"{alias}-v2")
    assert "revision" in state["models"][0]["problem"]


def test_vectors_are_searched_in_the_index_of_the_models_that_made_them(
    client: Elasticsearch, node_url: str, alias: str, start_service: StartService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the alias moves, a service with the cached alias searches the old index and not the new field."""
    monkeypatch.setattr(api.elasticsearch.gateway, "INDEX_CACHE_SECONDS", math.inf)
    api_client = start_service(node_url)
    vector = api_client.post("/api/search", files=picture_upload()).json()["vector"]
    rebuild(client, alias, keep_old_index=True)
    assert api_client.get("/api/search", params={"vector": vector}).json()["hits"][0]["id"] == picture_id(8)


def test_moved_alias_is_used_after_the_cached_index_expires(
    client: Elasticsearch, node_url: str, alias: str, start_service: StartService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.elasticsearch.gateway, "INDEX_CACHE_SECONDS", math.inf)
    api_client = start_service(node_url)
    assert api_client.get(f"/api/search?like={picture_id(8)}").status_code == 200
    start_page_before = api_client.get("/").text
    rebuild(client, alias, keep_old_index=True)
    assert api_client.get("/api/search").json()["total"] == 12, "the cached index has not expired"
    assert "12 pictures from 3 books" in start_page_before
    monkeypatch.setattr(api.elasticsearch.gateway, "INDEX_CACHE_SECONDS", 0.0)
    monkeypatch.setattr(api.pages.start_page, "CACHE_SECONDS", 0.0)
    assert "1 picture from 1 book" in api_client.get("/").text
    assert [hit["id"] for hit in api_client.get("/api/search").json()["hits"]] == ["new"]
    assert api_client.get(f"/api/search?like={picture_id(8)}").status_code == 404


def test_deleted_index_is_reported_and_a_new_one_is_searched(
    client: Elasticsearch, node_url: str, alias: str, start_service: StartService
) -> None:
    api_client = start_service(node_url)
    client.indices.delete(index=f"{alias}-v1")
    for path in (*API_PATHS, *PAGE_PATHS):
        response = api_client.get(path)
        assert (response.status_code, "frontispiece index" in response.text) == (503, True), path
    fill_collection(client, alias, [ColourGridEncoder()])
    assert api_client.get("/api/search?q=dampmaskinen").json()["total"] > 0


def test_index_of_other_weights_is_searched_by_words_and_refuses_pictures(
    client: Elasticsearch, node_url: str, alias: str, start_service: StartService
) -> None:
    rebuild(client, alias, keep_old_index=False)
    api_client = start_service(node_url)
    assert "Dampmaskinen" in api_client.get("/?q=dampmaskinen").text
    page = api_client.post("/", files=picture_upload(), data={"q": "dampmaskinen"})
    assert (page.status_code, "Search by words instead" in page.text) == (503, True)
    assert 'value="dampmaskinen"' in page.text


def test_search_whose_index_a_rebuild_deletes_meanwhile_is_sent_again(
    client: Elasticsearch, node_url: str, alias: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alias names an index whose shards are gone, and after the second answer the rebuilt one."""
    nowhere = {"index.routing.allocation.require._name": "nowhere"}
    lost_index = f"{alias}-lost"
    client.indices.create(index=lost_index, settings=nowhere, wait_for_active_shards="0")
    move_alias(client, alias, f"{alias}-v1", lost_index)
    body = {"query": {"match_all": {}}, "size": 1}
    lost: list[Any] = []

    async def search() -> list[int]:
        async with api.elasticsearch.client.create_client(Settings(), node_url) as async_client:
            gateway = SearchGateway(async_client, QueryEncoders({}), alias)
            msearch = async_client.msearch

            async def msearch_and_switch(**options: Any) -> Any:
                response = await msearch(**options)
                if [answer["status"] for answer in response["responses"]] == [503, 503]:
                    lost.append(response)
                    if len(lost) == 2:
                        move_alias(client, alias, lost_index, f"{alias}-v1")
                return response

            monkeypatch.setattr(async_client, "msearch", msearch_and_switch)
            responses = await gateway.search_side_by_side([IndexSearch(body, alias)] * 2)
            return [len(response["hits"]["hits"]) for response in responses]

    assert run_coroutine(search) == [1, 1]


def move_alias(client: Elasticsearch, alias: str, old_index: str, new_index: str) -> None:
    actions = [{"remove": {"index": old_index, "alias": alias}}, {"add": {"index": new_index, "alias": alias}}]
    client.indices.update_aliases(actions=actions)
