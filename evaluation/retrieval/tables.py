"""Tables of retrieval: by model, by kind of query and by label."""

from collections.abc import Sequence

import numpy as np

from evaluation.pictures.queries import MEANINGS, PAPER
from evaluation.reporting.tables import Cell, ReportTable, format_interval, percent
from evaluation.retrieval.results import RetrievalResults
from evaluation.retrieval.scores import TOP_KS, QueryRanks

PAPER_QUERY_COUNT = 684
PAPER_HITS = {"siglip": (529, 633, 645, 665), "clip": (492, 596, 613, 638), "vit": (529, 582, 597, 612)}
"""Of the paper's 684 queries, those with the picture among the first 1, 5, 10 and 50 of 422,589."""

NOTE = (
    "Each picture is a query once, including blank ones, and all pictures are the gallery. Files with the same pixels, "
    "and sheets of one colour, count as one picture. Brackets contain 95 % intervals (Wilson; bootstrap for MRR)."
)
UNLABELLED = "(none)"


def tables(results: RetrievalResults) -> list[ReportTable]:
    """Return the tables by model, by kind of query and by label."""
    return [model_table(results), *kind_tables(results), *label_tables(results)]


def model_table(results: RetrievalResults) -> ReportTable:
    """Show the table of the paper, with its figures beside ours."""
    columns = ["model", *(f"top-{k}" for k in TOP_KS), "MRR", "queries", *(f"paper top-{k}" for k in TOP_KS)]
    rows = [_model_row(results.scores_of(method)) for method in results.methods]
    note = f"{NOTE} The paper searched for {PAPER_QUERY_COUNT} pictures among 422,589."
    return ReportTable(title="Exact retrieval, the paper's queries", columns=columns, rows=rows, note=note)


def _model_row(scores: QueryRanks) -> list[Cell]:
    paper_hits = PAPER_HITS.get(scores.method, (None,) * len(TOP_KS))
    top_k_shares = [_format_top_k_share(scores, k) for k in TOP_KS]
    mrr = format_interval(scores.mrr, *scores.mrr_interval)
    paper_shares = ["" if hits is None else percent(hits / PAPER_QUERY_COUNT) for hits in paper_hits]
    return [scores.method, *top_k_shares, mrr, scores.n, *paper_shares]


def _format_top_k_share(scores: QueryRanks, k: int) -> str:
    return percent(scores.top_k_share(k), *scores.top_k_interval(k))


def kind_tables(results: RetrievalResults) -> list[ReportTable]:
    """Show top-1 and top-10 of each method on each kind of query, if harder queries were measured."""
    if results.query_kinds == [PAPER]:
        return []
    columns = ["queries", "what was done", *(f"{method} top-{k}" for method in results.methods for k in (1, 10))]
    rows = [
        [
            kind,
            MEANINGS[kind],
            *(_format_top_k_share(results.scores_of(method, kind), k) for method in results.methods for k in (1, 10)),
        ]
        for kind in results.query_kinds
    ]
    return [
        ReportTable(
            title="Harder queries",
            columns=columns,
            rows=rows,
            note="Each alteration is applied alone to every picture.",
        )
    ]


def label_tables(results: RetrievalResults) -> list[ReportTable]:
    """Show the scores by label, one table per method; no table if the pictures have no labels."""
    labels = np.array([picture.label for picture in results.pictures])
    return [_label_table(results, method, labels) for method in results.methods] if any(labels) else []


def _label_table(results: RetrievalResults, method: str, labels: np.ndarray) -> ReportTable:
    harder_kinds = [kind for kind in results.query_kinds if kind != PAPER]
    columns = ["label", "queries", "top-1", "top-10", "MRR", "not first", *(f"{kind} top-1" for kind in harder_kinds)]
    rows: list[list[Cell]] = []
    for label in sorted(set(labels.tolist())):
        paper_scores, *harder_scores = [
            results.scores_of(method, kind).subset(labels == label) for kind in (PAPER, *harder_kinds)
        ]
        harder_shares = [percent(kind_scores.top_k_share(1)) for kind_scores in harder_scores]
        paper_cells: list[Cell] = [
            _format_top_k_share(paper_scores, 1),
            _format_top_k_share(paper_scores, 10),
            paper_scores.mrr,
            paper_scores.n - paper_scores.hit_count(1),
        ]
        rows.append([label or UNLABELLED, paper_scores.n, *paper_cells, *harder_shares])
    note = f"Not first: {_list_misses(results, method) or 'none'}."
    return ReportTable(title=f"By label, the paper's queries: {method}", columns=columns, rows=rows, note=note)


MAX_NAMED_MISSES = 20


def _list_misses(results: RetrievalResults, method: str) -> str:
    """List the pictures that are not ranked first, with their ranks."""
    ranks: Sequence[float] = results.scores_of(method).ranks.tolist()
    misses = [f"{picture.name} ({rank:g})" for picture, rank in zip(results.pictures, ranks, strict=True) if rank > 1]
    omitted_count = len(misses) - MAX_NAMED_MISSES
    return ", ".join(misses[:MAX_NAMED_MISSES]) + (f" and {omitted_count} more" if omitted_count > 0 else "")
