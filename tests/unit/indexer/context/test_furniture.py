"""What printers set around the text, none of it context."""

from dataclasses import replace

import pytest

from core.geometry import Box
from indexer.records import TextBlock, TextLine, Word
from tests.made_pages import ABOVE, BELOW, FIGURE, PITCH, around, block, centred, line, words

HEAD = centred("FYRENE PAA KYSTEN", 60)


@pytest.mark.parametrize(
    "furniture",
    [
        (HEAD,),
        (HEAD, block("12", 100, 60, 30)),
        (centred("— 12 —", 60),),
        (centred("12", 1150, width=30),),
        (centred("A iij", 1150, width=60), block("nedenfor", 620, 1150, 80)),
        (block(words("running", 4), 100, 60, role="RunningTitleZone"),),
    ],
)
def test_running_heads_page_numbers_and_signatures_are_not_context(furniture: tuple[TextBlock, ...]) -> None:
    last = block(words("last", 20), 100, 900)
    before, _, after = around(*furniture, ABOVE, FIGURE, BELOW, last)
    assert before == words("above", 20)
    assert after == f"{words('below', 20)} {words('last', 20)}"


def test_a_catchword_at_the_end_of_the_last_paragraph_is_not_context() -> None:
    text = block(words("last", 30), 100, 900)
    catchword = line(["nedenfor"], 620, 900 + 3 * PITCH, 80)
    _, _, after = around(ABOVE, FIGURE, replace(text, lines=(*text.lines, catchword)))
    assert after == words("last", 30)


def test_a_heading_at_the_top_is_context_where_it_is_larger_than_the_text() -> None:
    big = TextLine(Box(250, 60, 300, 44), (Word("Fyrene", Box(250, 60, 300, 44)),))
    assert around(TextBlock("h", big.box, (big,)), ABOVE, FIGURE, BELOW)[0] == f"Fyrene {words('above', 20)}"
