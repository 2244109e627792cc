"""Hits without their documents, for searches of many candidates of which a page shows few."""

from collections.abc import Sequence

from api.elasticsearch.queries.body import EXCLUDED_FIELDS
from api.elasticsearch.queries.clause import Body
from api.search.choices import DOCUMENT_TYPES

KEY_FIELDS = ("document", "book_id", "family.id")
"""Fields that tell a hit apart from others."""


def without_documents(body: Body) -> Body:
    """Return the body whose hits have only `KEY_FIELDS`.

    Elasticsearch reads a whole document to return a part of it.
    """
    return {**body, "_source": False, "docvalue_fields": list(KEY_FIELDS)}


def has_documents(body: Body) -> bool:
    """Return whether the hits of a body have their documents."""
    return body["_source"] is not False


def documents_query(ids: Sequence[str]) -> Body:
    """Return the query of the documents of these hits, with the text of their pages.

    Documents of different indices may have the same id, so more than one may be found for each.
    """
    return {
        "size": len(DOCUMENT_TYPES) * len(ids),
        "track_total_hits": False,
        "_source": {"excludes": [field for field in EXCLUDED_FIELDS if field != "page_text"]},
        "query": {"ids": {"values": list(ids)}},
    }
