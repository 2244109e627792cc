"""The node in the background: the state file of `frontispiece node start`, checked against the node itself."""

import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from core.errors import NodeError
from core.files import atomic_write
from indexer.embedded.node import SHUTDOWN_SECONDS
from indexer.embedded.node_folder import NodeFolder
from indexer.embedded.processes import is_alive

RESPONSE_SECONDS = 5.0
"""Limit for a request to the background node; enough even on a busy machine."""


@dataclass(frozen=True, slots=True)
class RunningNode:
    """The address and process id of a node in the background."""

    url: str
    pid: int


def write_state(data: Path, node: RunningNode) -> None:
    state = NodeFolder.from_data_folder(data).state_file
    with atomic_write(state) as temporary_file:
        temporary_file.write_text(json.dumps(asdict(node)), "utf-8")


def read_state(data: Path) -> RunningNode | None:
    """Return the content of the state file, which may be out of date; None if it is missing or malformed."""
    try:
        state = json.loads(NodeFolder.from_data_folder(data).state_file.read_text("utf-8"))
        return RunningNode(url=str(state["url"]), pid=int(state["pid"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def running_node(data: Path) -> RunningNode | None:
    """Return the background node of this data folder, or None if it does not run."""
    node = read_state(data)
    return node if node and _is_recorded_node(node, NodeFolder.from_data_folder(data)) else None


def running_url(data: Path) -> str | None:
    """Return the address of the background node of this data folder, or None if it does not run."""
    node = running_node(data)
    return node.url if node else None


def get_json(node: RunningNode, path: str) -> Any:
    """Send a GET request to the node and return the decoded JSON."""
    with httpx.Client(trust_env=False, timeout=RESPONSE_SECONDS) as client:
        return client.get(f"{node.url}{path}").raise_for_status().json()


def stop(data: Path) -> RunningNode | None:
    """Stop the background node and return it when it has ended; return None if none was running."""
    node = running_node(data)
    if node is None:
        if (unresponsive := read_state(data)) and is_alive(unresponsive.pid):
            raise NodeError(
                f"process {unresponsive.pid} does not answer at {unresponsive.url}; it was left alone, as it may "
                "not be our node"
            )
        NodeFolder.from_data_folder(data).state_file.unlink(missing_ok=True)
        return None
    with suppress(ProcessLookupError):
        os.kill(node.pid, signal.SIGTERM)
    if not _wait_until_ended(node.pid, SHUTDOWN_SECONDS):
        raise NodeError(f"the node (process {node.pid}) did not end within {SHUTDOWN_SECONDS:g} s")
    NodeFolder.from_data_folder(data).state_file.unlink(missing_ok=True)
    return node


def _is_recorded_node(node: RunningNode, folder: NodeFolder) -> bool:
    """Whether the node that answers has the recorded process id and data folder; ids and ports get reused."""
    try:
        response = get_json(node, "/_nodes/_local/process,settings")
        (node_info,) = response["nodes"].values()
        return bool(
            node_info["process"]["id"] == node.pid and Path(node_info["settings"]["path"]["data"]) == folder.data
        )
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return False


def _wait_until_ended(pid: int, timeout: float) -> bool:
    deadline = time.monotonic() + timeout
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
