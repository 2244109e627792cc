"""Which paragraphs are captions of a picture."""

import pytest

from core.geometry import Box
from indexer.context import extract_graphical_elements
from indexer.records import TextBlock
from tests.page_factory import (
    ABOVE,
    BELOW,
    CAPTION,
    FIGURE,
    LINE_HEIGHT,
    LINE_PITCH,
    make_centred_line,
    make_page,
    make_picture_block,
    make_text_block,
    make_text_line,
    numbered_words,
    surrounding_texts,
)


def test_a_caption_above_its_picture() -> None:
    title = make_centred_line("Tavle II.", 270)
    assert surrounding_texts(ABOVE, title, FIGURE, BELOW) == (
        numbered_words("above", 20),
        "Tavle II.",
        numbered_words("below", 20),
    )


def test_a_caption_without_a_number_is_short_and_centred() -> None:
    before, caption, after = surrounding_texts(ABOVE, FIGURE, make_centred_line("Kirken sedd fra sjøen", 612), BELOW)
    assert (before, caption, after) == (
        numbered_words("above", 20),
        "Kirken sedd fra sjøen",
        numbered_words("below", 20),
    )


def test_a_caption_in_two_blocks_is_read_to_its_end() -> None:
    _, caption, after = surrounding_texts(
        ABOVE, FIGURE, CAPTION, make_centred_line("Etter naturen av en reisende", 640), BELOW
    )
    assert caption == "Fig. 3. Fyret Etter naturen av en reisende"
    assert after == numbered_words("below", 20)


def test_hyphenated_caption_continues_in_the_next_block() -> None:
    """BnF, Vogue 1921: one line, then a block of four lines, which alone would look like a stanza."""
    first, tokens = make_centred_line("Kirken sett fra sjø-", 605), f"siden {numbered_words('rest', 15)}".split()
    lines = tuple(make_text_line(tokens[row * 4 : row * 4 + 4], 200, 630 + LINE_PITCH * row, 400) for row in range(4))
    caption_tail, block_below = (
        TextBlock("rest", Box(200, 630, 400, 110), lines),
        make_text_block(numbered_words("below", 20), 100, 800),
    )
    assert surrounding_texts(ABOVE, FIGURE, first, caption_tail, block_below)[1:] == (
        f"{first.text} {caption_tail.text}",
        numbered_words("below", 20),
    )
    unbroken_line = make_centred_line("Kirken sett fra sjøen", 605)
    assert surrounding_texts(ABOVE, FIGURE, unbroken_line, caption_tail, block_below)[1] == unbroken_line.text


@pytest.mark.parametrize(("white", "caption"), [(5, "Fig. 3. Fyret"), (7, "")])
def test_a_numbered_caption_may_be_six_lines_away(white: int, caption: str) -> None:
    block_below = make_text_block(numbered_words("below", 20), 100, 900)
    assert (
        surrounding_texts(ABOVE, FIGURE, make_centred_line("Fig. 3. Fyret", 600 + white * LINE_HEIGHT), block_below)[1]
        == caption
    )


def test_printed_rule_has_no_caption() -> None:
    rule = make_picture_block(200, 300, 400, LINE_HEIGHT, position=1)
    assert surrounding_texts(ABOVE, rule, make_centred_line("Tab. 3.", 330), BELOW)[1] == ""


def test_a_legend_below_the_number_belongs_to_the_caption() -> None:
    """One block contains `Fig. 1.`, another the explanation of its letters."""
    legend = make_centred_line("Légende. — 1. Axe de la vis. — 2. Carter.", 645, width=600)
    assert surrounding_texts(ABOVE, FIGURE, CAPTION, legend, BELOW)[1:] == (
        f"Fig. 3. Fyret {legend.text}",
        numbered_words("below", 20),
    )


def test_paragraph_that_continues_below_the_picture_is_not_a_caption() -> None:
    tail = make_text_block(numbered_words("tail", 3), 100, 610)
    assert surrounding_texts(ABOVE, FIGURE, tail, BELOW)[1:] == (
        "",
        f"{numbered_words('tail', 3)} {numbered_words('below', 20)}",
    )


def test_paragraph_that_mentions_the_figure_is_not_a_caption() -> None:
    paragraph = make_text_block("Fig. 3 viser fyret " + numbered_words("w", 30), 100, 640)
    assert surrounding_texts(ABOVE, FIGURE, paragraph)[1:] == ("", paragraph.text)
    assert surrounding_texts(ABOVE, FIGURE, CAPTION, paragraph)[1:] == ("Fig. 3. Fyret", paragraph.text)


def test_lyrics_below_music_are_not_a_caption() -> None:
    """kraken makes a block of each line of verse."""
    verse = [
        make_centred_line(f"og Maagen den fulgte {number}", 620 + LINE_PITCH * number, width=400) for number in range(4)
    ]
    assert surrounding_texts(FIGURE, *verse)[1:] == ("", " ".join(line.text for line in verse))


def test_heading_below_an_ornament_is_not_a_caption() -> None:
    ornament = make_picture_block(300, 300, 200, 60, position=1)
    assert surrounding_texts(ABOVE, ornament, make_centred_line("Annet kapittel", 380), BELOW)[1] == ""


def test_long_text_in_the_pictures_composed_block_is_its_caption() -> None:
    """BnF puts a picture and its text into one ComposedBlock."""
    legend = make_text_block(numbered_words("legend", 25), 100, 610, composed_block_id="CB1")
    figure = make_picture_block(200, 300, 400, 300, position=1, group="CB1")
    assert surrounding_texts(ABOVE, figure, legend, BELOW)[1:] == (
        numbered_words("legend", 25),
        numbered_words("below", 20),
    )


def test_block_tagged_as_caption_is_a_caption() -> None:
    tagged = make_text_block(numbered_words("legend", 25), 100, 610, role="GraphicZone:figDesc")
    assert surrounding_texts(ABOVE, FIGURE, tagged, BELOW)[1:] == (
        numbered_words("legend", 25),
        numbered_words("below", 20),
    )


def test_caption_of_another_picture_is_not_context() -> None:
    lower = make_picture_block(200, 800, 400, 200, position=4)
    made_page = make_page(ABOVE, FIGURE, CAPTION, BELOW, lower, make_centred_line("Fig. 4. Båten", 1010))
    first, second = (element.context for element in extract_graphical_elements(made_page))
    assert (first.caption.text, second.caption.text) == ("Fig. 3. Fyret", "Fig. 4. Båten")
    assert first.after.text == numbered_words("below", 20)
    assert second.before.text == f"{numbered_words('above', 20)} {numbered_words('below', 20)}"


def test_captions_above_are_assigned_to_the_adjacent_picture() -> None:
    upper, lower = make_picture_block(200, 130, 400, 200), make_picture_block(200, 400, 400, 200)
    graphical_elements = extract_graphical_elements(
        make_page(make_centred_line("Fig. 1.", 100), upper, make_centred_line("Fig. 2.", 375), lower, BELOW)
    )
    assert [element.context.caption.text for element in graphical_elements] == ["Fig. 1.", "Fig. 2."]


def test_a_caption_between_two_pictures_is_assigned_to_the_upper_one() -> None:
    upper, lower = make_picture_block(200, 130, 400, 200), make_picture_block(200, 400, 400, 200)
    graphical_elements = extract_graphical_elements(make_page(upper, make_centred_line("Fig. 1.", 360), lower, BELOW))
    assert [element.context.caption.text for element in graphical_elements] == ["Fig. 1.", ""], (
        "a little nearer is not enough"
    )
    graphical_elements = extract_graphical_elements(make_page(upper, make_centred_line("Fig. 1.", 375), lower, BELOW))
    assert [element.context.caption.text for element in graphical_elements] == ["", "Fig. 1."]


def test_pictures_side_by_side_keep_their_captions() -> None:
    left, right = make_picture_block(100, 300, 280, 300, position=1), make_picture_block(420, 300, 280, 300, position=1)
    captions = (
        make_centred_line("Fig. 1.", 610, middle=240, width=80),
        make_centred_line("Fig. 2.", 610, middle=560, width=80),
    )
    graphical_elements = extract_graphical_elements(make_page(ABOVE, left, right, *captions, BELOW))
    assert [element.context.caption.text for element in graphical_elements] == ["Fig. 1.", "Fig. 2."]
    assert {element.context.after.text for element in graphical_elements} == {numbered_words("below", 20)}
