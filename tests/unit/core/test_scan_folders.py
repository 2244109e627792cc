"""Names of scans: they lead to files in the folders of the setting, and nowhere else."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FrontispieceError
from core.scan_folders import NO_SCAN_FOLDERS, ScanFolders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("books/b1/0001.jpg", "books/b2/0001.jpg", "maps/0001.jpg", "secret.jpg"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    return tmp_path


def test_a_name_leads_back_to_its_file(folder: Path) -> None:
    folders = ScanFolders.from_setting(os.pathsep.join(str(folder / name) for name in ("books", "maps")))
    names = [folders.name_of(folder / name) for name in ("books/b1/0001.jpg", "books/b2/0001.jpg", "maps/0001.jpg")]
    assert names == ["books/b1/0001.jpg", "books/b2/0001.jpg", "maps/0001.jpg"]
    for name in names:
        file = folders.find(name)
        assert file is not None
        assert file.read_bytes() == name.encode()
        assert folders.contains(name)


def test_the_folder_may_move_and_keep_its_name(folder: Path, tmp_path: Path) -> None:
    name = ScanFolders([folder / "books"]).name_of(folder / "books" / "b1" / "0001.jpg")
    (tmp_path / "new").mkdir()
    (folder / "books").rename(tmp_path / "new" / "books")
    file = ScanFolders([tmp_path / "new" / "books"]).find(name)
    assert file is not None
    assert file.read_bytes() == b"books/b1/0001.jpg"


def test_a_file_outside_the_folders_has_no_name(folder: Path) -> None:
    folders = ScanFolders([folder / "books"])
    assert folders.name_of(folder / "secret.jpg") == ""
    assert folders.name_of(folder / "books" / ".." / "secret.jpg") == ""
    assert NO_SCAN_FOLDERS.name_of(folder / "secret.jpg") == ""


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "books",
        "books/",
        "books//",
        "../secret.jpg",
        "books/../secret.jpg",
        "books/b1/../../secret.jpg",
        "/etc/passwd",
        "books//etc/passwd",
        "books/b1/\x00",
        "books/b1",
        "nothing/0001.jpg",
        "books/link.jpg",
        "books/" + "x" * 5000,
        "books/linked/secret.jpg",
        "books/%2e%2e/secret.jpg",
    ],
)
def test_a_name_never_leads_out_of_the_folders(folder: Path, name: str) -> None:
    (folder / "books" / "link.jpg").symlink_to(folder / "secret.jpg")
    (folder / "books" / "linked").symlink_to(folder)
    assert ScanFolders([folder / "books"]).find(name) is None


@given(name=st.text() | st.from_regex(r"books(/(\.\.|b1|\.|secret\.jpg|))*", fullmatch=True))
def test_no_text_leads_out_of_the_folders(folder: Path, name: str) -> None:
    file = ScanFolders([folder / "books"]).find(name)
    assert file is None or file.is_relative_to(folder / "books")


def test_a_link_from_one_folder_to_another_has_the_name_of_its_target(folder: Path) -> None:
    (folder / "maps" / "link.jpg").symlink_to(folder / "books" / "b1" / "0001.jpg")
    folders = ScanFolders([folder / "maps", folder / "books"])
    assert folders.name_of(folder / "maps" / "link.jpg") == "books/b1/0001.jpg"


def test_a_name_that_is_no_unicode_cannot_be_stored(folder: Path) -> None:
    file = folder / "books" / os.fsdecode(b"\xff.jpg")
    file.write_bytes(b"")
    assert ScanFolders([folder / "books"]).name_of(file) == ""


def test_folders_without_a_name_or_with_the_same_are_refused(folder: Path) -> None:
    (folder / "maps" / "books").mkdir()
    with pytest.raises(FrontispieceError, match="two folders called books"):
        ScanFolders([folder / "books", folder / "maps" / "books"])
    with pytest.raises(FrontispieceError, match="whole disk"):
        ScanFolders([Path("/")])


def test_missing_folders_are_named(folder: Path) -> None:
    assert ScanFolders([folder / "books", folder / "gone"]).missing == [folder / "gone"]
