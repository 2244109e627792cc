"""Traces: off without a collector, a sentence without the extra, and nothing of a reader in a span."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from api.monitoring.tracing import span, start_tracing, stop_tracing, trace_headers, trace_with
from tests.unit.api.offline_service import run_offline

pytestmark = pytest.mark.network


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace_with(provider)
    yield exporter
    stop_tracing()


def test_nothing_is_traced_without_a_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(variable, raising=False)
    assert start_tracing() is False
    with span("encode", model="sscd"):
        assert trace_headers() == {}


def test_without_the_extra_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with capture_logs() as lines:
        assert start_tracing() is False
    assert "pip install 'frontispiece[opentelemetry]'" in lines[0]["advice"]


def test_a_span_has_the_route_and_nothing_of_the_reader(tmp_path: Path, exporter: InMemorySpanExporter) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    headers = {"User-Agent": "Lynx", "Referer": "https://a.example", "traceparent": parent, "Cookie": "c=d"}
    with run_offline(tmp_path, "198.51.100.9") as client:
        response = client.get("/books/digibok_1?q=hemmelig", headers=headers)
        assert response.status_code == 503
    spans = [json.loads(finished.to_json()) for finished in exporter.get_finished_spans()]
    names = [finished["name"] for finished in spans]
    assert "GET /books/{book_id}" in names
    assert "render" in names
    server_span = spans[names.index("GET /books/{book_id}")]
    assert server_span["context"]["trace_id"] == "0x0af7651916cd43dd8448eb211c80319c"
    assert server_span["attributes"]["frontispiece.request_id"] == response.headers["X-Request-ID"]
    for secret in ("hemmelig", "198.51.100.9", "Lynx", "a.example", "digibok_1", "c=d"):
        assert secret not in json.dumps(spans)


def test_the_trace_goes_on_in_elasticsearch(exporter: InMemorySpanExporter) -> None:
    with span("search"):
        headers = trace_headers()
    [finished] = exporter.get_finished_spans()
    assert finished.context
    assert headers["traceparent"].split("-")[1] == f"{finished.context.trace_id:032x}"
