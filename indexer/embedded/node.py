"""A real Elasticsearch node as a child process, which ends when its parent ends."""

import queue
import re
import subprocess
import threading
from collections.abc import Hashable
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from core.errors import NodeError
from indexer.embedded.build import Installation, install, java_environment
from indexer.embedded.jars import ReportProgress
from indexer.embedded.node_folder import LogSizes, NodeFolder
from indexer.embedded.processes import cpu_seconds
from indexer.embedded.startup import HEALTH_SECONDS, STALL_SECONDS, IndexHealth, ProgressWait

HEAP = "512m"
"""Enough for some ten thousand pictures; 420,000 with three vectors each need about 4g."""

SHUTDOWN_SECONDS = 30.0
"""A node that has not closed its indices after this time is killed; it usually takes less than 1 s."""

CPU_STEP_SECONDS = 5
"""Additional CPU time that counts as progress of a start; a node that hangs takes minutes to use as much."""

# An AOT cache, TieredStopAtLevel=1 and the serial collector do not shorten the start enough to be worth their cost.
JVM_FLAGS = (
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "-Dio.netty.noUnsafe=true",
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dlog4j2.disable.jmx=true",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=org.elasticsearch.nativeaccess,org.apache.lucene.core",
    "--add-modules=ALL-MODULE-PATH",
)


def _ignore_progress(_: str) -> None:
    return


class ElasticsearchNode:
    """Runs a node: `with ElasticsearchNode(data, cache) as node:`, then use any client with `node.url`.

    `stall_seconds` limits how long a start may take without any progress, not how long it takes in all.
    """

    def __init__(
        self,
        data: Path,
        cache: Path,
        heap: str = HEAP,
        *,
        report_progress: ReportProgress = _ignore_progress,
        stall_seconds: float = STALL_SECONDS,
    ) -> None:
        if not re.fullmatch(r"[1-9]\d*[kmg]", heap):
            raise NodeError(f"{heap!r} is not a heap size; use a number and a unit, such as 512m or 4g")
        self._folder, self._cache, self._heap = NodeFolder.from_data_folder(data), cache.absolute(), heap
        self._report_progress = report_progress
        self._wait = ProgressWait(report_progress=report_progress, stall_seconds=stall_seconds)
        self._process: subprocess.Popen[str] | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """The node's address, which only this machine can reach."""
        if not self._url:
            raise NodeError("the node is not running")
        return self._url

    @property
    def pid(self) -> int:
        """The process id of the node."""
        if self._process is None:
            raise NodeError("the node is not running")
        return self._process.pid

    def start(self) -> Self:
        """Start the node and return when its indices can be searched; raise `NodeError` if it does not start."""
        try:
            installation = install(self._cache, self._report_progress)
            self._folder.prepare()
            log_sizes_before = self._folder.log_sizes()
            self._process = self._start_process(installation)
        except OSError as error:
            raise NodeError(f"the embedded node could not be started: {error}") from error
        try:
            self._url = self._wait_for_url(self._process, log_sizes_before)
            self._wait_for_indices(self._process, log_sizes_before)
            self._folder.remember_port(self._url)
        except BaseException:
            # A node that is still starting does not yet notice that its standard input is closed.
            self._process.terminate()
            self.close()
            raise
        return self

    def close(self) -> None:
        """Stop the node and wait until it has ended; its data stay."""
        process, self._process, self._url = self._process, None, ""
        if process is None:
            return
        _close_pipes(process)
        try:
            process.wait(SHUTDOWN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def detach(self) -> None:
        """Let the node keep running when this program ends; from now on only a signal stops it."""
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            raise NodeError("the node is not running")
        process.stdin.write("detach\n")
        _close_pipes(process)
        # Popen would warn about a child that nobody waited for.
        process.returncode = 0

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _start_process(self, installation: Installation) -> subprocess.Popen[str]:
        paths = (installation.home, self._folder.config, *installation.modules)
        command = [
            str(installation.java),
            *(f"-Xm{limit}{self._heap}" for limit in "sx"),
            f"-Djava.io.tmpdir={self._folder.tmp}",
            f"-XX:ErrorFile={self._folder.logs}/crash-%p.log",
            *JVM_FLAGS,
            f"--module-path={installation.home / 'lib'}",
            f"--class-path={installation.launcher}",
            "frontispiece.launcher.Main",
            *map(str, paths),
        ]
        with self._folder.jvm_log.open("ab") as console:
            return subprocess.Popen(  # noqa: S603 - no part of it comes from a user
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=console,
                cwd=self._folder.path,
                env=java_environment(),
                text=True,
                encoding="utf-8",
                # Ctrl-C must reach only the parent, which then stops the node properly.
                start_new_session=True,
            )

    def _wait_for_url(self, process: subprocess.Popen[str], log_sizes_before: LogSizes) -> str:
        launcher_lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_read_launcher_line, args=(process, launcher_lines), daemon=True).start()

        def poll() -> str | None:
            try:
                return launcher_lines.get_nowait()
            except queue.Empty:
                return None

        line = self._wait.wait("Elasticsearch to open its port", poll, lambda: self._progress(process))
        if line is None:
            raise self._start_error(
                f"it has not opened its port, and made no progress for {self._wait.stall_seconds:g} s", log_sizes_before
            )
        status, _, details = line.partition(" ")
        if status == "listening":
            return f"http://{details}"
        if "Lock held" in details:
            raise NodeError(f"another node already uses {self._folder.path}: stop that node, or choose another folder")
        raise self._start_error(details, log_sizes_before)

    def _wait_for_indices(self, process: subprocess.Popen[str], log_sizes_before: LogSizes) -> None:
        """Wait until every index can be searched; an index that stays red must not prevent the start."""
        with httpx.Client(base_url=self._url, trust_env=False, timeout=HEALTH_SECONDS) as client:
            health = IndexHealth(client, is_alive=lambda: process.poll() is None)
            try:
                is_recovered = self._wait.wait(
                    "Elasticsearch to recover its indices",
                    health.poll,
                    # Once the node answers, only its shards and logs count: an idle node uses some CPU time too.
                    lambda: (health.shards, self._log_sizes()) if health.shards else self._progress(process),
                )
            except NodeError as error:
                raise self._start_error(str(error), log_sizes_before) from error
        if health.error:
            raise self._start_error(f"it does not report its health: {health.error}", log_sizes_before)
        if not is_recovered:
            self._report_progress("some indices cannot be searched: their health is red")

    def _progress(self, process: subprocess.Popen[str]) -> Hashable:
        """Return a value that changes while the node works: the sizes of its logs and its CPU time."""
        return self._log_sizes(), cpu_seconds(process.pid) // CPU_STEP_SECONDS

    def _log_sizes(self) -> Hashable:
        return tuple(sorted(self._folder.log_sizes().items()))

    def _start_error(self, reason: str, log_sizes_before: LogSizes) -> NodeError:
        log = self._folder.log_tail(log_sizes_before)
        return NodeError(
            f"the embedded node did not start: {reason}" + (f"\n{self._folder.logs}:\n{log}" if log else "")
        )


def _read_launcher_line(process: subprocess.Popen[str], launcher_lines: "queue.Queue[str]") -> None:
    """Put the launcher's status line into the queue; if Java ends first, put its other output as a failure."""
    other_lines: list[str] = []
    for line in process.stdout or ():
        if line.startswith(("listening ", "failed ")):
            launcher_lines.put(line.strip())
            return
        other_lines.append(line.strip())
    launcher_lines.put("failed " + (" ".join(other_lines) or "Java ended without a message"))


def _close_pipes(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # The node may have ended already.
            try:
                pipe.close()
            except BrokenPipeError:
                continue
