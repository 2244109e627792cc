"""Small HTTP servers that stand before a node or for a service, on a free port of loopback, as long as a test lasts."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx

PASSED_ON = ("accept", "content-type")
PASSED_BACK = ("content-type", "x-elastic-product")


class Door(BaseHTTPRequestHandler):
    """Keeps connections open as Elasticsearch does, and writes no log."""

    protocol_version = "HTTP/1.1"

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def say(self, status: int, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def ask_node(self, node_url: str, body: bytes) -> httpx.Response:
        """The same request to the node."""
        kept = {name: value for name in PASSED_ON if (value := self.headers.get(name))}
        return httpx.request(self.command, node_url + self.path, content=body, headers=kept, timeout=60)

    def hand_back(self, answer: httpx.Response) -> None:
        kept = {name: answer.headers[name] for name in PASSED_BACK if name in answer.headers}
        self.say(answer.status_code, answer.content, kept)

    def respond(self) -> None:
        """What each door does for itself, whatever the method."""
        raise TypeError(f"{type(self).__name__} has no answer")

    def _any(self) -> None:
        self.respond()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 http.server looks for these names

    def log_message(self, *args: Any) -> None:
        """Silent."""


@contextmanager
def listening(door: type[Door], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), door) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
