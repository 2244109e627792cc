"""Retrieval by perceptual hashes compared with retrieval by vectors, with the cost per picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PIL import Image

from core.encoders import Encoder
from core.encoders.queries import encode_queries
from core.settings import Settings
from evaluation.pictures.cost import measure_milliseconds, open_sample
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.queries import QueryKind
from evaluation.reporting.tables import Cell, ReportTable, percent
from evaluation.retrieval.hash_encoder import BITS, HASHES, encode_by_hash
from evaluation.retrieval.results import encode_by_model, score_retrieval
from evaluation.retrieval.scores import TOP_KS, QueryRanks
from indexer.sizing import vector_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResult:
    """The retrieval scores of a method, and its cost per picture."""

    scores: QueryRanks
    milliseconds: float
    """For a picture that is already decoded."""
    bytes_per_picture: int
    """Bytes per picture in the index."""


def measure_hashes(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, kind: QueryKind
) -> list[MethodResult]:
    """Measure each hash and each model on the same queries."""
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
    # One byte per dimension in the graph, four for the full vector.
    model_results = [
        MethodResult(
            scores=scores_by_method[encoder.name],
            milliseconds=measure_milliseconds(partial(encode_queries, encoder), sample),
            bytes_per_picture=vector_bytes(encoder.dimensions),
        )
        for encoder in encoders
    ]
    return [*hash_results, *model_results]


def _hash_images(hash_image: Callable[[Image.Image], Any], images: Sequence[Image.Image]) -> list[Any]:
    return [hash_image(image) for image in images]


def table(results: Sequence[MethodResult]) -> ReportTable:
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
    columns = ["method", *(f"top-{k}" for k in TOP_KS), "MRR", "ms per picture", "bytes per picture"]
    note = (
        "Hashes (imagehash's defaults) are compared with all pictures by Hamming distance; tied pictures share their "
        "mean rank. Milliseconds are for one decoded query on this machine; bytes are those of the index, for a vector "
        "with its rounded form and its place in the graph."
    )
    return ReportTable(title="Hash or vector, the paper's queries", columns=columns, rows=rows, note=note)


def figures(results: Sequence[MethodResult]) -> dict[str, Any]:
    return {
        "methods": {
            result.scores.method: result.scores.figures()
            | {"milliseconds": round(result.milliseconds, 3), "bytes": result.bytes_per_picture}
            for result in results
        }
    }
