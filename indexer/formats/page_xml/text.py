"""Lines and words of a text region."""

from collections.abc import Iterator

from lxml import etree

from core.geometry import Box
from indexer.formats.ocr.frame import parse_confidence
from indexer.formats.ocr.hyphenation import RawLines
from indexer.formats.ocr.page_builder import PageBuilder
from indexer.formats.page_xml.coordinates import parse_box, parse_outlines, read_points
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
        outlines, texts, confidences = list[str](), list[str](), list[float | None]()
        lines: list[tuple[Box | None, int]] = []
        line_texts: list[list[etree._Element]] = []
        for line in region.iterchildren(self._line_tag):
            box, equivalents, words = self._read_parts(line)
            for word in words:
                outline, text, confidence = self._read_word(word)
                outlines.append(outline)
                texts.append(text)
                confidences.append(confidence)
            lines.append((self._builder.frame.fit_line_box(parse_box(box)), len(texts)))
            line_texts.append(equivalents)
            self.count_language(line)
        words_of_lines = self._builder.words(texts, parse_outlines(outlines), confidences, lines)
        raw_lines: RawLines = [
            (line_box, words_of_line or self._words_of_line_text(equivalents, line_box), False)
            for (line_box, _), words_of_line, equivalents in zip(lines, words_of_lines, line_texts, strict=True)
        ]
        return [line for line in raw_lines if line[1]] or list(self._lines_of_region_text(region, region_box))

    def _read_word(self, word: etree._Element) -> tuple[str, str, float | None]:
        """Return the outline, the text and the confidence of a word."""
        parts = list(word)
        if len(parts) == 2 and parts[0].tag == self._coords_tag and parts[1].tag == self._text_tag:
            # Nearly all words have these two parts.
            outline, equivalent = parts
            points = outline.get(b"points")
            if points and len(equivalent) == 1 and equivalent[0].tag == self._unicode_tag:
                return points, equivalent[0].text or "", parse_confidence(equivalent.get(b"conf"))
        points, equivalents, _ = self._read_parts(word)
        return points, *self._best_text(equivalents)

    def count_language(self, element: etree._Element) -> None:
        if language := next(filter(None, map(element.get, LANGUAGE_ATTRIBUTES)), ""):
            self._builder.languages[language] += 1

    def _read_parts(self, element: etree._Element) -> tuple[str, list[etree._Element], list[etree._Element]]:
        """Return the outline, the `TextEquiv` elements and the words of a line or word."""
        points, texts, words = "", [], []
        for child in element.iterchildren(self._coords_tag, self._text_tag, self._word_tag):
            tag = child.tag
            if tag == self._word_tag:
                words.append(child)
            elif tag == self._text_tag:
                texts.append(child)
            elif not points:
                points = read_points(child)
        return points, texts, words

    def _words_of_line_text(self, equivalents: list[etree._Element], line_box: Box | None) -> list[Word]:
        """Return the text of a line without words as one word, as the ALTO of Transkribus and kraken has it."""
        text, confidence = self._best_text(equivalents)
        word = self._builder.word(" ".join(text.split()), line_box, confidence, line_box)
        return [word] if word else []

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
