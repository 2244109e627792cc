"""A coast in hachures with its lights."""

import numpy as np

from specimen.drawings.curves import Points, ellipse, points, rectangle, resample, spline
from specimen.drawings.plate import Plate, noise_tone

COAST = [
    (610, 20),
    (540, 60),
    (556, 110),
    (486, 128),
    (520, 176),
    (452, 190),
    (404, 176),
    (420, 230),
    (352, 250),
    (300, 236),
    (316, 300),
    (372, 316),
    (330, 352),
    (262, 346),
    (240, 400),
    (300, 420),
    (262, 462),
    (190, 452),
    (176, 520),
    (236, 548),
    (300, 540),
    (262, 590),
    (180, 600),
    (190, 668),
    (250, 690),
    (210, 740),
    (150, 748),
    (136, 800),
    (180, 850),
    (150, 890),
]
ISLANDS = (
    (150, 330, 34, 18),
    (196, 270, 26, 14),
    (252, 180, 30, 16),
    (330, 120, 38, 18),
    (96, 430, 26, 16),
    (92, 560, 30, 20),
    (110, 660, 22, 14),
    (420, 66, 26, 12),
    (78, 762, 24, 18),
)
HILLS = (
    (560, 260, 64, 44),
    (470, 370, 76, 52),
    (380, 480, 66, 50),
    (560, 500, 82, 60),
    (420, 640, 80, 58),
    (570, 720, 70, 56),
    (300, 800, 70, 46),
    (480, 806, 80, 40),
)
LIGHTS = (
    (330, 112, "Stadt"),
    (196, 262, "Kinn"),
    (96, 424, "Utvær"),
    (92, 552, "Hellisø"),
    (78, 752, "Marsten"),
    (150, 322, "Ytterø"),
)


def coast_map() -> Plate:
    """Kart: the western coast with mountains, soundings, lights and a rose."""
    plate = Plate(680, 930, seed=121)
    shore = spline(COAST, 9)
    _roughen_shore(plate, shore)
    land = np.vstack([shore, points((664, 890), (664, 20))])
    _draw_water_lines(plate, shore)
    for x, y, rx, ry in ISLANDS:
        _draw_island(plate, x, y, rx, ry)
    plate.fill_area(land)
    for start in ((420, 230), (372, 316), (300, 420), (300, 540), (250, 690)):
        _draw_river(plate, start)
    for hill in HILLS:
        _draw_hachures(plate, *hill)
    plate.draw_line(shore, 2.4, ends=1)
    _draw_names(plate)
    _draw_frame(plate)
    return plate


def _roughen_shore(plate: Plate, shore: Points) -> None:
    """Small inlets, for a coast is never smooth."""
    shore += plate.rng.normal(0, 2.6, shore.shape)


def _draw_water_lines(plate: Plate, shore: Points) -> None:
    """Lines that follow the coast out to sea, thinner as they go."""
    step = np.gradient(resample(shore, 260), axis=0)
    edge, normal = resample(shore, 260), np.column_stack([step[:, 1], -step[:, 0]]) / np.hypot(*step.T)[:, None]
    kernel = np.ones(15) / 15
    for level in range(1, 8):
        away = edge + np.column_stack([-np.abs(normal[:, 0]) - 0.35, normal[:, 1] * 0.3]) * (level * 5.2)
        smooth = np.column_stack([np.convolve(np.pad(away[:, axis], 7, "edge"), kernel, "valid") for axis in (0, 1)])
        plate.draw_line(smooth, 1.5 - 0.12 * level, ends=0.9)


def _draw_island(plate: Plate, x: float, y: float, rx: float, ry: float) -> None:
    turns = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    spread = plate.rng.uniform(0.75, 1.2, 14)
    outline = spline(
        list(zip(x + rx * spread * np.cos(turns), y + ry * spread * np.sin(turns), strict=True)), 5, closed=True
    )
    for grow in (1.55, 1.36, 1.18):
        plate.draw_line(np.vstack([outline, outline[:1]]) * grow - np.array([x, y]) * (grow - 1), 1.0, ends=1)
    plate.fill_area(outline)
    plate.draw_outline(outline, 2.2)
    _draw_hachures(plate, x, y, rx * 0.55, ry * 0.6)


def _draw_hachures(plate: Plate, x: float, y: float, rx: float, ry: float) -> None:
    """Short wedges down the slopes of a ridge, thick where it is steep and on the side away from the light."""
    wobble = noise_tone(int(plate.rng.integers(1 << 20)), 30)
    for inner, outer, wide in ((0.30, 0.56, 2.7), (0.60, 0.84, 2.1), (0.88, 1.06, 1.5)):
        count = max(10, int((rx + ry) * np.pi * (inner + outer) / 2 / 6.2))
        for turn in np.linspace(0, 2 * np.pi, count, endpoint=False) + plate.rng.uniform(0, 0.2):
            bend = float(wobble(np.array([x + 60 * np.cos(turn)]), np.array([y + 60 * np.sin(turn)]))[0])
            shape = 0.62 + 0.76 * bend + 0.10 * np.cos(3 * turn)
            ends = [(x + rx * r * shape * np.cos(turn), y + ry * r * shape * np.sin(turn)) for r in (inner, outer)]
            shade = 0.5 + 0.5 * np.cos(turn - np.radians(35))
            start, end = points(*ends)
            plate.draw_line(np.linspace(start, end, 6), wide * shade + 0.55, ends=0.35)


def _draw_river(plate: Plate, start: tuple[float, float]) -> None:
    x, y = start
    course = [start]
    while x < 590 and len(course) < 9:
        x, y = x + plate.rng.uniform(18, 44), y + plate.rng.normal(0, 18)
        course.append((x, y))
    plate.draw_line(spline(course)[::-1], 2.6, ends=0.3)


def _draw_names(plate: Plate) -> None:
    for x, y, name in LIGHTS:
        plate.fill_area(ellipse((x, y), 7, 7))
        for step in range(8):
            turn = np.radians(step * 45)
            plate.draw_line(
                points((x + 5 * np.cos(turn), y + 5 * np.sin(turn)), (x + 12 * np.cos(turn), y + 12 * np.sin(turn))),
                2,
                ends=0.6,
            )
        plate.fill_area(ellipse((x, y), 3.4, 3.4), 1)
        plate.draw_text(name, x - 4, y - 26, "italic", 22)
    plate.draw_text("NORDFJORD", 560, 196, "roman", 17, turn=-8)
    plate.draw_text("SØNDFJORD", 540, 436, "roman", 17, turn=-6)
    plate.draw_text("SOGN", 548, 606, "roman", 24, turn=-4)
    plate.draw_text("HORDALAND", 420, 738, "roman", 17, turn=-8)
    plate.draw_text("Vesterhavet", 50, 650, "italic", 27, turn=-90)
    for x, y, depth in (
        (60, 300, "90"),
        (50, 480, "120"),
        (150, 200, "85"),
        (230, 90, "140"),
        (40, 860, "70"),
        (96, 832, "34"),
        (40, 380, "110"),
    ):
        plate.draw_text(depth, x, y, "roman", 15)


def _draw_frame(plate: Plate) -> None:
    outer, inner = rectangle(4, 4, 672, 922), rectangle(16, 16, 648, 898)
    for frame, wide in ((outer, 3.6), (inner, 1.6)):
        plate.draw_line(np.vstack([frame, frame[:1]]), wide, ends=1)
    for number in range(24):
        y = 16 + 898 * number / 24
        if number % 2:
            for x in (6, 665):
                plate.fill_area(rectangle(x, y, 9, 898 / 24), 1)
    _draw_rose(plate, 120, 110)
    box = rectangle(392, 862, 250, 40)
    plate.fill_area(box)
    plate.draw_outline(box, 1.6)
    for part in range(5):
        bar = rectangle(412 + part * 42, 884, 42, 7)
        plate.fill_area(bar, float(part % 2 == 0))
        plate.draw_outline(bar, 1.2)
    plate.draw_text("Geographiske Mile", 517, 879, "italic", 15)


def _draw_rose(plate: Plate, x: float, y: float) -> None:
    for reach, offset in ((44, 45), (72, 0)):
        for step in range(4):
            turn = np.radians(step * 90 + offset)
            tip = (x + reach * np.sin(turn), y - reach * np.cos(turn))
            sides = [(x + reach * 0.16 * np.sin(turn + a), y - reach * 0.16 * np.cos(turn + a)) for a in (-0.8, 0.8)]
            for side, ink in ((sides[0], 0.0), (sides[1], 1.0)):
                half = points((x, y), side, tip)
                plate.fill_area(half, ink)
                plate.draw_outline(half, 1.5)
    plate.draw_text("N", x, y - 78, "roman", 20)
