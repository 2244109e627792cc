"""ALTO in the style of the Bibliothèque nationale de France: v3, pixels of a larger scan, two types of blocks."""

from core.geometry import Box
from specimen.pages import (
    PageElement,
    PictureElement,
    TextElement,
    TypesetLine,
    TypesetPage,
    TypesetWord,
)
from specimen.xml_builder import XmlElement, add_element, create_root

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v3#"
PAGE_SCALE = 1.25
"""Pixels of the Page per pixel of the published scan; the archived scan is larger."""


def block_type(picture: PictureElement) -> str:
    return "GraphicalElement" if picture.label == "ornament" else "Illustration"


def alto_id(page: TypesetPage, index: int) -> str:
    """Return the id of a picture; pictures and ornaments are numbered separately."""
    picture = page.pictures[index]
    pictures_of_same_type = [
        other_picture
        for other_picture in page.pictures[: index + 1]
        if block_type(other_picture) == block_type(picture)
    ]
    id_prefix = "GE" if block_type(picture) == "GraphicalElement" else "IL"
    return f"PAG_{page.number:08}_{id_prefix}{len(pictures_of_same_type):06}"


def build_alto(page: TypesetPage, image: str) -> XmlElement:
    root = create_root(NAMESPACE, "alto")
    root.set("SCHEMAVERSION", "alto_bnf-v2_0")
    description = add_element(root, "Description")
    add_element(description, "MeasurementUnit", "pixel")
    add_element(add_element(description, "sourceImageInformation"), "fileName", image)
    styles = add_element(root, "Styles")
    add_element(styles, "TextStyle", ID="TXT_1", FONTFAMILY="Times", FONTSIZE="9")
    _PageWriter(page, add_element(root, "Layout")).write()
    return root


class _PageWriter:
    def __init__(self, page: TypesetPage, layout: XmlElement) -> None:
        self._page, self._page_id = page, f"PAG_{page.number:08}"
        self._counts: dict[str, int] = {}
        self._page_node = add_element(
            layout,
            "Page",
            ID=self._page_id,
            PHYSICAL_IMG_NR=page.number,
            HEIGHT=round(page.height * PAGE_SCALE),
            WIDTH=round(page.width * PAGE_SCALE),
            QUALITY="OK",
        )
        if page.label:
            self._page_node.set("PRINTED_IMG_NR", page.label)

    def write(self) -> None:
        """Write running heads and folios into the margins, everything else into the print space."""
        body = [page_item for page_item in self._page.elements if not _is_marginal(page_item)]
        space = Box.from_boxes([page_item.box for page_item in body])
        full = Box(0, 0, self._page.width, self._page.height)
        top = Box(0, 0, full.width, space.y)
        bottom = Box(0, space.bottom, full.width, full.height - space.bottom)
        self._write_margin("TopMargin", top, "running")
        self._write_margin("LeftMargin", Box(0, space.y, space.x, space.height), "")
        self._write_margin("RightMargin", Box(space.right, space.y, full.width - space.right, space.height), "")
        self._write_margin("BottomMargin", bottom, "folio")
        self._write_body(
            add_element(self._page_node, "PrintSpace", ID=f"{self._page_id}_PrintSpace", **_box_attributes(space)), body
        )

    def _write_margin(self, margin_name: str, box: Box, role: str) -> None:
        margin = add_element(self._page_node, margin_name, ID=f"{self._page_id}_{margin_name}", **_box_attributes(box))
        for page_item in self._page.elements:
            if isinstance(page_item, TextElement) and page_item.role == role:
                self._write_text_block(margin, page_item)

    def _write_body(self, space: XmlElement, body: list[PageElement]) -> None:
        picture_number, skipped_index = 0, -1
        for index, page_item in enumerate(body):
            if index == skipped_index:
                continue
            if isinstance(page_item, TextElement):
                self._write_text_block(space, page_item)
                continue
            block_id = alto_id(self._page, picture_number)
            picture_number += 1
            follower = body[index + 1] if index + 1 < len(body) else None
            if isinstance(follower, TextElement) and follower.role == "caption":
                skipped_index = index + 1
                self._write_captioned_picture(space, page_item, block_id, follower)
            else:
                add_element(space, block_type(page_item), ID=block_id, **_box_attributes(page_item.box))

    def _write_captioned_picture(
        self, space: XmlElement, picture: PictureElement, block_id: str, caption: TextElement
    ) -> None:
        group = add_element(
            space,
            "ComposedBlock",
            ID=self._next_id("CB"),
            **_box_attributes(Box.from_boxes([picture.box, caption.box])),
        )
        add_element(group, block_type(picture), ID=block_id, **_box_attributes(picture.box))
        self._write_text_block(group, caption)

    def _next_id(self, id_prefix: str) -> str:
        self._counts[id_prefix] = self._counts.get(id_prefix, 0) + 1
        return f"{self._page_id}_{id_prefix}{self._counts[id_prefix]:06}"

    def _write_text_block(self, parent: XmlElement, text: TextElement) -> None:
        block = add_element(
            parent, "TextBlock", ID=self._next_id("TB"), **_box_attributes(text.box), LANG="en", STYLEREFS="TXT_1"
        )
        for line in text.lines:
            self._write_line(block, line)

    def _write_line(self, block: XmlElement, line: TypesetLine) -> None:
        row = add_element(block, "TextLine", ID=self._next_id("TL"), **_box_attributes(line.box))
        for index, word in enumerate(line.words):
            if index:
                left = round(line.words[index - 1].box.right * PAGE_SCALE)
                gap = max(0, round(word.box.x * PAGE_SCALE) - left)
                add_element(
                    row, "SP", ID=self._next_id("SP"), HPOS=left, VPOS=round(line.box.y * PAGE_SCALE), WIDTH=gap
                )
            self._write_string(row, word)

    def _write_string(self, row: XmlElement, word: TypesetWord) -> None:
        string = add_element(row, "String", ID=self._next_id("ST"), **_box_attributes(word.box), CONTENT=word.ocr_text)
        if word.hyphen_part:
            string.set("SUBS_TYPE", f"HypPart{word.hyphen_part}")
            string.set("SUBS_CONTENT", word.whole_word)
        string.set("WC", f"{word.confidence:g}")
        if word.hyphen_part == 1:
            right = round(word.box.right * PAGE_SCALE)
            add_element(row, "HYP", CONTENT="-", HPOS=right, VPOS=round(word.box.y * PAGE_SCALE), WIDTH=12)


def _is_marginal(page_item: PageElement) -> bool:
    return isinstance(page_item, TextElement) and page_item.role in {"running", "folio"}


def _box_attributes(box: Box) -> dict[str, int]:
    x, y = round(box.x * PAGE_SCALE), round(box.y * PAGE_SCALE)
    return {
        "HPOS": x,
        "VPOS": y,
        "WIDTH": round(box.right * PAGE_SCALE) - x,
        "HEIGHT": round(box.bottom * PAGE_SCALE) - y,
    }
