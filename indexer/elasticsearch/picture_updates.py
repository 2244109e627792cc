"""Read many pictures of an index, and change some of their fields."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from core.errors import FrontispieceError, IncompatibleIndex

UPDATES_PER_REQUEST = 200

NOT_FOUND, VERSION_CONFLICT, TOO_MANY_REQUESTS = 404, 409, 429


def scan_hits(client: Elasticsearch, index: str, body: Mapping[str, Any], *, size: int) -> Iterator[dict[str, Any]]:
    """Yield every hit of a search, `size` per request; updates during the scan do not affect it."""
    # Between two requests the caller may compute for minutes, so the scroll is kept open for long.
    yield from scan(client, index=index, query=dict(body), size=size, scroll="30m")


def check_alias(alias: str, item: Mapping[str, Any]) -> None:
    """Raise `IncompatibleIndex` if a bulk item failed because its alias does not name one index."""
    reason = str(item.get("error", {}).get("reason", ""))
    if "[require_alias]" in reason:
        raise IncompatibleIndex(
            f"the index behind the alias {alias} was deleted while this run wrote into it; run the command again"
        )
    if "no write index is defined" in reason:
        raise IncompatibleIndex(
            f"the alias {alias} now names several indices; it must name one: `frontispiece index --repair` shows what "
            "each has, and keeps one"
        )


def check_writable(alias: str, item: Mapping[str, Any]) -> None:
    """Raise `FrontispieceError` if a bulk item failed for a reason that is not the document's.

    A rebuild that went on would give readers an index without these documents.
    """
    error = item.get("error", {})
    if error.get("type") == "cluster_block_exception" or item["status"] == TOO_MANY_REQUESTS or item["status"] >= 500:
        raise FrontispieceError(
            f"Elasticsearch takes no documents for {alias} at the moment: {error.get('reason', item)}; if a disk of "
            "the cluster is full, make room on it. What is written is kept, and the same command continues"
        )


def update_pictures(
    client: Elasticsearch, alias: str, updates: Iterable[Mapping[str, Any]], *, ignored_statuses: Collection[int]
) -> int:
    """Apply updates (`_id`, `doc` and optionally the expected version); return how many were written.

    A picture that answers with one of `ignored_statuses` is left as it is; any other failure raises
    `FrontispieceError`.
    """
    results = streaming_bulk(
        client,
        ({"_op_type": "update", **update} for update in updates),
        index=alias,
        require_alias=True,
        chunk_size=UPDATES_PER_REQUEST,
        raise_on_error=False,
        max_retries=3,
    )
    written = 0
    for succeeded, result in results:
        written += succeeded
        check_alias(alias, result["update"])
        if not succeeded and result["update"]["status"] not in ignored_statuses:
            raise FrontispieceError(f"Elasticsearch refused to update {result['update']['_id']}: {result['update']}")
    return written
