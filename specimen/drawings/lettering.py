"""Drop capitals: a letter reversed out of a ground of leaves, or an ornate one from the type case."""

import numpy as np

from specimen.drawings.curves import ellipse, parallel_lines, rectangle, spline
from specimen.drawings.plate import Plate, even_tone
from specimen.typeset import ink_box


def initial(face: str, letter: str, height: int) -> Plate:
    """`initials` is EB Garamond's ornate fount; any other face stands white on a cut ground."""
    if face != "initials":
        return _letter_on_leaves(face, letter, height)
    left, top, right, bottom = ink_box(letter, face, 100)
    size = 100 * height / (bottom - top)
    plate = Plate(round((right - left) * size / 100) + 8, height + 8, seed=ord(letter))
    plate.draw_text(letter, 4 - left * size / 100, 4 - top * size / 100, face, size, middle=False)
    return plate


def _letter_on_leaves(face: str, letter: str, size: int) -> Plate:
    plate = Plate(size + 8, size + 8, seed=ord(letter))
    frame = rectangle(4, 4, size, size)
    plate.fill_area(frame, 1.0)
    plate.engrave(parallel_lines((4, 4, size, size), 0, 4.6, plate.rng, wave=0.2), even_tone(0.36), 4.6, frame, ink=0)
    _draw_scrolls(plate, size)
    for dx, dy in ((-2.4, 0), (2.4, 0), (0, -2.4), (0, 2.4), (1.7, 1.7), (-1.7, 1.7), (1.7, -1.7), (-1.7, -1.7)):
        plate.draw_text(letter, 4 + size / 2 + dx, 4 + size * 0.76 + dy, face, size * 0.84)
    plate.draw_text(letter, 4 + size / 2, 4 + size * 0.76, face, size * 0.84, ink=0)
    plate.draw_line(np.vstack([frame, frame[:1]]), 3.4, ends=1)
    inner = rectangle(9, 9, size - 10, size - 10)
    plate.draw_line(np.vstack([inner, inner[:1]]), 1.5, ends=1, ink=0)
    return plate


def _draw_scrolls(plate: Plate, size: int) -> None:
    """Tendrils from each corner, in white with a black rib."""
    half = 4 + size / 2
    for sx in (-1, 1):
        for sy in (-1, 1):

            def at(x: float, y: float, sx: int = sx, sy: int = sy) -> tuple[float, float]:
                return half + sx * x * size, half + sy * y * size

            vine = spline([at(0.44, 0.44), at(0.40, 0.12), at(0.22, 0.10), at(0.16, 0.28), at(0.28, 0.34)])
            plate.draw_line(vine, 5.5, ends=0.3, ink=0)
            plate.draw_line(vine, 1.3, ends=0.3)
            for cx, cy, turn in ((0.36, 0.20, 40), (0.12, 0.40, -30), (0.40, 0.34, 80), (0.24, 0.18, 10)):
                leaf = ellipse(at(cx, cy), size * 0.066, size * 0.032, tilt=turn * sx * sy)
                plate.fill_area(leaf)
                plate.draw_line(np.vstack([leaf[len(leaf) // 2 : len(leaf) // 2 + 1], leaf[:1]]), 1.3, ends=1)
            berry = at(0.29, 0.40)
            plate.fill_area(ellipse(berry, size * 0.028, size * 0.028))
            plate.fill_area(ellipse(berry, size * 0.012, size * 0.012), 1)
