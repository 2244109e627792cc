"""Hits without their documents, for searches of many candidates of which a page shows few."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.elasticsearch.queries.body import excluded_fields
from api.elasticsearch.queries.clause import Body, Clause
from api.elasticsearch.queries.knn import Vectors, knn_clauses
from api.search.choices import DOCUMENT_TYPES

IDENTITY_FIELDS = ("_seq_no", "fingerprint")
"""Fields that identify a document of an index."""

KEY_FIELDS = (*IDENTITY_FIELDS, "document", "book_id", "family.id")
"""Fields that find a hit again, and that tell it apart from others of its book and of its print."""


@dataclass(frozen=True, slots=True)
class DocumentKey:
    """What finds the document of a hit again.

    Elasticsearch numbers the documents of a shard, anew at each change (`_seq_no`). To read a number takes a hundredth
    of the time of reading an `_id`, which is stored inside the document.
    """

    index: str
    sequence_number: int
    book_id: str
    fingerprint: str
    """Tells documents of different shards apart, which may have the same number."""


def with_keys(body: Body, fields: Sequence[str] = KEY_FIELDS) -> Body:
    """Return the body whose hits have these of their `KEY_FIELDS` too."""
    return {**body, "docvalue_fields": list(fields)}


def without_documents(body: Body, fields: Sequence[str] = KEY_FIELDS) -> Body:
    """Return the body whose hits have only these of their `KEY_FIELDS`.

    Elasticsearch reads a whole document to return a part of it, even its `_id`.
    """
    return with_keys({**body, "_source": False, "stored_fields": "_none_"}, fields)


def has_documents(body: Body) -> bool:
    """Return whether the hits of a body have their documents."""
    return body["_source"] is not False


def documents_query(keys: Sequence[DocumentKey], *, has_snippets: bool = True) -> Body:
    """Return the query of the documents with these keys; for snippets they come with the text of their pages.

    More documents may be found: those of other indices and shards that have the same numbers.
    """
    body: Body = {
        "size": len(DOCUMENT_TYPES) * len(keys),
        "track_total_hits": False,
        "_source": {"excludes": list(excluded_fields(has_snippets=has_snippets))},
        "query": keys_filter(keys),
    }
    return with_keys(body, IDENTITY_FIELDS)


def keys_filter(keys: Sequence[DocumentKey]) -> Clause:
    """Return the filter of the documents with these keys."""
    values = {
        "_seq_no": sorted({key.sequence_number for key in keys}),
        "book_id": sorted({key.book_id for key in keys}),
    }
    return {"bool": {"filter": [{"terms": {field: field_values}} for field, field_values in values.items()]}}


def similarity_query(vectors: Vectors, keys: Sequence[DocumentKey]) -> Body:
    """Return the query of the similarities of these documents, for a fusion of hits that are not among the nearest.

    With so few documents Elasticsearch compares each one instead of searching the graph.
    """
    clauses = [
        {**clause, "k": len(keys), "num_candidates": len(keys)}
        for clause in knn_clauses(vectors, [keys_filter(keys)], dict.fromkeys(vectors, 1.0))
    ]
    return without_documents({"size": len(keys), "knn": clauses}, IDENTITY_FIELDS)
