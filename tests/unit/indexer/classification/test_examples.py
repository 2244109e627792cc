"""Training examples: pictures are found below folders, and a librarian's label wins."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.encoders import Vectors
from core.errors import FileUnavailable
from indexer.classification.examples import (
    TrainingExample,
    _guess_source,
    add_book_sources,
    encode_examples,
    feature_rows,
    image_opener,
    merge_examples,
)
from indexer.classification.label_files import LabelEntry
from tests.node.twelve_pictures import ColourGridEncoder


def make_example(picture: str, label: str, *, by_librarian: bool = False) -> TrainingExample:
    return TrainingExample(picture=picture, label=label, book="b", vectors={}, by_librarian=by_librarian)


def refuse_fetch(url: str) -> bytes:
    raise FileUnavailable(url, "no web here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir()
    Image.new("L", (8, 6), 90).save(tmp_path / "kept" / "grey.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8 and no more")
    return tmp_path


@pytest.mark.parametrize("picture_path", ["kept/grey.png", "images/2026/kept/grey.png", "grey.png"])
def test_path_is_found_with_or_without_leading_folders(folder: Path, picture_path: str) -> None:
    image = image_opener([folder, folder / "kept"], refuse_fetch)(picture_path)
    assert (image.mode, image.size, image.getpixel((0, 0))) == ("RGB", (8, 6), (90, 90, 90))


def test_path_in_a_label_finds_a_file_whose_name_is_decomposed(folder: Path) -> None:
    Image.new("L", (8, 6)).save(folder / unicodedata.normalize("NFD", "Überblick.png"))
    assert image_opener([folder], refuse_fetch)(unicodedata.normalize("NFC", "Überblick.png")).size == (8, 6)


@pytest.mark.parametrize(
    ("picture_path", "message"),
    [
        ("gone.png", "no such file"),
        ("broken.jpg", "unreadable picture"),
        ("https://example.org/1.jpg", "no web here"),
    ],
)
def test_unreadable_picture_is_reported_and_left_out(folder: Path, picture_path: str, message: str) -> None:
    labels = [LabelEntry(picture=picture_path, label="Map"), LabelEntry(picture="kept/grey.png", label="Map")]
    reports: list[str] = []
    examples = list(
        encode_examples(
            labels, [ColourGridEncoder()], image_opener([folder], refuse_fetch), report_skipped=reports.append
        )
    )
    assert [example.picture for example in examples] == ["kept/grey.png"]
    assert examples[0].vectors["sscd"].shape == (512,)
    assert len(reports) == 1
    assert reports[0].startswith(f"{picture_path} is left out: {message}")


@pytest.mark.parametrize(
    ("label_entry", "book"),
    [
        (LabelEntry(picture="a/1.png", label="Map", book="kyst"), "kyst"),
        (LabelEntry(picture="images/2026/kept/grey.png", label="Map"), "images/2026/kept"),
    ],
)
def test_book_comes_from_label_file_or_folder(folder: Path, label_entry: LabelEntry, book: str) -> None:
    examples = encode_examples(
        [label_entry], [ColourGridEncoder()], lambda _: Image.new("RGB", (8, 8)), report_skipped=pytest.fail
    )
    assert [example.book for example in examples] == [book]


def test_book_is_identified_by_urn_in_url() -> None:
    url = "https://example.org/URN:NBN:no-nb_digibok_2009042803019_{}/1,2,3,4/full/0/default.jpg"
    labels = [LabelEntry(picture=url.format(page), label="Map") for page in ("0104", "0203")]
    examples = encode_examples(
        labels, [ColourGridEncoder()], lambda _: Image.new("RGB", (8, 8)), report_skipped=pytest.fail
    )
    assert {example.book for example in examples} == {"2009042803019"}


def test_librarian_wins_over_file_and_file_over_catalogue() -> None:
    index = [make_example("1", "Map"), make_example("2", "Map", by_librarian=True)]
    files = [make_example("1", "Music"), make_example("2", "Music"), make_example("3", "Music")]
    assert {example.picture: example.label for example in merge_examples([index, files])} == {
        "1": "Music",
        "2": "Map",
        "3": "Music",
    }


def test_feature_row_joins_vectors_in_order_of_models() -> None:
    vectors: dict[str, Vectors] = {"a": np.array([1, 2], np.float32), "b": np.array([3], np.float32)}
    assert feature_rows(["b", "a"], [vectors, vectors]).tolist() == [[3, 1, 2], [3, 1, 2]]


def test_library_of_an_indexed_picture_is_the_server_of_its_book() -> None:
    examples = [
        TrainingExample(picture="1", label="map", book="a", vectors={}),
        TrainingExample(picture="2", label="map", book="b", vectors={}),
        TrainingExample(picture="3", label="map", book="a", vectors={}, source="NB"),
        TrainingExample(picture="4", label="map", book="gone", vectors={}),
    ]
    sources = {"a": "https://api.nb.no/catalog/v1/iiif/a/manifest", "b": "/books/b/mets.xml"}
    assert [example.source for example in add_book_sources(examples, sources)] == ["api.nb.no", "", "NB", ""]


def test_library_of_a_label_is_its_column_else_its_server_or_first_folder() -> None:
    labels = [
        LabelEntry(picture="bnf/press/1.jpg", label="map", source="BnF"),
        LabelEntry(picture="https://example.org/1.jpg", label="map"),
        LabelEntry(picture="bnf/press/1.jpg", label="map"),
        LabelEntry(picture="1.jpg", label="map"),
    ]
    assert [_guess_source(label) for label in labels] == ["BnF", "example.org", "bnf", ""]
