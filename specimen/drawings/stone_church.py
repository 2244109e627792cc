"""The whitewashed church by the sea."""

from specimen.drawings.curves import bounds, ellipse, joined, parallel, points, rectangle, spline
from specimen.drawings.nature import faded, grass, gulls, leaves, sky
from specimen.drawings.plate import Plate, even, noise, slope


def stone_church() -> Plate:
    """Fig. 4: the long church with its west tower, a stone wall and wind-bent trees."""
    plate = Plate(640, 520, seed=4)
    sky(plate, rectangle(0, 0, 640, 400), seed=61, dark=0.5)
    _trees(plate)
    nave = rectangle(262, 268, 260, 130)
    plate.hatched(nave, 0, even(0.2), 5.0)
    plate.engrave(parallel(bounds(nave), 58, 5.4, plate.rng), slope((400, 268), (540, 420), (0, 0.42)), 5.4, nave)
    plate.hatched(
        points((250, 272), (290, 190), (496, 190), (536, 272)), 64, slope((290, 190), (540, 272), (0.42, 0.72))
    )
    for row in range(1, 6):
        y = 190 + row * 14
        plate.line(points((290 - row * 6.8, y), (496 + row * 6.8, y)), 1.1, ends=1, ink=0)
    plate.hatched(rectangle(522, 300, 62, 98), 0, even(0.45))
    plate.hatched(points((514, 304), (534, 256), (570, 256), (592, 304)), 70, even(0.7))
    for x in (300, 356, 412, 468):
        _window(plate, x, 308, 20, 52)
    _window(plate, 545, 324, 14, 36)
    _west_tower(plate)
    _ground(plate)
    gulls(plate, (430, 96, 13), (468, 118, 9), (398, 74, 8))
    return plate


def _window(plate: Plate, x: float, y: float, width: float, tall: float) -> None:
    arch = ellipse((x + width / 2, y + width / 2), width / 2, width / 2, 180, 360)
    shape = joined(arch, points((x + width, y + tall), (x, y + tall)))
    plate.area(shape, 1.0)
    plate.line(points((x + width / 2, y), (x + width / 2, y + tall)), 1.6, ends=1, ink=0)
    for level in (0.45, 0.72):
        plate.line(points((x, y + tall * level), (x + width, y + tall * level)), 1.4, ends=1, ink=0)
    plate.line(points((x - 4, y + tall + 3), (x + width + 4, y + tall + 3)), 2.2, ends=1)


def _west_tower(plate: Plate) -> None:
    light, dark = rectangle(160, 196, 76, 204), points((236, 196), (270, 204), (270, 398), (236, 400))
    plate.hatched(light, 0, even(0.16), 5.2)
    plate.hatched(dark, 0, even(0.62))
    plate.engrave(parallel(bounds(dark), 62, 5.0, plate.rng), even(0.4), 5.0, dark)
    for y in (262.0, 330.0):
        plate.line(points((158, y), (236, y), (271, y + 3)), 2.2, ends=1)
    for y in (214.0, 280.0):
        _window(plate, 188, y, 18, 34)
    door = joined(ellipse((197, 364), 15, 16, 180, 360), points((212, 400), (182, 400)))
    plate.area(door, 1.0)
    for x in (190, 197, 204):
        plate.line(points((x, 352), (x, 399)), 1.0, ends=1, ink=0)
    spire_light = points((154, 200), (206, 46), (238, 200))
    spire_dark = points((238, 200), (206, 46), (276, 208))
    plate.hatched(spire_light, 74, slope((154, 0), (238, 0), (0.25, 0.5)))
    plate.hatched(spire_dark, 104, even(0.85))
    for part in (0.3, 0.5, 0.7, 0.88):
        y = 46.0 + 154.0 * part
        plate.line(
            points((206 - 52 * part, y), (206 + 32 * part, y), (206 + 70 * part, y + 5 * part)), 1.2, ends=1, ink=0
        )
    plate.line(points((206, 50), (206, 16)), 2.6, ends=1)
    plate.line(points((198, 28), (214, 28)), 2.4, ends=1)
    plate.area(ellipse((206, 44), 5, 5), 1)


def _trees(plate: Plate) -> None:
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
            plate.line(spline([(x + lean, y + 90), (x + lean * 0.4, y + 40), (x + lean, y)]), 5, ends=0.5)
        leaves(plate, crown, slope((x - wide, y - high), (x + wide, y + high * 0.6), (0.1, 1.0)), 8)


def _ground(plate: Plate) -> None:
    bank = joined(
        spline([(8, 418), (120, 396), (300, 398), (480, 396), (632, 410)]), points((600, 494), (320, 508), (60, 492))
    )
    plate.area(bank)
    turf = noise(19, 46, stretch=2.5)
    tone = faded(lambda x, y: 0.12 + 0.75 * turf(x, y) * (y - 390) / 90, plate, 0.12)
    plate.engrave(parallel(bounds(bank), 3, 4.8, plate.rng, wave=2.5), tone, 4.8, bank)
    path = spline([(196, 402), (214, 430), (190, 462), (240, 502)])
    plate.line(path, 26, ends=0.5, ink=0)
    for x, y, tall in ((300, 424, 28), (340, 436, 24), (384, 428, 30), (120, 436, 26), (450, 434, 22)):
        stone = joined(ellipse((x, y - tall + 8), 9, 9, 180, 360), points((x + 9, y), (x - 9, y)))
        plate.hatched(stone, 60, slope((x - 9, 0), (x + 9, 0), (0.1, 0.8)), 4, 1.6)
    _wall(plate)
    grass(plate, bank, 0.010, 12)


def _wall(plate: Plate) -> None:
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
            plate.hatched(
                stone,
                50,
                slope((x, y), (x + wide, y + 12), (0.0, float(plate.rng.uniform(0.4, 0.95)))),
                3.8,
                1.6,
            )
            x += wide
