"""Where each query found its picture → top-1, 5, 10, 50 and the mean reciprocal rank."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evaluation.reporting.intervals import bootstrap, wilson

Ranks = npt.NDArray[np.float64]
"""1 is the first place; a tie of two is 1.5 for both."""

Likeness = Callable[[int, int], npt.NDArray[np.floating]]
"""Rows `start` to `end` of all queries against all of the gallery: the higher, the more alike."""

TOPS = (1, 5, 10, 50)
BLOCK = 256
"""Queries compared at once: a gallery of 100,000 makes 100 MB of it."""


def ranks(likeness: Likeness, targets: Sequence[str], gallery: Sequence[str]) -> Ranks:
    """The place of each query's target among the gallery, which both name by their digests.

    Files with the same pixels are the same picture: the best of them counts, and none stands in another's way.
    """
    names = {name: number for number, name in enumerate(dict.fromkeys((*gallery, *targets)))}
    there = np.array([names[name] for name in gallery])
    wanted = np.array([names[name] for name in targets])
    places = [_places(likeness, wanted, there, start) for start in range(0, len(wanted), BLOCK)]
    return np.concatenate(places) if places else np.empty(0)


def _places(likeness: Likeness, wanted: npt.NDArray[np.int_], there: npt.NDArray[np.int_], start: int) -> Ranks:
    rows = likeness(start, min(start + BLOCK, len(wanted)))
    same = wanted[start : start + BLOCK, None] == there[None]
    own = np.where(same, rows, -np.inf).max(axis=1, keepdims=True)
    better, as_good = (rows > own) & ~same, (rows == own) & ~same
    places: Ranks = 1 + better.sum(axis=1) + as_good.sum(axis=1) / 2
    return places


@dataclass(frozen=True)
class Scores:
    """One method on one kind of query."""

    method: str
    queries: str
    """Which kind: `paper`, `grey`…"""
    gallery: int
    ranks: Ranks

    @property
    def n(self) -> int:
        return len(self.ranks)

    @cached_property
    def mrr(self) -> float:
        return float((1 / self.ranks).mean()) if self.n else 0.0

    def top(self, k: int) -> float:
        return self.hits(k) / self.n if self.n else 0.0

    def hits(self, k: int) -> int:
        return int((self.ranks <= k).sum())

    def top_interval(self, k: int) -> tuple[float, float]:
        return wilson(self.hits(k), self.n)

    @cached_property
    def mrr_interval(self) -> tuple[float, float]:
        return bootstrap(1 / self.ranks)

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Scores":
        """The same for some of the queries."""
        return Scores(self.method, self.queries, self.gallery, self.ranks[chosen])

    def figures(self) -> dict[str, float | int]:
        """For programs: shares of 1."""
        tops = {f"top_{k}": round(self.top(k), 6) for k in TOPS}
        return {"n": self.n, "gallery": self.gallery, **tops, "mrr": round(self.mrr, 6)}
