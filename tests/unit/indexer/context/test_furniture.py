"""Running heads, page numbers, signatures and catchwords are not context."""

from dataclasses import replace

import pytest

from core.geometry import Box
from indexer.records import TextBlock, TextLine, Word
from tests.page_factory import (
    ABOVE,
    BELOW,
    FIGURE,
    LINE_PITCH,
    make_centred_line,
    make_picture_block,
    make_text_block,
    make_text_line,
    numbered_words,
    surrounding_texts,
)

HEAD = make_centred_line("FYRENE PAA KYSTEN", 60)


@pytest.mark.parametrize(
    "furniture",
    [
        (HEAD,),
        (HEAD, make_text_block("12", 100, 60, 30)),
        (make_centred_line("— 12 —", 60),),
        (make_centred_line("12", 1150, width=30),),
        (make_centred_line("A iij", 1150, width=60), make_text_block("nedenfor", 620, 1150, 80)),
        (make_text_block(numbered_words("running", 4), 100, 60, role="RunningTitleZone"),),
    ],
)
def test_running_heads_page_numbers_and_signatures_are_not_context(furniture: tuple[TextBlock, ...]) -> None:
    last_block = make_text_block(numbered_words("last", 20), 100, 900)
    before, _, after = surrounding_texts(*furniture, ABOVE, FIGURE, BELOW, last_block)
    assert before == numbered_words("above", 20)
    assert after == f"{numbered_words('below', 20)} {numbered_words('last', 20)}"


def test_a_catchword_at_the_end_of_the_last_paragraph_is_not_context() -> None:
    paragraph = make_text_block(numbered_words("last", 30), 100, 900)
    catchword = make_text_line(["nedenfor"], 620, 900 + 3 * LINE_PITCH, 80)
    _, _, after = surrounding_texts(ABOVE, FIGURE, replace(paragraph, lines=(*paragraph.lines, catchword)))
    assert after == numbered_words("last", 30)


def test_a_heading_at_the_top_is_context_where_it_is_larger_than_the_text() -> None:
    heading_line = TextLine(Box(250, 60, 300, 44), (Word.in_box("Fyrene", Box(250, 60, 300, 44)),))
    assert (
        surrounding_texts(TextBlock("h", heading_line.box, (heading_line,)), ABOVE, FIGURE, BELOW)[0]
        == f"Fyrene {numbered_words('above', 20)}"
    )


@pytest.mark.parametrize("text", ["Fig 12", "Pl IV", "Abb 7", "Taf 3", "No 3", "Map C"])
def test_a_numbered_caption_at_the_foot_of_the_page_is_no_signature(text: str) -> None:
    figure = make_picture_block(200, 300, 400, 600, position=1)
    caption = make_centred_line(text, 910, width=100)
    assert surrounding_texts(ABOVE, make_text_block(numbered_words("more", 20), 100, 240), figure, caption)[1] == text


def test_a_block_marked_as_caption_at_the_foot_of_the_page_is_no_signature() -> None:
    figure = make_picture_block(200, 300, 400, 600, position=1)
    caption = make_centred_line("B 2", 910, width=100, role="caption")
    assert surrounding_texts(ABOVE, make_text_block(numbered_words("more", 20), 100, 240), figure, caption)[1] == "B 2"
