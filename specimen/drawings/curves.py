"""Families of lines for an engraver: parallel, ruled between two edges, rings, and the outlines they fill."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Points = NDArray[np.float64]
"""An (n, 2) array of x and y."""


def points(*pairs: tuple[float, float]) -> Points:
    return np.array(pairs, dtype=np.float64)


def join_curves(*curves: Points) -> Points:
    """One outline from several pieces of line."""
    return np.vstack(curves)


def move_curve(curve: Points, dx: float, dy: float) -> Points:
    return np.asarray(curve + np.array([dx, dy]))


def spline(control: Points | Sequence[tuple[float, float]], steps: int = 14, *, closed: bool = False) -> Points:
    """A smooth curve through the control points (Catmull-Rom)."""
    knots = np.asarray(control, dtype=np.float64)
    padded = np.vstack([knots[-1:], knots, knots[:2]]) if closed else np.vstack([knots[:1], knots, knots[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    spans = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        spans.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    curve = np.vstack(spans)
    return curve if closed else np.vstack([curve, knots[-1:]])


def resample(curve: Points, count: int) -> Points:
    """The same curve with `count` points at equal distances."""
    steps = np.hypot(*np.diff(curve, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    positions = np.linspace(0, along[-1], count)
    return np.column_stack([np.interp(positions, along, curve[:, axis]) for axis in (0, 1)])


def length(curve: Points) -> float:
    return float(np.hypot(*np.diff(curve, axis=0).T).sum())


def parallel_lines(
    box: tuple[float, float, float, float],
    angle: float,
    spacing: float,
    rng: np.random.Generator,
    *,
    wave: float = 0.7,
    period: float = 90.0,
) -> list[Points]:
    """Nearly parallel lines over a box, as a steady hand draws them; the angle in degrees."""
    x, y, width, height = box
    centre = np.array([x + width / 2, y + height / 2])
    reach = float(np.hypot(width, height)) / 2 + spacing
    turn = np.radians(angle)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    t = np.linspace(-reach, reach, max(8, int(2 * reach / 4)))
    drift = rng.uniform(0, 2 * np.pi)
    lines = []
    for offset in np.arange(-reach, reach, spacing):
        sway = wave * np.sin(t / period * 2 * np.pi + drift + offset * 0.02) + rng.normal(0, 0.12 * wave)
        lines.append(centre + t[:, None] * along + (offset + sway)[:, None] * across)
    return lines


def lines_between(first: Points, second: Points, spacing: float) -> list[Points]:
    """Lines that run along two edges and turn from the one into the other."""
    count = max(20, int(max(length(first), length(second)) / 3))
    a, b = resample(first, count), resample(second, count)
    gap = float(np.hypot(*(a - b).T).mean())
    return [a + (b - a) * share for share in np.linspace(0, 1, max(2, round(gap / spacing) + 1))]


def rungs(first: Points, second: Points, spacing: float, *, bulge: float = 0.0) -> list[Points]:
    """Lines that cross from one edge to the other; `bulge` bends them down as on a round body."""
    count = max(2, round(max(length(first), length(second)) / spacing))
    t = np.linspace(0, 1, 28)
    bend = bulge * np.sqrt(np.clip(1 - (2 * t - 1) ** 2, 0, 1))
    lines = []
    for a, b in zip(resample(first, count), resample(second, count), strict=True):
        line = a + (b - a) * t[:, None]
        line[:, 1] += bend
        lines.append(line)
    return lines


def rings(centre: tuple[float, float], radii: tuple[float, float], spacing: float, inner: float = 0.0) -> list[Points]:
    """Concentric ellipses from the rim inwards."""
    # The seam lies in the upper left, where the light falls.
    t = np.linspace(0, 2 * np.pi, 160) + 1.25 * np.pi
    circle = np.column_stack([np.cos(t), np.sin(t)])
    steps = np.arange(1.0, inner, -spacing / max(radii))
    return [np.array(centre) + circle * np.array(radii) * step for step in steps]


def ellipse(
    centre: tuple[float, float], rx: float, ry: float, start: float = 0, end: float = 360, *, tilt: float = 0
) -> Points:
    """An arc of an ellipse; angles in degrees, clockwise from the right."""
    t = np.radians(np.linspace(start, end, max(12, int(abs(end - start) / 4))))
    x, y, turn = rx * np.cos(t), ry * np.sin(t), np.radians(tilt)
    return np.column_stack(
        [centre[0] + x * np.cos(turn) - y * np.sin(turn), centre[1] + x * np.sin(turn) + y * np.cos(turn)]
    )


def rectangle(x: float, y: float, width: float, height: float) -> Points:
    return points((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def bounds(outline: Points) -> tuple[float, float, float, float]:
    low, high = outline.min(axis=0), outline.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def roughen(outline: Points, rng: np.random.Generator, amount: float, rounds: int = 2) -> Points:
    """A broken outline: every edge is bent in its middle, twice over."""
    for _ in range(rounds):
        ends = np.roll(outline, -1, 0)
        reach = np.hypot(*(ends - outline).T)[:, None]
        middles = (outline + ends) / 2 + rng.normal(0, 1, outline.shape) * reach * amount
        outline = np.stack([outline, middles], axis=1).reshape(-1, 2)
    return outline


def clip_to_half_plane(polygon: Points, at: Points, normal: Points) -> Points:
    """The part of a convex polygon on the side that `normal` points away from."""
    side = (polygon - at) @ normal
    vertices: list[Points] = []
    for start, end, a, b in zip(polygon, np.roll(polygon, -1, 0), side, np.roll(side, -1), strict=True):
        if a <= 0:
            vertices.append(start)
        if (a < 0 < b) or (b < 0 < a):
            vertices.append(start + (end - start) * a / (a - b))
    return np.array(vertices).reshape(-1, 2)


def facets(outline: Points, count: int, rng: np.random.Generator, stretch: float = 1.0) -> list[Points]:
    """The cells of a Voronoi diagram over an outline: the broken faces of a rock."""
    x, y, width, height = bounds(outline)
    seeds = np.column_stack([rng.uniform(x, x + width, count), rng.uniform(y, y + height, count)])
    frame = rectangle(x - 9, y - 9, width + 18, height + 18)
    weight = np.array([1.0, stretch])
    cells = []
    for index in range(count):
        cell = frame
        for other_index in range(count):
            if other_index != index and len(cell):
                normal = (seeds[other_index] - seeds[index]) * weight**2
                cell = clip_to_half_plane(cell, (seeds[index] + seeds[other_index]) / 2, normal)
        if len(cell) > 2:
            cells.append(cell)
    return cells
