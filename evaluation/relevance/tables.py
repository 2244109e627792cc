"""What a run of `evaluate relevance` says: tables for people, and the same for programs and for `boosts.json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from api.search.boosts import BOOSTS, Boosts
from api.search.choices import Fusion
from api.search.cut_off import THRESHOLD_SLOPES
from evaluation.relevance.judgements import QUERY_TYPES
from evaluation.relevance.metrics import QueryScores
from evaluation.relevance.tuning import BoostChange
from evaluation.reporting.intervals import bootstrap_interval
from evaluation.reporting.tables import Cell, Table, format_interval

METRICS = ("NDCG@10", "MRR", "recall@10", "recall@100")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevanceResults:
    """Everything that one run says."""

    query_set: str
    """The judged set, as a hash of its questions."""
    scores: Mapping[tuple[str, Fusion], Mapping[str, QueryScores]]
    """Kind and fusion → metric → one figure per question."""
    targets: Mapping[str, Sequence[str]]
    """Kind → what each of its questions was made from."""
    cut_off_rows: Sequence[tuple[float, float, float, float]]
    """Steps, share of originals above the line, share of pages without an original where nothing is called close, and
    share of pages with one of which nothing is said."""
    changes: Sequence[BoostChange] = field(default_factory=list)
    boosts: Boosts = BOOSTS
    """With the changes that are better by more than noise."""


def tables(results: RelevanceResults) -> list[Table]:
    """How good, where the line lies, and what was tried."""
    result_tables = [query_type_table(results)]
    if results.cut_off_rows:
        result_tables.append(cut_off_table(results))
    return [*result_tables, boosts_table(results)] if results.changes else result_tables


def query_type_table(results: RelevanceResults) -> Table:
    rows: list[list[Cell]] = [
        [
            QUERY_TYPES[query_type],
            fusion,
            *(_format_mean(scores[name], results.targets[query_type]) for name in METRICS),
            len(scores["MRR"]),
        ]
        for (query_type, fusion), scores in results.scores.items()
    ]
    note = (
        f"Judged set {results.query_set}, drawn with a seed from what is indexed. In brackets 95 % intervals "
        "(bootstrap over what the questions were made from)."
    )
    return Table(title="Relevance", columns=["question", "fusion", *METRICS, "questions"], rows=rows, note=note)


def cut_off_table(results: RelevanceResults) -> Table:
    rows: list[list[Cell]] = [[f"{steps:g}", *shares] for steps, *shares in results.cut_off_rows]
    note = f"The service draws the line at {THRESHOLD_SLOPES:g} steps. Of copies whose original came first."
    columns = ["steps", "original stands out", "without it, nothing is called close", "nothing said"]
    return Table(title="Nothing closer", columns=columns, rows=rows, note=note)


def boosts_table(results: RelevanceResults) -> Table:
    """The changes, each with its gain on questions that it was not chosen on."""
    rows: list[list[Cell]] = [
        [
            change.what,
            ", ".join(f"{name} {value:g}" for name, value in change.values.items()) or "as it is",
            f"{change.gain:+.4f} ({change.low:+.4f} to {change.high:+.4f})",
            "yes" if change.is_better else "no",
        ]
        for change in results.changes
    ]
    note = "Clauses in multiples of what they are. Taken only where the interval lies above 0."
    columns = ["tried", "best value", "NDCG@10 gained on held-out questions", "taken"]
    return Table(title="Boosts", columns=columns, rows=rows, note=note)


def _format_mean(scores: QueryScores, targets: Sequence[str]) -> str:
    return format_interval(scores.mean(), *bootstrap_interval(scores, targets))


def run_figures(results: RelevanceResults) -> dict[str, Any]:
    """The same for programs."""
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
    """For `boosts.json`; the same run twice where nothing was taken."""
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
