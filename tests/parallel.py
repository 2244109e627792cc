"""Runs the tests in several processes (`pytest -n`): one node for all, and each large library in one process."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from indexer.embedded import ElasticsearchNode

NODE_URL = "node_url"
"""The key under which the first process tells the others where the node is."""

ONE_CLUSTER = "cluster"
"""The group of tests that change what all indices of the node share, such as component templates."""

LARGE_LIBRARIES = ("real_library", "specimen")
"""Session fixtures that take long, the longest first: the tests of each run in one process."""


class SharedNode:
    """Starts the node before the processes that share it, and ends it after them."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._url = ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell one process where the node is; the first call starts it."""
        node.workerinput[NODE_URL] = self._url = self._url or self._start()

    def pytest_unconfigure(self) -> None:
        self._stack.close()

    def _start(self) -> str:
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="frontispiece-node-"))
        node = ElasticsearchNode(Path(folder), Settings.from_environ().cache)
        return self._stack.enter_context(node).url


def group_by_process(items: list[pytest.Item]) -> None:
    """Keep the tests of one file, one large library, or the templates of the node, in one process."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    libraries = _libraries(item)
    return libraries[0] if libraries else str(item.path)


def start_rank(item: pytest.Item) -> int:
    """Return the rank of a test in the order of starting: what takes longest begins first."""
    libraries = _libraries(item)
    return LARGE_LIBRARIES.index(libraries[0]) if libraries else len(LARGE_LIBRARIES)


def _libraries(item: pytest.Item) -> Sequence[str]:
    fixture_names = getattr(item, "fixturenames", ())
    return [library for library in LARGE_LIBRARIES if library in fixture_names]
