"""What each view of SSCD's vector in the index adds: the same queries, with other views of the gallery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from core.encoders import Encoder, Vectors
from core.encoders.sscd import INDEX_VIEWS, CopyEncoder
from core.encoders.vectors import normalise_vectors
from core.errors import FrontispieceError
from core.settings import Settings
from evaluation.pictures.folder import LabelledPicture
from evaluation.pictures.queries import QueryKind, query_vectors
from evaluation.pictures.vectors import LazyImage, encode
from evaluation.reporting.intervals import FloatArray, bootstrap_interval
from evaluation.reporting.tables import Cell, ReportTable, percent
from evaluation.retrieval.fusion import MethodVectors
from evaluation.retrieval.results import RetrievalResults, score_retrieval

Views = Sequence[tuple[float, float]]
"""Degrees and weight of each view."""

VIEW_SETS: Mapping[str, Views] = {
    "straight and 3 degrees, weights 1.5, 1 (in use)": INDEX_VIEWS,
    "straight and 4 degrees, weights 1.5, 1": ((0.0, 1.5), (4.0, 1.0)),
    "straight and -3 degrees, weights 1.5, 1": ((0.0, 1.5), (-3.0, 1.0)),
    "straight, -4 and 4 degrees, weights 2, 1, 1": ((0.0, 2.0), (-4.0, 1.0), (4.0, 1.0)),
    "-4 and 4 degrees": ((-4.0, 1.0), (4.0, 1.0)),
    "straight alone": ((0.0, 1.0),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewResult:
    """The retrieval of one set of views."""

    name: str
    passes: int
    """How often a picture of the index goes through the network."""
    retrieval: RetrievalResults

    def hits(self, kind: str) -> FloatArray:
        """Return 1 for each query of the kind whose picture is first, else 0."""
        ranks: FloatArray = (self.retrieval.scores_of(self.name, kind).ranks <= 1).astype(np.float64)
        return ranks

    @property
    def mean_hits(self) -> FloatArray:
        """For each picture, the share of all its queries that rank it first."""
        hits: FloatArray = np.mean([self.hits(kind) for kind in self.retrieval.query_kinds], axis=0)
        return hits


def measure_views(
    pictures: Sequence[LabelledPicture],
    encoders: Sequence[Encoder],
    settings: Settings,
    query_kinds: Sequence[QueryKind],
) -> list[ViewResult]:
    """Measure each set of views; raise `FrontispieceError` if SSCD is not among the models."""
    encoder = next((encoder for encoder in encoders if isinstance(encoder, CopyEncoder)), None)
    if encoder is None:
        raise FrontispieceError("only sscd has several views; name it with --models sscd")
    lazy_images = [LazyImage(picture.digest, picture.open) for picture in pictures]
    view_vectors = {
        degrees: encode(
            encoder,
            lazy_images,
            settings,
            title=f"{encoder.name}: view of {degrees:g} degrees",
            encode_batch=partial(encoder.encode_view, degrees=degrees),
            variant=f"view {degrees:g}",
        )
        for degrees in sorted({degrees for views in VIEW_SETS.values() for degrees, _ in views})
    }
    queries = {kind.name: query_vectors(encoder, pictures, kind, settings) for kind in query_kinds}
    return [
        ViewResult(
            name=name,
            passes=len(views),
            retrieval=score_retrieval(
                pictures, {name: MethodVectors(_mean(view_vectors, views), queries)}, list(queries)
            ),
        )
        for name, views in VIEW_SETS.items()
    ]


def _mean(view_vectors: Mapping[float, Vectors], views: Views) -> Vectors:
    weighted_views = [np.float32(weight) * view_vectors[degrees] for degrees, weight in views]
    return normalise_vectors(np.sum(weighted_views, axis=0))


def table(results: Sequence[ViewResult]) -> ReportTable:
    reference, *_ = results
    kinds = reference.retrieval.query_kinds
    rows: list[list[Cell]] = []
    for result in results:
        differences = 100 * (result.mean_hits - reference.mean_hits)
        low, high = bootstrap_interval(differences)
        change = None if result is reference else f"{differences.mean():+.2f} ({low:+.2f} to {high:+.2f})"
        kind_shares = [percent(float(result.hits(kind).mean())) for kind in kinds]
        rows.append([result.name, result.passes, percent(float(result.mean_hits.mean())), change, *kind_shares])
    note = (
        "Share of the queries whose picture is first. Queries have one straight view. Changes are in percentage points "
        "against the views in use, with 95 % intervals (paired bootstrap over the pictures); an interval that contains "
        "0 shows no difference."
    )
    columns = ["views of a picture in the index", "passes", "mean of all kinds", "change", *kinds]
    return ReportTable(title="What each view of sscd adds", columns=columns, rows=rows, note=note)


def figures(results: Sequence[ViewResult]) -> dict[str, Any]:
    """Return set of views → kind of query → share of first hits."""
    return {
        "views": {
            result.name: {kind: float(result.hits(kind).mean()) for kind in result.retrieval.query_kinds}
            for result in results
        }
    }
