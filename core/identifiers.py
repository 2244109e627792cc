"""Identifiers of documents in the index and in URLs."""

import hashlib
import re

MAX_ID_BYTES = 512
"""Bytes; Elasticsearch's limit for `_id`."""


def document_id(*parts: str) -> str:
    """Return the parts as an `_id` that is readable in a URL; a hash if that would be too long for Elasticsearch."""
    readable_id = ":".join(_make_url_safe(part) for part in parts)
    return (
        readable_id if len(readable_id.encode()) <= MAX_ID_BYTES else hashlib.sha256(readable_id.encode()).hexdigest()
    )


def _make_url_safe(identifier: str) -> str:
    """Return an identifier that needs no escaping in the path of a URL; letters of all languages are kept."""
    return re.sub(r"[^\w.:,+~-]+", "_", identifier)
