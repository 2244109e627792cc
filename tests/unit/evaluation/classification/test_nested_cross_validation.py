"""The paper's protocol from end to end, on drawings of three classes in twelve books."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.classification import nested_cross_validation as classification
from evaluation.classification.class_assignment import assign_classes
from evaluation.classification.figures import model_figures
from evaluation.classification.nested_cross_validation import BY_BOOK, MIXED, ClassificationResults
from evaluation.classification.plots import draw_plots
from evaluation.classification.tables import tables
from evaluation.classification.task import build_tasks
from evaluation.commands.classification import command
from evaluation.pictures import inputs
from evaluation.pictures.folder import LabelledPicture, read_folder
from tests.unit.evaluation.classification.drawings import CLASS_LABELS, FOLDS, make_folder
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick")]


def evaluate(
    pictures: tuple[LabelledPicture, ...], settings: Settings, *models: ThumbnailEncoder
) -> ClassificationResults:
    return classification.evaluate_classification(pictures, models or [ThumbnailEncoder()], settings, folds=FOLDS)


def test_both_splits_have_every_figure_below_the_papers_row(tmp_path: Path, settings: Settings) -> None:
    """Only the two wrong labels of 71 are errors; about a third of the bytes are blank pages."""
    results = evaluate(read_folder(make_folder(tmp_path / "pictures")), settings)
    figures = model_figures(results)["models"]["thumbnail"]
    assert list(figures) == [BY_BOOK, MIXED]
    assert results.ablations == {}, "a model that is learnt from by its vector alone has no parts"
    for split_figures in figures.values():
        assert split_figures["n"] == 71
        assert split_figures["accuracy"] == pytest.approx(69 / 71)
        low, high = split_figures["macro_f1_interval"]
        assert low <= split_figures["macro_f1"] <= high
        assert split_figures["macro_f1_folds"]["mean"] == pytest.approx(split_figures["macro_f1"], abs=0.05)
        assert split_figures["irrelevant_f1_interval"][0] < split_figures["irrelevant_f1"] < 1
        assert 0 < split_figures["lost"] < 0.05
        assert split_figures["storage_saved"] == pytest.approx(1 / 3, abs=0.05)
        assert 0 < split_figures["ece"] < 0.3
        assert set(split_figures["classes"]) == set(CLASS_LABELS)
    assert json.dumps(figures, allow_nan=False)
    check_tables_and_plots(results)


def check_tables_and_plots(results: ClassificationResults) -> None:
    overview, *other_tables = tables(results)
    assert overview.cell("the paper: SigLIP, split by picture", "mean of the folds") == "0.916 ± 0.051"
    assert overview.cell("thumbnail, split by book", "accuracy") == "0.972"
    assert "dog (1)" in overview.note
    assert [table.title for table in other_tables] == [
        "thumbnail, class by class, split by book",
        "Learning curve: macro-F1 by share of the books",
        "Regularisation",
        "Calibration",
    ]
    learning_curve_table, regularisation_table = other_tables[1], other_tables[2]
    assert [row[1] for row in learning_curve_table.rows] == [1, 2, 5, 8, 10]
    assert learning_curve_table.rows[-1][2] == round(71 * 4 / 5)
    assert all(0.5 < float(str(row[3])[:5]) < 1 for row in learning_curve_table.rows)
    assert len(regularisation_table.rows) == 10
    plots = draw_plots(results)
    assert len(plots) == 2 * 2 + 2
    assert all(plot.startswith("<svg") for plot in plots)


def test_several_models_give_a_joined_task(tmp_path: Path, settings: Settings) -> None:
    """A useless model does not lower the accuracy of the joined vectors."""
    pictures = read_folder(make_folder(tmp_path / "pictures"))
    model_tasks = build_tasks(
        pictures, [ThumbnailEncoder(), ThumbnailEncoder("blind", side=1)], settings, assign_classes(pictures)
    )
    assert [task.model for task in model_tasks] == ["thumbnail", "blind", "thumbnail+blind"]
    _, blind_task, joint_task = model_tasks
    assert list(joint_task.model_identities) == ["thumbnail", "blind"]
    assert (joint_task.rows**2).sum(axis=1) == pytest.approx(np.full(len(pictures), 2), abs=1e-4)
    assert joint_task.cross_validate(FOLDS).accuracy > 0.9
    assert blind_task.cross_validate(FOLDS).accuracy < 0.6


def test_single_book_has_the_mixed_split_only(tmp_path: Path, settings: Settings) -> None:
    results = evaluate(read_folder(make_folder(tmp_path / "pictures", ("cat", "cow", "hen"), books=1)), settings)
    figures = model_figures(results)["models"]["thumbnail"]
    assert list(figures) == [MIXED]
    split_figures = figures[MIXED]
    assert set(split_figures["classes"]) == {"cat", "cow", "hen", "dog"}
    assert split_figures["irrelevant_f1"] is split_figures["lost"] is split_figures["storage_saved"] is None
    note = tables(results)[0].note
    assert "No class is hidden. None of the labels is known" in note
    assert "The split by book cannot be measured" in note
    assert "cat, cow, dog, hen are of one book" in note


def test_command_prints_json_and_refuses_a_wrong_classes_file(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = make_folder(tmp_path / "pictures", books=1)
    monkeypatch.setattr(inputs, "load_encoders", lambda _, **_options: [ThumbnailEncoder()])
    monkeypatch.setenv("FRONTISPIECE_CACHE", str(settings.cache))
    arguments = ["--images", str(images), "--folds", "3", "--json"]
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert set(json.loads(result.stdout.splitlines()[-1])["models"]) == {"thumbnail"}
    assert "dog (1)" in result.stderr
    classes_file = tmp_path / "classes.json"
    classes_file.write_text('{"classes": ["only one"]}', "utf-8")
    with pytest.raises(FrontispieceError, match="needs two or more different names"):
        CliRunner().invoke(command, [*arguments, "--classes", str(classes_file)], catch_exceptions=False)
