"""What happens to a picture between the book and the reader who looks for it: pure, and the same for the same seed."""

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
"""The paper's."""

MAX_ROTATION, MAX_CROP, SCALE_RANGE = 10.0, 0.15, (0.8, 1.2)
"""Degrees either way; share of a side; factors of width and height: the paper's."""

LINES_PER_PAGE, MIN_LETTER_HEIGHT = 50, 10
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
    """The alterations that the paper drew, in its order, from one generator for all its queries.

    `quirk`: its code cuts the bottom by what was drawn for the top.
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
    """One kind of query; `apply` draws from the generator that belongs to the picture."""

    name: str
    meaning: str
    apply: Callable[[Image.Image, RandomGenerator], Image.Image]
    revision: int = 1
    """Another where the same seed makes other pixels than before: vectors are kept under it."""

    @property
    def key(self) -> str:
        return self.name if self.revision == 1 else f"{self.name} {self.revision}"


def seeded_alterations(transformation: Transformation, count: int, seed: int = SEED) -> list[ImageTransform]:
    """One alteration per picture, each from a generator of its own: a picture more changes no other."""
    return [_bind_seed(transformation, seed, number) for number in range(count)]


def _bind_seed(transformation: Transformation, seed: int, number: int) -> ImageTransform:
    return lambda image: transformation.apply(image, np.random.default_rng([seed, number]))


def convert_to_grey(image: Image.Image, _rng: RandomGenerator) -> Image.Image:
    return image.convert("L").convert("RGB")


def recompress_as_jpeg(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Saved again at a quality of 10 to 40 of 95."""
    buffer = BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=int(rng.integers(10, 41)))
    with Image.open(buffer) as reopened_image:
        return reopened_image.convert("RGB")


def add_bleed_through(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Lines of print from the leaf's other side, mirrored, blurred by the paper and pale: 15 to 40 % of black."""
    page = _draw_verso(image.size, rng)
    verso = page.filter(ImageFilter.GaussianBlur(max(image.size) / 1000))
    strength = rng.uniform(0.15, 0.4)
    pale_print = verso.point(lambda level: round(255 - strength * (255 - level)))
    return ImageChops.multiply(image, Image.merge("RGB", (pale_print, pale_print, pale_print)))


def crop_to_half(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """The left, right, upper or lower half."""
    width, height = image.size
    half_width, half_height = max(1, width // 2), max(1, height // 2)
    boxes = ((0, 0, half_width, height), (width - half_width, 0, width, height), (0, 0, width, half_height))
    return image.crop((*boxes, (0, height - half_height, width, height))[rng.integers(4)])


def simulate_photograph(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """A hand-held picture of the page: a margin of paper, a slant, light from one side, out of focus, grain."""
    margin = round(0.08 * min(image.size)) + 1
    page = ImageOps.expand(image, margin, fill=(236, 230, 216))
    lit_page = _add_side_light(_slant_page(page, rng), rng)
    blurred_page = lit_page.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 1.2) * max(lit_page.size) / 800))
    pixels = np.asarray(blurred_page, dtype=np.float32)
    return Image.fromarray((pixels + rng.normal(0, 5, pixels.shape)).clip(0, 255).astype(np.uint8))


def _slant_page(page: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Each corner moves inwards by up to 7 % of a side; beyond the page lies a dark table."""
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
    """Pillow's eight coefficients: from a point of the photograph to the point of the page that it shows."""
    rows, values = [], []
    for (x, y), (u, v) in zip(photo_corners, page_corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(coefficient) for coefficient in np.linalg.solve(np.array(rows), np.array(values))]


def _add_side_light(image: Image.Image, rng: RandomGenerator) -> Image.Image:
    """Full light on one side falls to 55 to 85 % on the other, in any direction."""
    angle, darkest = rng.uniform(0, 2 * np.pi), rng.uniform(0.55, 0.85)
    y, x = np.indices((image.height, image.width), dtype=np.float32)
    slope = np.cos(angle) * x / image.width + np.sin(angle) * y / image.height
    span = float(np.ptp(slope)) or 1.0
    light = 1 - (1 - darkest) * (slope - slope.min()) / span
    return Image.fromarray((np.asarray(image, dtype=np.float32) * light[..., None]).astype(np.uint8))


def _draw_verso(size: tuple[int, int], rng: RandomGenerator) -> Image.Image:
    """Grey levels of a page of words as they are seen from behind."""
    width, height = size
    page = Image.new("L", size, 255)
    letter_height = max(MIN_LETTER_HEIGHT, max(size) // LINES_PER_PAGE)
    font, pen = ImageFont.load_default(letter_height), ImageDraw.Draw(page)
    for top in range(letter_height // 2, height, round(1.3 * letter_height)):
        # A letter is about half as wide as it is high: twice the width is enough, and is cut.
        pen.text((0, top), _random_words(rng, 2 + 4 * width // letter_height), fill=0, font=font)
    return ImageOps.mirror(page)


def _random_words(rng: RandomGenerator, length: int) -> str:
    """Letters and, after each 2 to 9 of them, a space."""
    letters = "".join(rng.choice(list("aaabcdeeeeefghiilmnnoprrsstttuuv"), length))
    word_bounds = np.cumsum(rng.integers(2, 10, length))
    return " ".join(letters[start:end] for start, end in itertools.pairwise([0, *word_bounds]) if start < length)


GREY = Transformation(name="grey", meaning="without its colours", apply=convert_to_grey)
JPEG = Transformation(name="jpeg", meaning="saved at a JPEG quality of 10 to 40", apply=recompress_as_jpeg)
BLEED_THROUGH = Transformation(
    name="bleed-through", meaning="print of the leaf's other side shines through", apply=add_bleed_through, revision=2
)

HARDER_TRANSFORMATIONS = (
    GREY,
    JPEG,
    BLEED_THROUGH,
    Transformation(name="half", meaning="one half of it", apply=crop_to_half),
    Transformation(
        name="photograph", meaning="slanted, unevenly lit, out of focus, on a table", apply=simulate_photograph
    ),
)
"""What the paper did not try and readers do."""
