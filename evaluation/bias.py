"""`evaluate bias`: which pictures are found and named less well than others, and which are missed by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from core.encoders import Encoder
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.classification.classified import Classified
from evaluation.classification.classifying import JOINT, tasks
from evaluation.classification.domains import DIMENSIONS, groups
from evaluation.classification.naming import classes_option, named
from evaluation.options import images_option, json_option, labels_option, models_option
from evaluation.pictures.altered import kinds, seed_option
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.material import gathered
from evaluation.pictures.transformations import SEED
from evaluation.pictures.vectors import console
from evaluation.reporting.intervals import wilson
from evaluation.reporting.report import Section
from evaluation.reporting.tables import Cell, Table, between, percent, show
from evaluation.retrieval.retrieved import FUSED, Retrieval, measure
from evaluation.retrieval.scores import Scores

FEWEST = 10
"""Pictures below which a group's share says nothing: its interval spans half of all there is."""
MISSED = 10
"""Pictures that are named per model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Pictures that share a decade, a language, a label…"""

    dimension: str
    value: str
    places: npt.NDArray[np.int_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Retrieval and classification of the same pictures."""

    retrieval: Retrieval
    classified: Mapping[str, Classified]
    """By model; empty where nobody labelled the pictures."""

    def named_by(self, method: str) -> Classified | None:
        """Several models find together by their cosines, and name by their vectors joined."""
        joint = next((model for model in self.classified if JOINT in model), "")
        return self.classified.get(joint if method == FUSED else method)

    @property
    def pictures(self) -> Sequence[LabelledPicture]:
        return self.retrieval.pictures


def measure_bias(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    seed: int = SEED,
    classes: Path | None = None,
) -> Measured:
    """The paper's queries, and predictions by classifiers that saw no picture of the same book."""
    retrieval = measure(pictures, encoders, settings, kinds(len(pictures), seed=seed))
    return Measured(retrieval=retrieval, classified=_classified(pictures, encoders, settings, classes))


def _classified(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, classes: Path | None
) -> dict[str, Classified]:
    try:
        found = tasks(pictures, encoders, settings, named(pictures, classes))
        return {task.model: task.crossed(title=f"{task.model}: classes") for task in found}
    except FrontispieceError as error:
        if classes:
            raise
        console.print(f"not classified: {error}", markup=False, highlight=False)
        return {}


def large_enough(pictures: Sequence[LabelledPicture]) -> Iterator[Group]:
    """All pictures, then each group that a figure can be given of."""
    yield Group(dimension="all", value="", places=np.arange(len(pictures)))
    for dimension, of in DIMENSIONS.items():
        for value, places in groups(pictures, of).items():
            if len(places) >= FEWEST:
                yield Group(dimension=dimension, value=value, places=np.array(places))


def tables(measured: Measured) -> list[Table]:
    shown = list(large_enough(measured.pictures))
    found = [_found(measured, shown)]
    named = [_named(measured, shown)] if measured.classified else []
    return [*found, *named, *(_missed(measured, method) for method in measured.retrieval.methods)]


def _found(measured: Measured, shown: Sequence[Group]) -> Table:
    methods = measured.retrieval.methods
    columns = ["by", "which", "pictures", *(f"{method} top-{k}" for method in methods for k in (1, 10))]
    rows: list[list[Cell]] = []
    for group in shown:
        some = [_only(measured.retrieval.of(method), group) for method in methods]
        shares = [percent(each.top(k), *each.top_interval(k)) for each in some for k in (1, 10)]
        rows.append([group.dimension, group.value, len(group.places), *shares])
    note = f"The paper's queries, all pictures the gallery; groups of {FEWEST} pictures and more, 95 % intervals."
    return Table(title="Who is found less well", columns=columns, rows=rows, note=note)


def _named(measured: Measured, shown: Sequence[Group]) -> Table:
    models = measured.classified
    columns = ["by", "which", "pictures", *(f"{model} {what}" for model in models for what in ("right", "F1"))]
    rows: list[list[Cell]] = []
    for group in shown:
        some = [each.only(group.places) for each in models.values()]
        if some[0].n < FEWEST:
            continue
        # Of a label alone nothing could be taken for it, so its F1 is that of its class among all pictures.
        name = str(some[0].true[0]) if group.dimension == "label" else ""
        whole = models.values() if name else some
        cells = [
            cell
            for each, scored in zip(some, whole, strict=True)
            for cell in (percent(each.accuracy, *wilson(each.hits, each.n)), _f1(scored, name))
        ]
        rows.append([group.dimension, group.value, some[0].n, *cells])
    note = (
        "Every prediction is by a classifier that saw no picture of the same book. F1 is the mean over the classes "
        "that the group has, for a label that of its class among all pictures; its interval is from the bootstrap."
    )
    return Table(title="Who is named less well", columns=columns, rows=rows, note=note)


def _f1(classified: Classified, name: str) -> str:
    return between(classified.f1(name), *classified.f1_interval(name))


def _missed(measured: Measured, method: str) -> Table:
    """The worst places, and the surest of the wrong names."""
    rows: list[list[Cell]] = [
        [name, "not found", f"place {place:,.0f}"] for name, place in _far(measured.retrieval, method)
    ]
    if classified := measured.named_by(method):
        rows += [[name, "named wrongly", what] for name, what in classified.surest_errors(measured.pictures, MISSED)]
    return Table(title=f"What {method} misses most", columns=["picture", "how", "what came of it"], rows=rows)


def _far(retrieval: Retrieval, method: str) -> list[tuple[str, float]]:
    places = retrieval.of(method).ranks
    worst = np.argsort(-places, kind="stable")[:MISSED]
    return [(retrieval.pictures[each].name, float(places[each])) for each in worst.tolist() if places[each] > 1]


def _only(scores: Scores, group: Group) -> Scores:
    return scores.only(np.isin(np.arange(scores.n), group.places))


def figures(measured: Measured) -> dict[str, Any]:
    """For programs: per model and group, shares of 1."""
    shown = list(large_enough(measured.pictures))
    return {"models": {method: _of_method(measured, method, shown) for method in measured.retrieval.methods}}


def _of_method(measured: Measured, method: str, shown: Sequence[Group]) -> dict[str, Any]:
    scores, classified = measured.retrieval.of(method), measured.named_by(method)
    found: dict[str, Any] = {}
    for group in shown:
        figure: dict[str, Any] = {"retrieval": _only(scores, group).figures()}
        if classified and (some := classified.only(group.places)).n >= FEWEST:
            figure["classification"] = {"n": some.n, "accuracy": some.accuracy, "macro_f1": some.f1()}
        found.setdefault(group.dimension, {})[group.value] = figure
    missed = [{"picture": name, "place": place} for name, place in _far(measured.retrieval, method)]
    return {"groups": found, "missed": missed}


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part."""
    return Section("Bias", tables(measure_bias(pictures, encoders, settings)))


@click.command("bias")
@images_option
@labels_option
@models_option
@classes_option
@seed_option
@json_option
def command(images: Path, labels: Path | None, models: str, *, classes: Path | None, seed: int, as_json: bool) -> None:
    """Compare decades, languages, labels, techniques, shapes and libraries: who is found and named less well."""
    pictures, encoders, settings = gathered(images, labels, models)
    measured = measure_bias(pictures, encoders, settings, seed, classes)
    show(tables(measured), figures(measured), as_json=as_json)
