"""What happens before the first page is read takes time in proportion to the files, not to their square."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePath

import pytest
from PIL import Image

from indexer.records import Book, Volume
from indexer.sources import find_volumes, record_files, scans
from indexer.sources.files import FileIndex, file_size
from indexer.sources.folder_listing import FolderListing
from indexer.sources.record_files import RecordFiles

BOOK_COUNT = 60


def write_page(alto: Path, scan: Path) -> None:
    for path in (alto, scan):
        path.parent.mkdir(parents=True, exist_ok=True)
    alto.write_text("<alto><Layout/></alto>")
    Image.new("L", (8, 8)).save(scan)


@pytest.mark.parametrize("name", ["digibok_20{:04}_0001", "p{}"])
def test_folders_of_alto_are_not_compared_with_all_folders_of_scans_beside_them(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Counter[str]()
    original_distance = scans._distance

    def count_distances(alto_folder: Path, folder: Path) -> int:
        calls["distance"] += 1
        return original_distance(alto_folder, folder)

    def count_sizes(path: Path) -> int:
        calls["size"] += 1
        return file_size(path)

    monkeypatch.setattr(scans, "_distance", count_distances)
    monkeypatch.setattr(scans, "file_size", count_sizes)
    for number in range(BOOK_COUNT):
        page = name.format(number)
        write_page(tmp_path / f"alto{number}" / f"{page}.xml", tmp_path / f"scans{number}" / f"{page}.png")
    leaves = [leaf for item in find_volumes(tmp_path) if isinstance(item, Volume) for leaf in item.leaves]
    assert [Path(leaf.scan or "").stem for leaf in leaves] == [Path(leaf.alto or "").stem for leaf in leaves]
    assert len(leaves) == BOOK_COUNT
    assert max(calls.values(), default=0) <= BOOK_COUNT


def write_records(folder: Path) -> None:
    for number in range(BOOK_COUNT):
        (folder / f"book{number}").mkdir(parents=True)
        title = f"<titleInfo><title>Book {number}</title></titleInfo>"
        (folder / f"book{number}/mods.xml").write_text(f'<mods xmlns="http://www.loc.gov/mods/v3">{title}</mods>')


def test_records_without_a_name_are_looked_up_by_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_records(tmp_path)
    records = RecordFiles(FolderListing(tmp_path))
    folders = [tmp_path.resolve() / f"book{number}" for number in range(BOOK_COUNT)]
    call_count = 0
    original_parent: property = PurePath.__dict__["parent"]

    def count_calls(path: PurePath) -> PurePath:
        nonlocal call_count
        call_count += 1
        parent: PurePath = original_parent.__get__(path)
        return parent

    monkeypatch.setattr(PurePath, "parent", property(count_calls))
    titles = [[book.title for book in records.find_records("x", folder / "alto")] for folder in folders]
    assert titles == [[f"Book {number}"] for number in range(BOOK_COUNT)]
    assert call_count <= 3 * BOOK_COUNT


def test_records_of_the_folder_and_of_the_one_above_keep_their_order(tmp_path: Path) -> None:
    record = '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>{}</title></titleInfo></mods>'
    (tmp_path / "b/c").mkdir(parents=True)
    for path, title in {"mods.xml": "top", "b/mods.xml": "above", "b/c/mods.xml": "own", "b/c/dc.mods": "last"}.items():
        (tmp_path / path).write_text(record.format(title))
    records = RecordFiles(FolderListing(tmp_path))
    assert [book.title for book in records.find_records("x", tmp_path.resolve() / "b/c")] == ["above", "own", "last"]


def test_the_numbers_of_a_record_are_computed_once_for_all_books(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library gives one file with the records of all its books, at the top of their folders."""
    original_record_numbers, call_count = record_files.record_numbers, 0

    def count_calls(book: Book) -> set[str]:
        nonlocal call_count
        call_count += 1
        return original_record_numbers(book)

    monkeypatch.setattr(record_files, "record_numbers", count_calls)
    mods = "".join(
        f"<mods><titleInfo><title>Book {number}</title></titleInfo>"
        f'<identifier type="local">digibok_{number:08}</identifier></mods>'
        for number in range(BOOK_COUNT)
    )
    collection = f'<modsCollection xmlns="http://www.loc.gov/mods/v3">{mods}</modsCollection>'
    (tmp_path / "mods.xml").write_text(collection)
    records = RecordFiles(FolderListing(tmp_path))
    names = [f"digibok_{number:08}" for number in range(BOOK_COUNT)]
    titles = [[book.title for book in records.find_records(name, tmp_path.resolve() / name)] for name in names]
    assert titles == [[f"Book {number}"] for number in range(BOOK_COUNT)]
    assert call_count <= BOOK_COUNT


def test_a_path_is_looked_up_in_an_index_of_files_without_reading_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: FileIndex) -> Iterator[Path]:
        raise AssertionError

    index = FileIndex(Path("/a"), [Path("/a/1.jpg")])
    monkeypatch.setattr(FileIndex, "__iter__", refuse)
    assert Path("/a/1.jpg") in index
    assert Path("/a/2.jpg") not in index
