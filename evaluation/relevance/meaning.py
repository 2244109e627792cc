"""Search by meaning: do English words find Norwegian, German and French captions?

The queries and their judgements are in `meaning_queries.csv`, written from the captions before any of them was
searched; the half `held out` was not looked at until the threshold and the boost were chosen. The captions are those of
`meaning_captions.csv`, written for this in the manner of books of 1840 to 1910, and the titles of the pictures in
collections of IIIF manifests, which stay where they are.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from api.search.choices import Meaning
from core.encoders.protocols import MeaningEncoder
from core.settings import Settings
from evaluation.relevance.caption_collection import Caption, open_caption_collection
from evaluation.relevance.judgements import JudgedQuery
from evaluation.relevance.meaning_vectors import VectorRanking, rank_by_vectors
from evaluation.relevance.metrics import QueryScores, ndcg, recall
from evaluation.relevance.search_session import open_session
from indexer.documents.hybrid import HybridDocument

METRICS = ("NDCG@10", "recall@10")
HALVES = ("tuning", "held out")
SWITCHES: Sequence[Meaning] = ("off", "on")
SEVERAL = "several"
"""The language of queries with answers in more than one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningQuery:
    """English words, with grades of captions by their ids."""

    query_text: str
    grades: Mapping[str, int]
    half: str
    language: str
    """The language of its captions; `SEVERAL` if they have more than one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningResult:
    """What the queries found, with and without their meaning."""

    queries: Sequence[MeaningQuery]
    captions: int
    scores: Mapping[Meaning, Mapping[str, QueryScores]]
    """Whether meaning is on → metric → one figure per query."""
    milliseconds_per_query: float
    milliseconds_per_passage: float
    rankings: Sequence[VectorRanking] = ()
    """What the vectors alone find for the queries of the tuning half."""


def read_captions(collection_files: Sequence[Path] = ()) -> list[Caption]:
    """Return the captions of this package and the titles in collections of IIIF manifests, each once."""
    captions = [Caption(id=row["id"], language=row["language"], text=row["caption"]) for row in _read_table("captions")]
    titles = [title for file in collection_files for title in _read_titles(file)]
    return list({caption.id: caption for caption in [*captions, *titles]}.values())


def read_queries(captions: Sequence[Caption]) -> list[MeaningQuery]:
    """Return the queries with an answer among the captions."""
    languages = {caption.id: caption.language for caption in captions}
    judged_queries = []
    for row in _read_table("queries"):
        grades = dict(_parse_grade(text) for text in row["grades"].split())
        known_grades = {caption_id: grade for caption_id, grade in grades.items() if caption_id in languages}
        if max(known_grades.values(), default=0) > 1:
            query_languages = {languages[caption_id] for caption_id in known_grades}
            language = query_languages.pop() if len(query_languages) == 1 else SEVERAL
            judged_queries.append(
                MeaningQuery(query_text=row["query"], grades=known_grades, half=row["half"], language=language)
            )
    return judged_queries


async def measure_meaning(
    settings: Settings, url: str, captions: Sequence[Caption], encoder: MeaningEncoder
) -> MeaningResult:
    """Search for every query with the service's own searcher, with and without its meaning."""
    meaning_queries = read_queries(captions)
    with open_caption_collection(settings, url, captions, encoder) as collection_settings:
        documents = {caption.id: caption.to_document() for caption in captions}
        async with open_session(collection_settings, url) as session:
            scores = {
                switch: _score(
                    meaning_queries,
                    documents,
                    [
                        (await session.search(_to_judged_query(meaning_query), meaning=switch)).ids
                        for meaning_query in meaning_queries
                    ],
                )
                for switch in SWITCHES
            }
    return MeaningResult(
        queries=meaning_queries,
        captions=len(captions),
        scores=scores,
        milliseconds_per_query=_median_milliseconds(
            encoder.encode_questions, [meaning_query.query_text for meaning_query in meaning_queries]
        ),
        milliseconds_per_passage=_median_milliseconds(
            encoder.encode_passages, [caption.text for caption in captions[: len(meaning_queries)]]
        ),
        rankings=rank_by_vectors(
            encoder,
            {caption.id: caption.text for caption in captions},
            [(query.query_text, query.grades) for query in meaning_queries if query.half == HALVES[0]],
        ),
    )


def _to_judged_query(meaning_query: MeaningQuery) -> JudgedQuery:
    return JudgedQuery(query_type="words", target="", query_text=meaning_query.query_text)


def _score(
    meaning_queries: Sequence[MeaningQuery], documents: Mapping[str, HybridDocument], results: Sequence[Sequence[str]]
) -> dict[str, QueryScores]:
    caption_ids = {document.id: caption_id for caption_id, document in documents.items()}
    ranked_captions = [[caption_ids[document_id] for document_id in ids] for ids in results]
    rows = [
        (
            ndcg(ranked_ids, meaning_query.grades),
            recall(ranked_ids, {caption_id for caption_id, grade in meaning_query.grades.items() if grade > 1}),
        )
        for meaning_query, ranked_ids in zip(meaning_queries, ranked_captions, strict=True)
    ]
    return dict(zip(METRICS, np.array(rows).T, strict=True))


def _median_milliseconds(encode: Any, texts: Sequence[str]) -> float:
    times = []
    for text in texts:
        start = perf_counter()
        encode([text])
        times.append(1000 * (perf_counter() - start))
    return float(np.median(times))


def _read_table(name: str) -> list[dict[str, str]]:
    with files("evaluation.relevance").joinpath(f"meaning_{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _parse_grade(text: str) -> tuple[str, int]:
    caption_id, _, grade = text.rpartition(":")
    return caption_id, int(grade)


def _read_titles(file: Path) -> list[Caption]:
    """Return the titles of the manifests in a French collection, without the library's name at their end."""
    items = json.loads(file.read_text("utf-8"))["items"]
    return [
        Caption(
            id=item["id"].removesuffix("/manifest.json").rpartition("/")[2],
            language="fr",
            text=item["label"].removesuffix(" (BnF)"),
            is_title=True,
        )
        for item in items
        if isinstance(item.get("label"), str)
    ]
