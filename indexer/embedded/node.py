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
from indexer.embedded.jars import Progress
from indexer.embedded.layout import Layout

HEAP = "512m"
"""Enough for some ten thousand pictures; 420,000 with three vectors each were measured with 4g."""

GOODBYE = 30.0
"""Seconds that a node gets to close its indices before it is killed; it needs less than one."""

# A start takes 2.3 s on two cores. Measured and not worth it: an AOT cache (1.0 s, for 104 MB on disk and 8 s to make),
# -XX:TieredStopAtLevel=1 (1.9 s, and slower queries ever after), -XX:+UseSerialGC (no difference).
FLAGS = (
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "-Dio.netty.noUnsafe=true",
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dlog4j2.disable.jmx=true",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=org.elasticsearch.nativeaccess,org.apache.lucene.core",
    "--add-modules=ALL-MODULE-PATH",
)


def _silent(_: str) -> None:
    return


class ElasticsearchNode:
    """`with ElasticsearchNode(data, cache) as node:` and then any client on `node.url`."""

    def __init__(
        self, data: Path, cache: Path, heap: str = HEAP, *, progress: Progress = _silent, patience: float = 90.0
    ) -> None:
        if not re.fullmatch(r"[1-9]\d*[kmg]", heap):
            raise NodeError(f"{heap!r} is no size for a heap; write 512m or 4g")
        self._layout, self._cache, self._heap = Layout.below(data), cache.absolute(), heap
        self._progress, self._patience = progress, patience
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
            installation = install(self._cache, self._progress)
            self._layout.prepare()
            before = self._layout.sizes()
            self._process = self._launch(installation)
        except OSError as error:
            raise NodeError(f"the embedded node could not be started: {error}") from error
        deadline = time.monotonic() + self._patience
        try:
            self._url = self._first_answer(self._process, deadline, before)
            self._wait_for_indices(deadline, before)
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
        _let_go(process)
        try:
            process.wait(GOODBYE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def detach(self) -> None:
        """Lets the node live on when this program ends; from now on only a signal stops it."""
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            raise NodeError("the node is not running")
        process.stdin.write("detach\n")
        _let_go(process)
        # It is on purpose that nobody waits for this child.
        process.returncode = 0

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _launch(self, installation: Installation) -> subprocess.Popen[str]:
        paths = (installation.home, self._layout.config, *installation.modules)
        command = [
            str(installation.java),
            *(f"-Xm{which}{self._heap}" for which in "sx"),
            f"-Djava.io.tmpdir={self._layout.temporary}",
            f"-XX:ErrorFile={self._layout.logs}/crash-%p.log",
            *FLAGS,
            f"--module-path={installation.home / 'lib'}",
            f"--class-path={installation.launcher}",
            "frontispiece.launcher.Main",
            *map(str, paths),
        ]
        with self._layout.console.open("ab") as console:
            return subprocess.Popen(  # noqa: S603 - every part of it is ours
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=console,
                cwd=self._layout.folder,
                env=java_environment(),
                text=True,
                encoding="utf-8",
                # Ctrl-C is for the parent, which then closes the node in order.
                start_new_session=True,
            )

    def _first_answer(self, process: subprocess.Popen[str], deadline: float, before: dict[Path, int]) -> str:
        said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_listen, args=(process, said), daemon=True).start()
        try:
            word, _, rest = said.get(timeout=max(0.0, deadline - time.monotonic())).partition(" ")
        except queue.Empty:
            raise self._failure(f"it did not answer within {self._patience:g} s", before) from None
        if word == "listening":
            return f"http://{rest}"
        if "Lock held" in rest:
            raise NodeError(f"another node already uses {self._layout.folder}: stop that one, or choose another folder")
        raise self._failure(rest, before)

    def _wait_for_indices(self, deadline: float, before: dict[Path, int]) -> None:
        left = max(1.0, deadline - time.monotonic())
        # An index that stays red must not keep the node from starting: it can only be mended on one that runs.
        query = {"wait_for_status": "yellow", "timeout": f"{left:.0f}s"}
        try:
            with httpx.Client(trust_env=False, timeout=left + 5) as client:
                client.get(f"{self._url}/_cluster/health", params=query)
        except httpx.HTTPError as error:
            raise self._failure(str(error), before) from error

    def _failure(self, reason: str, before: dict[Path, int]) -> NodeError:
        log = self._layout.tail(before)
        return NodeError(
            f"the embedded node did not start: {reason}" + (f"\n{self._layout.logs}:\n{log}" if log else "")
        )


def _listen(process: subprocess.Popen[str], said: "queue.Queue[str]") -> None:
    """Puts the launcher's one line; if Java ends before it, what Java said instead."""
    others: list[str] = []
    for line in process.stdout or ():
        if line.startswith(("listening ", "failed ")):
            said.put(line.strip())
            return
        others.append(line.strip())
    said.put("failed " + (" ".join(others) or "Java ended without a word"))


def _let_go(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            # The node may be gone already; then there is nobody to tell.
            try:
                pipe.close()
            except BrokenPipeError:
                continue
