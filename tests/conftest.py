"""One real Elasticsearch for the whole run; if none can be had, what needs it fails."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from core.settings import Settings
from indexer.embedded import ElasticsearchNode

pytest_plugins = ["tests.library"]

# Taken out at once: for the product it would be a setting that does not exist.
EXTERNAL_CLUSTER_URL = os.environ.pop("FRONTISPIECE_TEST_ELASTICSEARCH_URL", "")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-golden", action="store_true", help="write golden files again instead of comparing them")


@pytest.fixture(scope="session")
def embedded_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ElasticsearchNode]:
    """The node that the product brings; its jars are downloaded once per machine."""
    with ElasticsearchNode(tmp_path_factory.mktemp("elasticsearch"), Settings.from_environ().cache) as node:
        yield node


@pytest.fixture(scope="session")
def node_url(request: pytest.FixtureRequest) -> str:
    """The cluster named by FRONTISPIECE_TEST_ELASTICSEARCH_URL, else the embedded node."""
    return EXTERNAL_CLUSTER_URL or str(request.getfixturevalue("embedded_node").url)


@pytest.fixture(scope="session")
def client(node_url: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(node_url, request_timeout=60) as client:
        client.cluster.health(wait_for_status="yellow", timeout="60s")
        yield client


@pytest.fixture
def index_name(client: Elasticsearch) -> Iterator[str]:
    """A name of the test's own; it and its versions (`<name>-v1`) are deleted afterwards, and nothing else."""
    name = f"test-{uuid4()}"
    yield name
    for index in client.indices.get(index=f"{name}*", expand_wildcards="all"):
        client.indices.delete(index=index)
