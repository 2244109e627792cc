"""The lighthouse on its rocks: as first cut, and as printed later from the worn and altered block."""

import numpy as np

from specimen.drawings.curves import Points, ellipse, parallel_lines, points, rectangle, rungs, spline
from specimen.drawings.nature import draw_gulls, draw_rock, draw_sea, draw_sky
from specimen.drawings.plate import Plate, Tone, cylinder_tone, even_tone, gradient_tone

WIDTH, HEIGHT = 640, 720


def lighthouse() -> Plate:
    """Fig. 1: the tower with its gallery, the keeper's house, surf and a sail."""
    plate = Plate(WIDTH, HEIGHT, seed=1867)
    draw_sky(plate, rectangle(0, 0, WIDTH, 470), seed=5, dark=0.62)
    draw_sea(plate, rectangle(0, 466, WIDTH, 254), seed=8)
    _draw_far_coast(plate)
    _draw_sail(plate, 116, 470)
    draw_rock(
        plate,
        points(
            (205, 640),
            (236, 560),
            (262, 520),
            (330, 492),
            (470, 486),
            (540, 512),
            (602, 560),
            (630, 640),
            (560, 690),
            (300, 694),
        ),
        count=34,
    )
    _draw_house(plate)
    _draw_tower(plate)
    _draw_near_rocks(plate)
    draw_gulls(plate, (150, 180, 18), (196, 214, 12), (116, 232, 10), (520, 128, 15))
    return plate


def lighthouse_late() -> Plate:
    """The same block a generation later: a flagstaff added, a crack, the finest lines gone."""
    plate = lighthouse()
    plate.draw_line(points((590, 548), (592, 330)), 4.0, ends=1)
    pennant = points((591, 332), (552, 345), (591, 358))
    plate.fill_area(pennant)
    plate.engrave(parallel_lines((550, 330, 44, 30), 90, 4, plate.rng), even_tone(0.6), 4, pennant)
    plate.draw_outline(pennant, 2.4)
    crack = spline([(640, 262), (560, 268), (470, 281), (300, 286), (140, 300), (0, 303)])
    plate.draw_line(crack, 2.6, ends=0.9, ink=0.0)
    draw_gulls(plate, (236, 128, 20), (92, 300, 13))
    for _ in range(90):
        x, y = plate.rng.uniform(20, 620), plate.rng.uniform(20, 420)
        plate.draw_line(points((x, y), (x + plate.rng.uniform(8, 34), y + plate.rng.normal(0, 1.5))), 2.4, ink=0.0)
    return plate


def _draw_far_coast(plate: Plate) -> None:
    coast = spline([(0, 468), (40, 452), (90, 444), (150, 456), (205, 449), (260, 462), (330, 468)])
    outline = np.vstack([coast, points((330, 470), (0, 470))])
    plate.fill_area(outline)
    plate.engrave(parallel_lines((0, 436, 330, 36), 8, 3.6, plate.rng), even_tone(0.42), 3.6, outline)
    plate.draw_line(coast, 1.4)


def _draw_sail(plate: Plate, x: float, y: float) -> None:
    hull = points((x - 24, y - 3), (x + 26, y - 4), (x + 20, y + 6), (x - 18, y + 6))
    plate.fill_area(hull, 0.92)
    for dx, tall in ((-7, 48), (10, 42)):
        plate.draw_line(points((x + dx, y - 3), (x + dx, y - tall - 6)), 1.8, ends=1)
        leaf = points((x + dx + 1, y - tall), (x + dx + 15, y - 9), (x + dx + 1, y - 8))
        plate.fill_area(leaf)
        plate.engrave(parallel_lines((x + dx, y - tall, 16, tall), 80, 3.2, plate.rng), even_tone(0.4), 3.2, leaf)
        plate.draw_outline(leaf, 1.3)


def _draw_tower(plate: Plate) -> None:
    left, right = points((352, 210), (334, 502)), points((436, 210), (458, 502))
    body = np.vstack([left, right[::-1]])
    plate.fill_area(body)
    plate.engrave(rungs(left, right, 5.4, bulge=5), cylinder_tone(338, 454), 5.4, body)
    for y in (262, 322, 386, 448):
        share = (y - 210) / 292
        band = ellipse((395 + share, y), 42 + 19 * share, 6, 180, 0)
        plate.draw_line(band, 1.6, ends=1)
    shade = gradient_tone((400, 0), (450, 0), (0.0, 0.9))
    plate.engrave(parallel_lines((390, 205, 72, 300), 62, 5.6, plate.rng), shade, 5.6, body)
    plate.draw_outline(body, 2.2)
    for x, y in ((392, 290), (394, 400)):
        plate.fill_area(rectangle(x, y, 13, 24), 1.0)
        plate.draw_line(points((x - 3, y + 27), (x + 17, y + 27)), 2.0, ends=1)
    plate.fill_area(np.vstack([ellipse((398, 478), 12, 14, 180, 360), points((410, 503), (386, 503))]), 1.0)
    _draw_gallery(plate)
    _draw_lantern(plate)


def _draw_gallery(plate: Plate) -> None:
    bracket = points((350, 214), (336, 198), (452, 198), (438, 214))
    plate.fill_area(bracket)
    plate.engrave(
        parallel_lines((336, 196, 116, 20), 90, 4.4, plate.rng), cylinder_tone(336, 452, dark=1.0), 4.4, bracket
    )
    plate.draw_outline(bracket, 2.0)
    deck = rectangle(328, 190, 132, 9)
    plate.fill_area(deck)
    plate.draw_outline(deck, 2.0)
    for x in np.linspace(331, 457, 15):
        plate.draw_line(points((x, 190), (x, 168)), 1.5, ends=1)
    for y in (168, 179):
        plate.draw_line(points((329, y), (459, y)), 1.7, ends=1)


def _draw_lantern(plate: Plate) -> None:
    glass = rectangle(366, 124, 56, 66)
    plate.fill_area(glass)
    plate.engrave(parallel_lines((366, 124, 56, 66), 90, 5, plate.rng), cylinder_tone(366, 422, dark=0.8), 5, glass)
    lamp = np.vstack([ellipse((394, 156), 11, 17)])
    plate.fill_area(lamp)
    plate.draw_outline(lamp, 1.6)
    for x in (366, 380, 408, 422):
        plate.draw_line(points((x, 124), (x, 190)), 2.2, ends=1)
    for y in (124, 146, 168):
        plate.draw_line(points((364, y), (424, y)), 1.8, ends=1)
    dome = np.vstack([ellipse((394, 124), 34, 36, 180, 360)])
    plate.fill_area(dome)
    ribs = rungs(points((360, 124), (394, 88)), points((428, 124), (394, 88)), 4.6, bulge=4)
    plate.engrave(ribs, cylinder_tone(360, 428, dark=1.0), 4.6, dome)
    plate.draw_outline(dome, 2.2)
    plate.draw_line(points((394, 90), (394, 58)), 2.6, ends=1)
    plate.fill_area(ellipse((394, 80), 6, 6), 1.0)
    vane = points((394, 60), (418, 64), (394, 70))
    plate.fill_area(vane, 1.0)
    _draw_beams(plate)


def _draw_beams(plate: Plate) -> None:
    """Rays cut white out of the sky."""
    for angle in (-20, -12, -5, 3, 10, 185, 177, 190, 169, 198):
        turn = np.radians(angle)
        start, end = 44, 250 - 60 * abs(np.sin(turn * 3))
        ray = points(*[(394 + r * np.cos(turn), 152 + r * np.sin(turn)) for r in np.linspace(start, end, 12)])
        plate.draw_line(ray, 3.4, ends=0.2, ink=0.0)


def _draw_house(plate: Plate) -> None:
    front, side = rectangle(470, 448, 96, 58), points((448, 508), (448, 456), (459, 424), (470, 448), (470, 506))
    roof = points((459, 422), (556, 422), (572, 450), (470, 450))
    for shape in (front, side, roof):
        plate.fill_area(shape)
    _hatch(plate, front, 0, even_tone(0.28))
    _hatch(plate, side, 90, even_tone(0.7))
    _hatch(plate, roof, 62, gradient_tone((459, 0), (572, 0), (0.5, 0.75)))
    for shape in (front, side, roof):
        plate.draw_outline(shape, 1.8)
    for x in (482, 506, 540):
        plate.fill_area(rectangle(x, 464, 13, 19), 1.0)
        plate.draw_line(points((x + 6.5, 464), (x + 6.5, 483)), 1.6, ends=1, ink=0)
    chimney = rectangle(512, 402, 15, 22)
    plate.fill_area(chimney)
    _hatch(plate, chimney, 90, even_tone(0.6))
    plate.draw_outline(chimney, 1.8)
    for sway in (0, 5):
        smoke = spline([(519 + sway, 400), (526 + sway, 384), (520 + sway, 368), (534 + sway, 350), (532, 330)])
        plate.draw_line(smoke, 1.5)


def _hatch(plate: Plate, shape: Points, angle: float, tone: Tone) -> None:
    x, y = shape.min(axis=0)
    width, height = shape.max(axis=0) - shape.min(axis=0)
    plate.engrave(
        parallel_lines((float(x), float(y), float(width), float(height)), angle, 4.4, plate.rng, wave=0.3),
        tone,
        4.4,
        shape,
    )


def _draw_near_rocks(plate: Plate) -> None:
    draw_rock(plate, points((30, 676), (60, 622), (108, 604), (150, 628), (204, 640), (246, 684), (140, 706)), count=12)
    draw_rock(plate, points((470, 700), (500, 656), (556, 640), (604, 668), (622, 702), (540, 712)), count=10)
    for x, y, span in ((20, 690, 120), (180, 668, 130), (236, 704, 150), (420, 706, 120), (550, 716, 80)):
        for row in range(3):
            foam = spline(
                [
                    (x, y + row * 5),
                    (x + span * 0.3, y - 5 + row * 5),
                    (x + span * 0.6, y + 3 + row * 5),
                    (x + span, y - 2 + row * 5),
                ]
            )
            plate.draw_line(foam, 3.4 if row == 0 else 1.4, ink=float(row != 0))
