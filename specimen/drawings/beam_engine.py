"""A beam engine in its house of columns."""

import numpy as np

from specimen.drawings.curves import (
    bounds,
    ellipse,
    move_curve,
    parallel_lines,
    points,
    rectangle,
    rings,
    rungs,
    spline,
)
from specimen.drawings.plate import Plate, cylinder_tone, even_tone, gradient_tone


def engine() -> Plate:
    """Fig. 1: cylinder to the left, fly-wheel to the right, the governor between."""
    plate = Plate(700, 560, seed=101)
    _draw_floor(plate)
    draw_wheel(plate, (548, 330), 142, 22, 8)
    entablature = rectangle(238, 190, 190, 24)
    for x in (262, 332, 402):
        _draw_column(plate, x, 224, 466, 10)
    plate.hatch(entablature, 0, gradient_tone((0, 190), (0, 214), (0.2, 0.8)))
    _draw_cylinder(plate)
    _draw_rods(plate)
    _draw_beam(plate)
    _draw_governor(plate)
    return plate


def draw_wheel(plate: Plate, hub: tuple[float, float], radius: float, rim: float, spokes: int) -> None:
    x, y = hub
    plate.engrave(
        rings((x, y), (radius, radius), 3.8, inner=1 - rim / radius),
        gradient_tone((x - radius, y - radius), (x + radius, y + radius), (0.25, 0.98)),
        3.8,
    )
    for edge, wide in ((radius, 2.4), (radius - rim, 2.2)):
        plate.draw_line(ellipse((x, y), edge, edge), wide, ends=1)
    for number in range(spokes):
        turn = 2 * np.pi * number / spokes + 0.2
        side = np.array([-np.sin(turn), np.cos(turn)])
        start, end = (
            np.array([x, y]) + 12 * np.array([np.cos(turn), np.sin(turn)]),
            np.array([x, y]) + (radius - rim) * np.array([np.cos(turn), np.sin(turn)]),
        )
        spoke = np.vstack([start + side * 5, end + side * 3, end - side * 3, start - side * 5])
        plate.fill_area(spoke)
        plate.engrave(
            [np.linspace(start + side * k, end + side * k * 0.7, 10) for k in (0.5, 2.6, 4.4)],
            even_tone(0.7),
            2.6,
            spoke,
        )
        plate.draw_outline(spoke, 1.7)
    for edge, ink in ((17, 0.0), (7, 1.0)):
        plate.fill_area(ellipse((x, y), edge, edge), ink)
    plate.draw_line(ellipse((x, y), 17, 17), 2.4, ends=1)


def _draw_column(plate: Plate, x: float, top: float, base: float, half: float) -> None:
    """A turned column with its capital and foot."""
    left, right = points((x - half * 0.8, top), (x - half, base)), points((x + half * 0.8, top), (x + half, base))
    shaft = np.vstack([left, right[::-1]])
    plate.fill_area(shaft)
    plate.engrave(rungs(left, right, 4.0, bulge=1.5), cylinder_tone(x - half, x + half, dark=0.95), 4.0, shaft)
    plate.draw_outline(shaft, 1.8)
    for y, wide, tall in ((top - 10, 1.7, 10), (base - 8, 1.7, 8), (base, 2.1, 10)):
        slab = rectangle(x - half * wide, y, 2 * half * wide, tall)
        plate.hatch(slab, 90, cylinder_tone(x - half * wide, x + half * wide, dark=0.9), 3.8, 1.8)


def _draw_beam(plate: Plate) -> None:
    upper = spline([(86, 150), (190, 104), (334, 82), (470, 96), (580, 132)])
    lower = spline([(86, 172), (190, 176), (334, 172), (470, 172), (580, 154)])
    beam = np.vstack([upper, lower[::-1]])
    plate.fill_area(beam)
    plate.engrave(
        parallel_lines(bounds(beam), 3, 4.4, plate.rng, wave=0.4),
        gradient_tone((0, 84), (0, 176), (0.12, 0.9)),
        4.4,
        beam,
    )
    web = np.vstack([move_curve(upper[3:-3], 0, 11), move_curve(lower[3:-3], 0, -10)[::-1]])
    plate.fill_area(web)
    plate.engrave(
        parallel_lines(bounds(web), 62, 4.6, plate.rng), gradient_tone((0, 96), (0, 170), (0.75, 0.35)), 4.6, web
    )
    plate.draw_outline(web, 1.5)
    plate.draw_outline(beam, 2.6)
    plate.hatch(
        points((302, 192), (316, 128), (352, 128), (366, 192)), 90, gradient_tone((302, 0), (366, 0), (0.2, 0.9))
    )
    for x, y, radius in ((334, 132, 19), (96, 161, 10), (572, 144, 11)):
        boss = ellipse((x, y), radius, radius)
        plate.fill_area(boss)
        plate.engrave(
            rings((x, y), (radius, radius), 3.6),
            gradient_tone((x - radius, y - radius), (x + radius, y + radius), (0.1, 0.95)),
            3.6,
            boss,
        )
        plate.draw_outline(boss, 2.2)


def _draw_cylinder(plate: Plate) -> None:
    left, right = points((52, 306), (52, 456)), points((148, 306), (148, 456))
    body = np.vstack([left, right[::-1]])
    plate.fill_area(body)
    plate.engrave(rungs(left, right, 4.4, bulge=6), cylinder_tone(52, 148, dark=0.95), 4.4, body)
    plate.draw_outline(body, 2.2)
    for x in range(60, 148, 11):
        plate.draw_line(points((x, 320), (x, 440)), 1.0, ends=1, ink=0)
    for y, tall in ((294, 16), (318, 8), (438, 8), (454, 16)):
        plate.hatch(rectangle(42, y, 116, tall), 90, cylinder_tone(42, 158, dark=1.0), 3.8)
    for x in range(52, 152, 16):
        plate.fill_area(rectangle(x, 286, 7, 9), 1)
    plate.hatch(rectangle(166, 318, 36, 126), 0, gradient_tone((166, 0), (202, 0), (0.2, 0.8)))
    plate.draw_line(points((184, 318), (184, 232), (250, 206)), 2.6, ends=1)
    pipe = spline([(184, 444), (186, 470), (214, 474), (250, 472)])
    plate.draw_line(pipe, 13, ends=1)
    plate.draw_line(pipe - (0, 3), 2.4, ends=1, ink=0)


def _draw_rods(plate: Plate) -> None:
    for x0, y0, x1, y1, half in ((96, 161, 100, 296, 4), (572, 144, 604, 384, 5)):
        rod = points((x0 - half, y0), (x0 + half, y0), (x1 + half, y1), (x1 - half, y1))
        plate.hatch(rod, 0, gradient_tone((x0 - half, 0), (x1 + half, 0), (0.1, 0.9)), 3.6, 1.9)
    crank = np.vstack([ellipse((548, 330), 22, 22, 130, 310), ellipse((604, 384), 14, 14, -50, 130)])
    plate.hatch(crank, 40, gradient_tone((540, 320), (610, 390), (0.2, 0.9)), 4)
    for x, y, radius in ((548, 330, 10), (604, 384, 7)):
        plate.fill_area(ellipse((x, y), radius, radius))
        plate.draw_line(ellipse((x, y), radius, radius), 2.4, ends=1)
    for a, b in (((112, 166), (190, 236)), ((154, 166), (108, 236)), ((108, 236), (190, 236))):
        plate.draw_line(points(a, b), 4.4, ends=1)
        plate.draw_line(points(a, b) - (1, 1), 1.1, ends=1, ink=0)


def _draw_governor(plate: Plate) -> None:
    plate.draw_line(points((462, 232), (462, 468)), 5, ends=1)
    plate.draw_line(points((461, 232), (461, 468)), 1.1, ends=1, ink=0)
    for side in (-1, 1):
        plate.draw_line(points((462, 240), (462 + side * 34, 298)), 3.2, ends=1)
        plate.draw_line(points((462 + side * 26, 284), (462, 322)), 2.4, ends=1)
        ball = ellipse((462 + side * 37, 304), 14, 14)
        plate.fill_area(ball)
        plate.engrave(
            rings((462 + side * 37 - 4, 300), (20, 20), 3.6),
            gradient_tone((448 + side * 37, 292), (474 + side * 37, 318), (0.05, 1.0)),
            3.6,
            ball,
        )
        plate.draw_outline(ball, 2.0)
    plate.hatch(rectangle(452, 318, 20, 12), 90, cylinder_tone(452, 472, dark=1), 3.6)


def _draw_floor(plate: Plate) -> None:
    plate.hatch(rectangle(24, 476, 650, 26), 0, gradient_tone((0, 476), (0, 502), (0.1, 0.6)))
    base = rectangle(24, 500, 650, 38)
    plate.fill_area(base)
    for row in range(2):
        x = 24.0 + (row % 2) * 26
        while x < 674:
            brick = rectangle(x, 500 + row * 19, min(50, 674 - x), 19)
            plate.engrave(
                parallel_lines(bounds(brick), 0, 4.2, plate.rng),
                even_tone(float(plate.rng.uniform(0.2, 0.7))),
                4.2,
                brick,
            )
            plate.draw_outline(brick, 1.5)
            x += 52
    plate.draw_outline(base, 2.2)
    wall = lambda x, y: 0.36 * np.clip(1 - np.hypot((x - 330) / 330, (y - 330) / 190), 0, 1) ** 0.5  # noqa: E731
    plate.engrave(parallel_lines((30, 120, 640, 356), 0, 4.6, plate.rng, wave=0.4), wall, 4.6, min_darkness=0.12)
