"""An iron hand press."""

import numpy as np

from specimen.drawings.beam_engine import draw_wheel
from specimen.drawings.curves import bounds, ellipse, move_curve, parallel_lines, points, rectangle, spline
from specimen.drawings.plate import Plate, cylinder_tone, even_tone, gradient_tone


def press() -> Plate:
    """Fig. 3: bar, toggle and platen; the bed half run in; a sheet on the tympan."""
    plate = Plate(640, 600, seed=102)
    for x in (150, 380):
        plate.hatch(
            points((x - 8, 500), (x + 58, 500), (x + 76, 560), (x - 26, 560)),
            0,
            gradient_tone((x - 20, 0), (x + 70, 0), (0.3, 0.95)),
        )
        plate.hatch(points((x, 120), (x + 50, 120), (x + 50, 502), (x, 502)), 0, cylinder_tone(x, x + 50, dark=0.95))
        for level in (170, 300, 440):
            plate.draw_line(points((x - 2, level), (x + 52, level)), 3.2, ends=1)
    _draw_crown(plate)
    _draw_toggle(plate)
    _draw_bed(plate)
    _draw_tympan(plate)
    for row in range(8):
        plate.draw_line(
            spline([(60 + row * 16, 566 + row * 3), (320, 570 + row * 3), (610 - row * 22, 562 + row * 4)]),
            2.8,
            ends=0.1,
        )
    return plate


def _draw_crown(plate: Plate) -> None:
    beam = np.vstack(
        [
            spline([(120, 120), (130, 84), (200, 66), (290, 58), (380, 66), (450, 84), (460, 120)]),
            points((460, 146), (120, 146)),
        ]
    )
    plate.hatch(beam, 0, gradient_tone((0, 60), (0, 146), (0.1, 0.9)))
    scroll = spline([(200, 112), (230, 92), (262, 100), (290, 118), (318, 100), (350, 92), (380, 112)])
    plate.draw_line(scroll, 4.4, ends=0.3, ink=0)
    plate.draw_line(move_curve(scroll, 0, 2), 1.6, ends=0.3)
    eagle = spline(
        [(232, 58), (210, 34), (240, 42), (268, 30), (290, 6), (312, 30), (340, 42), (370, 34), (348, 58)], 6
    )
    plate.fill_area(eagle)
    plate.engrave(
        parallel_lines(bounds(eagle), 60, 4, plate.rng), gradient_tone((210, 0), (370, 0), (0.3, 0.9)), 4, eagle
    )
    plate.draw_outline(eagle, 2.2)


def _draw_toggle(plate: Plate) -> None:
    for shape, angle in (
        (points((270, 146), (312, 146), (322, 206), (280, 212)), 0),
        (points((280, 212), (322, 206), (304, 268), (276, 268)), 0),
    ):
        plate.hatch(shape, angle, cylinder_tone(268, 324, dark=0.95), 4)
    plate.fill_area(ellipse((300, 208), 15, 15))
    plate.draw_line(ellipse((300, 208), 14, 14), 3, ends=1)
    bar = spline([(300, 208), (226, 218), (150, 236), (66, 236)])
    plate.draw_line(bar, 10, ends=0.9)
    plate.draw_line(bar - (0, 2), 2.2, ends=0.6, ink=0)
    grip = points((20, 226), (74, 229), (74, 245), (20, 248))
    plate.hatch(grip, 90, gradient_tone((0, 226), (0, 248), (0.1, 0.9)), 4)
    for x in (212, 356):
        spring = [ellipse((x, 176 + 9 * turn), 11, 5) for turn in range(9)]
        for coil in spring:
            plate.draw_line(coil, 2.6, ends=1)
    plate.hatch(
        points((196, 268), (384, 268), (374, 292), (206, 292)), 0, gradient_tone((0, 268), (0, 292), (0.2, 0.7))
    )
    plate.hatch(rectangle(188, 292, 204, 22), 0, gradient_tone((188, 0), (392, 0), (0.4, 0.95)))


def _draw_bed(plate: Plate) -> None:
    plate.hatch(rectangle(60, 372, 500, 18), 0, gradient_tone((0, 372), (0, 390), (0.1, 0.8)))
    plate.hatch(rectangle(196, 340, 330, 32), 90, gradient_tone((196, 0), (526, 0), (0.25, 0.8)))
    for x in (96, 528):
        plate.hatch(
            points((x - 7, 390), (x + 7, 390), (x + 10, 562), (x - 10, 562)),
            0,
            cylinder_tone(x - 10, x + 10, dark=0.95),
            4,
        )
    draw_wheel(plate, (300, 430), 38, 9, 6)
    handle = spline([(300, 430), (336, 452), (372, 446)])
    plate.draw_line(handle, 6, ends=0.9)
    plate.hatch(rectangle(366, 438, 34, 14), 90, gradient_tone((0, 438), (0, 452), (0.1, 0.95)), 4)
    belt = points((140, 396), (300, 394), (460, 396))
    plate.draw_line(belt, 3, ends=1)


def _draw_tympan(plate: Plate) -> None:
    """Hinged up, with the printed sheet upon it."""
    frame = points((516, 344), (536, 338), (622, 178), (602, 174))
    plate.hatch(frame, 0, even_tone(0.7), 4)
    sheet = points((496, 336), (520, 338), (600, 188), (574, 182))
    sheet = points((440, 322), (516, 340), (602, 182), (528, 160))
    plate.fill_area(sheet)
    for row in range(15):
        share = 0.1 + row * 0.056
        a, b = sheet[0] + (sheet[3] - sheet[0]) * share, sheet[1] + (sheet[2] - sheet[1]) * share
        for start, end in ((0.1, 0.46), (0.54, 0.9)):
            plate.draw_line(np.linspace(a + (b - a) * start, a + (b - a) * end, 8), 2.4, ends=0.8)
    plate.draw_outline(sheet, 2.4)
    plate.draw_line(points((440, 322), (528, 160)), 5, ends=1)
    plate.draw_line(points((602, 182), (528, 160)), 5, ends=1)
