"""Time and memory of cutting parts of large scans, by libvips and by Pillow: `python -m benchmarks.image_cutting`.

The figures are in decision 11. Each cut runs in a process of its own, so that its peak of memory is its own.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import numpy as np
from PIL import Image

from api.image_service import cutting
from api.image_service.pixel_files import PixelFile
from api.image_service.scan_processes import ScanProcesses
from api.image_service.vips_cutting import vips
from benchmarks.source_data import SHARED, SPECIMEN
from core.geometry import PixelBox
from core.image_requests import ImageCut, OutputLimits, parse_image_request

SIZE = (5000, 7000)
REQUESTS = {
    "tile": "2048,3072,512,512/512,512/0/default.jpg",
    "tile at ½": "2048,3072,1024,1024/512,512/0/default.jpg",
    "picture": "1000,1500,2500,2000/600,480/0/default.jpg",
    "page": "full/1000,1400/0/default.jpg",
    "thumbnail": "full/!200,200/0/default.jpg",
}
ROUNDS = 2
CARD_SIDE = 260
ENCODINGS: dict[str, dict[str, Any]] = {
    "JPEG 85": {"format": "JPEG", "quality": 85},
    "WebP 75": {"format": "WEBP", "quality": 75},
    "AVIF 60": {"format": "AVIF", "quality": 60, "speed": 8},
}
LIMITS = OutputLimits(width=12_000, area=25_000_000)


def write_scans(folder: Path) -> None:
    """Write one sheet of specimen pages, with the noise of a scanner, in the formats of libraries."""
    sheet, pages = Image.new("RGB", SIZE), sorted(SPECIMEN.glob("*/scans/*.jpg"))
    for number in range(16):
        page = Image.open(pages[number % len(pages)]).convert("RGB").resize((1250, 1750))
        sheet.paste(page, (1250 * (number % 4), 1750 * (number // 4)))
    pixels = np.asarray(sheet).astype(np.int16)
    pixels += np.random.default_rng(0).integers(-6, 6, pixels.shape, dtype=np.int16)
    scan = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    scan.save(folder / "JPEG.jpg", quality=90)
    scan.save(folder / "progressive JPEG.jpg", quality=90, progressive=True)
    scan.save(folder / "TIFF.tif")
    scan.save(folder / "TIFF, LZW.tif", compression="tiff_lzw")
    scan.save(folder / "JPEG 2000.jp2", quality_mode="rates", quality_layers=[12], num_resolutions=6)
    if vips:
        options = {"tile": True, "pyramid": True, "compression": "jpeg", "Q": 90}
        vips.Image.new_from_file(str(folder / "TIFF.tif")).tiffsave(str(folder / "TIFF, tiled pyramid.tif"), **options)


def measure_cut(path: Path, request_path: str, library: str) -> tuple[float, float]:
    """Return milliseconds of processor time and MiB of memory for one cut in this process, without the imports."""
    if library == "Pillow":
        vars(cutting)["cut_with_vips"] = lambda *_: None
    file = PixelFile(path=path, size=SIZE, region=PixelBox(0, 0, *SIZE))
    cut = parse_image_request(request_path, SIZE, LIMITS)
    memory, start = _peak_memory(), time.process_time()
    cutting.cut_image(file, cut, SIZE, 10**9)
    return 1000 * (time.process_time() - start), _peak_memory() - memory


def _peak_memory() -> float:
    """Return the MiB that this program needed at most; `getrusage` would count those of its parent."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def print_table() -> None:
    """Measure every format and request, each in the least time of some rounds, and print a table in Markdown."""
    print("| scan of 35 megapixels | request | libvips | Pillow |")
    print("| --- | --- | --- | --- |")
    with TemporaryDirectory() as folder:
        write_scans(Path(folder))
        for path in sorted(Path(folder).iterdir()):
            for name, request_path in REQUESTS.items():
                cells = [_cell(path, request_path, library) for library in ("libvips", "Pillow")]
                print(f"| {path.stem} | {name} | {cells[0]} | {cells[1]} |", flush=True)


def _cell(path: Path, request_path: str, library: str) -> str:
    if library == "libvips" and path.suffix == ".jp2":
        return "–"
    command = [sys.executable, "-m", "benchmarks.image_cutting", str(path), request_path, library]
    runs = [json.loads(subprocess.check_output(command)) for _ in range(ROUNDS)]  # noqa: S603 this very program
    milliseconds, memory = (min(values) for values in zip(*runs, strict=True))
    return f"{milliseconds:.0f} ms, {memory:.0f} MiB"


def print_processes() -> None:
    """Print the processor time of a tile that is cut in this process, and in one of those for large scans."""
    print("\n| scan of 35 megapixels, next tile | here | in a process |\n| --- | --- | --- |")
    cuts = [
        parse_image_request(f"{512 * (n % 8)},{512 * (n // 8)},512,512/max/0/default.jpg", SIZE, LIMITS)
        for n in range(40)
    ]
    with TemporaryDirectory() as folder:
        write_scans(Path(folder))
        for path in sorted(Path(folder).iterdir()):
            file = PixelFile(path=path, size=SIZE, region=PixelBox(0, 0, *SIZE))
            cutting.cut_image(file, cuts[0], SIZE, 10**9)
            start = time.process_time()
            for cut in cuts[1:]:
                cutting.cut_image(file, cut, SIZE, 10**9)
            here = time.process_time() - start
            many_cuts = cuts[1:] * max(1, round(2 / here))  # the start of a process takes more time or less
            there = anyio.run(_time_in_process, file, [cuts[0], *many_cuts]) - anyio.run(
                _time_in_process, file, cuts[:1]
            )
            here_ms, there_ms = 1000 * here / len(cuts[1:]), 1000 * there / len(many_cuts)
            print(f"| {path.stem} | {here_ms:.1f} ms | {there_ms:.1f} ms |", flush=True)


async def _time_in_process(file: PixelFile, cuts: Sequence[ImageCut]) -> float:
    """Return the seconds of this process and of the one that cuts, with its start."""
    start = _time_with_children()
    async with ScanProcesses() as processes:
        for cut in cuts:
            await processes.cut(file, cut, SIZE, 10**9)
    return _time_with_children() - start


def _time_with_children() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def print_encodings() -> None:
    """Print the mean bytes and milliseconds of crops of the shared collection, as small as on a card."""
    files = sorted((SHARED / "images").rglob("*.jpg"))[::10]
    print("\n| encoding | bytes | time |\n| --- | --- | --- |")
    for name, options in ENCODINGS.items():
        size, start = 0, time.process_time()
        for file in files:
            picture = Image.open(file).convert("RGB")
            picture.thumbnail((CARD_SIDE, CARD_SIDE), Image.Resampling.LANCZOS)
            buffer = BytesIO()
            picture.save(buffer, **options)
            size += buffer.tell()
        seconds = time.process_time() - start
        print(f"| {name} | {size / len(files):,.0f} | {1000 * seconds / len(files):.1f} ms |")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        print(json.dumps(measure_cut(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))
    else:
        print_table()
        print_processes()
        print_encodings()
