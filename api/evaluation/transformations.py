"""What happens to a picture between the book and the reader who looks for it: pure, and the same for the same seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageChops, ImageFilter, ImageOps
from PIL.Image import Resampling, Transform

Chance: TypeAlias = np.random.Generator
Alter: TypeAlias = Callable[[Image.Image], Image.Image]

SEED = 42
"""The paper's."""

MAX_ROTATION, MAX_CROP, SCALES = 10.0, 0.15, (0.8, 1.2)
"""Degrees either way; share of a side; factors of width and height: the paper's."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """One query of the paper: turned on white, then cut, then scaled."""

    rotation: float
    crop_left: float
    crop_right: float
    crop_top: float
    crop_bottom: float
    width_scale: float
    height_scale: float

    def __call__(self, image: Image.Image) -> Image.Image:
        turned = image.rotate(self.rotation, Resampling.BICUBIC, expand=True, fillcolor="white")
        width, height = turned.size
        left, right = round(self.crop_left * width), round(width - self.crop_right * width)
        top, bottom = round(self.crop_top * height), round(height - self.crop_bottom * height)
        cut = turned.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
        scaled = (max(1, round(cut.width * self.width_scale)), max(1, round(cut.height * self.height_scale)))
        return cut.resize(scaled, Resampling.LANCZOS)


def paper(count: int, seed: int = SEED, *, quirk: bool = False) -> list[Alteration]:
    """The alterations that the paper drew, in its order, from one generator for all its queries.

    `quirk`: its code cuts the bottom by what was drawn for the top.
    """
    chance = np.random.default_rng(seed)
    drawn = [_alteration(chance) for _ in range(count)]
    return [_quirky(each) for each in drawn] if quirk else drawn


def _alteration(chance: Chance) -> Alteration:
    rotation = chance.uniform(-MAX_ROTATION, MAX_ROTATION)
    left, right, top, bottom = (chance.uniform(0, MAX_CROP) for _ in range(4))
    width, height = (chance.uniform(*SCALES) for _ in range(2))
    return Alteration(rotation, left, right, top, bottom, width, height)


def _quirky(each: Alteration) -> Alteration:
    return Alteration(
        each.rotation,
        each.crop_left,
        each.crop_right,
        each.crop_top,
        each.crop_top,
        each.width_scale,
        each.height_scale,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation:
    """One kind of query; `apply` draws from the generator that belongs to the picture."""

    name: str
    meaning: str
    apply: Callable[[Image.Image, Chance], Image.Image]


def of(transformation: Transformation, count: int, seed: int = SEED) -> list[Alter]:
    """One alteration per picture, each from a generator of its own: a picture more changes no other."""
    return [_bound(transformation, seed, number) for number in range(count)]


def _bound(transformation: Transformation, seed: int, number: int) -> Alter:
    return lambda image: transformation.apply(image, np.random.default_rng([seed, number]))


def grey(image: Image.Image, _chance: Chance) -> Image.Image:
    return image.convert("L").convert("RGB")


def jpeg(image: Image.Image, chance: Chance) -> Image.Image:
    """Saved again at a quality of 10 to 40 of 95."""
    file = BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=int(chance.integers(10, 41)))
    with Image.open(file) as again:
        return again.convert("RGB")


def bleed_through(image: Image.Image, chance: Chance) -> Image.Image:
    """Lines of print from the leaf's other side, mirrored and pale: 20 to 45 % of black."""
    verso = Image.fromarray(_lines_of_print(image.size, chance)).filter(ImageFilter.GaussianBlur(1))
    strength = chance.uniform(0.2, 0.45)
    pale = verso.point(lambda level: round(255 - strength * (255 - level)))
    return ImageChops.multiply(image, Image.merge("RGB", (pale, pale, pale)))


def half(image: Image.Image, chance: Chance) -> Image.Image:
    """The left, right, upper or lower half."""
    width, height = image.size
    across, down = max(1, width // 2), max(1, height // 2)
    boxes = ((0, 0, across, height), (width - across, 0, width, height), (0, 0, width, down))
    return image.crop((*boxes, (0, height - down, width, height))[chance.integers(4)])


def photograph(image: Image.Image, chance: Chance) -> Image.Image:
    """A hand-held picture of the page: a margin of paper, a slant, light from one side, out of focus, grain."""
    margin = round(0.08 * min(image.size)) + 1
    page = ImageOps.expand(image, margin, fill=(236, 230, 216))
    lit = _side_light(_slanted(page, chance), chance)
    blurred = lit.filter(ImageFilter.GaussianBlur(chance.uniform(0.4, 1.2) * max(lit.size) / 800))
    pixels = np.asarray(blurred, dtype=np.float32)
    return Image.fromarray((pixels + chance.normal(0, 5, pixels.shape)).clip(0, 255).astype(np.uint8))


def _slanted(page: Image.Image, chance: Chance) -> Image.Image:
    """Each corner moves inwards by up to 7 % of a side; beyond the page lies a dark table."""
    width, height = page.size
    moved = chance.uniform(0, 0.07, (4, 2)) * (width, height)
    corners = np.array([(0, 0), (0, height), (width, height), (width, 0)], dtype=np.float64)
    inwards = np.array([(1, 1), (1, -1), (-1, -1), (-1, 1)])
    return page.transform(
        page.size,
        Transform.PERSPECTIVE,
        _perspective(corners + moved * inwards, corners),
        Resampling.BICUBIC,
        fillcolor=(70, 60, 52),
    )


def _perspective(seen: np.ndarray, true: np.ndarray) -> Sequence[float]:
    """Pillow's eight coefficients: from a point of the photograph to the point of the page that it shows."""
    rows, values = [], []
    for (x, y), (u, v) in zip(seen, true, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(each) for each in np.linalg.solve(np.array(rows), np.array(values))]


def _side_light(image: Image.Image, chance: Chance) -> Image.Image:
    """Full light on one side falls to 55 to 85 % on the other, in any direction."""
    angle, darkest = chance.uniform(0, 2 * np.pi), chance.uniform(0.55, 0.85)
    y, x = np.indices((image.height, image.width), dtype=np.float32)
    slope = np.cos(angle) * x / image.width + np.sin(angle) * y / image.height
    span = float(np.ptp(slope)) or 1.0
    light = 1 - (1 - darkest) * (slope - slope.min()) / span
    return Image.fromarray((np.asarray(image, dtype=np.float32) * light[..., None]).astype(np.uint8))


def _lines_of_print(size: tuple[int, int], chance: Chance) -> np.ndarray:
    """Grey levels of a page of words: dark runs on white lines."""
    width, height = size
    levels = np.full((height, width), 255, dtype=np.uint8)
    line = max(6, height // 40)
    for top in range(line, height - line, 2 * line):
        left = 0
        while left < width:
            word = int(chance.integers(2 * line, 7 * line))
            levels[top : top + line, left : left + word] = chance.integers(0, 80)
            left += word + line
    return levels


HARDER = (
    Transformation(name="grey", meaning="without its colours", apply=grey),
    Transformation(name="jpeg", meaning="saved at a JPEG quality of 10 to 40", apply=jpeg),
    Transformation(name="bleed-through", meaning="print of the leaf's other side shines through", apply=bleed_through),
    Transformation(name="half", meaning="one half of it", apply=half),
    Transformation(name="photograph", meaning="slanted, unevenly lit, out of focus, on a table", apply=photograph),
)
"""What the paper did not try and readers do."""
