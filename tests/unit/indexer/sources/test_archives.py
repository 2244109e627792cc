"""An archive of a book gives the same volumes as its folder, and unsafe ones are refused."""

import io
import os
import stat
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import ProblemCode
from indexer.formats import archives
from indexer.ingest.report import RunReportBuilder
from indexer.records import Problem, Volume
from indexer.run_records import FileAccount
from indexer.sources import find_volumes
from tests.alto_factory import alto_document
from tests.paths import CASES, SPECIMEN

METS = """<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink"><fileSec><fileGrp>
<file ID="S" MIMETYPE="image/png"><FLocat xlink:href="mets.png"/></file></fileGrp></fileSec><structMap TYPE="PHYSICAL">
<div><div TYPE="page"><fptr FILEID="S"/></div></div></structMap></mets>"""
"""A book without an identifier: only its place tells it from others."""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder `book` with pages that have only numbers, a plain picture, and a record."""
    folder = tmp_path / "library" / "book"
    for name in ("scans/0001.png", "plates/plate.png"):
        (folder / name).parent.mkdir(parents=True)
        Image.new("L", (20, 30)).save(folder / name)
    (folder / "alto").mkdir()
    (folder / "alto" / "0001.xml").write_bytes(alto_document(""))
    (folder / "list.csv").write_text("file,title\nplate.png,Fyret\n")
    Image.new("L", (20, 30)).save(folder / "mets.png")
    (folder / "mets.xml").write_text(METS)
    return folder


def pack_zip(folder: Path, archive: Path, prefix: str = "") -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, prefix + path.relative_to(folder).as_posix())


def pack_tar(folder: Path, archive: Path, prefix: str = "") -> None:
    with tarfile.open(archive, f"w:{archive.suffix[1:].replace('tgz', 'gz')}".removesuffix("tar")) as packed:
        packed.add(folder, prefix or ".")


PACKERS: dict[str, Callable[[Path, Path, str], None]] = {
    "zip": pack_zip,
    "tar": pack_tar,
    "tgz": pack_tar,
    "tar.gz": pack_tar,
    "tar.bz2": pack_tar,
    "tar.xz": pack_tar,
}


def volumes_without_paths(source: Path) -> list[Volume]:
    """Return the volumes of a source with the names of their files only."""

    def name(location: str | None) -> str | None:
        return Path(location).name if location else None

    return [
        replace(
            item,
            leaves=tuple(replace(leaf, alto=name(leaf.alto), scan=name(leaf.scan)) for leaf in item.leaves),
        )
        for item in find_volumes(source)
        if isinstance(item, Volume)
    ]


def account_of(source: Path) -> FileAccount:
    (account,) = (item for item in find_volumes(source) if isinstance(item, FileAccount))
    return account


def single_problem(source: Path) -> Problem:
    (problem,) = find_volumes(source)
    assert isinstance(problem, Problem)
    return problem


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("prefix", ["", "book/"], ids=["files at the top", "in a folder"])
def test_archive_has_the_volumes_and_ids_of_its_folder(library: Path, suffix: str, prefix: str) -> None:
    archive = library.parent / f"book.{suffix}"
    PACKERS[suffix](library, archive, prefix)
    expected = volumes_without_paths(library)
    assert len(expected) == 3
    assert volumes_without_paths(archive) == expected
    assert account_of(archive).total == account_of(library).total == 6


@pytest.mark.parametrize(
    "book", sorted(path for path in SPECIMEN.iterdir() if path.is_dir()), ids=lambda path: path.name
)
def test_archives_of_the_specimen_books_give_their_books(book: Path, tmp_path: Path) -> None:
    pack_zip(book, tmp_path / f"{book.name}.zip")
    assert [volume.book for volume in volumes_without_paths(tmp_path / f"{book.name}.zip")] == [
        volume.book for volume in volumes_without_paths(book)
    ]


def test_zip_of_the_case_is_read_when_it_is_named() -> None:
    (volume,) = volumes_without_paths(CASES / "silent-formats" / "mixed" / "bok2.zip")
    assert [(leaf.alto, leaf.scan) for leaf in volume.leaves] == [("bok_0001.xml", "bok_0001.jpg")]


def test_files_keep_their_times_and_are_removed_after_the_run(library: Path, tmp_path: Path) -> None:
    os.utime(library / "plates" / "plate.png", (1e9, 1e9))
    work_folder = tmp_path / "data" / "unpacked"
    for suffix in ("zip", "tgz"):
        archive = library.parent / f"book.{suffix}"
        PACKERS[suffix](library, archive, "")
        items = find_volumes(archive, work_folder=work_folder)
        times = [
            Path(leaf.scan or "").stat().st_mtime for item in items if isinstance(item, Volume) for leaf in item.leaves
        ]
        assert 1e9 in times
        assert list(work_folder.iterdir()) == []


def test_folder_that_a_killed_run_left_is_removed_and_that_of_another_run_is_not(library: Path, tmp_path: Path) -> None:
    archive, work_folder = library.parent / "book.zip", tmp_path / "work"
    pack_zip(library, archive)
    script = (
        "import os, sys; from pathlib import Path; from indexer.sources.discovery import find_volumes\n"
        "items = find_volumes(Path(sys.argv[1]), None, Path(sys.argv[2])); next(items); os._exit(9)"
    )
    killed_run = subprocess.run([sys.executable, "-c", script, str(archive), str(work_folder)], check=False)
    assert killed_run.returncode == 9
    (abandoned,) = work_folder.iterdir()
    other_run = find_volumes(archive, None, work_folder)
    next(other_run)
    assert not abandoned.exists()
    (in_use,) = work_folder.iterdir()
    assert isinstance(list(find_volumes(archive, None, work_folder))[-1], FileAccount)
    assert list(work_folder.iterdir()) == [in_use]
    assert isinstance(list(other_run)[-1], FileAccount)
    assert not list(work_folder.iterdir())


def test_problems_name_the_archive_and_not_the_place_where_it_was_unpacked(library: Path) -> None:
    (library / "alto" / "0002.xml").write_text("<alto>")
    (library / "notes.txt").write_text("x")
    archive = library.parent / "book.zip"
    pack_zip(library, archive)
    builder = RunReportBuilder()
    for item in find_volumes(archive):
        if isinstance(item, FileAccount):
            builder.add_account(item)
        elif isinstance(item, Problem):
            builder.add_problem(item)
        else:
            for leaf in item.leaves:
                if leaf.alto and leaf.alto.endswith("0002.xml"):
                    builder.add_problem(Problem(leaf.alto, "damaged", ProblemCode.MALFORMED))
    report = builder.build()
    assert {problem.file for problem in report.problems} == {str(archive), f"{archive}/alto/0002.xml"}
    assert (report.files, report.files_not_read) == (8, 2)


def test_resource_forks_of_macos_are_ignored(library: Path) -> None:
    archive = library.parent / "book.zip"
    pack_zip(library, archive, "book/")
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr("__MACOSX/book/._list.csv", "x")
        packed.writestr("__MACOSX/._book", "x")
    assert volumes_without_paths(archive) == volumes_without_paths(library)
    assert account_of(archive).ignored_count == 2


def test_utf8_names_without_the_flag_of_utf8_are_read(tmp_path: Path) -> None:
    """Older zips of macOS write UTF-8 and do not say so; those of DOS write code page 437."""
    for encoding in ("utf-8", "cp437"):
        encoded_name = "Überblick.txt".encode(encoding)
        archive = tmp_path / f"{encoding}.zip"
        write_zip(archive, ("x" * len(encoded_name), b""))
        archive.write_bytes(archive.read_bytes().replace(b"x" * len(encoded_name), encoded_name))
        archives.unpack_archive(archive, tmp_path / encoding)
        assert [path.name for path in (tmp_path / encoding).iterdir()] == ["Überblick.txt"]


def write_tar(archive: Path, *members: tuple[str, bytes, bytes]) -> None:
    """Write members: name, type, and target of a link or content."""
    with tarfile.open(archive, "w") as packed:
        for name, member_type, content in members:
            info = tarfile.TarInfo(name)
            info.type = member_type
            if member_type == tarfile.REGTYPE:
                info.size = len(content)
            else:
                info.linkname = content.decode()
            packed.addfile(info, io.BytesIO(content))


def write_zip(archive: Path, *members: tuple[str, bytes]) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        for name, content in members:
            packed.writestr(name, content)


UNSAFE_NAMES = ("../evil.txt", "a/../../evil.txt", "/evil.txt", "..\\evil.txt", "C:\\evil.txt", "a/b/../../../evil")


@pytest.mark.parametrize("name", UNSAFE_NAMES)
def test_archive_that_leads_out_of_its_folder_is_refused(name: str, tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", ("good.txt", b"x"), (name, b"x"))
    write_tar(tmp_path / "a.tar", ("good.txt", tarfile.REGTYPE, b"x"), (name, tarfile.REGTYPE, b"x"))
    for archive in ("a.zip", "a.tar"):
        problem = single_problem(tmp_path / archive)
        assert (problem.file, problem.code) == (str(tmp_path / archive), ProblemCode.MALFORMED)
        assert "outside its folder" in problem.reason


@given(parts=st.lists(st.sampled_from(["..", ".", "", "a", "b", "/", "\\", "C:"]), min_size=1, max_size=6))
def test_nothing_is_ever_written_outside_the_folder(parts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    write_tar(home / "a.tar", ("/".join(parts) or "x", tarfile.REGTYPE, b"evil"))
    list(find_volumes(home / "a.tar", work_folder=home / "work"))
    assert [path.name for path in home.rglob("*") if path.is_file()] == ["a.tar"]
    assert not Path("/evil").exists()


def test_links_and_devices_are_not_unpacked_and_are_counted(tmp_path: Path) -> None:
    Image.new("L", (20, 30)).save(tmp_path / "plate.png")
    picture = (tmp_path / "plate.png").read_bytes()
    write_tar(
        tmp_path / "a.tar",
        ("plate.png", tarfile.REGTYPE, picture),
        ("link.png", tarfile.SYMTYPE, b"/etc/passwd"),
        ("hard.png", tarfile.LNKTYPE, b"plate.png"),
        ("pipe", tarfile.FIFOTYPE, b""),
        ("link.png/below.png", tarfile.REGTYPE, picture),
    )
    link = zipfile.ZipInfo("link.png")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.write(tmp_path / "plate.png", "plate.png")
        packed.writestr(link, "/etc/passwd")
    for name, skipped in (("a.tar", 3), ("a.zip", 1)):
        items = list(find_volumes(tmp_path / name))
        (problem,) = (item for item in items if isinstance(item, Problem))
        assert "not unpacked (link.png" in problem.reason
        (account,) = (item for item in items if isinstance(item, FileAccount))
        assert account.not_read_count == skipped


def test_encrypted_zip_is_refused_with_advice(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    write_zip(archive, ("a.txt", b"x"))
    data = bytearray(archive.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    problem = single_problem(archive)
    assert (problem.reason, problem.code) == (
        "the archive is encrypted; unpack it and name the folder",
        ProblemCode.UNSUPPORTED,
    )


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_FILES", 5)
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 200_000)
    monkeypatch.setattr(archives, "MIN_RATIO_BYTES", 50_000)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([(f"{number}.txt", b"x") for number in range(6)], "more than 5 files"),
        ([("big.bin", os.urandom(200_001))], "larger when unpacked than 0.0 GiB"),
        ([("bomb.bin", bytes(150_000))], "more than 200 times larger when unpacked"),
    ],
    ids=["files", "size", "ratio"],
)
def test_archive_beyond_the_limits_is_refused(members: list[tuple[str, bytes]], reason: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    for archive in ("a.zip", "a.tgz"):
        problem = single_problem(tmp_path / archive)
        assert problem.reason.startswith(reason)
        assert problem.code == ProblemCode.TOO_LARGE


@given(cut=st.floats(0.05, 0.95), suffix=st.sampled_from(["zip", "tar", "tgz", "tar.xz", "tar.bz2"]))
def test_truncated_archives_are_problems(cut: float, suffix: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("library")
    (folder / "book").mkdir()
    (folder / "book" / "page.bin").write_bytes(os.urandom(3000))
    archive = folder / f"book.{suffix}"
    PACKERS[suffix](folder / "book", archive, "")
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * cut)])
    items = list(find_volumes(archive))
    assert any(isinstance(item, Problem) for item in items)
    assert not any(isinstance(item, Volume) for item in items)
