"""The segments of an index: Lucene looks through each of them, so a search in one is faster than in many.

How much faster, and how long merging takes: docs/scaling.md.
"""

import time
from collections.abc import Callable

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from indexer.elasticsearch.collection import Collection

FIRST_POLL_SECONDS = 0.05
POLL_SECONDS = 2.0
"""Pauses between two looks at a merge: the first, and after doubling the longest."""
IDLE_SECONDS = 300.0
"""A merge of which nothing is seen for so long does not go on, for example because the disk is full.

It is not seen while it waits for that of another collection on the same node, nor while a large segment is written.
"""


def count_segments(client: Elasticsearch, collection: Collection) -> int:
    """Return how many segments the shard that has most of them has."""
    indices = client.indices.segments(index=_names(collection))["indices"].values()
    shards = (shard for index in indices for copies in index["shards"].values() for shard in copies)
    return max((int(shard["num_search_segments"]) for shard in shards), default=0)


def merge_segments(
    client: Elasticsearch,
    collection: Collection,
    *,
    check_lease: Callable[[], None],
    report: Callable[[str], None],
) -> tuple[int, int]:
    """Merge each shard of a collection into one segment, and return `count_segments` before and afterwards.

    The latter is more than 1 if Elasticsearch stops merging, or if something else writes. The indices stay usable. It
    polls, as a proxy would close a request that stays open for so long; `report` gets a sentence if it takes longer
    than a moment.
    """
    collection.refresh()
    before = segments = count_segments(client, collection)
    if before <= 1:
        return before, before
    client.indices.forcemerge(index=_names(collection), max_num_segments=1, wait_for_completion=False)
    pause, busy_at, has_reported = FIRST_POLL_SECONDS, time.monotonic(), False
    while (count := count_segments(client, collection)) > 1 and time.monotonic() - busy_at < IDLE_SECONDS:
        check_lease()
        if count != segments or is_merging(client, collection):
            segments, busy_at = count, time.monotonic()
        if pause >= POLL_SECONDS and not has_reported:
            report(f"merging {segments} segments, so that searches are faster; a large index takes minutes or hours")
            has_reported = True
        time.sleep(pause)
        pause = min(2 * pause, POLL_SECONDS)
    return before, count


def merge_or_warn(
    client: Elasticsearch,
    collection: Collection,
    *,
    check_lease: Callable[[], None],
    report: Callable[[str], None],
    warn: Callable[[str], None],
) -> None:
    """Merge the segments of a collection; warn if Elasticsearch does not."""
    try:
        _, segments = merge_segments(client, collection, check_lease=check_lease, report=report)
    except (ApiError, TransportError) as error:
        warn(f"the segments were not merged, so searches are slower: {error}")
    else:
        if segments > 1:
            warn(describe_unfinished_merge(segments))


def describe_unfinished_merge(segments: int) -> str:
    """Return a sentence for the segments that `merge_segments` left, if they are more than 1."""
    return (
        f"a shard still has {segments} segments: something writes into it, its disk is too full to merge them, or it "
        "still waits for its turn. Searches are slower; `frontispiece index --merge` tries again"
    )


def is_merging(client: Elasticsearch, collection: Collection) -> bool:
    """Return whether Elasticsearch merges segments of a collection now."""
    total = client.indices.stats(index=_names(collection), metric="merge")["_all"]["total"]
    return bool(total["merges"]["current"])


def _names(collection: Collection) -> list[str]:
    return [index.name for index in collection.all_indices()]
