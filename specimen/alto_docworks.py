"""ALTO as docWORKS wrote it for the National Library of Norway: no namespace, mm10, two coordinate spaces."""

from lxml import etree

from specimen.pages import PictureElement, PrintedPage, Rect, SetLine, SetWord, TextElement
from specimen.xml import Xml, element

XSI = "http://www.w3.org/2001/XMLSchema-instance"
LINES, BLOCKS = 254 / 400, 254 / 150
"""mm10 for a pixel of a 400 dpi scan: of pages, lines and words; and of blocks and margins, as if it had 150 dpi."""


def alto_id(page: PrintedPage, index: int) -> str:
    """The picture's id; its `_SUB` has the same rectangle."""
    return f"P{page.number}_CB{index + 1:05}"


KIND = "Illustration"


def write(page: PrintedPage, image: str) -> Xml:
    root = etree.Element("alto", nsmap={"xsi": XSI})
    root.set(f"{{{XSI}}}noNamespaceSchemaLocation", "http://schema.ccs-gmbh.com/metae/alto-1-2.xsd")
    _description(root, image)
    styles = element(root, "Styles")
    element(styles, "TextStyle", ID="TXT_0", FONTSIZE="9", FONTFAMILY="Fraktur")
    element(styles, "TextStyle", ID="TXT_1", FONTSIZE="8", FONTFAMILY="Fraktur")
    element(styles, "ParagraphStyle", ID="PAR_LEFT", ALIGN="Left")
    layout = _page(element(root, "Layout"), page)
    _Blocks(page, layout).write()
    return root


def _description(root: Xml, image: str) -> None:
    description = element(root, "Description")
    element(description, "MeasurementUnit", "mm10")
    element(element(description, "sourceImageInformation"), "fileName", image)
    processing = element(description, "OCRProcessing", ID="OCRPROCESSING_1")
    step = element(element(processing, "ocrProcessingStep"), "processingSoftware")
    element(step, "softwareCreator", "Frontispiece")
    element(step, "softwareName", "specimen.make, in the manner of CCS docWORKS")
    element(step, "softwareVersion", "1")


def _page(layout: Xml, page: PrintedPage) -> Xml:
    number = page.number
    words = [w for e in page.elements if isinstance(e, TextElement) for line in e.lines for w in line.words]
    sheet = element(
        layout,
        "Page",
        ID=f"P{number}",
        PHYSICAL_IMG_NR=number,
        HEIGHT=round(page.height * LINES),
        WIDTH=round(page.width * LINES),
    )
    if words:
        sheet.set("PC", f"{sum(word.confidence for word in words) / len(words):.3f}")
    width, height = round(page.width * BLOCKS), round(page.height * BLOCKS)
    for name, mark, box in (
        ("TopMargin", "TM", (0, 0, width, 0)),
        ("LeftMargin", "LM", (0, 0, 0, height)),
        ("RightMargin", "RM", (width, 0, 0, height)),
        ("BottomMargin", "BM", (0, height, width, 0)),
        ("PrintSpace", "PS", (0, 0, width, height)),
    ):
        space = element(sheet, name, ID=f"P{number}_{mark}00001")
        for key, value in zip(("HPOS", "VPOS", "WIDTH", "HEIGHT"), box, strict=True):
            space.set(key, str(value))
    return space


class _Blocks:
    """Numbers blocks, lines and words through a page as docWORKS does."""

    def __init__(self, page: PrintedPage, space: Xml) -> None:
        self._page, self._space = page, space
        self._block = self._line = self._word = self._space_number = self._picture = 0

    def write(self) -> None:
        for part in self._page.elements:
            if isinstance(part, PictureElement):
                self._put_picture(part)
            else:
                self._text(part)

    def _put_picture(self, picture: PictureElement) -> None:
        name = alto_id(self._page, self._picture)
        self._picture += 1
        box = _box(picture.box, BLOCKS)
        composed = element(
            self._space, "ComposedBlock", ID=name, **box, STYLEREFS="TXT_0 PAR_LEFT", TYPE="Illustration"
        )
        element(composed, "GraphicalElement", ID=f"{name}_SUB", **box)

    def _text(self, text: TextElement) -> None:
        self._block += 1
        style = "TXT_1 PAR_LEFT" if text.role == "caption" else "TXT_0 PAR_LEFT"
        name = f"P{self._page.number}_TB{self._block:05}"
        block = element(self._space, "TextBlock", ID=name, **_box(text.box, BLOCKS), STYLEREFS=style)
        for line in text.lines:
            self._text_line(block, line)

    def _text_line(self, block: Xml, line: SetLine) -> None:
        self._line += 1
        row = element(block, "TextLine", ID=f"P{self._page.number}_TL{self._line:05}", **_box(line.box, LINES))
        for index, word in enumerate(line.words):
            if index:
                self._gap(row, line.words[index - 1].box, word.box)
            self._string(row, word)

    def _gap(self, row: Xml, before: Rect, after: Rect) -> None:
        self._space_number += 1
        start = round(before.right * LINES)
        element(
            row,
            "SP",
            ID=f"P{self._page.number}_SP{self._space_number:05}",
            HPOS=start,
            VPOS=round(before.y * LINES),
            WIDTH=max(0, round(after.x * LINES) - start),
        )

    def _string(self, row: Xml, word: SetWord) -> None:
        self._word += 1
        content = word.ocr.removesuffix("-") if word.part == 1 else word.ocr
        string = element(
            row, "String", ID=f"P{self._page.number}_ST{self._word:05}", **_box(word.box, LINES), CONTENT=content
        )
        if word.part:
            string.set("SUBS_TYPE", f"HypPart{word.part}")
            string.set("SUBS_CONTENT", word.whole)
        string.set("WC", f"{word.confidence:.2f}")
        string.set("CC", "".join("0" if word.confidence > 0.8 else "6" for _ in content))
        if word.part == 1:
            edge = round(word.box.right * LINES)
            element(row, "HYP", HPOS=edge, VPOS=round(word.box.y * LINES), WIDTH=5, CONTENT="-")


def _box(box: Rect, scale: float) -> dict[str, int]:
    x, y = round(box.x * scale), round(box.y * scale)
    return {
        "HPOS": x,
        "VPOS": y,
        "WIDTH": round(box.right * scale) - x,
        "HEIGHT": round(box.bottom * scale) - y,
    }
