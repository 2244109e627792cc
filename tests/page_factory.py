"""Builders of small pages of 800 × 1,200 pixels, for tests of positions."""

from core.geometry import Box
from indexer.context import extract_graphical_elements
from indexer.records import Context, Page, PictureBlock, TextBlock, TextLine, Word

LINE_HEIGHT, LINE_PITCH = 20, 30
"""Pixels: the height of a line, and the distance from one line to the next."""

COLUMN_WIDTH = 600
"""Pixels: the width of the text."""


def numbered_words(stem: str, count: int) -> str:
    return " ".join(f"{stem}{number}" for number in range(1, count + 1))


def make_text_block(
    text: str,
    x: float,
    y: float,
    width: float = COLUMN_WIDTH,
    *,
    id: str = "",  # noqa: A002
    **attributes: str,
) -> TextBlock:
    """Return a paragraph in lines of ten words; the last line is as wide as its words."""
    tokens = text.split()
    rows = [tokens[start : start + 10] for start in range(0, len(tokens), 10)]
    lines = [
        make_text_line(row, x, y + LINE_PITCH * number, width * len(row) / max(10, len(row)))
        for number, row in enumerate(rows)
    ]
    return TextBlock(
        id or tokens[0], Box(x, y, width, LINE_PITCH * (len(rows) - 1) + LINE_HEIGHT), tuple(lines), **attributes
    )


def make_centred_line(text: str, y: float, *, middle: float = 400, width: float = 200, **attributes: str) -> TextBlock:
    text_line = make_text_line(text.split(), middle - width / 2, y, width)
    return TextBlock(text, text_line.box, (text_line,), **attributes)


def make_text_line(tokens: list[str], x: float, y: float, width: float) -> TextLine:
    word_pitch = width / len(tokens)
    boxes = [Box(x + word_pitch * number, y, word_pitch * 0.9, LINE_HEIGHT) for number in range(len(tokens))]
    return TextLine(
        Box(x, y, width, LINE_HEIGHT), tuple(Word.in_box(text, box) for text, box in zip(tokens, boxes, strict=True))
    )


def make_picture_block(
    x: float, y: float, width: float, height: float, *, position: int = 0, group: str = ""
) -> PictureBlock:
    return PictureBlock("GE1", "Illustration", Box(x, y, width, height), (), position, group)


def make_page(*page_blocks: TextBlock | PictureBlock, width: float = 800, height: float = 1200) -> Page:
    """Return a page with the blocks in this order; each picture keeps the `position` that it was made with."""
    blocks = tuple(page_block for page_block in page_blocks if isinstance(page_block, TextBlock))
    pictures = tuple(page_block for page_block in page_blocks if isinstance(page_block, PictureBlock))
    return Page(id="P1", width=width, height=height, blocks=blocks, pictures=pictures)


def first_picture_context(*page_blocks: TextBlock | PictureBlock) -> Context:
    """Return the context of the first picture."""
    return extract_graphical_elements(make_page(*page_blocks))[0].context


def surrounding_texts(*page_blocks: TextBlock | PictureBlock) -> tuple[str, str, str]:
    picture_context = first_picture_context(*page_blocks)
    return picture_context.before.text, picture_context.caption.text, picture_context.after.text


ABOVE = make_text_block(numbered_words("above", 20), 100, 200)
BELOW = make_text_block(numbered_words("below", 20), 100, 700)
FIGURE = make_picture_block(200, 300, 400, 300, position=1)
CAPTION = make_centred_line("Fig. 3. Fyret", 610)


COLUMNS = (
    make_text_block(numbered_words("one", 20), 100, 200, 280),
    make_text_block(numbered_words("two", 20), 100, 700, 280),
    make_text_block(numbered_words("three", 20), 420, 200, 280),
    make_text_block(numbered_words("four", 20), 420, 700, 280),
)
