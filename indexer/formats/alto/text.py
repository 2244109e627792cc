"""Lines and words of a text block; words that are hyphenated at the end of a line are joined."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from lxml import etree

from core.geometry import Box
from core.text import SOFT_HYPHEN, clean_text
from indexer.formats.alto.geometry import AltoFrame, read_raw_box
from indexer.formats.ocr.frame import parse_confidence
from indexer.formats.ocr.hyphenation import RawLines, clean_word, join_hyphenated_words, remove_soft_hyphens, words_box
from indexer.formats.ocr.reading_order import sort_by_rank
from indexer.records import TextLine, Word

LINE_TAG, STRING_TAG = "{*}TextLine", "{*}String"


class TextReader:
    """Reads the text blocks of one page and remembers which hyphenated words still miss their second part."""

    def __init__(self, frame: AltoFrame, ranks: Mapping[str, int]) -> None:
        self._frame = frame
        self._ranks = ranks
        self._waiting_words: set[str] = set()
        self._has_soft_hyphens = False

    def read_lines(self, block: etree._Element) -> tuple[TextLine, ...]:
        elements = list(block.iterchildren(LINE_TAG))
        if self._ranks:
            elements = sort_by_rank(elements, lambda line: self._ranks.get(line.get("ID", "")))
        # One iteration over the block is faster than one per line.
        strings = defaultdict[etree._Element | None, list[etree._Element]](list)
        for parent, child_strings in groupby(block.iter(STRING_TAG), etree._Element.getparent):
            strings[parent].extend(child_strings)
        raw_lines: RawLines = []
        for element in elements:
            box = self._frame.fit_line_box(read_raw_box(element))
            if words := self._read_words(strings[element], box):
                raw_lines.append((box, words, _has_hyphen(element)))
        join_hyphenated_words(raw_lines)
        if self._has_soft_hyphens:
            remove_soft_hyphens(raw_lines)
        return tuple(TextLine(box or words_box(words), tuple(words)) for box, words, _ in raw_lines)

    def _read_words(self, strings: Sequence[etree._Element], line_box: Box | None) -> list[Word]:
        # The innermost loop takes two thirds of the time of reading a page. Names as bytes save lxml their encoding,
        # and `tuple.__new__` saves the Python call in the constructor of a NamedTuple.
        right, bottom = self._frame.right, self._frame.bottom
        new_tuple = tuple.__new__
        words = []
        for string in strings:
            get = string.get
            text = get(b"CONTENT", "").strip()
            if not text.isascii():
                text = self._clean_word(text)
            if not text:
                continue
            try:
                x, y = float(get(b"HPOS", "")), float(get(b"VPOS", ""))
                width, height = float(get(b"WIDTH", "")), float(get(b"HEIGHT", ""))
                is_inside = x >= 0 and y >= 0 and 0 < width <= right - x and 0 < height <= bottom - y
            except ValueError:
                is_inside = False
            box = new_tuple(Box, (x, y, width, height)) if is_inside else self._frame.read_word_box(string, line_box)
            if hyphen_part := get(b"SUBS_TYPE"):
                text = self._resolve_hyphenation(text, hyphen_part, clean_text(get(b"SUBS_CONTENT", "")).strip())
            words.append(new_tuple(Word, (text, box, parse_confidence(get(b"WC")))))
        return words

    def _clean_word(self, text: str) -> str:
        text = clean_word(text)
        self._has_soft_hyphens = self._has_soft_hyphens or text.endswith(SOFT_HYPHEN)
        return text

    def _resolve_hyphenation(self, text: str, hyphen_part: str, full_word: str) -> str:
        """Return the whole word for the first part and nothing for the second, unless the first is on another page."""
        if not full_word:
            return text
        if hyphen_part == "HypPart1":
            self._waiting_words.add(full_word)
            return full_word
        if hyphen_part == "HypPart2":
            if full_word not in self._waiting_words:
                return full_word
            self._waiting_words.discard(full_word)
            return ""
        return text


def _has_hyphen(line: etree._Element) -> bool:
    """Return whether the line ends in a `HYP` and its last word has no SUBS_CONTENT."""
    if not str(line[-1].tag).endswith("HYP"):
        return False
    last_string = next(line.iterchildren(STRING_TAG, reversed=True), None)
    return last_string is not None and not last_string.get("SUBS_CONTENT")


def read_language(block: etree._Element) -> Iterator[str]:
    """Yield the language of a block: LANG in ALTO 3, `language` in ALTO 2."""
    if language_code := block.get("LANG") or block.get("language"):
        yield language_code
