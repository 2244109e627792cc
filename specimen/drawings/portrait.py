"""A profile cut in black, in an oval frame, as they hung in parlours."""

import numpy as np

from specimen.drawings.curves import Points, ellipse, points, rings, spline
from specimen.drawings.plate import Plate, even_tone, gradient_tone, noise_tone

PROFILE = (
    (196, 190),
    (206, 158),
    (238, 134),
    (286, 126),
    (330, 138),
    (354, 166),
    (362, 196),
    (360, 216),
    (368, 226),
    (384, 250),
    (394, 264),
    (388, 272),
    (372, 274),
    (372, 284),
    (380, 292),
    (376, 300),
    (368, 303),
    (374, 311),
    (370, 320),
    (362, 325),
    (366, 340),
    (360, 356),
    (340, 364),
    (312, 362),
    (302, 378),
    (304, 404),
    (330, 424),
    (392, 452),
    (428, 488),
    (444, 540),
    (446, 576),
    (120, 576),
    (122, 540),
    (136, 490),
    (170, 452),
    (214, 428),
    (226, 404),
    (222, 376),
    (200, 342),
    (188, 296),
    (184, 240),
)
"""Forehead, nose, lips and chin to the right; coat and collar below."""


def silhouette() -> Plate:
    """The collector of the tales, with his collar and the ribbon at his neck."""
    plate = Plate(560, 680, seed=91)
    middle = (280.0, 340.0)
    _draw_frame(plate, middle)
    inner = ellipse(middle, 208, 264)
    ground = noise_tone(4, 160)
    plate.engrave(
        rings(middle, (208, 264), 4.6, inner=0.05),
        lambda x, y: 0.10 + 0.20 * ground(x, y) + 0.20 * (np.hypot((x - 280) / 208, (y - 340) / 264) > 0.8),
        4.4,
        inner,
    )
    head = spline(PROFILE[:30], 6)
    figure = np.vstack([head, spline(PROFILE[29:], 8)])
    clipped = _clip_to_oval(figure, middle, 200, 256)
    plate.fill_area(clipped, 1.0)
    _draw_coat(plate)
    plate.draw_line(ellipse(middle, 208, 264), 2.4, ends=1)
    return plate


def _clip_to_oval(figure: Points, middle: tuple[float, float], rx: float, ry: float) -> Points:
    """Points beyond the oval are drawn in to its edge."""
    away = (figure - np.array(middle)) / np.array([rx, ry])
    far = np.hypot(away[:, 0], away[:, 1])
    return np.asarray(np.array(middle) + away / np.maximum(far, 1)[:, None] * np.array([rx, ry]))


def _draw_coat(plate: Plate) -> None:
    """Cuts of white in the black: hair, collar, lapel, buttons."""
    for number in range(7):
        x, y = 208 + number * 15, 186 - number * 7 + 3 * (number % 2)
        lock = spline([(x, y), (x - 8, y + 26 + 6 * (number % 3)), (x - 4 + number, y + 64 - 4 * number)])
        plate.draw_line(lock, 1.5, ends=0.1, ink=0)
    collar = spline([(236, 398), (262, 416), (304, 408), (318, 426), (282, 452), (240, 436)], closed=True)
    plate.fill_area(collar)
    plate.engrave(
        [spline([(238 + i * 7, 396), (250 + i * 6, 424), (262 + i * 4, 450)]) for i in range(12)],
        gradient_tone((240, 0), (316, 0), (0.1, 0.45)),
        5,
        collar,
    )
    plate.draw_outline(collar, 1.6)
    bow = np.vstack(
        [
            spline([(286, 440), (316, 428), (330, 448), (300, 456)]),
            spline([(300, 456), (320, 482), (292, 486), (284, 450)]),
        ]
    )
    plate.fill_area(bow, 1)
    plate.draw_line(np.vstack([bow, bow[:1]]), 1.6, ends=1, ink=0)
    for lapel in (
        [(246, 440), (262, 500), (304, 578)],
        [(322, 436), (336, 492), (318, 578)],
        [(210, 434), (188, 500), (196, 580)],
    ):
        plate.draw_line(spline(lapel), 2.0, ends=0.2, ink=0)
    for y in (510, 542):
        plate.draw_line(ellipse((300, y), 5, 5), 1.6, ends=1, ink=0)
    for number in range(12):
        fold = spline([(140 + number * 5, 500 + number), (150 + number * 5, 540), (144 + number * 6, 582)])
        plate.draw_line(fold, 0.9 + 0.05 * number, ends=0.1, ink=0)


def _draw_frame(plate: Plate, middle: tuple[float, float]) -> None:
    """A moulded oval with beads, and a ribbon bow above."""
    outer = ellipse(middle, 262, 318)
    plate.fill_area(outer)
    plate.engrave(rings(middle, (262, 318), 3.9, inner=0.815), gradient_tone((90, 80), (480, 620), (0.2, 0.95)), 3.9)
    plate.draw_outline(outer, 2.6)
    for step in range(84):
        turn = 2 * np.pi * step / 84
        bead = ellipse((280 + 230 * np.cos(turn), 340 + 286 * np.sin(turn)), 7, 7)
        plate.fill_area(bead)
        plate.draw_outline(bead, 2.2)
        plate.fill_area(ellipse((280 + 230 * np.cos(turn) + 1.6, 340 + 286 * np.sin(turn) + 1.6), 3.6, 3.6), 0.9)
    plate.fill_area(ellipse(middle, 216, 272))
    plate.draw_line(ellipse(middle, 216, 272), 3.4, ends=1)
    for side in (-1, 1):
        loop = spline(
            [(280, 22), (280 + side * 30, 4), (280 + side * 58, 10), (280 + side * 52, 34), (280 + side * 20, 34)],
            closed=True,
        )
        plate.fill_area(loop)
        plate.engrave([points((280, 24), (280 + side * 62, 0 + i * 5)) for i in range(9)], even_tone(0.5), 4.4, loop)
        plate.draw_outline(loop, 2.2)
    plate.fill_area(ellipse((280, 24), 11, 12))
    plate.draw_outline(ellipse((280, 24), 11, 12), 2.4)
