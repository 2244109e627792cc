"""Lines and words of a text region."""

from collections.abc import Iterator

from lxml import etree

from core.geometry import Box
from indexer.formats.ocr.bulk import build_words
from indexer.formats.ocr.frame import parse_confidence
from indexer.formats.ocr.hyphenation import RawLines
from indexer.formats.ocr.page_builder import PageBuilder
from indexer.formats.page_xml.coordinates import parse_box, parse_rectangles, read_box
from indexer.records import Word

LANGUAGE_ATTRIBUTES = ("primaryLanguage", "language")


class LineReader:
    """Reads the lines of text regions in one namespace."""

    def __init__(self, builder: PageBuilder, namespace: str) -> None:
        self._builder = builder
        prefix = f"{{{namespace}}}" if namespace else ""
        self._line_tag, self._word_tag, self._coords_tag, self._text_tag, self._unicode_tag, self._plain_tag = (
            prefix + name for name in ("TextLine", "Word", "Coords", "TextEquiv", "Unicode", "PlainText")
        )

    def read_lines(self, region: etree._Element, region_box: Box | None) -> RawLines:
        """Return the lines of a region: from its `TextLine` elements, else from the text of the whole region."""
        lines: RawLines = []
        for line in region.iterchildren(self._line_tag):
            if usual_line := self._read_usual_line(line):
                lines.append(usual_line)
                continue
            box, texts, words = self._read_parts(line)
            line_box = self._builder.frame.fit_line_box(box)
            if read_words := list(self._read_words(words, texts, line_box)):
                lines.append((line_box, read_words, False))
            self.count_language(line)
        return lines or list(self._lines_of_region_text(region, region_box))

    def _read_usual_line(self, line: etree._Element) -> tuple[Box | None, list[Word], bool] | None:
        """Return a line each of whose words has one outline of four points and one text, which is read much faster."""
        points: list[str] = []
        texts: list[str] = []
        confidences: list[float | None] = []
        owners: list[int] = []
        word_count = 0
        for element in line.iter():
            tag = element.tag
            if tag == self._coords_tag:
                points.append(element.get(b"points", ""))
                owners.append(word_count)
            elif tag == self._unicode_tag:
                texts.append(element.text or "")
                owners.append(word_count)
            elif tag == self._text_tag:
                confidences.append(parse_confidence(element.get(b"conf")))
            elif tag == self._word_tag:
                word_count += 1
        # One outline of the line, then outline and text of each word in turn, then perhaps the text of the line.
        usual_owners = [0, *(number for number in range(1, word_count + 1) for _ in range(2))]
        if not word_count or owners not in (usual_owners, [*usual_owners, word_count]):
            return None
        if len(points) != word_count + 1 or len(confidences) != len(texts):
            return None
        clean_word, frame = self._builder.clean_word, self._builder.frame
        clean_texts = [text.strip() if text.isascii() else clean_word(text) for text in texts[:word_count]]
        edges = parse_rectangles(points[1:])
        words = build_words(clean_texts, edges, confidences[:word_count], frame) if edges else []
        return (frame.fit_line_box(parse_box(points[0])), words, False) if words else None

    def count_language(self, element: etree._Element) -> None:
        if language := next(filter(None, map(element.get, LANGUAGE_ATTRIBUTES)), ""):
            self._builder.languages[language] += 1

    def _read_parts(self, element: etree._Element) -> tuple[Box | None, list[etree._Element], list[etree._Element]]:
        """Return the box, the `TextEquiv` elements and the words of a line or word."""
        box, texts, words = None, [], []
        for child in element.iterchildren(self._coords_tag, self._text_tag, self._word_tag):
            if child.tag == self._text_tag:
                texts.append(child)
            elif child.tag == self._word_tag:
                words.append(child)
            elif box is None:
                box = read_box(child)
        return box, texts, words

    def _read_words(
        self, elements: list[etree._Element], line_texts: list[etree._Element], line_box: Box | None
    ) -> Iterator[Word]:
        has_text = False
        for element in elements:
            box, texts, _ = self._read_parts(element)
            text, confidence = self._best_text(texts)
            if word := self._builder.word(text, box, confidence, line_box):
                has_text = True
                yield word
        if not has_text:
            # Transkribus and kraken write text by line; such a line is one word, as in their ALTO.
            text, confidence = self._best_text(line_texts)
            if word := self._builder.word(" ".join(text.split()), line_box, confidence, line_box):
                yield word

    def _best_text(self, texts: list[etree._Element]) -> tuple[str, float | None]:
        """Return the text with the smallest index, and its confidence; of texts without index the first."""
        if not texts:
            return "", None
        best = min(texts, key=_text_index) if len(texts) > 1 else texts[0]
        written = {child.tag: child.text for child in best.iterchildren(self._unicode_tag, self._plain_tag)}
        text = written.get(self._unicode_tag) or written.get(self._plain_tag) or ""
        return text, parse_confidence(best.get("conf"))

    def _lines_of_region_text(
        self, region: etree._Element, region_box: Box | None
    ) -> Iterator[tuple[Box | None, list[Word], bool]]:
        """Yield the lines of a text that only the region has; each gets its share of the height of the region."""
        _, texts, _ = self._read_parts(region)
        text, confidence = self._best_text(texts)
        written_lines = [line for line in text.splitlines() if line.strip()]
        region_box = self._builder.frame.fit_line_box(region_box)
        for number, line in enumerate(written_lines):
            box = None
            if region_box:
                height = region_box.height / len(written_lines)
                box = region_box._replace(y=region_box.y + number * height, height=height)
            if word := self._builder.word(" ".join(line.split()), box, confidence, box):
                yield box, [word], False


def _text_index(text: etree._Element) -> int:
    index = text.get("index") or ""
    return int(index) if index.isascii() and index.isdigit() and len(index) < 10 else 10**9 - (index == "")
