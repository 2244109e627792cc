"""Configuration of all tests: one Hypothesis profile, the markers, and one real Elasticsearch node for the whole run.

A test that needs a node fails if none can be started; it is never skipped.
"""

import os
import socket
from collections.abc import Generator, Iterator
from typing import Any, NoReturn
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from core.settings import Settings
from indexer.embedded import ElasticsearchNode
from tests.parallel import NODE_URL, SharedNode, group_by_process, start_rank
from tests.paths import ROOT
from tests.waiting import PATIENCE_SECONDS

pytest_plugins = ["tests.library"]

# Removed from the environment at once, because Frontispiece refuses settings that it does not know.
EXTERNAL_CLUSTER_URL = os.environ.pop("FRONTISPIECE_TEST_ELASTICSEARCH_URL", "")

# A busy machine trips deadlines and the check for slow generation. Fixtures of one test are services that examples may
# share. CI tries the same examples in each run, so that a pull request fails only for what it changes.
hypothesis_settings.register_profile(
    "frontispiece",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    derandomize=bool(os.environ.get("CI")),
    database=None if os.environ.get("CI") else hypothesis_settings.default.database,
)
hypothesis_settings.load_profile("frontispiece")

MARKERS_BY_FOLDER = {
    "browser": ("browser", "node"),
    "node": ("node",),
    "relevance": ("node",),
    "secured": ("secured", "node"),
}
NODE_FIXTURES = frozenset({"embedded_node_url", "node_url"})
NETWORK_MARKERS = ("network", "node", "browser")
"""Tests with one of these may open sockets."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write golden files again instead of comparing them")


def pytest_configure(config: pytest.Config) -> None:
    if not EXTERNAL_CLUSTER_URL and not hasattr(config, "workerinput"):
        config.pluginmanager.register(SharedNode())


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its number: what a packer writes differs from second to second, and so would its name.

    Processes that run the tests together refuse to start if they do not collect the same names.
    """
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Mark tests before pytest deselects what `-m` excludes; sort them after pytest-randomly has shuffled them."""
    add_markers(items)
    group_by_process(items)
    yield
    items.sort(key=start_rank)


def add_markers(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, and tests of other folders by the fixtures that start a node."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        for marker in MARKERS_BY_FOLDER.get(folder, ()):
            item.add_marker(marker)
        if NODE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("node")


@pytest.fixture(autouse=True)
def _sockets_only_with_marker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test that opens a socket without the marker fail, so that `-m "not network"` can be relied on."""
    if not any(request.node.get_closest_marker(name) for name in NETWORK_MARKERS):
        monkeypatch.setattr(socket.socket, "connect", _refuse_connection)


def _refuse_connection(connection: socket.socket, address: Any) -> NoReturn:
    connection.close()
    pytest.fail(f"This test connects to {address}: mark it with @pytest.mark.network.")


@pytest.fixture(scope="session")
def embedded_node_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the URL of the node that Frontispiece starts itself; its jars are downloaded once per machine.

    Processes of one run share the node of the first.
    """
    if shared_url := getattr(request.config, "workerinput", {}).get(NODE_URL):
        yield shared_url
        return
    with ElasticsearchNode(tmp_path_factory.mktemp("elasticsearch"), Settings.from_environ().cache) as node:
        yield node.url


@pytest.fixture(scope="session")
def node_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of the cluster in FRONTISPIECE_TEST_ELASTICSEARCH_URL, otherwise of the embedded node."""
    return EXTERNAL_CLUSTER_URL or str(request.getfixturevalue("embedded_node_url"))


@pytest.fixture(scope="session")
def client(node_url: str) -> Iterator[Elasticsearch]:
    """Yield a client of the node, with limits that a busy machine does not reach."""
    with Elasticsearch(node_url, request_timeout=PATIENCE_SECONDS) as client:
        client.cluster.health(wait_for_status="yellow", timeout=f"{PATIENCE_SECONDS:.0f}s")
        yield client


@pytest.fixture
def index_name(client: Elasticsearch) -> Iterator[str]:
    """Yield a name for one test's index; the index and its versions (`<name>-v1`) are deleted after the test."""
    name = f"test-{uuid4()}"
    yield name
    for index in client.indices.get(index=f"{name}*", expand_wildcards="all"):
        client.indices.delete(index=index)
