"""`evaluate classification`: what pictures are, named by a classifier that has seen none of their book."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from matplotlib.figure import Figure

from api.evaluation.classified import Classified, crossed
from api.evaluation.classifying import Task, tasks
from api.evaluation.folder import LabelledPicture
from api.evaluation.material import gathered
from api.evaluation.options import images_option, json_option, labels_option, models_option
from api.evaluation.plots import svg
from api.evaluation.report import Section
from api.evaluation.tables import Cell, Table, percent, show
from indexer.encoders import Encoder
from indexer.settings import Settings

PAPER = ("the paper: SigLIP, pictures of one book on both sides", 2000, 0.930, "0.916 ± 0.051", 0.959)
"""arXiv 2410.14969, table 4; the last is from its confusion matrix, see `evaluate paper`."""

Split = Callable[[Task], Classified]


def by_book(task: Task) -> Classified:
    return task.crossed()


def mixed(task: Task) -> Classified:
    """As the paper splits: each picture for itself, whatever book it is of."""
    return crossed(task.names, [str(place) for place in range(len(task.names))], task.predict)


SPLITS: Mapping[str, Split] = {"no book on both sides": by_book, "pictures mixed": mixed}


def measure(found: Sequence[Task]) -> dict[str, dict[str, Classified]]:
    """Model → split → what it called the pictures."""
    return {task.model: {name: split(task) for name, split in SPLITS.items()} for task in found}


def tables(measured: Mapping[str, Mapping[str, Classified]], set_aside: Sequence[str]) -> list[Table]:
    whole: list[Sequence[Cell]] = [PAPER]
    for model, splits in measured.items():
        for split, each in splits.items():
            low, high = each.f1_interval()
            macro = f"{each.f1():.3f} ({low:.3f}–{high:.3f})"
            whole.append([f"{model}, {split}", each.n, each.accuracy, macro, each.confusion.binary_f1(set_aside)])
    overview = Table(
        title="Classification",
        columns=["model and split", "n", "accuracy", "macro-F1", "irrelevant or not, F1"],
        rows=whole,
        note="Irrelevant are the classes that are set aside: " + ", ".join(set_aside) + ".",
    )
    return [
        overview,
        *(_classes(model, splits["no book on both sides"], set_aside) for model, splits in measured.items()),
    ]


def _classes(model: str, found: Classified, set_aside: Sequence[str]) -> Table:
    """Per class its F1, and what hiding the set-aside classes would take from it."""
    lost = found.confusion.lost(set_aside)
    rows: list[Sequence[Cell]] = []
    for name in found.confusion.classes:
        hidden, of = lost.get(name, (0, int((found.true == name).sum())))
        share = "set aside" if name in set_aside else percent(hidden / of) if of else ""
        rows.append([name, of, found.f1(name), share])
    return Table(
        title=f"{model}, class by class, no book on both sides",
        columns=["class", "n", "F1", "would be hidden wrongly"],
        rows=rows,
    )


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


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    found = tasks(pictures, encoders, settings)
    measured = measure(found)
    plots = [heatmap(f"{model}, {split}", each) for model, splits in measured.items() for split, each in splits.items()]
    return Section("Classification", tables(measured, found[0].class_set.set_aside), plots)


@click.command("classification")
@images_option
@labels_option
@models_option
@json_option
def command(images: Path, labels: Path | None, models: str, *, as_json: bool) -> None:
    """Measure how well pictures are told apart, and what hiding some of them would lose."""
    pictures, encoders, settings = gathered(images, labels, models)
    found = tasks(pictures, encoders, settings)
    measured = measure(found)
    set_aside = found[0].class_set.set_aside
    show(tables(measured, set_aside), answer(measured, set_aside), as_json=as_json)


def answer(measured: Mapping[str, Mapping[str, Classified]], set_aside: Sequence[str]) -> dict[str, Any]:
    return {
        "models": {
            model: {
                split: {
                    "n": each.n,
                    "accuracy": each.accuracy,
                    "macro_f1": each.f1(),
                    "irrelevant_f1": each.confusion.binary_f1(set_aside),
                }
                for split, each in splits.items()
            }
            for model, splits in measured.items()
        }
    }
