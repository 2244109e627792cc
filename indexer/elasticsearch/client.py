"""The Elasticsearch client: which cluster, with which credentials, and what its errors mean to a user."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elastic_transport import Transport, TransportError
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import ScanError

from core.addresses import strip_credentials
from core.elasticsearch_json import SERIALIZERS
from core.errors import FrontispieceError
from core.settings import Settings
from core.tls import client_options
from indexer.elasticsearch.patient_transport import PatientTransport
from indexer.embedded import running_url

ElasticsearchClient = Elasticsearch
"""The type of the client, for packages that must not import `elasticsearch`."""

Credentials = tuple[str, str]
"""The name of a user and the password."""

REFUSAL_HINTS = {
    401: "; FRONTISPIECE_ELASTICSEARCH_API_KEY is missing, wrong, expired or revoked: "
    "delete the file of the key, and `frontispiece setup --keys FOLDER` makes a new one",
    403: "; `frontispiece setup --keys FOLDER` gives a key of an earlier version what this one needs",
}
"""Status → what the user can do."""


def elasticsearch_url(settings: Settings) -> str:
    """Return the cluster of the settings, else the embedded node that runs; raise an error if there is neither."""
    url = settings.elasticsearch_url or running_url(settings.data)
    if not url:
        raise FrontispieceError(
            "no Elasticsearch: set FRONTISPIECE_ELASTICSEARCH_URL to your cluster, "
            "or run `frontispiece node start` for an embedded node"
        )
    return url


def connect(
    settings: Settings, url: str, credentials: Credentials | None = None, *, is_patient: bool = False
) -> Elasticsearch:
    """Return a client with the API key and the CA of the settings; it sends no request yet.

    `credentials` of a user take the place of the API key. A patient client waits for a node that restarts.
    """
    return Elasticsearch(
        url,
        api_key=None if credentials else settings.elasticsearch_api_key.get_secret_value() or None,
        basic_auth=credentials,
        **client_options(settings),
        serializers=SERIALIZERS,
        transport_class=PatientTransport if is_patient else Transport,
        request_timeout=60,
        retry_on_timeout=True,
        max_retries=3,
    )


@contextmanager
def open_client(settings: Settings, credentials: Credentials | None = None) -> Iterator[Elasticsearch]:
    """Connect to the cluster of the settings, else to the embedded node; errors are translated for the user."""
    url = elasticsearch_url(settings)
    with connect(settings, url, credentials) as client, translate_errors(url):
        yield client


@contextmanager
def translate_errors(url: str) -> Iterator[None]:
    """Raise Elasticsearch's errors as `FrontispieceError` with a sentence for the user."""
    try:
        yield
    except TransportError as error:
        raise FrontispieceError(
            f"Elasticsearch at {strip_credentials(url)} does not answer: {error.message}"
        ) from error
    except ApiError as error:
        advice = REFUSAL_HINTS.get(error.status_code, "")
        raise FrontispieceError(
            f"Elasticsearch at {strip_credentials(url)} refused ({error.status_code}): {_error_reason(error)}{advice}"
        ) from error
    except ScanError as error:
        raise FrontispieceError(
            f"Elasticsearch at {strip_credentials(url)} could not read a whole index: {error}; run the command again "
            "when all its shards are there (`GET _cluster/health` is yellow or green)"
        ) from error


def root_cause(error: Any) -> str:
    """Return the innermost reason in an error object of Elasticsearch."""
    while isinstance(error, Mapping) and isinstance(error.get("caused_by"), Mapping):
        error = error["caused_by"]
    return str(error.get("reason", error)) if isinstance(error, Mapping) else str(error)


def _error_reason(error: ApiError) -> str:
    body = error.body
    return root_cause(body.get("error", body)) if isinstance(body, Mapping) else str(body)
