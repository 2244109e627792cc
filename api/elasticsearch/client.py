"""The asynchronous Elasticsearch client of the service."""

from typing import Any

import msgspec
from elastic_transport import JsonSerializer, NdjsonSerializer
from elastic_transport.client_utils import DEFAULT
from elasticsearch import AsyncElasticsearch

from api.elasticsearch.watched_node import WatchedNode
from core.settings import Settings
from core.tls import create_ssl_context

REQUEST_TIMEOUT_SECONDS = 30


class FastJson(JsonSerializer):
    """JSON by msgspec, which writes the vectors of a request in a fifth of the time of the standard library."""

    mimetype = "application/vnd.elasticsearch+json"

    def json_dumps(self, data: Any) -> bytes:
        return msgspec.json.encode(data, enc_hook=self.default)

    def json_loads(self, data: bytes) -> Any:
        try:
            return msgspec.json.decode(data)
        except msgspec.DecodeError as error:
            raise ValueError(str(error)) from error


class FastJsonLines(FastJson, NdjsonSerializer):
    """JSON by msgspec, one value on a line."""

    mimetype = "application/vnd.elasticsearch+x-ndjson"


SERIALIZERS = {serializer.mimetype: serializer for serializer in (FastJson(), FastJsonLines(), JsonSerializer())}


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
