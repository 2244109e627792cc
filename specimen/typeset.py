"""Type: faces, long s, ligatures, and paragraphs broken into justified lines."""

import re
from dataclasses import dataclass
from functools import cache

import pyphen
import skia

FONTS = "/usr/share/fonts"
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
STRETCH, SHRINK = 0.75, 0.30
"""How far a space may give, as a share of itself, before a line is called bad."""
BAD, HYPHEN = 60.0, 0.9


@cache
def typeface(face: str) -> "skia.Typeface":
    found = skia.Typeface.MakeFromFile(f"{FONTS}/{FACES[face]}")
    if found is None:
        raise FileNotFoundError(f"{face}: no font at {FONTS}/{FACES[face]}")
    return found


@cache
def font(face: str, size: float) -> "skia.Font":
    made = skia.Font(typeface(face), size)
    made.setSubpixel(True)
    made.setHinting(skia.FontHinting.kNone)
    made.setEdging(skia.Font.Edging.kAntiAlias)
    return made


@cache
def _hyphenator(language: str) -> "pyphen.Pyphen":
    return pyphen.Pyphen(lang=language, left=2, right=3)


def long_s(word: str) -> str:
    """Round s stays at a word's end and where the manuscript asks for it (`s|`)."""
    marked = re.sub(r"s(?=[|])", "\0", word)
    changed = re.sub(r"s(?=[\w\0])", "ſ", marked)
    return changed.replace("\0", "s").replace("|", "")


@cache
def drawn(word: str, face: str) -> str:
    """The glyphs to draw: ligatures where the face has them."""
    present = typeface(face)
    for letters, ligature in LIGATURES.items():
        if letters in word and present.unicharToGlyph(ord(ligature)):
            word = word.replace(letters, ligature)
    return word


@cache
def width(word: str, face: str, size: float) -> float:
    return float(font(face, size).measureText(drawn(word, face)))


@cache
def ink_box(word: str, face: str, size: float) -> tuple[float, float, float, float]:
    """Where the ink of a word lies, from its origin on the base line: left, top, right, bottom."""
    bounds = skia.Rect()
    font(face, size).measureText(drawn(word, face), skia.TextEncoding.kUTF8, bounds)
    return float(bounds.left()), float(bounds.top()), float(bounds.right()), float(bounds.bottom())


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a paragraph with its face."""

    text: str
    face: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or part of one as it stands in a line."""

    text: str
    face: str
    part: int
    whole: str


@dataclass(frozen=True, slots=True)
class Line:
    pieces: tuple[Piece, ...]
    space: float
    """Between the words."""


def tokens(text: str, face: str, emphasis: str, *, old: bool) -> list[Token]:
    """Words of a paragraph; `_words_` stand in the emphatic face."""
    found, slanted = [], False
    for raw in text.split():
        starts, ends = raw.startswith("_"), bool(re.search(r"_\W*$", raw))
        slanted = slanted or starts
        word = raw.replace("_", "")
        found.append(Token(long_s(word) if old else word.replace("|", ""), emphasis if slanted else face))
        slanted = slanted and not ends
    return found


def _cuts(word: str, language: str) -> list[int]:
    """Where a word may be broken; names, short words and words with marks stay whole."""
    core = word.rstrip(".,;:!?”")
    if not language or len(core) < 6 or not core.isalpha():
        return []
    plain = core.replace("ſ", "s")
    return [cut for cut in _hyphenator(language).positions(plain) if 2 <= cut <= len(core) - 3]


Place = tuple[int, int]
"""Where a line starts: the word, and the letter inside it."""


def break_lines(
    words: list[Token], measures: list[float], size: float, language: str, *, justify: bool = True
) -> list[Line]:
    """The set of breaks with the least strain over the whole paragraph; the last measure repeats."""
    best: dict[tuple[Place, int], tuple[float, tuple[tuple[Place, Place], ...]]] = {((0, 0), 0): (0.0, ())}
    done: tuple[float, tuple[tuple[Place, Place], ...]] | None = None
    for row in range(len(words) + 1):
        open_lines = [(place, value) for (place, at), value in best.items() if at == row]
        if not open_lines:
            break
        for start, (cost, path) in open_lines:
            for end, strain in _line_ends(words, start, measures[min(row, len(measures) - 1)], size, language):
                total = (cost + strain, (*path, (start, end)))
                if end[0] == len(words):
                    done = total if done is None or total[0] < done[0] else done
                else:
                    known = best.get((end, row + 1))
                    best[end, row + 1] = total if known is None or total[0] < known[0] else known
    if done is None:
        raise ValueError(f"a word is wider than its line: {' '.join(word.text for word in words)[:60]}")
    lines = done[1]
    return [
        _line(words, span, measures[min(row, len(measures) - 1)], size, last=not justify or row == len(lines) - 1)
        for row, span in enumerate(lines)
    ]


def _line_ends(
    words: list[Token], start: Place, measure: float, size: float, language: str
) -> list[tuple[Place, float]]:
    """Every place where a line that starts there may end, and how strained it would be."""
    found: list[tuple[Place, float]] = []
    natural, space = 0.0, _space(size)
    for gaps, index in enumerate(range(start[0], len(words))):
        word = words[index]
        offset = start[1] if gaps == 0 else 0
        for cut in _cuts(word.text, language):
            if cut > offset:
                strain = _strain(natural + width(word.text[offset:cut] + "-", word.face, size), gaps, measure, space)
                if strain is not None:
                    found.append(((index, cut), strain + HYPHEN))
        natural += width(word.text[offset:], word.face, size)
        if natural + gaps * space * (1 - SHRINK) > measure:
            break
        if index == len(words) - 1:
            found.append(((len(words), 0), 0.0 if natural + gaps * space <= measure else 1.0))
        elif (strain := _strain(natural, gaps, measure, space)) is not None:
            found.append(((index + 1, 0), strain))
    return found


def _strain(natural: float, gaps: int, measure: float, space: float) -> float | None:
    give = measure - natural - gaps * space
    if gaps == 0:
        return BAD * 2 if give >= 0 else None
    ratio = give / (gaps * space)
    if ratio < -SHRINK:
        return None
    strain = (ratio / (SHRINK if ratio < 0 else STRETCH)) ** 2
    return min(strain * strain, BAD) + strain


def _line(words: list[Token], span: tuple[Place, Place], measure: float, size: float, *, last: bool) -> Line:
    (first, offset), (end, cut) = span
    pieces = []
    for index in range(first, min(end + (cut > 0), len(words))):
        word = words[index]
        begin = offset if index == first else 0
        if index == end:
            pieces.append(Piece(word.text[begin:cut] + "-", word.face, 1, word.text))
        else:
            pieces.append(Piece(word.text[begin:], word.face, 2 if begin else 0, word.text))
    natural = sum(width(piece.text, piece.face, size) for piece in pieces)
    gaps = max(1, len(pieces) - 1)
    space = (measure - natural) / gaps
    if last:
        space = min(space, _space(size))
    return Line(tuple(pieces), space)


def _space(size: float) -> float:
    return size * 0.27
