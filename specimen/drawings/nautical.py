"""Things of the sea-mark and the deck, each alone on paper as on a page of plates."""

import numpy as np

from specimen.drawings.curves import (
    Points,
    bounds,
    ellipse,
    lines_between,
    move_curve,
    parallel_lines,
    points,
    rectangle,
    rings,
    rungs,
    spline,
)
from specimen.drawings.plate import Plate, cylinder_tone, even_tone, gradient_tone


def _draw_bar(plate: Plate, first: Points, second: Points, *, dark: float = 0.9) -> None:
    """A round bar between two edges, shaded across."""
    outline = np.vstack([first, second[::-1]])
    plate.fill_area(outline)
    x, _, width, _ = bounds(outline)
    lines = lines_between(first, second, 3.6)
    plate.engrave(lines[len(lines) // 3 :], gradient_tone((x, 0), (x + width, 0), (0.3, dark)), 3.6, outline)
    plate.draw_outline(outline, 2.2)


def anchor() -> Plate:
    """With its wooden stock and a turn of chain."""
    plate = Plate(340, 430, seed=51)
    crown_out = spline([(28, 252), (46, 320), (92, 372), (170, 398), (248, 372), (294, 320), (312, 252)])
    crown_in = spline([(46, 262), (68, 308), (110, 346), (170, 362), (230, 346), (272, 308), (294, 262)])
    arms = np.vstack([crown_out, crown_in[::-1]])
    plate.fill_area(arms)
    plate.engrave(lines_between(crown_in, crown_out, 4), gradient_tone((60, 260), (280, 396), (0.2, 0.95)), 4, arms)
    plate.draw_outline(arms, 2.4)
    _draw_bar(plate, spline([(160, 84), (157, 240), (152, 366)]), spline([(182, 84), (185, 240), (190, 366)]))
    for side in (-1, 1):
        fluke = points((170 + side * 150, 218), (170 + side * 92, 286), (170 + side * 152, 290))
        plate.fill_area(fluke)
        plate.engrave(
            parallel_lines(bounds(fluke), 60 * side, 4, plate.rng), even_tone(0.45 if side < 0 else 0.8), 4, fluke
        )
        plate.draw_outline(fluke, 2.4)
    stock = np.vstack(
        [spline([(40, 106), (110, 94), (232, 94), (300, 106)]), spline([(300, 124), (232, 134), (110, 134), (40, 124)])]
    )
    plate.fill_area(stock)
    plate.engrave(
        parallel_lines(bounds(stock), 0, 4.2, plate.rng, wave=1.5),
        gradient_tone((0, 94), (0, 134), (0.1, 0.95)),
        4.2,
        stock,
    )
    plate.draw_outline(stock, 2.4)
    for x in (86, 128, 212, 254):
        plate.draw_line(spline([(x, 98), (x + 4, 114), (x, 132)]), 5.5, ends=0.9)
    ring = ellipse((171, 56), 34, 34)
    plate.draw_line(ring, 10, ends=1)
    plate.draw_line(ellipse((171, 56), 35, 35, 120, 300), 3.0, ends=0.4, ink=0)
    _draw_chain(plate)
    return plate


def _draw_chain(plate: Plate) -> None:
    path = spline([(196, 40), (250, 30), (272, 80), (226, 160), (222, 220), (262, 250), (310, 220), (322, 172)], 10)
    for index in range(2, len(path) - 1, 5):
        (x, y), (dx, dy) = path[index], path[index + 1] - path[index - 1]
        turn = float(np.degrees(np.arctan2(dy, dx)))
        plate.fill_area(ellipse((x, y), 12, 7.5, tilt=turn))
        plate.draw_line(ellipse((x, y), 11, 6.5, tilt=turn), 4.6, ends=1)
        plate.draw_line(ellipse((x, y), 12, 7, 180, 300, tilt=turn), 1.2, ends=0.4, ink=0)


def lantern() -> Plate:
    """A ship's lantern of copper, its glass ribbed."""
    plate = Plate(260, 420, seed=52)
    glass_left, glass_right = spline([(62, 176), (46, 240), (64, 318)]), spline([(198, 176), (214, 240), (196, 318)])
    glass = np.vstack([glass_left, glass_right[::-1]])
    plate.fill_area(glass)
    plate.engrave(
        rungs(glass_left, glass_right, 5.2, bulge=8), cylinder_tone(46, 214, light=0.4, dark=0.72), 5.2, glass
    )
    flame = spline([(130, 218), (144, 252), (130, 280), (116, 252)], closed=True)
    for step in range(22):
        turn = np.radians(step * 360 / 22)
        ray = points(
            (130 + 22 * np.cos(turn), 252 + 34 * np.sin(turn)), (130 + 50 * np.cos(turn), 252 + 58 * np.sin(turn))
        )
        plate.draw_line(ray, 3.2, ends=0.2, ink=0)
    plate.fill_area(flame)
    plate.draw_outline(flame, 2)
    plate.draw_outline(glass, 2.2)
    for x in (62, 96, 164, 198):
        plate.draw_line(spline([(x, 176), (x + (x - 130) * 0.2, 246), (x, 318)]), 3.4, ends=1)
    for y, wide, high in ((160, 88, 18), (318, 82, 20), (338, 96, 34)):
        band = rectangle(130 - wide, y, 2 * wide, high)
        plate.fill_area(band)
        plate.engrave(
            rungs(
                points((130 - wide, y), (130 - wide, y + high)),
                points((130 + wide, y), (130 + wide, y + high)),
                3.8,
                bulge=3,
            ),
            cylinder_tone(130 - wide, 130 + wide, dark=1.0),
            3.8,
            band,
        )
        plate.draw_outline(band, 2.2)
    _draw_lantern_cap(plate)
    return plate


def _draw_lantern_cap(plate: Plate) -> None:
    """Chimney and handle."""
    cap_left, cap_right = spline([(56, 160), (86, 112), (104, 84)]), spline([(204, 160), (174, 112), (156, 84)])
    cap = np.vstack([cap_left, cap_right[::-1]])
    plate.fill_area(cap)
    plate.engrave(rungs(cap_left, cap_right, 4.4, bulge=7), cylinder_tone(56, 204, dark=1.0), 4.4, cap)
    plate.draw_outline(cap, 2.2)
    top = rectangle(100, 66, 60, 20)
    plate.fill_area(top)
    plate.engrave(parallel_lines(bounds(top), 90, 4, plate.rng), cylinder_tone(100, 160, dark=1), 4, top)
    plate.draw_outline(top, 2.2)
    plate.draw_line(ellipse((130, 40), 30, 30, 150, 390), 7, ends=1)
    plate.draw_line(ellipse((130, 40), 31, 31, 190, 280), 2, ends=0.4, ink=0)


def compass() -> Plate:
    """The card of thirty-two points."""
    plate = Plate(360, 360, seed=53)
    middle = (180.0, 180.0)
    rim = ellipse(middle, 172, 172)
    plate.engrave(rings(middle, (172, 172), 4.0, inner=0.915), gradient_tone((60, 60), (300, 300), (0.35, 0.95)), 4.0)
    plate.draw_outline(rim, 2.6)
    for radius in (156, 140):
        plate.draw_line(ellipse(middle, radius, radius), 2.0, ends=1)
    for step in range(72):
        turn = np.radians(step * 5)
        inner = 146 if step % 2 else 141
        plate.draw_line(
            points(
                (180 + inner * np.sin(turn), 180 - inner * np.cos(turn)),
                (180 + 155 * np.sin(turn), 180 - 155 * np.cos(turn)),
            ),
            1.8,
            ends=1,
        )
    for order, (reach, half) in enumerate(((92, 11.25), (112, 16), (134, 22.5))):
        count = (16, 8, 4)[order]
        for step in range(count):
            _draw_point(plate, middle, 360 / count * step, reach, half)
    plate.fill_area(ellipse(middle, 14, 14))
    plate.draw_line(ellipse(middle, 14, 14), 2.4, ends=1)
    plate.fill_area(ellipse(middle, 5, 5), 1)
    lily = spline([(180, 10), (192, 34), (186, 46), (174, 46), (168, 34)], closed=True)
    plate.fill_area(lily)
    plate.fill_area(lily, 1)
    return plate


def _draw_point(plate: Plate, middle: tuple[float, float], bearing: float, reach: float, half: float) -> None:
    """A star's ray: one half black, one half left light."""
    turn, side = np.radians(bearing), np.radians(half)
    near = reach * 0.28
    tip = (middle[0] + reach * np.sin(turn), middle[1] - reach * np.cos(turn))
    left = (middle[0] + near * np.sin(turn - side * 1.6), middle[1] - near * np.cos(turn - side * 1.6))
    right = (middle[0] + near * np.sin(turn + side * 1.6), middle[1] - near * np.cos(turn + side * 1.6))
    pale, dark = points(middle, left, tip), points(middle, tip, right)
    for shape in (pale, dark):
        plate.fill_area(shape)
    plate.engrave(parallel_lines(bounds(pale), bearing + 40, 4.4, plate.rng, wave=0), even_tone(0.22), 4.4, pale)
    plate.engrave(parallel_lines(bounds(dark), bearing + 90, 3.6, plate.rng, wave=0), even_tone(0.85), 3.6, dark)
    plate.draw_outline(pale, 1.6)
    plate.draw_outline(dark, 1.6)


def buoy() -> Plate:
    """A can buoy with its cage and bell, leaning in the swell."""
    plate = Plate(330, 420, seed=54)
    left, right = spline([(66, 300), (92, 210), (128, 160)]), spline([(262, 296), (232, 208), (188, 158)])
    body = np.vstack([left, right[::-1]])
    plate.fill_area(body)
    plate.engrave(rungs(left, right, 4.6, bulge=9), cylinder_tone(66, 262, light=0.34, dark=0.95), 4.6, body)
    plate.engrave(
        parallel_lines(bounds(body), 68, 5.2, plate.rng), gradient_tone((170, 0), (262, 0), (0, 0.7)), 5.2, body
    )
    for share in (0.25, 0.5, 0.75):
        a, b = left[int(share * len(left))], right[int(share * len(right))]
        hoop = spline([(a[0], a[1]), ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + 11), (b[0], b[1])])
        plate.draw_line(hoop, 3.2, ends=1)
        plate.draw_line(hoop - (0, 4), 1.2, ends=1, ink=0)
    plate.draw_outline(body, 2.4)
    _draw_cage(plate)
    for row in range(9):
        y, wide = 302 + row * 11, 150 - row * 7
        wave = spline(
            [
                (164 - wide, y + 6),
                (164 - wide * 0.5, y - 7),
                (164, y + 7),
                (164 + wide * 0.5, y - 6),
                (164 + wide, y + 4),
            ]
        )
        plate.draw_line(wave, 4.4 - row * 0.25, ends=0.15)
        if row < 4:
            plate.draw_line(move_curve(wave, 0, 5), 3.0, ends=0.1, ink=0)
    return plate


def _draw_cage(plate: Plate) -> None:
    """Bell and ball over the buoy."""
    for foot in (132, 158, 184):
        plate.draw_line(points((foot, 160), (158 + (foot - 158) * 0.5, 60)), 3.4, ends=1)
    for y, half in ((128, 24), (96, 18), (62, 13)):
        plate.draw_line(ellipse((158, y), half, 4), 2.4, ends=1)
    bell = np.vstack([spline([(144, 148), (148, 128), (158, 118), (168, 128), (172, 148)])])
    plate.fill_area(bell)
    plate.engrave(parallel_lines(bounds(bell), 90, 3.6, plate.rng), cylinder_tone(144, 172, dark=1), 3.6, bell)
    plate.draw_outline(bell, 2)
    ball = ellipse((158, 42), 20, 20)
    plate.fill_area(ball)
    plate.engrave(rings((152, 36), (30, 30), 4.0), gradient_tone((142, 28), (176, 58), (0.05, 1.0)), 4.0, ball)
    plate.draw_outline(ball, 2.2)
