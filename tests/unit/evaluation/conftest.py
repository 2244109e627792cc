"""A folder of small, clearly different drawings, one of them twice."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

LABELS = ("map", "music", "map", "print", "print", "photo")


@pytest.fixture
def drawings(tmp_path: Path) -> Path:
    """Return a folder of six pictures, a copy of the first, a broken file, and labels for five pictures."""
    folder = tmp_path / "pictures"
    for number in range(6):
        picture = drawing(number)
        path = folder / f"part {number % 2}" / f"bpt6k00012{number % 3}a-{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path)
    drawing(0).save(folder / "again.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 and no more")
    rows = [[f"part {n % 2}/bpt6k00012{n % 3}a-{n}.png", LABELS[n], str(1700 + n)] for n in range(5)]
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Path", "Label", "Year"], *rows, ["gone.png", "map", "1800"]])
    return folder


def drawing(number: int) -> Image.Image:
    """Return coarse blots, wide or tall."""
    blots = np.random.default_rng(number).integers(0, 256, (12, 9, 3), dtype=np.uint8)
    return Image.fromarray(blots).resize((90 + 40 * number, 220 - 25 * number), Image.Resampling.BICUBIC)
