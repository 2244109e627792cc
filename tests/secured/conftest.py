"""One secured node for all these tests, set up by `frontispiece setup` and filled with the indexer's key."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import Settings
from indexer.embedded.build import Installation
from tests.secured.cluster import Cluster
from tests.secured.installation import install_secured
from tests.secured.node import running_node

BOOK = "specimen/books"


@pytest.fixture(scope="session")
def installation() -> Installation:
    return install_secured(Settings.from_environ().cache)


@pytest.fixture(scope="session")
def bare_cluster(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A node with users and keys, before `frontispiece setup`."""
    folder = tmp_path_factory.mktemp("secured-node")
    with running_node(installation, folder) as node:
        yield Cluster(node.url, tmp_path_factory.mktemp("secured"))


@pytest.fixture(scope="session")
def cluster(bare_cluster: Cluster) -> Cluster:
    result = bare_cluster.set_up()
    assert result.returncode == 0, result.stderr
    return bare_cluster


@pytest.fixture(scope="session")
def filled_cluster(cluster: Cluster) -> Cluster:
    result = cluster.run("index", BOOK, key=cluster.key("indexer"))
    assert result.returncode == 0, result.stderr
    return cluster


@pytest.fixture
def crops_folder(filled_cluster: Cluster) -> Path:
    return filled_cluster.folder / "data" / "crops"
