"""ALTO written for one test: pages, boxes and text blocks."""

from core.geometry import Box


def corners(box: Box) -> tuple[float, ...]:
    return box.x, box.y, box.width, box.height


def alto(inside: str, *, size: str = 'WIDTH="1000" HEIGHT="1000"', unit: str = "pixel", before: str = "") -> bytes:
    described = f"<Description><MeasurementUnit>{unit}</MeasurementUnit></Description>"
    return f'<alto>{described}{before}<Layout><Page ID="P1" {size}>{inside}</Page></Layout></alto>'.encode()


def place(x: float, y: float, width: float, height: float) -> str:
    return f'HPOS="{x}" VPOS="{y}" WIDTH="{width}" HEIGHT="{height}"'


def text(name: str, *lines: str, at: tuple[float, float, float, float] = (0, 0, 100, 20), more: str = "") -> str:
    """A text block; each of `lines` is the inside of a TextLine or plain words."""

    def line(inside: str) -> str:
        strings = inside if inside.startswith("<") else "".join(f'<String CONTENT="{w}"/>' for w in inside.split())
        return f"<TextLine {place(*at)}>{strings}</TextLine>"

    return f'<TextBlock ID="{name}" {place(*at)} {more}>{"".join(map(line, lines))}</TextBlock>'


def space(inside: str) -> str:
    return f"<PrintSpace {place(0, 0, 1000, 1000)}>{inside}</PrintSpace>"
