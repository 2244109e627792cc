"""Relevance is measured with the search that is served."""

import json
from dataclasses import replace
from pathlib import Path

from elasticsearch import Elasticsearch

from api.search.boosts import BOOSTS, load
from core.settings import Settings
from evaluation.relevance.asking import opened, throw_away
from evaluation.relevance.command import measure, write
from evaluation.relevance.judgements import KINDS, Judged, judged_set
from evaluation.relevance.tables import Measured, answer, tables
from tests.library import Library
from tests.loops import run
from tests.paths import SPECIMEN


def test_questions_are_answered_as_the_service_answers_them(specimen: Library) -> None:
    """Without highlights the order and the scores of the clauses are those of the API."""
    words = "brig under full sail"

    async def asked() -> list[str]:
        async with opened(specimen.settings, specimen.url) as library:
            return list((await library.ask(Judged(kind="words", target="", words=words), size=10)).ids)

    assert run(asked) == [hit["id"] for hit in specimen.ask(q=words, size=10)["hits"]]


def test_other_boosts_make_another_order(specimen: Library) -> None:
    """Pictures that hardly count leave the words' own first place alone; pictures that outvote them do not."""
    judged = Judged(kind="two", target="", words="puffin", picture=_name(specimen, "P6_CB00001"))

    async def first(knn_boost: float) -> str:
        async with opened(specimen.settings, specimen.url) as library:
            return (await library.ask(judged, boosts=replace(BOOSTS, knn_boost=knn_boost))).ids[0]

    assert "00000008_IL000001" in run(first, 0.1)
    assert "P6_CB00001" in run(first, 1000.0)


def test_a_run_measures_every_kind_and_writes_what_it_found(specimen: Library, tmp_path: Path) -> None:
    measured = run(_measured, specimen)
    assert {kind for kind, _ in measured.figures} == set(KINDS)
    assert all(0 <= figures["NDCG@10"].min() <= figures["NDCG@10"].max() <= 1 for figures in measured.figures.values())
    assert measured.figures["words", "sum"]["NDCG@10"].mean() > 0.8
    assert next(table.title for table in tables(measured)) == "Relevance"
    assert json.loads(json.dumps(answer(measured)))["data"] == measured.data
    write(measured, measured, tmp_path / "boosts.json")
    written = load(tmp_path / "boosts.json")
    assert replace(written, provenance=BOOSTS.provenance) == measured.boosts
    assert measured.data in written.provenance["judged set"]


async def _measured(specimen: Library) -> Measured:
    async with opened(specimen.settings, specimen.url) as library:
        judged = judged_set(await library.documents(), copies=3, pages=3)
        few = [each for kind in KINDS for each in [one for one in judged if one.kind == kind][:6]]
        return await measure(library, few, tune=True)


def _name(specimen: Library, part: str) -> str:
    return next(each for each in specimen.documents() if part in each)


def test_books_that_are_only_measured_leave_nothing_behind(
    client: Elasticsearch, node_url: str, tmp_path: Path
) -> None:
    settings = Settings(elasticsearch_url=node_url, models="sscd")
    before = set(client.indices.get(index="*"))
    with throw_away(settings, node_url, [str(SPECIMEN / "sange-1891")], tmp_path) as own:
        assert client.count(index=own.alias)["count"] == 12
    assert set(client.indices.get(index="*")) == before
