"""The results of `evaluate relevance` as tables, as JSON and as the provenance in `boosts.json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from api.search.boosts import BOOSTS, Boosts
from api.search.choices import Fusion
from api.search.cut_off import THRESHOLD_SLOPES
from evaluation.relevance.judgements import QUERY_TYPES, JudgedQuery
from evaluation.relevance.metrics import QueryScores
from evaluation.relevance.tuning import BoostChange
from evaluation.reporting.intervals import bootstrap_interval
from evaluation.reporting.tables import Cell, ReportTable, format_interval

METRICS = ("NDCG@10", "MRR", "recall@10", "recall@100")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevanceResults:
    """All results of one run."""

    query_set: str
    """The digest of the query set and its size."""
    scores: Mapping[tuple[str, Fusion], Mapping[str, QueryScores]]
    """(query type, fusion) → metric → one figure per query."""
    queries: Mapping[str, Sequence[JudgedQuery]]
    """Query type → its queries, in the order of the scores."""
    cut_off_rows: Sequence[tuple[float, float, float, float]]
    """Value of the constant; share of result pages with the original above the cut-off; share of pages without an
    original that have no cut-off; share of pages with the original that are too short for a cut-off."""
    changes: Sequence[BoostChange] = field(default_factory=list)
    boosts: Boosts = BOOSTS
    """The boosts with all changes that are significantly better."""


def tables(results: RelevanceResults) -> list[ReportTable]:
    """Return the tables of metrics, of the cut-off and of the boosts that were tried."""
    result_tables = [query_type_table(results)]
    if results.cut_off_rows:
        result_tables.append(cut_off_table(results))
    return [*result_tables, boosts_table(results)] if results.changes else result_tables


def query_type_table(results: RelevanceResults) -> ReportTable:
    rows: list[list[Cell]] = [
        [
            QUERY_TYPES[query_type],
            fusion,
            *(_format_mean(scores[name], targets_of(results.queries[query_type])) for name in METRICS),
            len(scores["MRR"]),
        ]
        for (query_type, fusion), scores in results.scores.items()
    ]
    note = (
        f"Query set {results.query_set}, generated from the indexed documents. Brackets contain 95 % intervals "
        "(bootstrap over the targets of the queries)."
    )
    return ReportTable(title="Relevance", columns=["query type", "fusion", *METRICS, "queries"], rows=rows, note=note)


def cut_off_table(results: RelevanceResults) -> ReportTable:
    rows: list[list[Cell]] = [[f"{steps:g}", *shares] for steps, *shares in results.cut_off_rows]
    note = f"The service uses {THRESHOLD_SLOPES:g} slopes. Only copies whose original is ranked first are counted."
    columns = ["slopes", "original above the cut-off", "no cut-off without the original", "page too short"]
    return ReportTable(title="Outlier cut-off", columns=columns, rows=rows, note=note)


def boosts_table(results: RelevanceResults) -> ReportTable:
    """List the changes, each with its gain on held-out queries."""
    rows: list[list[Cell]] = [
        [
            change.what,
            ", ".join(f"{name} {value:g}" for name, value in change.values.items()) or "unchanged",
            f"{change.gain:+.4f} ({change.low:+.4f} to {change.high:+.4f})",
            "yes" if change.is_better else "no",
        ]
        for change in results.changes
    ]
    note = "Clause boosts are multiples of the current ones. A change is accepted only if its interval is above 0."
    columns = ["parameter", "best value", "NDCG@10 gained on held-out queries", "accepted"]
    return ReportTable(title="Boosts", columns=columns, rows=rows, note=note)


def targets_of(judged_queries: Sequence[JudgedQuery]) -> list[str]:
    """Return the target of each query; those of one target are not independent."""
    return [judged_query.target for judged_query in judged_queries]


def _format_mean(scores: QueryScores, targets: Sequence[str]) -> str:
    return format_interval(scores.mean(), *bootstrap_interval(scores, targets))


def run_figures(results: RelevanceResults) -> dict[str, Any]:
    """Return the figures for JSON."""
    return {
        "data": results.query_set,
        "figures": [
            {
                "kind": query_type,
                "fusion": fusion,
                **{name: round(float(metric_scores.mean()), 4) for name, metric_scores in scores.items()},
            }
            for (query_type, fusion), scores in results.scores.items()
        ],
        "lines": [list(row) for row in results.cut_off_rows],
        "changes": [asdict(change) | {"taken": change.is_better} for change in results.changes],
    }


def provenance(before: RelevanceResults, after: RelevanceResults) -> dict[str, str]:
    """Return the provenance for `boosts.json`; `after` equals `before` if no change was accepted."""
    accepted_changes = [change for change in before.changes if change.is_better]
    summary = "; ".join(
        f"{', '.join(f'{name} {value:g}' for name, value in change.values.items())}: "
        f"{change.gain:+.3f} ({change.low:+.3f} to {change.high:+.3f})"
        for change in accepted_changes
    )
    return {
        "run": f"frontispiece evaluate relevance --write, {datetime.now(UTC):%Y-%m-%d}",
        "judged set": before.query_set,
        "NDCG@10 before": _ndcg_summary(before),
        "NDCG@10 after": _ndcg_summary(after),
        "taken, with its gain on held-out questions": summary or "nothing was better by more than noise",
        "not measured": "word_knn_boost and the weights of models that were not in the index",
    }


def _ndcg_summary(results: RelevanceResults) -> str:
    return ", ".join(
        f"{QUERY_TYPES[query_type]} ({fusion}) {scores['NDCG@10'].mean():.3f}"
        for (query_type, fusion), scores in results.scores.items()
    )
