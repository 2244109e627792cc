"""Sessions of onnxruntime that take no more of the processor than they use."""

import os
from pathlib import Path
from typing import Any

import onnxruntime

ALL_CORES = 0
"""onnxruntime's own number of threads: one for each core."""


def open_session(model: bytes | Path, threads: int) -> Any:
    """Return a session that computes one run on so many threads.

    Threads that wait sleep: by default they wait actively, which costs a picture two thirds more processor time.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
