"""The asynchronous Elasticsearch client of the service."""

from elastic_transport.client_utils import DEFAULT
from elasticsearch import AsyncElasticsearch

from api.elasticsearch.watched_node import WatchedNode
from core.elasticsearch_json import SERIALIZERS
from core.settings import Settings
from core.tls import create_ssl_context

REQUEST_TIMEOUT_SECONDS = 30


def create_client(settings: Settings, url: str) -> AsyncElasticsearch:
    """Return a client with the API key and the CA certificate of the settings. It sends no request yet."""
    return AsyncElasticsearch(
        url,
        api_key=settings.elasticsearch_api_key.get_secret_value() or None,
        # The context also checks the fingerprint of the settings, for which the client has no option.
        ssl_context=create_ssl_context(settings) if url.startswith("https") else DEFAULT,
        node_class=WatchedNode,
        serializers=SERIALIZERS,
        # The cluster is near: to compress and expand a response would take longer than to send it.
        headers={"accept-encoding": "identity"},
        request_timeout=REQUEST_TIMEOUT_SECONDS,
        max_retries=1,
    )
