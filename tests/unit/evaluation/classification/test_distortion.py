"""Bad scans, hiding and classes without training, on drawings of three classes that a small encoder tells apart."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.encoders import Vectors
from core.errors import FrontispieceError
from core.picture_classes import ClassSet
from core.settings import Settings
from evaluation.classification import distortion, hiding, zero_shot
from evaluation.classification.class_assignment import ClassAssignment, assign_classes
from evaluation.pictures.folder import LabelledPicture, read_folder
from evaluation.pictures.scan_faults import SCAN_FAULTS, build_scan_faults
from indexer.classification import fitting
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder

pytestmark = pytest.mark.slow

MAP, BLANK, PHOTO = "Map", "Blank page", "Illustration or photograph"


def draw_picture(label: str, seed: int) -> Image.Image:
    """Draw noise of 60 by 60 pixels; maps are dark above, photographs on the left; blank pages are white."""
    grey = np.random.default_rng(seed).integers(235, 255, (60, 60))
    if label == MAP:
        grey[:30] -= 180
    if label == PHOTO:
        grey[:, :30] -= 180
    return Image.fromarray(grey.astype(np.uint8))


@pytest.fixture(autouse=True)
def few_strengths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "STRENGTHS", (0.1, 10.0, 1000.0))


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[LabelledPicture, ...]:
    """Return 12 pictures of each class in six books."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    rows = []
    for number in range(36):
        label = (MAP, BLANK, PHOTO)[number % 3]
        draw_picture(label, number).save(folder / f"{number}.png")
        rows.append([f"{number}.png", label, f"book {number // 6}"])
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["path", "label", "book"], *rows])
    return read_folder(folder)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", batch_size=16)


@dataclass
class LetterEncoder(ThumbnailEncoder):
    """Encodes a text as the picture that it names."""

    name: str = "letters"

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return self.encode_images([draw_picture(text, 99) for text in texts])


def test_faults_change_pixels_and_the_same_seed_gives_the_same_ones() -> None:
    image = draw_picture(MAP, 1).convert("RGB").resize((300, 200))
    kinds, again, other = build_scan_faults(2), build_scan_faults(2), build_scan_faults(2, seed=7)
    assert [kind.name for kind in kinds] == ["blur", "tilt", "crop", "bleed-through", "jpeg"]
    for kind, same, different in zip(kinds, again, other, strict=True):
        pixels = kind.alterations[0](image).tobytes()
        assert pixels != image.tobytes()
        assert pixels == same.alterations[0](image).tobytes()
        assert pixels != different.alterations[0](image).tobytes()


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (3, 2)])
def test_faults_work_on_the_smallest_pictures(size: tuple[int, int]) -> None:
    for fault in SCAN_FAULTS:
        altered = fault.apply(Image.new("RGB", size, "white"), np.random.default_rng(0))
        assert min(altered.size) >= 1


def test_each_fault_is_compared_with_the_scan_as_it_is(
    pictures: tuple[LabelledPicture, ...], settings: Settings
) -> None:
    (results,) = distortion.measure_distortion(pictures, [ThumbnailEncoder()], settings, assign_classes(pictures))
    assert list(results.predictions) == ["as scanned", "blur", "tilt", "crop", "bleed-through", "jpeg"]
    assert results.reference.f1() == 1.0
    overview, by_class = distortion.tables([results])
    rows = {row[0]: row for row in overview.rows}
    assert rows["as scanned"][4:] == [None, None, "0.0 %"]
    assert str(rows["blur"][4]).startswith("+0.000 (")
    assert [row[0] for row in by_class.rows] == [BLANK, PHOTO, MAP]
    assert json.dumps(distortion.figures([results]))


def test_fault_that_turns_maps_into_photographs_lowers_f1(
    pictures: tuple[LabelledPicture, ...], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rotate_rows(*_: object) -> dict[str, Vectors]:
        return {"turned": ThumbnailEncoder().encode_images([picture.open().rotate(90) for picture in pictures])}

    monkeypatch.setattr(distortion, "_fault_rows", rotate_rows)
    monkeypatch.setitem(distortion.FAULT_MEANINGS, "turned", "by a quarter")
    (results,) = distortion.measure_distortion(pictures, [ThumbnailEncoder()], settings, assign_classes(pictures))
    row = distortion.tables([results])[0].rows[1]
    assert str(row[4]).startswith("-0.")
    low, high = results.predictions["turned"].f1_change_interval(results.reference)
    assert low <= results.predictions["turned"].f1() - results.reference.f1() <= high < 0


def test_hiding_counts_what_is_lost_by_label_and_confidence(
    pictures: tuple[LabelledPicture, ...], settings: Settings
) -> None:
    (results,) = hiding.measure_hiding(pictures, [ThumbnailEncoder()], settings, assign_classes(pictures))
    by_label, by_threshold, lost = hiding.tables([results])
    assert [row[:2] for row in by_label.rows] == [[PHOTO, 12], [MAP, 12], [f"{BLANK} (to be hidden)", 12]]
    assert str(by_label.rows[-1][2]).startswith("12: 100.0 %")
    assert by_threshold.rows[0][:2] == ["any (as served)", 0]
    assert lost.rows == []
    figures = hiding.figures([results])["models"]["thumbnail"]
    assert (figures["relevant"], figures["irrelevant"], figures["lost"], figures["hidden"]) == (24, 12, 0, 12)


def test_picture_that_looks_blank_is_listed_as_lost(tmp_path: Path, pictures: tuple[LabelledPicture, ...]) -> None:
    """A map that is white paper is hidden, and a higher threshold never hides more."""
    draw_picture(BLANK, 77).save(pictures[0].path)
    read_again = read_folder(pictures[0].path.parent)
    settings = Settings(cache=tmp_path / "other", batch_size=16)
    (results,) = hiding.measure_hiding(read_again, [ThumbnailEncoder()], settings, assign_classes(read_again))
    _, by_threshold, lost = hiding.tables([results])
    assert [row[:3] for row in lost.rows] == [["0.png", MAP, BLANK]]
    counts = [int(str(row[1])) for row in by_threshold.rows]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 1


def test_hiding_needs_a_hidden_class(pictures: tuple[LabelledPicture, ...], settings: Settings) -> None:
    assignment = ClassAssignment(class_set=ClassSet((MAP, PHOTO)), class_names=[picture.label for picture in pictures])
    with pytest.raises(FrontispieceError, match="no class is hidden"):
        hiding.measure_hiding(pictures, [ThumbnailEncoder()], settings, assignment)


def test_classes_are_told_by_prompts_examples_and_neighbours(
    pictures: tuple[LabelledPicture, ...], settings: Settings
) -> None:
    prompts = {MAP: (MAP,), BLANK: (BLANK,), PHOTO: (PHOTO,)}
    results = zero_shot.measure_without_training(
        pictures, [ThumbnailEncoder(), LetterEncoder()], settings, assign_classes(pictures), prompts
    )
    found = {(result.method, result.labels_needed): result for result in results.results}
    every_label = "all pictures of other books"
    assert found["letters: nearest prompt", "none"].macro_f1s == [1.0]
    assert found["thumbnail's vectors: nearest picture", every_label].macro_f1s == [1.0]
    draws = found["thumbnail's vectors: nearest mean of few examples", "1 picture of each class"].matrices
    assert len(draws) == zero_shot.DRAWS
    assert results.models_without_texts == ["thumbnail"]
    (table,) = zero_shot.tables(results)
    assert "Prompts were not measured for thumbnail, which cannot read texts." in table.note
    assert next(row[:4] for row in table.rows if str(row[0]).startswith("letters: nearest prompt")) == [
        "letters: nearest prompt",
        "none",
        "100.0 %",
        "1.000",
    ]
    assert json.dumps(zero_shot.figures(results))


def test_neighbours_are_of_other_books() -> None:
    """Both pictures of a book are equal and wrongly labelled, so only other books can tell their class."""
    rows = np.eye(2, dtype=np.float32)[[0, 0, 0, 1, 1]]
    class_names, books = np.array(["a", "a", "b", "b", "b"]), np.array(["x", "y", "z", "v", "w"])
    votes = zero_shot._vote_of_neighbours(rows, class_names, books, 1)
    assert votes == ["a", "a", "a", "b", "b"]
    same_book = np.array(["x", "x", "z", "v", "w"])
    assert zero_shot._vote_of_neighbours(rows, class_names, same_book, 1)[:2] == ["b", "b"]
