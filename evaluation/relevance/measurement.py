"""The relevance of the service's results, under each fusion and with other boosts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import get_args

import numpy as np

from api.search.boosts import BOOSTS, BOOSTS_FILE, Boosts
from api.search.choices import Fusion
from api.search.cut_off import THRESHOLD_SLOPES, count_outliers
from api.search.parameters import PAGE_SIZE
from core.console import print_message
from core.settings import Settings
from evaluation.relevance.judgements import QUERY_TYPES, JudgedQuery, build_query_set, query_set_digest
from evaluation.relevance.metrics import QueryScores, ndcg, recall, reciprocal_rank
from evaluation.relevance.search_session import (
    RESULT_DEPTH,
    RankedResults,
    SearchSession,
    open_session,
)
from evaluation.relevance.tables import METRICS, RelevanceResults, provenance
from evaluation.relevance.tuning import BoostChange, choose_value, multiply_boosts, tune_clauses

MAX_COPIES, MAX_PAGES = 100, 40
"""The largest number of pictures with copy queries, and of pages with page queries."""

FUSIONS: Sequence[Fusion] = [fusion for fusion in get_args(Fusion) if fusion != "auto"]
FUSED_QUERY_TYPES = ("words", "picture", "both", "two")
"""Query types that find pictures; results for pages and books are not fused."""

BALANCE_VALUES = (0.3, 0.4, 0.5, 0.6, 0.7)
FORM_VALUES: Mapping[str, Sequence[float]] = {"folded": (0.7, 0.9), "stem": (0.5, 0.8), "misread": (0.1, 0.3, 0.6)}
FORM_QUERY_STRIDE = 3
"""Values that need new searches are tried on every third query."""

MAX_RESULTS = 1000
"""Results per query for tuning, because other boosts may lift results from far down."""

CUT_OFF_STEPS = (3.0, 4.0, THRESHOLD_SLOPES, 6.0, 8.0)
"""Values that are compared with `api.search.cut_off.THRESHOLD_SLOPES`."""


async def measure(
    session: SearchSession, judged_queries: Sequence[JudgedQuery], *, tune: bool, boosts: Boosts = BOOSTS
) -> RelevanceResults:
    """Run every query under every fusion and, with `tune`, search for better boosts."""
    results_by_fusion = {fusion: await _search_all(session, judged_queries, fusion, boosts) for fusion in FUSIONS}
    query_types = [
        query_type
        for query_type in QUERY_TYPES
        if any(judged_query.query_type == query_type for judged_query in judged_queries)
    ]
    changes = await _tune_boosts(session, results_by_fusion["sum"]) if tune else []
    return RelevanceResults(
        query_set=f"{query_set_digest(judged_queries)}, {len(judged_queries)} queries",
        scores={
            (query_type, fusion): _metric_scores(
                [pair for pair in results_by_fusion[fusion] if pair[0].query_type == query_type]
            )
            for query_type in query_types
            for fusion in FUSIONS
            if fusion == "sum" or query_type in FUSED_QUERY_TYPES
        },
        queries={
            query_type: [judged_query for judged_query in judged_queries if judged_query.query_type == query_type]
            for query_type in query_types
        },
        cut_off_rows=_cut_off_rows([pair for pair in results_by_fusion["sum"] if pair[0].query_type == "picture"]),
        changes=changes,
        boosts=_apply_changes(boosts, changes),
    )


async def _search_all(
    session: SearchSession, judged_queries: Sequence[JudgedQuery], fusion: Fusion, boosts: Boosts
) -> list[tuple[JudgedQuery, RankedResults]]:
    selected_queries = [
        judged_query
        for judged_query in judged_queries
        if fusion == "sum" or judged_query.query_type in FUSED_QUERY_TYPES
    ]
    print_message(f"{fusion}: {len(selected_queries)} queries…")
    size = MAX_RESULTS if fusion == "sum" else RESULT_DEPTH
    return [
        (judged_query, await session.search(judged_query, fusion, boosts, size=size))
        for judged_query in selected_queries
    ]


def _metric_scores(searched_queries: Sequence[tuple[JudgedQuery, RankedResults]]) -> dict[str, QueryScores]:
    rows = [
        (
            ndcg(results.ids, judged_query.grades),
            reciprocal_rank(results.ids[:RESULT_DEPTH], judged_query.relevant_ids),
            recall(results.ids, judged_query.relevant_ids),
            recall(results.ids, judged_query.relevant_ids, RESULT_DEPTH),
        )
        for judged_query, results in searched_queries
    ]
    return dict(zip(METRICS, np.array(rows).T, strict=True))


def _cut_off_rows(
    searched_queries: Sequence[tuple[JudgedQuery, RankedResults]],
) -> list[tuple[float, float, float, float]]:
    """Return a row of shares for each value of the outlier cut-off's constant (see `RelevanceResults.cut_off_rows`)."""
    similarity_pairs = [
        (
            results.similarities[:PAGE_SIZE],
            [
                similarity
                for document_id, similarity in zip(results.ids, results.similarities, strict=False)
                if document_id not in judged_query.relevant_ids
            ][:PAGE_SIZE],
        )
        for judged_query, results in searched_queries
        if results.ids[:1] and results.ids[0] in judged_query.relevant_ids
    ]
    return [_cut_off_row(steps, similarity_pairs) for steps in CUT_OFF_STEPS if similarity_pairs]


def _cut_off_row(
    steps: float, similarity_pairs: Sequence[tuple[Sequence[float], Sequence[float]]]
) -> tuple[float, float, float, float]:
    cut_offs_with_original, cut_offs_without_original = (
        [count_outliers(similarities, steps) for similarities in similarity_lists]
        for similarity_lists in zip(*similarity_pairs, strict=True)
    )
    shares = np.array(
        [
            [bool(cut_off) for cut_off in cut_offs_with_original],
            [not cut_off for cut_off in cut_offs_without_original],
            [cut_off is None for cut_off in cut_offs_with_original],
        ]
    )
    found_share, none_share, unknown_share = shares.mean(axis=1).tolist()
    return steps, found_share, none_share, unknown_share


async def _tune_boosts(
    session: SearchSession, searched_queries: Sequence[tuple[JudgedQuery, RankedResults]]
) -> list[BoostChange]:
    """Tune clause boosts on existing results; values that are no factor of a score need new searches."""
    clauses = [name for name in BOOSTS.clauses if name not in ("identifiers", "exact title")]
    models = sorted(
        {name for _, results in searched_queries for clause_scores in results.clause_scores for name in clause_scores}
        & BOOSTS.models.keys()
    )
    # Models come first: the weight of all text clauses against pictures is one number.
    changes = [tune_clauses(searched_queries, [*models, *clauses])]
    text_queries = [judged_query for judged_query, _ in searched_queries if not judged_query.picture_id][
        ::FORM_QUERY_STRIDE
    ]
    for name, values in FORM_VALUES.items():
        print_message(f"{name}: {len(values)} values…")
        options = {
            value: await _ndcg_per_query(session, text_queries, ("sum",), _boosts_with_form(name, value))
            for value in values
        }
        changes.append(choose_value(name, getattr(BOOSTS.forms, name), options, text_queries))
    mixed_queries = [judged_query for judged_query, _ in searched_queries if judged_query.query_type in ("both", "two")]
    if mixed_queries:
        print_message(f"balance: {len(BALANCE_VALUES)} values…")
        fusions: Sequence[Fusion] = ("convex", "rrf")
        options = {
            value: await _ndcg_per_query(session, mixed_queries, fusions, replace(BOOSTS, balance=value))
            for value in {*BALANCE_VALUES, BOOSTS.balance}
        }
        changes.append(choose_value("balance", BOOSTS.balance, options, mixed_queries))
    return changes


async def _ndcg_per_query(
    session: SearchSession, judged_queries: Sequence[JudgedQuery], fusions: Sequence[Fusion], boosts: Boosts
) -> QueryScores:
    """Return NDCG per query, averaged over the fusions."""
    rows = [
        [
            ndcg((await session.search(judged_query, fusion, boosts, size=PAGE_SIZE)).ids, judged_query.grades)
            for judged_query in judged_queries
        ]
        for fusion in fusions
    ]
    return np.asarray(np.array(rows).mean(axis=0), dtype=np.float64)


def _boosts_with_form(name: str, value: float) -> Boosts:
    form_change: dict[str, float] = {name: value}
    return replace(BOOSTS, forms=replace(BOOSTS.forms, **form_change))


def _apply_changes(boosts: Boosts, changes: Sequence[BoostChange]) -> Boosts:
    for change in changes:
        if not change.is_better:
            continue
        if change.what == "clauses":
            boosts = multiply_boosts(boosts, change.values)
        elif change.what == "balance":
            boosts = replace(boosts, balance=change.values["balance"])
        else:
            boosts = replace(boosts, forms=replace(boosts.forms, **change.values))
    return boosts


def write_boosts(before: RelevanceResults, after: RelevanceResults, file: Path = BOOSTS_FILE) -> None:
    """Write the boosts that the service will use, with their provenance."""
    content = {**asdict(before.boosts), "provenance": provenance(before, after)}
    file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


async def measure_collection(settings: Settings, url: str, *, tune: bool) -> list[RelevanceResults]:
    """Measure the current boosts and, if better ones are found, those too."""
    async with open_session(settings, url) as session:
        judged_queries = build_query_set(await session.fetch_documents(), max_copies=MAX_COPIES, max_pages=MAX_PAGES)
        results = await measure(session, judged_queries, tune=tune)
        has_better_boosts = any(change.is_better for change in results.changes)
        return (
            [results, await measure(session, judged_queries, tune=False, boosts=results.boosts)]
            if has_better_boosts
            else [results]
        )
