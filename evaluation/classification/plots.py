"""Plots of the classifier: what is taken for what, how sure it may be, and what more labels would bring."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from evaluation.classification.calibration import reliability
from evaluation.classification.held_out_predictions import HeldOutPredictions
from evaluation.classification.learning_curve import LearningCurvePoint
from evaluation.reporting.plots import SIZE, render_svg
from indexer.classification.fitting import STRENGTHS

SQUARE_SIZE = (5, 5)


def draw_confusion_heatmap(title: str, predictions: HeldOutPredictions) -> str:
    """The confusion matrix, true classes down, predicted ones across."""
    figure = Figure(figsize=(7, 5.5))
    axes = figure.add_subplot()
    counts = predictions.confusion.counts
    axes.imshow(counts / counts.sum(axis=1, keepdims=True).clip(1), cmap="Greys", vmin=0, vmax=1)
    class_numbers = range(len(predictions.confusion.classes))
    axes.set_xticks(class_numbers, predictions.confusion.classes, rotation=40, ha="right")
    axes.set_yticks(class_numbers, predictions.confusion.classes)
    for row in class_numbers:
        for column in class_numbers:
            share = counts[row, column] / max(counts[row].sum(), 1)
            axes.text(column, row, str(counts[row, column]), ha="center", color="white" if share > 0.5 else "black")
    axes.set_xlabel("taken for")
    axes.set_ylabel("is")
    axes.set_title(title)
    return render_svg(figure)


def draw_reliability_diagram(title: str, predictions: HeldOutPredictions) -> str:
    """How often it is right against how sure it says to be, before and after its temperature was set."""
    figure = Figure(figsize=SQUARE_SIZE)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    for name, confidence in (
        ("before", predictions.uncalibrated_confidence),
        ("after temperature scaling", predictions.confidence),
    ):
        calibration = reliability(confidence, predictions.true_classes == predictions.predicted_classes)
        axes.plot(
            calibration.mean_confidence,
            calibration.accuracy,
            marker="o",
            label=f"{name}: error {calibration.expected_calibration_error:.3f}",
        )
    axes.set_xlabel("how sure it says to be")
    axes.set_ylabel("share that is right")
    return _finish_plot(figure, axes, title)


def draw_learning_curve(learning_curves: Mapping[str, Sequence[LearningCurvePoint]]) -> str:
    """Macro-F1 against the books learnt from; the band is from the lowest draw to the highest."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    for model, points in learning_curves.items():
        books, f1 = [point.mean_books for point in points], np.array([each.macro_f1_per_draw for each in points])
        axes.plot(books, f1.mean(axis=1), marker="o", label=model)
        axes.fill_between(books, f1.min(axis=1), f1.max(axis=1), alpha=0.2)
    axes.set_xlabel("books learnt from")
    axes.set_ylabel("macro-F1 on other books")
    return _finish_plot(figure, axes, "What more labelled books bring")


def draw_regularisation(macro_f1_by_name: Mapping[str, Sequence[float]]) -> str:
    """Macro-F1 against C, of each model and split."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    for name, f1 in macro_f1_by_name.items():
        axes.plot(STRENGTHS, f1, marker="o", label=name)
    axes.set_xscale("log")
    axes.set_xlabel("C: the larger, the less regularisation")
    axes.set_ylabel("macro-F1")
    return _finish_plot(figure, axes, "What the regularisation does")


def _finish_plot(figure: Figure, axes: Any, title: str) -> str:
    axes.set_title(title)
    axes.grid(alpha=0.3)
    axes.legend()
    return render_svg(figure)
