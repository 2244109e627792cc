"""Which words stand around a picture."""

import pytest

from core.geometry import Box, PixelBox
from indexer.context import WORDS, elements, scale
from indexer.records import Context, Passage, TextBlock, TextLine, Word
from tests.made_pages import (
    ABOVE,
    BELOW,
    CAPTION,
    COLUMNS,
    FIGURE,
    FULL,
    LINE,
    around,
    block,
    centred,
    context,
    page,
    picture,
    words,
)


@pytest.mark.parametrize("position", [0, 1, 2, 3])
def test_a_figure_stands_between_the_paragraphs_around_it(position: int) -> None:
    """Wherever the file lists the picture: NB lists all pictures last, others first."""
    assert around(ABOVE, CAPTION, BELOW, picture(200, 300, 400, 300, position=position)) == (
        words("above", 20),
        "Fig. 3. Fyret",
        words("below", 20),
    )


def test_context_is_the_nearest_sixty_words() -> None:
    long_above, long_below = block(words("a", 80), 100, 50), block(words("b", 85), 100, 700)
    before, _, after = around(long_above, FIGURE, long_below)
    assert before.split() == [f"a{number}" for number in range(21, 81)]
    assert after.split() == [f"b{number}" for number in range(1, WORDS + 1)]


def test_a_line_that_is_one_string_still_counts_by_words() -> None:
    """kraken writes a whole line into one `String`."""
    line = TextLine(Box(100, 200, FULL, LINE), (Word(words("w", 100), Box(100, 200, FULL, LINE)),))
    before, _, _ = around(TextBlock("t", line.box, (line,)), FIGURE)
    assert before.split()[0] == "w41"


def test_confidence_is_the_mean_of_the_words_that_have_one() -> None:
    sure, unsure, silent = (Word(text, Box(0, 0, 1, 1), wc) for text, wc in (("ein", 0.9), ("båt", 0.5), ("her", None)))
    gone = Word("", Box(0, 0, 1, 1), 0.1)
    known = TextLine(Box(100, 200, 300, LINE), (sure, unsure, silent, gone))
    unknown = TextLine(Box(100, 700, 300, LINE), (silent,))
    found = context(TextBlock("1", known.box, (known,)), FIGURE, TextBlock("2", unknown.box, (unknown,)))
    assert found.before.text == "ein båt her"
    assert found.before.confidence == pytest.approx(0.7)
    assert found.after == Passage("her", None)


def test_page_text_is_every_word_of_the_page() -> None:
    found = context(centred("FYRENE PAA KYSTEN", 60), ABOVE, FIGURE, CAPTION, BELOW)
    expected = ["FYRENE PAA KYSTEN", words("above", 20), "Fig. 3. Fyret", words("below", 20)]
    assert found.page_text.text == " ".join(expected)


def test_a_page_of_plates_has_no_context() -> None:
    plates = [picture(100, 100 + 350 * number, 600, 300) for number in range(3)]
    assert {element.context for element in elements(page(*plates))} == {Context()}


def test_labels_in_a_map_are_neither_caption_nor_context() -> None:
    label = centred("Lindesnes", 450, width=90)
    found = context(ABOVE, FIGURE, label, CAPTION, BELOW)
    assert (found.caption.text, found.after.text) == ("Fig. 3. Fyret", words("below", 20))
    assert "Lindesnes" in found.page_text.text


def test_text_within_a_frame_is_context_for_the_pictures_in_it() -> None:
    frame = picture(20, 20, 760, 1160)
    first, second = (element.context for element in elements(page(ABOVE, FIGURE, BELOW, frame)))
    assert (first.before.text, first.after.text) == (words("above", 20), words("below", 20))
    assert (second.before.text, second.after.text) == ("", "")


@pytest.mark.parametrize("position", [0, 2])
def test_an_initial_opens_its_paragraph(position: int) -> None:
    """The picture lies within the paragraph's block, as eScriptorium draws it."""
    opened = block(words("opened", 50), 100, 400)
    initial = picture(98, 399, 80, 80, position=position)
    assert around(ABOVE, opened, initial) == (words("above", 20), "", words("opened", 50))


def test_an_initial_beside_its_paragraph_opens_it() -> None:
    """The paragraph is no taller than the initial, so no line stands below it."""
    opened = block(words("opened", 20), 190, 400, 510)
    initial = picture(100, 398, 80, 60)
    last = block(words("last", 20), 100, 480)
    assert around(ABOVE, opened, last, initial) == (
        words("above", 20),
        "",
        f"{words('opened', 20)} {words('last', 20)}",
    )


def test_a_picture_within_one_block_parts_its_lines() -> None:
    """Segmentations draw one zone over a whole page, pictures and all."""
    upper, lower = block(words("upper", 30), 100, 200), block(words("lower", 30), 100, 700)
    zone = TextBlock("zone", Box(100, 200, FULL, 600), (*upper.lines, *lower.lines))
    assert around(zone, picture(200, 300, 400, 300, position=1)) == (words("upper", 30), "", words("lower", 30))


@pytest.mark.parametrize(
    ("x", "before", "after"),
    [
        (110, words("one", 20), f"{words('two', 20)} {words('three', 20)} {words('four', 20)}"),
        (430, f"{words('one', 20)} {words('two', 20)} {words('three', 20)}", words("four", 20)),
    ],
)
@pytest.mark.parametrize("position", [0, 4])
def test_a_picture_belongs_to_its_column(x: float, before: str, after: str, position: int) -> None:
    """The words run from column to column; sixty at most."""
    assert around(*COLUMNS, picture(x, 350, 250, 250, position=position)) == (before, "", after)


@pytest.mark.parametrize("position", [0, 4])
def test_at_the_foot_of_a_column_the_next_column_follows(position: int) -> None:
    _, _, three, four = COLUMNS
    figure = picture(110, 800, 250, 200, position=position)
    assert around(*COLUMNS, figure)[1:] == ("", f"{three.text} {four.text}")


def test_the_files_position_decides_between_places_that_are_equally_good() -> None:
    """A picture in the margin: no text above or below it says where it belongs."""
    margin = picture(720, 450, 60, 60, position=1)
    assert around(ABOVE, BELOW, margin) == (words("above", 20), "", words("below", 20))


def test_a_page_of_two_thousand_blocks_and_five_hundred_ornaments() -> None:
    blocks = [
        block(words(f"{number}.", 30), 120 * (number // 200), 100 * (number % 200), 100) for number in range(2000)
    ]
    ornaments = [picture(120 * (number % 10), 37 * number, 90, 6) for number in range(500)]
    found = elements(page(*reversed(blocks), *ornaments, width=1200, height=20000))
    assert len(found) == 500
    assert all(len(element.context.before.text.split()) <= WORDS for element in found)


def test_boxes_are_in_pixels_of_the_scan_and_on_it() -> None:
    found = elements(page(picture(-10, 300, 400, 1000)), scan_width=400, scan_height=600)
    assert found[0].box == PixelBox(0, 150, 195, 450)
    assert (found[0].alto_id, found[0].kind) == ("GE1", "Illustration")


def test_without_a_scan_the_numbers_stay() -> None:
    assert elements(page(picture(10, 20, 30, 40)))[0].box == PixelBox(10, 20, 30, 40)
    assert elements(page(picture(10, 20, 30, 40), width=0, height=0), 999, 999)[0].box == PixelBox(10, 20, 30, 40)


@pytest.mark.parametrize(
    ("width", "height", "factor", "warned"),
    [
        (400, 600, 0.5, False),
        (400, 606, 0.5, False),
        (400, 620, 0.5, True),
        (None, None, 1, False),
        (400, None, 0.5, False),
    ],
)
def test_scale_is_uniform_and_warns_of_another_shape(
    width: int | None,
    height: int | None,
    factor: float,
    warned: bool,  # noqa: FBT001
) -> None:
    found, warning = scale(page(), width, height)
    assert (found, bool(warning)) == (factor, warned)


def test_a_page_without_words_or_size_is_no_trouble() -> None:
    empty = TextBlock("t", Box(0, 0, 0, 0), ())
    bare = TextLine(Box(0, 0, 0, 0), (Word("ord", Box(0, 0, 0, 0)),))
    found = elements(page(empty, TextBlock("u", Box(0, 0, 0, 0), (bare,)), picture(0, 0, 0, 0), width=0, height=0))
    assert found[0].box == PixelBox(0, 0, 1, 1)
    assert elements(page()) == ()
