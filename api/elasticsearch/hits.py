"""Elasticsearch's answer → what readers and programs get: the only place that spells field names for reading."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any
from urllib.parse import quote

from api.elasticsearch.queries import FIELDS_BY_HIGHLIGHT
from api.responses import BookGroup, Family, Hit, ResultPage
from api.search.choices import DocumentType
from api.search.cut_off import count_outliers
from api.search.facets import read_facets
from api.search.fusion import Candidate
from api.search.paging import page_count
from api.search.request import SearchRequest
from core.identifiers import document_id

Fields = Mapping[str, Any]

CROPS_PATH = "/crops"
"""Where the service serves the pictures as they were cut."""


def read_result_page(
    response: Fields, search_request: SearchRequest, *, models: Sequence[str], knn_boosts: Mapping[str, float]
) -> ResultPage:
    """What `_search` answered to a body of `queries.hybrid_query`, whose kNN clauses had those boosts."""
    total = int(response["hits"]["total"]["value"])
    hits = [read_hit(raw_hit, knn_boosts) for raw_hit in response["hits"]["hits"]]
    aggregations: Fields = response.get("aggregations", {})
    facets = read_facets(aggregations, search_request)
    groups = group_by_book(hits, aggregations["books"]) if search_request.group else []
    if search_request.needs_all_candidates:
        total = len(groups or hits)
        hits, groups = (
            ([] if search_request.group else hits[search_request.page_slice]),
            groups[search_request.page_slice],
        )
    return ResultPage(
        total=total,
        page=search_request.page,
        pages=page_count(total, search_request.size),
        size=search_request.size,
        took=int(response["took"]),
        models=list(models),
        hits=hits,
        groups=groups,
        cut_off=_cut_off(search_request, hits),
        documents=_document_counts(aggregations),
        collection=facets.collection_size,
        facets=facets.buckets,
        unlisted=facets.unlisted_counts,
    )


HITS_PER_BOOK = 8
"""Hits that stand for a book among others."""


def group_by_book(hits: Sequence[Hit], book_aggregation: Fields) -> list[BookGroup]:
    """Books in the order of their best hits; `books` is the aggregation that counts each kind in each."""
    counts = {bucket["key"]: _document_counts(bucket) for bucket in book_aggregation["buckets"]}
    hits_by_book: dict[str, list[Hit]] = {}
    for hit in hits:
        hits_by_book.setdefault(hit.book_id, []).append(hit)
    return [
        BookGroup(
            book_id=book_id,
            book_key=book_hits[0].book_key,
            title=book_hits[0].title,
            counts=counts.get(book_id) or dict(Counter(hit.document for hit in book_hits)),
            hits=book_hits[:HITS_PER_BOOK],
        )
        for book_id, book_hits in hits_by_book.items()
    ]


def _document_counts(aggregations: Fields) -> dict[DocumentType, int]:
    """How many of each kind an aggregation `document` counted."""
    return {bucket["key"]: int(bucket["doc_count"]) for bucket in aggregations.get("document", {}).get("buckets", [])}


def _cut_off(search_request: SearchRequest, hits: Sequence[Hit]) -> int | None:
    """Only where looks alone order the first page."""
    if (
        not search_request.by_picture
        or search_request.query_text
        or search_request.page > 1
        or search_request.sort != "relevance"
    ):
        return None
    return count_outliers([mean(hit.similarities.values()) for hit in hits if hit.similarities])


def hit_key(raw_hit: Fields) -> str:
    """A hit's name among hits of several indices: a leaf of one page may well be called as its book is."""
    return f"{raw_hit['_index']} {raw_hit['_id']}"


def read_candidate(raw_hit: Fields, knn_boosts: Mapping[str, float]) -> Candidate:
    """A hit as the fusions see it."""
    scores = clause_scores(raw_hit)
    text_scores = {
        name: score for name, score in scores.items() if name not in knn_boosts and name not in EXACT_CLAUSES
    }
    return Candidate(
        id=hit_key(raw_hit),
        text_score=sum(text_scores.values()),
        similarities=similarities(scores, knn_boosts),
        is_exact=any(name in scores for name in EXACT_CLAUSES),
    )


EXACT_CLAUSES = ("identifiers", "exact title")
"""Clauses that stand above any fusion."""


def read_hit(raw_hit: Fields, knn_boosts: Mapping[str, float] | None = None) -> Hit:
    """One of the `hits` of an answer; what a document does not say is empty."""
    source: Fields = raw_hit.get("_source", {})
    image: Fields = source.get("image", {})
    region = http_url(image.get("region"))
    scores = clause_scores(raw_hit)
    total_score = sum(scores.values())
    return Hit(
        document=source.get("document", "picture"),
        id=str(raw_hit["_id"]),
        score=float(raw_hit.get("_score") or 0),
        scores=scores,
        shares={name: score / total_score for name, score in scores.items()} if total_score else {},
        similarities=similarities(scores, knn_boosts or {}),
        book_id=str(source.get("book_id", "")),
        book_key=document_id(str(source.get("book_id", ""))),
        page_id=str(source.get("page_id", "")),
        title=str(source.get("title", "")),
        authors=_string_list(source.get("authors")),
        year=source.get("year"),
        publisher=str(source.get("publisher", "")),
        place=str(source.get("place", "")),
        languages=_string_list(source.get("language")),
        type_of_work=str(source.get("type_of_work", "")),
        subjects=_string_list(source.get("subjects")),
        identifiers=_string_list(source.get("identifiers")),
        label=str(source.get("label", {}).get("name", "")),
        hidden=bool(source.get("hidden", False)),
        family=_read_family(source.get("family")),
        page=int(source.get("page", 0)),
        page_label=str(source.get("page_label", "")),
        pages=_parse_count(source.get("pages")),
        pictures=_parse_count(source.get("pictures")),
        block_type=str(source.get("block_type", "")),
        box=[int(source.get("box", {}).get(side, 0)) for side in ("x", "y", "width", "height")],
        caption=_passage_text(source.get("caption")),
        before=_passage_text(source.get("context", {}).get("before")),
        after=_passage_text(source.get("context", {}).get("after")),
        highlights=_read_highlights(raw_hit.get("highlight", {})),
        image=_crop_url(image, "crop") or region,
        large=_crop_url(image, "large") or _crop_url(image, "crop") or region,
        region=region,
        viewer=http_url(image.get("viewer")),
        licence=str(source.get("licence", "")),
    )


def _crop_url(image: Fields, size: str) -> str:
    """The address of a crop that the service itself has."""
    return f"{CROPS_PATH}/{quote(image[size])}" if image.get(size) else ""


def page_text(source: Fields) -> str:
    """All the words of the picture's page."""
    return _passage_text(source.get("page_text"))


def read_vectors(raw_hit: Fields) -> dict[str, list[float]]:
    """The vectors of a hit that was asked for with `queries.vectors_of`."""
    fields: Fields = raw_hit.get("fields", {})
    return {name.removeprefix("vectors."): list(values) for name, values in fields.items()}


def read_collection_counts(response: Fields) -> tuple[int, int, tuple[int, int] | None]:
    """Pictures, books, and first and last year of an answer to `queries.start_page`."""
    aggregations: Fields = response["aggregations"]
    first, last = aggregations["first"]["value"], aggregations["last"]["value"]
    years = None if first is None else (int(first), int(last))
    return int(response["hits"]["total"]["value"]), int(aggregations["books"]["value"]), years


def clause_scores(raw_hit: Fields) -> dict[str, float]:
    """What each named clause gave to a hit."""
    matched_queries = raw_hit.get("matched_queries", {})
    return (
        {name: float(score) for name, score in matched_queries.items()} if isinstance(matched_queries, Mapping) else {}
    )


def similarities(scores: Mapping[str, float], knn_boosts: Mapping[str, float]) -> dict[str, float]:
    """Elasticsearch's score of a `dot_product` is (1 + cosine) / 2, times the clause's boost."""
    return {name: 2 * scores[name] / boost - 1 for name, boost in knn_boosts.items() if boost and name in scores}


def _read_family(family: Fields | None) -> Family | None:
    if not family:
        return None
    years = family.get("first_year"), family.get("last_year")
    return Family(
        id=str(family.get("id", "")),
        size=_parse_count(family.get("size")),
        first_year=years[0],
        last_year=years[1],
        tier=str(family.get("tier", "")),
    )


def _parse_count(value: Any) -> int:
    return int(value or 0)


def _read_highlights(highlight: Fields) -> dict[str, list[str]]:
    matching_fields = {
        name: [field for field in fields if field in highlight] for name, fields in FIELDS_BY_HIGHLIGHT.items()
    }
    return {name: list(highlight[fields[0]]) for name, fields in matching_fields.items() if fields}


def _string_list(value: Any) -> list[str]:
    """Elasticsearch keeps one value as it was given, alone or in a list."""
    return [] if value is None else [str(item) for item in value] if isinstance(value, list) else [str(value)]


def http_url(address: Any) -> str:
    """Manifests are other people's: `javascript:` must not become a link or a picture of ours."""
    return str(address) if str(address).startswith(("https://", "http://")) else ""


def _passage_text(passage: Fields | None) -> str:
    return str(passage.get("text", "")) if passage else ""
