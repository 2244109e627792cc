"""A brig under full sail, close-hauled before a rising swell."""

import numpy as np

from specimen.drawings.curves import (
    Points,
    bounds,
    lines_between,
    move_curve,
    parallel_lines,
    points,
    rectangle,
    spline,
)
from specimen.drawings.nature import draw_gulls, draw_sea, draw_sky
from specimen.drawings.plate import Plate, Tone, even_tone, gradient_tone

WIDTH, HEIGHT = 680, 640


def brig() -> Plate:
    """Fig. 2: seen from leeward, the ensign at the gaff, a steep sea."""
    plate = Plate(WIDTH, HEIGHT, seed=1843)
    draw_sky(plate, rectangle(0, 0, WIDTH, 480), seed=21, dark=0.55)
    draw_sea(plate, rectangle(0, 476, WIDTH, 164), seed=4, dark=0.8)
    _draw_rigging(plate)
    for mast, x, top in (("main", 392.0, 58.0), ("fore", 250.0, 82.0)):
        _draw_mast(plate, x, top)
        for sail in _square_sails(x, top, 1.08 if mast == "main" else 0.94):
            _draw_sail(plate, sail)
    _draw_spanker(plate)
    for stay in ((250, 118, 96, 404), (250, 196, 120, 412), (250, 262, 150, 420)):
        _draw_jib(plate, *stay)
    _draw_hull(plate)
    _draw_bow_wave(plate)
    draw_gulls(plate, (560, 150, 16), (600, 190, 11), (90, 200, 12), (524, 210, 9))
    return plate


def _draw_mast(plate: Plate, x: float, top: float) -> None:
    pole = points((x - 3, top), (x + 2, top), (x + 6, 470), (x - 6, 470))
    plate.fill_area(pole)
    plate.engrave(
        parallel_lines(bounds(pole), 90, 3.4, plate.rng), gradient_tone((x - 6, 0), (x + 6, 0), (0.2, 1)), 3.4, pole
    )
    plate.draw_outline(pole, 1.6)
    plate.draw_line(spline([(x, top + 2), (x + 16, top - 6), (x + 34, top + 2), (x + 54, top - 5)]), 5, ends=0.2)


def _square_sails(x: float, top: float, size: float) -> list[Points]:
    """Royal, topgallant, topsail and course, each wider than the one above."""
    sails = []
    for y0, y1, upper, lower in ((30, 88, 38, 52), (94, 166, 54, 70), (172, 262, 72, 90), (268, 356, 92, 100)):
        a, b = top + y0 * size, top + y1 * size
        u, w = upper * size, lower * size
        head = spline([(x - u, a + 3), (x, a - 2), (x + u, a + 5)])
        leech = spline([(x + u, a + 5), (x + w * 1.06, (a + b) / 2), (x + w, b + 4)])
        foot = spline([(x + w, b + 4), (x + w * 0.2, b - 13 * size), (x - w, b)])
        luff = spline([(x - w, b), (x - w * 1.0, (a + b) / 2), (x - u, a + 3)])
        sails.append(np.vstack([head, leech, foot, luff]))
    return sails


def _draw_sail(plate: Plate, outline: Points) -> None:
    x, y, width, height = bounds(outline)
    plate.fill_area(outline)

    def belly(px: np.ndarray, py: np.ndarray) -> np.ndarray:
        u, v = (px - x) / width, (py - y) / height
        return (
            0.12
            + 0.62 * np.clip(u - 0.36, 0, 1) ** 1.1
            + 0.34 * np.clip(0.26 - v, 0, 1)
            + 0.30 * np.clip(v - 0.86, 0, 1)
        )

    lines = []
    for fraction in np.linspace(0, 1, int(width / 4.3)):
        lean = x + width * fraction
        curve = 9 * (fraction - 0.45)
        lines.append(spline([(lean - curve * 0.4, y - 4), (lean + curve, y + height * 0.55), (lean, y + height + 4)]))
    plate.engrave(lines, belly, 4.2, outline)
    shadow = parallel_lines((x, y, width, height), 28, 5.2, plate.rng)
    plate.engrave(shadow, lambda px, py: np.clip(belly(px, py) - 0.36, 0, 1) * 1.1, 5.2, outline)
    for share in (0.2, 0.4, 0.6, 0.8):
        seam = x + width * share
        plate.draw_line(
            spline([(seam, y + 4), (seam + 6 * (share - 0.4), y + height * 0.5), (seam, y + height - 8)]), 1.0, ends=0.8
        )
    plate.draw_outline(outline, 1.8)
    plate.draw_line(points((x - 4 + width * 0.1, y + 3), (x + width * 0.92, y + 5)), 4.2, ends=0.5)


def _draw_spanker(plate: Plate) -> None:
    outline = np.vstack(
        [
            spline([(400, 292), (458, 262), (512, 240)]),
            spline([(512, 240), (536, 330), (548, 428)]),
            spline([(548, 428), (474, 436), (402, 430)]),
        ]
    )
    plate.fill_area(outline)
    edge, luff = points((512, 240), (548, 428)), points((402, 292), (404, 430))
    plate.engrave(lines_between(luff, edge, 4.6), gradient_tone((402, 300), (548, 400), (0.1, 0.72)), 4.6, outline)
    plate.engrave(
        parallel_lines(bounds(outline), 20, 5.2, plate.rng),
        gradient_tone((470, 300), (548, 420), (0, 0.6)),
        5.2,
        outline,
    )
    plate.draw_outline(outline, 1.8)
    plate.draw_line(points((398, 300), (520, 234)), 4.4, ends=0.6)
    plate.draw_line(points((396, 434), (566, 430)), 4.6, ends=0.6)
    flag = np.vstack(
        [
            spline([(522, 236), (540, 226), (560, 234), (580, 226)]),
            spline([(580, 252), (560, 262), (540, 252), (524, 262)]),
        ]
    )
    plate.fill_area(flag)
    plate.engrave(parallel_lines(bounds(flag), 90, 3.6, plate.rng), even_tone(0.62), 3.6, flag)
    plate.draw_line(points((540, 228), (541, 254)), 5.5, ends=1, ink=0)
    plate.draw_line(spline([(524, 249), (545, 239), (580, 240)]), 5.5, ends=1, ink=0)
    plate.draw_outline(flag, 1.4)


def _draw_jib(plate: Plate, x0: float, y0: float, x1: float, y1: float) -> None:
    clew = (x0 - 18, y1 - 18)
    foot = spline([(x1, y1), ((x1 + clew[0]) / 2, y1 + 2), clew])
    leech = spline([clew, ((clew[0] + x0) / 2 - 22, (clew[1] + y0) / 2), (x0 - 4, y0 + 6)])
    outline = np.vstack([points((x0 - 4, y0 + 6), (x1, y1)), foot, leech])
    plate.fill_area(outline)
    stay = points((x0, y0), (x1, y1))
    plate.engrave(
        lines_between(stay, leech[::-1], 7.0),
        lambda x, y: np.clip((y - y0) / (y1 - y0) + 0.12, 0, 1) * (0.16 + 0.5 * np.clip((x - x1) / (x0 - x1), 0, 1)),
        4.4,
        outline,
    )
    plate.draw_outline(outline, 1.6)
    plate.draw_line(points((x0, y0), (x1 - 8, y1 + 9)), 1.4, ends=1)


def _draw_rigging(plate: Plate) -> None:
    for x, top in ((250, 96), (392, 70)):
        for deck in (-44, -30, -16, 18, 32, 46):
            plate.draw_line(points((x, top + 130), (x + deck, 462)), 1.3, ends=1)
        for y in range(330, 460, 11):
            share = (y - (top + 130)) / (462 - top - 130)
            plate.draw_line(points((x - 44 * share, y), (x - 16 * share, y)), 1.0, ends=1)
            plate.draw_line(points((x + 18 * share, y), (x + 46 * share, y)), 1.0, ends=1)
    plate.draw_line(points((392, 90), (250, 200)), 1.3, ends=1)
    plate.draw_line(points((392, 200), (250, 330)), 1.3, ends=1)
    plate.draw_line(points((392, 80), (540, 448)), 1.3, ends=1)


def _draw_hull(plate: Plate) -> None:
    sheer = spline([(136, 446), (220, 466), (330, 474), (450, 468), (556, 444)])
    keel = spline([(548, 490), (520, 528), (420, 548), (270, 548), (190, 530), (158, 486), (136, 446)])
    outline = np.vstack([sheer, points((560, 446), (552, 484)), keel])
    plate.fill_area(outline)
    waterline = spline([(172, 520), (300, 548), (420, 548), (530, 520)])
    tone: Tone = lambda x, y: np.clip(0.5 + 0.4 * (y - 470) / 70 + 0.25 * np.clip((x - 400) / 160, 0, 1), 0, 0.96)  # noqa: E731
    plate.engrave(lines_between(sheer, waterline, 4.2), tone, 4.2, outline)
    band = np.vstack([move_curve(sheer, 0, 12), move_curve(sheer, 0, 25)[::-1]])
    plate.fill_area(band)
    plate.draw_outline(band, 1.2)
    for x in np.linspace(204, 522, 11):
        y = float(np.interp(x, sheer[:, 0], sheer[:, 1])) + 14
        plate.fill_area(rectangle(x, y, 10, 9), 1.0)
    plate.engrave(
        parallel_lines(bounds(outline), 75, 5, plate.rng), gradient_tone((380, 480), (560, 540), (0, 0.6)), 5, outline
    )
    plate.draw_outline(outline, 2.4)
    plate.draw_line(points((150, 452), (52, 418), (8, 404)), 6, ends=0.5)
    plate.draw_line(points((96, 434), (100, 462)), 2.2, ends=1)
    plate.draw_line(points((40, 414), (100, 462), (166, 482)), 1.3, ends=1)
    for bitt in (300, 340, 470, 500):
        plate.draw_line(points((bitt, 470), (bitt + 1, 456)), 5, ends=0.7)
    house = rectangle(424, 452, 60, 16)
    plate.fill_area(house)
    plate.engrave(parallel_lines(bounds(house), 0, 3.8, plate.rng), even_tone(0.4), 3.8, house)
    plate.draw_outline(house, 1.6)


def _draw_bow_wave(plate: Plate) -> None:
    """White water under the bow and along the side, cut over the black hull."""
    crest = spline(
        [
            (104, 560),
            (128, 528),
            (160, 510),
            (196, 524),
            (240, 540),
            (330, 536),
            (420, 544),
            (520, 532),
            (590, 552),
            (600, 580),
            (360, 590),
            (160, 584),
        ],
        closed=True,
    )
    plate.fill_area(crest)
    for row in range(7):
        y = 534 + row * 8
        line = spline(
            [
                (112 + row * 2, y + 22),
                (180, y - 8),
                (250, y + 6),
                (340, y - 2),
                (430, y + 8),
                (520, y - 2),
                (600, y + 12),
            ]
        )
        plate.draw_line(line, 1.6 + 0.35 * row, ends=0.2)
    for _ in range(26):
        sx, sy = plate.rng.uniform(96, 190), plate.rng.uniform(496, 548)
        plate.draw_line(spline([(sx, sy), (sx + 4, sy - 5), (sx + 9, sy - 3)], 4), 1.5)
    for x, y, wide in ((60, 606, 150), (230, 614, 190), (430, 604, 170)):
        plate.draw_line(spline([(x, y), (x + wide * 0.4, y - 12), (x + wide, y + 4)]), 5, ends=0.1, ink=0)
