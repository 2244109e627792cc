"""Botanical figures: the foxglove in flower, leaves, a fern, an acorn."""

import numpy as np

from specimen.drawings.curves import (
    Points,
    bounds,
    ellipse,
    lines_between,
    parallel_lines,
    points,
    rings,
    rungs,
    spline,
)
from specimen.drawings.plate import Plate, Tone, even_tone, gradient_tone


def _draw_leaf(plate: Plate, rib: Points, half: float, *, dark: float = 0.7, teeth: int = 0, lobe: float = 0.0) -> None:
    """A blade along its rib: veins in light, one half in shade."""
    t = np.linspace(0, 1, len(rib))
    step = np.gradient(rib, axis=0)
    normal = np.column_stack([-step[:, 1], step[:, 0]]) / np.hypot(*step.T)[:, None]
    swell = half * np.sin(np.pi * t**0.8) ** 0.85
    edge = swell * (1 + lobe * np.sin(t * teeth * 2 * np.pi)) if teeth else swell
    sides = rib + normal * edge[:, None], rib - normal * edge[:, None]
    for number, side in enumerate(sides):
        shape = np.vstack([rib, side[::-1]])
        plate.fill_area(shape)
        deep = dark if number == 0 else dark * 0.45
        slant = [np.linspace(rib[i], side[min(i + len(rib) // 7, len(rib) - 1)], 16) for i in range(0, len(rib) - 1, 1)]
        length = float(np.hypot(*step.T).sum())
        plate.engrave(slant, _vein_tone(rib, deep), length / len(rib) * 0.95, shape)
        plate.draw_line(side, 1.8, ends=0.5)
    for i in range(len(rib) // 7, len(rib) - 4, max(3, len(rib) // 8)):
        for side in sides:
            end = side[min(i + len(rib) // 7, len(rib) - 1)]
            vein = np.linspace(rib[i], rib[i] + (end - rib[i]) * 0.86, 8)
            plate.draw_line(vein, 2.8, ends=0.3, ink=0)
            plate.draw_line(vein + 1.2, 1.0, ends=0.3)
    plate.draw_line(rib, 3.4, ends=0.3)
    plate.draw_line(rib - 1.0, 1.0, ends=0.2, ink=0)


def _vein_tone(rib: Points, dark: float) -> Tone:
    low, high = rib.min(axis=0), rib.max(axis=0)
    span = float(np.hypot(*(high - low)))

    def tone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        nearest = np.min(np.hypot(x[:, None] - rib[None, ::3, 0], y[:, None] - rib[None, ::3, 1]), axis=1)
        return np.asarray(dark * (1 - 0.75 * np.clip(nearest / (span * 0.2), 0, 1)))

    return tone


def foxglove() -> Plate:
    """The whole plant, and at its foot one flower opened."""
    plate = Plate(560, 900, seed=71)
    stem = spline([(268, 890), (274, 640), (286, 400), (300, 200), (310, 36)], 30)
    for rib in (
        [(270, 850), (200, 800), (110, 778), (34, 800)],
        [(272, 834), (350, 776), (440, 742), (530, 760)],
        [(272, 780), (214, 716), (140, 674), (66, 676)],
        [(276, 740), (330, 676), (404, 634), (476, 632)],
        [(278, 660), (240, 610), (190, 580), (140, 574)],
    ):
        _draw_leaf(plate, spline(rib, 22), 46 if abs(rib[-1][0] - 280) > 190 else 36)
    _draw_stalk(plate, stem)
    for number in range(15):
        share = number / 14
        point = stem[int((0.36 + 0.5 * share) * (len(stem) - 1))]
        side = -1 if number % 2 else 1
        _draw_bell(plate, float(point[0]), float(point[1]), side, 1.0 - 0.62 * share)
    for number in range(9):
        point = stem[int((0.87 + 0.012 * number) * (len(stem) - 1))]
        bud = ellipse(
            (float(point[0]) + (-1) ** number * (12 - number), float(point[1]) + 4),
            9 - number * 0.5,
            5 - number * 0.2,
            tilt=(-1) ** number * 40,
        )
        plate.fill_area(bud)
        plate.engrave(parallel_lines(bounds(bud), 30, 3.2, plate.rng), even_tone(0.5), 3.2, bud)
        plate.draw_outline(bud, 1.5)
    _draw_opened_flower(plate, 470, 470)
    return plate


def _draw_stalk(plate: Plate, stem: Points) -> None:
    wide = np.linspace(9, 2.5, len(stem))[:, None] * np.array([1.0, 0.0])
    outline = np.vstack([stem - wide, (stem + wide)[::-1]])
    plate.fill_area(outline)
    plate.engrave(lines_between(stem, stem + wide, 3.0), even_tone(0.75), 3.0, outline)
    plate.draw_outline(outline, 1.8)


def _draw_bell(plate: Plate, x: float, y: float, side: int, size: float) -> None:
    """A hanging flower: calyx, ribbed tube, spotted lip."""
    tube = 88 * size
    axis = np.array([side * 0.72, 0.69])
    across = np.array([-axis[1], axis[0]]) * side
    root = np.array([x + side * 6, y])
    t = np.linspace(0, 1, 26)
    half = tube * (0.10 + 0.25 * t**0.7 + 0.05 * np.sin(t * np.pi))
    droop = np.column_stack([np.zeros(26), tube * 0.16 * t**2])
    spine = root + t[:, None] * axis * tube + droop
    upper, lower = spine - across * half[:, None], spine + across * half[:, None] * 1.06
    body = np.vstack([upper, lower[::-1]])
    plate.fill_area(body)
    lines = lines_between(lower, upper, 3.9 if size > 0.6 else 3.4)
    deep = gradient_tone(tuple(lower[14]), tuple(upper[14]), (0.92, 0.0))
    plate.engrave(lines, deep, 3.8, body)
    plate.engrave(rungs(lower, spine, 4.6), gradient_tone(tuple(lower[14]), tuple(spine[14]), (0.7, 0.0)), 4.6, body)
    plate.draw_outline(body, 1.8)
    mouth = spine[-1]
    tilt = float(np.degrees(np.arctan2(across[1], across[0])))
    lip = ellipse(tuple(mouth), float(half[-1]) * 1.08, float(half[-1]) * 0.52, tilt=tilt)
    plate.fill_area(lip)
    plate.engrave(
        rings(tuple(mouth), (float(half[-1]), float(half[-1]) * 0.48), 3.4),
        gradient_tone(tuple(lower[-1]), tuple(upper[-1]), (0.25, 0.9)),
        3.4,
        lip,
    )
    plate.draw_outline(lip, 2.0)
    if size > 0.55:
        for _ in range(7):
            spot = mouth + plate.rng.normal(0, 1, 2) * half[-1] * 0.3 + across * half[-1] * 0.35
            plate.fill_area(ellipse((float(spot[0]), float(spot[1])), 2.6, 2.0), 1)
    for turn in (-0.5, 0.0, 0.5):
        sepal = root + points(
            (0, 0),
            (axis[0] * 14 - turn * 12 * across[0], axis[1] * 14 - turn * 12 * across[1]),
            (axis[0] * 26 * size - turn * 20 * across[0], axis[1] * 26 * size - turn * 20 * across[1]),
        )
        plate.draw_line(sepal, 6 * size + 1, ends=0.2)


def _draw_opened_flower(plate: Plate, x: float, y: float) -> None:
    """The flower cut open: stamens and the spots within."""
    left, right = (
        spline([(x - 14, y - 96), (x - 40, y - 30), (x - 62, y + 54)]),
        spline([(x + 14, y - 96), (x + 40, y - 30), (x + 62, y + 54)]),
    )
    lip = spline([(x + 62, y + 54), (x + 36, y + 78), (x, y + 66), (x - 36, y + 78), (x - 62, y + 54)])
    outline = np.vstack([left, lip[::-1], right[::-1]])
    plate.fill_area(outline)
    plate.engrave(
        lines_between(left, right, 5), lambda px, _: np.clip(np.abs(px - x) / 60, 0, 1) ** 1.6 * 0.7, 4.6, outline
    )
    plate.draw_outline(outline, 2)
    for offset, tall in ((-16, 66), (15, 92)):
        filament = spline([(x + offset * 0.4, y - 84), (x + offset * 1.5, y - 40), (x + offset * 0.7, y - 96 + tall)])
        plate.draw_line(filament, 2.4, ends=0.8)
        anther = ellipse((x + offset * 0.7, y - 92 + tall), 7, 3.4, tilt=62)
        plate.fill_area(anther, 1)
    for _ in range(16):
        px, py = x + plate.rng.normal(0, 13), y + plate.rng.uniform(12, 56)
        plate.fill_area(ellipse((px, py), 4.2, 3.4))
        plate.fill_area(ellipse((px, py), 2.6, 2.0), 1)


def oak_leaf() -> Plate:
    plate = Plate(300, 420, seed=72)
    _draw_leaf(plate, spline([(150, 380), (146, 280), (156, 160), (150, 30)], 40), 96, teeth=5, lobe=0.30, dark=0.8)
    plate.draw_line(spline([(150, 380), (152, 398), (146, 412)]), 5, ends=0.6)
    return plate


def birch_leaf() -> Plate:
    plate = Plate(300, 400, seed=73)
    _draw_leaf(plate, spline([(150, 330), (156, 230), (148, 130), (162, 26)], 40), 98, teeth=17, lobe=0.055, dark=0.75)
    plate.draw_line(spline([(150, 330), (146, 366), (158, 392)]), 4, ends=0.6)
    return plate


def fern() -> Plate:
    """A frond of the common polypody's manner, tip curled."""
    plate = Plate(320, 430, seed=74)
    rib = spline([(150, 424), (160, 320), (154, 200), (168, 90), (196, 34)], 30)
    for number in range(19):
        share = 0.12 + 0.045 * number
        point = rib[int(share * (len(rib) - 1))]
        reach = 124 * min(1.0, 0.55 + 1.6 * share) * (1.02 - share) ** 0.75
        for side in (-1, 1):
            tip = point + np.array([side * reach, -reach * 0.34])
            pinna = spline([tuple(point), tuple((point + tip) / 2 + (0, -8)), tuple(tip)], 12)
            _draw_leaf(plate, pinna, 3.0 + 7.0 * (1 - share), dark=0.8 if side > 0 else 0.5)
    plate.draw_line(rib, 4.4, ends=0.2)
    return plate


def acorn() -> Plate:
    plate = Plate(300, 400, seed=75)
    _draw_leaf(plate, spline([(150, 110), (220, 90), (270, 130), (290, 200)], 30), 44, teeth=4, lobe=0.25)
    nut_left, nut_right = (
        spline([(96, 196), (86, 270), (118, 350), (150, 384)]),
        spline([(204, 196), (214, 270), (182, 350), (150, 384)]),
    )
    nut = np.vstack([nut_left, nut_right[::-1]])
    plate.fill_area(nut)
    plate.engrave(
        lines_between(nut_left, nut_right, 4.2),
        lambda x, _: np.clip((x - 116) / 96, 0, 1) ** 1.2 * 0.95 + 0.25 * np.clip((110 - x) / 20, 0, 1),
        4.0,
        nut,
    )
    plate.draw_outline(nut, 2.2)
    cup = np.vstack(
        [
            spline([(78, 202), (84, 150), (150, 122), (216, 150), (222, 202)]),
            spline([(222, 202), (150, 224), (78, 202)]),
        ]
    )
    plate.fill_area(cup)
    for row in range(7):
        for column in range(14):
            x, y = 78 + column * 11 + (row % 2) * 5.5, 134 + row * 12
            inside = abs(x - 150) < 72 * np.sqrt(np.clip((y - 118) / 90, 0, 1)) and y < 212 - abs(x - 150) * 0.1
            if inside:
                plate.draw_line(ellipse((x, y), 5.5, 5, 10, 170), 1.4 + 2.6 * (x - 78) / 144, ends=0.5)
    plate.draw_outline(cup, 2.4)
    plate.draw_line(spline([(150, 126), (148, 80), (164, 30)]), 8, ends=0.7)
    return plate
