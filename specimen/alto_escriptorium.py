"""ALTO as eScriptorium exports what kraken read: v4, tagged zones with outlines, one String a line."""

import hashlib

import numpy as np

from specimen.pages import PictureElement, PrintedPage, Rect, SetLine, TextElement
from specimen.xml import Xml, document, element

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ZONES = {
    "text": "MainZone",
    "heading": "MainZone",
    "caption": "CaptionZone",
    "running": "RunningTitleZone",
    "folio": "NumberingZone",
}
TAGS = {
    name: f"BT{number}"
    for number, name in enumerate(
        [*dict.fromkeys(ZONES.values()), "TitlePageZone", "GraphicZone", "DropCapitalZone", "MusicZone"], 2761
    )
}
HEADING, LINE = "LT982", "LT980"


def kind(picture: PictureElement) -> str:
    if picture.subject == "drop capital":
        return "DropCapitalZone"
    return "MusicZone" if picture.label == "music" else "GraphicZone"


def alto_id(page: PrintedPage, index: int) -> str:
    return f"eSc_textblock_{_token(page, 'picture', index)}"


def write(page: PrintedPage, image: str) -> Xml:
    root = document(NAMESPACE, "alto", xsi=XSI)
    root.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-2.xsd")
    description = element(root, "Description")
    element(description, "MeasurementUnit", "pixel")
    element(element(description, "sourceImageInformation"), "fileName", image)
    tags = element(root, "Tags")
    for label, name in TAGS.items():
        element(tags, "OtherTag", ID=name, LABEL=label, DESCRIPTION=f"block type {label}")
    for label, name in (("HeadingLine", HEADING), ("DefaultLine", LINE)):
        element(tags, "OtherTag", ID=name, LABEL=label, DESCRIPTION=f"line type {label}")
    size = {"WIDTH": page.width, "HEIGHT": page.height}
    # Every page of an export has this same id.
    sheet = element(element(root, "Layout"), "Page", **size, PHYSICAL_IMG_NR=page.number, ID="eSc_dummypage_")
    _zones(element(sheet, "PrintSpace", HPOS=0, VPOS=0, **size), page)
    return root


def _zones(space: Xml, page: PrintedPage) -> None:
    pictures = 0
    for number, part in enumerate(page.elements):
        if isinstance(part, PictureElement):
            block = element(space, "TextBlock", **_box(part.box), ID=alto_id(page, pictures), TAGREFS=TAGS[kind(part)])
            _outline(block, _shape(part))
            pictures += 1
        else:
            _text(space, page, number, part)


def _text(space: Xml, page: PrintedPage, number: int, text: TextElement) -> None:
    zone = "TitlePageZone" if page.kind == "title" else ZONES[text.role]
    name = f"eSc_textblock_{_token(page, 'text', number)}"
    block = element(space, "TextBlock", **_box(text.box), ID=name, TAGREFS=TAGS[zone])
    _outline(block, _corners(text.box))
    for row, line in enumerate(text.lines):
        _line(block, line, f"eSc_line_{_token(page, 'line', number * 100 + row)}", heading=text.role == "heading")


def _line(block: Xml, line: SetLine, name: str, *, heading: bool) -> None:
    first, last = line.words[0].box, line.words[-1].box
    base = f"{round(first.x)} {round(first.bottom)} {round(last.right)} {round(last.bottom)}"
    tag = HEADING if heading else LINE
    row = element(block, "TextLine", ID=name, TAGREFS=tag, BASELINE=base, **_box(line.box))
    _outline(row, _corners(line.box))
    element(row, "String", CONTENT=" ".join(word.ocr for word in line.words), **_box(line.box))


def _shape(picture: PictureElement) -> list[tuple[int, int]]:
    """An annotator's outline: an oval round a portrait, cut corners round a vignette, else the box."""
    box = picture.box
    if picture.label != "illustration":
        return _corners(box)
    if picture.subject == "portrait":
        turns = np.linspace(0, 2 * np.pi, 28, endpoint=False)
        middle, rx, ry = (box.x + box.width / 2, box.y + box.height / 2), box.width / 2, box.height / 2
        return [(round(middle[0] + rx * np.cos(t)), round(middle[1] + ry * np.sin(t))) for t in turns]
    x, y, right, bottom = round(box.x), round(box.y), round(box.right), round(box.bottom)
    cut = round(min(box.width, box.height) * 0.08)
    return [
        (x + cut, y),
        (right - cut, y),
        (right, y + cut),
        (right, bottom - cut),
        (right - cut, bottom),
        (x + cut, bottom),
        (x, bottom - cut),
        (x, y + cut),
    ]


def _corners(box: Rect) -> list[tuple[int, int]]:
    x, y, right, bottom = round(box.x), round(box.y), round(box.right), round(box.bottom)
    return [(x, y), (x, bottom), (right, bottom), (right, y)]


def _outline(parent: Xml, corners: list[tuple[int, int]]) -> None:
    pairs = " ".join(f"{x} {y}" for x, y in corners)
    element(element(parent, "Shape"), "Polygon", POINTS=pairs)


def _token(page: PrintedPage, what: str, number: int) -> str:
    return hashlib.sha256(f"{page.number}/{what}/{number}".encode()).hexdigest()[:8]


def _box(box: Rect) -> dict[str, int]:
    x, y = round(box.x), round(box.y)
    return {"HPOS": x, "VPOS": y, "WIDTH": round(box.right) - x, "HEIGHT": round(box.bottom) - y}
