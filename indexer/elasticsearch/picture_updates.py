"""Read many pictures of an index, and change some of their fields."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from core.errors import FrontispieceError

UPDATES_PER_REQUEST = 200

NOT_FOUND, VERSION_CONFLICT = 404, 409


def scan_hits(client: Elasticsearch, index: str, body: Mapping[str, Any], *, size: int) -> Iterator[dict[str, Any]]:
    """Yield every hit of a search, `size` per request; updates during the scan do not affect it."""
    # Between two requests the caller may compute for minutes, so the scroll is kept open for long.
    yield from scan(client, index=index, query=dict(body), size=size, scroll="30m")


def update_pictures(
    client: Elasticsearch, index: str, updates: Iterable[Mapping[str, Any]], *, ignored_statuses: Collection[int]
) -> int:
    """Apply updates (`_id`, `doc` and optionally the expected version); return how many were written.

    A picture that answers with one of `ignored_statuses` is left as it is; any other failure raises
    `FrontispieceError`.
    """
    results = streaming_bulk(
        client,
        ({"_op_type": "update", **update} for update in updates),
        index=index,
        chunk_size=UPDATES_PER_REQUEST,
        raise_on_error=False,
        max_retries=3,
    )
    written = 0
    for succeeded, result in results:
        written += succeeded
        if not succeeded and result["update"]["status"] not in ignored_statuses:
            raise FrontispieceError(f"Elasticsearch refused to update {result['update']['_id']}: {result['update']}")
    return written
