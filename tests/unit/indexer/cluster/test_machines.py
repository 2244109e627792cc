"""What is sent to other machines, and what each takes from its own environment."""

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.crop_folder import FolderCropStore
from core.errors import FrontispieceError
from core.settings import Settings
from indexer.cluster.machines import (
    absolute_locations,
    check_shared_storage,
    existing_paths,
    machine_settings,
    shared_marker,
    shared_settings,
)

SECRET = SecretStr("c2VjcmV0")


def test_no_secret_is_sent_to_another_machine() -> None:
    settings = Settings(elasticsearch_api_key=SECRET, status_token=SECRET)
    sent = shared_settings(settings, is_local=False)
    assert not [name for name, value in sent if isinstance(value, SecretStr) and value.get_secret_value()]
    assert shared_settings(settings, is_local=True).elasticsearch_api_key == SECRET


def test_a_machine_has_its_own_key_and_device_and_the_rules_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTISPIECE_ELASTICSEARCH_API_KEY", "b3du")
    monkeypatch.setenv("FRONTISPIECE_DEVICE", "cuda")
    monkeypatch.setenv("FRONTISPIECE_ALIAS", "other")
    sent = Settings(alias="run", models="sscd", device="cpu")
    settings = machine_settings(sent, is_local=False)
    assert (settings.alias, settings.models, settings.device) == ("run", "sscd", "cuda")
    assert settings.elasticsearch_api_key.get_secret_value() == "b3du"
    assert machine_settings(sent, is_local=True) is sent


def test_paths_are_absolute_for_processes_in_other_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "books").mkdir()
    settings = shared_settings(Settings(data=Path("data"), scans=f"books{os.pathsep}{tmp_path}"), is_local=True)
    assert settings.data == tmp_path / "data"
    assert settings.scans.split(os.pathsep) == [str(tmp_path / "books"), str(tmp_path)]
    locations = absolute_locations(["books", "missing", "https://example.org/manifest"])
    assert locations == [str(tmp_path / "books"), str(tmp_path / "missing"), "https://example.org/manifest"]
    assert existing_paths(locations) == (str(tmp_path / "books"),)


def test_a_folder_of_crops_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A machine may see the folder and have it read-only; /proc is so even for root."""
    FolderCropStore(tmp_path / "crops").check_writable()
    assert not any((tmp_path / "crops").iterdir())
    with pytest.raises(FrontispieceError, match=r"the folder of the crops, /proc/self, cannot be written: .*CROPS"):
        FolderCropStore(Path("/proc/self")).check_writable()


def test_a_machine_without_the_shared_storage_is_named(tmp_path: Path) -> None:
    with shared_marker(tmp_path / "data") as marker:
        check_shared_storage(marker, [str(tmp_path)])
        with pytest.raises(FrontispieceError, match=r"does not see .*books: mount the books at the same path"):
            check_shared_storage(marker, [str(tmp_path / "books")])
    with pytest.raises(FrontispieceError, match=r"does not see the data folder .*data of this run"):
        check_shared_storage(marker, [])
