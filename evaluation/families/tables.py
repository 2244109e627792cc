"""Tables and figures of copy detection."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.families.measurement import FamilyMeasurement
from evaluation.families.reprints import OTHER_STATE, SAME_PRINT
from evaluation.reporting.tables import Cell, ReportTable, percent
from indexer.families.copy_detection import CopyThreshold

LIMIT_GRID = [
    CopyThreshold(cosine, bits) for cosine in (0.6, 0.7, 0.8, 0.9, 0.92, 0.94) for bits in (6, 8, 10, 12, 14, 16)
]
"""Limits that are compared; all are within `LOOSEST_LIMITS`."""

MAX_BEST_LIMITS = 5
"""The number of limits in the table of the boundary."""


def tables(measurement: FamilyMeasurement) -> list[ReportTable]:
    """Return the tables of one model."""
    return [
        _copies_table(measurement),
        _limits_table(measurement),
        boundary_table(measurement),
        _linked_pairs_table(measurement),
    ]


def _copies_table(measurement: FamilyMeasurement) -> ReportTable:
    detector = measurement.detector
    rows: list[list[Cell]] = [
        [
            name,
            len(pairs.bit_distances),
            percent(pairs.share_within(detector.exact_threshold)),
            percent(pairs.recall(detector)),
            percent(1 - pairs.recall(detector)),
        ]
        for name, pairs in measurement.copies.items()
    ]
    note = (
        f"Limits: {detector.name}. Pictures of one colour or a single line ({measurement.flat_count}) are left out. "
        + "; ".join(
            f"{transformation.name}: {transformation.meaning}" for transformation in (*SAME_PRINT, *OTHER_STATE)
        )
        + "; paper: the paper's queries, rotated by up to 10 degrees and cropped by up to 15 % per side."
    )
    return ReportTable(
        title=f"Families: altered copies, {detector}",
        columns=["copy", "n", "exact", "exact or near", "missed"],
        rows=rows,
        note=note,
    )


def _limits_table(measurement: FamilyMeasurement) -> ReportTable:
    """Show, for each pair of limits, the recall of each kind of copy and the number of other pairs within them."""
    copy_kinds = [transformation.name for transformation in (*SAME_PRINT, *OTHER_STATE)]
    rows: list[list[Cell]] = [
        [
            f"{limits.min_cosine:g}",
            limits.max_bits,
            *(percent(measurement.copies[name].share_within(limits)) for name in copy_kinds),
            int(measurement.different_pairs.is_within(limits).sum()),
        ]
        for limits in LIMIT_GRID
    ]
    note = (
        "Share of copies with at least this cosine and at most this many of 64 bits different, and the number of the "
        f"{measurement.pair_count:,} pairs of different files within these limits, of which some are real copies."
    )
    return ReportTable(
        title=f"Families: limits, {measurement.detector.model}",
        columns=["cosine", "bits", *copy_kinds, "others"],
        rows=rows,
        note=note,
    )


def boundary_table(measurement: FamilyMeasurement) -> ReportTable:
    """Show the limits for `exact` that best separate copies of the same print from other states of it."""
    best_limits = sorted(LIMIT_GRID, key=lambda limits: sum(_exact_shares(measurement, limits) * (-1, 1)))[
        :MAX_BEST_LIMITS
    ]
    rows: list[list[Cell]] = []
    for limits in (measurement.detector.exact_threshold, *best_limits):
        same_share, other_share = _exact_shares(measurement, limits).tolist()
        mark = "" if rows else " (in use)"
        difference = f"{100 * (same_share - other_share):.1f}"
        rows.append(
            [f"{limits.min_cosine:g}{mark}", limits.max_bits, percent(same_share), percent(other_share), difference]
        )
    note = (
        "Mean share over the kinds of copy that counts as exact: it should be high for the same print, and low for "
        f"another state or colouring. The {MAX_BEST_LIMITS} limits with the largest difference are listed. All copies "
        "are simulated, so the figures compare limits and do not predict how many real reprints are recognised."
    )
    columns = ["cosine", "bits", "same print", "other state", "difference"]
    return ReportTable(
        title=f"Families: limits of exact copies, {measurement.detector.model}", columns=columns, rows=rows, note=note
    )


def _exact_shares(measurement: FamilyMeasurement, limits: CopyThreshold) -> npt.NDArray[np.float64]:
    """Return the mean shares within the limits: of copies of the same print, and of other states."""
    copies, transformation_groups = measurement.copies, (SAME_PRINT, OTHER_STATE)
    return np.array(
        [
            np.mean([copies[transformation.name].share_within(limits) for transformation in group])
            for group in transformation_groups
        ]
    )


def _linked_pairs_table(measurement: FamilyMeasurement) -> ReportTable:
    sizes = sorted(map(len, measurement.families), reverse=True)
    size_list = ", ".join(map(str, sizes)) or "no"
    note = f"{len(sizes)} families with {size_list} pictures. Only a person can say which of them are copies."
    return ReportTable(
        title=f"Families: different files that count as copies, {measurement.detector.model}",
        columns=["one", "other"],
        rows=[list(linked_pair) for linked_pair in measurement.linked_pairs],
        note=note,
    )


def figures(measurements: Sequence[FamilyMeasurement]) -> dict[str, Any]:
    return {
        "models": {
            measurement.detector.model: {
                "judge": measurement.detector.name,
                "pairs": measurement.pair_count,
                "taken": len(measurement.linked_pairs),
                "flat": measurement.flat_count,
                "families": len(measurement.families),
                "copies": {
                    name: {
                        "n": len(pairs.bit_distances),
                        "exact": pairs.share_within(measurement.detector.exact_threshold),
                        "found": pairs.recall(measurement.detector),
                    }
                    for name, pairs in measurement.copies.items()
                },
            }
            for measurement in measurements
        }
    }
