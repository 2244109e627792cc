"""`evaluate cross-domain`: does what was learnt from one library's pictures hold for another's?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from typing import Any

import click
import numpy as np

from core.encoders import Encoder
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.classification.classified import Classified, crossed
from evaluation.classification.classifying import Task, tasks
from evaluation.classification.domains import groups, repository
from evaluation.classification.naming import Naming, classes_option, named
from evaluation.options import images_option, json_option, labels_option, models_option
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.material import gathered
from evaluation.pictures.vectors import track
from evaluation.reporting.intervals import wilson
from evaluation.reporting.report import Section
from evaluation.reporting.tables import Cell, Table, between, percent, show

FEWEST = 10
"""Pictures of a class that a library must have for the class to count."""

OTHERS = "all others"
"""What is learnt from where it is every library but one."""


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


def pairs(pictures: Sequence[LabelledPicture], names: Sequence[str]) -> list[Pair]:
    """All ordered pairs that have two classes or more in common, then each library after all the others."""
    libraries = groups(pictures, repository)
    classes = {
        library: {name: [each for each in places if names[each] == name] for name in {names[each] for each in places}}
        for library, places in libraries.items()
    }
    enough = {
        library: {name: places for name, places in found.items() if name and len(places) >= FEWEST}
        for library, found in classes.items()
    }
    apart = [_apart(pair, pictures) for pair in (*_twos(enough), *_others(enough))]
    return [pair for pair in apart if len({names[place] for place in pair.train}) > 1]


def _apart(pair: Pair, pictures: Sequence[LabelledPicture]) -> Pair:
    """Two data sets may have pictures of the same book: these are not learnt from."""
    books = {pictures[place].book for place in pair.test}
    return replace(pair, train=[place for place in pair.train if pictures[place].book not in books])


Enough = Mapping[str, Mapping[str, Sequence[int]]]
"""Library → class → the places of its pictures, where they are enough."""


def _twos(enough: Enough) -> Iterator[Pair]:
    for one, other in permutations(enough, 2):
        if len(common := sorted(enough[one].keys() & enough[other].keys())) > 1:
            train, test = ([place for name in common for place in enough[each][name]] for each in (one, other))
            yield Pair(learnt_from=one, tried_on=other, classes=tuple(common), train=train, test=test)


def _others(enough: Enough) -> Iterator[Pair]:
    """Here the classes need not be the same ones: what is learnt is all that the others have."""
    for library, there in enough.items():
        others = [found for other, found in enough.items() if other != library]
        known = {name for found in others for name in found}
        common = sorted(there.keys() & known)
        if len(enough) > 2 and common and len(known) > 1:
            train = [place for found in others for places in found.values() for place in places]
            test = [place for name in common for place in there[name]]
            yield Pair(learnt_from=OTHERS, tried_on=library, classes=tuple(common), train=train, test=test)


def measure_pairs(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, naming: Naming
) -> list[Crossing]:
    """`FrontispieceError` where no two libraries have two classes in common."""
    between = pairs(pictures, naming.names)
    asked = [(task, pair) for task in tasks(pictures, encoders, settings, naming) for pair in between]
    found = [crossing(task, pair) for task, pair in track(asked, "from one library to another")]
    if not found:
        raise FrontispieceError(
            f"no two libraries have {FEWEST} pictures each of two classes; "
            "libraries are told by a column `repo`, else by the first folder"
        )
    return found


def crossing(task: Task, pair: Pair) -> Crossing:
    train, test = np.array(pair.train), np.array(pair.test)
    books = np.array(task.books)[test]
    away = Classified(test, np.array(task.names)[test], *task.predict(train, test), books, np.zeros_like(test))
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
        f1 = between(each.away.f1(), *each.away.f1_interval())
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
        f"Pairs that have two classes of {FEWEST} pictures and more in common, and these classes alone; from all "
        "others all classes are learnt, and F1 is of those that the library has. Books that are in both libraries are "
        "not learnt from. At home are the same pictures by classifiers that learnt from other books of their own "
        "library; 95 % intervals."
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
    return Section("From one library to another", [table(measure_pairs(pictures, encoders, settings, named(pictures)))])


@click.command("cross-domain")
@images_option
@labels_option
@models_option
@classes_option
@json_option
def command(images: Path, labels: Path | None, models: str, classes: Path | None, *, as_json: bool) -> None:
    """Learn from one library's pictures and name another's, all pairs."""
    pictures, encoders, settings = gathered(images, labels, models)
    measured = measure_pairs(pictures, encoders, settings, named(pictures, classes))
    show([table(measured)], figures(measured), as_json=as_json)
