"""Recall and latency of the service's search as a table, a plot and figures."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from matplotlib.figure import Figure

from evaluation.reporting.plots import SIZE, render_svg
from evaluation.reporting.tables import Cell, ReportTable, percent
from evaluation.retrieval.served_search import DEPTH, FLAT_INDEX, HNSW_INDEX, KnnMeasurement


def table(measurements: Sequence[KnnMeasurement]) -> ReportTable:
    """Show recall and latency; the service's setting is marked."""
    rows: list[list[Cell]] = [
        [
            f"{measurement.model}, {measurement.index}" + (" (served)" if measurement.has_service_setting else ""),
            measurement.k,
            measurement.candidates if measurement.index == HNSW_INDEX else "",
            percent(measurement.recall),
            f"{measurement.compared:.0f}",
            f"{measurement.took:g}",
            f"{measurement.wall:.1f}",
        ]
        for measurement in measurements
    ]
    columns = [
        "model, index",
        "k",
        "candidates",
        f"recall@{DEPTH}",
        "vectors compared",
        "ms in Elasticsearch",
        "ms at the client",
    ]
    return ReportTable(
        title="Recall and latency of the service's search", columns=columns, rows=rows, note=caption(measurements)
    )


def caption(measurements: Sequence[KnnMeasurement]) -> str:
    """Return the note of the table."""
    count = max((measurement.vectors for measurement in measurements), default=0)
    return (
        f"{count:,} vectors on one shard: the pictures and, if harder queries were measured, their altered copies, "
        "which are closer to each other than different pictures are. Recall is measured against an exact search over "
        "the same vectors. With so few vectors the table shows what the graph loses, not how fast a library's index "
        "is: there, the time of an exact search grows with every vector and that of the graph hardly does. "
        "Milliseconds are medians for one client on this machine."
    )


def plot(measurements: Sequence[KnnMeasurement]) -> str:
    """Draw recall against latency, each point labelled with its number of candidates."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    for model in dict.fromkeys(measurement.model for measurement in measurements):
        hnsw_measurements = [
            measurement
            for measurement in measurements
            if (measurement.model, measurement.index) == (model, HNSW_INDEX) and measurement.k == DEPTH
        ]
        _plot_points(axes, hnsw_measurements, f"{model}, {HNSW_INDEX}, k {DEPTH}", "o-")
        _plot_points(
            axes,
            [
                measurement
                for measurement in measurements
                if measurement.model == model and measurement.has_service_setting
            ],
            f"{model}, served",
            "*",
        )
        flat_measurements = [
            measurement for measurement in measurements if (measurement.model, measurement.index) == (model, FLAT_INDEX)
        ]
        _plot_points(axes, flat_measurements, f"{model}, exact ({FLAT_INDEX})", "s")
    axes.set_xlabel("milliseconds per search as seen by the client (median)")
    axes.set_ylabel(f"recall@{DEPTH}")
    count = max((measurement.vectors for measurement in measurements), default=0)
    axes.set_title(f"Recall against latency with {count:,} vectors")
    axes.grid(alpha=0.3)
    axes.legend()
    return render_svg(figure)


def _plot_points(axes: Any, measurements: Sequence[KnnMeasurement], label: str, style: str) -> None:
    axes.plot(
        [measurement.wall for measurement in measurements],
        [measurement.recall for measurement in measurements],
        style,
        label=label,
    )
    for measurement in measurements:
        if measurement.index == HNSW_INDEX:
            axes.annotate(
                str(measurement.candidates),
                (measurement.wall, measurement.recall),
                fontsize=7,
                xytext=(3, -9),
                textcoords="offset points",
            )


def figures(measurements: Sequence[KnnMeasurement]) -> list[dict[str, Any]]:
    """Return the figures for JSON."""
    return [asdict(measurement) for measurement in measurements]
