"""`frontispiece remove` deletes a book from all three indices and its crops from disk, and keeps other books."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from elasticsearch import Elasticsearch

from core.crop_folder import FolderCropStore
from core.errors import FrontispieceError
from core.settings import Settings
from indexer.commands.remove import remove
from indexer.documents.stored import StaleDocument
from indexer.ingest.crop_files import CropFiles
from indexer.sources import find_volumes
from tests.node.pipelines import open_pipeline
from tests.node.test_index import MeanGreyEncoder
from tests.paths import SPECIMEN

COMPANION_ID, DIGIBOK_ID = "urn:example:frontispiece:companion-1843", "URN:NBN:no-nb_digibok_2099010100017"


@pytest.fixture
def data_folder(client: Elasticsearch, index_name: str, tmp_path: Path) -> Path:
    """Return the data folder, with two books in the indices."""
    settings = Settings(data=tmp_path)
    for name in ("companion-1843", "digibok_2099010100017"):
        shutil.copytree(SPECIMEN / name, tmp_path / "library" / name)
    with open_pipeline(client, index_name, [MeanGreyEncoder()], settings) as (pipeline, fetcher):
        pipeline.run(find_volumes(tmp_path / "library", fetcher.get))
    return tmp_path


@pytest.fixture
def run_remove(node_url: str, index_name: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> "RemoveCommand":
    monkeypatch.setenv("FRONTISPIECE_ELASTICSEARCH_URL", node_url)
    monkeypatch.setenv("FRONTISPIECE_DATA", str(data_folder))
    return RemoveCommand(index_name)


class RemoveCommand:
    def __init__(self, alias: str) -> None:
        self._alias = alias

    def __call__(self, arguments: Sequence[str], typed_input: str | None = None) -> Result:
        return CliRunner().invoke(remove, ["--alias", self._alias, *arguments], input=typed_input)


def document_counts(client: Elasticsearch, alias: str, book: str) -> list[int]:
    """Return the numbers of pictures, pages and records of a book."""
    names = (alias, f"{alias}-pages", f"{alias}-books")
    return [client.count(index=name, query={"term": {"book_id": book}})["count"] for name in names]


def test_book_is_removed_from_all_indices_with_its_crops(
    client: Elasticsearch, index_name: str, data_folder: Path, run_remove: RemoveCommand
) -> None:
    pictures, pages, records = document_counts(client, index_name, COMPANION_ID)
    other_counts = document_counts(client, index_name, DIGIBOK_ID)
    assert pictures > 0 < pages
    assert records == 1
    result = run_remove([COMPANION_ID], "y\n")
    assert result.exit_code == 0, result.output
    assert f"{pages} pages, {pictures} pictures" in result.output
    assert f"removed {COMPANION_ID}" in result.output
    assert document_counts(client, index_name, COMPANION_ID) == [0, 0, 0]
    assert document_counts(client, index_name, DIGIBOK_ID) == other_counts
    hits = client.search(index=index_name, size=1000)["hits"]["hits"]
    crop_names = {name for hit in hits for key, name in hit["_source"]["image"].items() if key in {"crop", "large"}}
    assert {
        str(file.relative_to(data_folder / "crops")) for file in (data_folder / "crops").rglob("*.jpg")
    } == crop_names


def test_removal_that_elasticsearch_refuses_is_an_error(
    client: Elasticsearch, index_name: str, data_folder: Path, run_remove: RemoveCommand
) -> None:
    """It refuses while a disk of the cluster is full; the crops stay, too."""
    counts_before = document_counts(client, index_name, COMPANION_ID)
    crops_before = set((data_folder / "crops").rglob("*.jpg"))
    client.indices.put_settings(index=index_name, settings={"index.blocks.write": True})
    result = run_remove([COMPANION_ID, "--yes"])
    assert "takes no documents for" in str(result.exception)
    assert "removed" not in result.output
    assert document_counts(client, index_name, COMPANION_ID) == counts_before
    assert set((data_folder / "crops").rglob("*.jpg")) == crops_before
    client.indices.put_settings(index=index_name, settings={"index.blocks.write": None})
    assert run_remove([COMPANION_ID, "--yes"]).exit_code == 0
    assert document_counts(client, index_name, COMPANION_ID) == [0, 0, 0]


@pytest.mark.parametrize("answer", ["n\n", ""], ids=["no", "nobody there to answer"])
def test_removal_needs_confirmation(
    client: Elasticsearch, index_name: str, run_remove: RemoveCommand, answer: str
) -> None:
    counts_before = document_counts(client, index_name, COMPANION_ID)
    assert run_remove([COMPANION_ID], answer).exit_code == 1
    assert document_counts(client, index_name, COMPANION_ID) == counts_before
    assert run_remove([COMPANION_ID, "--yes"]).exit_code == 0


def test_unknown_id_is_refused_with_similar_ids(
    client: Elasticsearch, index_name: str, run_remove: RemoveCommand
) -> None:
    counts_before = document_counts(client, index_name, DIGIBOK_ID)
    result = run_remove([DIGIBOK_ID, f"{COMPANION_ID[:-1]}X", "--yes"])
    assert isinstance(result.exception, FrontispieceError)
    assert f"there is no book {COMPANION_ID[:-1]}X; similar ids: " in str(result.exception)
    assert COMPANION_ID in str(result.exception)
    assert document_counts(client, index_name, DIGIBOK_ID) == counts_before


def test_files_outside_the_crops_folder_are_not_deleted(tmp_path: Path) -> None:
    (tmp_path / "crops").mkdir()
    outside_file = tmp_path / "letter.txt"
    outside_file.write_text("x", "utf-8")
    stale_document = StaleDocument(page_id="p", crop_files=("../letter.txt", str(outside_file)))
    CropFiles(FolderCropStore(tmp_path / "crops")).delete([stale_document])
    assert outside_file.exists()
