"""A real Elasticsearch that lives and dies with the program that started it."""

import queue
import re
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from core.errors import NodeError
from indexer.embedded.build import Installation, install, java_environment
from indexer.embedded.jars import ReportProgress
from indexer.embedded.node_folder import NodeFolder

HEAP = "512m"
"""Enough for some ten thousand pictures; 420,000 with three vectors each were measured with 4g."""

SHUTDOWN_SECONDS = 30.0
"""Seconds that a node gets to close its indices before it is killed; it needs less than one."""

# A start takes 2.3 s on two cores. Measured and not worth it: an AOT cache (1.0 s, for 104 MB on disk and 8 s to make),
# -XX:TieredStopAtLevel=1 (1.9 s, and slower queries ever after), -XX:+UseSerialGC (no difference).
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
    """`with ElasticsearchNode(data, cache) as node:` and then any client on `node.url`."""

    def __init__(
        self,
        data: Path,
        cache: Path,
        heap: str = HEAP,
        *,
        report_progress: ReportProgress = _ignore_progress,
        start_timeout: float = 90.0,
    ) -> None:
        if not re.fullmatch(r"[1-9]\d*[kmg]", heap):
            raise NodeError(f"{heap!r} is no size for a heap; write 512m or 4g")
        self._folder, self._cache, self._heap = NodeFolder.from_data_folder(data), cache.absolute(), heap
        self._report_progress, self._start_timeout = report_progress, start_timeout
        self._process: subprocess.Popen[str] | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """Where it answers, on this machine only."""
        if not self._url:
            raise NodeError("the node is not running")
        return self._url

    @property
    def pid(self) -> int:
        """The process of the node itself."""
        if self._process is None:
            raise NodeError("the node is not running")
        return self._process.pid

    def start(self) -> Self:
        """Returns when the node answers and its indices can be searched."""
        try:
            installation = install(self._cache, self._report_progress)
            self._folder.prepare()
            log_sizes_before = self._folder.log_sizes()
            self._process = self._start_process(installation)
        except OSError as error:
            raise NodeError(f"the embedded node could not be started: {error}") from error
        deadline = time.monotonic() + self._start_timeout
        try:
            self._url = self._wait_for_url(self._process, deadline, log_sizes_before)
            self._wait_for_indices(deadline, log_sizes_before)
        except BaseException:
            # A node that is still starting does not look at its parent yet.
            self._process.terminate()
            self.close()
            raise
        return self

    def close(self) -> None:
        """Ends the node and waits until it has; its data stay."""
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
        """Lets the node live on when this program ends; from now on only a signal stops it."""
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            raise NodeError("the node is not running")
        process.stdin.write("detach\n")
        _close_pipes(process)
        # It is on purpose that nobody waits for this child.
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
            return subprocess.Popen(  # noqa: S603 - every part of it is ours
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=console,
                cwd=self._folder.path,
                env=java_environment(),
                text=True,
                encoding="utf-8",
                # Ctrl-C is for the parent, which then closes the node in order.
                start_new_session=True,
            )

    def _wait_for_url(self, process: subprocess.Popen[str], deadline: float, log_sizes_before: dict[Path, int]) -> str:
        launcher_lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_read_launcher_line, args=(process, launcher_lines), daemon=True).start()
        try:
            status, _, details = launcher_lines.get(timeout=max(0.0, deadline - time.monotonic())).partition(" ")
        except queue.Empty:
            raise self._start_error(f"it did not answer within {self._start_timeout:g} s", log_sizes_before) from None
        if status == "listening":
            return f"http://{details}"
        if "Lock held" in details:
            raise NodeError(f"another node already uses {self._folder.path}: stop that one, or choose another folder")
        raise self._start_error(details, log_sizes_before)

    def _wait_for_indices(self, deadline: float, log_sizes_before: dict[Path, int]) -> None:
        seconds_left = max(1.0, deadline - time.monotonic())
        # An index that stays red must not keep the node from starting: it can only be mended on one that runs.
        query = {"wait_for_status": "yellow", "timeout": f"{seconds_left:.0f}s"}
        try:
            with httpx.Client(trust_env=False, timeout=seconds_left + 5) as client:
                client.get(f"{self._url}/_cluster/health", params=query)
        except httpx.HTTPError as error:
            raise self._start_error(str(error), log_sizes_before) from error

    def _start_error(self, reason: str, log_sizes_before: dict[Path, int]) -> NodeError:
        log = self._folder.log_tail(log_sizes_before)
        return NodeError(
            f"the embedded node did not start: {reason}" + (f"\n{self._folder.logs}:\n{log}" if log else "")
        )


def _read_launcher_line(process: subprocess.Popen[str], launcher_lines: "queue.Queue[str]") -> None:
    """Puts the launcher's one line; if Java ends before it, what Java said instead."""
    other_lines: list[str] = []
    for line in process.stdout or ():
        if line.startswith(("listening ", "failed ")):
            launcher_lines.put(line.strip())
            return
        other_lines.append(line.strip())
    launcher_lines.put("failed " + (" ".join(other_lines) or "Java ended without a word"))


def _close_pipes(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # The node may be gone already; then there is nobody to tell.
            try:
                pipe.close()
            except BrokenPipeError:
                continue
