"""The Elasticsearch client: which cluster, with which credentials, and what its errors mean to a user."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from core.errors import FrontispieceError
from core.settings import Settings
from core.tls import client_options
from indexer.embedded import running_url

ElasticsearchClient = Elasticsearch
"""The type of the client, for packages that must not import `elasticsearch`."""


def elasticsearch_url(settings: Settings) -> str:
    """Return the cluster of the settings, else the embedded node that runs; raise an error if there is neither."""
    url = settings.elasticsearch_url or running_url(settings.data)
    if not url:
        raise FrontispieceError(
            "no Elasticsearch: set FRONTISPIECE_ELASTICSEARCH_URL to your cluster, "
            "or run `frontispiece node start` for an embedded node"
        )
    return url


def connect(settings: Settings, url: str) -> Elasticsearch:
    """Return a client with the API key and the CA of the settings; it sends no request yet."""
    return Elasticsearch(
        url,
        api_key=settings.elasticsearch_api_key.get_secret_value() or None,
        **client_options(settings),
        request_timeout=60,
        retry_on_timeout=True,
        max_retries=3,
    )


@contextmanager
def open_client(settings: Settings) -> Iterator[Elasticsearch]:
    """Connect to the cluster of the settings, else to the embedded node; errors are translated for the user."""
    url = elasticsearch_url(settings)
    with connect(settings, url) as client, translate_errors(url):
        yield client


@contextmanager
def translate_errors(url: str) -> Iterator[None]:
    """Raise Elasticsearch's errors as `FrontispieceError` with a sentence for the user."""
    try:
        yield
    except TransportError as error:
        raise FrontispieceError(f"Elasticsearch at {url} does not answer: {error.message}") from error
    except ApiError as error:
        raise FrontispieceError(
            f"Elasticsearch at {url} refused ({error.status_code}): {_error_reason(error)}"
        ) from error


def root_cause(error: Any) -> str:
    """Return the innermost reason in an error object of Elasticsearch."""
    while isinstance(error, Mapping) and isinstance(error.get("caused_by"), Mapping):
        error = error["caused_by"]
    return str(error.get("reason", error)) if isinstance(error, Mapping) else str(error)


def _error_reason(error: ApiError) -> str:
    body = error.body
    return root_cause(body.get("error", body)) if isinstance(body, Mapping) else str(body)
