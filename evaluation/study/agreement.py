"""Agreement of judges: Cohen's kappa for two, Krippendorff's alpha for any number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from sklearn.metrics import cohen_kappa_score

from evaluation.reporting.intervals import SEED, TABLE_RESAMPLES, percentile_interval
from evaluation.study.judgements import Answers

GradeArray = npt.NDArray[np.float64]
"""Shape (judges, items); NaN where a judge gave no grade."""
DistanceFunction = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]
"""Coincidences of the values → squared distance of each pair of values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """Two judges on the items that both graded."""

    judges: tuple[str, str]
    items: int
    equal_count: int
    kappa: float | None
    """Cohen's kappa with linear weights; None if both gave one and the same grade to everything."""


def pair_agreements(answers: Answers) -> list[PairAgreement]:
    """Return the agreement of each two judges who graded an item in common."""
    agreements = []
    for first, second in combinations(sorted(answers), 2):
        grade_pairs = [
            (answers[first][item].grade, answers[second][item].grade)
            for item in sorted(answers[first].keys() & answers[second].keys())
        ]
        common = [(a, b) for a, b in grade_pairs if a is not None and b is not None]
        if common:
            agreements.append(
                PairAgreement(
                    judges=(first, second),
                    items=len(common),
                    equal_count=sum(a == b for a, b in common),
                    kappa=weighted_kappa([a for a, _ in common], [b for _, b in common]),
                )
            )
    return agreements


def weighted_kappa(first: Sequence[int], second: Sequence[int]) -> float | None:
    """Return Cohen's kappa (1968) with linear weights; None if all grades are the same, which shows nothing."""
    if len({*first, *second}) < 2:
        return None
    return float(cohen_kappa_score(first, second, weights="linear"))


def grade_array(answers: Answers, items: Sequence[str]) -> GradeArray:
    """Return the grades of all judges for these items."""
    rows: list[list[float]] = []
    for judge in sorted(answers):
        grades = [answers[judge][item].grade if item in answers[judge] else None for item in items]
        rows.append([np.nan if grade is None else float(grade) for grade in grades])
    return np.array(rows, dtype=np.float64).reshape(len(answers), len(items))


def ordinal_distances(coincidences: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return Krippendorff's squared distances for ordered values."""
    totals = coincidences.sum(axis=0)
    cumulated = np.cumsum(totals)
    low, high = np.minimum.outer(*[np.arange(len(totals))] * 2), np.maximum.outer(*[np.arange(len(totals))] * 2)
    between = cumulated[high] - cumulated[low] + totals[low]
    distances: npt.NDArray[np.float64] = (between - (totals[low] + totals[high]) / 2) ** 2
    np.fill_diagonal(distances, 0.0)
    return distances


def nominal_distances(coincidences: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return Krippendorff's squared distances for values without an order."""
    return 1.0 - np.eye(len(coincidences))


def krippendorff_alpha(grades: GradeArray, distances: DistanceFunction = ordinal_distances) -> float | None:
    """Return Krippendorff's alpha (2011); None if no item has two grades, or if all grades are the same."""
    values = np.unique(grades[~np.isnan(grades)])
    counts = np.stack([(grades == value).sum(axis=0) for value in values], axis=1) if len(values) else np.zeros((0, 0))
    pairable = counts[counts.sum(axis=1) > 1].astype(np.float64) if counts.size else counts
    if len(values) < 2 or not len(pairable):
        return None
    per_item = pairable.sum(axis=1)
    coincidences = (pairable / (per_item - 1)[:, None]).T @ pairable
    coincidences -= np.diag((pairable / (per_item - 1)[:, None]).sum(axis=0))
    totals = coincidences.sum(axis=0)
    expected = np.outer(totals, totals) - np.diag(totals)
    squared = distances(coincidences)
    expected_disagreement = float((expected * squared).sum())
    if not expected_disagreement:
        return None
    return 1.0 - (totals.sum() - 1) * float((coincidences * squared).sum()) / expected_disagreement


def alpha_interval(grades: GradeArray) -> tuple[float, float] | None:
    """Return the 95 % interval of alpha over resampled items; None if it cannot be computed for most resamples."""
    rng = np.random.default_rng(SEED)
    draws = (rng.integers(0, grades.shape[1], grades.shape[1]) for _ in range(TABLE_RESAMPLES))
    alphas = [alpha for draw in draws if (alpha := krippendorff_alpha(grades[:, draw])) is not None]
    return percentile_interval(alphas) if len(alphas) > TABLE_RESAMPLES / 2 else None


def mean_grades(grades: Mapping[str, Sequence[int]]) -> dict[str, float]:
    """Return the mean grade of each item that has one."""
    return {item: float(np.mean(values)) for item, values in grades.items() if values}
