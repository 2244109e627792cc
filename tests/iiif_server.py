"""A IIIF server on loopback: manifests of versions 2 and 3, ALTO, and the Image API over real scans."""

import json
import re
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

from PIL import Image

IMAGE_REQUEST = re.compile(r"^/image/(?P<id>[^/]+)/(?P<region>[^/]+)/(?P<size>[^/]+)/0/(?:default|native)\.jpg$")


@dataclass(frozen=True, slots=True)
class CannedResponse:
    """A response that replaces the server's own."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class IIIFServer:
    """The server's scans and documents, the requests that it received, and the failures that come next."""

    url: str
    scans: dict[str, Image.Image] = field(default_factory=dict)
    alto_files: dict[str, bytes] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    """Path → body, for documents that are not made from the scans."""
    requested_paths: list[str] = field(default_factory=list)
    user_agents: set[str] = field(default_factory=set)
    canned_responses: dict[str, deque[CannedResponse]] = field(default_factory=dict)
    """Start of a path → responses, each used once, in order."""
    accepts_width_only: bool = False
    """Whether the server refuses the size `w,h`, as one of level 1 does."""
    robots: bytes = b""
    """The robots.txt; without one the answer is 404. Requests for it are not in `requested_paths`."""
    delay_seconds: float = 0.0
    """How long each answer takes."""
    hanging_paths: tuple[str, ...] = ()
    """Starts of paths to which there is no answer."""
    requests_at_once: int = 0
    peak_requests: int = 0
    """The most requests that were open at the same time."""
    stopped: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def service_url(self, name: str) -> str:
        return f"{self.url}/image/{name}"

    def queue_responses(self, path: str, *responses: CannedResponse) -> None:
        self.canned_responses.setdefault(path, deque()).extend(responses)

    @contextmanager
    def count_request(self) -> Iterator[None]:
        """Count a request as open while the block runs."""
        with self._lock:
            self.requests_at_once += 1
            self.peak_requests = max(self.peak_requests, self.requests_at_once)
        try:
            yield
        finally:
            with self._lock:
                self.requests_at_once -= 1

    def wait_as_told(self, path: str) -> None:
        """Wait for the time that an answer takes; for a path that hangs, until the server stops."""
        if self.hanging_paths and path.startswith(self.hanging_paths):
            self.stopped.wait()
        elif self.delay_seconds:
            self.stopped.wait(self.delay_seconds)

    def respond(self, path: str) -> CannedResponse:
        if path == "/robots.txt":
            return CannedResponse(200 if self.robots else 404, body=self.robots)
        for path_prefix, queue in self.canned_responses.items():
            if path.startswith(path_prefix) and queue:
                return queue.popleft()
        if path in self.documents:
            return CannedResponse(200, body=self.documents[path])
        if path.startswith("/alto/") and path.removeprefix("/alto/") in self.alto_files:
            return CannedResponse(
                200, {"Content-Type": "application/alto+xml"}, self.alto_files[path.removeprefix("/alto/")]
            )
        if path in ("/2/manifest", "/3/manifest"):
            manifest = self.manifest_2() if path.startswith("/2") else self.manifest_3()
            return CannedResponse(200, {"Content-Type": "application/json"}, json.dumps(manifest).encode())
        return self._serve_image(path)

    def _serve_image(self, path: str) -> CannedResponse:
        if path.endswith("/info.json") and (scan := self.scans.get(path.split("/")[2])):
            info = {"@context": "http://iiif.io/api/image/2/context.json", "width": scan.width, "height": scan.height}
            return CannedResponse(200, {"Cache-Control": "max-age=3600"}, json.dumps(info).encode())
        request = IMAGE_REQUEST.match(path)
        if request is None or request["id"] not in self.scans:
            return CannedResponse(404)
        if self.accepts_width_only and re.fullmatch(r"\d+,\d+", request["size"]):
            return CannedResponse(400)
        return CannedResponse(
            200,
            {"Content-Type": "image/jpeg"},
            _crop_and_scale(self.scans[request["id"]], request["region"], request["size"]),
        )

    def manifest_2(self) -> dict[str, Any]:
        """Return a manifest of version 2 as the National Library of Norway writes it."""
        return {
            "@context": "http://iiif.io/api/presentation/2/context.json",
            "@type": "sc:Manifest",
            "@id": f"{self.url}/2/manifest{{?fields,profile}}",
            "label": "Fyret : en fortelling",
            "metadata": [
                {"label": "Forfatter", "value": "Ås, Anna"},
                {"label": "Publisert", "value": "Christiania: Cappelen, 1867"},
                {"label": "Språk", "value": "Norsk | Dansk"},
            ],
            "license": "https://creativecommons.org/publicdomain/zero/1.0/",
            "sequences": [{"canvases": [self._canvas_2(name, scan) for name, scan in self.scans.items()]}],
        }

    def _canvas_2(self, name: str, scan: Image.Image) -> dict[str, Any]:
        service = {
            "@context": "http://iiif.io/api/image/2/context.json",
            "@id": self.service_url(name),
            "profile": "http://iiif.io/api/image/2/level1.json",
            "width": scan.width,
            "height": scan.height,
        }
        picture = {
            "@id": f"{self.service_url(name)}/full/full/0/native.jpg",
            "@type": "dctypes:Image",
            "service": service,
        }
        alto = {"@id": f"{self.url}/alto/{name}", "format": "application/alto+xml"}
        return {
            "@id": f"{self.url}/canvas/URN:NBN:no-nb_{name}",
            "@type": "sc:Canvas",
            "label": "1",
            "seeAlso": [alto] if name in self.alto_files else [],
            "images": [{"@type": "oa:Annotation", "motivation": "sc:painting", "resource": picture}],
        }

    def manifest_3(self) -> dict[str, Any]:
        return {
            "@context": "http://iiif.io/api/presentation/3/context.json",
            "type": "Manifest",
            "id": f"{self.url}/3/manifest",
            "label": {"en": ["The lighthouse"]},
            "navDate": "1867-01-01T00:00:00Z",
            "items": [self._canvas_3(name) for name in self.scans],
        }

    def _canvas_3(self, name: str) -> dict[str, Any]:
        service = {"id": self.service_url(name), "type": "ImageService3", "profile": "level1"}
        body = {"id": f"{self.service_url(name)}/full/max/0/default.jpg", "type": "Image", "service": [service]}
        annotation = {"type": "Annotation", "motivation": "painting", "body": body}
        return {
            "id": f"{self.url}/canvas/{name}",
            "type": "Canvas",
            "label": {"none": ["p. 1"]},
            "rendering": [{"id": f"{self.url}/alto/{name}", "label": {"en": ["ALTO XML"]}}]
            if name in self.alto_files
            else [],
            "items": [{"type": "AnnotationPage", "items": [annotation]}],
        }


def _crop_and_scale(scan: Image.Image, region: str, size: str) -> bytes:
    if region != "full":
        x, y, width, height = map(int, region.split(","))
        scan = scan.crop((x, y, min(x + width, scan.width), min(y + height, scan.height)))
    if size not in ("full", "max"):
        target_width, _, target_height = size.partition(",")
        scan = scan.resize(
            (
                int(target_width),
                int(target_height) if target_height else round(scan.height * int(target_width) / scan.width),
            )
        )
    buffer = BytesIO()
    scan.convert("RGB").save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


@contextmanager
def run_iiif_server() -> Iterator[IIIFServer]:
    """Run the server on a free port of loopback until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/robots.txt":
                server.requested_paths.append(self.path)
            server.user_agents.add(self.headers.get("User-Agent", ""))
            with server.count_request():
                server.wait_as_told(self.path)
                response = server.respond(self.path)
            # Not counted any more: a client that has the body may send its next request before this thread goes on.
            with suppress(ConnectionError):
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                self.wfile.write(response.body)

        def log_message(self, *_: Any) -> None:
            """Write no log: tests read `requested_paths`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        server = IIIFServer(f"http://127.0.0.1:{listener.server_port}")
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            listener.shutdown()
            thread.join()
