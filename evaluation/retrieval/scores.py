"""Ranks of the queries' pictures, and the figures computed from them: top-k shares and MRR."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evaluation.reporting.intervals import bootstrap_interval, wilson_interval

Ranks = npt.NDArray[np.float64]
"""Ranks from 1; two tied pictures both have 1.5."""

SimilarityFunction = Callable[[int, int], npt.NDArray[np.floating]]
"""(start, end) → similarities of these queries (rows) with the gallery (columns)."""

TOP_KS = (1, 5, 10, 50)
BLOCK_SIZE = 256
"""Queries compared at once; with a gallery of 100,000 pictures they need 100 MB."""


def compute_ranks(similarity: SimilarityFunction, targets: Sequence[str], gallery: Sequence[str]) -> Ranks:
    """Return the rank of each query's target in the gallery; both are given as digests.

    Files with equal digests are one picture: the best of them counts, and they do not lower each other's rank.
    """
    id_by_digest = {digest: number for number, digest in enumerate(dict.fromkeys((*gallery, *targets)))}
    gallery_ids = np.array([id_by_digest[digest] for digest in gallery])
    target_ids = np.array([id_by_digest[digest] for digest in targets])
    block_ranks = [
        _rank_block(similarity, target_ids, gallery_ids, start) for start in range(0, len(target_ids), BLOCK_SIZE)
    ]
    return np.concatenate(block_ranks) if block_ranks else np.empty(0)


def _rank_block(
    similarity: SimilarityFunction, target_ids: npt.NDArray[np.int_], gallery_ids: npt.NDArray[np.int_], start: int
) -> Ranks:
    similarities = similarity(start, min(start + BLOCK_SIZE, len(target_ids)))
    is_target = target_ids[start : start + BLOCK_SIZE, None] == gallery_ids[None]
    target_similarities = np.where(is_target, similarities, -np.inf).max(axis=1, keepdims=True)
    is_better, is_tied = (
        (similarities > target_similarities) & ~is_target,
        (similarities == target_similarities) & ~is_target,
    )
    block_ranks: Ranks = 1 + is_better.sum(axis=1) + is_tied.sum(axis=1) / 2
    return block_ranks


@dataclass(frozen=True)
class QueryRanks:
    """The ranks of one method on one kind of query."""

    method: str
    query_kind: str
    """`paper`, `grey`, …"""
    gallery: int
    ranks: Ranks

    @property
    def n(self) -> int:
        return len(self.ranks)

    @cached_property
    def mrr(self) -> float:
        return float((1 / self.ranks).mean()) if self.n else 0.0

    def top_k_share(self, k: int) -> float:
        return self.hit_count(k) / self.n if self.n else 0.0

    def hit_count(self, k: int) -> int:
        return int((self.ranks <= k).sum())

    def top_k_interval(self, k: int) -> tuple[float, float]:
        return wilson_interval(self.hit_count(k), self.n)

    @cached_property
    def mrr_interval(self) -> tuple[float, float]:
        return bootstrap_interval(1 / self.ranks)

    def subset(self, mask: npt.NDArray[np.bool_]) -> "QueryRanks":
        """Return the scores of some of the queries."""
        return QueryRanks(self.method, self.query_kind, self.gallery, self.ranks[mask])

    def figures(self) -> dict[str, float | int]:
        """Return the figures for JSON, as shares of 1."""
        top_k_shares = {f"top_{k}": round(self.top_k_share(k), 6) for k in TOP_KS}
        return {"n": self.n, "gallery": self.gallery, **top_k_shares, "mrr": round(self.mrr, 6)}
