"""A herring from the side."""

import numpy as np

from specimen.drawings.curves import Points, ellipse, lines_between, points, rings, spline
from specimen.drawings.plate import Plate, even_tone, gradient_tone


def herring() -> Plate:
    """Fig. 3: from the side, every scale lit from above."""
    plate = Plate(680, 250, seed=82)
    back = spline([(24, 128), (70, 88), (150, 56), (260, 44), (380, 58), (490, 86), (566, 108)], 20)
    belly = spline([(24, 128), (60, 160), (140, 192), (260, 200), (380, 182), (490, 148), (566, 126)], 20)
    _draw_fins(plate)
    body = np.vstack([back, belly[::-1]])
    plate.fill_area(body)

    def tone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        top, low = np.interp(x, back[:, 0], back[:, 1]), np.interp(x, belly[:, 0], belly[:, 1])
        v = (y - top) / np.maximum(low - top, 1)
        return np.asarray(np.clip(1.0 - 2.3 * v, 0, 1) * 0.95 + 0.32 * np.clip((v - 0.72) / 0.28, 0, 1))

    plate.engrave(lines_between(back, belly, 4.0)[:16], tone, 4.0, body)
    _draw_scales(plate, back, belly)
    plate.draw_line(spline([(160, 120), (300, 116), (440, 114), (566, 116)]), 1.8, ends=0.3)
    _draw_gill_and_eye(plate)
    plate.draw_outline(body, 2.4)
    for row in range(5):
        shade = spline([(60 + row * 26, 216 + row * 6), (300, 226 + row * 5), (600 - row * 40, 214 + row * 6)])
        plate.draw_line(shade, 2.6, ends=0.1)
    return plate


def _draw_scales(plate: Plate, back: Points, belly: Points) -> None:
    for column, x in enumerate(np.arange(168, 560, 9.0)):
        top, low = float(np.interp(x, back[:, 0], back[:, 1])), float(np.interp(x, belly[:, 0], belly[:, 1]))
        rows = max(3, int((low - top) / 9.5))
        for row in range(1, rows):
            y = top + (low - top) * (row + (column % 2) / 2) / rows
            dark = float(np.clip(1.15 - 1.2 * (y - top) / (low - top), 0.2, 1))
            if top + 4 < y < low - 5:
                arc = ellipse((x, y), 5.4, 5.2, -80, 80)
                plate.draw_line(arc, 0.9 + 1.9 * dark, ends=0.2)
                if dark > 0.75:
                    plate.draw_line(arc - (1.8, 0), 1.3, ends=0.3, ink=0)


def _draw_fins(plate: Plate) -> None:
    shapes = (
        (spline([(276, 48), (292, 8), (340, 18), (372, 62)]), (276, 60)),
        (spline([(398, 176), (410, 206), (452, 190), (480, 148)]), (430, 150)),
        (spline([(300, 192), (318, 226), (346, 220), (344, 186)]), (320, 180)),
        (spline([(146, 176), (170, 214), (206, 222), (196, 188)]), (150, 170)),
        (
            spline(
                [
                    (556, 108),
                    (604, 66),
                    (660, 36),
                    (634, 92),
                    (626, 116),
                    (640, 150),
                    (662, 202),
                    (604, 164),
                    (556, 126),
                ]
            ),
            (548, 116),
        ),
    )
    for outline, root in shapes:
        plate.fill_area(outline)
        rays = [points(root, tuple(outline[i])) for i in range(1, len(outline), 2)]
        plate.engrave([np.linspace(r[0], r[1], 16) for r in rays], even_tone(0.5), 4.4, outline)
        plate.draw_outline(outline, 2.0)


def _draw_gill_and_eye(plate: Plate) -> None:
    cover = spline([(150, 68), (168, 110), (164, 152), (140, 186), (104, 174), (110, 120), (120, 82)], closed=True)
    plate.fill_area(cover)
    lines = lines_between(spline([(116, 84), (106, 130), (108, 174)]), spline([(152, 70), (170, 120), (142, 186)]), 4.6)
    plate.engrave(lines, gradient_tone((110, 70), (170, 180), (0.75, 0.2)), 4.4, cover)
    plate.draw_outline(cover, 2.2)
    plate.fill_area(ellipse((76, 116), 18, 18))
    plate.draw_line(ellipse((76, 116), 17, 17), 2.4, ends=1)
    plate.engrave(rings((76, 116), (15, 15), 3.4, inner=0.5), even_tone(0.4), 3.4)
    plate.fill_area(ellipse((76, 116), 8, 8), 1)
    plate.fill_area(ellipse((73, 113), 2.6, 2.6))
    plate.draw_line(spline([(24, 128), (44, 136), (62, 150)]), 2.8, ends=0.4)
    plate.draw_line(spline([(30, 120), (40, 116), (48, 112)]), 2.0, ends=0.3)
