"""Which words are the context of a picture."""

import pytest

from core.geometry import Box, PixelBox
from indexer.context import MAX_CONTEXT_WORDS, PageScale, extract_graphical_elements
from indexer.records import Context, TextBlock, TextLine, TextPassage, Word
from tests.page_factory import (
    ABOVE,
    BELOW,
    CAPTION,
    COLUMN_WIDTH,
    COLUMNS,
    FIGURE,
    LINE_HEIGHT,
    first_picture_context,
    make_centred_line,
    make_page,
    make_picture_block,
    make_text_block,
    numbered_words,
    surrounding_texts,
)


@pytest.mark.parametrize("position", [0, 1, 2, 3])
def test_context_of_a_figure_is_the_paragraphs_around_it(position: int) -> None:
    """The result does not depend on where the file lists the picture: NB lists all pictures last, others first."""
    assert surrounding_texts(ABOVE, CAPTION, BELOW, make_picture_block(200, 300, 400, 300, position=position)) == (
        numbered_words("above", 20),
        "Fig. 3. Fyret",
        numbered_words("below", 20),
    )


def test_context_is_the_nearest_sixty_words() -> None:
    long_above, long_below = (
        make_text_block(numbered_words("a", 80), 100, 50),
        make_text_block(numbered_words("b", 85), 100, 700),
    )
    before, _, after = surrounding_texts(long_above, FIGURE, long_below)
    assert before.split() == [f"a{number}" for number in range(21, 81)]
    assert after.split() == [f"b{number}" for number in range(1, MAX_CONTEXT_WORDS + 1)]


def test_words_of_a_line_in_one_string_are_counted_separately() -> None:
    """kraken writes a whole line into one `String`."""
    line = TextLine(
        Box(100, 200, COLUMN_WIDTH, LINE_HEIGHT),
        (Word.in_box(numbered_words("w", 100), Box(100, 200, COLUMN_WIDTH, LINE_HEIGHT)),),
    )
    before, _, _ = surrounding_texts(TextBlock("t", line.box, (line,)), FIGURE)
    assert before.split()[0] == "w41"


def test_confidence_is_the_mean_of_the_words_that_have_one() -> None:
    sure, unsure, silent = (
        Word.in_box(text, Box(0, 0, 1, 1), wc) for text, wc in (("ein", 0.9), ("båt", 0.5), ("her", None))
    )
    empty_word = Word.in_box("", Box(0, 0, 1, 1), 0.1)
    line_with_confidence = TextLine(Box(100, 200, 300, LINE_HEIGHT), (sure, unsure, silent, empty_word))
    line_without_confidence = TextLine(Box(100, 700, 300, LINE_HEIGHT), (silent,))
    figure_context = first_picture_context(
        TextBlock("1", line_with_confidence.box, (line_with_confidence,)),
        FIGURE,
        TextBlock("2", line_without_confidence.box, (line_without_confidence,)),
    )
    assert figure_context.before.text == "ein båt her"
    assert figure_context.before.confidence == pytest.approx(0.7)
    assert figure_context.after == TextPassage("her", None)


def test_page_text_is_every_word_of_the_page() -> None:
    figure_context = first_picture_context(make_centred_line("FYRENE PAA KYSTEN", 60), ABOVE, FIGURE, CAPTION, BELOW)
    expected = ["FYRENE PAA KYSTEN", numbered_words("above", 20), "Fig. 3. Fyret", numbered_words("below", 20)]
    assert figure_context.page_text.text == " ".join(expected)


def test_a_page_of_plates_has_no_context() -> None:
    plates = [make_picture_block(100, 100 + 350 * number, 600, 300) for number in range(3)]
    assert {element.context for element in extract_graphical_elements(make_page(*plates))} == {Context()}


def test_labels_in_a_map_are_neither_caption_nor_context() -> None:
    label = make_centred_line("Lindesnes", 450, width=90)
    figure_context = first_picture_context(ABOVE, FIGURE, label, CAPTION, BELOW)
    assert (figure_context.caption.text, figure_context.after.text) == ("Fig. 3. Fyret", numbered_words("below", 20))
    assert "Lindesnes" in figure_context.page_text.text


def test_text_within_a_frame_is_context_for_the_pictures_in_it() -> None:
    frame = make_picture_block(20, 20, 760, 1160)
    first, second = (element.context for element in extract_graphical_elements(make_page(ABOVE, FIGURE, BELOW, frame)))
    assert (first.before.text, first.after.text) == (numbered_words("above", 20), numbered_words("below", 20))
    assert (second.before.text, second.after.text) == ("", "")


@pytest.mark.parametrize("position", [0, 2])
def test_an_initial_opens_its_paragraph(position: int) -> None:
    """The picture lies within the paragraph's block, as eScriptorium draws it."""
    paragraph = make_text_block(numbered_words("opened", 50), 100, 400)
    initial = make_picture_block(98, 399, 80, 80, position=position)
    assert surrounding_texts(ABOVE, paragraph, initial) == (
        numbered_words("above", 20),
        "",
        numbered_words("opened", 50),
    )


def test_an_initial_beside_its_paragraph_opens_it() -> None:
    """The paragraph is no taller than the initial, so no line is below it."""
    paragraph = make_text_block(numbered_words("opened", 20), 190, 400, 510)
    initial = make_picture_block(100, 398, 80, 60)
    last_block = make_text_block(numbered_words("last", 20), 100, 480)
    assert surrounding_texts(ABOVE, paragraph, last_block, initial) == (
        numbered_words("above", 20),
        "",
        f"{numbered_words('opened', 20)} {numbered_words('last', 20)}",
    )


def test_picture_inside_a_block_splits_its_lines() -> None:
    """Segmentations draw one zone over a whole page, pictures and all."""
    upper, lower = (
        make_text_block(numbered_words("upper", 30), 100, 200),
        make_text_block(numbered_words("lower", 30), 100, 700),
    )
    zone = TextBlock("zone", Box(100, 200, COLUMN_WIDTH, 600), (*upper.lines, *lower.lines))
    assert surrounding_texts(zone, make_picture_block(200, 300, 400, 300, position=1)) == (
        numbered_words("upper", 30),
        "",
        numbered_words("lower", 30),
    )


@pytest.mark.parametrize(
    ("x", "before", "after"),
    [
        (
            110,
            numbered_words("one", 20),
            f"{numbered_words('two', 20)} {numbered_words('three', 20)} {numbered_words('four', 20)}",
        ),
        (
            430,
            f"{numbered_words('one', 20)} {numbered_words('two', 20)} {numbered_words('three', 20)}",
            numbered_words("four", 20),
        ),
    ],
)
@pytest.mark.parametrize("position", [0, 4])
def test_context_is_text_of_the_column_of_the_picture(x: float, before: str, after: str, position: int) -> None:
    """The text continues from column to column; the context has at most sixty words."""
    assert surrounding_texts(*COLUMNS, make_picture_block(x, 350, 250, 250, position=position)) == (before, "", after)


@pytest.mark.parametrize("position", [0, 4])
def test_context_after_the_foot_of_a_column_is_the_next_column(position: int) -> None:
    _, _, three, four = COLUMNS
    figure = make_picture_block(110, 800, 250, 200, position=position)
    assert surrounding_texts(*COLUMNS, figure)[1:] == ("", f"{three.text} {four.text}")


def test_position_in_the_file_decides_between_equal_places() -> None:
    """A picture in the margin has no text above or below it."""
    margin = make_picture_block(720, 450, 60, 60, position=1)
    assert surrounding_texts(ABOVE, BELOW, margin) == (numbered_words("above", 20), "", numbered_words("below", 20))


@pytest.mark.slow
def test_a_page_of_two_thousand_blocks_and_five_hundred_ornaments() -> None:
    blocks = [
        make_text_block(numbered_words(f"{number}.", 30), 120 * (number // 200), 100 * (number % 200), 100)
        for number in range(2000)
    ]
    ornaments = [make_picture_block(120 * (number % 10), 37 * number, 90, 6) for number in range(500)]
    graphical_elements = extract_graphical_elements(make_page(*reversed(blocks), *ornaments, width=1200, height=20000))
    assert len(graphical_elements) == 500
    assert all(len(element.context.before.text.split()) <= MAX_CONTEXT_WORDS for element in graphical_elements)


def test_boxes_are_scaled_and_clipped_to_the_scan() -> None:
    page = make_page(make_picture_block(-10, 300, 400, 1000))
    graphical_elements = extract_graphical_elements(page, PageScale.from_sizes(page, (400, 600)))
    assert graphical_elements[0].box == PixelBox(0, 150, 195, 450)
    assert (graphical_elements[0].alto_id, graphical_elements[0].block_type) == ("GE1", "Illustration")


def test_boxes_stay_unscaled_without_a_scan() -> None:
    assert extract_graphical_elements(make_page(make_picture_block(10, 20, 30, 40)))[0].box == PixelBox(10, 20, 30, 40)
    page_without_size = make_page(make_picture_block(10, 20, 30, 40), width=0, height=0)
    scale = PageScale.from_sizes(page_without_size, (999, 999))
    assert extract_graphical_elements(page_without_size, scale)[0].box == PixelBox(10, 20, 30, 40)


@pytest.mark.parametrize(
    ("scan_size", "factor", "warned"),
    [((400, 600), 0.5, False), ((400, 606), 0.5, False), ((400, 620), 0.5, True), (None, 1, False)],
)
def test_scale_is_uniform_and_warns_of_another_shape(
    scan_size: tuple[int, int] | None,
    factor: float,
    warned: bool,  # noqa: FBT001
) -> None:
    scale = PageScale.from_sizes(make_page(), scan_size)
    assert (scale.factor, bool(scale.warning)) == (factor, warned)


def test_page_without_words_or_size_is_read() -> None:
    empty_block = TextBlock("t", Box(0, 0, 0, 0), ())
    bare_line = TextLine(Box(0, 0, 0, 0), (Word.in_box("ord", Box(0, 0, 0, 0)),))
    graphical_elements = extract_graphical_elements(
        make_page(
            empty_block,
            TextBlock("u", Box(0, 0, 0, 0), (bare_line,)),
            make_picture_block(0, 0, 0, 0),
            width=0,
            height=0,
        )
    )
    assert graphical_elements[0].box == PixelBox(0, 0, 1, 1)
    assert extract_graphical_elements(make_page()) == ()
