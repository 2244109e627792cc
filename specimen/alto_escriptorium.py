"""ALTO in the style of eScriptorium with kraken: v4, tagged zones with outlines, one String per line."""

import hashlib

import numpy as np

from core.geometry import Box
from specimen.pages import PictureElement, TextElement, TypesetLine, TypesetPage
from specimen.xml_builder import XmlElement, add_element, create_root

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ZONE_BY_ROLE = {
    "text": "MainZone",
    "heading": "MainZone",
    "caption": "CaptionZone",
    "running": "RunningTitleZone",
    "folio": "NumberingZone",
}
ZONE_TAGS = {
    name: f"BT{number}"
    for number, name in enumerate(
        [*dict.fromkeys(ZONE_BY_ROLE.values()), "TitlePageZone", "GraphicZone", "DropCapitalZone", "MusicZone"], 2761
    )
}
HEADING_LINE_TAG, DEFAULT_LINE_TAG = "LT982", "LT980"


def block_type(picture: PictureElement) -> str:
    if picture.subject == "drop capital":
        return "DropCapitalZone"
    return "MusicZone" if picture.label == "music" else "GraphicZone"


def alto_id(page: TypesetPage, index: int) -> str:
    return f"eSc_textblock_{_short_hash(page, 'picture', index)}"


def build_alto(page: TypesetPage, image: str) -> XmlElement:
    root = create_root(NAMESPACE, "alto", xsi=XSI)
    root.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-2.xsd")
    description = add_element(root, "Description")
    add_element(description, "MeasurementUnit", "pixel")
    add_element(add_element(description, "sourceImageInformation"), "fileName", image)
    tags = add_element(root, "Tags")
    for label, name in ZONE_TAGS.items():
        add_element(tags, "OtherTag", ID=name, LABEL=label, DESCRIPTION=f"block type {label}")
    for label, name in (("HeadingLine", HEADING_LINE_TAG), ("DefaultLine", DEFAULT_LINE_TAG)):
        add_element(tags, "OtherTag", ID=name, LABEL=label, DESCRIPTION=f"line type {label}")
    size = {"WIDTH": page.width, "HEIGHT": page.height}
    # eScriptorium gives every page this id.
    page_node = add_element(
        add_element(root, "Layout"), "Page", **size, PHYSICAL_IMG_NR=page.number, ID="eSc_dummypage_"
    )
    _write_zones(add_element(page_node, "PrintSpace", HPOS=0, VPOS=0, **size), page)
    return root


def _write_zones(space: XmlElement, page: TypesetPage) -> None:
    pictures = 0
    for number, page_item in enumerate(page.elements):
        if isinstance(page_item, PictureElement):
            block = add_element(
                space,
                "TextBlock",
                **_box_attributes(page_item.box),
                ID=alto_id(page, pictures),
                TAGREFS=ZONE_TAGS[block_type(page_item)],
            )
            _write_outline(block, _outline_points(page_item))
            pictures += 1
        else:
            _write_text_block(space, page, number, page_item)


def _write_text_block(space: XmlElement, page: TypesetPage, number: int, text: TextElement) -> None:
    zone = "TitlePageZone" if page.kind == "title" else ZONE_BY_ROLE[text.role]
    block_id = f"eSc_textblock_{_short_hash(page, 'text', number)}"
    block = add_element(space, "TextBlock", **_box_attributes(text.box), ID=block_id, TAGREFS=ZONE_TAGS[zone])
    _write_outline(block, _corners(text.box))
    for row, line in enumerate(text.lines):
        _write_line(
            block, line, f"eSc_line_{_short_hash(page, 'line', number * 100 + row)}", heading=text.role == "heading"
        )


def _write_line(block: XmlElement, line: TypesetLine, line_id: str, *, heading: bool) -> None:
    first_box, last_box = line.words[0].box, line.words[-1].box
    baseline = f"{round(first_box.x)} {round(first_box.bottom)} {round(last_box.right)} {round(last_box.bottom)}"
    tag = HEADING_LINE_TAG if heading else DEFAULT_LINE_TAG
    row = add_element(block, "TextLine", ID=line_id, TAGREFS=tag, BASELINE=baseline, **_box_attributes(line.box))
    _write_outline(row, _corners(line.box))
    add_element(row, "String", CONTENT=" ".join(word.ocr_text for word in line.words), **_box_attributes(line.box))


def _outline_points(picture: PictureElement) -> list[tuple[int, int]]:
    """Return an outline as drawn by an annotator: an oval for portraits, cut corners for vignettes, else the box."""
    box = picture.box
    if picture.label != "illustration":
        return _corners(box)
    if picture.subject == "portrait":
        angles = np.linspace(0, 2 * np.pi, 28, endpoint=False)
        middle, rx, ry = (box.x + box.width / 2, box.y + box.height / 2), box.width / 2, box.height / 2
        return [(round(middle[0] + rx * np.cos(angle)), round(middle[1] + ry * np.sin(angle))) for angle in angles]
    x, y, right, bottom = round(box.x), round(box.y), round(box.right), round(box.bottom)
    corner_cut = round(min(box.width, box.height) * 0.08)
    return [
        (x + corner_cut, y),
        (right - corner_cut, y),
        (right, y + corner_cut),
        (right, bottom - corner_cut),
        (right - corner_cut, bottom),
        (x + corner_cut, bottom),
        (x, bottom - corner_cut),
        (x, y + corner_cut),
    ]


def _corners(box: Box) -> list[tuple[int, int]]:
    x, y, right, bottom = round(box.x), round(box.y), round(box.right), round(box.bottom)
    return [(x, y), (x, bottom), (right, bottom), (right, y)]


def _write_outline(parent: XmlElement, corners: list[tuple[int, int]]) -> None:
    point_list = " ".join(f"{x} {y}" for x, y in corners)
    add_element(add_element(parent, "Shape"), "Polygon", POINTS=point_list)


def _short_hash(page: TypesetPage, item_type: str, number: int) -> str:
    return hashlib.sha256(f"{page.number}/{item_type}/{number}".encode()).hexdigest()[:8]


def _box_attributes(box: Box) -> dict[str, int]:
    x, y = round(box.x), round(box.y)
    return {"HPOS": x, "VPOS": y, "WIDTH": round(box.right) - x, "HEIGHT": round(box.bottom) - y}
