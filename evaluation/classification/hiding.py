"""What readers would miss: pictures hidden by the classifier, and pictures left out as decoration by their pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.console import track
from core.encoders import Encoder
from core.errors import FrontispieceError
from core.geometry import PixelBox
from core.picture_classes import ClassSet
from core.settings import Settings
from evaluation.classification.class_assignment import ClassAssignment
from evaluation.classification.held_out_predictions import HeldOutPredictions
from evaluation.classification.task import build_tasks
from evaluation.pictures.folder import LabelledPicture
from evaluation.reporting.intervals import wilson_interval
from evaluation.reporting.tables import Cell, ReportTable, percent
from indexer.images.decoration import Placement, classify_decoration

THRESHOLDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Confidences from which a picture would be hidden; 0 is what the service does."""
MAX_LOST_PICTURES = 25

SMALL_LINES, LINE_HEIGHT, SMALL_PAGE = 4, 50, (2000, 3000)
"""A small print: lines of text that it is high, and the height of a line and the size of the page in pixels."""

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class HidingResults:
    """What one model's classifier and the rules for decoration say about the same pictures."""

    model: str
    pictures: Sequence[LabelledPicture]
    """The pictures with a class, in the order of the predictions."""
    class_set: ClassSet
    predictions: HeldOutPredictions
    is_left_out: BoolArray
    """Whether the rules call the file, as a page of its own, blank."""
    is_left_out_if_small: BoolArray
    """Whether the rules would call it decoration if it were printed four lines high beside text."""

    @property
    def is_hidden(self) -> BoolArray:
        """Whether the classifier hides each picture."""
        return self.hides_from(0.0)

    @property
    def belongs_hidden(self) -> BoolArray:
        """Whether each picture's label is one that is hidden."""
        return np.isin(self.predictions.true_classes, self.class_set.hidden)

    @property
    def is_called_ornament(self) -> BoolArray:
        """Whether the classifier takes a picture of another class for decoration, which searches with words skip."""
        decoration = [name for name in self.class_set.decoration if name not in self.class_set.hidden]
        is_wrong = ~np.isin(self.predictions.true_classes, decoration)
        return np.isin(self.predictions.predicted_classes, decoration) & is_wrong

    def hides_from(self, confidence: float) -> BoolArray:
        """Whether each picture is hidden if the classifier hides from this confidence on."""
        is_hidden_class = np.isin(self.predictions.predicted_classes, self.class_set.hidden)
        return is_hidden_class & (self.predictions.confidence >= confidence)


def measure_hiding(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, assignment: ClassAssignment
) -> list[HidingResults]:
    """Classify each picture without its book, and apply the rules; raise `FrontispieceError` if no class is hidden."""
    if not assignment.class_set.hidden:
        raise FrontispieceError("no class is hidden, so hiding loses nothing")
    tasks = build_tasks(pictures, encoders, settings, assignment)
    decorations = [_decoration_kinds(picture) for picture in track(pictures, "rules for decoration")]
    is_whole_file, is_small = (np.array([bool(kinds[column]) for kinds in decorations]) for column in (0, 1))
    results = []
    for task in tasks:
        predictions = task.cross_validate(title=f"{task.model}: hidden or not")
        indices = predictions.picture_indices
        results.append(
            HidingResults(
                model=task.model,
                pictures=[pictures[index] for index in indices],
                class_set=task.class_set,
                predictions=predictions,
                is_left_out=is_whole_file[indices],
                is_left_out_if_small=is_small[indices],
            )
        )
    return results


def _decoration_kinds(picture: LabelledPicture) -> tuple[str, str]:
    """Return what the rules call the picture as a file of its own, and four lines high beside the text of a page."""
    image, height = picture.open(), SMALL_LINES * LINE_HEIGHT
    whole = Placement(box=PixelBox(0, 0, image.width, image.height), page_width=image.width, page_height=image.height)
    width = max(1, round(height * image.width / image.height))
    small = Placement(
        box=PixelBox(LINE_HEIGHT, 10 * LINE_HEIGHT, width, height),
        page_width=SMALL_PAGE[0],
        page_height=SMALL_PAGE[1],
        line_height=LINE_HEIGHT,
    )
    return classify_decoration(image, whole), classify_decoration(image, small)


def tables(all_results: Sequence[HidingResults]) -> list[ReportTable]:
    return [
        table
        for results in all_results
        for table in (_label_table(results), _threshold_table(results), _lost_table(results))
    ]


def _label_table(results: HidingResults) -> ReportTable:
    labels = np.array([picture.label for picture in results.pictures])
    rows = [
        _label_row(results, label, labels == label, belongs_hidden=belongs_hidden)
        for belongs_hidden in (False, True)
        for label in np.unique(labels[results.belongs_hidden == belongs_hidden]).tolist()
    ]
    note = (
        "First the labels that readers look for, then those that are meant to be hidden. Hidden: by a classifier that "
        "has seen no picture of the book. Taken for an ornament: the classifier calls it decoration, which a search "
        "with words leaves out. The last columns need no classifier: the rules of `frontispiece index` for the file as "
        f"a page of its own, and for the same picture printed {SMALL_LINES} lines high beside text, where they look "
        "for initials. Brackets contain 95 % intervals (Wilson)."
    )
    columns = [
        "label",
        "pictures",
        "hidden",
        "taken for an ornament",
        "blank by the rules",
        f"decoration by the rules, {SMALL_LINES} lines high",
    ]
    return ReportTable(title=f"What hiding loses, {results.model}", columns=columns, rows=rows, note=note)


def _label_row(results: HidingResults, label: str, mask: BoolArray, *, belongs_hidden: bool) -> list[Cell]:
    total, hidden_count = int(mask.sum()), int(results.is_hidden[mask].sum())
    return [
        f"{label} (to be hidden)" if belongs_hidden else label,
        total,
        f"{hidden_count}: {percent(hidden_count / total, *wilson_interval(hidden_count, total))}",
        int(results.is_called_ornament[mask].sum()),
        int(results.is_left_out[mask].sum()),
        int(results.is_left_out_if_small[mask].sum()),
    ]


def _threshold_table(results: HidingResults) -> ReportTable:
    belongs_hidden = results.belongs_hidden
    rows: list[list[Cell]] = []
    for threshold in THRESHOLDS:
        is_hidden = results.hides_from(threshold)
        lost, kept_away = (int(is_hidden[mask].sum()) for mask in (~belongs_hidden, belongs_hidden))
        rows.append(
            [
                f"{threshold:.2f}" if threshold else "any (as served)",
                lost,
                _share_with_interval(lost, int((~belongs_hidden).sum())),
                _share_with_interval(kept_away, int(belongs_hidden.sum())),
            ]
        )
    return ReportTable(
        title=f"Hiding from which confidence, {results.model}",
        columns=["hidden from confidence", "lost", "share of what readers look for", "irrelevant pictures hidden"],
        rows=rows,
        note="A higher threshold loses fewer pictures and leaves more blank pages and segmentation errors among the "
        "results. Brackets contain 95 % intervals (Wilson).",
    )


def _share_with_interval(count: int, total: int) -> str:
    return percent(count / total, *wilson_interval(count, total)) if total else ""


def _lost_table(results: HidingResults) -> ReportTable:
    lost = np.flatnonzero(results.is_hidden & ~results.belongs_hidden)
    ordered = lost[np.argsort(-results.predictions.confidence[lost], kind="stable")][:MAX_LOST_PICTURES]
    rows: list[list[Cell]] = [
        [
            results.pictures[index].name,
            results.pictures[index].label,
            str(results.predictions.predicted_classes[index]),
            percent(float(results.predictions.confidence[index])),
        ]
        for index in ordered.tolist()
    ]
    note = (
        f"{len(lost)} pictures, the {MAX_LOST_PICTURES} with the highest confidence." if len(lost) > len(rows) else ""
    )
    columns = ["picture", "label", "hidden as", "confidence"]
    return ReportTable(title=f"Pictures lost by hiding, {results.model}", columns=columns, rows=rows, note=note)


def figures(all_results: Sequence[HidingResults]) -> dict[str, Any]:
    """Return the counts of each model for JSON."""
    return {
        "models": {
            results.model: {
                "relevant": int(np.count_nonzero(~results.belongs_hidden)),
                "irrelevant": int(np.count_nonzero(results.belongs_hidden)),
                "lost": int(np.count_nonzero(results.is_hidden & ~results.belongs_hidden)),
                "hidden": int(np.count_nonzero(results.is_hidden & results.belongs_hidden)),
                "blank_by_rules": int(np.count_nonzero(results.is_left_out & ~results.belongs_hidden)),
            }
            for results in all_results
        }
    }
