"""Indexed documents that queries are generated from."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from api.search.decorations import read_decoration

IndexedDocument = Mapping[str, Any]
"""`_source` of a document with its `_id` and, for a picture, the `digest` of its pixels."""

MIN_FIGURE_SHARE = 0.08
"""Share of the scan's area: ornaments of the specimen books cover up to 5 %, figures at least 10 %. Queries target
figures only."""


def is_large_picture(picture: IndexedDocument) -> bool:
    """Return whether a picture is large enough to be the target of a query, and not blank."""
    box, scan = picture["box"], picture.get("scan") or {}
    scan_area = scan.get("width", 0) * scan.get("height", 0)
    is_possible_target = is_figure(picture) and has_content(picture) and scan_area > 0
    return is_possible_target and box["width"] * box["height"] >= MIN_FIGURE_SHARE * scan_area


def is_figure(picture: IndexedDocument) -> bool:
    """Return whether a picture is no decoration, which a search with words leaves out unless it is asked for."""
    return not read_decoration(picture)


def has_content(picture: IndexedDocument) -> bool:
    """Return whether the crop shows anything; all blank sheets look the same."""
    return not picture.get("plain")


def sample_documents(
    documents: Sequence[IndexedDocument], document_type: str, max_count: int, seed: int
) -> list[IndexedDocument]:
    """Return up to `max_count` documents of a type, in an order that depends on the seed only."""
    candidates = sorted((document for document in documents if document["document"] == document_type), key=document_id)
    order = np.random.default_rng([seed, 5]).permutation(len(candidates))
    return [candidates[index] for index in order[:max_count]]


def document_language(document: IndexedDocument) -> str:
    """Return the first language of a document, or an empty string."""
    languages = document.get("language") or []
    return str(languages[0]) if languages else ""


def field_text(document: IndexedDocument, name: str) -> str:
    """Return the text of a field such as `caption`, or an empty string."""
    return str((document.get(name) or {}).get("text", ""))


def document_id(document: IndexedDocument) -> str:
    """Return the `_id` of a document."""
    return str(document["_id"])
