"""Which node runs in the background, as `frontispiece node start` wrote it down and as the node itself confirms."""

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
from indexer.embedded.node import SHUTDOWN_SECONDS
from indexer.embedded.node_folder import NodeFolder

RESPONSE_SECONDS = 5.0
"""Seconds within which a node that runs says who it is, even on a busy machine."""


@dataclass(frozen=True, slots=True)
class RunningNode:
    """A node in the background: where it answers and which process it is."""

    url: str
    pid: int


def write_state(data: Path, node: RunningNode) -> None:
    state = NodeFolder.from_data_folder(data).state_file
    unfinished = state.with_suffix(".new")
    unfinished.write_text(json.dumps(asdict(node)), "utf-8")
    unfinished.replace(state)


def read_state(data: Path) -> RunningNode | None:
    """What was written down; whether it is still true, only the node can say."""
    try:
        state = json.loads(NodeFolder.from_data_folder(data).state_file.read_text("utf-8"))
        return RunningNode(url=str(state["url"]), pid=int(state["pid"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def running_node(data: Path) -> RunningNode | None:
    """The node that was started in the background on this folder, if it still runs."""
    node = read_state(data)
    return node if node and _is_recorded_node(node, NodeFolder.from_data_folder(data)) else None


def running_url(data: Path) -> str | None:
    """Where the background node of this data folder answers; None when none does."""
    node = running_node(data)
    return node.url if node else None


def get_json(node: RunningNode, path: str) -> Any:
    """What the node answers to a GET, as data."""
    with httpx.Client(trust_env=False, timeout=RESPONSE_SECONDS) as client:
        return client.get(f"{node.url}{path}").raise_for_status().json()


def stop(data: Path) -> RunningNode | None:
    """Ends the background node and returns when it has ended; None if none was running."""
    node = running_node(data)
    if node is None:
        if (unresponsive := read_state(data)) and _is_alive(unresponsive.pid):
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
    """The process that answers is the one written down, on this folder: numbers and ports are used again."""
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
    while _is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _is_alive(pid: int) -> bool:
    # A child of ours that ended stays in the table until somebody asks for it.
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """In a container nobody may collect a process whose parent is gone."""
    try:
        process_status = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False
    return process_status.rpartition(")")[2].split()[0] == "Z"
