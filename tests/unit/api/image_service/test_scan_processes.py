"""Large scans are cut in processes of their own; limits of memory and time end one, and not the service."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.image_service import server
from api.image_service.cutting import cut_image
from api.image_service.errors import UnreadableImage
from api.image_service.pixel_files import PixelFile
from api.image_service.scan_processes import SCANS, ScanProcesses
from api.image_service.server import ImageServer
from core.errors import FileUnavailable, ProblemCode
from core.geometry import PixelBox
from core.image_requests import OutputLimits, parse_image_request
from core.settings import Settings
from tests.event_loops import run_coroutine
from tests.picture_files import noise, picture_file
from tests.unit.api.image_service.test_server import OneDocumentGateway

pytestmark = pytest.mark.slow

SIZE = (100, 80)
CUT = parse_image_request("10,10,50,40/25,20/90/gray.png", SIZE, OutputLimits(width=1000, area=1_000_000))
MAX_PIXELS = 1_000_000


def scan_file(folder: Path, image_format: str) -> PixelFile:
    path = folder / f"1.{image_format.lower()}"
    path.write_bytes(picture_file(noise(*SIZE), image_format))
    return PixelFile(path=path, size=SIZE, region=PixelBox(0, 0, *SIZE))


def use_scan_processes(use: Callable[[ScanProcesses], Awaitable[Any]], **limits: Any) -> Any:
    async def open_and_use() -> Any:
        async with ScanProcesses(replace(SCANS, **limits)) as processes:
            return await use(processes)

    return run_coroutine(open_and_use)


def test_a_process_cuts_the_same_image_and_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    files = [scan_file(tmp_path, image_format) for image_format in ("JPEG", "PNG", "TIFF")]
    changed_file = replace(files[0], size=(99, 80))

    async def cut_all(processes: ScanProcesses) -> list[bytes]:
        with pytest.raises(FileUnavailable, match="index its book again") as error:
            await processes.cut(changed_file, CUT, SIZE, MAX_PIXELS)
        assert error.value.code == ProblemCode.OUTSIDE_SCAN
        return [await processes.cut(file, CUT, SIZE, MAX_PIXELS) for file in files]

    assert use_scan_processes(cut_all) == [cut_image(file, CUT, SIZE, MAX_PIXELS) for file in files]


def test_tiles_of_a_scan_that_is_decoded_as_a_whole_come_one_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """libvips decodes only a part of a JPEG: its tiles wait for none."""
    working: list[str] = []
    most_working = {"1.png": 0, "1.jpeg": 0}

    async def look_busy(*_: object, file: str) -> bytes:
        name = Path(file).name
        working.append(name)
        most_working[name] = max(most_working[name], working.count(name))
        await asyncio.sleep(0)
        working.remove(name)
        return b""

    async def cut_tiles(processes: ScanProcesses) -> None:
        monkeypatch.setattr(processes, "_processes", look_busy)
        files = [scan_file(tmp_path, image_format) for image_format in ("PNG", "JPEG")]
        await asyncio.gather(*(processes.cut(file, CUT, SIZE, MAX_PIXELS) for file in files * 3))

    async def run() -> None:
        await cut_tiles(ScanProcesses())

    run_coroutine(run)
    assert most_working == {"1.png": 1, "1.jpeg": 3}


def test_a_very_large_scan_is_decoded_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    working: set[str] = set()
    together: set[frozenset[str]] = set()

    async def look_busy(*_: object, file: str) -> bytes:
        working.add(Path(file).stem)
        together.add(frozenset(working))
        await asyncio.sleep(0)
        working.remove(Path(file).stem)
        return b""

    async def run() -> None:
        processes = ScanProcesses()
        monkeypatch.setattr(processes, "_processes", look_busy)
        sizes = {"huge": (10_000, 10_000), "vast": (9_000, 9_000), "large": (6_000, 5_000), "wide": (8_000, 4_000)}
        files = [
            PixelFile(path=tmp_path / f"{name}.jp2", size=size, region=PixelBox(0, 0, *size))
            for name, size in sizes.items()
        ]
        await asyncio.gather(*(processes.cut(file, CUT, SIZE, MAX_PIXELS) for file in files * 2))

    run_coroutine(run)
    assert {names for names in together if names & {"huge", "vast"}} == {frozenset(["huge"]), frozenset(["vast"])}
    assert frozenset(["large", "wide"]) in together


def test_a_damaged_scan_may_also_be_one_that_needs_too_much_memory(tmp_path: Path) -> None:
    file = scan_file(tmp_path, "PNG")
    file.path.write_bytes(file.path.read_bytes()[:2000])

    async def cut(processes: ScanProcesses) -> None:
        with pytest.raises(FileUnavailable, match="is damaged, or needs more memory"):
            await processes.cut(file, CUT, SIZE, MAX_PIXELS)

    use_scan_processes(cut)


def run_with_large_scan(folder: Path, use: Callable[[ImageServer], Awaitable[Any]], **limits: Any) -> Any:
    """Use an image server for which every scan is large."""
    scan = folder / "books" / "1.jpg"
    if not scan.exists():
        scan.parent.mkdir()
        scan.write_bytes(picture_file(noise(*SIZE), "JPEG"))
    settings = Settings(scans=str(folder / "books"), data=folder, cache=folder / "cache")

    async def open_and_use() -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(server, "MAX_SMALL_PIXELS", 1)
            patch.setattr(server, "ScanProcesses", lambda: ScanProcesses(replace(SCANS, **limits)))
            async with ImageServer(OneDocumentGateway(), settings) as image_server:  # type: ignore[arg-type]
                return await use(image_server)

    return run_coroutine(open_and_use)


async def request_page(image_server: ImageServer) -> bytes:
    return await image_server.cut(await image_server.read_request("page", "full/max/0/default.jpg"))


def test_a_large_scan_is_cut_in_a_process_and_then_comes_from_the_cache(tmp_path: Path) -> None:
    image = run_with_large_scan(tmp_path, request_page)
    assert image.startswith(b"\xff\xd8")
    assert run_with_large_scan(tmp_path, request_page, processes=1, max_bytes=1) == image


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the limit of memory needs Linux")
def test_a_scan_that_exceeds_a_limit_is_an_error_with_a_hint_and_the_service_goes_on(tmp_path: Path) -> None:
    async def request(image_server: ImageServer) -> None:
        with pytest.raises(UnreadableImage, match="more memory or time") as error:
            await request_page(image_server)
        assert "1.jpg" not in str(error.value)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(server, "MAX_SMALL_PIXELS", MAX_PIXELS)
            assert await request_page(image_server)

    run_with_large_scan(tmp_path, request, max_bytes=1)
