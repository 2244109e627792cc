"""Drawings of three kinds in a dozen books."""

import csv
from pathlib import Path

import numpy as np
from PIL import Image

CLASS_LABELS = ("Map", "Blank page", "Musical notation")
BOOKS, FOLDS = 12, 3


def draw_picture(class_number: int, seed: int) -> Image.Image:
    """Draw three stripes with noise; one of them is lighter."""
    grey = np.random.default_rng(seed).integers(0, 120, (36, 36)) + 60
    grey[12 * class_number : 12 * class_number + 12] += 60
    return Image.fromarray(grey.astype(np.uint8))


def make_folder(root: Path, labels: tuple[str, ...] = CLASS_LABELS, *, books: int = BOOKS) -> Path:
    """Create a folder with six pictures per book; two labels are wrong, and one is unknown."""
    root.mkdir()
    rows = []
    for number in range(6 * BOOKS):
        draw_picture(number % 3, number).save(root / f"{number}.png")
        rows.append([f"{number}.png", labels[number % 3], f"book {number // 6 % books}"])
    rows[0][1], rows[10][1], rows[20][1] = rows[1][1], rows[11][1], "dog"
    with (root / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["path", "label", "book"], *rows])
    return root
