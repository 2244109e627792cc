"""The whitewashed church by the sea."""

from specimen.drawings.curves import bounds, ellipse, join_curves, parallel_lines, points, rectangle, spline
from specimen.drawings.nature import draw_grass, draw_gulls, draw_leaves, draw_sky, fade_at_edges
from specimen.drawings.plate import Plate, even_tone, gradient_tone, noise_tone


def stone_church() -> Plate:
    """Fig. 4: the long church with its west tower, a stone wall and wind-bent trees."""
    plate = Plate(640, 520, seed=4)
    draw_sky(plate, rectangle(0, 0, 640, 400), seed=61, dark=0.5)
    _draw_trees(plate)
    nave = rectangle(262, 268, 260, 130)
    plate.hatch(nave, 0, even_tone(0.2), 5.0)
    plate.engrave(
        parallel_lines(bounds(nave), 58, 5.4, plate.rng), gradient_tone((400, 268), (540, 420), (0, 0.42)), 5.4, nave
    )
    plate.hatch(
        points((250, 272), (290, 190), (496, 190), (536, 272)), 64, gradient_tone((290, 190), (540, 272), (0.42, 0.72))
    )
    for row in range(1, 6):
        y = 190 + row * 14
        plate.draw_line(points((290 - row * 6.8, y), (496 + row * 6.8, y)), 1.1, ends=1, ink=0)
    plate.hatch(rectangle(522, 300, 62, 98), 0, even_tone(0.45))
    plate.hatch(points((514, 304), (534, 256), (570, 256), (592, 304)), 70, even_tone(0.7))
    for x in (300, 356, 412, 468):
        _draw_window(plate, x, 308, 20, 52)
    _draw_window(plate, 545, 324, 14, 36)
    _draw_west_tower(plate)
    _draw_ground(plate)
    draw_gulls(plate, (430, 96, 13), (468, 118, 9), (398, 74, 8))
    return plate


def _draw_window(plate: Plate, x: float, y: float, width: float, tall: float) -> None:
    arch = ellipse((x + width / 2, y + width / 2), width / 2, width / 2, 180, 360)
    shape = join_curves(arch, points((x + width, y + tall), (x, y + tall)))
    plate.fill_area(shape, 1.0)
    plate.draw_line(points((x + width / 2, y), (x + width / 2, y + tall)), 1.6, ends=1, ink=0)
    for level in (0.45, 0.72):
        plate.draw_line(points((x, y + tall * level), (x + width, y + tall * level)), 1.4, ends=1, ink=0)
    plate.draw_line(points((x - 4, y + tall + 3), (x + width + 4, y + tall + 3)), 2.2, ends=1)


def _draw_west_tower(plate: Plate) -> None:
    light, dark = rectangle(160, 196, 76, 204), points((236, 196), (270, 204), (270, 398), (236, 400))
    plate.hatch(light, 0, even_tone(0.16), 5.2)
    plate.hatch(dark, 0, even_tone(0.62))
    plate.engrave(parallel_lines(bounds(dark), 62, 5.0, plate.rng), even_tone(0.4), 5.0, dark)
    for y in (262.0, 330.0):
        plate.draw_line(points((158, y), (236, y), (271, y + 3)), 2.2, ends=1)
    for y in (214.0, 280.0):
        _draw_window(plate, 188, y, 18, 34)
    door = join_curves(ellipse((197, 364), 15, 16, 180, 360), points((212, 400), (182, 400)))
    plate.fill_area(door, 1.0)
    for x in (190, 197, 204):
        plate.draw_line(points((x, 352), (x, 399)), 1.0, ends=1, ink=0)
    spire_light = points((154, 200), (206, 46), (238, 200))
    spire_dark = points((238, 200), (206, 46), (276, 208))
    plate.hatch(spire_light, 74, gradient_tone((154, 0), (238, 0), (0.25, 0.5)))
    plate.hatch(spire_dark, 104, even_tone(0.85))
    for share in (0.3, 0.5, 0.7, 0.88):
        y = 46.0 + 154.0 * share
        plate.draw_line(
            points((206 - 52 * share, y), (206 + 32 * share, y), (206 + 70 * share, y + 5 * share)), 1.2, ends=1, ink=0
        )
    plate.draw_line(points((206, 50), (206, 16)), 2.6, ends=1)
    plate.draw_line(points((198, 28), (214, 28)), 2.4, ends=1)
    plate.fill_area(ellipse((206, 44), 5, 5), 1)


def _draw_trees(plate: Plate) -> None:
    for x, y, wide, high in ((92, 300, 58, 62), (48, 338, 40, 44), (590, 330, 44, 50), (128, 340, 38, 46)):
        crown = spline(
            [
                (x - wide, y),
                (x - wide * 0.8, y - high * 0.6),
                (x - wide * 0.2, y - high),
                (x + wide * 0.6, y - high * 0.8),
                (x + wide, y - 6),
                (x + wide * 0.6, y + high * 0.5),
                (x - wide * 0.4, y + high * 0.55),
            ],
            7,
            closed=True,
        )
        for lean in (-8, 6):
            plate.draw_line(spline([(x + lean, y + 90), (x + lean * 0.4, y + 40), (x + lean, y)]), 5, ends=0.5)
        draw_leaves(plate, crown, gradient_tone((x - wide, y - high), (x + wide, y + high * 0.6), (0.1, 1.0)), 8)


def _draw_ground(plate: Plate) -> None:
    bank = join_curves(
        spline([(8, 418), (120, 396), (300, 398), (480, 396), (632, 410)]), points((600, 494), (320, 508), (60, 492))
    )
    plate.fill_area(bank)
    turf = noise_tone(19, 46, stretch=2.5)
    tone = fade_at_edges(lambda x, y: 0.12 + 0.75 * turf(x, y) * (y - 390) / 90, plate, 0.12)
    plate.engrave(parallel_lines(bounds(bank), 3, 4.8, plate.rng, wave=2.5), tone, 4.8, bank)
    path = spline([(196, 402), (214, 430), (190, 462), (240, 502)])
    plate.draw_line(path, 26, ends=0.5, ink=0)
    for x, y, tall in ((300, 424, 28), (340, 436, 24), (384, 428, 30), (120, 436, 26), (450, 434, 22)):
        stone = join_curves(ellipse((x, y - tall + 8), 9, 9, 180, 360), points((x + 9, y), (x - 9, y)))
        plate.hatch(stone, 60, gradient_tone((x - 9, 0), (x + 9, 0), (0.1, 0.8)), 4, 1.6)
    _draw_wall(plate)
    draw_grass(plate, bank, 0.010, 12)


def _draw_wall(plate: Plate) -> None:
    """A dry wall: rows of unequal stones."""
    for row in range(3):
        x = 330.0 + row * 4
        while x < 590:
            wide = float(plate.rng.uniform(13, 26))
            y = 452 + row * 12 + (x - 330) * -0.02
            stone = spline(
                [
                    (x + 1, y + 2),
                    (x + wide * 0.5, y),
                    (x + wide - 1, y + 2),
                    (x + wide - 1, y + 10),
                    (x + wide * 0.4, y + 11),
                    (x + 1, y + 10),
                ],
                4,
                closed=True,
            )
            plate.hatch(
                stone,
                50,
                gradient_tone((x, y), (x + wide, y + 12), (0.0, float(plate.rng.uniform(0.4, 0.95)))),
                3.8,
                1.6,
            )
            x += wide
