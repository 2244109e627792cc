"""Searches of each kind, each of which is sent once, and the plain search that they are compared with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from api.elasticsearch.queries.body import EXCLUDED_FIELDS
from api.elasticsearch.queries.clause import Body
from api.search.filter_values import FilterValues
from api.search.request import SearchRequest
from api.vision.vector_codec import PackedVector, model_stamp, pack_vectors
from benchmarks.collection import ENCODERS, row_number
from core.encoders.fingerprint import ModelIdentity
from core.encoders.protocols import Vectors

PLAIN_FIELDS = ("caption.text", "context.before.text", "context.after.text", "page_text.text", "title")

SAMPLED_DOCUMENTS_QUERY: Body = {
    "size": 10_000,
    "_source": ["page_text.text", "language"],
    "query": {"match_all": {}},
}
SAMPLED_NAMES_QUERY: Body = {"size": 10_000, "_source": ["title", "authors", "subjects"], "query": {"match_all": {}}}


@dataclass(frozen=True, slots=True)
class RequestKind:
    """Requests of one kind."""

    description: str
    search_requests: Sequence[SearchRequest]
    has_plain_search: bool = False
    """Whether a plain search of words answers the same."""
    has_new_filters: bool = False
    """Whether no search before has had the same filters, so the API counts what they leave."""


def request_kinds(
    hits: Sequence[Mapping[str, Any]], vectors: Mapping[str, Vectors], count: int
) -> Iterator[RequestKind]:
    """Yield `count` requests of each kind; `hits` are those of `SAMPLED_DOCUMENTS_QUERY`."""
    mixed = list(_mixed_requests(hits, count))
    words = [SearchRequest(query_text=search_request.query_text) for search_request in mixed]
    yield RequestKind("words", words, has_plain_search=True)
    # No search has these years yet, so the counts under the filters are in no cache.
    new_filters = [replace(words[index], year_from=1000 + index) for index in range(count)]
    yield RequestKind("words, new filters", new_filters, has_new_filters=True)
    yield RequestKind("a picture", [SearchRequest(like=search_request.like) for search_request in mixed])
    yield RequestKind("an upload", [_upload_request(search_request, vectors) for search_request in mixed])
    yield RequestKind("words and a picture, three filters", mixed)
    yield RequestKind(
        "words and a picture, new filters",
        [replace(search_request, year_from=1200 + index) for index, search_request in enumerate(mixed)],
        has_new_filters=True,
    )


def typed_texts(hits: Sequence[Mapping[str, Any]], count: int) -> Iterator[str]:
    """Yield the first 2 to 6 letters of words of titles and names, every third behind another word."""
    rng = np.random.default_rng(3)
    sources = [hit["_source"] for hit in hits]
    names = [" ".join((source["title"], *source.get("authors", []), *source.get("subjects", []))) for source in sources]
    words = sorted({word for name in names for word in name.split() if word.isalpha() and len(word) > 2})
    for number in range(count):
        text = str(rng.choice(words))[: 2 + number % 5]
        yield f"{rng.choice(words)} {text}" if number % 3 == 0 else text


def plain_body(search_request: SearchRequest, aggregations: Body) -> Body:
    """Return a search for the words as Elasticsearch's guide has it, with the same facets."""
    return {
        "size": search_request.size,
        "query": {"multi_match": {"query": search_request.query_text, "fields": list(PLAIN_FIELDS)}},
        "track_total_hits": True,
        "_source": {"excludes": list(EXCLUDED_FIELDS)},
        "aggs": aggregations,
    }


def _mixed_requests(hits: Sequence[Mapping[str, Any]], count: int) -> Iterator[SearchRequest]:
    """Yield requests with words of a page, a similar picture, and filters that match part of the collection."""
    rng = np.random.default_rng(1)
    for number, hit in enumerate(rng.choice(np.array(hits, dtype=object), count, replace=False)):
        words = [word for word in hit["_source"]["page_text"]["text"].split() if word.isalpha() and len(word) > 4]
        yield SearchRequest(
            query_text=" ".join(rng.choice(words, number % 3 + 1)),
            like=(str(hits[int(rng.integers(len(hits)))]["_id"]),),
            filters=FilterValues(language=hit["_source"]["language"], type=("book", "newspaper", "periodical")),
            year_from=1800,
            year_to=1900,
        )


def _upload_request(search_request: SearchRequest, vectors: Mapping[str, Vectors]) -> SearchRequest:
    """Return a search with the vectors of a picture as an upload has them, which stand in the request."""
    row = row_number(search_request.like[0])
    packed_vectors = {
        encoder.name: PackedVector(model_stamp(ModelIdentity.from_encoder(encoder)), vectors[encoder.name][row])
        for encoder in ENCODERS
    }
    return SearchRequest(vector=(pack_vectors(packed_vectors),))
