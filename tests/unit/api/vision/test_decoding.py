"""Pictures are decoded in processes that are killed after a time and may not take all memory."""

import os
import signal
import sys
from asyncio import gather
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from time import sleep
from typing import TypeVar

import pytest
from anyio import move_on_after
from anyio import sleep as anyio_sleep
from PIL import Image

from api.vision.decoding import READERS_PICTURES, DecodingProcesses, ProcessLimits
from api.work_queue import ServiceBusy
from core.errors import FileUnavailable, ProblemCode
from core.small_pictures import decode_small
from tests.event_loops import run_coroutine
from tests.picture_files import picture_file

pytestmark = pytest.mark.slow

Result = TypeVar("Result")


def use_processes(
    use: Callable[[DecodingProcesses], Awaitable[Result]], limits: ProcessLimits = READERS_PICTURES
) -> Result:
    async def open_and_use() -> Result:
        async with DecodingProcesses(limits) as run:
            return await use(run)

    return run_coroutine(open_and_use)


def test_functions_run_in_another_process_and_their_errors_come_back() -> None:
    async def decode(run: DecodingProcesses) -> int:
        with pytest.raises(FileUnavailable, match="is read") as error:
            await run(decode_small, b"no picture", "upload", 1000)
        assert error.value.code == ProblemCode.UNREADABLE
        return await run(os.getpid)

    assert use_processes(decode) != os.getpid()


def test_a_process_has_neither_the_service_nor_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTISPIECE_ELASTICSEARCH_API_KEY", "secret")

    async def look(run: DecodingProcesses) -> tuple[list[str], dict[str, str]]:
        modules = await run(
            eval, "[name for name in __import__('sys').modules if name in ('api', 'litestar', 'httpx')]"
        )
        return modules, await run(eval, "dict(__import__('os').environ)")

    modules, environment = use_processes(look)
    assert modules == []
    assert "secret" not in environment.values()


def test_a_process_is_killed_after_a_time_or_when_its_reader_has_gone() -> None:
    async def wait(run: DecodingProcesses) -> None:
        first_process = await run(os.getpid)
        with pytest.raises(FileUnavailable, match="longer than") as error:
            await run(sleep, 60)
        assert error.value.code == ProblemCode.OUT_OF_MEMORY
        second_process = await run(os.getpid)
        with move_on_after(0.2):
            await run(sleep, 60)
        for process in (first_process, second_process):
            with pytest.raises(ProcessLookupError):
                os.kill(process, 0)
        assert await run(os.getpid) not in (first_process, second_process)

    use_processes(wait, replace(READERS_PICTURES, seconds=2))


def test_a_process_is_replaced_after_some_pictures_and_when_it_has_ended() -> None:
    async def ask(run: DecodingProcesses) -> None:
        processes = [await run(os.getpid) for _ in range(3)]
        assert processes[0] == processes[1] != processes[2]
        with pytest.raises(FileUnavailable, match="more memory"):
            await run(os._exit, 9)
        assert await run(os.getpid) != processes[2]

    use_processes(ask, replace(READERS_PICTURES, pictures=2))


def test_a_file_goes_to_the_process_that_had_it_last() -> None:
    async def ask(run: DecodingProcesses) -> None:
        async def read(file: str) -> int:
            await run(sleep, 0.3, file=file)  # so that both work at the same time
            return await run(os.getpid, file=file)

        first, second = await gather(read("first"), read("second"))
        assert first != second
        assert [await run(os.getpid, file=file) for file in ("first", "second", "first")] == [first, second, first]

    use_processes(ask)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the limit of memory needs Linux")
def test_a_process_has_a_limit_of_memory() -> None:
    async def fill(run: DecodingProcesses) -> None:
        with pytest.raises(FileUnavailable, match="more memory") as error:
            await run(bytes, 300_000_000)
        assert error.value.code == ProblemCode.OUT_OF_MEMORY
        assert len(await run(bytes, 1_000_000)) == 1_000_000

    use_processes(fill)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the limit of memory needs Linux")
def test_one_bit_for_a_pixel_does_not_evade_the_limit() -> None:
    """A header with few bits and a very long side takes the memory of a picture of many more pixels."""
    long_strip = picture_file(Image.new("1", (1, 20_000_000)), "PNG", compress_level=1)

    async def decode(run: DecodingProcesses) -> None:
        with pytest.raises(FileUnavailable) as error:
            await run(decode_small, long_strip, "upload", 40_000_000)
        assert error.value.code == ProblemCode.OUT_OF_MEMORY

    use_processes(decode)


def test_a_process_that_does_not_start_is_no_fault_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    ends_at_once = property(lambda _: [sys.executable, "-c", "raise SystemExit"])
    monkeypatch.setattr(ProcessLimits, "command", ends_at_once)

    async def ask(run: DecodingProcesses) -> None:
        with pytest.raises(ServiceBusy):
            await run(os.getpid)

    use_processes(ask)


def test_a_process_that_ends_while_it_is_idle_is_replaced() -> None:
    async def ask(run: DecodingProcesses) -> None:
        first_process = await run(os.getpid)
        os.kill(first_process, signal.SIGKILL)
        await anyio_sleep(0.5)
        assert await run(os.getpid) != first_process

    use_processes(ask)


def test_a_refused_picture_leaves_no_memory_behind() -> None:
    damaged = picture_file(Image.new("RGBA", (8_000, 5_000)), "PNG", compress_level=1)[:-60_000]
    good = picture_file(Image.new("RGBA", (8_000, 4_900)), "PNG", compress_level=1)

    async def decode(run: DecodingProcesses) -> tuple[int, int]:
        for _ in range(2):
            with pytest.raises(FileUnavailable):
                await run(decode_small, damaged, "damaged", 10**8)
        return (await run(decode_small, good, "good", 10**8)).size

    assert min(use_processes(decode)) >= 512
