"""Cross-domain classification and bias, on simple drawings of two classes."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import FrontispieceError
from core.settings import Settings
from evaluation import bias, bias_tables
from evaluation.classification import cross_domain, cross_domain_tables
from evaluation.classification.class_assignment import assign_classes
from evaluation.pictures.folder import LabelledPicture, read_folder
from indexer.classification import fitting
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder

pytestmark = pytest.mark.slow

MAP, BLANK = "Map", "Blank page"


def draw_picture(label: str, seed: int) -> Image.Image:
    """Draw noise of 40 by 40 pixels; maps are bright below, blank pages above."""
    grey = np.random.default_rng(seed).integers(0, 60, (40, 40)) + 90
    grey[:20] += 90 if label == BLANK else 0
    grey[20:] += 90 if label == MAP else 0
    return Image.fromarray(grey.astype(np.uint8))


@pytest.fixture(autouse=True)
def few_strengths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose from three values of C only, to save time."""
    monkeypatch.setattr(fitting, "STRENGTHS", (0.1, 10.0, 1000.0))


@pytest.fixture
def libraries(tmp_path: Path) -> Path:
    """Return a folder of three libraries with maps and blank pages; Paris has too few maps."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    rows = []
    plan = [("bergen", 12, 12), ("oslo", 12, 10), ("paris", 3, 12)]
    for repo, *counts in plan:
        for label, count in zip((MAP, BLANK), counts, strict=True):
            for number in range(count):
                name = f"{repo}-{label[0]}-{number}.png"
                draw_picture(label, len(rows)).save(folder / name)
                rows.append([name, label, repo, f"{repo} {number % 4}", str(1800 + 10 * (number % 2))])
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["path", "label", "repo", "book", "year"], *rows])
    return folder


@pytest.fixture
def pictures(libraries: Path) -> tuple[LabelledPicture, ...]:
    return read_folder(libraries)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", batch_size=16)


def test_every_pair_with_two_large_common_classes_is_measured(
    pictures: tuple[LabelledPicture, ...], settings: Settings
) -> None:
    results = cross_domain.measure_pairs(pictures, [ThumbnailEncoder()], settings, assign_classes(pictures))
    pair_sizes = [
        (result.pair.training_library, result.pair.test_library, len(result.pair.train), result.away_predictions.n)
        for result in results
    ]
    pairs_of_two = [("bergen", "oslo", 24, 22), ("oslo", "bergen", 22, 24)]
    all_others = [("all others", "bergen", 34, 24), ("all others", "oslo", 36, 22), ("all others", "paris", 46, 12)]
    assert pair_sizes == pairs_of_two + all_others
    assert all(result.away_predictions.accuracy == 1.0 for result in results)
    assert [result.home_predictions and result.home_predictions.f1() for result in results] == [
        1.0,
        1.0,
        1.0,
        1.0,
        None,
    ]
    left_out_table, class_table, pairs_table = cross_domain_tables.tables(results)
    assert [row[2] for row in left_out_table.rows] == ["bergen", "oslo", "paris"]
    assert pairs_table.rows[0][:4] == ["thumbnail", "bergen (24)", "oslo", f"{BLANK}, {MAP}"]
    assert "| 100.0 % (85.1–100.0) | 1.000 (1.000–1.000) | 1.000 | 0.000 |" in pairs_table.markdown()
    assert class_table.title == "The hardest library, class by class: bergen, thumbnail"
    assert [row[0] for row in class_table.rows] == [BLANK, MAP]
    assert {row[-1] for row in class_table.rows} == {"none"}
    figures = cross_domain.figures(results)["models"]["thumbnail"]
    assert figures[0]["macro_f1"] == 1.0
    assert json.dumps(figures)


def test_cross_domain_accuracy_drops_if_labels_are_swapped(
    pictures: tuple[LabelledPicture, ...], settings: Settings
) -> None:
    """Oslo's labels are swapped, so a classifier trained in Bergen fails there and one trained in Oslo does not."""
    results = cross_domain.measure_pairs(pictures, [ThumbnailEncoder()], settings, assign_classes(pictures))
    swapped_labels = {MAP: BLANK, BLANK: MAP}
    task = cross_domain.build_tasks(pictures, [ThumbnailEncoder()], settings, assign_classes(pictures))[0]
    class_names = [
        swapped_labels[picture.label] if picture.columns["repo"] == "oslo" else class_name
        for picture, class_name in zip(pictures, task.class_names, strict=True)
    ]
    swapped_result = cross_domain.evaluate_pair(replace(task, class_names=class_names), results[0].pair)
    assert swapped_result.away_predictions.accuracy == 0.0
    assert swapped_result.home_predictions is not None
    assert swapped_result.home_predictions.accuracy == 1.0


def test_libraries_without_common_classes_are_an_error(
    pictures: tuple[LabelledPicture, ...], settings: Settings
) -> None:
    few_pictures = [picture for picture in pictures if picture.columns["repo"] != "oslo"]
    with pytest.raises(FrontispieceError, match="no two libraries have 10 pictures each of two classes"):
        cross_domain.measure_pairs(few_pictures, [ThumbnailEncoder()], settings, assign_classes(few_pictures))


def test_book_of_both_libraries_is_removed_from_training(pictures: tuple[LabelledPicture, ...]) -> None:
    """Bergen's first book is also in Oslo, so its six pictures are not used for training."""
    shared_pictures = [
        replace(picture, book="bergen 0" if picture.book == "oslo 0" else picture.book) for picture in pictures
    ]
    found_pairs = cross_domain.library_pairs(shared_pictures, assign_classes(shared_pictures).class_names)
    assert [(library_pair.test_library, len(library_pair.train)) for library_pair in found_pairs[:2]] == [
        ("oslo", 24 - 6),
        ("bergen", 22 - 6),
    ]
    for pair in found_pairs:
        assert not {shared_pictures[index].book for index in pair.train} & {
            shared_pictures[index].book for index in pair.test
        }


def test_bias_groups_by_decade_label_and_library(pictures: tuple[LabelledPicture, ...], settings: Settings) -> None:
    bias_results = bias.measure_bias(pictures, [ThumbnailEncoder()], settings)
    decades, labels, shapes, sources, low_groups, missed_table = bias_tables.tables(bias_results)
    titles = [table.title for table in (decades, labels, shapes, sources)]
    assert titles == ["Results by decade", "Results by label", "Results by shape", "Results by source"]
    assert [row[:3] for row in decades.rows] == [["all pictures", 61, 12], ["1800s", 31, 6], ["1810s", 30, 6]]
    assert [row[:2] for row in labels.rows[1:]] == [[BLANK, 34], [MAP, 27]]
    assert [row[0] for row in sources.rows] == ["all pictures", "bergen", "oslo", "paris"]
    assert decades.rows[0][5] == "100.0 % (94.1–100.0)"
    assert low_groups.columns[0] == "group"
    assert missed_table.title == "Worst results of thumbnail"
    figures = bias.figures(bias_results)["models"]["thumbnail"]
    assert figures["groups"]["all"][""]["classification"] == {"n": 61, "accuracy": 1.0, "macro_f1": 1.0}
    assert json.dumps(figures)


def test_worst_results_are_listed_first(pictures: tuple[LabelledPicture, ...], settings: Settings) -> None:
    """A model that sees only the mean brightness confuses the classes and finds nothing."""
    bias_results = bias.measure_bias(pictures, [ThumbnailEncoder("blind", side=1)], settings)
    *_, missed_table = bias_tables.tables(bias_results)
    not_found_rows = [row for row in missed_table.rows if row[1] == "not found"]
    assert len(not_found_rows) == bias.MAX_MISSES
    misclassified_rows = [row for row in missed_table.rows if row[1] == "misclassified"]
    assert {row[2].split(" (")[0] for row in misclassified_rows} <= {
        f"{MAP} predicted as {BLANK}",
        f"{BLANK} predicted as {MAP}",
    }
    assert misclassified_rows


def test_fused_retrieval_is_paired_with_the_joined_classifier(
    pictures: tuple[LabelledPicture, ...], settings: Settings
) -> None:
    bias_results = bias.measure_bias(pictures, [ThumbnailEncoder(), ThumbnailEncoder("blind", side=1)], settings)
    assert list(bias_results.classifications) == ["thumbnail", "blind", "thumbnail+blind"]
    figures = bias.figures(bias_results)["models"]
    assert figures["fused"]["groups"]["all"][""]["classification"]["accuracy"] == 1.0
    assert figures["blind"]["groups"]["all"][""]["classification"]["accuracy"] < 1.0


def test_bias_without_labels_has_retrieval_only(libraries: Path, settings: Settings) -> None:
    (libraries / "labels.csv").unlink()
    bias_results = bias.measure_bias(read_folder(libraries), [ThumbnailEncoder()], settings)
    assert bias_results.classifications == {}
    assert all("accuracy" not in column for table in bias_tables.tables(bias_results) for column in table.columns)


def test_group_with_wrong_predictions_is_listed_as_worse(
    pictures: tuple[LabelledPicture, ...], settings: Settings
) -> None:
    """Oslo's labels are swapped, so its pictures are predicted wrongly after learning from the two others."""
    swapped = [
        replace(picture, label={MAP: BLANK, BLANK: MAP}[picture.label])
        if picture.columns["repo"] == "oslo"
        else picture
        for picture in pictures
    ]
    bias_results = bias.measure_bias(swapped, [ThumbnailEncoder()], settings)
    *_, low_groups, _ = bias_tables.tables(bias_results)
    assert "source: oslo" in [row[0] for row in low_groups.rows if row[1] == "thumbnail: accuracy"]
