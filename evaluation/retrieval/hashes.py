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
from evaluation.pictures.cost import measure_milliseconds, open_sample
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.inputs import load_inputs
from evaluation.pictures.queries import QueryKind, build_query_kinds, seed_option
from evaluation.reporting.report import Section
from evaluation.reporting.tables import Cell, Table, percent, print_tables
from evaluation.retrieval.hash_encoder import BITS, HASHES, encode_by_hash
from evaluation.retrieval.results import encode_by_model, score_retrieval
from evaluation.retrieval.scores import TOP_KS, Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResult:
    """How well a method finds, and what a picture costs it."""

    scores: Scores
    milliseconds: float
    """Of one picture that is already decoded."""
    bytes_per_picture: int
    """Bytes that the index keeps of a picture for it."""


def measure_hashes(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, kind: QueryKind
) -> list[MethodResult]:
    """Each hash and each model on the same queries."""
    sample = open_sample(pictures)
    method_vectors = {
        **encode_by_hash(pictures, [kind], settings),
        **encode_by_model(pictures, encoders, settings, [kind]),
    }
    scores_by_method = {
        name: score_retrieval(pictures, {name: vectors}, [kind.name]).scores_of(name, kind.name)
        for name, vectors in method_vectors.items()
    }
    hash_results = [
        MethodResult(
            scores=scores_by_method[name],
            milliseconds=measure_milliseconds(partial(_hash_images, hash_image), sample),
            bytes_per_picture=-(-BITS[name] // 8),
        )
        for name, hash_image in HASHES.items()
    ]
    # One byte per dimension in the graph, four where the vector is kept whole.
    model_results = [
        MethodResult(
            scores=scores_by_method[encoder.name],
            milliseconds=measure_milliseconds(partial(encode_queries, encoder), sample),
            bytes_per_picture=5 * encoder.dimensions,
        )
        for encoder in encoders
    ]
    return [*hash_results, *model_results]


def _hash_images(hash_image: Callable[[Image.Image], Any], images: Sequence[Image.Image]) -> list[Any]:
    return [hash_image(image) for image in images]


def table(results: Sequence[MethodResult]) -> Table:
    rows: list[list[Cell]] = [
        [
            result.scores.method,
            *(percent(result.scores.top_k_share(k), *result.scores.top_k_interval(k)) for k in TOP_KS),
            result.scores.mrr,
            round(result.milliseconds, 1),
            result.bytes_per_picture,
        ]
        for result in results
    ]
    columns = ["method", *(f"top-{k}" for k in TOP_KS), "MRR", "ms a picture", "bytes a picture"]
    note = (
        "Hashes (imagehash's defaults) are compared bit by bit with all pictures; a place that several share is the "
        "middle of theirs. "
        "Milliseconds are of a decoded query on this machine; bytes are the index's: a vector whole and as int8."
    )
    return Table(title="Hash or vector, the paper's queries", columns=columns, rows=rows, note=note)


def figures(results: Sequence[MethodResult]) -> dict[str, Any]:
    return {
        "methods": {
            result.scores.method: result.scores.figures()
            | {"milliseconds": round(result.milliseconds, 3), "bytes": result.bytes_per_picture}
            for result in results
        }
    }


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part."""
    (kind,) = build_query_kinds(len(pictures))
    return Section("Hash or vector", [table(measure_hashes(pictures, encoders, settings, kind))])


@click.command("hash-or-vector")
@images_option
@labels_option
@models_option
@seed_option
@json_option
def command(images: Path, labels: Path | None, models: str, seed: int, *, as_json: bool) -> None:
    """Compare perceptual hashes with each model on the same queries, with what a picture costs."""
    pictures, encoders, settings = load_inputs(images, labels, models)
    (kind,) = build_query_kinds(len(pictures), seed=seed)
    results = measure_hashes(pictures, encoders, settings, kind)
    print_tables([table(results)], figures(results), as_json=as_json)
