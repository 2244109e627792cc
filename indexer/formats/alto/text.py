"""Lines and words of a text block; words that are hyphenated at the end of a line are joined."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby

from lxml import etree

from core.geometry import Box
from core.text import clean_text
from indexer.formats.alto.geometry import BOX_ATTRIBUTES, AltoFrame, read_raw_box
from indexer.formats.ocr.bulk import NO_BOX, Sides, WordCleaner, build_words, split_into_lines, transpose_boxes
from indexer.formats.ocr.frame import parse_confidence
from indexer.formats.ocr.hyphenation import join_hyphenated_words, remove_soft_hyphens, words_box
from indexer.formats.ocr.reading_order import sort_by_rank
from indexer.records import TextLine, Word

LINE_TAG, STRING_TAG = "{*}TextLine", "{*}String"


class TextReader:
    """Reads the text blocks of one page and remembers which hyphenated words still miss their second part."""

    def __init__(self, frame: AltoFrame, ranks: Mapping[str, int]) -> None:
        self._frame = frame
        self._ranks = ranks
        self._waiting_words: set[str] = set()
        self._cleaner = WordCleaner()

    def read_lines(self, block: etree._Element) -> tuple[TextLine, ...]:
        lines = list(block.iterchildren(LINE_TAG))
        if self._ranks:
            lines = sort_by_rank(lines, lambda line: self._ranks.get(line.get("ID", "")))
        line_boxes = [self._frame.fit_line_box(read_raw_box(line)) for line in lines]
        raw_lines = [
            (box, words, _has_hyphen(line))
            for line, box, words in zip(lines, line_boxes, self._read_words(block, lines, line_boxes), strict=True)
            if words
        ]
        join_hyphenated_words(raw_lines)
        if self._cleaner.has_soft_hyphens:
            remove_soft_hyphens(raw_lines)
        return tuple(TextLine(box or words_box(words), tuple(words)) for box, words, _ in raw_lines)

    def _read_words(
        self, block: etree._Element, lines: Sequence[etree._Element], line_boxes: Sequence[Box | None]
    ) -> list[list[Word]]:
        """Return the words of each line."""
        strings_of_lines = _strings_by_line(block)
        strings = [string for line in lines for string in strings_of_lines[line]]
        line_ends = list(accumulate(len(strings_of_lines[line]) for line in lines))
        texts = self._cleaner.clean([string.get(b"CONTENT", "") for string in strings])
        confidences = [parse_confidence(string.get(b"WC")) for string in strings]

        def repair_word(index: int) -> Word | None:
            if not texts[index]:
                return None
            box = self._frame.read_word_box(strings[index], line_boxes[bisect_right(line_ends, index)])
            return Word.in_box(texts[index], box, confidences[index])

        words = build_words(texts, _read_sides(strings), confidences, self._frame, repair_word)
        for index, string in enumerate(strings):
            if (hyphen_part := string.get(b"SUBS_TYPE")) and (word := words[index]):
                full_word = clean_text(string.get(b"SUBS_CONTENT", "")).strip()
                words[index] = word._replace(text=self._resolve_hyphenation(word.text, hyphen_part, full_word))
        return list(split_into_lines(words, line_ends))

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


def _strings_by_line(block: etree._Element) -> defaultdict[etree._Element | None, list[etree._Element]]:
    # One iteration over the block is faster than one per line.
    strings = defaultdict[etree._Element | None, list[etree._Element]](list)
    for parent, child_strings in groupby(block.iter(STRING_TAG), etree._Element.getparent):
        strings[parent].extend(child_strings)
    return strings


def _read_sides(strings: Sequence[etree._Element]) -> Sides:
    """Return the boxes of the strings, `NO_BOX` for those whose numbers are missing or damaged."""
    try:
        # Names as bytes save lxml their encoding.
        return (
            [float(string.get(b"HPOS", "")) for string in strings],
            [float(string.get(b"VPOS", "")) for string in strings],
            [float(string.get(b"WIDTH", "")) for string in strings],
            [float(string.get(b"HEIGHT", "")) for string in strings],
        )
    except ValueError:
        return transpose_boxes([_read_written_box(string) for string in strings])


def _read_written_box(string: etree._Element) -> Box:
    try:
        return Box(*(float(string.get(name, "")) for name in BOX_ATTRIBUTES))
    except ValueError:
        return NO_BOX


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
