"""Headpieces, tailpieces, rules and flowers from the printer's case."""

import numpy as np

from specimen.drawings.curves import Points, bounds, ellipse, move_curve, parallel_lines, points, rectangle, spline
from specimen.drawings.nature import draw_gulls
from specimen.drawings.nautical import anchor
from specimen.drawings.plate import OVERSAMPLING, Plate, Tone, even_tone, gradient_tone


def _draw_leaf(plate: Plate, root: tuple[float, float], turn: float, size: float) -> None:
    """An acanthus-like leaf, half black."""
    spine = np.array([[0, 0], [0.5, -0.10], [1.0, 0.06]]) * size
    upper = (
        np.array([[0, 0], [0.18, -0.26], [0.36, -0.22], [0.48, -0.40], [0.66, -0.26], [0.80, -0.22], [1.0, 0.06]])
        * size
    )
    lower = np.array([[0, 0], [0.25, 0.16], [0.42, 0.12], [0.60, 0.24], [0.78, 0.14], [1.0, 0.06]]) * size
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    rotate = np.array([[c, s], [-s, c]])
    edge_up, edge_low, rib = (spline(part @ rotate + np.array(root), 6) for part in (upper, lower, spine))
    pale, dark = np.vstack([rib, edge_up[::-1]]), np.vstack([rib, edge_low[::-1]])
    for shape in (pale, dark):
        plate.fill_area(shape)
    plate.engrave(parallel_lines(bounds(pale), turn + 60, 3.8, plate.rng, wave=0), even_tone(0.3), 3.8, pale)
    plate.engrave(parallel_lines(bounds(dark), turn + 20, 3.4, plate.rng, wave=0), even_tone(0.8), 3.4, dark)
    plate.draw_line(edge_up, 1.9, ends=0.4)
    plate.draw_line(edge_low, 2.2, ends=0.4)
    plate.draw_line(rib, 1.6, ends=0.3)


def _draw_volute(plate: Plate, centre: tuple[float, float], size: float, *, flip: int, rise: int = 1) -> None:
    (x, y), turns = centre, 2.1
    t = np.linspace(0, turns * 2 * np.pi, 120)
    radius = size * (1 - t / t[-1]) ** 0.8 + 2
    curl = np.column_stack([x + flip * radius * np.cos(t), y - rise * radius * np.sin(t)])
    plate.draw_line(curl, 4.6, ends=0.45)
    plate.fill_area(ellipse((float(curl[-1, 0]), float(curl[-1, 1])), 4.4, 4.4), 1)


def headpiece_leaves() -> Plate:
    """A scrolling branch either way from a flower."""
    plate = Plate(700, 130, seed=111)
    for flip in (-1, 1):
        stem = spline(
            [
                (350 + flip * x, y)
                for x, y in ((0, 66), (60, 96), (120, 66), (180, 36), (240, 66), (290, 92), (332, 68))
            ],
            16,
        )
        plate.draw_line(stem, 4.2, ends=0.3)
        for x, y, size, rise in ((92, 62, 26, -1), (208, 70, 26, 1), (304, 62, 18, -1)):
            _draw_volute(plate, (350 + flip * x, y), size, flip=flip, rise=rise)
        for x, y, turn, size in (
            (40, 92, 60, 34),
            (66, 94, -50, 46),
            (132, 58, -70, 42),
            (150, 48, 66, 44),
            (184, 36, -40, 40),
            (250, 74, 68, 40),
            (262, 82, -50, 40),
            (322, 74, -10, 30),
            (120, 74, 40, 34),
        ):
            _draw_leaf(plate, (350 + flip * x, y), turn if flip > 0 else 180 - turn, size)
    _draw_flower(plate, 350, 64, 36)
    for y in (5, 124):
        plate.draw_line(points((6, y), (694, y)), 3.2, ends=1)
    for y in (11, 118):
        plate.draw_line(points((6, y), (694, y)), 1.3, ends=1)
    return plate


def _draw_flower(plate: Plate, x: float, y: float, size: float) -> None:
    for ring, count in ((1.0, 10), (0.66, 8)):
        for number in range(count):
            turn = 2 * np.pi * number / count + ring
            cx, cy = x + size * 0.6 * ring * np.cos(turn), y + size * 0.6 * ring * np.sin(turn)
            petal = ellipse((cx, cy), size * 0.42 * ring, size * 0.22 * ring, tilt=np.degrees(turn))
            plate.fill_area(petal)
            start = np.array([x, y])
            rays = [np.vstack([start, petal[i]]) for i in range(0, len(petal), 5)]
            plate.engrave(
                [np.linspace(r[0], r[1], 16) for r in rays],
                _heart_tone(x, y, size * ring),
                3.2,
                petal,
            )
            plate.draw_outline(petal, 1.8)
    plate.fill_area(ellipse((x, y), size * 0.22, size * 0.22))
    plate.stipple(ellipse((x, y), size * 0.22, size * 0.22), even_tone(0.7), 4)
    plate.draw_line(ellipse((x, y), size * 0.22, size * 0.22), 2, ends=1)


def _heart_tone(x: float, y: float, reach: float) -> Tone:
    return lambda px, py: np.clip(1.2 - np.hypot(px - x, py - y) / reach, 0, 1)


def headpiece_waves() -> Plate:
    """Running waves under a row of shells, for a book of the sea."""
    plate = Plate(660, 120, seed=112)
    frame = rectangle(4, 4, 652, 112)
    plate.engrave(
        parallel_lines(bounds(frame), 0, 4.4, plate.rng, wave=0.2),
        gradient_tone((0, 4), (0, 80), (0.72, 0.1)),
        4.4,
        frame,
    )
    for number in range(11):
        x = 36 + number * 60
        _draw_breaker(plate, x, 84)
    for x, size in ((330, 36), (190, 22), (470, 22), (80, 16), (580, 16)):
        _draw_shell(plate, x, 62, size)
    draw_gulls(plate, (262, 30, 11), (398, 32, 11), (130, 34, 8), (532, 34, 8))
    plate.draw_line(np.vstack([frame, frame[:1]]), 3.2, ends=1)
    inner = rectangle(10, 10, 640, 100)
    plate.draw_line(np.vstack([inner, inner[:1]]), 1.3, ends=1)
    return plate


def _draw_breaker(plate: Plate, x: float, y: float) -> None:
    crest = spline(
        [
            (x - 40, y + 24),
            (x - 16, y + 2),
            (x + 6, y - 20),
            (x + 26, y - 18),
            (x + 30, y - 4),
            (x + 20, y + 2),
            (x + 14, y - 6),
        ],
        8,
    )
    body = np.vstack([crest, points((x + 22, y + 14), (x + 40, y + 24))])
    plate.fill_area(body)
    for shift in range(6):
        plate.draw_line(
            move_curve(crest[: len(crest) - shift * 5], shift * 4.6, shift * 4.2), 3.4 - shift * 0.35, ends=0.25
        )


def _draw_shell(plate: Plate, x: float, y: float, size: float) -> None:
    rim = [
        (x + size * np.cos(t), y - size * (0.05 + np.sin(t)) - 2.4 * (i % 2))
        for i, t in enumerate(np.linspace(0.05, np.pi - 0.05, 15))
    ]
    outline = np.vstack(
        [spline(rim, 4), points((x - size * 0.22, y + size * 0.34), (x + size * 0.22, y + size * 0.34))]
    )
    plate.fill_area(outline)
    root = (x, y + size * 0.34)
    ribs = [np.linspace(root, tip, 16) for tip in rim]
    plate.engrave(ribs, lambda px, _: np.clip(0.25 + 0.7 * (px - x + size) / (2 * size), 0, 1), 4.2, outline)
    for part in (0.5, 0.74):
        plate.draw_line(
            spline([(x + (px - x) * part, root[1] + (py - root[1]) * part) for px, py in rim], 4), 1.3, ends=0.6
        )
    plate.draw_outline(outline, 2.2)


def headpiece_knots() -> Plate:
    """An interlace in the old northern manner."""
    plate = Plate(640, 110, seed=113)
    t = np.linspace(0, 11 * np.pi, 700)
    x = 20 + 600 * t / t[-1]
    strands = [55 + 30 * np.sin(t + phase) for phase in (0, 2 * np.pi / 3, 4 * np.pi / 3)]
    pieces: list[tuple[float, Points]] = []
    for phase, y in zip((0, 2 * np.pi / 3, 4 * np.pi / 3), strands, strict=True):
        depth = np.cos(1.5 * (t + phase) * 2)
        strand = np.column_stack([x, y])
        pieces += [(float(depth[start]), strand[start : start + 13]) for start in range(0, 700, 10)]
    for _, piece in sorted(pieces, key=lambda depth_and_piece: depth_and_piece[0]):
        plate.draw_line(piece, 17, ends=1)
        plate.draw_line(piece, 12, ends=1, ink=0)
        plate.draw_line(move_curve(piece, 0, 3), 2.2, ends=1)
    for end, flip in ((20, -1), (620, 1)):
        _draw_beast(plate, end, 55, flip)
    for level in (6, 104):
        plate.draw_line(points((20, level), (620, level)), 3, ends=0.2)
    return plate


def _draw_beast(plate: Plate, x: float, y: float, flip: int) -> None:
    head = spline(
        [
            (x - flip * 12, y - 24),
            (x + flip * 2, y - 30),
            (x + flip * 17, y - 12),
            (x + flip * 14, y),
            (x + flip * 17, y + 12),
            (x + flip * 2, y + 30),
            (x - flip * 12, y + 24),
        ],
        8,
    )
    plate.fill_area(head)
    plate.engrave(parallel_lines(bounds(head), 90, 4, plate.rng), even_tone(0.5), 4, head)
    plate.draw_outline(head, 2.4)
    plate.fill_area(ellipse((x, y - 10), 5, 5))
    plate.fill_area(ellipse((x, y - 10), 3, 3), 1)


def tailpiece_anchor() -> Plate:
    """The anchor of the plates, smaller, between two sprays."""
    plate = Plate(340, 200, seed=114)
    for flip in (-1, 1):
        stem = spline([(170 + flip * 10, 180), (170 + flip * 70, 160), (170 + flip * 128, 110), (170 + flip * 150, 50)])
        plate.draw_line(stem, 3.4, ends=0.2)
        for i in range(8, len(stem) - 2, 6):
            for side in (-62, 50):
                turn = -24 - i * 1.2 + side
                _draw_leaf(
                    plate, (float(stem[i, 0]), float(stem[i, 1])), turn if flip > 0 else 180 - turn, 34 - i * 0.3
                )
    small = anchor().ink[::2, ::2]
    plate.stamp(small, 170 - small.shape[1] / OVERSAMPLING / 2, 0)
    return plate


def tailpiece_scroll() -> Plate:
    plate = Plate(320, 150, seed=115)
    for flip in (-1, 1):
        _draw_volute(plate, (160 + flip * 62, 50), 34, flip=flip)
        _draw_volute(plate, (160 + flip * 44, 98), 18, flip=flip, rise=-1)
        for x, y, turn, size in (
            (20, 66, -46, 62),
            (92, 56, -12, 56),
            (34, 96, 44, 44),
            (8, 110, 70, 34),
            (84, 74, 36, 46),
        ):
            _draw_leaf(plate, (160 + flip * x, y), turn if flip > 0 else 180 - turn, size)
    _draw_flower(plate, 160, 70, 24)
    plate.draw_line(spline([(160, 96), (160, 120), (160, 146)]), 4.4, ends=0.1)
    return plate


def swelled_rule() -> Plate:
    """Thin at both ends, a lozenge at the middle."""
    plate = Plate(260, 22, seed=116)
    plate.draw_line(points(*[(x, 11) for x in np.linspace(4, 256, 60)]), 5.4, ends=0.1)
    lozenge = points((112, 11), (130, 3), (148, 11), (130, 19))
    plate.fill_area(lozenge)
    plate.fill_area(points((118, 11), (130, 6), (142, 11), (130, 16)), 1)
    return plate


def title_flower() -> Plate:
    """A printer's flower in four parts."""
    plate = Plate(200, 200, seed=117)
    for turn in range(0, 360, 45):
        reach = 12 if turn % 90 else 20
        root = (100 + reach * np.cos(np.radians(turn)), 100 + reach * np.sin(np.radians(turn)))
        _draw_leaf(plate, root, turn, 62 if turn % 90 else 74)
    _draw_flower(plate, 100, 100, 30)
    return plate
