"""A proxy in front of an Elasticsearch node that reports every request before it forwards it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.http_servers import LoopbackHandler, run_server

RequestRecorder = Callable[[str, str, bytes], None]
"""Takes the method, the path with its parameters, and the body."""


@contextmanager
def run_recording_proxy(node_url: str, record_request: RequestRecorder) -> Iterator[str]:
    """Yield the URL of the proxy."""

    class RecordingHandler(LoopbackHandler):
        def respond(self) -> None:
            body = self.read_body()
            record_request(self.command, self.path, body)
            self.relay_response(self.forward_to_node(node_url, body))

    with run_server(RecordingHandler) as url:
        yield url
