"""Typesetting: typefaces, long s, ligatures, and justified paragraphs."""

import re
from dataclasses import dataclass
from functools import cache

import pyphen
import skia

FONT_FOLDER = "/usr/share/fonts"
FACES = {
    "fraktur": "truetype/blankenburg/Blankenburg_UNZ1A.ttf",
    "roman": "truetype/fonts-oldstandard/OldStandard-Regular.ttf",
    "italic": "truetype/fonts-oldstandard/OldStandard-Italic.ttf",
    "bold": "truetype/fonts-oldstandard/OldStandard-Bold.ttf",
    "garamond": "truetype/ebgaramond/EBGaramond12-Regular.ttf",
    "garamond-italic": "truetype/ebgaramond/EBGaramond12-Italic.ttf",
    "small-caps": "truetype/ebgaramond/EBGaramondSC12-Regular.ttf",
    "goudy": "opentype/sortsmill/GoudyBookletter1911.otf",
    "initials": "truetype/ebgaramond/EBGaramond-Initials.ttf",
}
"""Debian's fonts-blankenburg, fonts-oldstandard, fonts-ebgaramond(-extra), fonts-goudybookletter."""

LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ", "ſt": "ﬅ"}
MAX_STRETCH, MAX_SHRINK = 0.75, 0.30
"""How far a space may stretch or shrink, as a share of its width, before a line counts as bad."""
BAD_LINE_PENALTY, HYPHEN_PENALTY = 60.0, 0.9


@cache
def typeface(face: str) -> "skia.Typeface":
    loaded_typeface = skia.Typeface.MakeFromFile(f"{FONT_FOLDER}/{FACES[face]}")
    if loaded_typeface is None:
        raise FileNotFoundError(f"{face}: no font at {FONT_FOLDER}/{FACES[face]}")
    return loaded_typeface


@cache
def font(face: str, size: float) -> "skia.Font":
    sized_font = skia.Font(typeface(face), size)
    sized_font.setSubpixel(True)
    sized_font.setHinting(skia.FontHinting.kNone)
    sized_font.setEdging(skia.Font.Edging.kAntiAlias)
    return sized_font


@cache
def _hyphenator(language: str) -> "pyphen.Pyphen":
    return pyphen.Pyphen(lang=language, left=2, right=3)


def apply_long_s(word: str) -> str:
    """Replace s by long s, except at the end of a word and before `|` in the manuscript."""
    protected = re.sub(r"s(?=[|])", "\0", word)
    replaced = re.sub(r"s(?=[\w\0])", "ſ", protected)
    return replaced.replace("\0", "s").replace("|", "")


@cache
def apply_ligatures(word: str, face: str) -> str:
    """Replace letters by the ligatures that the typeface has."""
    face_typeface = typeface(face)
    for letters, ligature in LIGATURES.items():
        if letters in word and face_typeface.unicharToGlyph(ord(ligature)):
            word = word.replace(letters, ligature)
    return word


@cache
def text_width(word: str, face: str, size: float) -> float:
    return float(font(face, size).measureText(apply_ligatures(word, face)))


@cache
def ink_box(word: str, face: str, size: float) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a word's ink, relative to its origin on the baseline."""
    bounds = skia.Box()
    font(face, size).measureText(apply_ligatures(word, face), skia.TextEncoding.kUTF8, bounds)
    return float(bounds.left()), float(bounds.top()), float(bounds.right()), float(bounds.bottom())


@dataclass(frozen=True, slots=True)
class StyledWord:
    """A word with its typeface."""

    text: str
    face: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a part of one, in a line."""

    text: str
    face: str
    hyphen_part: int
    whole_word: str


@dataclass(frozen=True, slots=True)
class Line:
    pieces: tuple[Piece, ...]
    space: float
    """The width of the spaces between words."""


def styled_words(text: str, face: str, emphasis: str, *, with_long_s: bool) -> list[StyledWord]:
    """Return the words of a paragraph; `_words_` are in the emphasis typeface."""
    words, is_emphasised = [], False
    for raw_word in text.split():
        opens_emphasis, closes_emphasis = raw_word.startswith("_"), bool(re.search(r"_\W*$", raw_word))
        is_emphasised = is_emphasised or opens_emphasis
        word = raw_word.replace("_", "")
        words.append(
            StyledWord(
                apply_long_s(word) if with_long_s else word.replace("|", ""), emphasis if is_emphasised else face
            )
        )
        is_emphasised = is_emphasised and not closes_emphasis
    return words


def _hyphenation_points(word: str, language: str) -> list[int]:
    """Return the positions where a word may be hyphenated; short words and words with marks have none."""
    bare_word = word.rstrip(".,;:!?”")
    if not language or len(bare_word) < 6 or not bare_word.isalpha():
        return []
    modern_word = bare_word.replace("ſ", "s")
    return [
        hyphen_position
        for hyphen_position in _hyphenator(language).positions(modern_word)
        if 2 <= hyphen_position <= len(bare_word) - 3
    ]


BreakPoint = tuple[int, int]
"""The start of a line: (index of the word, index of the letter in it)."""


def break_lines(
    words: list[StyledWord], measures: list[float], size: float, language: str, *, justify: bool = True
) -> list[Line]:
    """Break a paragraph into lines with the least total strain; the last measure applies to all further lines."""
    best_by_break: dict[tuple[BreakPoint, int], tuple[float, tuple[tuple[BreakPoint, BreakPoint], ...]]] = {
        ((0, 0), 0): (0.0, ())
    }
    best_complete: tuple[float, tuple[tuple[BreakPoint, BreakPoint], ...]] | None = None
    for row in range(len(words) + 1):
        open_lines = [(place, value) for (place, line_number), value in best_by_break.items() if line_number == row]
        if not open_lines:
            break
        for start, (cost, path) in open_lines:
            for end, strain in _line_ends(words, start, measures[min(row, len(measures) - 1)], size, language):
                total = (cost + strain, (*path, (start, end)))
                if end[0] == len(words):
                    best_complete = total if best_complete is None or total[0] < best_complete[0] else best_complete
                else:
                    previous_best = best_by_break.get((end, row + 1))
                    best_by_break[end, row + 1] = (
                        total if previous_best is None or total[0] < previous_best[0] else previous_best
                    )
    if best_complete is None:
        raise ValueError(f"a word is wider than its line:  {' '.join(word.text for word in words)[:60]}")
    lines = best_complete[1]
    return [
        _build_line(words, span, measures[min(row, len(measures) - 1)], size, last=not justify or row == len(lines) - 1)
        for row, span in enumerate(lines)
    ]


def _line_ends(
    words: list[StyledWord], start: BreakPoint, measure: float, size: float, language: str
) -> list[tuple[BreakPoint, float]]:
    """Return every possible end of a line that starts here, with its strain."""
    line_ends: list[tuple[BreakPoint, float]] = []
    natural, space = 0.0, _word_space(size)
    for gaps, index in enumerate(range(start[0], len(words))):
        word = words[index]
        offset = start[1] if gaps == 0 else 0
        for hyphen_position in _hyphenation_points(word.text, language):
            if hyphen_position > offset:
                strain = _strain(
                    natural + text_width(word.text[offset:hyphen_position] + "-", word.face, size), gaps, measure, space
                )
                if strain is not None:
                    line_ends.append(((index, hyphen_position), strain + HYPHEN_PENALTY))
        natural += text_width(word.text[offset:], word.face, size)
        if natural + gaps * space * (1 - MAX_SHRINK) > measure:
            break
        if index == len(words) - 1:
            line_ends.append(((len(words), 0), 0.0 if natural + gaps * space <= measure else 1.0))
        elif (strain := _strain(natural, gaps, measure, space)) is not None:
            line_ends.append(((index + 1, 0), strain))
    return line_ends


def _strain(natural: float, gaps: int, measure: float, space: float) -> float | None:
    slack = measure - natural - gaps * space
    if gaps == 0:
        return BAD_LINE_PENALTY * 2 if slack >= 0 else None
    ratio = slack / (gaps * space)
    if ratio < -MAX_SHRINK:
        return None
    strain = (ratio / (MAX_SHRINK if ratio < 0 else MAX_STRETCH)) ** 2
    return min(strain * strain, BAD_LINE_PENALTY) + strain


def _build_line(
    words: list[StyledWord], span: tuple[BreakPoint, BreakPoint], measure: float, size: float, *, last: bool
) -> Line:
    (first, offset), (end, hyphen_position) = span
    pieces = []
    for index in range(first, min(end + (hyphen_position > 0), len(words))):
        word = words[index]
        begin = offset if index == first else 0
        if index == end:
            pieces.append(Piece(word.text[begin:hyphen_position] + "-", word.face, 1, word.text))
        else:
            pieces.append(Piece(word.text[begin:], word.face, 2 if begin else 0, word.text))
    natural = sum(text_width(piece.text, piece.face, size) for piece in pieces)
    gaps = max(1, len(pieces) - 1)
    space = (measure - natural) / gaps
    if last:
        space = min(space, _word_space(size))
    return Line(tuple(pieces), space)


def _word_space(size: float) -> float:
    return size * 0.27
