"""Fusion of several retrieval methods, compared with the best of them alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from api.elasticsearch.queries.knn import K
from api.search.fusion import FUSIONS, Candidate, FusionWeights
from core.encoders import Vectors
from evaluation.reporting.intervals import bootstrap_interval
from evaluation.reporting.tables import Cell, ReportTable, percent
from evaluation.retrieval.scores import compute_ranks

SUM, CONVEX = "sum", "convex"
FUSION_NAMES = (SUM, *FUSIONS)
"""The fusions that a search request can name; the first is the default."""

ALL_KINDS = "every kind"
EQUAL_WEIGHTS = FusionWeights(balance=1.0, models={})

SimilarityMatrix = npt.NDArray[np.floating]


class MethodVectors(NamedTuple):
    """The vectors of one method."""

    gallery: Vectors
    queries: Mapping[str, Vectors]
    """Kind of query → one row per picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionComparison:
    """Top-1 of several methods on one kind of query, or on all kinds: the best one alone, and all fused."""

    methods: Sequence[str]
    query_kind: str
    best_method: str
    best_top_1: npt.NDArray[np.float64]
    """Per picture, the share of its queries that rank it first."""
    fused_top_1: Mapping[str, npt.NDArray[np.float64]]
    """Fusion → the same shares."""

    @property
    def name(self) -> str:
        return " + ".join(self.methods)

    def gain(self, fusion_name: str) -> tuple[float, float, float]:
        """Return the difference to the best method alone, with its interval over pictures."""
        differences = self.fused_top_1[fusion_name] - self.best_top_1
        return (float(differences.mean()), *bootstrap_interval(differences))


def similarities(vectors: MethodVectors, kind: str, start: int, end: int) -> SimilarityMatrix:
    """Return the cosines of some queries with the gallery."""
    rows: SimilarityMatrix = vectors.queries[kind][start:end] @ vectors.gallery.T
    return rows


def fuse_similarities(
    fusion_name: str, method_vectors: Mapping[str, MethodVectors], kind: str, start: int, end: int
) -> SimilarityMatrix:
    """Return the service's scores; minus infinity for pictures among the nearest of no method."""
    similarities_by_method = {name: similarities(vectors, kind, start, end) for name, vectors in method_vectors.items()}
    is_near_by_method = {name: _nearest_mask(rows) for name, rows in similarities_by_method.items()}
    candidates = np.any(list(is_near_by_method.values()), axis=0)
    if fusion_name == SUM:
        # A kNN clause scores only its own nearest pictures, by (1 + cosine) / 2.
        scores = np.sum(
            [np.where(is_near_by_method[name], (1 + rows) / 2, 0) for name, rows in similarities_by_method.items()],
            axis=0,
        )
        return np.where(candidates, scores, -np.inf)
    scores = np.full(candidates.shape, -np.inf)
    for row, is_candidate in enumerate(candidates):
        indices = np.flatnonzero(is_candidate)
        # Convex fusion computes missing similarities, rank fusion does not.
        known_similarities = {
            name: similarities_by_method[name][row]
            if fusion_name == CONVEX
            else np.where(is_near_by_method[name][row], similarities_by_method[name][row], np.nan)
            for name in similarities_by_method
        }
        scores[row, indices] = _service_scores(
            fusion_name, {name: values[indices] for name, values in known_similarities.items()}
        )
    return scores


def _nearest_mask(rows: SimilarityMatrix) -> npt.NDArray[np.bool_]:
    """Mark the `K` highest values of each row."""
    mask = np.zeros(rows.shape, dtype=bool)
    k = min(K, rows.shape[1])
    np.put_along_axis(mask, np.argpartition(-rows, k - 1, axis=1)[:, :k], values=True, axis=1)
    return mask


def _service_scores(fusion_name: str, similarities_by_method: Mapping[str, SimilarityMatrix]) -> list[float]:
    """Score the candidates of one query; NaN marks an unknown similarity."""
    rows = np.transpose(list(similarities_by_method.values())).tolist()
    candidates = [
        Candidate(
            id=str(index),
            similarities={
                name: value for name, value in zip(similarities_by_method, row, strict=True) if not isnan(value)
            },
        )
        for index, row in enumerate(rows)
    ]
    scores = FUSIONS[fusion_name](candidates, EQUAL_WEIGHTS)
    return [scores[candidate.id] for candidate in candidates]


def compare_fusions(
    method_vectors: Mapping[str, MethodVectors], digests: Sequence[str], kinds: Sequence[str]
) -> list[FusionComparison]:
    """Compare on each kind of query and, if there are several, on all kinds together."""
    hits_by_kind = {kind: _first_hits(method_vectors, digests, kind) for kind in kinds}
    comparisons = [_compare_kind(list(method_vectors), kind, [hits]) for kind, hits in hits_by_kind.items()]
    return (
        [*comparisons, _compare_kind(list(method_vectors), ALL_KINDS, list(hits_by_kind.values()))]
        if len(kinds) > 1
        else comparisons
    )


def _first_hits(
    method_vectors: Mapping[str, MethodVectors], digests: Sequence[str], kind: str
) -> dict[str, npt.NDArray[np.float64]]:
    """Return method or fusion → 1 for each picture that is ranked first, else 0."""
    single_methods = {name: partial(similarities, vectors, kind) for name, vectors in method_vectors.items()}
    fusions = {
        fusion_name: partial(fuse_similarities, fusion_name, method_vectors, kind) for fusion_name in FUSION_NAMES
    }
    return {
        name: (compute_ranks(similarity, digests, digests) <= 1).astype(float)
        for name, similarity in (single_methods | fusions).items()
    }


def _compare_kind(
    methods: Sequence[str], kind: str, hits_by_kind: Sequence[Mapping[str, npt.NDArray[np.float64]]]
) -> FusionComparison:
    top_1_by_name = {name: np.mean([hits[name] for hits in hits_by_kind], axis=0) for name in (*methods, *FUSION_NAMES)}
    best_method = max(methods, key=lambda name: float(top_1_by_name[name].mean()))
    return FusionComparison(
        methods=methods,
        query_kind=kind,
        best_method=best_method,
        best_top_1=top_1_by_name[best_method],
        fused_top_1={fusion_name: top_1_by_name[fusion_name] for fusion_name in FUSION_NAMES},
    )


def table(comparisons: Sequence[FusionComparison]) -> ReportTable:
    """Show top-1 of the best method alone and of each fusion, with the difference."""
    columns = [
        "methods",
        "queries",
        "best alone",
        "top-1",
        *(f"{fusion_name}{suffix}" for fusion_name in FUSION_NAMES for suffix in ("", ", difference")),
    ]
    rows: list[list[Cell]] = []
    for comparison in comparisons:
        cells = [
            cell
            for fusion_name in FUSION_NAMES
            for cell in (
                percent(float(comparison.fused_top_1[fusion_name].mean())),
                _format_difference(*comparison.gain(fusion_name)),
            )
        ]
        rows.append(
            [
                comparison.name,
                comparison.query_kind,
                comparison.best_method,
                percent(float(comparison.best_top_1.mean())),
                *cells,
            ]
        )
    note = (
        "Share of queries whose picture is ranked first, with equal weights for all methods. Differences to the best "
        "method alone are in percentage points, with 95 % intervals over pictures (paired bootstrap); an interval that "
        "contains 0 shows no difference. The best method is chosen on the same queries, which favours it. "
        + verdict(comparisons)
    )
    return ReportTable(title="Fusion compared with the best method alone", columns=columns, rows=rows, note=note)


def verdict(comparisons: Sequence[FusionComparison]) -> str:
    """Return one sentence per group of methods on the kinds of query that fusion improves."""
    group_names = dict.fromkeys(comparison.name for comparison in comparisons)
    return " ".join(
        _verdict([comparison for comparison in comparisons if comparison.name == name]) for name in group_names
    )


def _verdict(comparisons: Sequence[FusionComparison]) -> str:
    better_fusions = {
        comparison.query_kind: [fusion_name for fusion_name in FUSION_NAMES if comparison.gain(fusion_name)[1] > 0]
        for comparison in comparisons
        if comparison.query_kind != ALL_KINDS
    }
    gains_text = "; ".join(
        f"{kind} ({', '.join(fusion_names)})" for kind, fusion_names in better_fusions.items() if fusion_names
    )
    conclusion = (
        f"improve on the best method alone for {gains_text}"
        if gains_text
        else "improve on the best method alone for no kind of query"
    )
    return f"{comparisons[0].name} {conclusion}."


def figures(comparisons: Sequence[FusionComparison]) -> dict[str, Any]:
    figures_by_group: dict[str, dict[str, Any]] = {}
    for comparison in comparisons:
        gains = {
            fusion_name: dict(zip(("difference", "low", "high"), comparison.gain(fusion_name), strict=True))
            for fusion_name in FUSION_NAMES
        }
        figures_by_group.setdefault(comparison.name, {})[comparison.query_kind] = {
            "alone": comparison.best_method,
            "top_1": float(comparison.best_top_1.mean()),
            **gains,
        }
    return figures_by_group


def _format_difference(difference: float, low: float, high: float) -> str:
    return f"{100 * difference:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"
