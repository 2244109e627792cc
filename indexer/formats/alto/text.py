"""Lines and words of a text block; words that are hyphenated at the end of a line are joined."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from lxml import etree

from core.geometry import Box
from core.text import SOFT_HYPHEN, clean_text, normalise_text
from indexer.formats.alto.geometry import PageFrame, parse_confidence, read_raw_box
from indexer.formats.alto.reading_order import sort_by_rank
from indexer.records import TextLine, Word

LINE_TAG, STRING_TAG = "{*}TextLine", "{*}String"

HYPHEN_CHARACTERS = f"¬⸗{SOFT_HYPHEN}"
"""Marks that always mean that the word continues in the next line."""

RawLines = list[tuple[Box | None, list[Word], bool]]


class TextReader:
    """Reads the text blocks of one page and remembers which hyphenated words still miss their second part."""

    def __init__(self, frame: PageFrame, ranks: Mapping[str, int]) -> None:
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
            box = self._fit_line_box(element)
            if words := self._read_words(strings[element], box):
                raw_lines.append((box, words, _has_hyphen(element)))
        _join_hyphenated_words(raw_lines)
        if self._has_soft_hyphens:
            _remove_soft_hyphens(raw_lines)
        return tuple(TextLine(box or _words_box(words), tuple(words)) for box, words, _ in raw_lines)

    def _fit_line_box(self, line: etree._Element) -> Box | None:
        box = read_raw_box(line)
        frame = self._frame
        if box and box.x >= 0 and box.y >= 0 and box.width > 0 < box.height:
            if box.right <= frame.right and box.bottom <= frame.bottom:
                return box
            clipped_box = box.clip(frame.right, frame.bottom)
            return clipped_box if clipped_box.area else None
        if box:
            frame.warning_log.count("line with a negative or empty box; the box of its words is used")
        return None

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
            box = new_tuple(Box, (x, y, width, height)) if is_inside else self._frame.fit_word_box(string, line_box)
            if hyphen_part := get(b"SUBS_TYPE"):
                text = self._resolve_hyphenation(text, hyphen_part, clean_text(get(b"SUBS_CONTENT", "")).strip())
            words.append(new_tuple(Word, (text, box, parse_confidence(get(b"WC")))))
        return words

    def _clean_word(self, text: str) -> str:
        """Return the text of a String in NFC; a soft hyphen stays at its end, where the word may continue."""
        text = normalise_text(text)
        if SOFT_HYPHEN not in text:
            return text.strip()
        self._has_soft_hyphens = True
        bare_text = text.replace(SOFT_HYPHEN, "").strip()
        return bare_text + SOFT_HYPHEN if bare_text and text.endswith(SOFT_HYPHEN) else bare_text

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


def _join_hyphenated_words(lines: RawLines) -> None:
    for (_, words, ends_in_hyphen), (_, next_words, _) in pairwise(lines):
        last_word, next_word = words[-1], next_words[0]
        if not (ends_in_hyphen or last_word.text.endswith(tuple(HYPHEN_CHARACTERS))) or not next_word.text:
            continue
        # A String can hold a whole line (eScriptorium); only its first word is moved.
        head, _, remainder = next_word.text.partition(" ")
        stem = last_word.text.rstrip(HYPHEN_CHARACTERS + "-" if ends_in_hyphen else HYPHEN_CHARACTERS)
        words[-1] = last_word._replace(text=stem + head)
        next_words[0] = next_word._replace(text=remainder)


def _remove_soft_hyphens(lines: RawLines) -> None:
    """Remove those that are left where no second part follows, as at the end of a block."""
    for _, words, _ in lines:
        words[:] = [
            word._replace(text=word.text.replace(SOFT_HYPHEN, "")) if SOFT_HYPHEN in word.text else word
            for word in words
        ]


def _words_box(words: list[Word]) -> Box:
    return Box.from_boxes(word.box for word in words)


def read_language(block: etree._Element) -> Iterator[str]:
    """Yield the language of a block: LANG in ALTO 3, `language` in ALTO 2."""
    if language_code := block.get("LANG") or block.get("language"):
        yield language_code
