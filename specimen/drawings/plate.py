"""A wood block and its tools: lines that swell with the shade, black cuts and white cuts, stipple.

One unit is one pixel of the scan; the block itself is cut `FINE` times finer.
"""

from collections.abc import Callable, Iterable

import numpy as np
import skia

from specimen.drawings.curves import Floats, Points, bounds, parallel_lines, points, resample
from specimen.typeset import font, text_width

OVERSAMPLING = 2
"""Cut at twice the scan's resolution, so that a line's edge is soft in the scan as ink is."""

Tone = Callable[[Floats, Floats], Floats]
"""Darkness from 0 (paper) to 1 (ink) at x, y."""


def noise_tone(seed: int, size: float, *, stretch: float = 1.0) -> Tone:
    """Smooth clouds of 0 to 1; `size` is a cloud's width and `stretch` how much wider than high."""
    grid = np.random.default_rng(seed).random((64, 64))

    def layer(x: Floats, y: Floats, step: float) -> Floats:
        u, v = x / step, y * stretch / step
        i, j = np.floor(u).astype(int), np.floor(v).astype(int)
        s, t = (0.5 - 0.5 * np.cos(np.pi * (coordinate - np.floor(coordinate))) for coordinate in (u, v))
        top = grid[j % 64, i % 64] * (1 - s) + grid[j % 64, (i + 1) % 64] * s
        low = grid[(j + 1) % 64, i % 64] * (1 - s) + grid[(j + 1) % 64, (i + 1) % 64] * s
        return np.asarray(top * (1 - t) + low * t)

    return lambda x, y: 0.65 * layer(x, y, size) + 0.35 * layer(x + 31.7, y + 11.3, size / 2.3)


def even_tone(darkness: float) -> Tone:
    return lambda x, _: np.full_like(x, darkness)


def gradient_tone(start: tuple[float, float], end: tuple[float, float], dark: tuple[float, float]) -> Tone:
    """From one darkness to another along a line."""
    (x0, y0), (x1, y1) = start, end
    span = (x1 - x0) ** 2 + (y1 - y0) ** 2

    def tone(x: Floats, y: Floats) -> Floats:
        share = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / span, 0, 1)
        return np.asarray(dark[0] + (dark[1] - dark[0]) * share)

    return tone


def cylinder_tone(left: float, right: float, *, light: float = 0.3, dark: float = 0.85) -> Tone:
    """An upright cylinder lit from the left, with the reflected light at its far edge."""

    def tone(x: Floats, _: Floats) -> Floats:
        u = np.clip((x - left) / (right - left), 0, 1)
        away = np.abs(u - light) / np.where(u < light, light, 1 - light)
        return np.asarray(dark * away**1.3 * np.where(u > 0.93, 0.75, 1.0))

    return tone


class Plate:
    """One picture being cut; `ink` gives the print."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.width, self.height = width, height
        self.rng = np.random.default_rng(seed)
        self._pixels = np.zeros((height * OVERSAMPLING, width * OVERSAMPLING, 4), dtype=np.uint8)
        self._surface = skia.Surface(self._pixels)
        self._canvas = self._surface.getCanvas()
        self._canvas.clear(skia.ColorWHITE)
        self._canvas.scale(OVERSAMPLING, OVERSAMPLING)

    @property
    def ink(self) -> Floats:
        """0 for paper, 1 for ink, `FINE` points a unit."""
        return np.asarray(1.0 - self._pixels[:, :, 0].astype(np.float64) / 255)

    def fill_area(self, outline: Points, ink: float = 0.0) -> None:
        """An even patch: paper (0) to hide what is behind, or solid ink (1)."""
        self._canvas.drawPath(_polygon(outline), _paint(ink))

    def draw_line(self, curve: Points, width: float = 1.5, *, ends: float = 0.35, ink: float = 1.0) -> None:
        """A cut that swells in its middle; `ends` is the share of the width left at both ends."""
        t = np.linspace(0, 1, len(curve))
        self._stroke(curve, width * (ends + (1 - ends) * np.sqrt(np.sin(np.pi * np.clip(t, 0.02, 0.98)))), ink)

    def draw_outline(self, outline: Points, width: float = 1.5, *, ink: float = 1.0) -> None:
        """The contour of a shape, heavier on the side away from the light (the lower right)."""
        curve = _densify(outline)
        step = np.gradient(curve, axis=0)
        norm = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)
        turn = 1.0 if _signed_area(outline) > 0 else -1.0
        facing = turn * (step[:, 1] - step[:, 0]) / norm / np.sqrt(2)
        self._stroke(curve, width * (0.85 + 0.4 * facing), ink)

    def engrave(
        self,
        curves: Iterable[Points],
        tone: Tone,
        spacing: float,
        within: Points | None = None,
        *,
        ink: float = 1.0,
        min_darkness: float = 0.1,
    ) -> None:
        """Shade by lines: each is as wide as the tone below it asks for and breaks off in the light."""
        self._canvas.save()
        if within is not None:
            self._canvas.clipPath(_polygon(within), skia.ClipOp.kIntersect, doAntiAlias=True)
        for curve in curves:
            dense_curve = resample(curve, max(6, len(curve)))
            dark = np.clip(tone(dense_curve[:, 0], dense_curve[:, 1]), 0, 1)
            self._stroke_segments(dense_curve, np.where(dark < min_darkness, 0.0, dark * spacing), ink)
        self._canvas.restore()

    def hatch(self, shape: Points, angle: float, tone: Tone, spacing: float = 4.5, width: float = 2.0) -> None:
        """A plain face: cleared, shaded by lines in one direction, outlined."""
        self.fill_area(shape)
        self.engrave(parallel_lines(bounds(shape), angle, spacing, self.rng, wave=0.3), tone, spacing, shape)
        self.draw_outline(shape, width)

    def stipple(self, within: Points, tone: Tone, spacing: float, *, ink: float = 1.0) -> None:
        """Shade by dots on a shaken grid."""
        x, y, width, height = bounds(within)
        gx, gy = np.meshgrid(np.arange(x, x + width, spacing), np.arange(y, y + height, spacing * 0.87))
        gx[1::2] += spacing / 2
        gx, gy = (g.ravel() + self.rng.normal(0, spacing * 0.13, g.size) for g in (gx, gy))
        radii = spacing * 0.55 * np.sqrt(np.clip(tone(gx, gy), 0, 1))
        self._canvas.save()
        self._canvas.clipPath(_polygon(within), skia.ClipOp.kIntersect, doAntiAlias=True)
        for cx, cy, radius in zip(gx, gy, radii, strict=True):
            if radius > 0.25:
                self._canvas.drawCircle(float(cx), float(cy), float(radius), _paint(ink))
        self._canvas.restore()

    def draw_text(
        self,
        text: str,
        x: float,
        y: float,
        face: str,
        size: float,
        *,
        ink: float = 1.0,
        middle: bool = True,
        turn: float = 0,
    ) -> None:
        """Letters cut into the block, `x` at their middle or their start."""
        wide = text_width(text, face, size)
        self._canvas.save()
        self._canvas.translate(x, y)
        self._canvas.rotate(turn)
        self._canvas.drawString(text, -wide / 2 if middle else 0.0, 0.0, font(face, size), _paint(ink))
        self._canvas.restore()

    def draw_svg(self, source: str, wide: float) -> None:
        """A vector picture made elsewhere, as wide as asked."""
        drawing = skia.SVGDOM.MakeFromStream(skia.MemoryStream(source.encode()))
        size = drawing.containerSize()
        self._canvas.save()
        self._canvas.scale(wide / size.width(), wide / size.width())
        drawing.render(self._canvas)
        self._canvas.restore()

    def stamp(self, block_ink: Floats, x: float, y: float) -> None:
        """Another block's print, set into this one."""
        row, column = round(y * OVERSAMPLING), round(x * OVERSAMPLING)
        region = self._pixels[row : row + block_ink.shape[0], column : column + block_ink.shape[1], :3]
        level = (255 * (1 - block_ink[: region.shape[0], : region.shape[1]]))[:, :, None]
        np.minimum(region, level.astype(np.uint8), out=region)

    def _stroke_segments(self, curve: Points, widths: Floats, ink: float) -> None:
        inked = widths > 0
        edges = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(int), [0]])))
        for start, end in edges.reshape(-1, 2):
            if end - start > 1:
                taper = np.ones(end - start)
                if not (inked.all() and np.allclose(curve[0], curve[-1])):
                    taper[0] = taper[-1] = 0.3
                self._stroke(curve[start:end], widths[start:end] * taper, ink)

    def _stroke(self, curve: Points, widths: Floats, ink: float) -> None:
        step = np.gradient(curve, axis=0)
        norm = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)
        normal = np.column_stack([-step[:, 1], step[:, 0]]) / norm[:, None] * widths[:, None] / 2
        self._canvas.drawPath(_polygon(np.vstack([curve + normal, (curve - normal)[::-1]])), _paint(ink))


def _signed_area(outline: Points) -> float:
    x, y = outline.T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _densify(outline: Points) -> Points:
    """The closed contour with a point every few units, its corners kept."""
    pieces = []
    for start, end in zip(outline, np.roll(outline, -1, 0), strict=True):
        count = max(1, int(np.hypot(*(end - start)) / 4))
        pieces.append(start + (end - start) * np.linspace(0, 1, count, endpoint=False)[:, None])
    return np.vstack([*pieces, outline[:1]])


def _polygon(outline: Points) -> "skia.Path":
    path = skia.Path()
    path.addPoly([skia.Point(float(x), float(y)) for x, y in outline], close=True)
    return path


def _paint(ink: float) -> "skia.Paint":
    level = round(255 * (1 - ink))
    return skia.Paint(Color=skia.ColorSetRGB(level, level, level), AntiAlias=True)


def intersection(first: Points, second: Points) -> list[Points]:
    """The pieces that two outlines have in common."""
    common = skia.Op(_polygon(first), _polygon(second), skia.PathOp.kIntersect_PathOp)
    pieces: list[Points] = []
    contour: list[tuple[float, float]] = []
    for verb, ends in common:
        if verb == skia.Path.kMove_Verb:
            contour = [(ends[0].x(), ends[0].y())]
        elif verb == skia.Path.kLine_Verb:
            contour.append((ends[1].x(), ends[1].y()))
        elif verb == skia.Path.kClose_Verb and len(contour) > 2:
            pieces.append(points(*contour))
    return pieces
