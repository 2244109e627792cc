"""Small made pages, 800 × 1,200, for tests of what stands where."""

from core.geometry import Box
from indexer.context import elements
from indexer.records import Context, Page, PictureBlock, TextBlock, TextLine, Word

LINE, PITCH = 20, 30
"""Pixels: the height of a line, and from one line to the next."""

FULL = 600
"""The measure."""


def words(stem: str, count: int) -> str:
    return " ".join(f"{stem}{number}" for number in range(1, count + 1))


def block(text: str, x: float, y: float, width: float = FULL, *, id: str = "", **more: str) -> TextBlock:  # noqa: A002
    """A paragraph in lines of ten words, the last one as long as its words."""
    tokens = text.split()
    rows = [tokens[start : start + 10] for start in range(0, len(tokens), 10)]
    lines = [line(row, x, y + PITCH * number, width * len(row) / max(10, len(row))) for number, row in enumerate(rows)]
    return TextBlock(id or tokens[0], Box(x, y, width, PITCH * (len(rows) - 1) + LINE), tuple(lines), **more)


def centred(text: str, y: float, *, middle: float = 400, width: float = 200, **more: str) -> TextBlock:
    only = line(text.split(), middle - width / 2, y, width)
    return TextBlock(text, only.box, (only,), **more)


def line(tokens: list[str], x: float, y: float, width: float) -> TextLine:
    step = width / len(tokens)
    boxes = [Box(x + step * number, y, step * 0.9, LINE) for number in range(len(tokens))]
    return TextLine(Box(x, y, width, LINE), tuple(Word(text, box) for text, box in zip(tokens, boxes, strict=True)))


def picture(x: float, y: float, width: float, height: float, *, position: int = 0, group: str = "") -> PictureBlock:
    return PictureBlock("GE1", "Illustration", Box(x, y, width, height), (), position, group)


def page(*parts: TextBlock | PictureBlock, width: float = 800, height: float = 1200) -> Page:
    """The parts in the order of the file; each picture keeps the position that it was made with."""
    blocks = tuple(part for part in parts if isinstance(part, TextBlock))
    pictures = tuple(part for part in parts if isinstance(part, PictureBlock))
    return Page(id="P1", width=width, height=height, blocks=blocks, pictures=pictures)


def context(*parts: TextBlock | PictureBlock) -> Context:
    """That of the first picture."""
    return elements(page(*parts))[0].context


def around(*parts: TextBlock | PictureBlock) -> tuple[str, str, str]:
    found = context(*parts)
    return found.before.text, found.caption.text, found.after.text


ABOVE = block(words("above", 20), 100, 200)
BELOW = block(words("below", 20), 100, 700)
FIGURE = picture(200, 300, 400, 300, position=1)
CAPTION = centred("Fig. 3. Fyret", 610)


COLUMNS = (
    block(words("one", 20), 100, 200, 280),
    block(words("two", 20), 100, 700, 280),
    block(words("three", 20), 420, 200, 280),
    block(words("four", 20), 420, 700, 280),
)
