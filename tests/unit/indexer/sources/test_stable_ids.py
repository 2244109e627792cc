"""The ids of books and pages do not depend on what is indexed together, nor on the folder that is named."""

import itertools
from collections import Counter
from pathlib import Path

import pytest

from indexer.records import Volume
from indexer.sources import find_volumes
from tests.paths import CASES
from tests.unit.indexer.sources.test_discovery import write_files, write_mets, write_text


def volumes_of(*sources: Path) -> list[Volume]:
    return [item for source in sources for item in find_volumes(source) if isinstance(item, Volume)]


def ids_of(*sources: Path) -> dict[str, list[str]]:
    """Return the ids of the pages by book; no book may occur twice."""
    volumes = volumes_of(*sources)
    assert len({volume.book.id for volume in volumes}) == len(volumes)
    return {volume.book.id: [leaf.id for leaf in volume.leaves] for volume in volumes}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two books of each kind, whose folders and files have the same names."""
    folder = tmp_path / "library"
    for shelf in ("a", "b"):
        write_files(folder, *(f"{shelf}/pages/alto/000{page}.xml" for page in (1, 2)), f"{shelf}/pages/scans/0001.jpg")
        write_files(folder, *(f"{shelf}/named/bok_{page}.xml" for page in (1, 2)))
        write_files(folder, f"{shelf}/vol1/plates/1.jpg", f"{shelf}/vol1/plates/1.png", f"{shelf}/plates/1.jpg")
        write_files(folder, f"{shelf}/table/1.jpg", f"{shelf}/table/2.jpg")
        write_text(folder, f"{shelf}/table/list.csv", "file,title\n1.jpg,Fyret\n2.jpg,Havet\n")
        write_files(folder, f"{shelf}/mets/0001.xml", f"{shelf}/mets/0001.jpg")
        write_mets(folder, f"{shelf}/mets/mets.xml", {"0001.xml": "0001.jpg"}, identifier=f"urn:x:{shelf}")
        write_files(folder, f"{shelf}/bare/ocr/0001.xml")
        write_mets(folder, f"{shelf}/bare/mets.xml", {"ocr/0001.xml": "none.jpg"}, identifier="")
    write_files(folder, "a/digibok_2014062307158_0001.xml", "b/digibok_2014062307158_0002.xml")
    return folder


def test_ids_are_the_same_in_whatever_order_and_from_whatever_folder(library: Path) -> None:
    shelves = [library / "a", library / "b"]
    ids_together = ids_of(library)
    split_book = ids_together.pop("digibok_2014062307158")
    assert split_book == ["digibok_2014062307158_0001", "digibok_2014062307158_0002"]
    ids_apart = {shelf: ids_of(shelf) for shelf in shelves}
    assert [ids.pop("digibok_2014062307158") for ids in ids_apart.values()] == [[page_id] for page_id in split_book]
    for order in itertools.permutations(shelves):
        assert {book: pages for shelf in order for book, pages in ids_apart[shelf].items()} == ids_together
    deep_folders = [folder for shelf in shelves for folder in shelf.iterdir() if folder.is_dir()]
    assert ids_of(*deep_folders) == ids_together


def test_books_of_one_name_in_two_places_share_no_page(library: Path) -> None:
    counts = Counter(page_id for pages in ids_of(library).values() for page_id in pages)
    assert [page_id for page_id, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("file", ["a/plates/1.jpg", "a/named/bok_1.xml", "a/pages/alto/0002.xml", "a/mets/mets.xml"])
def test_one_file_has_the_ids_that_it_has_in_its_folder(
    file: str, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids_together = ids_of(library)
    monkeypatch.chdir(library / "a")
    for path in (library / file, Path(file).relative_to("a"), Path("..") / file):
        [(book_id, [page_id])] = ids_of(path).items()
        assert page_id in ids_together[book_id]


def test_a_linked_folder_gives_the_same_ids(library: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(library / "a")
    assert ids_of(tmp_path / "link") == ids_of(library / "a")


def test_an_identifier_of_an_album_is_not_the_id_of_each_picture(tmp_path: Path) -> None:
    write_files(tmp_path, "1.jpg", "2.jpg", "3.jpg")
    write_text(tmp_path, "t.csv", "file,identifier,title\n1.jpg,A 1,Fyr\n2.jpg,A 1,Hav\n3.jpg,A 2,Skib\n")
    ids = ids_of(tmp_path)
    assert len(ids) == 3
    assert "A 2" in ids
    assert "A 1" not in ids


def test_every_volume_says_where_it_was_read(library: Path) -> None:
    sources = {volume.source for volume in volumes_of(library)}
    assert all(Path(source).exists() for source in sources)
    assert {str(library / "a/mets/mets.xml"), f"{library}/a/plates/", f"{library}/a/pages/alto/"} <= sources
    assert {volume.source for volume in volumes_of(library / "a")} < sources | {f"{library}/a/"}


def test_volumes_of_one_work_keep_their_ids_together_and_apart() -> None:
    """Case `tome-volumes-collide`."""
    books = CASES / "tome-volumes-collide" / "books"
    volumes = [books / "9427334", books / "9427335"]
    assert list(ids_of(books)) == ["211999539", "211999563"]
    assert ids_of(*volumes) == ids_of(*reversed(volumes)) == ids_of(books)
