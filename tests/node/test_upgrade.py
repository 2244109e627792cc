"""The code of today meets the index of a release: it goes on with it, or says in one sentence to rebuild it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from api.app import create_app
from core.errors import IncompatibleIndex
from core.settings import Settings
from indexer.elasticsearch.index_meta import IndexMeta
from tests.node.conftest import RunIndex
from tests.node.released_index import FOLDER, copy_book, read_released_index
from tests.node.test_index import MeanGreyEncoder
from tests.node.test_rebuild import CountingGreyEncoder

RELEASES = sorted(FOLDER.glob("*.json.gz"))
CURRENT_VERSION = IndexMeta.for_kind("pictures").version or 0


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return copy_book(tmp_path)


@pytest.fixture
def api_client(node_url: str, index_name: str, tmp_path: Path) -> Iterator[TestClient[Any]]:
    settings = Settings(alias=index_name, data=tmp_path)
    loaders = {"sscd": MeanGreyEncoder}
    with TestClient(create_app(settings, elasticsearch_url=node_url, encoder_loaders=loaders)) as api_client:
        yield api_client


@pytest.mark.parametrize("file", RELEASES, ids=lambda file: file.name.removesuffix(".json.gz"))
@pytest.mark.parametrize("is_older", [False, True], ids=["as it was released", "as if its mapping were older"])
def test_index_of_a_release_is_searched_and_nothing_is_encoded_again(
    client: Elasticsearch,
    index_name: str,
    run_index: RunIndex,
    api_client: TestClient[Any],
    *,
    file: Path,
    is_older: bool,
) -> None:
    """The product needs a rebuild only if the mapping has changed, and even then it uses no model."""
    released, encoder = read_released_index(file), CountingGreyEncoder()
    mapping_version = CURRENT_VERSION - 1 if is_older else released.mapping_version
    released.write_into(client, index_name, mapping_version)
    assert count_results(api_client) == released.picture_count, "readers are served before anything is rebuilt"
    if mapping_version == CURRENT_VERSION:
        report = run_index(encoder)
        assert report.unchanged + report.written == released.picture_count
    else:
        with pytest.raises(IncompatibleIndex, match=rf"version {mapping_version} of the mapping.*index --rebuild`"):
            run_index(encoder)
        report = run_index(encoder, rebuild=True)
        assert (report.written, report.reused) == (released.picture_count, released.picture_count)
    assert encoder.count == 0
    assert (report.problems, report.rejected) == ((), ())
    assert count_results(api_client) == released.picture_count


def count_results(api_client: TestClient[Any]) -> int:
    """Return how many pictures a search finds; one that is like another shows that vectors are there."""
    results = api_client.get("/api/search", params={"decoration": "include"}).json()
    similar = api_client.get("/api/search", params={"like": results["hits"][0]["id"]})
    assert similar.json()["hits"][0]["similarities"]["sscd"] > 0.5
    return int(results["total"])


def test_there_is_an_index_of_a_release() -> None:
    assert RELEASES
    assert all(file.stat().st_size < 60_000 for file in RELEASES)
