"""Draws what a sheet asks from an index: pictures that are left out, pictures that are shown, and search results."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from api.elasticsearch.queries.filters import DECORATION_CLAUSE, HIDDEN_CLAUSE, NO_DECORATION_CLAUSE
from api.search.decorations import read_decoration
from core.errors import FrontispieceError
from evaluation.relevance.indexed_documents import IndexedDocument, document_id, document_language, field_text
from evaluation.relevance.judgements import JudgedQuery
from evaluation.relevance.query_variants import pick_words, query_words
from evaluation.relevance.search_session import SearchSession
from evaluation.study.items import DRAWN, SERVED, SHOWN, StudyItem, StudyKey, StudyQuery, build_key

MAX_REASONS_SCANNED = 2000
"""Pictures looked at to learn for which reasons pictures are left out."""
MIN_QUERY_WORDS = 2

LEFT_OUT_CLAUSE = {"bool": {"should": [HIDDEN_CLAUSE, DECORATION_CLAUSE]}}
SHOWN_CLAUSE = {"bool": {"must_not": [HIDDEN_CLAUSE], "filter": [NO_DECORATION_CLAUSE]}}


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySize:
    """How much a sheet asks."""

    left_out: int = 60
    """Pictures that are left out, the same number for each reason if there are enough."""
    shown: int = 20
    """Pictures that nothing hides, mixed in."""
    queries: int = 8
    """Queries, half of them words and half pictures, if none are given."""
    results: int = 5
    """Results of each query."""


async def draw_study(session: SearchSession, size: StudySize, query_texts: Sequence[str], seed: int) -> StudyKey:
    """Return the key of a sheet; raise `FrontispieceError` if the index has nothing to ask about."""
    left_out, totals = await _draw_left_out(session, size.left_out, seed)
    shown, shown_total = await session.sample_pictures(SHOWN_CLAUSE, size.shown + 20 * size.queries, seed)
    shown = [picture for picture in shown if _crop(picture)]
    items = [*left_out, *(_picture_item(picture, SHOWN) for picture in shown[: size.shown])]
    study_queries = _build_queries(shown, size.queries, query_texts, seed)
    for number, study_query in enumerate(study_queries):
        served_ids = await _search(session, study_query, size.results)
        served = await _result_items(session, served_ids, number)
        items += [*served, *_draw_other(shown, {*served_ids, study_query.picture}, number, seed)]
    if not items:
        raise FrontispieceError(
            "the index has no pictures with crops: index some books with `frontispiece index` first"
        )
    return build_key(items, study_queries, {**totals, SHOWN: shown_total}, seed)


async def _draw_left_out(session: SearchSession, count: int, seed: int) -> tuple[list[StudyItem], dict[str, int]]:
    """Return as many pictures of each reason as fit, and how many the index has of each reason."""
    pictures, total = await session.sample_pictures(LEFT_OUT_CLAUSE, MAX_REASONS_SCANNED, seed)
    by_reason: dict[str, list[IndexedDocument]] = {}
    for picture in pictures:
        by_reason.setdefault(left_out_reason(picture), []).append(picture)
    # Beyond what is scanned, the number of a reason is estimated from its share of the scanned ones.
    totals = {reason: round(len(group) * total / len(pictures)) for reason, group in by_reason.items()}
    with_crops = {reason: [picture for picture in group if _crop(picture)] for reason, group in by_reason.items()}
    quotas = allot_evenly({reason: len(group) for reason, group in with_crops.items()}, count)
    items = [
        _picture_item(picture, reason) for reason, group in with_crops.items() for picture in group[: quotas[reason]]
    ]
    return items, totals


def left_out_reason(picture: Mapping[str, Any]) -> str:
    """Return why a picture is left out of results: hidden as its class, or a kind of decoration, and who says so."""
    label = picture.get("label") or {}
    tellers = {"classifier": "by the classifier", "librarian": "by a librarian", "catalogue": "by the catalogue"}
    teller = tellers.get(str(label.get("source")), "by its label") if label.get("name") else "by its pixels"
    if picture.get("hidden"):
        return f"hidden as {label.get('name') or 'a picture without a class'}, {teller}"
    return f"left out as {read_decoration(picture) or 'decoration'}, {teller}"


def allot_evenly(available: Mapping[str, int], count: int) -> dict[str, int]:
    """Share `count` among the groups as evenly as their sizes allow, small groups first."""
    quotas: dict[str, int] = {}
    for position, (name, size) in enumerate(sorted(available.items(), key=lambda entry: (entry[1], entry[0]))):
        quotas[name] = min(size, (count - sum(quotas.values())) // (len(available) - position))
    return quotas


def _crop(picture: Mapping[str, Any]) -> str:
    return str((picture.get("image") or {}).get("crop") or "")


def _picture_item(picture: IndexedDocument, reason: str) -> StudyItem:
    return StudyItem(part="pictures", picture=document_id(picture), crop=_crop(picture), reason=reason)


def _build_queries(
    pictures: Sequence[IndexedDocument], count: int, query_texts: Sequence[str], seed: int
) -> list[StudyQuery]:
    """Return the given queries or, if there are none, words of captions; and in both cases as many pictures."""
    rng = np.random.default_rng([seed, 1])
    half = (count + 1) // 2
    captions = [picture for picture in pictures if len(query_words(field_text(picture, "caption"))) >= MIN_QUERY_WORDS]
    texts = list(query_texts) or list(
        dict.fromkeys(
            pick_words(field_text(picture, "caption"), document_language(picture), rng) for picture in captions[:half]
        )
    )
    picture_queries = list(pictures[::-1][: count - half])
    return [
        *(StudyQuery(text=text) for text in texts),
        *(StudyQuery(picture=document_id(picture), crop=_crop(picture)) for picture in picture_queries),
    ]


async def _search(session: SearchSession, study_query: StudyQuery, count: int) -> list[str]:
    """Return the ids of the first results, without the picture that was searched with."""
    judged_query = JudgedQuery(
        query_type="study", target="", query_text=study_query.text, picture_id=study_query.picture
    )
    ranked = await session.search(judged_query, size=count + 1)
    return [id_ for id_ in ranked.ids if id_ != study_query.picture][:count]


async def _result_items(session: SearchSession, served_ids: Sequence[str], number: int) -> list[StudyItem]:
    found, _ = await session.sample_pictures({"ids": {"values": list(served_ids)}}, max(1, len(served_ids)), 0)
    crops = {document_id(picture): _crop(picture) for picture in found}
    return [
        StudyItem(part="results", picture=id_, crop=crops[id_], origin=SERVED, query=number, rank=rank)
        for rank, id_ in enumerate(served_ids, start=1)
        if crops.get(id_)
    ]


def _draw_other(
    pictures: Sequence[IndexedDocument], excluded_ids: Collection[str], number: int, seed: int
) -> list[StudyItem]:
    """Return one picture that is no result of the query, drawn with the seed; none if there is no other."""
    others = [picture for picture in pictures if document_id(picture) not in excluded_ids]
    if not others:
        return []
    drawn = others[int(np.random.default_rng([seed, 2, number]).integers(len(others)))]
    return [StudyItem(part="results", picture=document_id(drawn), crop=_crop(drawn), origin=DRAWN, query=number)]
