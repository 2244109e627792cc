"""`evaluate hash-or-vector`: do perceptual hashes, a few bytes each, find a picture as well as a model does?"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
import imagehash
import numpy as np
import numpy.typing as npt
from PIL import Image

from api.evaluation.folder import LabelledPicture
from api.evaluation.material import gathered
from api.evaluation.options import images_option, json_option, labels_option, models_option
from api.evaluation.report import Section
from api.evaluation.retrieval import Kind, kinds, measure
from api.evaluation.scores import TOPS, Scores, ranks
from api.evaluation.tables import Cell, Table, percent, show
from api.evaluation.transformations import SEED
from api.evaluation.vectors import track
from indexer.encoders import Encoder
from indexer.encoders.queries import encode_queries
from indexer.settings import Settings

Bits = npt.NDArray[np.bool_]

HASHES: Mapping[str, Callable[[Image.Image], Any]] = MappingProxyType(
    {
        "pHash": imagehash.phash,
        "dHash": imagehash.dhash,
        "wHash": imagehash.whash,
        "colour hash": imagehash.colorhash,
    }
)
"""As imagehash computes them by default: 64 bits, the colours' 42."""

TIMED = 64
"""Pictures that each method's cost is measured on."""


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
    sample = [picture.open() for picture in pictures[:: max(1, len(pictures) // TIMED)][:TIMED]]
    return [*_hashes(pictures, kind, sample), *_models(pictures, encoders, settings, kind, sample)]


def _hashes(pictures: Sequence[LabelledPicture], kind: Kind, sample: Sequence[Image.Image]) -> list[Method]:
    gallery, queries = _bits(pictures, kind)
    digests = [picture.digest for picture in pictures]
    return [
        Method(
            scores=Scores(
                name, kind.name, len(pictures), ranks(_alike(queries[name], gallery[name]), digests, digests)
            ),
            milliseconds=_cost(partial(_each, by), sample),
            size=-(-gallery[name].shape[1] // 8),
        )
        for name, by in HASHES.items()
    ]


def _models(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    kind: Kind,
    sample: Sequence[Image.Image],
) -> list[Method]:
    measured = measure(pictures, encoders, settings, [kind])
    return [
        Method(
            scores=measured.of(encoder.name, kind.name),
            milliseconds=_cost(partial(encode_queries, encoder), sample),
            # One byte per dimension in the graph, four where the vector is kept whole.
            size=5 * encoder.dimensions,
        )
        for encoder in encoders
    ]


def _bits(pictures: Sequence[LabelledPicture], kind: Kind) -> tuple[dict[str, Bits], dict[str, Bits]]:
    gallery: dict[str, list[Bits]] = {name: [] for name in HASHES}
    queries: dict[str, list[Bits]] = {name: [] for name in HASHES}
    for picture, alter in track(list(zip(pictures, kind.alterations, strict=True)), "hashes"):
        image = picture.open()
        altered = alter(image)
        for name, by in HASHES.items():
            gallery[name].append(by(image).hash.ravel())
            queries[name].append(by(altered).hash.ravel())
    return {name: np.stack(rows) for name, rows in gallery.items()}, {
        name: np.stack(rows) for name, rows in queries.items()
    }


def _alike(queries: Bits, gallery: Bits) -> Callable[[int, int], npt.NDArray[np.floating]]:
    """Bits in common, which order as Hamming distances do."""
    asked, there = (np.where(bits, 1, -1).astype(np.float32) for bits in (queries, gallery))
    return lambda start, end: asked[start:end] @ there.T


def _each(by: Callable[[Image.Image], Any], images: Sequence[Image.Image]) -> list[Any]:
    return [by(image) for image in images]


def _cost(by: Callable[[Sequence[Image.Image]], object], sample: Sequence[Image.Image]) -> float:
    """Milliseconds per picture, after one to warm up."""
    by(sample[:1])
    started = time.perf_counter()
    by(sample)
    return 1000 * (time.perf_counter() - started) / len(sample)


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
        "Hashes are compared bit by bit with all pictures; a place that several share is the middle of theirs. "
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
@click.option("--seed", default=SEED, show_default=True, help="What the alterations are drawn from.")
@json_option
def command(images: Path, labels: Path | None, models: str, seed: int, *, as_json: bool) -> None:
    """Compare perceptual hashes with each model on the same queries, with what a picture costs."""
    pictures, encoders, settings = gathered(images, labels, models)
    (kind,) = kinds(len(pictures), seed=seed)
    methods = measure_hashes(pictures, encoders, settings, kind)
    show([table(methods)], figures(methods), as_json=as_json)
