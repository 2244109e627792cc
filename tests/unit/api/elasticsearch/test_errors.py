"""Errors of the Elasticsearch client become 503 or 500 with a sentence that hides the cause."""

from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError
from litestar import get
from litestar.testing import create_test_client

from api.elasticsearch.errors import ELASTICSEARCH_EXCEPTION_HANDLERS
from api.errors import INTERNAL_ERROR_MESSAGE, UNAVAILABLE_MESSAGE


@pytest.mark.parametrize(
    ("node_status", "status", "detail"),
    [
        (429, 503, UNAVAILABLE_MESSAGE),
        (502, 503, UNAVAILABLE_MESSAGE),
        (503, 503, UNAVAILABLE_MESSAGE),
        (504, 503, UNAVAILABLE_MESSAGE),
        (400, 500, INTERNAL_ERROR_MESSAGE),
        (403, 500, INTERNAL_ERROR_MESSAGE),
    ],
)
def test_overloaded_node_gives_503_and_any_other_refusal_500(node_status: int, status: int, detail: str) -> None:
    node = NodeConfig("http", "127.0.0.1", 9)
    meta = ApiResponseMeta(status=node_status, http_version="1.1", headers=HttpHeaders(), duration=0, node=node)

    @get("/api/search", sync_to_thread=False)
    def refuse() -> dict[str, Any]:
        raise ApiError("es_rejected_execution_exception", meta, {"error": "secret"})

    with create_test_client(refuse, exception_handlers=ELASTICSEARCH_EXCEPTION_HANDLERS) as client:
        response = client.get("/api/search")
    assert (response.status_code, response.json()) == (status, {"status_code": status, "detail": detail})
