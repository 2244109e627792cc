"""The roles allow every request that a full run makes, and grant no privilege that none of them needs."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import pytest
from click.testing import CliRunner
from elasticsearch import Elasticsearch
from litestar.testing import TestClient
from pydantic import SecretStr

from api.app import create_app
from core.crop_stores import open_crop_store
from core.settings import ENV_PREFIX, Settings
from evaluation.relevance.judgements import build_query_set
from evaluation.relevance.search_session import open_session, temporary_collection
from indexer.commands.classify import classify
from indexer.commands.families import families
from indexer.commands.index import index
from indexer.commands.status import status
from indexer.commands.switch import switch
from indexer.documents.hybrid import IndexDocument
from indexer.elasticsearch.client import connect
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.mappings import INDEX_KINDS
from indexer.elasticsearch.rebuilding import open_rebuild
from indexer.ingest.removal import remove_book
from indexer.ingest.run import index_sources
from indexer.setup.cluster_resources import role
from tests.event_loops import run_coroutine as run_in_loop
from tests.parallel import ONE_CLUSTER
from tests.paths import SPECIMEN
from tests.recording_proxy import run_recording_proxy
from tests.waiting import wait_until

pytestmark = pytest.mark.xdist_group(ONE_CLUSTER)

READ, WRITE = frozenset({"read"}), frozenset({"write"})
VIEW_METADATA, MANAGE = frozenset({"view_index_metadata"}), frozenset({"manage"})
REFRESH, MONITOR = frozenset({"maintenance"}), frozenset({"monitor"})

IMPLIED_PRIVILEGES = {
    "manage": {"manage", "view_index_metadata", "maintenance", "create_index", "delete_index", "monitor"}
}
"""Privilege → the privileges that it implies, from Elasticsearch's reference."""

REQUIRED_PRIVILEGES = [
    ("GET|POST", r"/(?P<names>[^_/][^/]*)/_(m?search|count|mget|pit|explain|field_caps)", READ),
    ("GET|POST|HEAD", r"/(?P<names>[^_/][^/]*)/_(doc|source)/.+", READ),
    ("POST", r"/_msearch", READ),
    # They continue a search, and are allowed to everyone who may read the index.
    ("GET|POST|DELETE", r"/_search/scroll|/_pit|/_search", READ),
    ("PUT|POST", r"/(?P<names>[^_/][^/]*-unanswered)/_bulk", frozenset({"create_doc", "delete"})),
    ("PUT|POST", r"/(?P<names>[^_/][^/]*)/_(bulk|doc)", WRITE),
    ("PUT|DELETE", r"/(?P<names>[^_/][^/]*)/_(doc|create)/.+", WRITE),
    ("GET", r"/(?P<names>[^_/][^/]*)(/_(mapping|alias|settings(/.+)?))?", VIEW_METADATA),
    ("HEAD", r"/(?P<names>[^_/][^/]*)", VIEW_METADATA),
    ("GET|HEAD", r"/_alias/(?P<names>[^/]+)", VIEW_METADATA),
    ("POST", r"/(?P<names>[^_/][^/]*)/_(refresh|forcemerge|flush)", REFRESH),
    ("GET", r"/(?P<names>[^_/][^/]*)/_(segments|stats)(/.+)?", MONITOR),
    ("PUT", r"/(?P<names>[^_/][^/]*)", frozenset({"create_index"})),
    ("DELETE", r"/(?P<names>[^_/][^/]*)", frozenset({"delete_index"})),
    ("PUT", r"/(?P<names>[^_/][^/]*)/_(mapping|settings|alias/.+)", MANAGE),
    ("POST", r"/_aliases", MANAGE),
]
"""Method, path pattern and required index privilege, from Elasticsearch's reference; the first match counts."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request that Elasticsearch received."""

    method: str
    path: str
    parameters: tuple[str, ...] = ()
    body: str = ""

    @property
    def required_privileges(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return the required privileges, and the indices and aliases that need them."""
        for methods, path, privileges in REQUIRED_PRIVILEGES:
            if re.fullmatch(methods, self.method) and (match := re.fullmatch(path, self.path)):
                # "To make the result visible to search you must have maintenance or manage."
                refresh_privileges = REFRESH if "refresh" in self.parameters and privileges == WRITE else frozenset()
                names = match.groupdict().get("names")
                return privileges | refresh_privileges, tuple(names.split(",")) if names else self._names_in_body()
        raise AssertionError(f"nobody knows what {self.method} {self.path} needs")

    def _names_in_body(self) -> tuple[str, ...]:
        names = re.findall(r'"(?:index|alias)":"([^"]+)"', self.body.replace(" ", ""))
        return tuple(name for joined_names in names for name in joined_names.split(","))


def is_allowed(recorded_request: RecordedRequest, body: dict[str, Any]) -> bool:
    """Return whether a role allows a request; of a wildcard in the request only the prefix is compared."""
    privileges, names = recorded_request.required_privileges
    for indices in body["indices"]:
        granted = {
            implied for privilege in indices["privileges"] for implied in IMPLIED_PRIVILEGES.get(privilege, {privilege})
        }
        patterns = [re.compile(name.strip("/")) for name in indices["names"]]
        covers_names = all(any(pattern.fullmatch(name.replace("*", "1")) for pattern in patterns) for name in names)
        if privileges <= granted and covers_names:
            return True
    return False


@contextmanager
def record_requests(node_url: str) -> Iterator[tuple[str, set[RecordedRequest]]]:
    """Run a proxy to the node; yield its URL and the set of requests that it has forwarded."""
    recorded: set[RecordedRequest] = set()

    def record_request(method: str, path: str, body: bytes) -> None:
        url_parts = urlsplit(path)
        parameters = tuple(sorted(parse_qs(url_parts.query)))
        body_with_names = body.decode() if url_parts.path in ("/_aliases", "/_msearch") else ""
        recorded.add(RecordedRequest(method, unquote(url_parts.path), parameters, body_with_names))

    with run_recording_proxy(node_url, record_request) as url:
        yield url, recorded


@dataclass(frozen=True, slots=True)
class RecordedRequests:
    """The requests of one installation, by the part that made them."""

    alias: str
    by_indexer: set[RecordedRequest]
    by_api: set[RecordedRequest]
    by_librarian: set[RecordedRequest]
    """Requests of the librarians' commands, which use the indexer's key."""
    by_evaluation: set[RecordedRequest]
    """Requests of an evaluation, which indexes books temporarily."""


ENVIRONMENT_SETTINGS = ("elasticsearch_url", "alias", "data", "models")
"""Settings that the commands read from the environment."""


@pytest.fixture(scope="module")
def recorded_requests(
    node_url: str, client: Elasticsearch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RecordedRequests]:
    """Record the whole life of a book: indexing, indexing again, rebuilding, every API request, removal."""
    alias = f"test-{uuid4().hex}"
    book = min(
        (folder for folder in SPECIMEN.iterdir() if folder.is_dir()), key=lambda folder: len(list(folder.rglob("*")))
    )
    data = tmp_path_factory.mktemp("privileges")
    with (
        record_requests(node_url) as (indexing_url, by_indexer),
        record_requests(node_url) as (serving_url, by_api),
        record_requests(node_url) as (librarian_url, by_librarian),
        record_requests(node_url) as (evaluation_url, by_evaluation),
    ):
        settings = Settings(elasticsearch_url=indexing_url, alias=alias, data=data, models="sscd")
        for rebuild in (False, False, True):
            index_sources(settings, indexing_url, [str(book)], rebuild=rebuild)
        index_sources(settings, indexing_url, [str(book)], rebuild=True, switch=False)
        _run_maintenance(settings)
        service_settings = settings.model_copy(
            update={"elasticsearch_url": serving_url, "unanswered_days": 30, "status_token": SecretStr("token")}
        )
        with TestClient(create_app(service_settings)) as api_client:
            book_id = _request_every_path(api_client, next(settings.crops_folder.rglob("*.jpg")))
            pictures = [hit["id"] for hit in api_client.get("/api/search?size=100").json()["hits"]]
        _delete_old_searches(service_settings, client)
        _run_librarian_commands(settings.model_copy(update={"elasticsearch_url": librarian_url}), data, pictures)
        _evaluate_relevance(settings.model_copy(update={"elasticsearch_url": evaluation_url}), book, data / "temporary")
        with connect(settings, indexing_url) as writer:
            remove_book(Collection.open_existing(writer, alias), open_crop_store(settings), book_id)
        yield RecordedRequests(alias, by_indexer, by_api, by_librarian, by_evaluation)
    for name in client.indices.get(index=f"{alias}*", expand_wildcards="all"):
        client.indices.delete(index=name)


def _request_every_path(api_client: TestClient[Any], picture: Path) -> str:
    """Request every path in the OpenAPI document, with an existing picture and book; return the book's id."""
    [hit, *_] = api_client.get("/api/search?size=1").json()["hits"]
    api_client.post("/api/search", files={"image": ("copy.jpg", picture.read_bytes(), "image/jpeg")}, data={"q": "fyr"})
    api_client.get(f"/api/search?like={hit['id']}")
    path_parameters = {"picture_id": hit["id"], "book_id": hit["book_id"], "page_id": hit.get("page_id", "")}
    for path, methods in api_client.get("/schema/openapi.json").json()["paths"].items():
        if "get" in methods:
            request_path = re.sub(r"\{(\w+)\}", lambda placeholder: str(path_parameters.get(placeholder[1], "1")), path)
            api_client.get(request_path, params={"q": "fyr"} if path == "/api/search" else {})
    assert api_client.get("/api/search?q=zyxwv").json()["total"] == 0, "it is kept as an unanswered search"
    assert api_client.get("/metrics", headers={"Authorization": "Bearer token"}).status_code == 200
    return str(hit["book_id"])


def _delete_old_searches(service_settings: Settings, client: Elasticsearch) -> None:
    """Start the service once more with a search that is older than it is to be kept."""
    index = f"{service_settings.alias}-unanswered"
    client.index(index=index, id="old", document={"day": "2020-01-31", "words": "old"}, refresh=True)
    with TestClient(create_app(service_settings)):
        wait_until(lambda: not client.exists(index=index, id="old"))


def _run_maintenance(settings: Settings) -> None:
    """Switch, merge, and run `index --clean` and `--repair` with an orphan, an alias of two indices and a rebuild."""
    alias = settings.alias
    for command, options in [
        (status, []),
        (switch, ["--yes"]),
        (switch, ["--back", "--yes"]),
        (index, ["--merge"]),
    ]:
        result = CliRunner(env=_environment(settings)).invoke(command, options, catch_exceptions=False)
        assert result.exit_code == 0, result.output
    with connect(settings, settings.elasticsearch_url) as client:
        with (
            suppress(KeyboardInterrupt),
            open_rebuild(client, alias, [], fresh=True, allow_dropped_models=True) as rebuilt,
        ):
            list(rebuilt.pages.write([IndexDocument(id="p", source={"document": "page"})], "2026-01-01T00:00:00Z"))
            raise KeyboardInterrupt
        client.indices.create(index=f"{alias}-v8")
        client.indices.create(index=f"{alias}-books-v9", aliases={f"{alias}-books": {}})
    for options in (["--repair"], ["--clean", "--fresh"]):
        result = CliRunner(env=_environment(settings)).invoke(index, [*options, "--yes"], catch_exceptions=False)
        assert result.exit_code == 0, result.output


def _environment(settings: Settings) -> dict[str, str]:
    return {f"{ENV_PREFIX}{name.upper()}": str(getattr(settings, name)) for name in ENVIRONMENT_SETTINGS}


def _run_librarian_commands(settings: Settings, folder: Path, pictures: list[str]) -> None:
    """Run the librarians' commands: families, corrections, training and applying."""
    environment = _environment(settings)
    first_id, second_id, third_id, *_ = pictures
    label_table = folder / "labels.json"
    label_table.write_text(json.dumps([{"id": third_id, "label": "Map"}]), "utf-8")
    for command, arguments in [
        (families, ()),
        (families, ("--all",)),
        (families, ("merge", first_id, second_id, "--by", "Anna")),
        (families, ("split", first_id, "--by", "Per")),
        (families, ("show", first_id)),
        (families, ("list",)),
        (classify, ("correct", first_id, "Blank page", "--by", "Anna")),
        (classify, ("correct", second_id, "Map", "--by", "Per")),
        (classify, ("train", str(label_table))),
        (classify, ("apply",)),
    ]:
        result = CliRunner(env=environment).invoke(command, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output


def _evaluate_relevance(settings: Settings, book: Path, folder: Path) -> None:
    """Run `frontispiece evaluate relevance` with temporarily indexed books."""

    async def run_one_query(temporary_settings: Settings) -> None:
        async with open_session(temporary_settings, temporary_settings.elasticsearch_url) as library:
            judged_queries = build_query_set(await library.fetch_documents(), max_copies=1, max_pages=1)
            await library.search(
                next(judged_query for judged_query in judged_queries if judged_query.query_type == "both")
            )

    with temporary_collection(settings, settings.elasticsearch_url, [str(book)], folder) as temporary_settings:
        run_in_loop(run_one_query, temporary_settings)


def test_indexer_role_allows_indexing(recorded_requests: RecordedRequests) -> None:
    body = role("indexer", recorded_requests.alias)
    assert [
        recorded_request for recorded_request in recorded_requests.by_indexer if not is_allowed(recorded_request, body)
    ] == []


def test_indexer_role_allows_librarian_commands(
    recorded_requests: RecordedRequests,
) -> None:
    body = role("indexer", recorded_requests.alias)
    assert {f"{recorded_requests.alias}-decisions"} <= {
        name for recorded_request in recorded_requests.by_librarian for name in recorded_request.required_privileges[1]
    }
    assert [
        recorded_request
        for recorded_request in recorded_requests.by_librarian
        if not is_allowed(recorded_request, body)
    ] == []


def test_indexer_role_allows_evaluation(recorded_requests: RecordedRequests) -> None:
    """The names of its temporary indices start with the alias, because the key may not create others."""
    body = role("indexer", recorded_requests.alias)
    assert {recorded_request.path.rpartition("/")[2] for recorded_request in recorded_requests.by_evaluation} >= {
        "_bulk",
        "_search",
    }
    assert [
        recorded_request
        for recorded_request in recorded_requests.by_evaluation
        if not is_allowed(recorded_request, body)
    ] == []


def test_api_role_allows_the_service(recorded_requests: RecordedRequests) -> None:
    body = role("api", recorded_requests.alias)
    assert recorded_requests.by_api
    assert [
        recorded_request for recorded_request in recorded_requests.by_api if not is_allowed(recorded_request, body)
    ] == []


def test_api_role_allows_no_writing(recorded_requests: RecordedRequests) -> None:
    body = role("api", recorded_requests.alias)
    write_requests = [
        recorded_request
        for recorded_request in recorded_requests.by_indexer
        if not recorded_request.required_privileges[0] <= READ | VIEW_METADATA
    ]
    assert {recorded_request.method for recorded_request in write_requests} >= {"PUT", "POST", "DELETE"}
    assert [recorded_request for recorded_request in write_requests if is_allowed(recorded_request, body)] == []


@pytest.mark.parametrize("name", ["api", "indexer"])
def test_every_privilege_of_a_role_is_needed(recorded_requests: RecordedRequests, name: str) -> None:
    body = role(name, recorded_requests.alias)
    requests = recorded_requests.by_api if name == "api" else recorded_requests.by_indexer
    for number, indices in enumerate(body["indices"]):
        for privilege in indices["privileges"]:
            fewer_privileges = [
                other_privilege for other_privilege in indices["privileges"] if other_privilege != privilege
            ]
            reduced_role = {**body, "indices": [*body["indices"]]}
            reduced_role["indices"][number] = {**indices, "privileges": fewer_privileges}
            assert not all(is_allowed(recorded_request, reduced_role) for recorded_request in requests), (
                f"nothing needs {privilege} on {indices['names']}"
            )
    assert body["cluster"] == []


def test_roles_are_useless_for_another_installation(recorded_requests: RecordedRequests) -> None:
    """The same requests for another alias are refused, except those that name no index."""
    other_role = role("indexer", "other")
    allowed_requests = [
        recorded_request
        for recorded_request in recorded_requests.by_indexer
        if recorded_request.required_privileges[1] and is_allowed(recorded_request, other_role)
    ]
    assert allowed_requests == []


def test_recorded_run_covers_all_indices(recorded_requests: RecordedRequests, client: Elasticsearch) -> None:
    """Otherwise the tests above would check only a part of the requests."""
    index_names = {
        name for recorded_request in recorded_requests.by_indexer for name in recorded_request.required_privileges[1]
    }
    assert {
        recorded_requests.alias + ("" if kind == "pictures" else f"-{kind}") + "-v2" for kind in INDEX_KINDS
    } <= index_names
    assert {f"{recorded_requests.alias}-runs-v1", f"{recorded_requests.alias}-runs"} <= index_names
    assert client.count(index=f"{recorded_requests.alias}-runs", q="document:run")["count"] == 4, (
        "removing a book leaves them"
    )
    assert {recorded_request.path.rpartition("/")[2] for recorded_request in recorded_requests.by_api} >= {
        "_search",
        "_mapping",
    }
