"""What happens to a picture between the book and the reader who looks for it: pure, and the same for the same seed."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps
from PIL.Image import Resampling, Transform

Chance: TypeAlias = np.random.Generator
Alter: TypeAlias = Callable[[Image.Image], Image.Image]

SEED = 42
"""The paper's."""

MAX_ROTATION, MAX_CROP, SCALES = 10.0, 0.15, (0.8, 1.2)
"""Degrees either way; share of a side; factors of width and height: the paper's."""

LINES, SMALLEST_LETTER = 50, 10
"""Of print on a whole page; a crop of a few hundred pixels shows fewer, of letters as high as on a small scan."""


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
    revision: int = 1
    """Another where the same seed makes other pixels than before: vectors are kept under it."""

    @property
    def key(self) -> str:
        return self.name if self.revision == 1 else f"{self.name} {self.revision}"


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
    """Lines of print from the leaf's other side, mirrored, blurred by the paper and pale: 15 to 40 % of black."""
    page = _verso(image.size, chance)
    verso = page.filter(ImageFilter.GaussianBlur(max(image.size) / 1000))
    strength = chance.uniform(0.15, 0.4)
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


def _verso(size: tuple[int, int], chance: Chance) -> Image.Image:
    """Grey levels of a page of words as they are seen from behind."""
    width, height = size
    page = Image.new("L", size, 255)
    letter = max(SMALLEST_LETTER, max(size) // LINES)
    font, pen = ImageFont.load_default(letter), ImageDraw.Draw(page)
    for top in range(letter // 2, height, round(1.3 * letter)):
        # A letter is about half as wide as it is high: twice the width is enough, and is cut.
        pen.text((0, top), _words(chance, 2 + 4 * width // letter), fill=0, font=font)
    return ImageOps.mirror(page)


def _words(chance: Chance, length: int) -> str:
    """Letters and, after each 2 to 9 of them, a space."""
    letters = "".join(chance.choice(list("aaabcdeeeeefghiilmnnoprrsstttuuv"), length))
    cuts = np.cumsum(chance.integers(2, 10, length))
    return " ".join(letters[start:end] for start, end in itertools.pairwise([0, *cuts]) if start < length)


GREY = Transformation(name="grey", meaning="without its colours", apply=grey)
JPEG = Transformation(name="jpeg", meaning="saved at a JPEG quality of 10 to 40", apply=jpeg)
BLEED_THROUGH = Transformation(
    name="bleed-through", meaning="print of the leaf's other side shines through", apply=bleed_through, revision=2
)

HARDER = (
    GREY,
    JPEG,
    BLEED_THROUGH,
    Transformation(name="half", meaning="one half of it", apply=half),
    Transformation(name="photograph", meaning="slanted, unevenly lit, out of focus, on a table", apply=photograph),
)
"""What the paper did not try and readers do."""
