"""One caption for several pictures, and columns of pictures whose captions stand above them."""

import pytest

from indexer.context import extract_graphical_elements
from indexer.records import PictureBlock, TextBlock
from tests.page_factory import (
    ABOVE,
    BELOW,
    LINE_HEIGHT,
    make_centred_line,
    make_page,
    make_picture_block,
    make_text_block,
    numbered_words,
)

PAIR = (make_picture_block(100, 300, 280, 300), make_picture_block(420, 300, 280, 300))


def captions(*page_blocks: TextBlock | PictureBlock) -> list[str]:
    return [element.context.caption.text for element in extract_graphical_elements(make_page(*page_blocks))]


@pytest.mark.parametrize("text", ["Figs. 1 and 2. The church and the ship", "Fig. 1–2. Kirken og skibet", "Figs. 1, 2"])
def test_a_caption_that_names_two_figures_belongs_to_both(text: str) -> None:
    caption = make_centred_line(text, 610, width=500)
    assert captions(ABOVE, *PAIR, caption, BELOW) == [caption.text, caption.text]


def test_a_caption_that_names_one_figure_belongs_to_one() -> None:
    caption = make_centred_line("Fig. 1. The church and the ship", 610, width=500)
    assert captions(ABOVE, *PAIR, caption, BELOW) == [caption.text, ""]


def test_a_joint_caption_does_not_replace_the_caption_of_another_picture() -> None:
    caption = make_centred_line("Figs. 1 and 2. The church", 610, middle=200, width=300)
    own_caption = make_centred_line("Fig. 3. The ship", 610, middle=600)
    assert captions(ABOVE, *PAIR, caption, own_caption, BELOW) == [caption.text, own_caption.text]


def test_a_joint_caption_does_not_reach_a_distant_picture_or_one_on_its_other_side() -> None:
    caption = make_centred_line("Figs. 1 and 2. The church", 810)
    top, figure, bottom = (make_picture_block(200, y, 400, 190) for y in (100, 610, 850))
    assert captions(top, ABOVE, figure, caption) == ["", caption.text]
    assert captions(figure, caption, bottom) == [caption.text, ""]


def test_a_plate_of_four_figures_with_one_caption_in_two_lines() -> None:
    """The caption is the only text, so its own lines are no measure of a full line."""
    plate = [make_picture_block(x, y, 290, 390) for y in (100, 505) for x in (100, 410)]
    caption = make_text_block(
        "Figs. 1-4. Norwegian churches near the coast of the north sea drawn by one author", 150, 910, 500
    )
    assert captions(*plate, caption, make_centred_line("12", 1150, width=30)) == [caption.text] * 4


@pytest.mark.parametrize("count", [2, 3])
def test_captions_above_their_pictures(count: int) -> None:
    """The captions are nearer to the upper pictures than the lower ones."""
    rows = [
        (make_centred_line(f"Fig. {row + 1}.", 100 + 250 * row), make_picture_block(200, 130 + 250 * row, 400, 210))
        for row in range(count)
    ]
    assert captions(
        *[block for row in rows for block in row], make_text_block(numbered_words("below", 20), 100, 950)
    ) == [f"Fig. {row + 1}." for row in range(count)]


def test_captions_below_a_plates_number_stay_with_the_pictures_above_them() -> None:
    upper, lower = make_picture_block(200, 130, 400, 210), make_picture_block(200, 380, 400, 210)
    number, first = make_centred_line("Pl. 2.", 100), make_centred_line("Fig. 1.", 340 + LINE_HEIGHT // 4)
    assert captions(number, upper, first, lower, make_centred_line("Fig. 2.", 600)) == ["Pl. 2. Fig. 1.", "Fig. 2."]
    assert captions(number, upper, first, lower) == ["Pl. 2. Fig. 1.", ""]
