"""Elasticsearch's answer → what readers and programs get: the only place that spells field names for reading."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from statistics import mean
from typing import Any
from urllib.parse import quote

from api.elasticsearch.queries import HIGHLIGHTED, WINDOW
from api.responses import BookGroup, Family, Hit, SearchPage
from api.search.cut_off import close
from api.search.facets import read
from api.search.fusion import Candidate
from api.search.request import Document, Question
from core.identifiers import document_id

Fields = Mapping[str, Any]

CROPS = "/crops"
"""Where the service serves the pictures as they were cut."""


def search_page(
    answer: Fields, question: Question, *, models: Sequence[str], knn_boosts: Mapping[str, float]
) -> SearchPage:
    """What `_search` answered to a body of `queries.hybrid_query`, whose kNN clauses had those boosts."""
    total = int(answer["hits"]["total"]["value"])
    hits = [hit(raw, knn_boosts) for raw in answer["hits"]["hits"]]
    aggregations: Fields = answer.get("aggregations", {})
    facets = read(aggregations, question)
    groups = grouped(hits, aggregations["books"]) if question.group else []
    if question.windowed:
        total = len(groups or hits)
        hits, groups = ([] if question.group else hits[question.shown]), groups[question.shown]
    return SearchPage(
        total=total,
        page=question.page,
        pages=ceil(min(total, WINDOW) / question.size),
        size=question.size,
        took=int(answer["took"]),
        models=list(models),
        hits=hits,
        groups=groups,
        close=_close(question, hits),
        documents=_kinds(aggregations),
        collection=facets.collection,
        facets=facets.buckets,
        unlisted=facets.more,
    )


SHOWN_OF_A_BOOK = 8
"""Hits that stand for a book among others."""


def grouped(hits: Sequence[Hit], books: Fields) -> list[BookGroup]:
    """Books in the order of their best hits; `books` is the aggregation that counts each kind in each."""
    counts = {bucket["key"]: _kinds(bucket) for bucket in books["buckets"]}
    found: dict[str, list[Hit]] = {}
    for each in hits:
        found.setdefault(each.book_id, []).append(each)
    return [
        BookGroup(
            book_id=book,
            book_key=several[0].book_key,
            title=several[0].title,
            counts=counts.get(book) or dict(Counter(each.document for each in several)),
            hits=several[:SHOWN_OF_A_BOOK],
        )
        for book, several in found.items()
    ]


def _kinds(aggregations: Fields) -> dict[Document, int]:
    """How many of each kind an aggregation `document` counted."""
    return {kind["key"]: int(kind["doc_count"]) for kind in aggregations.get("document", {}).get("buckets", [])}


def _close(question: Question, hits: Sequence[Hit]) -> int | None:
    """Only where looks alone order the first page."""
    if not question.by_picture or question.words or question.page > 1 or question.sort != "relevance":
        return None
    return close([mean(each.cosines.values()) for each in hits if each.cosines])


def key(raw: Fields) -> str:
    """A hit's name among hits of several indices: a leaf of one page may well be called as its book is."""
    return f"{raw['_index']} {raw['_id']}"


def candidate(raw: Fields, knn_boosts: Mapping[str, float]) -> Candidate:
    """A hit as the fusions see it."""
    scores = clause_scores(raw)
    words = {name: score for name, score in scores.items() if name not in knn_boosts and name not in EXACT}
    return Candidate(
        id=key(raw),
        words=sum(words.values()),
        looks=cosines(scores, knn_boosts),
        exact=any(name in scores for name in EXACT),
    )


EXACT = ("identifiers", "exact title")
"""Clauses that stand above any fusion."""


def hit(raw: Fields, knn_boosts: Mapping[str, float] | None = None) -> Hit:
    """One of the `hits` of an answer; what a document does not say is empty."""
    source: Fields = raw.get("_source", {})
    image: Fields = source.get("image", {})
    region = web(image.get("region"))
    scores = clause_scores(raw)
    whole = sum(scores.values())
    return Hit(
        document=source.get("document", "picture"),
        id=str(raw["_id"]),
        score=float(raw.get("_score") or 0),
        scores=scores,
        shares={name: score / whole for name, score in scores.items()} if whole else {},
        cosines=cosines(scores, knn_boosts or {}),
        book_id=str(source.get("book_id", "")),
        book_key=document_id(str(source.get("book_id", ""))),
        page_id=str(source.get("page_id", "")),
        title=str(source.get("title", "")),
        authors=_several(source.get("authors")),
        year=source.get("year"),
        publisher=str(source.get("publisher", "")),
        place=str(source.get("place", "")),
        languages=_several(source.get("language")),
        type_of_work=str(source.get("type_of_work", "")),
        subjects=_several(source.get("subjects")),
        identifiers=_several(source.get("identifiers")),
        label=str(source.get("label", {}).get("name", "")),
        set_aside=bool(source.get("set_aside", False)),
        family=_family(source.get("family")),
        page=int(source.get("page", 0)),
        page_label=str(source.get("page_label", "")),
        pages=_count(source.get("pages")),
        pictures=_count(source.get("pictures")),
        kind=str(source.get("kind", "")),
        box=[int(source.get("box", {}).get(side, 0)) for side in ("x", "y", "width", "height")],
        caption=_text(source.get("caption")),
        before=_text(source.get("context", {}).get("before")),
        after=_text(source.get("context", {}).get("after")),
        highlights=_highlights(raw.get("highlight", {})),
        image=_crop(image, "crop") or region,
        large=_crop(image, "large") or _crop(image, "crop") or region,
        region=region,
        viewer=web(image.get("viewer")),
        licence=str(source.get("licence", "")),
    )


def _crop(image: Fields, size: str) -> str:
    """The address of a crop that the service itself has."""
    return f"{CROPS}/{quote(image[size])}" if image.get(size) else ""


def page_text(source: Fields) -> str:
    """All the words of the picture's page."""
    return _text(source.get("page_text"))


def vectors(raw: Fields) -> dict[str, list[float]]:
    """The vectors of a hit that was asked for with `queries.vectors_of`."""
    found: Fields = raw.get("fields", {})
    return {name.removeprefix("vectors."): list(values) for name, values in found.items()}


def start(answer: Fields) -> tuple[int, int, tuple[int, int] | None]:
    """Pictures, books, and first and last year of an answer to `queries.start_page`."""
    counts: Fields = answer["aggregations"]
    first, last = counts["first"]["value"], counts["last"]["value"]
    years = None if first is None else (int(first), int(last))
    return int(answer["hits"]["total"]["value"]), int(counts["books"]["value"]), years


def clause_scores(raw: Fields) -> dict[str, float]:
    """What each named clause gave to a hit."""
    matched = raw.get("matched_queries", {})
    return {name: float(score) for name, score in matched.items()} if isinstance(matched, Mapping) else {}


def cosines(scores: Mapping[str, float], knn_boosts: Mapping[str, float]) -> dict[str, float]:
    """Elasticsearch's score of a `dot_product` is (1 + cosine) / 2, times the clause's boost."""
    return {name: 2 * scores[name] / boost - 1 for name, boost in knn_boosts.items() if boost and name in scores}


def _family(found: Fields | None) -> Family | None:
    if not found:
        return None
    years = found.get("first_year"), found.get("last_year")
    return Family(
        id=str(found.get("id", "")),
        size=_count(found.get("size")),
        first_year=years[0],
        last_year=years[1],
        tier=str(found.get("tier", "")),
    )


def _count(value: Any) -> int:
    return int(value or 0)


def _highlights(found: Fields) -> dict[str, list[str]]:
    marked = {name: [field for field in fields if field in found] for name, fields in HIGHLIGHTED.items()}
    return {name: list(found[fields[0]]) for name, fields in marked.items() if fields}


def _several(value: Any) -> list[str]:
    """Elasticsearch keeps one value as it was given, alone or in a list."""
    return [] if value is None else [str(each) for each in value] if isinstance(value, list) else [str(value)]


def web(address: Any) -> str:
    """Manifests are other people's: `javascript:` must not become a link or a picture of ours."""
    return str(address) if str(address).startswith(("https://", "http://")) else ""


def _text(passage: Fields | None) -> str:
    return str(passage.get("text", "")) if passage else ""
