"""ALTO in the style of docWORKS at the National Library of Norway: no namespace, mm10, two coordinate spaces."""

from lxml import etree

from core.geometry import Box
from specimen.pages import PictureElement, TextElement, TypesetLine, TypesetPage, TypesetWord
from specimen.xml_builder import XmlElement, add_element

XSI = "http://www.w3.org/2001/XMLSchema-instance"
LINE_SCALE, BLOCK_SCALE = 254 / 400, 254 / 150
"""mm10 per pixel of a 400 dpi scan: for pages, lines and words, and for blocks and margins, which assume 150 dpi."""


def alto_id(page: TypesetPage, index: int) -> str:
    """Return the id of a picture; the element with the suffix `_SUB` has the same rectangle."""
    return f"P{page.number}_CB{index + 1:05}"


BLOCK_TYPE = "Illustration"


def build_alto(page: TypesetPage, image: str) -> XmlElement:
    root = etree.Element("alto", nsmap={"xsi": XSI})
    root.set(f"{{{XSI}}}noNamespaceSchemaLocation", "http://schema.ccs-gmbh.com/metae/alto-1-2.xsd")
    _write_description(root, image)
    styles = add_element(root, "Styles")
    add_element(styles, "TextStyle", ID="TXT_0", FONTSIZE="9", FONTFAMILY="Fraktur")
    add_element(styles, "TextStyle", ID="TXT_1", FONTSIZE="8", FONTFAMILY="Fraktur")
    add_element(styles, "ParagraphStyle", ID="PAR_LEFT", ALIGN="Left")
    layout = _write_page(add_element(root, "Layout"), page)
    _BlockWriter(page, layout).write()
    return root


def _write_description(root: XmlElement, image: str) -> None:
    description = add_element(root, "Description")
    add_element(description, "MeasurementUnit", "mm10")
    add_element(add_element(description, "sourceImageInformation"), "fileName", image)
    processing = add_element(description, "OCRProcessing", ID="OCRPROCESSING_1")
    step = add_element(add_element(processing, "ocrProcessingStep"), "processingSoftware")
    add_element(step, "softwareCreator", "Frontispiece")
    add_element(step, "softwareName", "specimen.make, in the manner of CCS docWORKS")
    add_element(step, "softwareVersion", "1")


def _write_page(layout: XmlElement, page: TypesetPage) -> XmlElement:
    number = page.number
    words = [
        set_word
        for page_item in page.elements
        if isinstance(page_item, TextElement)
        for line in page_item.lines
        for set_word in line.words
    ]
    page_node = add_element(
        layout,
        "Page",
        ID=f"P{number}",
        PHYSICAL_IMG_NR=number,
        HEIGHT=round(page.height * LINE_SCALE),
        WIDTH=round(page.width * LINE_SCALE),
    )
    if words:
        page_node.set("PC", f"{sum(word.confidence for word in words) / len(words):.3f}")
    width, height = round(page.width * BLOCK_SCALE), round(page.height * BLOCK_SCALE)
    for name, id_infix, box in (
        ("TopMargin", "TM", (0, 0, width, 0)),
        ("LeftMargin", "LM", (0, 0, 0, height)),
        ("RightMargin", "RM", (width, 0, 0, height)),
        ("BottomMargin", "BM", (0, height, width, 0)),
        ("PrintSpace", "PS", (0, 0, width, height)),
    ):
        space = add_element(page_node, name, ID=f"P{number}_{id_infix}00001")
        for key, value in zip(("HPOS", "VPOS", "WIDTH", "HEIGHT"), box, strict=True):
            space.set(key, str(value))
    return space


class _BlockWriter:
    """Numbers blocks, lines and words through a page as docWORKS does."""

    def __init__(self, page: TypesetPage, space: XmlElement) -> None:
        self._page, self._print_space = page, space
        self._block_count = self._line_count = self._word_count = self._space_count = self._picture_count = 0

    def write(self) -> None:
        for page_item in self._page.elements:
            if isinstance(page_item, PictureElement):
                self._write_picture(page_item)
            else:
                self._write_text_block(page_item)

    def _write_picture(self, picture: PictureElement) -> None:
        block_id = alto_id(self._page, self._picture_count)
        self._picture_count += 1
        box = _box_attributes(picture.box, BLOCK_SCALE)
        composed_block = add_element(
            self._print_space, "ComposedBlock", ID=block_id, **box, STYLEREFS="TXT_0 PAR_LEFT", TYPE="Illustration"
        )
        add_element(composed_block, "GraphicalElement", ID=f"{block_id}_SUB", **box)

    def _write_text_block(self, text: TextElement) -> None:
        self._block_count += 1
        style = "TXT_1 PAR_LEFT" if text.role == "caption" else "TXT_0 PAR_LEFT"
        block_id = f"P{self._page.number}_TB{self._block_count:05}"
        block = add_element(
            self._print_space, "TextBlock", ID=block_id, **_box_attributes(text.box, BLOCK_SCALE), STYLEREFS=style
        )
        for line in text.lines:
            self._write_line(block, line)

    def _write_line(self, block: XmlElement, line: TypesetLine) -> None:
        self._line_count += 1
        row = add_element(
            block,
            "TextLine",
            ID=f"P{self._page.number}_TL{self._line_count:05}",
            **_box_attributes(line.box, LINE_SCALE),
        )
        for index, word in enumerate(line.words):
            if index:
                self._write_gap(row, line.words[index - 1].box, word.box)
            self._write_string(row, word)

    def _write_gap(self, row: XmlElement, previous_box: Box, next_box: Box) -> None:
        self._space_count += 1
        start = round(previous_box.right * LINE_SCALE)
        add_element(
            row,
            "SP",
            ID=f"P{self._page.number}_SP{self._space_count:05}",
            HPOS=start,
            VPOS=round(previous_box.y * LINE_SCALE),
            WIDTH=max(0, round(next_box.x * LINE_SCALE) - start),
        )

    def _write_string(self, row: XmlElement, word: TypesetWord) -> None:
        self._word_count += 1
        content = word.ocr_text.removesuffix("-") if word.hyphen_part == 1 else word.ocr_text
        string = add_element(
            row,
            "String",
            ID=f"P{self._page.number}_ST{self._word_count:05}",
            **_box_attributes(word.box, LINE_SCALE),
            CONTENT=content,
        )
        if word.hyphen_part:
            string.set("SUBS_TYPE", f"HypPart{word.hyphen_part}")
            string.set("SUBS_CONTENT", word.whole_word)
        string.set("WC", f"{word.confidence:.2f}")
        string.set("CC", "".join("0" if word.confidence > 0.8 else "6" for _ in content))
        if word.hyphen_part == 1:
            edge = round(word.box.right * LINE_SCALE)
            add_element(row, "HYP", HPOS=edge, VPOS=round(word.box.y * LINE_SCALE), WIDTH=5, CONTENT="-")


def _box_attributes(box: Box, scale: float) -> dict[str, int]:
    x, y = round(box.x * scale), round(box.y * scale)
    return {
        "HPOS": x,
        "VPOS": y,
        "WIDTH": round(box.right * scale) - x,
        "HEIGHT": round(box.bottom * scale) - y,
    }
