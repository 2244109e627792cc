"""Crops in a folder and at an address: written as a whole, found again, and never outside their place."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import pytest

from core.crop_folder import FolderCropStore, is_complete_jpeg
from core.crop_stores import CropStore, open_crop_store
from core.errors import FrontispieceError
from core.remote_crops import RemoteCropStore
from core.settings import Settings

JPEG = b"\xff\xd8picture\xff\xd9"
OUTSIDE_NAMES = ["../letter.jpg", "/etc/hostname", "ab/../../letter.jpg", "", "ab\0.jpg", "..\\letter.jpg"]


@pytest.fixture
def address() -> Iterator[str]:
    """Yield an address in memory, as fsspec has it for tests."""
    address = f"memory://{uuid4().hex}/crops"
    yield address
    filesystem = fsspec.filesystem("memory")
    if filesystem.exists(address.rpartition("/")[0]):
        filesystem.rm(address.rpartition("/")[0], recursive=True)


@pytest.fixture(params=["folder", "object store", "file server"])
def store(request: pytest.FixtureRequest, tmp_path: Path, address: str) -> CropStore:
    if request.param == "folder":
        return FolderCropStore(tmp_path / "crops")
    if request.param == "file server":
        address = f"file://{tmp_path}/server"
    return RemoteCropStore(address, tmp_path / "copies", max_bytes=1000)


def test_a_crop_is_written_found_replaced_and_deleted(store: CropStore) -> None:
    assert store.find("ab/1.jpg") is None
    store.write("ab/1.jpg", JPEG)
    store.write("ab/2.jpg", JPEG)
    file = store.find("ab/1.jpg")
    assert file
    assert file.read_bytes() == JPEG
    store.write("ab/1.jpg", b"new" + JPEG)
    assert (store.find("ab/1.jpg") or file).read_bytes() == b"new" + JPEG
    assert store.complete_names(["ab/1.jpg", "ab/2.jpg", "ab/3.jpg"]) == {"ab/1.jpg", "ab/2.jpg"}
    for _ in range(2):
        store.delete("ab/1.jpg")
        assert store.find("ab/1.jpg") is None
    assert store.find("ab/2.jpg")


@pytest.mark.parametrize("name", OUTSIDE_NAMES)
def test_a_name_that_leads_elsewhere_finds_and_deletes_nothing(store: CropStore, tmp_path: Path, name: str) -> None:
    letter = tmp_path / "letter.jpg"
    letter.write_bytes(JPEG)
    store.write("ab/1.jpg", JPEG)
    assert store.find(name) is None
    assert store.complete_names([name]) == set()
    store.delete(name)
    assert letter.exists()


def test_a_link_out_of_the_folder_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "crops").mkdir()
    (tmp_path / "letter.jpg").write_bytes(JPEG)
    (tmp_path / "crops" / "link.jpg").symlink_to(tmp_path / "letter.jpg")
    assert FolderCropStore(tmp_path / "crops").find("link.jpg") is None


def test_a_write_that_fails_leaves_the_earlier_crop_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderCropStore(tmp_path)
    store.write("ab/1.jpg", JPEG)

    def fill_disk(path: Path, data: bytes) -> Any:
        path.touch()
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", fill_disk)
    with pytest.raises(OSError, match="no space left"):
        store.write("ab/1.jpg", b"other")
    monkeypatch.undo()
    assert [file.read_bytes() for file in (tmp_path / "ab").iterdir()] == [JPEG]


def test_a_truncated_crop_is_incomplete(tmp_path: Path) -> None:
    file = tmp_path / "crop.jpg"
    assert not is_complete_jpeg(file)
    for length in range(len(JPEG)):
        file.write_bytes(JPEG[:length])
        assert not is_complete_jpeg(file)
    file.write_bytes(JPEG)
    assert is_complete_jpeg(file)


def test_copies_that_were_not_read_for_longest_make_room(tmp_path: Path, address: str) -> None:
    content = b"\0" * 100
    store = RemoteCropStore(address, tmp_path, max_bytes=350)
    for number in range(3):
        store.write(f"ab/{number}.jpg", content)
        copy = store.find(f"ab/{number}.jpg")
        assert copy
        os.utime(copy, (number, copy.stat().st_mtime))
    store.find("ab/0.jpg")  # is read again
    store.write("ab/3.jpg", content)
    assert store.find("ab/3.jpg")
    assert sorted(file.name for file in (tmp_path / "ab").iterdir()) == ["0.jpg", "3.jpg"]
    assert store.find("ab/1.jpg"), "it is copied again"


def test_services_agree_on_the_time_of_a_copy_whenever_it_was_made(tmp_path: Path, address: str) -> None:
    """ETags are made of it."""
    times = []
    for number in range(2):
        store = RemoteCropStore(address, tmp_path / str(number), max_bytes=1000)
        store.write("ab/1.jpg", JPEG)
        for _ in range(2):
            copy = store.find("ab/1.jpg")
            assert copy
            times.append(copy.stat().st_mtime_ns)
    assert len(set(times)) == 1


def test_what_another_machine_has_written_or_deleted_is_seen_after_a_while(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.remote_crops.FRESH_SECONDS", 0)
    indexer = RemoteCropStore(address, tmp_path / "indexer", max_bytes=1000)
    service = RemoteCropStore(address, tmp_path / "service", max_bytes=1000)
    for content in (JPEG, b"new" + JPEG):
        indexer.write("ab/1.jpg", content)
        copy = service.find("ab/1.jpg")
        assert copy
        assert copy.read_bytes() == content
    indexer.delete("ab/1.jpg")
    assert service.find("ab/1.jpg") is None
    assert list((tmp_path / "service" / "ab").iterdir()) == []


def test_the_setting_says_where_crops_are(tmp_path: Path, address: str) -> None:
    assert isinstance(open_crop_store(Settings(crops=address, cache=tmp_path)), RemoteCropStore)
    for settings, folder in (
        (Settings(data=tmp_path), tmp_path / "crops"),
        (Settings(data=tmp_path, crops="/srv/crops"), Path("/srv/crops")),
    ):
        store = open_crop_store(settings)
        assert isinstance(store, FolderCropStore)
        assert store.folder == folder


def test_a_place_that_cannot_be_written_is_told_before_the_run(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FrontispieceError, match=r"the folder of the crops, .*file/crops, cannot be made: Not a dir"):
        FolderCropStore(tmp_path / "file" / "crops").check_writable()
    store = RemoteCropStore(address, tmp_path / "copies", max_bytes=1000)
    store.check_writable()
    assert fsspec.filesystem("memory").find(address) == [], "nothing stays"

    def refuse(*_: object) -> None:
        raise RuntimeError("Unable to locate credentials")

    monkeypatch.setattr(fsspec.filesystem("memory"), "pipe_file", refuse)
    with pytest.raises(FrontispieceError, match=r"FRONTISPIECE_CROPS=memory://.* cannot be written: Unable to locate"):
        store.check_writable()


def test_an_address_that_cannot_be_opened_is_told() -> None:
    with pytest.raises(FrontispieceError, match=r"FRONTISPIECE_CROPS=nowhere://x cannot be opened: .*nowhere"):
        open_crop_store(Settings(crops="nowhere://x"))
