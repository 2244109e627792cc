"""`evaluate hash-or-vector`: do perceptual hashes, a few bytes each, find a picture as well as a model does?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
from PIL import Image

from core.encoders import Encoder
from core.encoders.queries import encode_queries
from core.settings import Settings
from evaluation.options import images_option, json_option, labels_option, models_option
from evaluation.pictures.altered import Kind, kinds, seed_option
from evaluation.pictures.cost import milliseconds, some
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.material import gathered
from evaluation.reporting.report import Section
from evaluation.reporting.tables import Cell, Table, percent, show
from evaluation.retrieval.hashing import BITS, HASHES, hashed
from evaluation.retrieval.retrieved import retrieval, seen
from evaluation.retrieval.scores import TOPS, Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How well a method finds, and what a picture costs it."""

    scores: Scores
    milliseconds: float
    """Of one picture that is already decoded."""
    size: int
    """Bytes that the index keeps of a picture for it."""


def measure_hashes(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, kind: Kind
) -> list[Method]:
    """Each hash and each model on the same queries."""
    sample = some(pictures)
    methods = {**hashed(pictures, [kind], settings), **seen(pictures, encoders, settings, [kind])}
    measured = {
        name: retrieval(pictures, {name: one}, [kind.name]).of(name, kind.name) for name, one in methods.items()
    }
    hashes = [
        Method(scores=measured[name], milliseconds=milliseconds(partial(_each, by), sample), size=-(-BITS[name] // 8))
        for name, by in HASHES.items()
    ]
    # One byte per dimension in the graph, four where the vector is kept whole.
    models = [
        Method(
            scores=measured[encoder.name],
            milliseconds=milliseconds(partial(encode_queries, encoder), sample),
            size=5 * encoder.dimensions,
        )
        for encoder in encoders
    ]
    return [*hashes, *models]


def _each(by: Callable[[Image.Image], Any], images: Sequence[Image.Image]) -> list[Any]:
    return [by(image) for image in images]


def table(methods: Sequence[Method]) -> Table:
    rows: list[list[Cell]] = [
        [
            each.scores.method,
            *(percent(each.scores.top(k), *each.scores.top_interval(k)) for k in TOPS),
            each.scores.mrr,
            round(each.milliseconds, 1),
            each.size,
        ]
        for each in methods
    ]
    columns = ["method", *(f"top-{k}" for k in TOPS), "MRR", "ms a picture", "bytes a picture"]
    note = (
        "Hashes (imagehash's defaults) are compared bit by bit with all pictures; a place that several share is the "
        "middle of theirs. "
        "Milliseconds are of a decoded query on this machine; bytes are the index's: a vector whole and as int8."
    )
    return Table(title="Hash or vector, the paper's queries", columns=columns, rows=rows, note=note)


def figures(methods: Sequence[Method]) -> dict[str, Any]:
    return {
        "methods": {
            each.scores.method: each.scores.figures()
            | {"milliseconds": round(each.milliseconds, 3), "bytes": each.size}
            for each in methods
        }
    }


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part."""
    (kind,) = kinds(len(pictures))
    return Section("Hash or vector", [table(measure_hashes(pictures, encoders, settings, kind))])


@click.command("hash-or-vector")
@images_option
@labels_option
@models_option
@seed_option
@json_option
def command(images: Path, labels: Path | None, models: str, seed: int, *, as_json: bool) -> None:
    """Compare perceptual hashes with each model on the same queries, with what a picture costs."""
    pictures, encoders, settings = gathered(images, labels, models)
    (kind,) = kinds(len(pictures), seed=seed)
    methods = measure_hashes(pictures, encoders, settings, kind)
    show([table(methods)], figures(methods), as_json=as_json)
