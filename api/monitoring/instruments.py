"""The metrics of this process. Every label has a small set of values, and none of them is what a reader typed.

`python -m api.monitoring.metrics_reference` writes the table of them in docs/operators.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from time import perf_counter
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

disable_created_metrics()  # type: ignore[no-untyped-call]  # they double what is printed, and Prometheus does not read them from this format

REGISTRY = CollectorRegistry(auto_describe=True)
PREFIX = "frontispiece"

QueueName = Literal["pictures", "encoder", "images"]
CacheName = Literal["filter_counts", "image_sources", "images", "picture_vectors", "text_vectors"]

REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
PART_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

REQUESTS = Counter(
    "requests",
    "Requests that were answered, or whose reader went away (status `closed`).",
    ("method", "route", "status"),
    namespace=PREFIX,
    registry=REGISTRY,
)
REQUEST_DURATION = Histogram(
    "request_duration_seconds",
    "From the arrival of a request to the end of its answer.",
    ("route",),
    buckets=REQUEST_SECONDS,
    namespace=PREFIX,
    registry=REGISTRY,
)
SEARCHES = Counter(
    "searches",
    "First pages of searches with words, by whether anything has enough of the words.",
    ("result",),
    namespace=PREFIX,
    registry=REGISTRY,
)
ELASTICSEARCH_DURATION = Histogram(
    "elasticsearch_request_duration_seconds",
    "From sending a request to Elasticsearch to its answer.",
    ("operation",),
    buckets=REQUEST_SECONDS,
    namespace=PREFIX,
    registry=REGISTRY,
)
ELASTICSEARCH_ERRORS = Counter(
    "elasticsearch_errors",
    "Requests that Elasticsearch did not answer, or refused.",
    ("kind",),
    namespace=PREFIX,
    registry=REGISTRY,
)
ENCODE_DURATION = Histogram(
    "encode_duration_seconds",
    "Encoding one text or picture, without the wait for the model.",
    ("model", "input"),
    buckets=PART_SECONDS,
    namespace=PREFIX,
    registry=REGISTRY,
)
RENDER_DURATION = Histogram(
    "render_duration_seconds",
    "Rendering a page from its template.",
    ("template",),
    buckets=PART_SECONDS,
    namespace=PREFIX,
    registry=REGISTRY,
)
QUEUE_WAITING = Gauge(
    "queue_waiting",
    "Requests that wait: for a place where pictures are decoded and encoded, for a model, or for an image to be cut.",
    ("queue",),
    namespace=PREFIX,
    registry=REGISTRY,
)
QUEUE_RUNNING = Gauge(
    "queue_running",
    "Requests that no longer wait: pictures that are decoded and encoded, models and threads that work.",
    ("queue",),
    namespace=PREFIX,
    registry=REGISTRY,
)
QUEUE_WAIT = Histogram(
    "queue_wait_seconds",
    "How long a request waited in a queue.",
    ("queue",),
    buckets=REQUEST_SECONDS,
    namespace=PREFIX,
    registry=REGISTRY,
)
QUEUE_REFUSED = Counter(
    "queue_refused",
    "Requests that got 503 because a queue was full or the wait too long.",
    ("queue",),
    namespace=PREFIX,
    registry=REGISTRY,
)
PIXELS_IN_FLIGHT = Gauge(
    "pixels_in_flight",
    "Pixels of readers' pictures that are decoded and being encoded.",
    namespace=PREFIX,
    registry=REGISTRY,
)
DECODING_ENDED = Counter(
    "decoding_processes_ended",
    "Processes that were ended because a picture took too much memory or time.",
    namespace=PREFIX,
    registry=REGISTRY,
)
RATE_LIMITED = Counter(
    "rate_limited",
    "Requests that got 429, by the limit that they exceeded.",
    ("limit",),
    namespace=PREFIX,
    registry=REGISTRY,
)
CACHE_REQUESTS = Counter(
    "cache_requests",
    "Look-ups in the caches of the service.",
    ("cache", "result"),
    namespace=PREFIX,
    registry=REGISTRY,
)
UNANSWERED_SEARCHES = Counter(
    "unanswered_searches",
    "Searches without results that were to be kept, by what became of them.",
    ("outcome",),
    namespace=PREFIX,
    registry=REGISTRY,
)
BUILD_INFO = Gauge("build_info", "1; the label says the version.", ("version",), namespace=PREFIX, registry=REGISTRY)
BUILD_INFO.labels(version("frontispiece")).set(1)
ProcessCollector(registry=REGISTRY)

ELASTICSEARCH_ERROR_KINDS = ("bad_request", "connection", "overloaded", "refused_key", "server", "timeout", "tls")
OPERATIONS = ("bulk", "count", "mapping", "msearch", "search", "other")
LIMITS = ("searches", "uploads", "exports", "iiif")
QUEUES: tuple[QueueName, ...] = ("pictures", "encoder", "images")
CACHES: tuple[CacheName, ...] = ("filter_counts", "image_sources", "images", "picture_vectors", "text_vectors")


def _create_series() -> None:
    """Print zeros from the start: an alert on an increase needs a value before the first error."""
    for kind in ELASTICSEARCH_ERROR_KINDS:
        ELASTICSEARCH_ERRORS.labels(kind)
    for operation in OPERATIONS:
        ELASTICSEARCH_DURATION.labels(operation)
    for limit in LIMITS:
        RATE_LIMITED.labels(limit)
    for queue in QUEUES:
        for instrument in (QUEUE_WAITING, QUEUE_RUNNING, QUEUE_WAIT, QUEUE_REFUSED):
            instrument.labels(queue)
    for result in ("hit", "miss"):
        for cache in CACHES:
            CACHE_REQUESTS.labels(cache, result)
    for result in ("found", "nothing"):
        SEARCHES.labels(result)
    for outcome in ("written", "dropped", "failed"):
        UNANSWERED_SEARCHES.labels(outcome)


_create_series()


def count_lookup(cache: CacheName, *, is_hit: bool) -> None:
    """Count a look-up in a cache."""
    CACHE_REQUESTS.labels(cache, "hit" if is_hit else "miss").inc()


@contextmanager
def measure_wait(queue: QueueName) -> Iterator[None]:
    """Count the block as one that waits in the queue, and measure how long."""
    waiting, started_at = QUEUE_WAITING.labels(queue), perf_counter()
    waiting.inc()
    try:
        yield
    finally:
        waiting.dec()
        QUEUE_WAIT.labels(queue).observe(perf_counter() - started_at)


@contextmanager
def measure_time(histogram: Histogram) -> Iterator[None]:
    """Measure how long the block takes."""
    started_at = perf_counter()
    try:
        yield
    finally:
        histogram.observe(perf_counter() - started_at)
