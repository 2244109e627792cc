"""Alterations of pictures as scanners and readers cause them; the same seed gives the same pixels."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps
from PIL.Image import Resampling, Transform

RandomGenerator: TypeAlias = np.random.Generator
ImageTransform: TypeAlias = Callable[[Image.Image], Image.Image]

SEED = 42
"""The paper's seed."""

MAX_ROTATION, MAX_CROP, SCALE_RANGE = 10.0, 0.15, (0.8, 1.2)
"""The paper's ranges: degrees in both directions, share of a side, factors of width and height."""

LINES_PER_PAGE, MIN_LETTER_HEIGHT = 50, 10
"""Lines of print on a page, and the minimum height of letters in pixels, which limits the lines on a small crop."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """One query of the paper: rotated on a white ground, then cropped, then scaled."""

    rotation: float
    crop_left: float
    crop_right: float
    crop_top: float
    crop_bottom: float
    width_scale: float
    height_scale: float

    def __call__(self, image: Image.Image) -> Image.Image:
        rotated_image = image.rotate(self.rotation, Resampling.BICUBIC, expand=True, fillcolor="white")
        width, height = rotated_image.size
        left, right = round(self.crop_left * width), round(width - self.crop_right * width)
        top, bottom = round(self.crop_top * height), round(height - self.crop_bottom * height)
        cropped_image = rotated_image.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
        scaled_size = (
            max(1, round(cropped_image.width * self.width_scale)),
            max(1, round(cropped_image.height * self.height_scale)),
        )
        return cropped_image.resize(scaled_size, Resampling.LANCZOS)


def draw_paper_alterations(count: int, seed: int = SEED, *, quirk: bool = False) -> list[Alteration]:
    """Draw the paper's alterations, in its order and from one generator for all queries.

    `quirk` repeats an error of the paper's code, which crops the bottom by the amount drawn for the top.
    """
    rng = np.random.default_rng(seed)
    alterations = [_draw_alteration(rng) for _ in range(count)]
    return [_apply_quirk(alteration) for alteration in alterations] if quirk else alterations


def _draw_alteration(rng: RandomGenerator) -> Alteration:
    rotation = rng.uniform(-MAX_ROTATION, MAX_ROTATION)
    left, right, top, bottom = (rng.uniform(0, MAX_CROP) for _ in range(4))
    width, height = (rng.uniform(*SCALE_RANGE) for _ in range(2))
    return Alteration(rotation, left, right, top, bottom, width, height)


def _apply_quirk(alteration: Alteration) -> Alteration:
    return Alteration(
        alteration.rotation,
        alteration.crop_left,
        alteration.crop_right,
        alteration.crop_top,
        alteration.crop_top,
        alteration.width_scale,
        alteration.height_scale,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation:
    """One kind of alteration; `apply` gets a generator that belongs to the picture."""

    name: str
    meaning: str
    apply: Callable[[Image.Image, RandomGenerator], Image.Image]
    revision: int = 1
    """Changes whenever the same seed gives other pixels, because vectors are cached under it."""

    @property
    def key(self) -> str:
        return self.name if self.revision == 1 else f"{self.name} {self.revision}"


def seeded_alterations(transformation: Transformation, count: int, seed: int = SEED) -> list[ImageTransform]:
    """Return one alteration per picture, each with its own generator, so that added pictures change no other."""
    return [_bind_seed(transformation, seed, number) for number in range(count)]


def _bind_seed(transformation: Transformation, seed: int, number: int) -> ImageTransform:
    return lambda image: transformation.apply(image, np.random.default_rng([seed, number]))


def convert_to_grey(image: Image.Image, _rng: RandomGenerator) -> Image.Image:
    return image.convert("L").convert("RGB")


def recompress_as_jpeg(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Save the picture at a JPEG quality of 10 to 40."""
    buffer = BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=int(rng.integers(10, 41)))
    with Image.open(buffer) as reopened_image:
        return reopened_image.convert("RGB")


def add_bleed_through(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Add mirrored, blurred lines of print from the other side of the leaf, at 15 to 40 % of black."""
    page = _draw_verso(image.size, rng)
    verso = page.filter(ImageFilter.GaussianBlur(max(image.size) / 1000))
    strength = rng.uniform(0.15, 0.4)
    pale_print = verso.point(lambda level: round(255 - strength * (255 - level)))
    return ImageChops.multiply(image, Image.merge("RGB", (pale_print, pale_print, pale_print)))


def crop_to_half(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Return the left, right, upper or lower half."""
    width, height = image.size
    half_width, half_height = max(1, width // 2), max(1, height // 2)
    boxes = ((0, 0, half_width, height), (width - half_width, 0, width, height), (0, 0, width, half_height))
    return image.crop((*boxes, (0, height - half_height, width, height))[rng.integers(4)])


def simulate_photograph(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Simulate a hand-held photograph: a margin of paper, perspective, light from one side, blur and noise."""
    margin = round(0.08 * min(image.size)) + 1
    page = ImageOps.expand(image, margin, fill=(236, 230, 216))
    lit_page = _add_side_light(_slant_page(page, rng), rng)
    blurred_page = lit_page.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 1.2) * max(lit_page.size) / 800))
    pixels = np.asarray(blurred_page, dtype=np.float32)
    return Image.fromarray((pixels + rng.normal(0, 5, pixels.shape)).clip(0, 255).astype(np.uint8))


def _slant_page(page: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Move each corner inwards by up to 7 % of a side; the ground beyond the page is dark."""
    width, height = page.size
    shifts = rng.uniform(0, 0.07, (4, 2)) * (width, height)
    corners = np.array([(0, 0), (0, height), (width, height), (width, 0)], dtype=np.float64)
    inwards = np.array([(1, 1), (1, -1), (-1, -1), (-1, 1)])
    return page.transform(
        page.size,
        Transform.PERSPECTIVE,
        _perspective_coefficients(corners + shifts * inwards, corners),
        Resampling.BICUBIC,
        fillcolor=(70, 60, 52),
    )


def _perspective_coefficients(photo_corners: np.ndarray, page_corners: np.ndarray) -> Sequence[float]:
    """Return Pillow's eight coefficients, which map a point of the photograph to a point of the page."""
    rows, values = [], []
    for (x, y), (u, v) in zip(photo_corners, page_corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(coefficient) for coefficient in np.linalg.solve(np.array(rows), np.array(values))]


def _add_side_light(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Darken the picture linearly in a random direction, to 55 to 85 % at the far side."""
    angle, darkest = rng.uniform(0, 2 * np.pi), rng.uniform(0.55, 0.85)
    y, x = np.indices((image.height, image.width), dtype=np.float32)
    slope = np.cos(angle) * x / image.width + np.sin(angle) * y / image.height
    span = float(np.ptp(slope)) or 1.0
    light = 1 - (1 - darkest) * (slope - slope.min()) / span
    return Image.fromarray((np.asarray(image, dtype=np.float32) * light[..., None]).astype(np.uint8))


def _draw_verso(size: tuple[int, int], rng: RandomGenerator) -> Image.Image:
    """Draw a mirrored page of random words in grey levels."""
    width, height = size
    page = Image.new("L", size, 255)
    letter_height = max(MIN_LETTER_HEIGHT, max(size) // LINES_PER_PAGE)
    font, pen = ImageFont.load_default(letter_height), ImageDraw.Draw(page)
    for top in range(letter_height // 2, height, round(1.3 * letter_height)):
        # A letter is about half as wide as it is high, so this text is longer than the line and is cut off.
        pen.text((0, top), _random_words(rng, 2 + 4 * width // letter_height), fill=0, font=font)
    return ImageOps.mirror(page)


def _random_words(rng: RandomGenerator, length: int) -> str:
    """Return random letters, with a space after every 2 to 9 of them."""
    letters = "".join(rng.choice(list("aaabcdeeeeefghiilmnnoprrsstttuuv"), length))
    word_bounds = np.cumsum(rng.integers(2, 10, length))
    return " ".join(letters[start:end] for start, end in itertools.pairwise([0, *word_bounds]) if start < length)


GREY = Transformation(name="grey", meaning="converted to grey", apply=convert_to_grey)
JPEG = Transformation(name="jpeg", meaning="saved at a JPEG quality of 10 to 40", apply=recompress_as_jpeg)
BLEED_THROUGH = Transformation(
    name="bleed-through",
    meaning="print from the other side of the leaf shows through",
    apply=add_bleed_through,
    revision=2,
)

HARDER_TRANSFORMATIONS = (
    GREY,
    JPEG,
    BLEED_THROUGH,
    Transformation(name="half", meaning="one half of the picture", apply=crop_to_half),
    Transformation(
        name="photograph", meaning="in perspective, unevenly lit, out of focus, on a table", apply=simulate_photograph
    ),
)
"""Alterations that occur in practice and that the paper did not test."""
