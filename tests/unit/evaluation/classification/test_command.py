"""The paper's protocol from end to end, on drawings of three kinds in a dozen books."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tests.unit.evaluation.classification.drawings import FOLDS, KINDS, folder
from tests.unit.evaluation.thumbnails import Thumbnail

from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.classification import command as classification
from evaluation.classification.classifying import tasks
from evaluation.classification.naming import named
from evaluation.classification.nested import BY_BOOK, MIXED, Nested
from evaluation.classification.tables import tables
from evaluation.pictures import material
from evaluation.pictures.folder import LabelledPicture, read_folder

pytestmark = pytest.mark.usefixtures("quick")


def measured_of(pictures: tuple[LabelledPicture, ...], settings: Settings, *models: Thumbnail) -> Nested:
    return classification.measured_of(pictures, models or [Thumbnail()], settings, folds=FOLDS)


def test_every_figure_is_given_by_both_splits_and_the_papers_stands_above(tmp_path: Path, settings: Settings) -> None:
    """Two wrong labels of 71 are all that it gets wrong; a third of the bytes or so is blank."""
    measured = measured_of(read_folder(folder(tmp_path / "pictures")), settings)
    figures = classification.answer(measured)["models"]["thumbnail"]
    assert list(figures) == [BY_BOOK, MIXED]
    assert measured.bought == {}, "a model that is learnt from by its vector alone has no parts"
    for each in figures.values():
        assert each["n"] == 71
        assert each["accuracy"] == pytest.approx(69 / 71)
        low, high = each["macro_f1_interval"]
        assert low <= each["macro_f1"] <= high
        assert each["macro_f1_folds"]["mean"] == pytest.approx(each["macro_f1"], abs=0.05)
        assert each["irrelevant_f1_interval"][0] < each["irrelevant_f1"] < 1
        assert 0 < each["lost"] < 0.05
        assert each["storage_saved"] == pytest.approx(1 / 3, abs=0.05)
        assert 0 < each["ece"] < 0.3
        assert set(each["classes"]) == set(KINDS)
    assert json.dumps(figures, allow_nan=False)
    tables_and_plots(measured)


def tables_and_plots(measured: Nested) -> None:
    overview, *rest = tables(measured)
    assert (
        overview.cell("the paper: SigLIP, pictures of one book on both sides", "mean of the folds") == "0.916 ± 0.051"
    )
    assert overview.cell("thumbnail, no book on both sides", "accuracy") == "0.972"
    assert "dog (1)" in overview.note
    assert [table.title for table in rest] == [
        "thumbnail, class by class, no book on both sides",
        "What is learnt from some of the books",
        "What the regularisation does",
        "How sure it says to be",
    ]
    learnt, swept = rest[1], rest[2]
    assert [row[1] for row in learnt.rows] == [1, 2, 5, 8, 10]
    assert learnt.rows[-1][2] == round(71 * 4 / 5)
    assert all(0.5 < float(str(row[3])[:5]) < 1 for row in learnt.rows)
    assert len(swept.rows) == 10
    plots = classification.drawn(measured)
    assert len(plots) == 2 * 2 + 2
    assert all(plot.startswith("<svg") for plot in plots)


def test_several_models_are_also_joined(tmp_path: Path, settings: Settings) -> None:
    """A model that sees only brightness spoils nothing beside one that sees."""
    pictures = read_folder(folder(tmp_path / "pictures"))
    found = tasks(pictures, [Thumbnail(), Thumbnail("blind", side=1)], settings, named(pictures))
    assert [task.model for task in found] == ["thumbnail", "blind", "thumbnail+blind"]
    _, blind, both = found
    assert list(both.facts) == ["thumbnail", "blind"]
    assert (both.rows**2).sum(axis=1) == pytest.approx(np.full(len(pictures), 2), abs=1e-4)
    assert both.crossed(FOLDS).accuracy > 0.9
    assert blind.crossed(FOLDS).accuracy < 0.6


def test_of_one_book_the_mixed_split_is_left_and_own_labels_hide_nothing(tmp_path: Path, settings: Settings) -> None:
    measured = measured_of(read_folder(folder(tmp_path / "pictures", ("cat", "cow", "hen"), books=1)), settings)
    figures = classification.answer(measured)["models"]["thumbnail"]
    assert list(figures) == [MIXED]
    each = figures[MIXED]
    assert set(each["classes"]) == {"cat", "cow", "hen", "dog"}
    assert each["irrelevant_f1"] is each["lost"] is each["storage_saved"] is None
    note = tables(measured)[0].note
    assert "No class is set aside. None of the labels is known" in note
    assert "Without a book on both sides nothing can be measured" in note
    assert "cat, cow, dog, hen are of one book" in note


def test_the_last_line_is_json_and_a_wrong_file_is_named(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = folder(tmp_path / "pictures", books=1)
    monkeypatch.setattr(material, "chosen_encoders", lambda _: [Thumbnail()])
    monkeypatch.setenv("FRONTISPIECE_CACHE", str(settings.cache))
    asked = ["--images", str(images), "--folds", "3", "--json"]
    done = CliRunner().invoke(classification.command, asked, catch_exceptions=False)
    assert done.exit_code == 0
    assert set(json.loads(done.stdout.splitlines()[-1])["models"]) == {"thumbnail"}
    assert "dog (1)" in done.stderr
    classes = tmp_path / "classes.json"
    classes.write_text('{"classes": ["only one"]}', "utf-8")
    with pytest.raises(FrontispieceError, match="needs two or more names"):
        CliRunner().invoke(classification.command, [*asked, "--classes", str(classes)], catch_exceptions=False)
