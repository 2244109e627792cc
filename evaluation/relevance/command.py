"""`evaluate relevance`: does the search that is served put the right answers first, and with which boosts?"""

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import anyio
import click
import numpy as np

from api.search.boosts import BOOSTS, FILE, Boosts
from api.search.cut_off import STEPS, close
from api.search.request import PAGE_SIZE, Fusion
from core.settings import Settings
from evaluation.options import json_option
from evaluation.pictures.vectors import console
from evaluation.relevance.asking import DEEP, Found, Library, opened, throw_away
from evaluation.relevance.gains import Figures, ndcg, recall, reciprocal_rank
from evaluation.relevance.judgements import KINDS, Judged, digest, judged_set
from evaluation.relevance.tables import METRICS, Measured, answer, provenance, tables
from evaluation.relevance.tuning import Change, chosen_value, tuned_clauses, with_factors
from evaluation.reporting.tables import show
from indexer.cli import elasticsearch_url

COPIES, PAGES = 100, 40
"""Pictures whose copies are looked for, pages whose words are."""

FUSIONS: Sequence[Fusion] = get_args(Fusion)
FUSED = ("words", "picture", "both", "two")
"""Kinds of question that find pictures; pages and books have nothing to fuse."""

BALANCES = (0.3, 0.4, 0.5, 0.6, 0.7)
FORMS: Mapping[str, Sequence[float]] = {"folded": (0.7, 0.9), "stem": (0.5, 0.8), "misread": (0.1, 0.3, 0.6)}
THINNED = 3
"""What must be asked anew for every value is asked of every third question."""

ALL_THAT_MATCH = 1000
"""Results of the answers on which boosts are tried: another boost may lift what was far down."""

LINES = (3.0, 4.0, STEPS, 6.0, 8.0)
"""Values of `api.search.cut_off.STEPS`."""


async def measure(library: Library, judged: Sequence[Judged], *, tune: bool, boosts: Boosts = BOOSTS) -> Measured:
    """Asks every question under every fusion and, where asked for, tries other boosts."""
    answers = {fusion: await _answers(library, judged, fusion, boosts) for fusion in FUSIONS}
    kinds = [kind for kind in KINDS if any(each.kind == kind for each in judged)]
    changes = await _changes(library, answers["sum"]) if tune else []
    return Measured(
        data=f"{digest(judged)}, {len(judged)} questions",
        figures={
            (kind, fusion): _figures([pair for pair in answers[fusion] if pair[0].kind == kind])
            for kind in kinds
            for fusion in FUSIONS
            if fusion == "sum" or kind in FUSED
        },
        targets={kind: [each.target for each in judged if each.kind == kind] for kind in kinds},
        lines=_lines([pair for pair in answers["sum"] if pair[0].kind == "picture"]),
        changes=changes,
        boosts=_changed(boosts, changes),
    )


async def _answers(
    library: Library, judged: Sequence[Judged], fusion: Fusion, boosts: Boosts
) -> list[tuple[Judged, Found]]:
    asked = [each for each in judged if fusion == "sum" or each.kind in FUSED]
    console.print(f"{fusion}: {len(asked)} questions…")
    size = ALL_THAT_MATCH if fusion == "sum" else DEEP
    return [(each, await library.ask(each, fusion, boosts, size=size)) for each in asked]


def _figures(answered: Sequence[tuple[Judged, Found]]) -> dict[str, Figures]:
    rows = [
        (
            ndcg(found.ids, judged.grades),
            reciprocal_rank(found.ids[:DEEP], judged.right),
            recall(found.ids, judged.right),
            recall(found.ids, judged.right, DEEP),
        )
        for judged, found in answered
    ]
    return dict(zip(METRICS, np.array(rows).T, strict=True))


def _lines(answered: Sequence[tuple[Judged, Found]]) -> list[tuple[float, float, float, float]]:
    """How often the line under which "nothing is closer" is right, for several of its constants."""
    first = [
        (
            found.looks[:PAGE_SIZE],
            [look for each, look in zip(found.ids, found.looks, strict=False) if each not in judged.right][:PAGE_SIZE],
        )
        for judged, found in answered
        if found.ids[:1] and found.ids[0] in judged.right
    ]
    return [_line(steps, first) for steps in LINES if first]


def _line(steps: float, first: Sequence[tuple[Sequence[float], Sequence[float]]]) -> tuple[float, float, float, float]:
    there, gone = ([close(each, steps) for each in pages] for pages in zip(*first, strict=True))
    shares = np.array([[bool(each) for each in there], [not each for each in gone], [each is None for each in there]])
    right, none, untold = shares.mean(axis=1).tolist()
    return steps, right, none, untold


async def _changes(library: Library, answered: Sequence[tuple[Judged, Found]]) -> list[Change]:
    """Clauses from the answers that there are; what is no factor of a score is asked for anew."""
    clauses = [name for name in BOOSTS.clauses if name not in ("identifiers", "exact title")]
    models = sorted({name for _, found in answered for each in found.scores for name in each} & BOOSTS.models.keys())
    # Models first: all words together over pictures is one number, not one per clause.
    changes = [tuned_clauses(answered, [*models, *clauses])]
    worded = [judged for judged, _ in answered if not judged.picture][::THINNED]
    for name, values in FORMS.items():
        console.print(f"{name}: {len(values)} values…")
        options = {value: await _asked_with(library, worded, ("sum",), _with_form(name, value)) for value in values}
        changes.append(chosen_value(name, getattr(BOOSTS.forms, name), options, worded))
    mixed = [judged for judged, _ in answered if judged.kind in ("both", "two")]
    if mixed:
        console.print(f"balance: {len(BALANCES)} values…")
        ways: Sequence[Fusion] = ("convex", "rrf")
        options = {
            value: await _asked_with(library, mixed, ways, replace(BOOSTS, balance=value))
            for value in {*BALANCES, BOOSTS.balance}
        }
        changes.append(chosen_value("balance", BOOSTS.balance, options, mixed))
    return changes


async def _asked_with(library: Library, judged: Sequence[Judged], fusions: Sequence[Fusion], boosts: Boosts) -> Figures:
    """NDCG per question, the mean of the fusions."""
    rows = [
        [ndcg((await library.ask(each, fusion, boosts, size=PAGE_SIZE)).ids, each.grades) for each in judged]
        for fusion in fusions
    ]
    return np.array(rows).mean(axis=0)


def _with_form(name: str, value: float) -> Boosts:
    changed: dict[str, float] = {name: value}
    return replace(BOOSTS, forms=replace(BOOSTS.forms, **changed))


def _changed(boosts: Boosts, changes: Sequence[Change]) -> Boosts:
    for change in changes:
        if not change.better:
            continue
        if change.what == "clauses":
            boosts = with_factors(boosts, change.values)
        elif change.what == "balance":
            boosts = replace(boosts, balance=change.values["balance"])
        else:
            boosts = replace(boosts, forms=replace(boosts.forms, **change.values))
    return boosts


def write(before: Measured, after: Measured, file: Path = FILE) -> None:
    """The numbers that the service will use, and where they are from."""
    found = {**asdict(before.boosts), "provenance": provenance(before, after)}
    file.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")


@click.command("relevance")
@click.argument("where", nargs=-1)
@click.option("--alias", default="", help="Measure this collection as it is; else the settings' own.")
@json_option
@click.option("--tune", is_flag=True, help="Try other boosts, too.")
@click.option("--write", "written", is_flag=True, help="Try other boosts and write those that are better.")
def command(where: tuple[str, ...], alias: str, *, as_json: bool, tune: bool, written: bool) -> None:
    """Measure the order of results on questions made from what is indexed.

    WHERE are books as `frontispiece index` takes them: they are indexed under a name of their own, which is deleted
    afterwards. Without them the collection of the settings is measured.
    """
    settings = Settings.from_environ()
    if alias:
        settings = settings.model_copy(update={"alias": alias})
    url = elasticsearch_url(settings)
    with TemporaryDirectory() as data:
        there = throw_away(settings, url, where, Path(data)) if where else nullcontext(settings)
        with there as asked:
            runs = anyio.run(_run, asked, url, tune or written)
    show([table for run in runs for table in tables(run)], {"runs": [answer(run) for run in runs]}, as_json=as_json)
    if written:
        write(runs[0], runs[-1])


async def _run(settings: Settings, url: str, tune: bool) -> list[Measured]:  # noqa: FBT001 (anyio passes no names)
    """As it is; and, where other boosts are better, with them."""
    async with opened(settings, url) as library:
        judged = judged_set(await library.documents(), copies=COPIES, pages=PAGES)
        first = await measure(library, judged, tune=tune)
        better = any(change.better for change in first.changes)
        return [first, await measure(library, judged, tune=False, boosts=first.boosts)] if better else [first]
