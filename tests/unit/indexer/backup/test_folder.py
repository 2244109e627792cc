"""The folder of a backup: what it holds, what is copied, and which folders are refused."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import FrontispieceError
from core.settings import Settings
from indexer.backup.folder import (
    WRITER,
    BackupFolder,
    BackupRecord,
    copy_files,
    differing_settings,
    mirror_files,
    saved_settings,
)
from indexer.elasticsearch.snapshots import collection_patterns, select_collection

RECORD = BackupRecord(
    written_by=WRITER,
    version="0.1.0",
    alias="pictures",
    at="2026-11-30T03:00:00+00:00",
    snapshot="pictures-2026.11.30-030000",
    repository="frontispiece",
    repository_uuid="u",
    documents={"pictures-v1": 18},
    crops=18,
    settings=saved_settings(Settings()),
)


@pytest.fixture
def folder(tmp_path: Path) -> BackupFolder:
    return BackupFolder(tmp_path / "backup")


def write_files(folder: Path, **contents: str) -> None:
    for name, content in contents.items():
        file = folder / f"{name}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)


def read_files(folder: Path) -> dict[str, str]:
    return {file.stem: file.read_text() for file in folder.rglob("*.jpg")}


def test_record_is_read_as_it_was_written(folder: BackupFolder) -> None:
    assert folder.read_record() is None
    folder.check_is_writable()
    assert folder.read_record() is None, "an empty folder is no backup yet"
    folder.write_record(RECORD)
    assert folder.read_record() == RECORD


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"written_by": WRITER})])
def test_file_that_is_no_record_is_refused(folder: BackupFolder, content: str) -> None:
    folder.check_is_writable()
    (folder.path / "backup.json").write_text(content)
    with pytest.raises(FrontispieceError, match=r"backup\.json cannot be read as the list of a backup"):
        folder.read_record()


def test_folder_with_other_files_is_refused(folder: BackupFolder) -> None:
    write_files(folder.path, holiday="")
    with pytest.raises(FrontispieceError, match="has files but no backup: name an empty folder"):
        folder.read_record()


def test_only_what_is_new_or_changed_is_copied(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    write_files(source, one="1", two="2")
    write_files(target, kept="of a book that was removed since")
    assert copy_files(source, target) == 2
    (target / "one.jpg").write_text("9")
    os.utime(target / "one.jpg", (0, 0))
    copied_at = (target / "two.jpg").stat().st_ctime_ns
    assert copy_files(source, target) == 2
    assert read_files(target) == {"one": "1", "two": "2", "kept": "of a book that was removed since"}
    assert (target / "two.jpg").stat().st_ctime_ns == copied_at, "it was not written again"
    mirror_files(source, target)
    assert read_files(target) == {"one": "1", "two": "2"}
    assert copy_files(tmp_path / "nowhere", target) == 0


def test_file_that_cannot_be_copied_is_named(tmp_path: Path) -> None:
    write_files(tmp_path / "a", one="1")
    (tmp_path / "b").write_text("a file where the folder should be")
    with pytest.raises(FrontispieceError, match=r"one\.jpg could not be copied to .*the same command continues"):
        copy_files(tmp_path / "a", tmp_path / "b")


def test_files_that_settings_name_are_copied(folder: BackupFolder, tmp_path: Path) -> None:
    write_files(tmp_path / "texts", about="Om")
    (tmp_path / "places.csv").write_text("name,place\n")
    folder.save_named_files(Settings(texts=tmp_path / "texts", places=tmp_path / "places.csv", logo=tmp_path / "none"))
    assert read_files(folder.files) == {"about": "Om"}
    assert (folder.files / "places" / "places.csv").is_file()


def test_secrets_are_not_in_a_backup() -> None:
    settings = Settings(
        elasticsearch_api_key=SecretStr("c2VjcmV0"),
        status_token=SecretStr("c2VjcmV0"),
        elasticsearch_url="https://me:c2VjcmV0@search.example.org:9200",
    )
    assert "c2VjcmV0" not in str(saved_settings(settings))
    secret_names = {name for name in Settings.model_fields if isinstance(getattr(settings, name), SecretStr)}
    assert not secret_names & saved_settings(settings).keys()


def test_settings_that_differ_are_listed_except_where_things_are() -> None:
    record = replace(
        RECORD, settings={**RECORD.settings, "models": "sscd,e5", "data": "/old", "of_an_old_version": "1"}
    )
    assert differing_settings(record, Settings()) == ["FRONTISPIECE_MODELS=sscd,e5"]


def test_indices_of_another_collection_are_not_in_the_snapshot() -> None:
    """`pictures-v*` also matches those of a collection `pictures-vienna`; the lease is never restored."""
    own_names = ["pictures-books-v1", "pictures-decisions", "pictures-pages-v3", "pictures-runs-v1", "pictures-v12"]
    others = ["pictures-vienna-v1", "pictures-vienna-pages-v1", "pictures-lease-v1", "pictures-v1-kept", "maps-v1"]
    assert select_collection([*others, *own_names], "pictures") == own_names
    assert "pictures-v*" in collection_patterns("pictures")
