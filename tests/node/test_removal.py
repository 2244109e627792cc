"""`frontispiece remove`: a book goes out of all three indices, its crops from disk, and others stay."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from core.errors import FrontispieceError
from core.settings import Settings
from indexer.cli import commands
from indexer.elasticsearch.collection import Indices
from indexer.images.crops import Crops
from indexer.ingest.pipeline import Pipeline
from indexer.ingest.removal import delete_crops
from indexer.sources import volumes
from tests.node.test_index import Mean
from tests.paths import SPECIMEN

ONE, OTHER = "urn:example:frontispiece:companion-1843", "URN:NBN:no-nb_digibok_2099010100017"


@pytest.fixture
def data(client: Elasticsearch, index_name: str, tmp_path: Path) -> Path:
    """A data folder, and two books in the indices."""
    settings = Settings(data=tmp_path)
    for name in ("companion-1843", "digibok_2099010100017"):
        shutil.copytree(SPECIMEN / name, tmp_path / "library" / name)
    encoders = [Mean()]
    with Crops(settings) as crops:
        indices = Indices.current(client, index_name, encoders)
        pipeline = Pipeline(
            indices, encoders, crops, folder=settings.crops, batch_size=16, indexed_at="2026-11-24T10:00:00+00:00"
        )
        pipeline.run(volumes(tmp_path / "library", crops.fetch))
    return tmp_path


@pytest.fixture
def remove(node_url: str, index_name: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> "Remove":
    monkeypatch.setenv("FRONTISPIECE_ELASTICSEARCH_URL", node_url)
    monkeypatch.setenv("FRONTISPIECE_DATA", str(data))
    return Remove(index_name)


class Remove:
    def __init__(self, alias: str) -> None:
        self._alias = alias

    def __call__(self, arguments: Sequence[str], answer: str | None = None) -> Result:
        return CliRunner().invoke(commands, ["remove", "--alias", self._alias, *arguments], input=answer)


def counts(client: Elasticsearch, alias: str, book: str) -> list[int]:
    """Pictures, pages and records of a book."""
    names = (alias, f"{alias}-pages", f"{alias}-books")
    return [client.count(index=name, query={"term": {"book_id": book}})["count"] for name in names]


def test_a_book_is_removed_from_all_three_with_its_crops(
    client: Elasticsearch, index_name: str, data: Path, remove: Remove
) -> None:
    pictures, pages, records = counts(client, index_name, ONE)
    other = counts(client, index_name, OTHER)
    assert pictures > 0 < pages
    assert records == 1
    done = remove([ONE], "y\n")
    assert done.exit_code == 0, done.output
    assert f"{pages} pages, {pictures} pictures" in done.output
    assert f"removed {ONE}" in done.output
    assert counts(client, index_name, ONE) == [0, 0, 0]
    assert counts(client, index_name, OTHER) == other
    found = client.search(index=index_name, size=1000)["hits"]["hits"]
    kept = {name for hit in found for key, name in hit["_source"]["image"].items() if key in {"crop", "large"}}
    assert {str(file.relative_to(data / "crops")) for file in (data / "crops").rglob("*.jpg")} == kept


@pytest.mark.parametrize("answer", ["n\n", ""], ids=["no", "nobody there to answer"])
def test_nothing_goes_without_a_yes(client: Elasticsearch, index_name: str, remove: Remove, answer: str) -> None:
    before = counts(client, index_name, ONE)
    assert remove([ONE], answer).exit_code == 1
    assert counts(client, index_name, ONE) == before
    assert remove([ONE, "--yes"]).exit_code == 0


def test_an_unknown_id_is_told_with_those_like_it_and_nothing_goes(
    client: Elasticsearch, index_name: str, remove: Remove
) -> None:
    before = counts(client, index_name, OTHER)
    done = remove([OTHER, f"{ONE[:-1]}X", "--yes"])
    assert isinstance(done.exception, FrontispieceError)
    assert f"there is no book {ONE[:-1]}X; like it: " in str(done.exception)
    assert ONE in str(done.exception)
    assert counts(client, index_name, OTHER) == before


def test_a_file_outside_the_crops_is_never_deleted(tmp_path: Path) -> None:
    (tmp_path / "crops").mkdir()
    outside = tmp_path / "letter.txt"
    outside.write_text("x", "utf-8")
    delete_crops(tmp_path / "crops", [{"image": {"crop": "../letter.txt", "large": str(outside)}}])
    assert outside.exists()
