"""Compares two runs of `evaluate relevance` query by query: two versions of a collection, or one before and after."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import FrontispieceError
from core.files import atomic_write
from evaluation.relevance.judgements import QUERY_TYPES
from evaluation.relevance.metrics import QueryScores
from evaluation.relevance.tables import METRICS, RelevanceResults
from evaluation.reporting.intervals import bootstrap_interval
from evaluation.reporting.tables import Cell, ReportTable

QueryKey = tuple[str, str, str, str, int]
"""Fusion, query type, words, id of the picture whose altered copy belongs to the query, number of the alteration."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The scores of one query under one fusion."""

    target: str
    scores: Mapping[str, float]
    """Metric → figure."""


def score_rows(results: RelevanceResults) -> dict[QueryKey, ScoreRow]:
    """Return the scores of each query under each fusion."""
    rows: dict[QueryKey, ScoreRow] = {}
    for (query_type, fusion), scores in results.scores.items():
        for position, query in enumerate(results.queries[query_type]):
            key = fusion, query_type, query.query_text, query.picture_id, query.alteration_number
            rows[key] = ScoreRow(query.target, {name: float(scores[name][position]) for name in METRICS})
    return rows


def write_scores(rows: Mapping[QueryKey, ScoreRow], file: Path) -> None:
    """Write the scores as JSON, for `read_scores`."""
    content = [{"query": key, "target": row.target, "scores": row.scores} for key, row in rows.items()]
    with atomic_write(file) as temporary_file:
        temporary_file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


def read_scores(file: Path) -> dict[QueryKey, ScoreRow]:
    """Return the scores that `write_scores` has written.

    Raises:
        FrontispieceError: the file has none.
    """
    try:
        content = json.loads(file.read_text("utf-8"))
        return {_read_key(entry["query"]): ScoreRow(entry["target"], entry["scores"]) for entry in content}
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{file} has no scores of `frontispiece evaluate relevance --save FILE`: {error}"
        raise FrontispieceError(message) from error


def _read_key(parts: Sequence[str | int]) -> QueryKey:
    fusion, query_type, query_text, picture_id, alteration_number = parts
    return str(fusion), str(query_type), str(query_text), str(picture_id), int(alteration_number)


def comparison_table(rows: Mapping[QueryKey, ScoreRow], earlier_rows: Mapping[QueryKey, ScoreRow]) -> ReportTable:
    """Return a row for each query type and fusion, over the queries that both runs have."""
    common = [key for key in rows if key in earlier_rows]
    groups = dict.fromkeys((query_type, fusion) for fusion, query_type, *_ in common)
    table_rows = [
        _comparison_row(group, [key for key in common if (key[1], key[0]) == group], rows, earlier_rows)
        for group in groups
    ]
    note = (
        f"{len(common)} queries of both runs; {len(rows) - len(common)} of this one and "
        f"{len(earlier_rows) - len(common)} of the earlier one are left out, as the other has not the documents. "
        "Brackets contain 95 % intervals (bootstrap over the targets of the queries); one that is above or below 0 is "
        "a difference."
    )
    columns = ["query type", "fusion", "NDCG@10 before", "now", "difference", "difference of MRR", "queries"]
    return ReportTable(title="Compared with the earlier run", columns=columns, rows=table_rows, note=note)


def _comparison_row(
    group: tuple[str, str],
    keys: Sequence[QueryKey],
    rows: Mapping[QueryKey, ScoreRow],
    earlier_rows: Mapping[QueryKey, ScoreRow],
) -> list[Cell]:
    query_type, fusion = group
    targets = [rows[key].target for key in keys]
    before, now = _scores("NDCG@10", keys, earlier_rows), _scores("NDCG@10", keys, rows)
    ranks = _scores("MRR", keys, rows) - _scores("MRR", keys, earlier_rows)
    return [
        QUERY_TYPES.get(query_type, query_type),
        fusion,
        f"{before.mean():.3f}",
        f"{now.mean():.3f}",
        _format_difference(now - before, targets),
        _format_difference(ranks, targets),
        len(keys),
    ]


def _scores(metric: str, keys: Sequence[QueryKey], rows: Mapping[QueryKey, ScoreRow]) -> QueryScores:
    return np.array([rows[key].scores[metric] for key in keys])


def _format_difference(differences: QueryScores, targets: Sequence[str]) -> str:
    low, high = bootstrap_interval(differences, targets)
    return f"{differences.mean():+.3f} ({low:+.3f} to {high:+.3f})"
