"""Ray: imported here alone and only when it is asked for, started on this machine or joined elsewhere."""

import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import Any

from core.errors import FrontispieceError

LOCAL = "local"
"""The address that starts a Ray on this machine for the time of the run."""

LOOPBACK = "127.0.0.1"
LOCAL_STORE_BYTES = 256 * 2**20
"""What a Ray on this machine keeps of pictures between processes: some 16 batches of 16."""

USAGE_STATISTICS = "RAY_USAGE_STATS_ENABLED"
"""Ray would otherwise report to its makers."""
REACHABLE_ADDRESS = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""With 0, Ray takes the loopback address for that of this machine, on every system; read when it is imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterOptions:
    """Where a run works and with how many of everything; None lets the cluster decide."""

    address: str
    """`local`, `auto`, or `host:port` of the cluster's head."""
    workers: int | None = None
    """Volumes at once; else as many as the cluster has processors."""
    encoders: int | None = None
    """Processes with the models; else one for each GPU, or for each machine if there is no GPU."""
    gpus_per_encoder: float | None = None
    """A share lets several processes use one GPU; else 1 if the cluster has GPUs."""
    store_bytes: int = LOCAL_STORE_BYTES
    """For a Ray on this machine."""

    @property
    def is_local(self) -> bool:
        return self.address == LOCAL


def load_ray(*, is_local: bool = False) -> Any:
    """Return the module; `FrontispieceError` if it is not installed. A local Ray listens on loopback alone."""
    os.environ[USAGE_STATISTICS] = "0"
    if is_local:
        os.environ[REACHABLE_ADDRESS] = "0"
    try:
        import ray  # noqa: PLC0415 an optional package that takes a second to import
    except ImportError as error:
        raise FrontispieceError("`--ray` needs Ray: `pip install 'frontispiece[cluster]'` installs it") from error
    return ray


@contextmanager
def connect_ray(options: ClusterOptions) -> Iterator[Any]:
    """Start a Ray on this machine, or join the one at the address, and yield the module; all ends with the block."""
    if options.address.startswith("ray://"):
        raise FrontispieceError(
            f"{options.address} is an address of Ray Client, which cannot carry a run: start the command on a machine "
            "of the cluster, with `--ray auto`"
        )
    ray = load_ray(is_local=options.is_local)
    with ExitStack() as stack:
        arguments: dict[str, Any] = {"address": options.address}
        if options.is_local:
            # Sockets lie below this folder, and their paths must be short.
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True))
            arguments |= {
                "num_cpus": options.workers or os.cpu_count() or 1,
                "object_store_memory": options.store_bytes,
                "include_dashboard": False,
                "_node_ip_address": LOOPBACK,
                "_temp_dir": folder,
            }
        try:
            with _keep_signal_handler():
                ray.init(log_to_driver=False, logging_level=logging.ERROR, **arguments)
        except (ConnectionError, OSError, RuntimeError, ValueError) as error:
            cause = str(error).strip().partition("\n")[0]
            raise FrontispieceError(
                f"no Ray at {options.address} ({cause}); `ray start --head` starts one on this machine, and "
                f"`--ray {LOCAL}` one for this run alone"
            ) from error
        stack.callback(ray.shutdown)
        # Ray prints what it finds wrong; standard output holds results only.
        stack.enter_context(redirect_stdout(sys.stderr))
        yield ray


@contextmanager
def _keep_signal_handler() -> Iterator[None]:
    """Restore what Ray replaces, so that SIGTERM ends a run as it does without Ray."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, handler)
