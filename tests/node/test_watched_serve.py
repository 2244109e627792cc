"""`frontispiece serve` as operators watch it: two addresses, a log in JSON, and traces at a collector."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from api.server import open_listener
from tests.http_servers import LoopbackHandler, run_server
from tests.waiting import wait_for_response, wait_until


def free_port() -> int:
    with open_listener("127.0.0.1", 0) as free_socket:
        return int(free_socket.getsockname()[1])


def test_serve_has_a_status_address_a_log_in_json_and_sends_traces(node_url: str, tmp_path: Path) -> None:
    spans: dict[str, bytes] = {}
    """Name of the library and of the span → id of the trace."""

    class Collector(LoopbackHandler):
        def respond(self) -> None:
            body = self.read_body()
            data = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
            for resource in ExportTraceServiceRequest.FromString(data).resource_spans:
                for scope in resource.scope_spans:
                    spans.update({f"{scope.scope.name} {span.name}": span.trace_id for span in scope.spans})
            self.send_reply(200, b"")

    port, status_port = free_port(), free_port()
    url, status_url = (f"http://127.0.0.1:{number}" for number in (port, status_port))
    with run_server(Collector) as collector_url, (tmp_path / "log").open("w", encoding="utf-8") as log:
        settings = {
            "FRONTISPIECE_ELASTICSEARCH_URL": node_url,
            "FRONTISPIECE_ALIAS": f"test-{tmp_path.name.replace('_', '-').lower()}-nowhere",
            "FRONTISPIECE_DATA": str(tmp_path),
            "FRONTISPIECE_MODELS": "sscd",
            "FRONTISPIECE_STATUS_ADDRESS": f"127.0.0.1:{status_port}",
            "FRONTISPIECE_LOG_FORMAT": "json",
            "FRONTISPIECE_LOG_REQUESTS": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector_url,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
        }
        command = [str(Path(sys.executable).parent / "frontispiece"), "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=os.environ | settings, stderr=log)
        try:
            wait_for_response(f"{url}/health/live", lambda: process.poll() is None)
            page = httpx.get(f"{url}/?q=hemmelig", headers={"X-Request-ID": "from-the-proxy"})
            public = [httpx.get(f"{url}{path}").status_code for path in ("/metrics", "/health/ready")]
            status = [httpx.get(f"{status_url}{path}").status_code for path in ("/metrics", "/health/ready", "/about")]
            assert wait_until(lambda: "opentelemetry.instrumentation.asgi GET /" in spans)
        finally:
            process.terminate()
            process.wait()
    assert page.headers["X-Request-ID"] == "from-the-proxy", "this machine is a trusted proxy"
    assert (public, status) == ([404, 404], [200, 503, 404])
    assert spans["elasticsearch-api indices.get_mapping"]
    lines = [json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()]
    [line] = [line for line in lines if line.get("request_id") == "from-the-proxy" and line["event"] == "request"]
    assert (line["route"], line["status"]) == ("/", "503")
    assert "hemmelig" not in json.dumps(lines)
