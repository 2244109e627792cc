"""An embedded node of a test's own, which it may kill, and whose data it may throw away."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.settings import Settings
from indexer.embedded import ElasticsearchNode
from indexer.embedded.node_folder import NodeFolder
from indexer.embedded.state import RunningNode, write_state


class OwnNode:
    """The node of a data folder; commands with this folder find it, as after `frontispiece node start`."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._node: ElasticsearchNode | None = None
        self.url = ""

    def start(self) -> None:
        """Start the node; it takes the port that it had before."""
        self._node = ElasticsearchNode(self.data, Settings.from_environ().cache).start()
        self.url = self._node.url
        write_state(self.data, RunningNode(url=self.url, pid=self._node.pid))

    def kill(self) -> None:
        """End the node as a power cut does."""
        assert self._node
        os.kill(self._node.pid, signal.SIGKILL)
        self.close()

    def lose_data(self) -> None:
        """Start again without any index."""
        self.close()
        shutil.rmtree(NodeFolder.from_data_folder(self.data).path)
        self.start()

    def close(self) -> None:
        if self._node:
            self._node.close()
        self._node = None


@contextmanager
def run_own_node(data: Path) -> Iterator[OwnNode]:
    """Yield a node that has started and is closed at the end."""
    node = OwnNode(data)
    try:
        node.start()
        yield node
    finally:
        node.close()
