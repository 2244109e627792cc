"""Lines and words of a text block, with the words that a line's end cut in two made whole."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from lxml import etree

from core.geometry import Box
from indexer.formats.alto.geometry import Frame, confidence, raw_box
from indexer.formats.alto.reading_order import by_rank
from indexer.records import TextLine, Word

LINE, STRING = "{*}TextLine", "{*}String"

HYPHENS = "¬⸗\u00ad"
"""Marks that transcribers and OCR set for a word that goes on in the next line, and for nothing else."""

Lines = list[tuple[Box | None, list[Word], bool]]


class TextReader:
    """Reads the text blocks of one page; it remembers which word parts are waiting for their second half."""

    def __init__(self, frame: Frame, ranks: Mapping[str, int]) -> None:
        self._frame = frame
        self._ranks = ranks
        self._halves: set[str] = set()

    def lines(self, block: etree._Element) -> tuple[TextLine, ...]:
        elements = list(block.iterchildren(LINE))
        if self._ranks:
            elements = by_rank(elements, lambda line: self._ranks.get(line.get("ID", "")))
        # One walk through the block: to start one for every line takes longer than all its words.
        strings = defaultdict[etree._Element | None, list[etree._Element]](list)
        for parent, parts in groupby(block.iter(STRING), etree._Element.getparent):
            strings[parent].extend(parts)
        found: Lines = []
        for element in elements:
            box = self._line_box(element)
            if words := self._words(strings[element], box):
                found.append((box, words, _has_hyphen(element)))
        _join(found)
        return tuple(TextLine(box or _around(words), tuple(words)) for box, words, _ in found)

    def _line_box(self, line: etree._Element) -> Box | None:
        box = raw_box(line)
        frame = self._frame
        if box and box.x >= 0 and box.y >= 0 and box.width > 0 < box.height:
            if box.right <= frame.right and box.bottom <= frame.bottom:
                return box
            clipped = box.clipped(frame.right, frame.bottom)
            return clipped if clipped.area else None
        if box:
            frame.notes.count("line with a negative or empty box; that of its words is taken")
        return None

    def _words(self, strings: Sequence[etree._Element], line_box: Box | None) -> list[Word]:
        # The innermost loop: two thirds of the time of reading a page are spent here. Names as bytes spare lxml
        # their encoding, `new` spares a call of Python that a NamedTuple's own constructor makes.
        right, bottom = self._frame.right, self._frame.bottom
        new = tuple.__new__
        words = []
        for string in strings:
            get = string.get
            text = get(b"CONTENT", "").strip()
            if not text:
                continue
            try:
                x, y = float(get(b"HPOS", "")), float(get(b"VPOS", ""))
                width, height = float(get(b"WIDTH", "")), float(get(b"HEIGHT", ""))
                inside = x >= 0 and y >= 0 and 0 < width <= right - x and 0 < height <= bottom - y
            except ValueError:
                inside = False
            box = new(Box, (x, y, width, height)) if inside else self._frame.word_box(string, line_box)
            if part := get(b"SUBS_TYPE"):
                text = self._whole(text, part, get(b"SUBS_CONTENT", "").strip())
            words.append(new(Word, (text, box, confidence(get(b"WC")))))
        return words

    def _whole(self, text: str, part: str, whole: str) -> str:
        """The first part says the whole word, the second nothing, unless its first half is on another page."""
        if not whole:
            return text
        if part == "HypPart1":
            self._halves.add(whole)
            return whole
        if part == "HypPart2":
            if whole not in self._halves:
                return whole
            self._halves.discard(whole)
            return ""
        return text


def _has_hyphen(line: etree._Element) -> bool:
    """Whether the line ends in a `HYP` that no SUBS_CONTENT explains."""
    if not str(line[-1].tag).endswith("HYP"):
        return False
    last = next(line.iterchildren(STRING, reversed=True), None)
    return last is not None and not last.get("SUBS_CONTENT")


def _join(lines: Lines) -> None:
    for (_, words, hyphen), (_, following, _) in pairwise(lines):
        first, second = words[-1], following[0]
        if not (hyphen or first.text.endswith(tuple(HYPHENS))) or not second.text:
            continue
        # A String may hold a whole line (eScriptorium): only its first word moves up.
        head, _, rest = second.text.partition(" ")
        stem = first.text.rstrip(HYPHENS + "-" if hyphen else HYPHENS)
        words[-1] = first._replace(text=stem + head)
        following[0] = second._replace(text=rest)


def _around(words: list[Word]) -> Box:
    return Box.around(word.box for word in words)


def language(block: etree._Element) -> Iterator[str]:
    """v3 calls it LANG, v2 `language`."""
    if found := block.get("LANG") or block.get("language"):
        yield found
