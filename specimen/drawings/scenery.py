"""Landscapes without a frame: the outer coast, and a fjord between its mountains."""

from itertools import pairwise

import numpy as np

from specimen.drawings.curves import Points, bounds, parallel_lines, points, rectangle, spline
from specimen.drawings.nature import draw_grass, draw_gulls, draw_leaves, draw_rock, draw_sea, draw_sky, fade_at_edges
from specimen.drawings.plate import Plate, even_tone, gradient_tone, noise_tone


def coast() -> Plate:
    """A vignette for a title page: a skerry with a beacon, breakers, a sail."""
    plate = Plate(460, 300, seed=31)
    draw_sky(plate, rectangle(0, 0, 460, 172), seed=17, dark=0.55)
    draw_sea(plate, rectangle(0, 168, 460, 132), seed=9, dark=0.7)
    far = np.vstack(
        [
            spline([(210, 172), (260, 150), (300, 156), (350, 136), (410, 152), (452, 170)]),
            points((452, 174), (210, 174)),
        ]
    )
    plate.fill_area(far)
    plate.engrave(parallel_lines(bounds(far), 12, 3.6, plate.rng), even_tone(0.45), 3.6, far)
    plate.draw_line(far[:-2], 1.4)
    draw_rock(
        plate,
        points(
            (40, 236),
            (66, 196),
            (96, 184),
            (120, 158),
            (168, 152),
            (196, 178),
            (238, 190),
            (276, 226),
            (300, 250),
            (170, 262),
            (70, 256),
        ),
        count=15,
    )
    _draw_beacon(plate)
    draw_rock(plate, points((316, 262), (338, 240), (372, 246), (404, 266), (360, 274)), count=6)
    _draw_sail(plate)
    draw_gulls(plate, (86, 92, 13), (118, 70, 9), (286, 64, 12), (314, 84, 8))
    return plate


def _draw_sail(plate: Plate) -> None:
    """A boat far out."""
    for x, tall in ((352, 44), (366, 36)):
        leaf = points((x, 162 - tall), (x + 13, 160), (x, 161))
        plate.fill_area(leaf)
        plate.engrave(parallel_lines(bounds(leaf), 80, 3.2, plate.rng), even_tone(0.35), 3.2, leaf)
        plate.draw_outline(leaf, 1.3)
    plate.fill_area(points((342, 163), (388, 162), (380, 172), (348, 172)), 0.95)


def _draw_beacon(plate: Plate) -> None:
    for foot in (-22, -8, 8, 22):
        plate.draw_line(points((146 + foot, 158), (146, 74)), 2.8, ends=1)
    for y, half in ((138, 17), (116, 11)):
        plate.draw_line(points((146 - half, y), (146 + half, y)), 2.0, ends=1)
    cage = np.vstack([spline([(136, 76), (132, 60), (140, 48), (152, 48), (160, 60), (156, 76)])])
    plate.fill_area(cage)
    plate.engrave(
        parallel_lines(bounds(cage), 90, 4, plate.rng), gradient_tone((132, 0), (160, 0), (0.3, 0.95)), 4, cage
    )
    plate.draw_outline(cage, 1.8)


def fjord() -> Plate:
    """Mountains, a glacier between them, a boathouse and birches in front."""
    plate = Plate(700, 470, seed=77)
    draw_sky(plate, rectangle(0, 0, 700, 250), seed=40, dark=0.4)
    _draw_mountain(plate, points((60, 300), (130, 190), (186, 128), (236, 96), (282, 150), (330, 196), (384, 300)), 3)
    _draw_mountain(
        plate, points((300, 300), (352, 210), (410, 160), (452, 72), (492, 110), (548, 170), (604, 208), (668, 300)), 4
    )
    _draw_mountain(plate, points((10, 306), (50, 234), (96, 214), (150, 262), (196, 306)), 5)
    water = rectangle(0, 298, 700, 110)
    draw_sea(plate, water, seed=12, dark=0.5)
    shade = noise_tone(5, 40, stretch=6)
    mirror = fade_at_edges(lambda x, y: np.clip(0.75 - (y - 298) / 60, 0, 1) * (0.4 + 0.6 * shade(x, y)), plate)
    plate.engrave(parallel_lines((20, 298, 660, 60), 0, 4.4, plate.rng, wave=0.4), mirror, 4.4, water)
    _draw_shore(plate)
    _draw_boathouse(plate)
    for x, y, tall in ((96, 402, 220), (150, 410, 176), (52, 414, 150)):
        _draw_birch(plate, x, y, tall)
    draw_gulls(plate, (330, 70, 12), (360, 92, 8), (300, 104, 7))
    return plate


def _draw_mountain(plate: Plate, ridge: Points, seed: int) -> None:
    """Gullies fall from the ridge; snow is left white in them."""
    rough = np.random.default_rng(seed)
    fine = [ridge[0]]
    for a, b in pairwise(ridge):
        fine += [a + (b - a) * share + rough.normal(0, 3.5, 2) * (share < 1) for share in (0.33, 0.66, 1.0)]
    outline = np.array(fine)
    plate.fill_area(outline)
    top, peak = outline[:, 1].min(), float(outline[outline[:, 1].argmin(), 0])
    folds, snow = noise_tone(seed, 34, stretch=0.55), noise_tone(seed + 9, 24, stretch=0.7)

    def tone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        side = np.where(x > peak, 0.62, 0.24)
        depth = np.clip((y - top) / (300 - top), 0, 1)
        white = (snow(x, y) > 0.62 + 0.35 * depth) * 1.0
        mist = 1 - 0.55 * depth**3
        return np.asarray((side + 0.75 * (folds(x - 0.5 * (y - top), y) - 0.45)) * (1 - white) * mist)

    box = bounds(outline)
    plate.engrave(parallel_lines(box, 58, 4.2, plate.rng, wave=1.6, period=60), tone, 4.2, outline)
    plate.engrave(
        parallel_lines(box, 118, 5, plate.rng, wave=1.2),
        lambda x, y: np.clip(tone(x, y) - 0.42, 0, 1) * 1.2,
        5,
        outline,
    )
    plate.draw_line(outline[1:-1], 1.8, ends=0.3)


def _draw_shore(plate: Plate) -> None:
    bank = np.vstack(
        [
            spline([(6, 398), (90, 380), (190, 392), (300, 410), (420, 398), (540, 404), (690, 420)]),
            points((640, 452), (400, 462), (120, 458)),
        ]
    )
    plate.fill_area(bank)
    soil = noise_tone(8, 40, stretch=2)
    plate.engrave(
        parallel_lines(bounds(bank), 4, 4.6, plate.rng, wave=2),
        fade_at_edges(lambda x, y: 0.2 + 0.7 * soil(x, y) * (y - 380) / 60, plate, 0.1),
        4.6,
        bank,
    )
    draw_grass(plate, bank, 0.014)


def _draw_boathouse(plate: Plate) -> None:
    front, side, roof = (
        points((470, 404), (470, 352), (500, 318), (530, 352), (530, 406)),
        rectangle(530, 352, 86, 52),
        points((500, 316), (592, 316), (624, 354), (532, 354)),
    )
    for shape, angle, dark in ((side, 90, 0.6), (roof, 66, 0.42), (front, 90, 0.32)):
        plate.fill_area(shape)
        plate.engrave(parallel_lines(bounds(shape), angle, 4.8, plate.rng, wave=0.4), even_tone(dark), 4.8, shape)
        plate.draw_outline(shape, 2.0)
    plate.engrave(
        parallel_lines(bounds(side), 20, 5.2, plate.rng), gradient_tone((530, 352), (530, 404), (0.7, 0.1)), 5.2, side
    )
    plate.fill_area(points((484, 406), (484, 366), (516, 366), (516, 406)), 1.0)
    boat = np.vstack(
        [
            spline([(360, 396), (400, 414), (450, 414), (486, 398)]),
            spline([(486, 398), (470, 424), (430, 432), (388, 426), (360, 396)]),
        ]
    )
    plate.fill_area(boat)
    plate.engrave(parallel_lines(bounds(boat), 6, 4, plate.rng), even_tone(0.7), 4, boat)
    plate.draw_outline(boat, 2.0)


def _draw_birch(plate: Plate, x: float, y: float, tall: float) -> None:
    for lean in (-26, 4, 30):
        limb = spline([(x, y - tall * 0.4), (x + lean * 0.4, y - tall * 0.65), (x + lean, y - tall * 0.9)])
        plate.draw_line(limb, 2.6, ends=0.2)
    for dx, dy, wide, high in ((-20, -0.66, 40, 44), (14, -0.80, 46, 46), (24, -0.56, 38, 38), (-6, -0.98, 34, 38)):
        cx, cy = x + dx, y + dy * tall
        crown = spline(
            [
                (cx - wide, cy),
                (cx - wide * 0.6, cy - high * 0.8),
                (cx, cy - high),
                (cx + wide * 0.7, cy - high * 0.7),
                (cx + wide, cy + 4),
                (cx + wide * 0.3, cy + high * 0.7),
                (cx - wide * 0.6, cy + high * 0.6),
            ],
            6,
            closed=True,
        )
        draw_leaves(plate, crown, gradient_tone((cx - wide, cy - high), (cx + wide, cy + high), (0.12, 0.95)), 7.5)
    trunk = np.vstack(
        [
            spline([(x - 6, y), (x - 4, y - tall * 0.3), (x - 2, y - tall * 0.62)]),
            points((x + 2, y - tall * 0.62)),
            spline([(x + 3, y - tall * 0.3), (x + 7, y)]),
        ]
    )
    plate.fill_area(trunk)
    plate.engrave(
        parallel_lines(bounds(trunk), 0, 4.4, plate.rng), gradient_tone((x - 4, 0), (x + 6, 0), (0.1, 1)), 4.4, trunk
    )
    plate.draw_outline(trunk, 1.5)
