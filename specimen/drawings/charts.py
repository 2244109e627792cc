"""Two charts with hatched columns."""

import numpy as np

from specimen.drawings.curves import bounds, parallel_lines, points, rectangle
from specimen.drawings.plate import Plate, even_tone


def _draw_chart(
    plate: Plate, values: list[tuple[str, float]], top: float, unit: str, hatches: tuple[float, ...]
) -> None:
    """Columns in alternate hatching on a ruled ground."""
    left, right, base, height = 84.0, plate.width - 24.0, plate.height - 66.0, plate.height - 130.0
    for level in np.linspace(0, top, 6):
        y = base - height * level / top
        plate.draw_line(points((left, y), (right, y)), 1.0, ends=1)
        plate.draw_text(f"{level:g}", left - 26, y + 6, "roman", 19)
    wide = (right - left) / len(values)
    for number, (name, value) in enumerate(values):
        tall = height * value / top
        column = rectangle(left + wide * (number + 0.18), base - tall, wide * 0.64, tall)
        plate.fill_area(column)
        angle = hatches[number % len(hatches)]
        plate.engrave(parallel_lines(bounds(column), angle, 6.2, plate.rng, wave=0.2), even_tone(0.42), 6.2, column)
        if number % 2:
            plate.engrave(
                parallel_lines(bounds(column), -angle, 6.2, plate.rng, wave=0.2), even_tone(0.34), 6.2, column
            )
        plate.draw_outline(column, 2.2)
        plate.draw_text(name, left + wide * (number + 0.5), base + 26, "roman", 19)
        plate.draw_text(f"{value:g}", left + wide * (number + 0.5), base - tall - 9, "italic", 19)
    plate.draw_line(points((left, base - height - 18), (left, base), (right, base)), 2.6, ends=1)
    plate.draw_text(unit, left - 40, 34, "italic", 20, middle=False)


def lights_chart() -> Plate:
    """Lights lit in each decade."""
    plate = Plate(640, 470, seed=122)
    decades = [("1810", 4.0), ("1820", 7.0), ("1830", 15.0), ("1840", 23.0), ("1850", 31.0), ("1860", 44.0)]
    _draw_chart(plate, decades, 50, "Antal Fyr", (45, 60, 90))
    return plate


def coal_chart() -> Plate:
    """Coal burnt under one boiler, by year."""
    plate = Plate(620, 440, seed=123)
    years = [
        ("1836", 92.0),
        ("1837", 88.0),
        ("1838", 71.0),
        ("1839", 64.0),
        ("1840", 60.0),
        ("1841", 47.0),
        ("1842", 43.0),
    ]
    _draw_chart(plate, years, 100, "Tons", (0, 45, 60))
    return plate
