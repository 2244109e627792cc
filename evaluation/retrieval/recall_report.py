"""Ways to index vectors as tables: what each finds and takes, and what it costs."""

from collections.abc import Sequence
from typing import Any

from evaluation.reporting.tables import Cell, ReportTable, percent
from evaluation.retrieval.recall import DEPTHS, SHARES, RecallMeasurement, RecallResults
from evaluation.retrieval.vector_indices import VectorIndexType


def tables(results: RecallResults) -> list[ReportTable]:
    return [_recall_table(results), _size_table(results)]


def _recall_table(results: RecallResults) -> ReportTable:
    fastest = min(measurement.milliseconds for measurement in results.measurements)
    columns = [
        "index",
        "candidates",
        "oversampling",
        *(f"recall@{depth}" for depth in DEPTHS),
        *(f"recall@{DEPTHS[0]}, {share:.0%} kept".replace("%", " %") for share in SHARES[1:]),
        "ms",
        "times the fastest",
    ]
    rows = [_recall_row(measurement, fastest) for measurement in results.measurements]
    return ReportTable(
        title=f"Recall of indices, {results.model}", columns=columns, rows=rows, note=_recall_note(results)
    )


def _recall_row(measurement: RecallMeasurement, fastest: float) -> list[Cell]:
    oversample = measurement.setting.oversample
    return [
        describe(measurement.index.index_type),
        measurement.setting.num_candidates,
        "" if oversample is None else f"{oversample:g}",
        *(percent(measurement.recalls[1.0, depth]) for depth in DEPTHS),
        *(percent(measurement.recalls[share, DEPTHS[0]]) for share in SHARES[1:]),
        f"{measurement.milliseconds:.1f}",
        f"{measurement.milliseconds / fastest:.2f}",
    ]


def _recall_note(results: RecallResults) -> str:
    unknown_types = ", ".join(describe(index_type) for index_type in results.unknown_types)
    return (
        f"{results.vectors:,} vectors in one segment, {results.queries} searches for the {DEPTHS[-1]} nearest. "
        "Oversampling compares so many times as many once more by the vectors as they were sent; without a number the "
        "index does what is its own way. Filters keep 50, 10 and 1 % of the vectors. Milliseconds are medians at the "
        "client without a filter; all settings of one search follow each other."
    ) + (f" This server does not have {unknown_types}." if unknown_types else "")


def _size_table(results: RecallResults) -> ReportTable:
    rows: list[list[Cell]] = [
        [
            describe(index.index_type),
            f"{index.disk_bytes:.0f}",
            "" if index.off_heap_bytes is None else f"{index.off_heap_bytes:.0f}",
            f"{index.build_seconds:.1f}",
        ]
        for index in results.indices
    ]
    return ReportTable(
        title=f"Size of indices, {results.model}",
        columns=["index", "bytes on disk", "bytes off heap", "seconds to build"],
        rows=rows,
        note="Bytes are per vector. Seconds include sending the vectors and the merge to one segment.",
    )


def describe(index_type: VectorIndexType) -> str:
    """Return the name of an index with its numbers and graph: `int8_hnsw, float, m 16, ef 100`."""
    return f"{index_type.name}, {index_type.element_type}, m {index_type.m}, ef {index_type.ef_construction}"


def figures(all_results: Sequence[RecallResults]) -> dict[str, Any]:
    """Return the tables of each model as values for JSON."""
    return {results.model: [table.figures() for table in tables(results)] for results in all_results}
