"""`/metrics` for Prometheus."""

from litestar import Response, get
from litestar.di import NamedDependency
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from api.controllers.status_access import require_status_access_to_metrics
from api.monitoring.collection_watch import CollectionWatch
from api.monitoring.instruments import REGISTRY


@get("/metrics", include_in_schema=False, guards=[require_status_access_to_metrics])
async def get_metrics(collection_watch: NamedDependency[CollectionWatch]) -> Response[bytes]:
    """Return the metrics of this process and of the collection, which are read at most every 15 seconds."""
    collection = CollectorRegistry()
    collection.register(await collection_watch.read_metrics())
    content = generate_latest(REGISTRY) + generate_latest(collection)
    return Response(content, media_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})
