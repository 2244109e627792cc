"""The asynchronous Elasticsearch client of the service."""

from elastic_transport import HttpxAsyncHttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import AsyncElasticsearch

from core.settings import Settings
from core.tls import create_ssl_context

REQUEST_TIMEOUT_SECONDS = 30


def create_client(settings: Settings, url: str) -> AsyncElasticsearch:
    """Return a client with the API key and the CA certificate of the settings. It sends no request yet."""
    return AsyncElasticsearch(
        url,
        api_key=settings.elasticsearch_api_key.get_secret_value() or None,
        # Over httpx the client does not compare the host name with the certificate's, so the context must.
        ssl_context=create_ssl_context(settings) if url.startswith("https") else DEFAULT,
        # The default node class needs aiohttp; httpx is a dependency already.
        node_class=HttpxAsyncHttpNode,
        request_timeout=REQUEST_TIMEOUT_SECONDS,
        max_retries=1,
    )
