"""Renders a typeset page as a scan: ink on aged paper, with skew, shadows and dust."""

from dataclasses import dataclass

import numpy as np
import skia
from PIL import Image, ImageFilter

from core.geometry import Box
from specimen.drawings.plate import OVERSAMPLING
from specimen.drawings.registry import block
from specimen.pages import FloatArray, PaperStock, PictureElement, TextElement, TypesetPage
from specimen.typeset import apply_ligatures, font

GRAIN = 1.2
"""Standard deviation of the paper's grain in levels of 255; more would enlarge the JPEG files."""


def impression(page: TypesetPage, seed: int) -> Image.Image:
    """Return the ink of the page at `OVERSAMPLING` times the scan's resolution; 255 is solid black."""
    rng = np.random.default_rng(seed)
    sheet = _print_type(page, rng)
    for element in page.elements:
        if isinstance(element, PictureElement) and element.block_name:
            block_ink = block(element.block_name).ink
            y, x = round(element.box.y * OVERSAMPLING), round(element.box.x * OVERSAMPLING)
            region = sheet[y : y + block_ink.shape[0], x : x + block_ink.shape[1]]
            np.maximum(region, block_ink[: region.shape[0], : region.shape[1]], out=region)
    return Image.fromarray((sheet * 255).astype(np.uint8))


def _print_type(page: TypesetPage, rng: np.random.Generator) -> FloatArray:
    pixels = np.zeros((page.height * OVERSAMPLING, page.width * OVERSAMPLING, 4), dtype=np.uint8)
    surface = skia.Surface(pixels)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorWHITE)
    canvas.scale(OVERSAMPLING, OVERSAMPLING)
    paint = skia.Paint(Color=skia.ColorBLACK, AntiAlias=True)
    for text in printed_texts(page):
        for line in text.lines:
            for word in line.words:
                rise = float(rng.normal(0, 0.22))
                face = font(word.face, word.size)
                canvas.drawString(
                    apply_ligatures(word.printed_text, word.face), word.x, word.baseline + rise, face, paint
                )
    return np.asarray(1.0 - pixels[:, :, 0].astype(np.float64) / 255)


def printed_texts(page: TypesetPage) -> list[TextElement]:
    """Return everything printed in type, including text that the segmentation takes for pictures."""
    text_elements = []
    for element in page.elements:
        if isinstance(element, TextElement):
            text_elements.append(element)
        elif element.hidden_text:
            text_elements.append(element.hidden_text)
    return text_elements


@dataclass(frozen=True, slots=True)
class Skew:
    """The rotation of a page on the scanner: clockwise around its centre, in degrees."""

    angle: float
    width: int
    height: int

    def map_box(self, box: Box) -> Box:
        """Return the box in the scan of a box on the page."""
        turn = np.radians(self.angle)
        cx, cy = self.width / 2, self.height / 2
        corners = [(box.x, box.y), (box.right, box.y), (box.x, box.bottom), (box.right, box.bottom)]
        turned = [
            (
                cx + (x - cx) * np.cos(turn) - (y - cy) * np.sin(turn),
                cy + (x - cx) * np.sin(turn) + (y - cy) * np.cos(turn),
            )
            for x, y in corners
        ]
        return Box.from_boxes([Box(float(x), float(y), 0, 0) for x, y in turned])

    def rotate(self, ink: Image.Image) -> Image.Image:
        return ink.rotate(-self.angle, Image.Resampling.BICUBIC)


def scan_ink(page: TypesetPage, ink: Image.Image, skew: Skew) -> tuple[FloatArray, TypesetPage]:
    """Return the ink at the scan's resolution, and the page with all boxes in the scan."""
    fine = np.asarray(skew.rotate(ink), dtype=np.float64) / 255
    ink_boxes: dict[int, Box] = {}
    for index, element in enumerate(page.elements):
        if isinstance(element, PictureElement) and element.block_name:
            ink_boxes[index] = _ink_box(fine, skew.map_box(element.box))
    scan_size_image = Image.fromarray((fine * 255).astype(np.uint8)).resize(
        (page.width, page.height), Image.Resampling.BOX
    )
    moved_page = page.move_boxes(lambda box: _clip_box(skew.map_box(box), page), ink_boxes)
    return np.asarray(scan_size_image, dtype=np.float64) / 255, moved_page


def _clip_box(box: Box, page: TypesetPage) -> Box:
    x, y = max(0.0, box.x), max(0.0, box.y)
    return Box(x, y, min(page.width, box.right) - x, min(page.height, box.bottom) - y)


def _ink_box(fine: FloatArray, box: Box) -> Box:
    """Return the smallest box around the ink inside a box."""
    x, y = max(0, int(box.x * OVERSAMPLING)), max(0, int(box.y * OVERSAMPLING))
    region = fine[y : int(box.bottom * OVERSAMPLING) + 1, x : int(box.right * OVERSAMPLING) + 1] > 0.3
    rows, columns = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    left, top = (x + columns[0]) / OVERSAMPLING, (y + rows[0]) / OVERSAMPLING
    return Box(left, top, (columns[-1] - columns[0] + 1) / OVERSAMPLING, (rows[-1] - rows[0] + 1) / OVERSAMPLING)


def photograph_page(
    ink: FloatArray, reverse_ink: FloatArray | None, paper: PaperStock, seed: int, *, recto: bool, skew: float
) -> Image.Image:
    """Return the scan of a page: ink on paper, print showing through, and the shadow of the fold."""
    rng = np.random.default_rng(seed)
    height, width = ink.shape
    tone = np.array(paper.tone, dtype=np.float64) * _paper_tone(width, height, paper, rng)[:, :, None]
    if reverse_ink is not None:
        reverse_tint = _blur(reverse_ink[:, ::-1], 2.2) * paper.show_through
        tone *= 1 - reverse_tint[:, :, None] * np.array([0.75, 0.85, 1.0])
    black = np.array(paper.ink, dtype=np.float64)
    coverage = np.clip(_spread_ink(ink, rng), 0, 1)[:, :, None]
    page = tone * (1 - coverage) + black * coverage
    page *= _light_falloff(width, height, recto=recto)[:, :, None]
    page = _darken_outer_edge(page, recto=recto, skew=skew)
    page += _dust_layer(width, height, rng)[:, :, None]
    return Image.fromarray(np.clip(page, 0, 255).astype(np.uint8))


def _smooth_noise(width: int, height: int, cell: float, rng: np.random.Generator) -> FloatArray:
    """Return smooth random noise between 0 and 1."""
    small = rng.random((max(2, int(height / cell)), max(2, int(width / cell))))
    image = Image.fromarray((small * 255).astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(image, dtype=np.float64) / 255


def _blur(field: FloatArray, radius: float) -> FloatArray:
    image = Image.fromarray(np.clip(field * 255, 0, 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float64) / 255


def _paper_tone(width: int, height: int, paper: PaperStock, rng: np.random.Generator) -> FloatArray:
    """Return the brightness of aged paper: stains, darker edges, grain and foxing."""
    tone = 1 - 0.05 * _smooth_noise(width, height, 240, rng) - 0.022 * _smooth_noise(width, height, 46, rng)
    tone += rng.normal(0, GRAIN / 255, (height, width))
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    tone -= 0.07 * np.maximum(np.abs(x), np.abs(y)) ** 9
    for _ in range(rng.poisson(paper.foxing)):
        cx, cy, radius = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(3, 13)
        reach = int(radius * 3)
        yy, xx = np.ogrid[max(0, int(cy) - reach) : int(cy) + reach, max(0, int(cx) - reach) : int(cx) + reach]
        spot = np.exp(-((xx - cx) ** 2 + (yy - cy) ** 2) / (2 * (radius / 1.7) ** 2))
        region = tone[max(0, int(cy) - reach) : int(cy) + reach, max(0, int(cx) - reach) : int(cx) + reach]
        region -= rng.uniform(0.03, 0.11) * spot[: region.shape[0], : region.shape[1]]
    return tone


def _spread_ink(ink: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Simulate a hand press: ink spreads slightly and has uneven density."""
    height, width = ink.shape
    spread = 0.8 * ink + 0.36 * _blur(ink, 0.7)
    uneven = 0.80 + 0.16 * _smooth_noise(width, height, 190, rng) + 0.10 * _smooth_noise(width, height, 5, rng)
    return spread * uneven


def _light_falloff(width: int, height: int, *, recto: bool) -> FloatArray:
    """Return the brightness of the light, which falls off towards the fold."""
    x = np.linspace(0, 1, width)
    fold = x if recto else 1 - x
    shade = 1 - 0.40 * np.exp(-fold * 46) - 0.13 * np.exp(-fold * 11)
    down = 1 - 0.03 * np.linspace(-1, 1, height) ** 2
    return np.asarray(shade[None, :] * down[:, None])


def _darken_outer_edge(page: FloatArray, *, recto: bool, skew: float) -> FloatArray:
    """Darken the outer edge, where the paper ends and the scanner's black bed begins."""
    height, width, _ = page.shape
    x = np.arange(width) if not recto else width - 1 - np.arange(width)
    sway = 3 + np.linspace(-1, 1, height) * np.tan(np.radians(skew)) * height / 2 * (1 if recto else -1)
    beyond_edge = np.clip((sway[:, None] - x[None, :]) / 1.6, 0, 1)[:, :, None]
    return np.asarray(page * (1 - beyond_edge) + 38 * beyond_edge)


def _dust_layer(width: int, height: int, rng: np.random.Generator) -> FloatArray:
    """Return specks of dust and, on some pages, a hair."""
    specks = np.zeros((height, width))
    for _ in range(rng.integers(8, 20)):
        x, y, size = rng.integers(0, width - 3), rng.integers(0, height - 3), rng.integers(1, 3)
        specks[y : y + size, x : x + size] -= rng.uniform(30, 110)
    if rng.random() < 0.4:
        t = np.linspace(0, 1, 300)
        x0, y0, turn, bend = (
            rng.uniform(80, width - 80),
            rng.uniform(80, height - 80),
            rng.uniform(0, 6.3),
            rng.uniform(-2, 2),
        )
        xs = x0 + 60 * t * np.cos(turn + bend * t)
        ys = y0 + 60 * t * np.sin(turn + bend * t)
        inside = (xs >= 0) & (xs < width) & (ys >= 0) & (ys < height)
        specks[ys[inside].astype(int), xs[inside].astype(int)] -= 45
    return specks
