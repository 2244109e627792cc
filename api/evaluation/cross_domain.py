"""`evaluate cross-domain`: does what was learnt from one library's pictures hold for another's?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import click
import numpy as np

from api.evaluation.classified import Classified, crossed
from api.evaluation.classifying import Task, tasks
from api.evaluation.domains import groups, repository
from api.evaluation.folder import LabelledPicture
from api.evaluation.intervals import wilson
from api.evaluation.material import gathered
from api.evaluation.options import images_option, json_option, labels_option, models_option
from api.evaluation.report import Section
from api.evaluation.tables import Cell, Table, percent, show
from indexer.encoders import Encoder
from indexer.errors import FrontispieceError
from indexer.settings import Settings

FEWEST = 10
"""Pictures of a class that a library must have for the class to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two libraries that have some classes in common, and the places of their pictures of these."""

    learnt_from: str
    tried_on: str
    classes: tuple[str, ...]
    train: Sequence[int]
    test: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """What came of one pair with one model."""

    model: str
    pair: Pair
    away: Classified
    home: Classified | None
    """The same pictures by classifiers that learnt from other books of their own library; None where it has but one."""


def pairs(pictures: Sequence[LabelledPicture], names: Sequence[str]) -> Iterator[Pair]:
    """All ordered pairs that have two classes or more in common."""
    libraries = {
        library: {name: [each for each in places if names[each] == name] for name in {names[each] for each in places}}
        for library, places in groups(pictures, repository).items()
    }
    enough = {
        library: {name: places for name, places in classes.items() if name and len(places) >= FEWEST}
        for library, classes in libraries.items()
    }
    for one, other in permutations(enough, 2):
        if len(common := sorted(enough[one].keys() & enough[other].keys())) > 1:
            train, test = ([place for name in common for place in enough[each][name]] for each in (one, other))
            yield Pair(learnt_from=one, tried_on=other, classes=tuple(common), train=train, test=test)


def measure_pairs(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings
) -> list[Crossing]:
    """`FrontispieceError` where no two libraries have two classes in common."""
    found = [
        crossing(task, pair) for task in tasks(pictures, encoders, settings) for pair in pairs(pictures, task.names)
    ]
    if not found:
        raise FrontispieceError(
            f"no two libraries have {FEWEST} pictures each of two classes; "
            "libraries are told by a column `repo`, else by the first folder"
        )
    return found


def crossing(task: Task, pair: Pair) -> Crossing:
    train, test = np.array(pair.train), np.array(pair.test)
    predicted, confidence = task.predict(train, test)
    away = Classified(test, np.array(task.names)[test], predicted, confidence)
    kept = set(pair.test)
    names = [name if place in kept else "" for place, name in enumerate(task.names)]
    try:
        home = crossed(names, task.books, task.predict)
    except FrontispieceError:
        home = None
    return Crossing(model=task.model, pair=pair, away=away, home=home)


def table(measured: Sequence[Crossing]) -> Table:
    columns = ["model", "learnt from", "tried on", "classes", "n", "right", "macro-F1", "macro-F1 at home", "lost"]
    rows: list[list[Cell]] = []
    for each in measured:
        right = percent(each.away.accuracy, *wilson(each.away.hits, each.away.n))
        f1 = "{:.3f} ({:.3f}–{:.3f})".format(each.away.f1(), *each.away.f1_interval())
        home = each.home.f1() if each.home else None
        pair = each.pair
        rows.append(
            [
                each.model,
                f"{pair.learnt_from} ({len(pair.train)})",
                pair.tried_on,
                ", ".join(pair.classes),
                each.away.n,
                right,
                f1,
                home,
                None if home is None else home - each.away.f1(),
            ]
        )
    note = (
        f"Pairs that have two classes of {FEWEST} pictures and more in common, and these classes alone. At home are "
        "the same pictures by classifiers that learnt from other books of their own library; 95 % intervals."
    )
    return Table(title="What is learnt from one library, tried on another", columns=columns, rows=rows, note=note)


def figures(measured: Sequence[Crossing]) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = {}
    for each in measured:
        figure = {
            "learnt_from": each.pair.learnt_from,
            "tried_on": each.pair.tried_on,
            "classes": list(each.pair.classes),
            "train": len(each.pair.train),
            "n": each.away.n,
            "accuracy": each.away.accuracy,
            "macro_f1": each.away.f1(),
            "macro_f1_at_home": each.home.f1() if each.home else None,
        }
        found.setdefault(each.model, []).append(figure)
    return {"models": found}


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part."""
    return Section("From one library to another", [table(measure_pairs(pictures, encoders, settings))])


@click.command("cross-domain")
@images_option
@labels_option
@models_option
@json_option
def command(images: Path, labels: Path | None, models: str, *, as_json: bool) -> None:
    """Learn from one library's pictures and name another's, all pairs."""
    pictures, encoders, settings = gathered(images, labels, models)
    measured = measure_pairs(pictures, encoders, settings)
    show([table(measured)], figures(measured), as_json=as_json)
