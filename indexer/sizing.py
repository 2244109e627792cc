"""What a collection of a given size needs: bytes, memory, shards, nodes, hours and money. Pure arithmetic.

docs/scaling.md shows the formulas with their constants, and says which command measures each constant again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType

from core.encoders.registry import SPECS
from core.errors import FrontispieceError

VECTOR_BYTES_PER_NUMBER = 4.125
"""Four for the exact vector, a bit for the rounded one of `bbq_hnsw`."""
VECTOR_OVERHEAD_BYTES = 40
"""The graph, what corrects the rounding, and which document a vector belongs to."""
CORRECTION_BYTES = 14
"""In memory, beside a rounded vector."""
FEATURE_BYTES: Mapping[str, int] = MappingProxyType({"sscd": 4_096})
WORD_BYTES = 4_940
"""The searched words, forms and values of a picture's document."""
SOURCE_BYTES = 5_490
"""A picture's document as it was written, without vectors."""
PAGE_BYTES = 10_500
CROP_BYTES, LARGE_CROP_BYTES = 44_000, 146_000
"""A crop, and the larger one of a scan on disk."""
MAX_CONNECTIONS = 16
"""`m` of the graph."""

MAX_SHARD_BYTES = 30e9
"""Elasticsearch advises 10 to 50 GB."""
USABLE_DISK_SHARE = 0.85
"""From then on Elasticsearch gives a node no more shards."""
FILE_CACHE_SHARE = 0.5
"""Of a node's memory; Elasticsearch's heap has the other half."""

ENCODING_SECONDS: Mapping[str, float] = MappingProxyType({"sscd": 0.21, "siglip": 0.77, "clip": 0.29, "vit": 0.59})
"""Processor time for a picture, with the features for a classifier."""
OTHER_SECONDS = 0.06
"""Processor time of the other stages for a picture and its share of pages."""
INDEXING_SECONDS = 0.0057
"""Elasticsearch's processor time for a picture and one of its models, merging included."""
REQUEST_SECONDS = 0.2
"""A server's answer."""
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPlan:
    """A collection, and the machines that are to index and to serve it."""

    pictures: int
    pages: int
    models: tuple[str, ...] = ("sscd",)
    replicas: int = 1
    node_memory: float = 64e9
    node_disk: float = 2e12
    cores: int = 32
    """Processors that index."""
    gpus: int = 0
    gpu_speed: float = 0.0
    """Pictures that one GPU encodes in a second, with all models."""
    hosts: int = 0
    """Servers that the pictures are fetched from; 0 if the scans are on disk."""
    requests_per_host: int = 4

    def __post_init__(self) -> None:
        if unknown := [name for name in self.models if name not in SPECS]:
            raise FrontispieceError(f"no model is called {', '.join(unknown)}; there are {', '.join(sorted(SPECS))}")
        if self.gpus and not self.gpu_speed:
            raise FrontispieceError(
                "say how many pictures a GPU encodes in a second (`--gpu-speed`); `python -m benchmarks.encoders` "
                "measures it on the machine that has one"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a library pays; 0 for what it does not want to know."""

    core_hour: float = 0.0
    gpu_hour: float = 0.0
    node_month: float = 0.0
    crop_gigabyte_month: float = 0.0


def dimensions(plan: CollectionPlan) -> list[int]:
    return [SPECS[name].dimensions for name in plan.models]


def vector_bytes(length: int) -> int:
    """Return what a vector of so many numbers takes in the index: as it is, rounded, and in the graph."""
    return ceil(VECTOR_BYTES_PER_NUMBER * length) + VECTOR_OVERHEAD_BYTES


def picture_bytes(plan: CollectionPlan) -> int:
    """Return what a picture takes in the index, once."""
    vectors = sum(map(vector_bytes, dimensions(plan)))
    return vectors + sum(FEATURE_BYTES.get(name, 0) for name in plan.models) + WORD_BYTES + SOURCE_BYTES


def index_bytes(plan: CollectionPlan) -> int:
    """Return what pictures and pages take, once."""
    return plan.pictures * picture_bytes(plan) + plan.pages * PAGE_BYTES


def crop_bytes(plan: CollectionPlan) -> int:
    return plan.pictures * (CROP_BYTES if plan.hosts else CROP_BYTES + LARGE_CROP_BYTES)


def vector_memory(plan: CollectionPlan) -> int:
    """Return the bytes of all rounded vectors and their graphs, as Elasticsearch's documentation computes them."""
    return plan.pictures * sum(ceil(length / 8) + CORRECTION_BYTES + 4 * MAX_CONNECTIONS for length in dimensions(plan))


def search_memory(plan: CollectionPlan) -> int:
    """Return the bytes that searches read again and again: vectors, graphs and words of the pictures."""
    return vector_memory(plan) + plan.pictures * WORD_BYTES


def shards(plan: CollectionPlan) -> int:
    """Return the primary shards of the pictures."""
    return max(1, ceil(plan.pictures * picture_bytes(plan) / MAX_SHARD_BYTES))


def nodes(plan: CollectionPlan) -> int:
    """Return the nodes that have the disk and the memory for every copy, each copy on a node of its own."""
    copies = 1 + plan.replicas
    by_disk = copies * index_bytes(plan) / (plan.node_disk * USABLE_DISK_SHARE)
    by_memory = copies * search_memory(plan) / (plan.node_memory * FILE_CACHE_SHARE)
    return max(copies, ceil(by_disk), ceil(by_memory))


def core_hours(plan: CollectionPlan) -> float:
    """Return the processor time of a first run; with GPUs without that of the models."""
    encoding = 0.0 if plan.gpus else sum(map(_encoding_seconds, plan.models))
    return plan.pictures * (OTHER_SECONDS + encoding) / SECONDS_PER_HOUR


def elasticsearch_hours(plan: CollectionPlan) -> float:
    """Return the processor time of Elasticsearch for a first run without replicas."""
    return plan.pictures * INDEXING_SECONDS * len(plan.models) / SECONDS_PER_HOUR


def gpu_hours(plan: CollectionPlan) -> float:
    return plan.pictures / plan.gpu_speed / SECONDS_PER_HOUR if plan.gpus else 0.0


def fetch_hours(plan: CollectionPlan) -> float:
    """Return how long servers need for a request for each picture; 0 for scans on disk."""
    if not plan.hosts:
        return 0.0
    return plan.pictures * REQUEST_SECONDS / (plan.requests_per_host * plan.hosts) / SECONDS_PER_HOUR


def run_hours(plan: CollectionPlan) -> float:
    """Return the time of a first run: its stages overlap, so that of the slowest."""
    by_gpus = gpu_hours(plan) / plan.gpus if plan.gpus else 0.0
    return max(core_hours(plan) / plan.cores, by_gpus, fetch_hours(plan))


def first_run_price(plan: CollectionPlan, prices: Prices) -> float:
    """Return what the machines of a first run cost while it lasts."""
    return run_hours(plan) * (plan.cores * prices.core_hour + plan.gpus * prices.gpu_hour)


def monthly_price(plan: CollectionPlan, prices: Prices) -> float:
    return nodes(plan) * prices.node_month + crop_bytes(plan) / 1e9 * prices.crop_gigabyte_month


def size_rows(plans: Sequence[CollectionPlan], prices: Prices) -> list[tuple[str, list[str]]]:
    """Return the rows of a table with a column for each plan."""
    rows = [
        ("pictures", [f"{plan.pictures:,}" for plan in plans]),
        ("pages", [f"{plan.pages:,}" for plan in plans]),
        ("index, once", [_bytes(index_bytes(plan)) for plan in plans]),
        ("index, with replicas", [_bytes((1 + plan.replicas) * index_bytes(plan)) for plan in plans]),
        ("crops", [_bytes(crop_bytes(plan)) for plan in plans]),
        ("shards of the pictures", [f"{shards(plan):,}" for plan in plans]),
        ("memory for vectors and graphs, once", [_bytes(vector_memory(plan)) for plan in plans]),
        ("the same with the words", [_bytes(search_memory(plan)) for plan in plans]),
        ("nodes", [f"{nodes(plan):,}" for plan in plans]),
        ("processor hours of a first run", [f"{core_hours(plan):,.0f}" for plan in plans]),
        ("processor hours of Elasticsearch", [f"{elasticsearch_hours(plan):,.0f}" for plan in plans]),
        ("GPU hours of a first run", [f"{gpu_hours(plan):,.0f}" for plan in plans]),
        ("hours of the servers", [f"{fetch_hours(plan):,.0f}" for plan in plans]),
        ("hours of a first run", [f"{run_hours(plan):,.0f}" for plan in plans]),
        ("price of a first run", [f"{first_run_price(plan, prices):,.0f}" for plan in plans]),
        ("price of a month", [f"{monthly_price(plan, prices):,.0f}" for plan in plans]),
    ]
    return [(name, values) for name, values in rows if set(values) != {"0"}]


def _encoding_seconds(name: str) -> float:
    if name not in ENCODING_SECONDS:
        raise FrontispieceError(
            f"how long {name} takes for a picture has not been measured; leave it out here, or plan with GPUs"
        )
    return ENCODING_SECONDS[name]


def _bytes(count: float) -> str:
    if count >= 1e12:
        return f"{count / 1e12:,.1f} TB"
    return f"{count / 1e9:,.0f} GB" if count >= 1e10 else f"{count / 1e9:,.1f} GB"
