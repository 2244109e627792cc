"""Every file below a folder is read, belongs to a file read, is ignored, or is not read, with a reason."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import ProblemCode
from core.identifiers import document_id
from indexer.records import Problem, Volume
from indexer.run_records import FileAccount
from indexer.sources import find_volumes
from tests.alto_factory import alto_document
from tests.paths import CASES, SHARED

FOLDERS = sorted(folder for root in (SHARED, CASES) for folder in (root, *root.rglob("*")) if folder.is_dir())


def count_files(folder: Path) -> int:
    """Count what is not a folder, as `find ! -type d` does."""
    return sum(path.is_symlink() or not path.is_dir() for path in folder.rglob("*"))


def account_of(folder: Path) -> FileAccount:
    (account,) = (item for item in find_volumes(folder) if isinstance(item, FileAccount))
    return account


def counts(folder: Path) -> tuple[int, int, int, int]:
    """Return the numbers of files that are read, companions, ignored and not read."""
    account = account_of(folder)
    return account.read_count, account.companion_count, account.ignored_count, account.not_read_count


def problem_reasons(folder: Path) -> list[str]:
    return [item.reason for item in find_volumes(folder) if isinstance(item, Problem)]


def write_picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (16, 16)).save(path)


def write_bytes(path: Path, data: bytes = b"x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(SHARED.parent).as_posix())
def test_each_file_of_the_real_folders_is_counted_once(folder: Path) -> None:
    assert account_of(folder).total == count_files(folder)


FILE_CONTENTS = {
    "xml": b'<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout/></alto>',
    "mets.xml": b'<mets xmlns="http://www.loc.gov/METS/"/>',
    "mods.xml": b'<mods xmlns="http://www.loc.gov/mods/v3"/>',
    "csv": b"file,title\n1.jpg,A\nother.jpg,B\n",
    "json": b"{}",
    "jpg": b"\xff\xd8\xff",
    "png": b"",
    "html": b"<div class='ocr_page'>",
    "": b"%PDF-1.4",
}
names = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", ".", "a/", "a/.b/", "alto/", "scans/", "@eaDir/"]),
    st.sampled_from(["1", "2", "bok_0001", "bok_0002", "Thumbs", "README"]),
    st.sampled_from(["", *(f".{suffix}" for suffix in FILE_CONTENTS if suffix), ".db", ".txt", ".zip"]),
)


@settings(max_examples=40, deadline=None)
@given(files=st.sets(names, max_size=12))
def test_the_outcomes_of_any_folder_add_up(files: set[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("library")
    for name in files:
        suffix = next((suffix for suffix in FILE_CONTENTS if suffix and name.endswith(f".{suffix}")), "")
        write_bytes(folder / name, FILE_CONTENTS[suffix])
    assert account_of(folder).total == len(files)


def test_pages_scans_records_and_tables_are_read_and_other_copies_belong_to_them(tmp_path: Path) -> None:
    write_bytes(tmp_path / "alto" / "bok_0001.xml", alto_document(""))
    write_picture(tmp_path / "tif" / "bok_0001.tif")
    write_picture(tmp_path / "jpg" / "bok_0001.jpg")
    write_bytes(tmp_path / "bok.mods.xml", b'<mods xmlns="http://www.loc.gov/mods/v3"/>')
    write_bytes(tmp_path / "list.csv", b"file,title\nbok_0001.tif,Sange\n")
    assert counts(tmp_path) == (4, 1, 0, 0)


def test_no_format_passes_in_silence() -> None:
    """The case `silent-formats`: one line for each format, with the names of its files."""
    reasons = {
        folder.name: [reason.partition(";")[0].partition(" (")[0] for reason in problem_reasons(folder)]
        for folder in (CASES / "silent-formats").iterdir()
        if folder.is_dir()
    }
    assert reasons == {
        "hocr": [],
        "marcbin": ["the file has 5 records, and none has the number 'bok' of the book"],
        "coco": ["1 COCO file of boxes is not read"],
        "mixed": [
            "1 zip archive is not read",
            "1 PDF file is not read",
            "1 EPUB file is not read",
            "1 text file is not read",
        ],
    }


def test_pictures_whose_names_look_alike_are_all_read_with_ids_of_their_own(tmp_path: Path) -> None:
    names = ["Plate 1", "plate 1", "plate  1", "plate–1", "plate\u200b1", "plate1", "шrift", "schrift", "שָׁלוֹם", "שלום"]
    names += [
        "कि",
        "की",
        "🗻",
        "🗻\ufe0f",
        "👩\u200d👩",
        "👩👩",
        "ﬁg",
        "fig",
        "２",
        "2",
        "-",
        "~",
        "_",
        "ß",
        "ss",
        "x" * 250,
        "字" * 83,
    ]
    for name in names:
        write_picture(tmp_path / f"{name}.jpg")
        write_picture(tmp_path / "a" / f"{name}.jpg")
    volumes = [item for item in find_volumes(tmp_path) if isinstance(item, Volume)]
    assert len({document_id(leaf.id) for volume in volumes for leaf in volume.leaves}) == 2 * len(names)


def test_kinds_with_several_signs_have_one_line_and_a_line_is_one_line(tmp_path: Path) -> None:
    write_picture(tmp_path / "plate.png")
    write_bytes(tmp_path / "a.html", b"<!doctype html>")
    write_bytes(tmp_path / "b\n\x1b[31m.htm")
    (problem,) = (item for item in find_volumes(tmp_path) if isinstance(item, Problem))
    assert problem.reason.startswith("2 web pages are not read")
    assert str(problem).isprintable()


def test_hidden_files_and_those_of_operating_systems_are_ignored_with_a_note(tmp_path: Path) -> None:
    write_picture(tmp_path / "plate.png")
    for name in (".DS_Store", ".git/objects/ab", "@eaDir/plate.png/thumb.jpg", "Thumbs.db", "README.txt", "md5sums"):
        write_bytes(tmp_path / name)
    assert counts(tmp_path) == (1, 0, 6, 0)
    assert {note.reason.partition(" (")[0] for note in account_of(tmp_path).notes} == {
        "3 hidden files are ignored",
        "1 note about the files is ignored",
        "1 list of checksums or packing list is ignored",
        "1 file of the operating system is ignored",
    }
    assert problem_reasons(tmp_path) == []


def test_links_pipes_and_empty_files_are_named(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write_picture(outside / "plate.png")
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "linked.png").symlink_to(outside / "plate.png")
    (folder / "more").symlink_to(outside)
    (folder / "lost.xml").symlink_to(outside / "none.xml")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    os.mkfifo(folder / "pipe.xml")
    write_bytes(folder / "empty.dat", b"")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(folder / "socket.png"))
        assert counts(folder) == (1, 0, 0, 6)
        assert problem_reasons(folder) == [
            "2 links lead to no file (loop.png, lost.xml)",
            "1 link to a folder is not followed; name the folder itself (more)",
            "2 entries are devices, pipes or sockets (pipe.xml, socket.png)",
            "1 file is empty (empty.dat)",
        ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_permission_is_named(tmp_path: Path) -> None:
    write_bytes(tmp_path / "secret.xml")
    (tmp_path / "secret.xml").chmod(0)
    assert problem_reasons(tmp_path) == ["1 file cannot be opened; check its permissions (secret.xml)"]


def test_scan_without_alto_and_unused_mets_and_record_are_not_read(tmp_path: Path) -> None:
    write_bytes(tmp_path / "bok_0001.xml", alto_document(""))
    for number in (1, 2):
        write_picture(tmp_path / f"bok_000{number}.jpg")
    write_bytes(tmp_path / "lost.xml", b'<mets xmlns="http://www.loc.gov/METS/"/>')
    write_bytes(tmp_path / "other.mods.xml", b'<mods xmlns="http://www.loc.gov/mods/v3"/>')
    assert counts(tmp_path) == (2, 0, 0, 3)
    assert len(problem_reasons(tmp_path)) == 3


def test_table_that_matches_no_picture_is_named_with_its_column(tmp_path: Path) -> None:
    write_picture(tmp_path / "plate.png")
    write_bytes(tmp_path / "list.csv", b"title,filename\nA,one.tif\nB,two.tif\n")
    (problem,) = (item for item in find_volumes(tmp_path) if isinstance(item, Problem))
    assert problem == Problem(
        str(tmp_path / "list.csv"),
        "the table names 2 pictures, none of which is here (one.tif, …); compare its column 'filename' with the names "
        "of the files",
        ProblemCode.UNUSED,
    )
    assert counts(tmp_path) == (1, 0, 0, 1)


def test_table_that_names_no_picture_is_counted(tmp_path: Path) -> None:
    write_picture(tmp_path / "plate.png")
    write_bytes(tmp_path / "matrix.csv", b"a,b\n1,2\n")
    assert problem_reasons(tmp_path) == ["1 table names no picture and no book that is here (matrix.csv)"]


@pytest.mark.parametrize("make_entry", [Path.mkdir, lambda path: write_bytes(path / ".hidden")])
def test_folder_without_anything_to_read_is_a_problem(tmp_path: Path, make_entry: Callable[[Path], None]) -> None:
    make_entry(tmp_path / "library")
    items = list(find_volumes(tmp_path / "library"))
    assert not any(isinstance(item, Volume) for item in items)
    assert [item.code for item in items if isinstance(item, Problem)] == [ProblemCode.EMPTY]
