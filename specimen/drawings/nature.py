"""What lies around most subjects: sky, sea, rocks, leaves, ground, birds far off."""

import numpy as np

from specimen.drawings.curves import Floats, Points, bounds, facets, parallel_lines, points, resample, roughen, spline
from specimen.drawings.plate import Plate, Tone, intersection, noise_tone


def fade_at_edges(tone: Tone, plate: Plate, edge: float = 0.16, *, bottom: bool = True) -> Tone:
    """The same tone dying away towards the borders, as in a vignette without a frame."""
    wobble = noise_tone(int(plate.rng.integers(1 << 30)), 60)

    def tone_at(x: Floats, y: Floats) -> Floats:
        sides = np.minimum(x, plate.width - x) / (plate.width * edge)
        ends = np.minimum(y, plate.height - y if bottom else y) / (plate.height * edge)
        near = np.clip(np.minimum(sides, ends) - 0.55 * wobble(x, y), 0, 1)
        return np.asarray(tone(x, y) * near)

    return tone_at


def draw_sky(
    plate: Plate, outline: Points, *, seed: int, dark: float = 0.42, vignette: bool = True, above: float = 0
) -> None:
    """Level lines that open into clouds and thin out towards the horizon."""
    _, top, _, height = bounds(outline)
    clouds = noise_tone(seed, 150, stretch=2.2)

    def tone(x: Floats, y: Floats) -> Floats:
        fall = 1 - 0.6 * (y - top) / height
        return np.asarray(dark * fall * (0.35 + 0.65 * np.clip((clouds(x, y) - 0.42) * 5.5, 0, 1)))

    shade = fade_at_edges(tone, plate, bottom=False) if vignette else tone
    lines = parallel_lines(bounds(outline), above, 4.3, plate.rng, wave=0.5)
    plate.engrave(lines, shade, 4.3, outline, min_darkness=0.12)


def draw_sea(plate: Plate, outline: Points, *, seed: int, dark: float = 0.6, vignette: bool = True) -> None:
    """Short swelling waves, closer together and calmer towards the horizon."""
    x, top, width, height = bounds(outline)
    swell = noise_tone(seed, 70, stretch=4.5)
    t = np.linspace(x, x + width, int(width / 3))

    def tone(px: Floats, py: Floats) -> Floats:
        near = (py - top) / height
        crest = np.clip((swell(px, py) - 0.36 - 0.06 * near) * 3.6, 0, 1)
        return np.asarray(dark * (0.25 + 0.75 * crest) * (1 - 0.15 * near))

    lines, y = [], top + 1.5
    while y < top + height:
        near = (y - top) / height
        heave = (0.4 + 5.0 * near) * np.sin(t / (14 + 42 * near) + plate.rng.uniform(0, 6.3))
        lines.append(np.column_stack([t, y + heave * (0.4 + noise_tone(seed + 3, 80)(t, np.full_like(t, y)))]))
        y += 3.6 + 2.2 * near
    plate.engrave(lines, fade_at_edges(tone, plate) if vignette else tone, 4.4, outline, min_darkness=0.17)


def draw_rock(
    plate: Plate, outline: Points, *, count: int = 16, light: tuple[float, float] = (-0.8, -0.6), dark: float = 0.9
) -> None:
    """A mass of stone: faces that turn to or from the light, each hatched in its own direction."""
    outline = roughen(outline, plate.rng, 0.09)
    plate.fill_area(outline)
    x, y, width, height = bounds(outline)
    centre = np.array([x + width / 2, y + height * 0.6])
    for cell in facets(outline, count, plate.rng, stretch=0.62):
        middle = cell.mean(axis=0)
        away = (middle - centre) / np.array([width, height])
        facing = float(away @ np.array(light)) * 1.6 + float(plate.rng.normal(0, 0.26))
        shade = float(np.clip(0.42 - 0.6 * facing, 0.04, dark))
        _draw_face(plate, cell, shade, outline)
    plate.draw_outline(outline, 2.0)


def _draw_face(plate: Plate, cell: Points, shade: float, within: Points) -> None:
    rough = noise_tone(int(plate.rng.integers(1 << 30)), 22)
    low, high = cell[:, 1].min(), cell[:, 1].max()

    def tone(x: Floats, y: Floats) -> Floats:
        return np.asarray((shade + 0.16 * (y - low) / max(high - low, 1)) * (0.62 + 0.6 * rough(x, y)))

    angle = float(plate.rng.choice([-58, -38, 42, 62, 80])) + float(plate.rng.normal(0, 6))
    box = bounds(cell)
    inside = intersection(cell, within)
    for piece in inside:
        plate.engrave(parallel_lines(box, angle, 4.4, plate.rng, wave=0.5), tone, 4.4, piece)
        if shade > 0.5:
            plate.engrave(parallel_lines(box, angle + 63, 5.2, plate.rng), lambda x, y: tone(x, y) * 0.55, 5.2, piece)
        if shade > 0.3:
            plate.draw_line(resample(np.vstack([piece, piece[:1]]), 40), 1.1)


def draw_leaves(plate: Plate, outline: Points, tone: Tone, size: float = 7.0) -> None:
    """Foliage of a tree or bush: small curled strokes, dense where it is dark."""
    plate.fill_area(outline)
    x, y, width, height = bounds(outline)
    count = int(width * height / (size * size * 0.55))
    spots = np.column_stack([plate.rng.uniform(x, x + width, count), plate.rng.uniform(y, y + height, count)])
    dark = tone(spots[:, 0], spots[:, 1])
    curl = np.linspace(0, np.pi * 1.25, 9)
    for (px, py), shade in zip(spots, dark, strict=True):
        if not _is_inside(px, py, outline) or plate.rng.random() > 0.25 + shade:
            continue
        turn, reach = plate.rng.uniform(2.6, 4.4), size * plate.rng.uniform(0.4, 0.75)
        stroke = np.column_stack([px + reach * np.cos(curl + turn), py + reach * 0.8 * np.sin(curl + turn)])
        plate.draw_line(stroke, 0.9 + 2.1 * float(shade))


def _is_inside(x: float, y: float, outline: Points) -> bool:
    a, b = outline, np.roll(outline, -1, 0)
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    crossing_x = (b[:, 0] - a[:, 0]) * (y - a[:, 1]) / np.where(b[:, 1] == a[:, 1], 1e-9, b[:, 1] - a[:, 1]) + a[:, 0]
    return bool(np.count_nonzero(crosses & (x < crossing_x)) % 2)


def draw_grass(plate: Plate, outline: Points, density: float = 0.02, tall: float = 11.0) -> None:
    """Tufts on a piece of ground, longer in front."""
    x, y, width, height = bounds(outline)
    for _ in range(int(width * height * density)):
        px, py = plate.rng.uniform(x, x + width), plate.rng.uniform(y, y + height)
        if _is_inside(px, py, outline):
            reach = tall * (0.4 + 0.6 * (py - y) / height) * plate.rng.uniform(0.5, 1.1)
            lean = plate.rng.normal(0, 0.35) * reach
            plate.draw_line(spline([(px, py), (px + lean * 0.3, py - reach * 0.6), (px + lean, py - reach)], 4), 1.6)


def draw_gulls(plate: Plate, *spots: tuple[float, float, float]) -> None:
    """Birds far off: x, y and span of each."""
    for x, y, span in spots:
        wing = [
            (x - span, y - span * 0.25),
            (x - span * 0.5, y - span * 0.42),
            (x, y),
            (x + span * 0.45, y - span * 0.5),
        ]
        plate.draw_line(spline([*wing, (x + span, y - span * 0.38)], 6), 2.2)


def jagged_outline(width: float, *heights: tuple[float, float], base: float) -> Points:
    """A jagged outline over a base line, from (x, y) of its tops."""
    return points((heights[0][0], base), *heights, (width, base))
