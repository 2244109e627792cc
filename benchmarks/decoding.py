"""What decoding the worst file of each format takes in one process of the service.

`python -m benchmarks.decoding` prints a table of docs/operators.md; `--write` puts it there. `benchmarks.memory` sends
the same files to a service, 16 at once.
"""

import argparse
import re
import time
from pathlib import Path

import anyio

from api.vision.decoding import DecodingProcesses
from benchmarks.hostile_pictures import HOSTILE_PICTURES, write_hostile_pictures
from benchmarks.marked_tables import write_marked_table
from benchmarks.source_data import ROOT
from core.errors import FileUnavailable
from core.settings import Settings
from core.small_pictures import decode_small

HEADER = "| file | result | seconds | memory of its process at most |\n| --- | --- | --- | --- |\n"
STATUS = "open('/proc/self/status').read()"
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


async def measure_file(name: str, data: bytes, max_pixels: int) -> str:
    """Return a row."""
    async with DecodingProcesses() as run:
        await run(eval, "0")  # the time of its start does not count
        start = time.perf_counter()
        try:
            width, height = (await run(decode_small, data, "picture", max_pixels)).size
            result = f"{width} × {height} pixels"
        except FileUnavailable as error:
            result = f"refused: {error.code.replace('_', ' ')}"
        seconds = time.perf_counter() - start
        match = PEAK.search(await run(eval, STATUS))
    peak = int(match[1]) / 1000 if match else 0
    return f"| {name}, {len(data) / 1e6:.2f} MB | {result} | {seconds:.1f} | {peak:.0f} MB |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decoding", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the table into docs/operators.md")
    options = parser.parse_args()
    settings = Settings.from_environ()
    pictures: Path = settings.cache / "benchmark" / "hostile-pictures"
    write_hostile_pictures(pictures)
    rows = []
    for number, name in enumerate(HOSTILE_PICTURES):
        rows.append(anyio.run(measure_file, name, (pictures / str(number)).read_bytes(), settings.max_upload_pixels))
        print(rows[-1], flush=True)
    table = HEADER + "".join(f"{row}\n" for row in rows)
    if options.write:
        write_marked_table(ROOT / "docs" / "operators.md", "decoding", table)


if __name__ == "__main__":
    main()
