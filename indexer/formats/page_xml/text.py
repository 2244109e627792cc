"""Lines and words of a text region."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain

from lxml import etree

from core.geometry import Box
from indexer.formats.ocr.frame import parse_confidence
from indexer.formats.ocr.hyphenation import RawLines
from indexer.formats.ocr.page_builder import PageBuilder
from indexer.formats.page_xml.coordinates import parse_boxes, parse_outlines, read_points
from indexer.records import Word

WordColumns = tuple[Sequence[str], Sequence[str], Sequence[float | None]]
"""The outlines, the texts and the confidences of many words."""


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
        elements = list(region.iterchildren(self._line_tag))
        boxes = map(self._builder.frame.fit_line_box, parse_boxes(list(map(self._read_outline, elements))))
        words_of_elements = [list(element.iterchildren(self._word_tag)) for element in elements]
        lines = list(zip(boxes, accumulate(map(len, words_of_elements)), strict=True))
        for element in elements:
            self.count_language(element)
        words = list(chain.from_iterable(words_of_elements))
        outlines, texts, confidences = _read_usual_words(words) or self._read_words(words)
        words_of_lines = self._builder.words(texts, parse_outlines(outlines), confidences, lines)
        raw_lines: RawLines = [
            (line_box, words_of_line or self._words_of_line_text(element, line_box), False)
            for (line_box, _), words_of_line, element in zip(lines, words_of_lines, elements, strict=True)
        ]
        return [line for line in raw_lines if line[1]] or list(self._lines_of_region_text(region, region_box))

    def _read_words(self, words: Sequence[etree._Element]) -> WordColumns:
        best_texts = [self._best_text(word) for word in words]
        return list(map(self._read_outline, words)), [text for text, _ in best_texts], [conf for _, conf in best_texts]

    def _read_outline(self, element: etree._Element) -> str:
        first_part = element[0] if len(element) else None
        if first_part is not None and first_part.tag == self._coords_tag and (points := first_part.get(b"points")):
            return points
        return next(filter(None, map(read_points, element.iterchildren(self._coords_tag))), "")

    def count_language(self, element: etree._Element) -> None:
        if language := element.get(b"primaryLanguage") or element.get(b"language"):
            self._builder.languages[language] += 1

    def _words_of_line_text(self, line: etree._Element, line_box: Box | None) -> list[Word]:
        """Return the text of a line without words as one word, as the ALTO of Transkribus and kraken has it."""
        text, confidence = self._best_text(line)
        word = self._builder.word(" ".join(text.split()), line_box, confidence, line_box)
        return [word] if word else []

    def _best_text(self, element: etree._Element) -> tuple[str, float | None]:
        """Return the text with the smallest index, and its confidence; of texts without index the first."""
        texts = list(element.iterchildren(self._text_tag))
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
        text, confidence = self._best_text(region)
        written_lines = [line for line in text.splitlines() if line.strip()]
        region_box = self._builder.frame.fit_line_box(region_box)
        for number, line in enumerate(written_lines):
            box = None
            if region_box:
                height = region_box.height / len(written_lines)
                box = region_box._replace(y=region_box.y + number * height, height=height)
            if word := self._builder.word(" ".join(line.split()), box, confidence, box):
                yield box, [word], False


def _read_usual_words(words: Sequence[etree._Element]) -> WordColumns | None:
    """Return the columns if each word has an outline and one text, as nearly all programs write them."""
    # A list of all words instead of a call for each, and no look at their names, which lxml decodes.
    if set(map(len, words)) != {2}:
        return None
    parts = list(chain.from_iterable(words))
    equivalents = parts[1::2]
    outlines = [outline.get(b"points", "") for outline in parts[::2]]
    if not all(outlines) or set(map(len, equivalents)) != {1}:
        return None
    texts = [unicode.text or "" for unicode in chain.from_iterable(equivalents)]
    if not all(texts):
        return None
    return outlines, texts, [parse_confidence(equivalent.get(b"conf")) for equivalent in equivalents]


def _text_index(text: etree._Element) -> int:
    index = text.get("index") or ""
    return int(index) if index.isascii() and index.isdigit() and len(index) < 10 else 10**9 - (index == "")
