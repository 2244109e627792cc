"""The puffin on its ledge."""

import numpy as np

from specimen.drawings.curves import Points, bounds, ellipse, lines_between, parallel_lines, points, rings, spline
from specimen.drawings.nature import draw_grass, draw_rock, draw_sea
from specimen.drawings.plate import Plate, even_tone, gradient_tone, noise_tone


def puffin() -> Plate:
    """Fig. 2: standing in profile, the bill ridged."""
    plate = Plate(520, 600, seed=81)
    draw_sea(plate, points((10, 330), (510, 330), (510, 430), (10, 430)), seed=6, dark=0.5)
    draw_rock(
        plate,
        points((60, 560), (84, 508), (150, 486), (240, 480), (350, 488), (430, 512), (462, 566), (300, 586)),
        count=15,
    )
    _draw_tail_and_feet(plate)
    _draw_breast(plate)
    _draw_wing(plate)
    collar = spline(
        [(190, 196), (214, 214), (262, 222), (312, 208), (318, 186), (310, 236), (262, 262), (204, 244), (188, 220)],
        closed=True,
    )
    plate.fill_area(collar, 0.96)
    _draw_feathers(plate, collar, 84, 0.0, 7)
    _draw_head(plate)
    draw_grass(plate, points((80, 500), (430, 500), (440, 560), (90, 560)), 0.004, 22)
    return plate


def _draw_breast(plate: Plate) -> None:
    """White, with the shadow of the ribs."""
    body = spline(
        [
            (196, 206),
            (176, 268),
            (176, 350),
            (206, 430),
            (262, 470),
            (322, 462),
            (372, 430),
            (352, 360),
            (338, 280),
            (318, 214),
            (286, 186),
            (232, 184),
        ],
        closed=True,
    )
    plate.fill_area(body)
    plate.engrave(
        lines_between(spline([(196, 220), (180, 320), (226, 450)]), spline([(250, 220), (250, 330), (280, 462)]), 5.4),
        gradient_tone((180, 0), (262, 0), (0.42, 0.04)),
        5.0,
        body,
    )
    plate.draw_outline(body, 2.2)


def _draw_feathers(plate: Plate, shape: Points, flow: float, dark: float, size: float) -> None:
    """Short barbs laid along the body, thick where the tone is deep."""
    x, y, width, height = bounds(shape)
    turn = np.radians(flow)
    lean, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    cuts = []
    reach = float(np.hypot(width, height)) / 2
    for i, u in enumerate(np.arange(-reach, reach, size * 1.5)):
        for v in np.arange(-reach, reach, size * 0.62):
            root = (
                np.array([x + width / 2, y + height / 2])
                + lean * (u + (i % 2) * 2 + plate.rng.normal(0, 1.2))
                + across * v
            )
            cuts.append(
                np.array(
                    [root + lean * size * s + across * size * 0.16 * np.sin(s * 3) for s in np.linspace(0, 1.25, 7)]
                )
            )
    shade = noise_tone(int(plate.rng.integers(99)), 40)
    plate.engrave(cuts, lambda px, py: dark * (0.6 + 0.6 * shade(px, py)), size * 0.6, shape)


def _draw_tail_and_feet(plate: Plate) -> None:
    tail = points((340, 410), (404, 470), (388, 486), (366, 488), (310, 450))
    plate.fill_area(tail, 1)
    for shift in (0, 9, 18):
        plate.draw_line(
            points((340 + shift, 430 + shift * 0.6), (394 - shift * 0.6, 476 + shift * 0.4)), 1.6, ends=0.6, ink=0
        )
    for x in (238, 286):
        leg = points((x - 6, 452), (x + 8, 452), (x + 6, 490), (x - 5, 490))
        plate.fill_area(leg)
        plate.engrave(parallel_lines(bounds(leg), 0, 3.8, plate.rng), even_tone(0.6), 3.8, leg)
        plate.draw_outline(leg, 1.8)
        web = points((x + 2, 482), (x - 46, 500), (x - 28, 505), (x - 14, 510), (x + 2, 508), (x + 16, 502))
        plate.fill_area(web)
        plate.engrave(
            [points((x + 2, 484), (x - 46 + i * 7, 502 + (i % 3) * 3)) for i in range(9)], even_tone(0.5), 4, web
        )
        plate.draw_outline(web, 2.0)


def _draw_wing(plate: Plate) -> None:
    wing = spline(
        [
            (262, 214),
            (318, 218),
            (346, 280),
            (368, 360),
            (396, 440),
            (408, 474),
            (366, 446),
            (318, 400),
            (280, 330),
            (262, 268),
        ],
        closed=True,
    )
    plate.fill_area(wing, 1.0)
    for row in range(6):
        for column in range(5):
            x, y = 276 + row * 19 + column * 5, 236 + row * 30 + column * -9
            scale = spline([(x - 10, y), (x - 4, y + 15), (x + 8, y + 16)])
            plate.draw_line(scale, 2.2, ends=0.2, ink=0)
    for shift in range(7):
        quill = spline(
            [
                (300 + shift * 9, 300 + shift * 4),
                (338 + shift * 8, 390 - shift * 3),
                (402 - shift * 2, 468 - shift * 10),
            ]
        )
        plate.draw_line(quill, 2.0, ends=0.1, ink=0)
    back = spline([(300, 206), (330, 250), (356, 330), (392, 430)])
    plate.draw_line(back, 1.6, ends=0.2, ink=0)


def _draw_head(plate: Plate) -> None:
    head = spline(
        [(188, 160), (196, 110), (236, 84), (284, 88), (314, 124), (318, 172), (304, 208), (262, 220), (214, 212)],
        closed=True,
    )
    plate.fill_area(head, 1.0)
    for number in range(11):
        start = 224 + number * 9
        plate.draw_line(
            spline(
                [(start, 92 + abs(number - 4) * 2.2), (start + 14, 84 + number * 3), (start + 22, 112 + number * 8)], 6
            ),
            1.6,
            ends=0.1,
            ink=0,
        )
    face = spline(
        [(190, 156), (206, 122), (240, 112), (276, 124), (292, 156), (282, 190), (248, 206), (208, 198)], closed=True
    )
    plate.fill_area(face)
    plate.engrave(
        rings((240, 158), (52, 48), 5.0, inner=0.45), gradient_tone((216, 128), (284, 200), (0.0, 0.62)), 4.2, face
    )
    plate.draw_outline(face, 1.5)
    eye = points((222, 146), (238, 134), (254, 146), (238, 156))
    plate.fill_area(eye, 1)
    plate.fill_area(ellipse((238, 146), 6, 6))
    plate.fill_area(ellipse((238, 146), 3.6, 3.6), 1)
    plate.draw_line(spline([(252, 148), (272, 158), (290, 178)]), 2.6, ends=0.2)
    _draw_bill(plate)
    plate.fill_area(spline([(198, 164), (212, 160), (216, 172), (206, 180)], closed=True), 0.9)


def _draw_bill(plate: Plate) -> None:
    """Ridged, in two colours."""
    upper = spline([(200, 128), (166, 118), (128, 138), (100, 182), (98, 192), (140, 178), (196, 168)], closed=True)
    lower = spline([(196, 168), (140, 180), (104, 192), (132, 208), (176, 210), (204, 198)], closed=True)
    for half, dark in ((upper, 0.35), (lower, 0.6)):
        plate.fill_area(half)
        plate.engrave(
            parallel_lines(bounds(half), 70, 4.2, plate.rng, wave=0.4),
            gradient_tone((200, 120), (110, 190), (0.15, dark)),
            4.2,
            half,
        )
    for shift in range(4):
        groove = spline(
            [
                (184 - shift * 19, 121 + shift * 5),
                (170 - shift * 18, 150 + shift * 8),
                (178 - shift * 19, 176 + shift * 3),
                (180 - shift * 15, 206 - shift * 2),
            ]
        )
        plate.draw_line(groove, 5.0 if shift == 0 else 2.6, ends=0.6)
        plate.draw_line(groove - (4, 0), 2.2, ends=0.5, ink=0)
    for half in (upper, lower):
        plate.draw_outline(half, 2.2)
