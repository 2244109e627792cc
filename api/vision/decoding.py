"""Processes that decode pictures: few, limited in memory, of low priority, and killed after a time."""

import os
import subprocess
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast

import structlog
from anyio import (
    BrokenResourceError,
    CancelScope,
    CapacityLimiter,
    ClosedResourceError,
    EndOfStream,
    IncompleteRead,
    fail_after,
    open_process,
)
from anyio.abc import ByteReceiveStream, ByteSendStream, Process
from anyio.streams.buffered import BufferedByteReceiveStream

from api.monitoring.instruments import DECODING_ENDED
from api.work_queue import BUSY_MESSAGE, ServiceBusy
from core.decoding_processes import HEADER, MAX_KEPT_BYTES, NICENESS, command, environment, read_answer, write_request
from core.errors import FileUnavailable, ProblemCode

START_SECONDS = 60.0
"""After this time a process that has not started is killed."""

ENDED_ERRORS = (BrokenResourceError, ClosedResourceError, EndOfStream, IncompleteRead)
"""What a process that has ended raises."""

Result = TypeVar("Result")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLimits:
    """How many processes work at a time, and what each may take."""

    processes: int
    max_bytes: int
    """Memory beyond that of the start, which is 60 MB."""
    seconds: float
    """After this time a process is killed."""
    niceness: int = NICENESS
    kept_bytes: int = MAX_KEPT_BYTES
    """Memory that a process may keep between two pictures; another one takes the place of one that keeps more."""
    pictures: int = 100
    """Pictures after which another process takes its place."""

    @property
    def command(self) -> list[str]:
        return command(self.max_bytes, niceness=self.niceness, kept_bytes=self.kept_bytes)


READERS_PICTURES = ProcessLimits(processes=2, max_bytes=256_000_000, seconds=20.0)
"""For the pictures that readers send or name. See docs/operators.md for the worst picture of each format."""


class Runner(Protocol):
    """What runs a function of `core.small_pictures`."""

    def __call__(self, function: Callable[..., Result], /, *args: Any) -> Awaitable[Result]:
        """Return the result of the function; raise what it raises."""
        ...


class _DecodingProcess:
    """One process, and how many pictures it has decoded."""

    def __init__(self, process: Process) -> None:
        self._process, self.count, self.is_bloated = process, 0, False
        self.last_file = ""
        self._requests = cast(ByteSendStream, process.stdin)
        self._answers = BufferedByteReceiveStream(cast(ByteReceiveStream, process.stdout))

    @classmethod
    async def start(cls, command_line: list[str]) -> Self:
        process = await open_process(command_line, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment())
        started_process = cls(process)
        try:
            with fail_after(START_SECONDS):
                await started_process.run(os.getpid, ())
        except (*ENDED_ERRORS, TimeoutError) as error:
            log.error("decoding.process_not_started", command=command_line, reason=repr(error))
            await started_process.kill()
            raise ServiceBusy(BUSY_MESSAGE) from error
        except BaseException:
            await started_process.kill()
            raise
        started_process.count = 0
        return started_process

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def run(self, function: Callable[..., Result], args: tuple[Any, ...]) -> Result:
        self.count += 1
        await self._requests.send(write_request(function, args))
        length, self.is_bloated = HEADER.unpack(await self._answers.receive_exactly(HEADER.size))
        result: Result = read_answer(await self._answers.receive_exactly(length))
        return result

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        with CancelScope(shield=True):
            await self._process.aclose()


class DecodingProcesses:
    """Runs functions in processes; a request that is cancelled kills that of its picture. Close it at the end."""

    def __init__(self, limits: ProcessLimits = READERS_PICTURES) -> None:
        self._limits, self._limiter = limits, CapacityLimiter(limits.processes)
        self._idle: list[_DecodingProcess] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exception_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._idle:
            await self._idle.pop().kill()

    async def _take_process(self, file: str) -> _DecodingProcess:
        """Return an idle process, if possible the one that had this file last, or a new one."""
        self._idle.sort(key=lambda process: process.last_file == file)
        while self._idle:
            if (process := self._idle.pop()).is_alive:
                return process
            await process.kill()
        return await _DecodingProcess.start(self._limits.command)

    async def __call__(self, function: Callable[..., Result], /, *args: Any, file: str = "") -> Result:
        """Return the result of the function; raise what it raises, or FileUnavailable where a limit ends it.

        `file` names what the function reads, if it keeps something of it. ServiceBusy where no process can be started.
        """
        async with self._limiter:
            process = await self._take_process(file)
            is_usable = False
            try:
                process.last_file = file
                with fail_after(self._limits.seconds):
                    result = await process.run(function, args)
                is_usable = True
                return result
            except (*ENDED_ERRORS, TimeoutError, MemoryError) as error:
                seconds = self._limits.seconds
                reason = f"decoding it takes more memory than is allowed, or longer than {seconds:.0f} seconds"
                log.warning("decoding.process_ended", reason=repr(error))
                DECODING_ENDED.inc()
                raise FileUnavailable(file or "picture", reason, code=ProblemCode.OUT_OF_MEMORY) from error
            except Exception:
                is_usable = True  # the function raised it
                raise
            finally:
                if is_usable and process.count < self._limits.pictures and not process.is_bloated:
                    self._idle.append(process)
                else:
                    await process.kill()
