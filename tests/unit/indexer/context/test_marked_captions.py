"""Captions that the file marks, by a role or a group, beside or inside the picture."""

import pytest

from indexer.context import extract_graphical_elements
from indexer.formats import ocr_files
from indexer.records import TextBlock
from tests.page_factory import (
    ABOVE,
    BELOW,
    CAPTION,
    FIGURE,
    make_centred_line,
    make_page,
    make_picture_block,
    make_text_block,
    numbered_words,
    surrounding_texts,
)

GROUPED_FIGURE = make_picture_block(200, 300, 400, 300, position=1, group="CB1")
INSIDE, BESIDE = (400, 570), (700, 450)
"""The middle and the top of a line at the foot of the figure, and of one at its right side."""


def make_line(text: str, place: tuple[int, int], **attributes: str) -> TextBlock:
    return make_centred_line(text, place[1], middle=place[0], width=150, **attributes)


@pytest.mark.parametrize("place", [INSIDE, BESIDE, (400, 450), (310, 310)])
def test_a_block_with_the_role_of_a_caption_is_one_wherever_it_is(place: tuple[int, int]) -> None:
    caption = make_line("Fyret ved sjøen", place, role="CaptionZone")
    assert surrounding_texts(ABOVE, FIGURE, caption, BELOW) == (
        numbered_words("above", 20),
        caption.text,
        numbered_words("below", 20),
    )


@pytest.mark.parametrize("place", [INSIDE, BESIDE])
def test_text_in_the_pictures_group_beside_or_at_its_foot_is_its_caption(place: tuple[int, int]) -> None:
    caption = make_line("Fyret ved sjøen", place, composed_block_id="CB1")
    assert surrounding_texts(ABOVE, GROUPED_FIGURE, caption, BELOW)[1:] == (caption.text, numbered_words("below", 20))


def test_labels_in_a_grouped_map_are_no_caption() -> None:
    labels = [
        make_line(name, place, composed_block_id="CB1") for name, place in (("Stad", (300, 440)), ("Lista", INSIDE))
    ]
    many = [make_line(numbered_words(f"n{row}", 9), (400, 310 + 35 * row), composed_block_id="CB1") for row in range(8)]
    assert surrounding_texts(ABOVE, GROUPED_FIGURE, labels[0], CAPTION, BELOW)[1] == CAPTION.text
    assert surrounding_texts(ABOVE, GROUPED_FIGURE, *many, BELOW)[1] == ""


def test_a_numbered_caption_anywhere_inside_the_grouped_picture() -> None:
    caption = make_line("Fig. 3. Fyret", (300, 450), composed_block_id="CB1")
    assert surrounding_texts(ABOVE, GROUPED_FIGURE, caption, BELOW)[1] == "Fig. 3. Fyret"


def test_an_article_in_the_group_of_a_picture_is_text() -> None:
    """ComposedBlocks of newspapers contain the picture and the columns beside it."""
    column = make_text_block(numbered_words("column", 160), 620, 100, 170, composed_block_id="CB1")
    assert surrounding_texts(GROUPED_FIGURE, column)[1] == ""


def test_a_paragraph_in_the_group_of_its_initial_is_text() -> None:
    initial = make_picture_block(100, 398, 80, 60, position=1, group="CB1")
    paragraph = make_text_block(numbered_words("opened", 20), 190, 400, 510, composed_block_id="CB1")
    assert surrounding_texts(ABOVE, paragraph, initial)[1:] == ("", paragraph.text)


def test_text_around_a_picture_of_its_group_is_no_caption() -> None:
    vignette = make_picture_block(300, 220, 100, 130, position=1, group="CB1")
    title = make_text_block(numbered_words("title", 60), 100, 200, composed_block_id="CB1")
    assert surrounding_texts(title, vignette)[1] == ""


def test_a_caption_in_an_ornamental_border_belongs_to_the_picture_in_it() -> None:
    border = make_picture_block(20, 20, 760, 1160)
    caption = make_centred_line("Fyret ved sjøen", 610, role="caption")
    figure, frame = (element.context for element in extract_graphical_elements(make_page(FIGURE, caption, border)))
    assert (figure.caption.text, frame.caption.text) == ("Fyret ved sjøen", "")


def test_a_caption_beside_a_picture_belongs_to_the_one_that_it_is_below() -> None:
    left, right = make_picture_block(50, 300, 330, 300), make_picture_block(390, 300, 330, 600)
    caption = make_centred_line("Fyret ved sjøen", 610, middle=215, width=320, role="caption")
    captions = [e.context.caption.text for e in extract_graphical_elements(make_page(ABOVE, left, right, caption))]
    assert captions == ["Fyret ved sjøen", ""]


def alto_page(content: str, tags: str = "") -> str:
    return (
        f"<alto><Description><MeasurementUnit>pixel</MeasurementUnit></Description>{tags}<Layout>"
        f'<Page WIDTH="1000" HEIGHT="1500"><PrintSpace>{content}</PrintSpace></Page></Layout></alto>'
    )


def alto_line(x: int, y: int, attributes: str = "") -> str:
    box = f'HPOS="{x}" VPOS="{y}" WIDTH="300" HEIGHT="30"'
    return f'<TextBlock {attributes} {box}><TextLine {box}><String CONTENT="Fyret" {box}/></TextLine></TextBlock>'


def page_xml(content: str) -> str:
    return f'<PcGts xmlns="x"><Page imageWidth="1000" imageHeight="1500">{content}</Page></PcGts>'


def page_xml_caption(x: int, y: int) -> str:
    points = f'<Coords points="{x},{y} {x + 300},{y} {x + 300},{y + 30} {x},{y + 30}"/>'
    line = f"<TextLine>{points}<TextEquiv><Unicode>Fyret</Unicode></TextEquiv></TextLine>"
    return f'<TextRegion type="caption">{points}{line}</TextRegion>'


PICTURE_BOX = 'HPOS="200" VPOS="480" WIDTH="450" HEIGHT="480"'
PICTURE_COORDS = '<Coords points="200,480 650,480 650,960 200,960"/>'
TAG = 'TAGREFS="t1"'
TAGS = '<Tags><LayoutTag ID="t1" LABEL="CaptionZone"/></Tags>'


@pytest.mark.parametrize(
    "document",
    [
        alto_page(f'<ComposedBlock TYPE="Illustration" {PICTURE_BOX}>{alto_line(280, 920)}</ComposedBlock>'),
        alto_page(
            f'<ComposedBlock TYPE="Illustration" {PICTURE_BOX}><GraphicalElement {PICTURE_BOX}/>'
            f"{alto_line(280, 920)}</ComposedBlock>"
        ),
        alto_page(
            '<ComposedBlock TYPE="Illustration" HPOS="200" VPOS="480" WIDTH="780" HEIGHT="480">'
            f"<GraphicalElement {PICTURE_BOX}/>{alto_line(680, 700)}</ComposedBlock>"
        ),
        alto_page(f"<Illustration {PICTURE_BOX}/>{alto_line(680, 700, TAG)}", TAGS),
        page_xml(f"<ImageRegion>{PICTURE_COORDS}</ImageRegion>{page_xml_caption(680, 700)}"),
        page_xml(f"<ImageRegion>{PICTURE_COORDS}{page_xml_caption(280, 900)}</ImageRegion>"),
        page_xml(f"<ImageRegion>{PICTURE_COORDS}</ImageRegion>{page_xml_caption(280, 945)}"),
        "<html><body><div class='ocr_page' title='bbox 0 0 1000 1500'>"
        "<div class='ocr_float' title='bbox 200 480 650 960'><p class='ocr_caption' title='bbox 280 910 580 940'>"
        "<span class='ocr_line' title='bbox 280 910 580 940'><span class='ocrx_word' title='bbox 280 910 580 940'>Fyret"
        "</span></span></p></div></div></body></html>",
    ],
    ids=[
        *("alto group", "alto group with its picture", "alto group beside", "alto tag beside"),
        *("page-xml beside", "page-xml nested", "page-xml overlapping", "hocr float"),
    ],
)
def test_marked_captions_of_all_formats(document: str) -> None:
    (page,) = ocr_files.read_pages(document.encode(), "page.xml")
    (element,) = extract_graphical_elements(page)
    assert element.context.caption.text == "Fyret"
