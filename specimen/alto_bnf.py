"""ALTO as the Bibliothèque nationale de France writes it: v3, pixels of a larger scan, pictures by kind."""

from specimen.pages import Element, PictureElement, PrintedPage, Rect, SetLine, SetWord, TextElement, around
from specimen.xml import Xml, document, element

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v3#"
SCALE = 1.25
"""The Page's pixels for each of the published scan's: the archive's own is larger."""


def kind(picture: PictureElement) -> str:
    return "GraphicalElement" if picture.label == "ornament" else "Illustration"


def alto_id(page: PrintedPage, index: int) -> str:
    """Pictures and ornaments are numbered apart."""
    chosen = page.pictures[index]
    same = [p for p in page.pictures[: index + 1] if kind(p) == kind(chosen)]
    mark = "GE" if kind(chosen) == "GraphicalElement" else "IL"
    return f"PAG_{page.number:08}_{mark}{len(same):06}"


def write(page: PrintedPage, image: str) -> Xml:
    root = document(NAMESPACE, "alto")
    root.set("SCHEMAVERSION", "alto_bnf-v2_0")
    description = element(root, "Description")
    element(description, "MeasurementUnit", "pixel")
    element(element(description, "sourceImageInformation"), "fileName", image)
    styles = element(root, "Styles")
    element(styles, "TextStyle", ID="TXT_1", FONTFAMILY="Times", FONTSIZE="9")
    _Sheet(page, element(root, "Layout")).write()
    return root


class _Sheet:
    def __init__(self, page: PrintedPage, layout: Xml) -> None:
        self._page, self._name = page, f"PAG_{page.number:08}"
        self._counts: dict[str, int] = {}
        self._sheet = element(
            layout,
            "Page",
            ID=self._name,
            PHYSICAL_IMG_NR=page.number,
            HEIGHT=round(page.height * SCALE),
            WIDTH=round(page.width * SCALE),
            QUALITY="OK",
        )
        if page.label:
            self._sheet.set("PRINTED_IMG_NR", page.label)

    def write(self) -> None:
        """Head and foot lines go to the margins, all else to the print space."""
        body = [e for e in self._page.elements if not _marginal(e)]
        space = around([e.box for e in body])
        full = Rect(0, 0, self._page.width, self._page.height)
        top = Rect(0, 0, full.width, space.y)
        foot = Rect(0, space.bottom, full.width, full.height - space.bottom)
        self._margin("TopMargin", top, "running")
        self._margin("LeftMargin", Rect(0, space.y, space.x, space.height), "")
        self._margin("RightMargin", Rect(space.right, space.y, full.width - space.right, space.height), "")
        self._margin("BottomMargin", foot, "folio")
        self._body(element(self._sheet, "PrintSpace", ID=f"{self._name}_PrintSpace", **_box(space)), body)

    def _margin(self, name: str, box: Rect, role: str) -> None:
        margin = element(self._sheet, name, ID=f"{self._name}_{name}", **_box(box))
        for part in self._page.elements:
            if isinstance(part, TextElement) and part.role == role:
                self._text(margin, part)

    def _body(self, space: Xml, body: list[Element]) -> None:
        number, skip = 0, -1
        for at, part in enumerate(body):
            if at == skip:
                continue
            if isinstance(part, TextElement):
                self._text(space, part)
                continue
            name = alto_id(self._page, number)
            number += 1
            follower = body[at + 1] if at + 1 < len(body) else None
            if isinstance(follower, TextElement) and follower.role == "caption":
                skip = at + 1
                self._with_caption(space, part, name, follower)
            else:
                element(space, kind(part), ID=name, **_box(part.box))

    def _with_caption(self, space: Xml, picture: PictureElement, name: str, caption: TextElement) -> None:
        group = element(space, "ComposedBlock", ID=self._next("CB"), **_box(around([picture.box, caption.box])))
        element(group, kind(picture), ID=name, **_box(picture.box))
        self._text(group, caption)

    def _next(self, mark: str) -> str:
        self._counts[mark] = self._counts.get(mark, 0) + 1
        return f"{self._name}_{mark}{self._counts[mark]:06}"

    def _text(self, parent: Xml, text: TextElement) -> None:
        block = element(parent, "TextBlock", ID=self._next("TB"), **_box(text.box), LANG="en", STYLEREFS="TXT_1")
        for line in text.lines:
            self._line(block, line)

    def _line(self, block: Xml, line: SetLine) -> None:
        row = element(block, "TextLine", ID=self._next("TL"), **_box(line.box))
        for index, word in enumerate(line.words):
            if index:
                left = round(line.words[index - 1].box.right * SCALE)
                gap = max(0, round(word.box.x * SCALE) - left)
                element(row, "SP", ID=self._next("SP"), HPOS=left, VPOS=round(line.box.y * SCALE), WIDTH=gap)
            self._string(row, word)

    def _string(self, row: Xml, word: SetWord) -> None:
        string = element(row, "String", ID=self._next("ST"), **_box(word.box), CONTENT=word.ocr)
        if word.part:
            string.set("SUBS_TYPE", f"HypPart{word.part}")
            string.set("SUBS_CONTENT", word.whole)
        string.set("WC", f"{word.confidence:g}")
        if word.part == 1:
            right = round(word.box.right * SCALE)
            element(row, "HYP", CONTENT="-", HPOS=right, VPOS=round(word.box.y * SCALE), WIDTH=12)


def _marginal(part: Element) -> bool:
    return isinstance(part, TextElement) and part.role in {"running", "folio"}


def _box(box: Rect) -> dict[str, int]:
    x, y = round(box.x * SCALE), round(box.y * SCALE)
    return {
        "HPOS": x,
        "VPOS": y,
        "WIDTH": round(box.right * SCALE) - x,
        "HEIGHT": round(box.bottom * SCALE) - y,
    }
