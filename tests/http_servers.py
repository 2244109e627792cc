"""Small HTTP servers on a free port of loopback, which imitate a service or forward requests to a node."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx

from tests.waiting import PATIENCE_SECONDS

FORWARDED_HEADERS = ("accept", "content-type")
RETURNED_HEADERS = ("content-type", "x-elastic-product")


class LoopbackHandler(BaseHTTPRequestHandler):
    """A request handler that keeps connections open, as Elasticsearch does, and writes no log."""

    protocol_version = "HTTP/1.1"

    def read_body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def send_reply(self, status: int, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def forward_to_node(self, node_url: str, body: bytes) -> httpx.Response:
        """Send the same request to the node and return its response."""
        headers = {name: value for name in FORWARDED_HEADERS if (value := self.headers.get(name))}
        return httpx.request(
            self.command, node_url + self.path, content=body, headers=headers, timeout=PATIENCE_SECONDS
        )

    def relay_response(self, response: httpx.Response) -> None:
        headers = {name: response.headers[name] for name in RETURNED_HEADERS if name in response.headers}
        self.send_reply(response.status_code, response.content, headers)

    def respond(self) -> None:
        """Respond to a request of any method; each handler class implements it."""
        raise TypeError(f"{type(self).__name__} has no answer")

    def _handle_any_method(self) -> None:
        if self.path == "/robots.txt":
            self.send_reply(404, b"")
        else:
            self.respond()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _handle_any_method  # noqa: N815 http.server looks for these names

    def log_message(self, *args: Any) -> None:
        """Write no log."""


@contextmanager
def run_server(handler_class: type[LoopbackHandler], tls_context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run a server in a thread; yield its URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_class) as server:
        if tls_context:
            server.socket = tls_context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"{'https' if tls_context else 'http'}://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
