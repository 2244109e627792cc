"""How many segments and shards an index of pictures should have: for one reader, and for eight at once.

    python -m benchmarks.segments [--pictures 100000] [--requests 60] [--segments 4 2 1] [--shards 2] [--keep FOLDER]

Fills a node, and measures searches in the segments as Elasticsearch leaves them, in few, in one, and in one in each of
two shards. The service is a process of its own, and so is the node. Prints a Markdown table. The folder of `--keep`
holds the filled node afterwards, which `python -m benchmarks.search --keep FOLDER` then uses.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.clients import KINDS, make_searches, send_each, warm_up
from benchmarks.collection import SyntheticCollection
from benchmarks.memory import run_service
from benchmarks.mixed_requests import MixedRequest
from benchmarks.service import ALIAS, HEAP, fill_once
from benchmarks.source_data import SHARED, SPECIMEN, read_alto_pages
from core.settings import Settings
from indexer.elasticsearch.client import ElasticsearchClient, connect
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.segments import is_merging
from indexer.embedded import ElasticsearchNode

PICTURES = 100_000
REQUESTS = 60
CLIENT_COUNTS = (1, 8)
SEGMENT_COUNTS = (4, 2, 1)
SHARDS = 2


def layouts(client: ElasticsearchClient, segment_counts: Sequence[int], shards: int) -> Iterator[str]:
    """Bring the index of pictures into one layout after another, and yield its description."""
    wait_for_merges(client)
    yield f"{count_segments(client)}, as found"
    for count in segment_counts:
        merge(client, count)
        yield str(count_segments(client))
    if shards > 1:
        split(client, shards)
        yield f"1 in each of {shards} shards"


def wait_for_merges(client: ElasticsearchClient) -> None:
    """Wait until Elasticsearch has merged what it wants to merge by itself."""
    collection = Collection.open_existing(client, ALIAS)
    while is_merging(client, collection):
        time.sleep(1)


def merge(client: ElasticsearchClient, segments: int) -> None:
    client.options(request_timeout=7200).indices.forcemerge(index=ALIAS, max_num_segments=segments)


def split(client: ElasticsearchClient, shards: int) -> None:
    """Put a copy of the index that has several shards behind the alias."""
    name = Collection.open_existing(client, ALIAS).pictures.name
    target = f"{name}-split"
    client.indices.put_settings(index=name, settings={"index.blocks.write": True})
    client.options(request_timeout=7200).indices.split(
        index=name,
        target=target,
        settings={"index": {"number_of_shards": shards, "number_of_replicas": 0, "blocks.write": None}},
    )
    client.options(request_timeout=7200).cluster.health(index=target, wait_for_status="green", timeout="2h")
    client.indices.update_aliases(
        actions=[{"remove": {"index": name, "alias": ALIAS}}, {"add": {"index": target, "alias": ALIAS}}]
    )
    merge(client, 1)


def count_segments(client: ElasticsearchClient) -> int:
    indices = client.indices.segments(index=ALIAS)["indices"]
    return sum(shard[0]["num_search_segments"] for index in indices.values() for shard in index["shards"].values())


def measure_layout(settings: Settings, node_url: str, searches: Sequence[MixedRequest]) -> str:
    """Return the cells of a layout: for each kind of search the medians with one client and with several."""
    cells = []
    with run_service(settings, node_url) as (url, _):
        searches = warm_up(url, searches)
        for kind in KINDS:
            of_kind = [search for search in searches if search.kind == kind]
            size = len(of_kind) // len(CLIENT_COUNTS)
            # None is sent twice, as Elasticsearch keeps counts and the service parts of texts.
            medians = [
                1000
                * statistics.median(send_each(url, of_kind[number * size : (number + 1) * size], clients).all_seconds)
                for number, clients in enumerate(CLIENT_COUNTS)
            ]
            cells.append(" / ".join(f"{median:.0f}" for median in medians))
    return " | ".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=PICTURES)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="requests of each kind and number of clients")
    parser.add_argument("--segments", type=int, nargs="*", default=SEGMENT_COUNTS, help="numbers to merge to, in order")
    parser.add_argument("--shards", type=int, default=SHARDS, help="shards of the last layout; 1 leaves it out")
    parser.add_argument(
        "--keep",
        type=Path,
        help="a folder for the node, which is not filled twice; by default it is deleted afterwards",
    )
    options = parser.parse_args()
    collection = SyntheticCollection(options.pictures, read_alto_pages(SHARED / "alto", SPECIMEN))
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        settings = Settings(data=folder, alias=ALIAS)
        with (
            ElasticsearchNode(folder, Settings.from_environ().cache, HEAP) as node,
            connect(settings, node.url) as client,
        ):
            start = time.monotonic()
            fill_once(client, folder, collection, max_segments=None)
            print(f"Filled in {(time.monotonic() - start) / 60:.0f} minutes.\n")
            searches = list(make_searches(node.url, ALIAS, options.requests * len(CLIENT_COUNTS)))
            counts = " / ".join(map(str, CLIENT_COUNTS))
            print(f"| segments; median ms with {counts} clients | {' | '.join(KINDS)} |")
            print(f"| --- |{' ---: |' * len(KINDS)}")
            for description in layouts(client, options.segments, options.shards):
                print(f"| {description} | {measure_layout(settings, node.url, searches)} |", flush=True)


if __name__ == "__main__":
    main()
