"""What `evaluate retrieval` found, as tables: by model, by kind of query and by label."""

from collections.abc import Sequence

import numpy as np

from evaluation.pictures.altered import MEANINGS, PAPER
from evaluation.reporting.tables import Cell, Table, between, percent
from evaluation.retrieval.retrieved import Retrieval
from evaluation.retrieval.scores import TOPS, Scores

PAPER_N = 684
PAPER_HITS = {"siglip": (529, 633, 645, 665), "clip": (492, 596, 613, 638), "vit": (529, 582, 597, 612)}
"""Of the paper's 684 queries, found among the first 1, 5, 10 and 50 of its 422,589 pictures."""

NOTE = (
    "Every picture is a query once, blank ones too, and all pictures are the gallery; files with the same pixels are "
    "the same picture, and so are sheets of one colour. In brackets 95 % intervals (Wilson's; of MRR bootstrap)."
)
UNLABELLED = "(none)"


def tables(measured: Retrieval) -> list[Table]:
    """Per model, per kind of query and per label."""
    return [by_model(measured), *by_kind(measured), *by_label(measured)]


def by_model(measured: Retrieval) -> Table:
    """The paper's table, with the paper's figure beside ours."""
    columns = ["model", *(f"top-{k}" for k in TOPS), "MRR", "queries", *(f"paper top-{k}" for k in TOPS)]
    rows = [_row(measured.of(method)) for method in measured.methods]
    note = f"{NOTE} The paper looked for {PAPER_N} pictures among 422,589."
    return Table(title="Exact retrieval, the paper's queries", columns=columns, rows=rows, note=note)


def _row(scores: Scores) -> list[Cell]:
    paper = PAPER_HITS.get(scores.method, (None,) * len(TOPS))
    tops = [_share(scores, k) for k in TOPS]
    mrr = between(scores.mrr, *scores.mrr_interval)
    beside = ["" if hits is None else percent(hits / PAPER_N) for hits in paper]
    return [scores.method, *tops, mrr, scores.n, *beside]


def _share(scores: Scores, k: int) -> str:
    return percent(scores.top(k), *scores.top_interval(k))


def by_kind(measured: Retrieval) -> list[Table]:
    """Top-1 and top-10 of each method on each kind of query; none where there is but the paper's."""
    if measured.kinds == [PAPER]:
        return []
    columns = ["queries", "what was done", *(f"{method} top-{k}" for method in measured.methods for k in (1, 10))]
    rows = [
        [kind, MEANINGS[kind], *(_share(measured.of(method, kind), k) for method in measured.methods for k in (1, 10))]
        for kind in measured.kinds
    ]
    return [Table(title="Harder queries", columns=columns, rows=rows, note="Each alteration alone, on every picture.")]


def by_label(measured: Retrieval) -> list[Table]:
    """Which kinds of picture are hard to find, a table per method; none where nobody labelled them."""
    labels = np.array([picture.label for picture in measured.pictures])
    return [_of_labels(measured, method, labels) for method in measured.methods] if any(labels) else []


def _of_labels(measured: Retrieval, method: str, labels: np.ndarray) -> Table:
    harder = [kind for kind in measured.kinds if kind != PAPER]
    columns = ["label", "queries", "top-1", "top-10", "MRR", "not first", *(f"{kind} top-1" for kind in harder)]
    rows: list[list[Cell]] = []
    for label in sorted(set(labels.tolist())):
        some, *others = [measured.of(method, kind).only(labels == label) for kind in (PAPER, *harder)]
        shares = [percent(each.top(1)) for each in others]
        first: list[Cell] = [_share(some, 1), _share(some, 10), some.mrr, some.n - some.hits(1)]
        rows.append([label or UNLABELLED, some.n, *first, *shares])
    note = f"Not first: {_missed(measured, method) or 'none'}."
    return Table(title=f"By label, the paper's queries: {method}", columns=columns, rows=rows, note=note)


SHOWN = 20


def _missed(measured: Retrieval, method: str) -> str:
    """The pictures that another stood before, with the place at which they came."""
    ranks: Sequence[float] = measured.of(method).ranks.tolist()
    missed = [f"{each.name} ({rank:g})" for each, rank in zip(measured.pictures, ranks, strict=True) if rank > 1]
    more = len(missed) - SHOWN
    return ", ".join(missed[:SHOWN]) + (f" and {more} more" if more > 0 else "")
