"""What a run of `evaluate relevance` says: tables for people, and the same for programs and for `boosts.json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from api.search.boosts import BOOSTS, Boosts
from api.search.cut_off import STEPS
from api.search.request import Fusion
from evaluation.relevance.gains import Figures, interval
from evaluation.relevance.judgements import KINDS
from evaluation.relevance.tuning import Change
from evaluation.reporting.tables import Cell, Table, between

METRICS = ("NDCG@10", "MRR", "recall@10", "recall@100")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Everything that one run says."""

    data: str
    """The judged set, as a hash of its questions."""
    figures: Mapping[tuple[str, Fusion], Mapping[str, Figures]]
    """Kind and fusion → metric → one figure per question."""
    targets: Mapping[str, Sequence[str]]
    """Kind → what each of its questions was made from."""
    lines: Sequence[tuple[float, float, float, float]]
    """Steps, share of originals above the line, share of pages without an original where nothing is called close, and
    share of pages with one of which nothing is said."""
    changes: Sequence[Change] = field(default_factory=list)
    boosts: Boosts = BOOSTS
    """With the changes that are better by more than noise."""


def tables(measured: Measured) -> list[Table]:
    """How good, where the line lies, and what was tried."""
    found = [by_kind(measured)]
    if measured.lines:
        found.append(nothing_closer(measured))
    return [*found, tried(measured)] if measured.changes else found


def by_kind(measured: Measured) -> Table:
    rows: list[list[Cell]] = [
        [KINDS[kind], fusion, *(_shown(figures[name], measured.targets[kind]) for name in METRICS), len(figures["MRR"])]
        for (kind, fusion), figures in measured.figures.items()
    ]
    note = (
        f"Judged set {measured.data}, drawn with a seed from what is indexed. In brackets 95 % intervals "
        "(bootstrap over what the questions were made from)."
    )
    return Table(title="Relevance", columns=["question", "fusion", *METRICS, "questions"], rows=rows, note=note)


def nothing_closer(measured: Measured) -> Table:
    rows: list[list[Cell]] = [[f"{steps:g}", *shares] for steps, *shares in measured.lines]
    note = f"The service draws the line at {STEPS:g} steps. Of copies whose original came first."
    columns = ["steps", "original stands out", "without it, nothing is called close", "nothing said"]
    return Table(title="Nothing closer", columns=columns, rows=rows, note=note)


def tried(measured: Measured) -> Table:
    """The changes, each with its gain on questions that it was not chosen on."""
    rows: list[list[Cell]] = [
        [
            each.what,
            ", ".join(f"{name} {value:g}" for name, value in each.values.items()) or "as it is",
            f"{each.gain:+.4f} ({each.low:+.4f} to {each.high:+.4f})",
            "yes" if each.better else "no",
        ]
        for each in measured.changes
    ]
    note = "Clauses in multiples of what they are. Taken only where the interval lies above 0."
    columns = ["tried", "best value", "NDCG@10 gained on held-out questions", "taken"]
    return Table(title="Boosts", columns=columns, rows=rows, note=note)


def _shown(figures: Figures, targets: Sequence[str]) -> str:
    return between(figures.mean(), *interval(figures, targets))


def answer(measured: Measured) -> dict[str, Any]:
    """The same for programs."""
    return {
        "data": measured.data,
        "figures": [
            {"kind": kind, "fusion": fusion, **{name: round(float(each.mean()), 4) for name, each in figures.items()}}
            for (kind, fusion), figures in measured.figures.items()
        ],
        "lines": [list(each) for each in measured.lines],
        "changes": [asdict(each) | {"taken": each.better} for each in measured.changes],
    }


def provenance(before: Measured, after: Measured) -> dict[str, str]:
    """For `boosts.json`; the same run twice where nothing was taken."""
    taken = [each for each in before.changes if each.better]
    moved = "; ".join(
        f"{', '.join(f'{name} {value:g}' for name, value in each.values.items())}: "
        f"{each.gain:+.3f} ({each.low:+.3f} to {each.high:+.3f})"
        for each in taken
    )
    return {
        "run": f"frontispiece evaluate relevance --write, {datetime.now(UTC):%Y-%m-%d}",
        "judged set": before.data,
        "NDCG@10 before": _ndcg(before),
        "NDCG@10 after": _ndcg(after),
        "taken, with its gain on held-out questions": moved or "nothing was better by more than noise",
        "not measured": "word_knn_boost and the weights of models that were not in the index",
    }


def _ndcg(measured: Measured) -> str:
    return ", ".join(
        f"{KINDS[kind]} ({fusion}) {figures['NDCG@10'].mean():.3f}"
        for (kind, fusion), figures in measured.figures.items()
    )
