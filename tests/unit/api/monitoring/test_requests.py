"""Request ids: made or taken from a named proxy, sent back, shown with errors, and in every line of the log."""

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from litestar.types import Message
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from api.monitoring.instruments import REGISTRY
from api.monitoring.logs import configure_logs
from api.monitoring.requests import current_request_id, wrap_with_records
from tests.event_loops import run_coroutine
from tests.unit.api.offline_service import ApiClient, run_offline

pytestmark = pytest.mark.network

PROXY, READER = "192.0.2.7", "198.51.100.9"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    """Yield a service behind a proxy."""
    with run_offline(tmp_path_factory.mktemp("proxy"), PROXY, trusted_proxies=PROXY, log_requests=True) as client:
        yield client


def test_an_id_is_made_and_sent_back(client: ApiClient) -> None:
    first, second = (client.get("/about").headers["X-Request-ID"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second


@pytest.mark.parametrize("request_id", ["abc123", "f3e5a2a0-8c1e-4d0f-9a57-2f3b1f0d9c11", "Root=1-67891233-abcdef"])
def test_the_id_of_a_named_proxy_is_taken_over(client: ApiClient, request_id: str) -> None:
    assert client.get("/about", headers={"X-Request-ID": request_id}).headers["X-Request-ID"] == request_id


@pytest.mark.parametrize("request_id", ["", " ", "a b", 'a"b', "x" * 129, "-a", "é", "a\x1b[31m", "{a}"])
def test_an_id_that_could_break_a_log_is_replaced(client: ApiClient, request_id: str) -> None:
    response = client.get("/about", headers={"X-Request-ID": request_id.encode()})  # type: ignore[dict-item]
    assert re.fullmatch("[0-9a-f]{16}", response.headers["X-Request-ID"])


def test_the_id_of_a_reader_is_not_taken_over(tmp_path: Path) -> None:
    with run_offline(tmp_path, READER, trusted_proxies=PROXY) as client:
        headers = {"X-Request-ID": "mine", "X-Forwarded-For": PROXY}
        assert client.get("/about", headers=headers).headers["X-Request-ID"] != "mine"


def test_errors_show_the_id_to_quote(client: ApiClient) -> None:
    problem = client.get("/api/search?q=fyr")
    assert problem.json()["request_id"] == problem.headers["X-Request-ID"]
    page = client.get("/nowhere")
    assert f"quote {page.headers['X-Request-ID']}" in page.text


def test_each_line_of_the_log_has_the_id_and_none_has_words_or_addresses(client: ApiClient) -> None:
    headers = {"X-Forwarded-For": READER, "X-Request-ID": "abc", "User-Agent": "Lynx", "Referer": "https://a.example/b"}
    with capture_logs(processors=[merge_contextvars]) as lines:
        client.get("/?q=hemmelig", headers=headers)
    assert {line["event"] for line in lines} >= {"request", "elasticsearch.away"}
    assert {line["request_id"] for line in lines} == {"abc"}
    [request_line] = [line for line in lines if line["event"] == "request"]
    assert (request_line["route"], request_line["status"], request_line["method"]) == ("/", "503", "GET")
    for secret in ("hemmelig", READER, PROXY, "Lynx", "a.example"):
        assert secret not in json.dumps(lines)


def test_a_line_can_be_json() -> None:
    before, file = structlog.get_config(), StringIO()
    try:
        configure_logs("json", file)
        structlog.get_logger().warning("scans.missing", folder="Bøker")
    finally:
        structlog.configure(**before)
    line = json.loads(file.getvalue())
    assert (line["event"], line["level"], line["folder"]) == ("scans.missing", "warning", "Bøker")
    assert line["timestamp"].endswith("Z")


def test_requests_are_in_the_log_only_where_the_operator_wants_it(tmp_path: Path) -> None:
    with run_offline(tmp_path) as client, capture_logs() as lines:
        client.get("/about")
    assert lines == []


def test_an_application_that_fails_counts_as_500() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise OSError

    scope: Any = {"type": "http", "method": "GET", "headers": [], "client": None}
    labels = {"method": "GET", "route": "none", "status": "500"}
    before = REGISTRY.get_sample_value("frontispiece_requests_total", labels) or 0
    with pytest.raises(OSError):  # noqa: PT011 it is raised as it is
        run_coroutine(wrap_with_records(app, lambda _: False, log_requests=False), scope, None, None)
    assert REGISTRY.get_sample_value("frontispiece_requests_total", labels) == before + 1


def test_the_id_ends_with_its_request() -> None:
    async def receive() -> Any: ...

    async def send(message: Message) -> None: ...

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert current_request_id()

    scope: Any = {"type": "http", "method": "GET", "headers": [], "client": None}
    run_coroutine(wrap_with_records(app, lambda _: False, log_requests=False), scope, receive, send)
    assert current_request_id() == ""
