"""Plots of the classifier: confusion, calibration, learning curve and regularisation."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from evaluation.classification.calibration import reliability
from evaluation.classification.held_out_predictions import HeldOutPredictions
from evaluation.classification.learning_curve import LearningCurvePoint
from evaluation.classification.nested_cross_validation import ClassificationResults
from evaluation.reporting.plots import SIZE, render_svg
from indexer.classification.fitting import STRENGTHS

SQUARE_SIZE = (5, 5)


def draw_plots(results: ClassificationResults) -> list[str]:
    """Draw all plots of the section."""
    split_plots = [
        draw(split_result.name, split_result.predictions)
        for split_result in results.split_results
        for draw in (draw_confusion_heatmap, draw_reliability_diagram)
    ]
    curve_plots = [draw_learning_curve(results.learning_curves)] if results.learning_curves else []
    return [
        *split_plots,
        *curve_plots,
        draw_regularisation({split_result.name: split_result.macro_f1_per_c for split_result in results.split_results}),
    ]


def draw_confusion_heatmap(title: str, predictions: HeldOutPredictions) -> str:
    """Draw the confusion matrix; rows are true classes, columns predicted ones."""
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
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    axes.set_title(title)
    return render_svg(figure)


def draw_reliability_diagram(title: str, predictions: HeldOutPredictions) -> str:
    """Draw accuracy against confidence, before and after temperature scaling."""
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
    axes.set_xlabel("confidence")
    axes.set_ylabel("accuracy")
    return _finish_plot(figure, axes, title)


def draw_learning_curve(learning_curves: Mapping[str, Sequence[LearningCurvePoint]]) -> str:
    """Draw macro-F1 against the number of training books; the band spans the lowest to the highest draw."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    for model, points in learning_curves.items():
        books, f1 = [point.mean_books for point in points], np.array([point.macro_f1_per_draw for point in points])
        axes.plot(books, f1.mean(axis=1), marker="o", label=model)
        axes.fill_between(books, f1.min(axis=1), f1.max(axis=1), alpha=0.2)
    axes.set_xlabel("training books")
    axes.set_ylabel("macro-F1 on held-out books")
    return _finish_plot(figure, axes, "Macro-F1 by number of labelled books")


def draw_regularisation(macro_f1_by_name: Mapping[str, Sequence[float]]) -> str:
    """Draw macro-F1 against C for each model and split."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    for name, f1 in macro_f1_by_name.items():
        axes.plot(STRENGTHS, f1, marker="o", label=name)
    axes.set_xscale("log")
    axes.set_xlabel("C (larger means less regularisation)")
    axes.set_ylabel("macro-F1")
    return _finish_plot(figure, axes, "Regularisation")


def _finish_plot(figure: Figure, axes: Any, title: str) -> str:
    axes.set_title(title)
    axes.grid(alpha=0.3)
    axes.legend()
    return render_svg(figure)
