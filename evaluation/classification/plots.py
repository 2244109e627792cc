"""Plots of the classifier: what is taken for what, how sure it may be, and what more labels would bring."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from evaluation.classification.calibration import reliability
from evaluation.classification.classified import Classified
from evaluation.classification.learning_curve import Point
from evaluation.reporting.plots import SIZE, svg
from indexer.classification.fitting import STRENGTHS

SQUARE = (5, 5)


def heatmap(title: str, found: Classified) -> str:
    """The confusion matrix, true classes down, predicted ones across."""
    figure = Figure(figsize=(7, 5.5))
    axes = figure.add_subplot()
    counts = found.confusion.counts
    axes.imshow(counts / counts.sum(axis=1, keepdims=True).clip(1), cmap="Greys", vmin=0, vmax=1)
    places = range(len(found.confusion.classes))
    axes.set_xticks(places, found.confusion.classes, rotation=40, ha="right")
    axes.set_yticks(places, found.confusion.classes)
    for row in places:
        for column in places:
            share = counts[row, column] / max(counts[row].sum(), 1)
            axes.text(column, row, str(counts[row, column]), ha="center", color="white" if share > 0.5 else "black")
    axes.set_xlabel("taken for")
    axes.set_ylabel("is")
    axes.set_title(title)
    return svg(figure)


def diagram(title: str, found: Classified) -> str:
    """How often it is right against how sure it says to be, before and after its temperature was set."""
    figure = Figure(figsize=SQUARE)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
    for name, confidence in (("before", found.plain), ("after temperature scaling", found.confidence)):
        each = reliability(confidence, found.true == found.predicted)
        axes.plot(each.said, each.right, marker="o", label=f"{name}: error {each.error:.3f}")
    axes.set_xlabel("how sure it says to be")
    axes.set_ylabel("share that is right")
    return _drawn(figure, axes, title)


def curve(measured: Mapping[str, Sequence[Point]]) -> str:
    """Macro-F1 against the books learnt from; the band is from the lowest draw to the highest."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    for model, points in measured.items():
        books, f1 = [each.books for each in points], np.array([each.f1 for each in points])
        axes.plot(books, f1.mean(axis=1), marker="o", label=model)
        axes.fill_between(books, f1.min(axis=1), f1.max(axis=1), alpha=0.2)
    axes.set_xlabel("books learnt from")
    axes.set_ylabel("macro-F1 on other books")
    return _drawn(figure, axes, "What more labelled books bring")


def regularisation(swept: Mapping[str, Sequence[float]]) -> str:
    """Macro-F1 against C, of each model and split."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    for name, f1 in swept.items():
        axes.plot(STRENGTHS, f1, marker="o", label=name)
    axes.set_xscale("log")
    axes.set_xlabel("C: the larger, the less regularisation")
    axes.set_ylabel("macro-F1")
    return _drawn(figure, axes, "What the regularisation does")


def _drawn(figure: Figure, axes: Any, title: str) -> str:
    axes.set_title(title)
    axes.grid(alpha=0.3)
    axes.legend()
    return svg(figure)
