"""The words of a page with their boxes."""

from core.geometry import Box
from indexer.context.page_text import words_and_boxes
from indexer.records import Page, TextBlock, TextLine, Word


def page(*lines: tuple[Word, ...]) -> Page:
    box = Box(0, 0, 100, 100)
    block = TextBlock(id="b", box=box, lines=tuple(TextLine(box, words) for words in lines))
    return Page(id="p", width=100, height=100, blocks=(block,))


def test_boxes_of_words_are_in_pixels_of_the_scan() -> None:
    text, boxes = words_and_boxes(
        page(
            (Word.in_box("Fyret", Box(1, 2, 10.4, 5), 0.5), Word.in_box("paa", Box(12, 2, 6, 5), 1.0)),
            (Word.in_box("Øen", Box(1, 9, 8, 5)),),
        ),
        2,
    )
    assert (text.text, text.confidence) == ("Fyret paa Øen", 0.75)
    assert boxes == "2,4,21,10 24,4,12,10 2,18,16,10"


def test_words_of_one_string_share_its_box() -> None:
    text, boxes = words_and_boxes(
        page((Word.in_box(" en\u00a0 hel  linje ", Box(0, 0, 50, 5)), Word.in_box("", Box(0, 6, 9, 5)))), 1
    )
    assert text.text == "en hel linje"
    assert boxes.split() == ["0,0,50,5"] * 3


def test_page_without_words_has_no_text_and_no_boxes() -> None:
    assert words_and_boxes(page(), 3.0)[1] == ""
