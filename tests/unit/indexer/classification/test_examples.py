"""What is learnt from: files are found below folders, and a librarian's word is the last."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.encoders import Vectors
from core.errors import CropUnavailable
from indexer.classification.examples import Example, merged, of_files, opener, rows
from indexer.classification.training import Labelled
from tests.node.dozen import Blocks


def example(picture: str, label: str, *, by_librarian: bool = False) -> Example:
    return Example(picture=picture, label=label, book="b", vectors={}, by_librarian=by_librarian)


def no_web(url: str) -> Image.Image:
    raise CropUnavailable(url, "no web here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir()
    Image.new("L", (8, 6), 90).save(tmp_path / "kept" / "grey.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8 and no more")
    return tmp_path


@pytest.mark.parametrize("written", ["kept/grey.png", "images/2026/kept/grey.png", "grey.png"])
def test_a_path_is_found_with_or_without_the_folders_it_begins_with(folder: Path, written: str) -> None:
    image = opener([folder, folder / "kept"], no_web)(written)
    assert (image.mode, image.size, image.getpixel((0, 0))) == ("RGB", (8, 6), (90, 90, 90))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("gone.png", "no such file"),
        ("broken.jpg", "unreadable picture"),
        ("https://example.org/1.jpg", "no web here"),
    ],
)
def test_what_cannot_be_opened_is_told_and_left_out(folder: Path, written: str, says: str) -> None:
    labels = [Labelled(picture=written, label="Map"), Labelled(picture="kept/grey.png", label="Map")]
    told: list[str] = []
    found = list(of_files(labels, [Blocks()], opener([folder], no_web), report=told.append))
    assert [each.picture for each in found] == ["kept/grey.png"]
    assert found[0].vectors["sscd"].shape == (512,)
    assert len(told) == 1
    assert told[0].startswith(f"{written} is left out: {says}")


@pytest.mark.parametrize(
    ("labelled", "book"),
    [
        (Labelled(picture="a/1.png", label="Map", book="kyst"), "kyst"),
        (Labelled(picture="images/2026/kept/grey.png", label="Map"), "images/2026/kept"),
    ],
)
def test_the_book_is_the_files_or_the_folder(folder: Path, labelled: Labelled, book: str) -> None:
    found = of_files([labelled], [Blocks()], lambda _: Image.new("RGB", (8, 8)), report=pytest.fail)
    assert [each.book for each in found] == [book]


def test_pages_of_one_book_on_the_web_are_one_book() -> None:
    url = "https://example.org/URN:NBN:no-nb_digibok_2009042803019_{}/1,2,3,4/full/0/default.jpg"
    labels = [Labelled(picture=url.format(page), label="Map") for page in ("0104", "0203")]
    found = of_files(labels, [Blocks()], lambda _: Image.new("RGB", (8, 8)), report=pytest.fail)
    assert {each.book for each in found} == {"2009042803019"}


def test_a_librarians_word_is_before_a_files_and_a_files_before_the_catalogues() -> None:
    index = [example("1", "Map"), example("2", "Map", by_librarian=True)]
    files = [example("1", "Music"), example("2", "Music"), example("3", "Music")]
    assert {each.picture: each.label for each in merged([index, files])} == {"1": "Music", "2": "Map", "3": "Music"}


def test_a_row_is_the_vectors_beside_each_other_in_the_order_asked() -> None:
    one: dict[str, Vectors] = {"a": np.array([1, 2], np.float32), "b": np.array([3], np.float32)}
    assert rows(["b", "a"], [one, one]).tolist() == [[3, 1, 2], [3, 1, 2]]
