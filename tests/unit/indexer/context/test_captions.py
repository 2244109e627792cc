"""What makes a paragraph the caption of a picture, and what does not."""

import pytest

from core.geometry import Box
from indexer.context import elements
from indexer.records import TextBlock
from tests.made_pages import (
    ABOVE,
    BELOW,
    CAPTION,
    FIGURE,
    LINE,
    PITCH,
    around,
    block,
    centred,
    line,
    page,
    picture,
    words,
)


def test_a_caption_above_its_picture() -> None:
    title = centred("Tavle II.", 270)
    assert around(ABOVE, title, FIGURE, BELOW) == (words("above", 20), "Tavle II.", words("below", 20))


def test_a_caption_without_a_number_is_short_and_centred() -> None:
    before, caption, after = around(ABOVE, FIGURE, centred("Kirken sedd fra sjøen", 612), BELOW)
    assert (before, caption, after) == (words("above", 20), "Kirken sedd fra sjøen", words("below", 20))


def test_a_caption_in_two_blocks_is_read_to_its_end() -> None:
    _, caption, after = around(ABOVE, FIGURE, CAPTION, centred("Etter naturen av en reisende", 640), BELOW)
    assert caption == "Fig. 3. Fyret Etter naturen av en reisende"
    assert after == words("below", 20)


def test_a_caption_that_is_cut_in_a_word_goes_on_in_the_next_block() -> None:
    """BnF, Vogue 1921: a first line, then four more, which by themselves would be a stanza."""
    first, tokens = centred("Kirken sett fra sjø-", 605), f"siden {words('rest', 15)}".split()
    lines = tuple(line(tokens[row * 4 : row * 4 + 4], 200, 630 + PITCH * row, 400) for row in range(4))
    rest, below = TextBlock("rest", Box(200, 630, 400, 110), lines), block(words("below", 20), 100, 800)
    assert around(ABOVE, FIGURE, first, rest, below)[1:] == (f"{first.text} {rest.text}", words("below", 20))
    whole = centred("Kirken sett fra sjøen", 605)
    assert around(ABOVE, FIGURE, whole, rest, below)[1] == whole.text


@pytest.mark.parametrize(("white", "caption"), [(5, "Fig. 3. Fyret"), (7, "")])
def test_a_numbered_caption_may_stand_six_lines_away(white: int, caption: str) -> None:
    below = block(words("below", 20), 100, 900)
    assert around(ABOVE, FIGURE, centred("Fig. 3. Fyret", 600 + white * LINE), below)[1] == caption


def test_a_rule_has_no_caption() -> None:
    rule = picture(200, 300, 400, LINE, position=1)
    assert around(ABOVE, rule, centred("Tab. 3.", 330), BELOW)[1] == ""


def test_a_legend_below_the_number_belongs_to_the_caption() -> None:
    """A block for `Fig. 1.`, another for what its letters mean."""
    legend = centred("Légende. — 1. Axe de la vis. — 2. Carter.", 645, width=600)
    assert around(ABOVE, FIGURE, CAPTION, legend, BELOW)[1:] == (f"Fig. 3. Fyret {legend.text}", words("below", 20))


def test_a_paragraph_that_runs_on_below_the_picture_is_no_caption() -> None:
    tail = block(words("tail", 3), 100, 610)
    assert around(ABOVE, FIGURE, tail, BELOW)[1:] == ("", f"{words('tail', 3)} {words('below', 20)}")


def test_a_paragraph_that_speaks_of_the_figure_is_no_caption() -> None:
    paragraph = block("Fig. 3 viser fyret " + words("w", 30), 100, 640)
    assert around(ABOVE, FIGURE, paragraph)[1:] == ("", paragraph.text)
    assert around(ABOVE, FIGURE, CAPTION, paragraph)[1:] == ("Fig. 3. Fyret", paragraph.text)


def test_a_song_below_its_music_is_no_caption() -> None:
    """kraken makes a block of each line of verse."""
    verse = [centred(f"og Maagen den fulgte {number}", 620 + PITCH * number, width=400) for number in range(4)]
    assert around(FIGURE, *verse)[1:] == ("", " ".join(line.text for line in verse))


def test_a_heading_below_an_ornament_is_no_caption() -> None:
    ornament = picture(300, 300, 200, 60, position=1)
    assert around(ABOVE, ornament, centred("Annet kapittel", 380), BELOW)[1] == ""


def test_the_group_makes_a_caption_of_a_long_text() -> None:
    """BnF puts a picture and its text into one ComposedBlock."""
    legend = block(words("legend", 25), 100, 610, group="CB1")
    figure = picture(200, 300, 400, 300, position=1, group="CB1")
    assert around(ABOVE, figure, legend, BELOW)[1:] == (words("legend", 25), words("below", 20))


def test_the_tag_makes_a_caption() -> None:
    tagged = block(words("legend", 25), 100, 610, role="GraphicZone:figDesc")
    assert around(ABOVE, FIGURE, tagged, BELOW)[1:] == (words("legend", 25), words("below", 20))


def test_no_caption_of_another_picture_is_context() -> None:
    lower = picture(200, 800, 400, 200, position=4)
    parts = page(ABOVE, FIGURE, CAPTION, BELOW, lower, centred("Fig. 4. Båten", 1010))
    first, second = (element.context for element in elements(parts))
    assert (first.caption.text, second.caption.text) == ("Fig. 3. Fyret", "Fig. 4. Båten")
    assert first.after.text == words("below", 20)
    assert second.before.text == f"{words('above', 20)} {words('below', 20)}"


def test_captions_above_belong_to_the_picture_that_they_touch() -> None:
    upper, lower = picture(200, 130, 400, 200), picture(200, 400, 400, 200)
    found = elements(page(centred("Fig. 1.", 100), upper, centred("Fig. 2.", 375), lower, BELOW))
    assert [element.context.caption.text for element in found] == ["Fig. 1.", "Fig. 2."]


def test_a_caption_between_two_pictures_belongs_to_the_one_above_it() -> None:
    upper, lower = picture(200, 130, 400, 200), picture(200, 400, 400, 200)
    found = elements(page(upper, centred("Fig. 1.", 360), lower, BELOW))
    assert [element.context.caption.text for element in found] == ["Fig. 1.", ""], "a little nearer is not enough"
    found = elements(page(upper, centred("Fig. 1.", 375), lower, BELOW))
    assert [element.context.caption.text for element in found] == ["", "Fig. 1."]


def test_pictures_side_by_side_keep_their_captions() -> None:
    left, right = picture(100, 300, 280, 300, position=1), picture(420, 300, 280, 300, position=1)
    captions = centred("Fig. 1.", 610, middle=240, width=80), centred("Fig. 2.", 610, middle=560, width=80)
    found = elements(page(ABOVE, left, right, *captions, BELOW))
    assert [element.context.caption.text for element in found] == ["Fig. 1.", "Fig. 2."]
    assert {element.context.after.text for element in found} == {words("below", 20)}
