"""The tarred church of staves in its valley."""

from specimen.drawings.curves import bounds, ellipse, join_curves, parallel_lines, points, rectangle, spline
from specimen.drawings.nature import draw_grass, draw_sky, fade_at_edges
from specimen.drawings.plate import Plate, even_tone, gradient_tone, noise_tone


def stave_church() -> Plate:
    """Three tiers of shingled roof, dragon heads, the open gallery round the foot."""
    plate = Plate(600, 640, seed=1180)
    draw_sky(plate, rectangle(0, 0, 600, 470), seed=88, dark=0.46)
    for x, y, tall in ((66, 520, 250), (112, 520, 190), (520, 520, 230), (562, 520, 160)):
        _draw_spruce(plate, x, y, tall)
    for base, half, top, reach in ((520, 190, 448, 222), (452, 138, 356, 176), (350, 94, 262, 128), (258, 46, 196, 70)):
        _draw_tier(plate, base, half, top, reach)
    _draw_spirelet(plate)
    _draw_porch(plate)
    bank = join_curves(
        spline([(6, 536), (150, 518), (320, 522), (470, 518), (594, 532)]), points((560, 612), (300, 628), (50, 610))
    )
    plate.fill_area(bank)
    turf = noise_tone(3, 44, stretch=2.2)
    tone = fade_at_edges(lambda x, y: 0.15 + 0.8 * turf(x, y) * (y - 512) / 90, plate, 0.1)
    plate.engrave(parallel_lines(bounds(bank), 2, 4.8, plate.rng, wave=2.5), tone, 4.8, bank)
    draw_grass(plate, bank, 0.012, 13)
    plate.draw_line(spline([(300, 524), (316, 560), (286, 590), (330, 626)]), 30, ends=0.5, ink=0)
    return plate


def _draw_tier(plate: Plate, base: float, half: float, top: float, reach: float) -> None:
    """Staves of a storey and the shingled roof above them."""
    middle, rise = 300.0, (base - top)
    wall = rectangle(middle - half, top + rise * 0.1, 2 * half, rise * 0.9)
    plate.fill_area(wall)
    tone = gradient_tone((middle - half, 0), (middle + half, 0), (0.45, 0.95))
    plate.engrave(parallel_lines(bounds(wall), 90, 7.0, plate.rng, wave=0.3), tone, 7.0, wall)
    plate.engrave(
        parallel_lines(bounds(wall), 0, 4.4, plate.rng, wave=0.3),
        gradient_tone((0, top), (0, base), (0.8, 0.1)),
        4.4,
        wall,
    )
    plate.draw_outline(wall, 2)
    eaves, ridge = top + rise * 0.42, top - rise * 0.42
    inner = reach * 0.5
    roof = points((middle - reach, eaves), (middle - inner, ridge), (middle + inner, ridge), (middle + reach, eaves))
    plate.fill_area(roof)
    _draw_shingles(plate, middle, (inner, reach), (ridge, eaves))
    plate.draw_outline(roof, 2.4)
    plate.draw_line(points((middle - reach - 2, eaves + 3), (middle + reach + 2, eaves + 3)), 4, ends=0.9)
    for side in (-1, 1):
        x = middle + side * inner
        plate.draw_line(
            spline([(x, ridge), (x + side * 10, ridge - 10), (x + side * 22, ridge - 12), (x + side * 26, ridge - 5)]),
            4.4,
            ends=0.4,
        )


def _draw_shingles(plate: Plate, middle: float, half: tuple[float, float], level: tuple[float, float]) -> None:
    rows = max(4, round((level[1] - level[0]) / 10))
    for row in range(rows):
        share = (row + 1) / rows
        y, wide = level[0] + (level[1] - level[0]) * share, half[0] + (half[1] - half[0]) * share
        x = middle - wide + (row % 2) * 5.5
        while x < middle + wide:
            dark = 0.35 + 0.5 * (x - middle + wide) / (2 * wide)
            scale = ellipse((x + 5.5, y - 3), 5.5, 5, 0, 180)
            plate.draw_line(scale, 1.5 + 1.5 * dark, ends=0.8)
            plate.draw_line(points((x, y - 10), (x, y - 3)), 0.9 + dark, ends=1)
            if dark > 0.55:
                plate.draw_line(points((x + 3, y - 10), (x + 3, y - 2)), 1.2 * dark, ends=1)
                plate.draw_line(points((x + 7, y - 10), (x + 7, y - 2)), 1.5 * dark, ends=1)
            x += 11


def _draw_spirelet(plate: Plate) -> None:
    turret = rectangle(276, 140, 48, 56)
    plate.hatch(turret, 90, gradient_tone((276, 0), (324, 0), (0.4, 0.95)), 5.5)
    for x in (286, 304):
        plate.fill_area(rectangle(x, 152, 10, 22), 1.0)
    left, right = points((262, 142), (300, 36), (306, 142)), points((306, 142), (300, 36), (338, 142))
    plate.hatch(left, 78, even_tone(0.5))
    plate.hatch(right, 104, even_tone(0.9))
    plate.draw_line(points((300, 40), (300, 8)), 2.4, ends=1)
    plate.draw_line(points((293, 18), (307, 18)), 2.2, ends=1)


def _draw_porch(plate: Plate) -> None:
    """The gallery's small arches, and the carved doorway under its own gable."""
    for x in range(122, 480, 19):
        if abs(x - 292) < 34:
            continue
        arch = join_curves(ellipse((x + 6, 496), 6, 7, 180, 360), points((x + 12, 516), (x, 516)))
        plate.fill_area(arch, 1.0)
        plate.draw_outline(arch, 2.6, ink=0)
    wall, gable = rectangle(262, 460, 76, 64), points((248, 464), (300, 404), (352, 464))
    plate.hatch(wall, 90, even_tone(0.5), 6)
    plate.hatch(gable, 90, even_tone(0.62), 6)
    plate.draw_line(points((244, 468), (300, 402), (356, 468)), 5, ends=0.8)
    door = join_curves(ellipse((300, 486), 17, 20, 180, 360), points((317, 524), (283, 524)))
    plate.fill_area(door, 1.0)
    for grow in (5, 10):
        frame = join_curves(
            points((283 - grow, 524)), ellipse((300, 486), 17 + grow, 20 + grow, 180, 360), points((317 + grow, 524))
        )
        plate.draw_line(frame, 2.0, ends=1, ink=float(grow == 10))


def _draw_spruce(plate: Plate, x: float, y: float, tall: float) -> None:
    plate.draw_line(points((x, y), (x, y - tall)), 5, ends=0.3)
    for level in range(14):
        share = (level + 1) / 14
        bough_y, reach = y - tall * (1 - share * 0.92), tall * 0.21 * share**0.85
        for side in (-1, 1):
            for twig in range(5):
                span = reach * (0.45 + 0.14 * twig)
                bough = spline(
                    [
                        (x, bough_y + twig * 2),
                        (x + side * span * 0.5, bough_y + 7 + twig * 2),
                        (x + side * span, bough_y + 3 + span * 0.22 + twig * 2),
                    ]
                )
                plate.draw_line(bough, 2.4 if side > 0 else 1.5, ends=0.2)
