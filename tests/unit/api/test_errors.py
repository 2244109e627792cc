"""What Elasticsearch refuses is told by whose turn it is: the reader's to wait, or ours to mend."""

from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError
from litestar import get
from litestar.testing import create_test_client

from api.errors import AWAY, BROKEN, HANDLERS


@pytest.mark.parametrize(
    ("refused", "status", "sentence"),
    [(429, 503, AWAY), (502, 503, AWAY), (503, 503, AWAY), (504, 503, AWAY), (400, 500, BROKEN), (403, 500, BROKEN)],
)
def test_a_busy_node_is_a_matter_of_time_and_any_other_refusal_a_failure(
    refused: int, status: int, sentence: str
) -> None:
    node = NodeConfig("http", "127.0.0.1", 9)
    meta = ApiResponseMeta(status=refused, http_version="1.1", headers=HttpHeaders(), duration=0, node=node)

    @get("/api/search", sync_to_thread=False)
    def refuse() -> dict[str, Any]:
        raise ApiError("es_rejected_execution_exception", meta, {"error": "secret"})

    with create_test_client(refuse, exception_handlers=HANDLERS) as web:
        answer = web.get("/api/search")
    assert (answer.status_code, answer.json()) == (status, {"status_code": status, "detail": sentence})
