"""`evaluate retrieval`: is a picture found again when a reader brings a turned, cut, scaled or worse copy of it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from api.evaluation import plots, transformations
from api.evaluation.folder import LabelledPicture
from api.evaluation.material import gathered
from api.evaluation.options import images_option, json_option, labels_option, models_option
from api.evaluation.report import Section
from api.evaluation.scores import TOPS, Scores, ranks
from api.evaluation.served import Served, measure_served
from api.evaluation.served import table as served_table
from api.evaluation.tables import Cell, Table, percent, show
from api.evaluation.transformations import HARDER, SEED, Alter
from api.evaluation.vectors import View, encode, encode_pictures
from indexer.encoders import Encoder, Vectors
from indexer.encoders.queries import encode_queries
from indexer.settings import Settings

FUSED = "fused"
PAPER = "paper"
PAPER_N = 684
PAPER_HITS = {"siglip": (529, 633, 645, 665), "clip": (492, 596, 613, 638), "vit": (529, 582, 597, 612)}
"""Of the paper's 684 queries, found among the first 1, 5, 10 and 50 of its 422,589 pictures."""

NOTE = (
    "Every picture is a query once, blank ones too, and all pictures are the gallery; files with the same pixels are "
    "the same picture, and so are sheets of one colour. In brackets 95 % intervals (Wilson's; of MRR bootstrap)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of query: what happens to each picture."""

    name: str
    key: str
    """Says all that the altered pixels depend on, but for the picture."""
    alterations: Sequence[Alter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """What was measured, by kind of query and by method."""

    pictures: Sequence[LabelledPicture]
    scores: Sequence[Scores]

    def of(self, method: str, queries: str = PAPER) -> Scores:
        return next(each for each in self.scores if (each.method, each.queries) == (method, queries))

    @property
    def methods(self) -> list[str]:
        return list(dict.fromkeys(each.method for each in self.scores))


def kinds(count: int, *, seed: int = SEED, quirk: bool = False, harder: bool = False) -> list[Kind]:
    """The paper's queries and, where asked for, the harder ones."""
    drawn = transformations.paper(count, seed, quirk=quirk)
    paper = Kind(name=PAPER, key=f"paper, seed {seed}, quirk {quirk}", alterations=drawn)
    if not harder:
        return [paper]
    more = [
        Kind(name=each.name, key=f"{each.name}, seed {seed}", alterations=transformations.of(each, count, seed))
        for each in HARDER
    ]
    return [paper, *more]


def measure(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, asked: Sequence[Kind]
) -> Retrieval:
    """Every model, and all of them together, on every kind of query; the search is exact."""
    gallery = {encoder.name: encode_pictures(encoder, pictures, settings) for encoder in encoders}
    found: list[Scores] = []
    for kind in asked:
        queries = {encoder.name: query_vectors(encoder, pictures, kind, settings) for encoder in encoders}
        methods = [[name] for name in gallery] + ([list(gallery)] if len(gallery) > 1 else [])
        found += [_scores(pictures, kind.name, names, queries, gallery) for names in methods]
    return Retrieval(pictures=pictures, scores=found)


def query_vectors(encoder: Encoder, pictures: Sequence[LabelledPicture], kind: Kind, settings: Settings) -> Vectors:
    """The altered pictures, encoded as an uploaded one is."""
    views = [
        # The paper's alteration depends on the picture's place among the queries.
        View(f"{kind.key}, {number}: {picture.digest}", _altered(picture, alter))
        for number, (picture, alter) in enumerate(zip(pictures, kind.alterations, strict=True))
    ]
    title = f"{encoder.name}: {kind.name}"
    return encode(encoder, views, settings, title=title, by=lambda images: encode_queries(encoder, images), way="query")


def _altered(picture: LabelledPicture, alter: Alter) -> Any:
    return lambda: alter(picture.open())


def _scores(
    pictures: Sequence[LabelledPicture],
    kind: str,
    names: Sequence[str],
    queries: Mapping[str, Vectors],
    gallery: Mapping[str, Vectors],
) -> Scores:
    """With several models, the mean of their cosines: what the service's kNN clauses add up to."""

    def likeness(start: int, end: int) -> np.ndarray:
        return np.mean([queries[name][start:end] @ gallery[name].T for name in names], axis=0)

    digests = [picture.digest for picture in pictures]
    method = names[0] if len(names) == 1 else FUSED
    return Scores(method, kind, len(pictures), ranks(likeness, digests, digests))


def through_elasticsearch(
    pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings, kind: Kind
) -> list[Served]:
    """The same vectors and queries through a throw-away index of the node."""
    gallery = {encoder.name: encode_pictures(encoder, pictures, settings) for encoder in encoders}
    queries = {encoder.name: query_vectors(encoder, pictures, kind, settings) for encoder in encoders}
    return measure_served(encoders, gallery, queries, [picture.digest for picture in pictures], settings)


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
    tops = [percent(scores.top(k), *scores.top_interval(k)) for k in TOPS]
    mrr = "{:.3f} ({:.3f}–{:.3f})".format(scores.mrr, *scores.mrr_interval)
    beside = ["" if hits is None else percent(hits / PAPER_N) for hits in paper]
    return [scores.method, *tops, mrr, scores.n, *beside]


def by_kind(measured: Retrieval) -> list[Table]:
    """Top-1 and top-10 of each method on each kind of query; none where there is but the paper's."""
    asked = list(dict.fromkeys(each.queries for each in measured.scores))
    if len(asked) == 1:
        return []
    columns = ["queries", "what was done", *(f"{method} top-{k}" for method in measured.methods for k in (1, 10))]
    meanings = {each.name: each.meaning for each in HARDER} | {PAPER: "turned, cut and scaled as in the paper"}
    rows = [
        [
            kind,
            meanings[kind],
            *(percent(measured.of(method, kind).top(k)) for method in measured.methods for k in (1, 10)),
        ]
        for kind in asked
    ]
    return [Table(title="Harder queries", columns=columns, rows=rows, note="Each alteration alone, on every picture.")]


def by_label(measured: Retrieval) -> list[Table]:
    """Which kinds of picture are hard to find; none where nobody labelled them."""
    labels = np.array([picture.label for picture in measured.pictures])
    if not any(labels):
        return []
    columns = [
        "label",
        "queries",
        *(f"{method} {what}" for method in measured.methods for what in ("top-1", "top-10", "MRR")),
    ]
    rows: list[list[Cell]] = []
    for label in sorted(set(labels.tolist())):
        some = [measured.of(method).only(labels == label) for method in measured.methods]
        figures = [cell for each in some for cell in (percent(each.top(1)), percent(each.top(10)), each.mrr)]
        rows.append([label or "(none)", some[0].n, *figures])
    return [Table(title="By label, the paper's queries", columns=columns, rows=rows)]


def figures(measured: Retrieval) -> dict[str, Any]:
    """For programs; the harder queries only where they were asked."""
    models = {method: measured.of(method).figures() for method in measured.methods}
    harder: dict[str, dict[str, Any]] = {}
    for each in measured.scores:
        if each.queries != PAPER:
            harder.setdefault(each.queries, {})[each.method] = each.figures()
    return {"models": models} | ({"harder": harder} if harder else {})


def section(pictures: Sequence[LabelledPicture], encoders: Sequence[Encoder], settings: Settings) -> Section:
    """The report's part: the paper's queries and the harder ones."""
    measured = measure(pictures, encoders, settings, kinds(len(pictures), harder=True))
    scores = [measured.of(method) for method in measured.methods]
    return Section("Retrieval", tables(measured), [plots.positions(scores)])


@click.command("retrieval")
@images_option
@labels_option
@models_option
@click.option("--seed", default=SEED, show_default=True, help="What the alterations are drawn from.")
@click.option(
    "--paper-quirk", is_flag=True, help="Cut the bottom by what was drawn for the top, as the paper's code does."
)
@click.option("--harder", is_flag=True, help="Also grey, JPEG, bleed-through, half the picture, a photograph of it.")
@click.option("--served", "as_served", is_flag=True, help="Also through Elasticsearch: recall against latency.")
@json_option
def command(
    images: Path,
    labels: Path | None,
    models: str,
    seed: int,
    *,
    paper_quirk: bool,
    harder: bool,
    as_served: bool,
    as_json: bool,
) -> None:
    """Alter every picture and look whether it finds itself among all of them."""
    pictures, encoders, settings = gathered(images, labels, models)
    asked = kinds(len(pictures), seed=seed, quirk=paper_quirk, harder=harder)
    measured = measure(pictures, encoders, settings, asked)
    shown = tables(measured)
    if as_served:
        shown.append(served_table(through_elasticsearch(pictures, encoders, settings, asked[0])))
    show(shown, figures(measured), as_json=as_json)
