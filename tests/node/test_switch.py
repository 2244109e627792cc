"""A new model is filled beside the old one, and readers are switched to it and back by one command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from api.app import create_app
from core.errors import FrontispieceError
from core.settings import Settings
from indexer.commands.index import index
from indexer.commands.status import status
from indexer.commands.switch import switch
from indexer.documents.hybrid import book_document
from indexer.documents.pictures import LIBRARIAN
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.lease import hold_lease
from indexer.elasticsearch.rebuilding import open_rebuild
from indexer.records import Book
from tests.node.test_index import (
    INDEXED_AT,
    FakeSiglipEncoder,
    MeanGreyEncoder,
    RetrainedMeanEncoder,
    picture_document,
    version_names,
    write_documents,
)

RunCommand = Callable[..., Result]


@pytest.fixture
def run_command(node_url: str, index_name: str, tmp_path: Path) -> RunCommand:
    """Return a function that runs a command for the collection of the test."""
    environment = {"FRONTISPIECE_ELASTICSEARCH_URL": node_url, "FRONTISPIECE_DATA": str(tmp_path)}

    def run_command(command: Any, *options: str, answer: str = "") -> Result:
        return CliRunner(env=environment).invoke(command, ["--alias", index_name, *options], input=answer)

    return run_command


@pytest.fixture
def waiting_version(client: Elasticsearch, index_name: str) -> str:
    """Return the alias of a collection with two pictures, which a complete rebuild with new weights is to replace."""
    collection = Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    write_documents(collection.pictures, picture_document(1), picture_document(2))
    books = [book_document(Book(id=book_id, title="Fyr"), pages=1, pictures=1) for book_id in ("b", "added-later")]
    assert not any(collection.books.write(books, INDEXED_AT))
    collection.refresh()
    encoders = [RetrainedMeanEncoder(), FakeSiglipEncoder()]
    with open_rebuild(client, index_name, encoders, sources=["/b"], switch=False) as rebuilt:
        vectors = {"sscd": np.eye(1, 512, dtype=np.float32)[0], "siglip": np.eye(1, 768, dtype=np.float32)[0]}
        write_documents(rebuilt.pictures, picture_document(1).with_vectors(vectors), picture_document(2))
        assert not any(rebuilt.books.write(books[:1], INDEXED_AT))
    return index_name


def names_behind(client: Elasticsearch, alias: str) -> set[str]:
    return {name for kind in ("", "-pages", "-books") for name in client.indices.get_alias(name=f"{alias}{kind}")}


def test_readers_are_switched_to_the_new_version_and_back(
    client: Elasticsearch, waiting_version: str, run_command: RunCommand
) -> None:
    alias = waiting_version
    assert names_behind(client, alias) == version_names(alias, 1), "the rebuild has switched nothing"
    refusal = run_command(switch, answer="n\n")
    assert "from: " in refusal.output
    assert "sscd: 2 pictures, 100.0% (1)" in refusal.output
    assert "sscd: 2 pictures, 100.0% (2)" in refusal.output
    assert names_behind(client, alias) == version_names(alias, 1)
    label = {"name": "Map", "source": LIBRARIAN, "by": "kari", "at": INDEXED_AT}
    client.update(index=alias, id=picture_document(1).id, doc={"label": label}, refresh=True)
    assert run_command(switch, "--yes").exit_code == 0
    assert names_behind(client, alias) == version_names(alias, 2)
    assert names_behind(client, f"{alias}-previous") == version_names(alias, 1)
    assert client.get(index=alias, id=picture_document(1).id)["_source"]["label"]["by"] == "kari"
    assert run_command(switch, "--back", "--yes").exit_code == 0
    assert names_behind(client, alias) == version_names(alias, 1)
    assert names_behind(client, f"{alias}-next") == version_names(alias, 2)
    assert run_command(switch, "--yes").exit_code == 0, "and forward again"
    cleaning = run_command(index, "--clean", "--yes")
    assert "the version before the last switch, which `frontispiece switch --back` needs" in cleaning.output
    assert isinstance(run_command(switch, "--back").exception, FrontispieceError)
    assert client.count(index=alias)["count"] == 2


def test_books_that_readers_would_lose_are_named(waiting_version: str, run_command: RunCommand) -> None:
    result = run_command(switch, answer="n\n")
    assert "readers would lose books that only the first has: added-later;" in result.output


def test_rebuild_that_misses_books_is_switched_to_by_command(
    client: Elasticsearch, index_name: str, run_command: RunCommand
) -> None:
    collection = Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    assert not any(collection.books.write([book_document(Book(id="b"), pages=1, pictures=1)], INDEXED_AT))
    with (
        pytest.raises(FrontispieceError, match=r"/b: not there.* 1 \(b\)\. Readers keep the old index: .*switch"),
        open_rebuild(client, index_name, [MeanGreyEncoder()], first_unread_source=lambda: "/b: not there") as rebuilt,
    ):
        write_documents(rebuilt.pictures, picture_document(1))
    assert names_behind(client, index_name) == version_names(index_name, 1)
    result = run_command(switch, "--yes")
    assert "readers would lose books that only the first has: b;" in result.output
    assert names_behind(client, index_name) == version_names(index_name, 2)


def test_unfinished_rebuild_is_not_for_readers(client: Elasticsearch, index_name: str, run_command: RunCommand) -> None:
    Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    assert "no other version of" in str(run_command(switch, "--yes").exception)

    def stop_rebuild() -> None:
        with open_rebuild(client, index_name, [MeanGreyEncoder()], switch=False) as rebuilt:
            write_documents(rebuilt.pictures, picture_document(1))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_rebuild()
    assert "has not ended: run the same `frontispiece index --rebuild` again" in (
        str(run_command(switch, "--yes").exception)
    )
    assert names_behind(client, index_name) == version_names(index_name, 1)


def test_status_shows_versions_coverage_and_writer(
    client: Elasticsearch, waiting_version: str, run_command: RunCommand
) -> None:
    with hold_lease(client, waiting_version, "frontispiece index /b", warn=pytest.fail):
        state = json.loads(run_command(status, "--json").stdout)
    assert state["writer"].startswith("`frontispiece index /b` (process ")
    assert state["current"]["documents"] == {"pictures": 2, "pages": 0, "books": 2}
    assert state["current"]["models"] == {"sscd": {"revision": "1", "pictures": 2, "share": 1.0}}
    assert state["next"]["models"]["siglip"] == {"revision": "1", "pictures": 1, "share": 0.5}
    assert (state["previous"], state["orphans"]) == (None, [])
    text = run_command(status).output
    assert f"searched: {waiting_version}-v1, with 2 pictures, 0 pages, 2 books" in text
    assert "siglip: 1 pictures, 50.0%" in text
    assert "a rebuild that waits for `frontispiece switch` of /b" in text
    assert "no run writes into it" in text


def test_health_shows_how_far_the_models_are(
    client: Elasticsearch, node_url: str, waiting_version: str, tmp_path: Path
) -> None:
    settings = Settings(alias=waiting_version, data=tmp_path)
    loaders = {"sscd": MeanGreyEncoder, "siglip": FakeSiglipEncoder}
    with TestClient(create_app(settings, elasticsearch_url=node_url, encoder_loaders=loaders)) as api_client:
        health = api_client.get("/health").json()
    assert (health["status"], health["index"], health["coverage"]) == ("ok", f"{waiting_version}-v1", {"sscd": 1.0})
    assert health["next"] == {
        "index": f"{waiting_version}-v2",
        "pictures": 2,
        "coverage": {"sscd": 1.0, "siglip": 0.5},
    }
    with TestClient(
        create_app(
            Settings(data=tmp_path, alias=f"{waiting_version}-next"),
            elasticsearch_url=node_url,
            encoder_loaders=loaders,
        )
    ) as shadow:
        assert shadow.get("/api/search").json()["total"] == 2, "a service can be pointed at the next version"
