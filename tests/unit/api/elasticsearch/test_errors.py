"""Errors of the Elasticsearch client become 503 or 500 with a sentence that hides the cause."""

from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import ApiError, BadRequestError, NotFoundError
from litestar import get
from litestar.testing import create_test_client

from api.elasticsearch.errors import (
    ELASTICSEARCH_EXCEPTION_HANDLERS,
    describe_refusal,
    raise_for_error,
    translate_missing_index,
)
from api.errors import INTERNAL_ERROR_MESSAGE, UNAVAILABLE_MESSAGE, IndexNotFound


def response_meta(status: int) -> ApiResponseMeta:
    node = NodeConfig("http", "127.0.0.1", 9)
    return ApiResponseMeta(status=status, http_version="1.1", headers=HttpHeaders(), duration=0, node=node)


@pytest.mark.parametrize(
    ("node_status", "status", "detail"),
    [
        (429, 503, UNAVAILABLE_MESSAGE),
        (502, 503, UNAVAILABLE_MESSAGE),
        (503, 503, UNAVAILABLE_MESSAGE),
        (504, 503, UNAVAILABLE_MESSAGE),
        (400, 500, INTERNAL_ERROR_MESSAGE),
        (401, 503, UNAVAILABLE_MESSAGE),
        (403, 503, UNAVAILABLE_MESSAGE),
    ],
)
def test_overloaded_node_gives_503_and_any_other_refusal_500(node_status: int, status: int, detail: str) -> None:
    meta = response_meta(node_status)

    @get("/api/search", sync_to_thread=False)
    def refuse() -> dict[str, Any]:
        raise ApiError("es_rejected_execution_exception", meta, {"error": "secret"})

    with create_test_client(refuse, exception_handlers=ELASTICSEARCH_EXCEPTION_HANDLERS) as client:
        response = client.get("/api/search")
    assert (response.status_code, response.json()) == (
        status,
        {"status_code": status, "detail": detail, "request_id": ""},
    )


@pytest.mark.parametrize(("status", "reason"), [(400, ""), (403, "not authorised for hemmelig"), (503, "no shards")])
def test_the_log_has_the_reason_unless_it_may_repeat_a_readers_words(status: int, reason: str) -> None:
    body = {"error": {"type": "some_exception", "reason": reason or "Failed to parse query [hemmelig]"}}
    refusal = describe_refusal(ApiError("some_exception", response_meta(status), body))
    assert refusal == {"error": "some_exception", "reason": reason}


@pytest.mark.parametrize(("status", "error_class"), [(404, NotFoundError), (429, ApiError)])
def test_a_refused_search_of_several_is_an_error_with_its_own_status(status: int, error_class: type[ApiError]) -> None:
    response = {"error": {"type": "index_not_found_exception", "reason": "secret"}, "status": status}
    with pytest.raises(error_class) as refusal:
        raise_for_error(response, response_meta(200))
    assert refusal.value.status_code == status


def test_an_answered_search_of_several_is_no_error() -> None:
    raise_for_error({"took": 1, "hits": {}, "status": 200}, response_meta(200))


@pytest.mark.parametrize("cause", ["already_closed_exception", "parse_exception"])
def test_a_search_in_an_index_that_is_being_deleted_is_one_without_an_index(cause: str) -> None:
    """A shard that closes says so deep in the error, with the status of a bad request."""
    shard_failure = {"reason": {"type": "query_shard_exception", "caused_by": {"type": cause}}}
    response = {
        "error": {"type": "search_phase_execution_exception", "failed_shards": [shard_failure]},
        "status": 400,
    }
    expected_error = IndexNotFound if cause == "already_closed_exception" else BadRequestError
    with pytest.raises(expected_error), translate_missing_index():
        raise_for_error(response, response_meta(200))
