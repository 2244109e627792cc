"""`frontispiece serve` on a secured cluster."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.server import open_listener
from tests.paths import ROOT
from tests.secured.cluster import Cluster
from tests.waiting import wait_for_response


@contextmanager
def running_service(cluster: Cluster, key: str, **settings: str) -> Iterator[str]:
    """Run `frontispiece serve` with a key; yield its address."""
    with open_listener("127.0.0.1", 0) as free_socket:
        port = free_socket.getsockname()[1]
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "frontispiece"), "serve", "--port", str(port)],
        env=cluster.variables(key) | settings,
        cwd=ROOT,
    )
    try:
        wait_for_response(f"http://127.0.0.1:{port}/health", lambda: process.poll() is None)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
