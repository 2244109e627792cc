"""The program of a process that decodes pictures of strangers: with little memory, and after everything else.

The pools of the standard library and of anyio import the program that starts them, which would take seconds and the
memory of the whole service. A request is a pickled pair of a function and its arguments. The answer is the number of
its bytes, whether the process should be replaced, and a pickled pair of whether it is a result or an error. Only the
parent writes to this process.
"""

import gc
import os
import pickle
import struct
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from core.settings import ENV_PREFIX

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

ONE_THREAD = {"VIPS_CONCURRENCY": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""The stack of each thread counts as memory of its process."""
NICENESS = 10
"""Pictures are decoded when no search needs the processor."""
HEADER = struct.Struct(">Q?")
"""How the number of bytes of an answer is written, and whether the process keeps too much memory for another."""
MAX_KEPT_BYTES = 64_000_000
"""Memory beyond the start that a process may keep after a picture."""


def command(
    max_bytes: int, *, niceness: int = NICENESS, max_cpu_seconds: int = 0, kept_bytes: int = MAX_KEPT_BYTES
) -> list[str]:
    """Return how to start a process that may take `max_bytes` of memory beyond its start.

    It ends after `max_cpu_seconds` of processor time; 0 means no limit. If it keeps more than `kept_bytes` after a
    picture, its answer says that it should be replaced.
    """
    limits = map(str, (max_bytes, niceness, max_cpu_seconds, kept_bytes))
    return [sys.executable, "-P", "-m", "core.decoding_processes", *limits]


def environment() -> dict[str, str]:
    """Return the environment of such a process: the modules of this one, and none of its secrets."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)}
    return variables | ONE_THREAD | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def write_request(function: Callable[..., object], args: Sequence[object]) -> bytes:
    """Return a request."""
    return pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL)


def read_answer(data: bytes) -> Any:
    """Return the result of a function, or raise its error."""
    is_result, value = pickle.loads(data)  # noqa: S301 our own process has written it
    if is_result:
        return value
    raise value


def answer_requests(requests: BinaryIO, answers: BinaryIO, kept_bytes: int = MAX_KEPT_BYTES) -> None:
    """Answer requests until their end."""
    data_bytes_before = _data_bytes()
    while True:
        try:
            data = _answer(*pickle.load(requests))  # noqa: S301 the parent has written it
        except EOFError:
            return
        gc.collect()  # an error holds the picture in a cycle of frames
        answers.write(HEADER.pack(len(data), _data_bytes() > data_bytes_before + kept_bytes))
        answers.write(data)
        answers.flush()
        del data


def _answer(function: Callable[..., object], args: Sequence[object]) -> bytes:
    """Return the pickled answer, which holds no picture in memory."""
    try:
        return pickle.dumps((True, function(*args)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 it is raised in the parent
        return pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)


def limit_process(max_bytes: int, niceness: int, max_cpu_seconds: int) -> None:
    """Limit the memory, the priority and the processor time of this process."""
    if hasattr(os, "nice"):
        os.nice(niceness)
    if resource is None:
        return
    if data_bytes := _data_bytes():
        _, hard_limit = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (data_bytes + max_bytes, hard_limit))
    if max_cpu_seconds:
        _, hard_limit = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (max_cpu_seconds, hard_limit))


def _data_bytes() -> int:
    """Return the memory that counts for RLIMIT_DATA, as proc_pid_statm(5) says; 0 where it is not known."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _main() -> None:
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    import core.small_pictures  # noqa: F401, PLC0415 so that the limit counts from here

    gc.freeze()
    *limits, kept_bytes = map(int, sys.argv[1:])
    limit_process(*limits)
    answer_requests(requests, answers, kept_bytes)


if __name__ == "__main__":
    _main()
