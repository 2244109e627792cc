"""Builders of small ALTO documents: pages, boxes and text blocks."""

from core.geometry import Box


def box_values(box: Box) -> tuple[float, ...]:
    return box.x, box.y, box.width, box.height


def alto_document(
    content: str, *, size: str = 'WIDTH="1000" HEIGHT="1000"', unit: str = "pixel", styles_xml: str = ""
) -> bytes:
    description = f"<Description><MeasurementUnit>{unit}</MeasurementUnit></Description>"
    return f'<alto>{description}{styles_xml}<Layout><Page ID="P1" {size}>{content}</Page></Layout></alto>'.encode()


def position_attributes(x: float, y: float, width: float, height: float) -> str:
    return f'HPOS="{x}" VPOS="{y}" WIDTH="{width}" HEIGHT="{height}"'


def text_block(
    block_id: str, *lines: str, position: tuple[float, float, float, float] = (0, 0, 100, 20), attributes: str = ""
) -> str:
    """Return a TextBlock; each of `lines` is the content of a TextLine, as XML or as plain words."""

    def text_line(content: str) -> str:
        strings = (
            content if content.startswith("<") else "".join(f'<String CONTENT="{word}"/>' for word in content.split())
        )
        return f"<TextLine {position_attributes(*position)}>{strings}</TextLine>"

    return (
        f'<TextBlock ID="{block_id}" {position_attributes(*position)} '
        f"{attributes}>{''.join(map(text_line, lines))}</TextBlock>"
    )


def print_space(content: str) -> str:
    return f"<PrintSpace {position_attributes(0, 0, 1000, 1000)}>{content}</PrintSpace>"
