"""Relevance is measured with the service's own search."""

import json
from dataclasses import replace
from pathlib import Path

from elasticsearch import Elasticsearch

from api.search.boosts import BOOSTS, load_boosts
from core.settings import Settings
from evaluation.relevance.comparison import comparison_table, score_rows
from evaluation.relevance.judgements import QUERY_TYPES, JudgedQuery, build_query_set
from evaluation.relevance.measurement import measure, write_boosts
from evaluation.relevance.search_session import open_session, temporary_collection
from evaluation.relevance.tables import RelevanceResults, run_figures, tables
from tests.event_loops import run_coroutine
from tests.library import ServedLibrary
from tests.paths import SPECIMEN


def test_session_returns_the_hits_of_the_service(specimen: ServedLibrary) -> None:
    """Leaving out highlights does not change the ranking. Reprints are ranked, not folded."""
    query_text = "brig under full sail"

    async def search_ids() -> list[str]:
        async with open_session(specimen.settings, specimen.url) as library:
            return list(
                (await library.search(JudgedQuery(query_type="words", target="", query_text=query_text), size=10)).ids
            )

    hits = specimen.search(q=query_text, size=10, collapse="none")["hits"]
    assert run_coroutine(search_ids) == [hit["id"] for hit in hits]


def test_boosts_change_the_ranking(specimen: ServedLibrary) -> None:
    """With a low kNN boost the text decides on the first hit, with a high one the picture does."""
    judged_query = JudgedQuery(
        query_type="two", target="", query_text="puffin", picture_id=_find_picture_id(specimen, "P6_CB00001")
    )

    async def best_hit_id(knn_boost: float) -> str:
        async with open_session(specimen.settings, specimen.url) as library:
            return (await library.search(judged_query, boosts=replace(BOOSTS, knn_boost=knn_boost))).ids[0]

    assert "00000008_IL000001" in run_coroutine(best_hit_id, 0.1)
    assert "P6_CB00001" in run_coroutine(best_hit_id, 1000.0)


def test_run_measures_every_query_type_and_writes_boosts(specimen: ServedLibrary, tmp_path: Path) -> None:
    measurement = run_coroutine(_measure_specimen, specimen)
    assert {kind for kind, _ in measurement.scores} == set(QUERY_TYPES)
    assert all(
        0 <= figures["NDCG@10"].min() <= figures["NDCG@10"].max() <= 1 for figures in measurement.scores.values()
    )
    assert measurement.scores["words", "sum"]["NDCG@10"].mean() > 0.8
    assert next(table.title for table in tables(measurement)) == "Relevance"
    assert json.loads(json.dumps(run_figures(measurement)))["data"] == measurement.query_set
    rows = score_rows(measurement)
    assert {(query_type, fusion) for fusion, query_type, *_ in rows} == measurement.scores.keys()
    assert {row[4] for row in comparison_table(rows, rows).rows} == {"+0.000 (+0.000 to +0.000)"}
    write_boosts(measurement, measurement, tmp_path / "boosts.json")
    written_boosts = load_boosts(tmp_path / "boosts.json")
    assert replace(written_boosts, provenance=BOOSTS.provenance) == measurement.boosts
    assert measurement.query_set in written_boosts.provenance["judged set"]


async def _measure_specimen(specimen: ServedLibrary) -> RelevanceResults:
    async with open_session(specimen.settings, specimen.url) as library:
        judged_queries = build_query_set(await library.fetch_documents(), max_copies=3, max_pages=3)
        sample = [
            judged_query
            for kind in QUERY_TYPES
            for judged_query in [candidate for candidate in judged_queries if candidate.query_type == kind][:6]
        ]
        return await measure(library, sample, tune=True)


def _find_picture_id(specimen: ServedLibrary, id_part: str) -> str:
    return next(picture_id for picture_id in specimen.documents() if id_part in picture_id)


def test_temporary_collection_is_deleted(client: Elasticsearch, node_url: str, tmp_path: Path) -> None:
    settings = Settings(elasticsearch_url=node_url, models="sscd")
    with temporary_collection(settings, node_url, [str(SPECIMEN / "sange-1891")], tmp_path) as temporary_settings:
        assert client.count(index=temporary_settings.alias)["count"] == 12
    assert not client.indices.get(index=f"{temporary_settings.alias}*", expand_wildcards="all")
