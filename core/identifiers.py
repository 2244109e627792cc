"""How documents are named in the index and in addresses."""

import hashlib
import re

MAX_ID_BYTES = 512
"""Elasticsearch's limit for `_id`."""


def document_id(*identifiers: str) -> str:
    """Identifiers as an `_id`: readable in a URL, a hash where Elasticsearch finds it too long."""
    readable_id = ":".join(_make_url_safe(part) for part in identifiers)
    return (
        readable_id if len(readable_id.encode()) <= MAX_ID_BYTES else hashlib.sha256(readable_id.encode()).hexdigest()
    )


def _make_url_safe(identifier: str) -> str:
    """An identifier that stands in a URL's path unescaped; letters of every language stay."""
    return re.sub(r"[^\w.:,+~-]+", "_", identifier)
