"""PAGE-XML → pages: regions of text and pictures of all versions and programs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import OcrError, ProblemCode
from indexer.context import extract_graphical_elements
from indexer.formats import page_xml
from indexer.records import Page
from tests.alto_factory import box_values

NAMESPACES = [
    f"http://schema.primaresearch.org/PAGE/gts/pagecontent/{date}"
    for date in ("2010-03-19", "2013-07-15", "2016-07-15", "2017-07-15", "2018-07-15", "2019-07-15")
]


def document(content: str, namespace: str = NAMESPACES[-1], page_attributes: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><PcGts xmlns="{namespace}" pcGtsId="P1"><Metadata><Creator>x</Creator>'
        f'</Metadata><Page imageFilename="bok_0001.jpg" imageWidth="1000" imageHeight="2000" {page_attributes}>'
        f"{content}</Page></PcGts>"
    ).encode()


def read_page(content: str, namespace: str = NAMESPACES[-1], page_attributes: str = "") -> Page:
    (page,) = page_xml.read_pages(document(content, namespace, page_attributes), "page.xml")
    return page


def coords(left: int, top: int, right: int, bottom: int) -> str:
    return f'<Coords points="{left},{top} {right},{top} {right},{bottom} {left},{bottom}"/>'


def old_coords(left: int, top: int, right: int, bottom: int) -> str:
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    points = "".join(f'<Point x="{x}" y="{y}"/>' for x, y in corners)
    return f"<Coords>{points}</Coords>"


def text_region(region_id: str, top: int, text: str, attributes: str = "") -> str:
    """Return a region with one line of words."""
    words = "".join(
        f'<Word id="{region_id}w{number}">{coords(100 * number, top, 100 * number + 90, top + 40)}'
        f'<TextEquiv conf="0.8"><Unicode>{word}</Unicode></TextEquiv></Word>'
        for number, word in enumerate(text.split(), start=1)
    )
    line = f'<TextLine id="{region_id}l">{coords(100, top, 900, top + 40)}{words}</TextLine>'
    return f'<TextRegion id="{region_id}" {attributes}>{coords(100, top, 900, top + 50)}{line}</TextRegion>'


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_each_version_gives_words_with_their_boxes(namespace: str) -> None:
    page = read_page(text_region("r1", 100, "Fyret ved"), namespace)
    assert (page.id, page.width, page.height, page.unit) == ("P1", 1000, 2000, "pixel")
    assert (page.image_file_name, page.warnings) == ("bok_0001.jpg", ())
    (block,) = page.blocks
    assert (block.id, box_values(block.box)) == ("r1", (100, 100, 800, 50))
    assert box_values(block.lines[0].box) == (100, 100, 800, 40)
    assert [(word.text, box_values(word.box), word.confidence) for word in block.words] == [
        ("Fyret", (100, 100, 90, 40), 0.8),
        ("ved", (200, 100, 90, 40), 0.8),
    ]


def test_points_as_elements_are_those_of_the_first_version() -> None:
    word = f"<Word>{old_coords(10, 20, 90, 60)}<TextEquiv><Unicode>fyr</Unicode></TextEquiv></Word>"
    line = f"<TextLine>{old_coords(10, 20, 100, 60)}{word}</TextLine>"
    region = f'<TextRegion id="r">{old_coords(0, 0, 100, 100)}{line}</TextRegion>'
    (block,) = read_page(region, NAMESPACES[0]).blocks
    assert box_values(block.words[0].box) == (10, 20, 80, 40)


@pytest.mark.parametrize(
    "name",
    [
        *("ImageRegion", "GraphicRegion", "LineDrawingRegion", "ChartRegion", "MapRegion", "MusicRegion"),
        *("AdvertRegion", "ChemRegion"),
    ],
)
def test_each_region_of_pictures_is_one_with_its_outline(name: str) -> None:
    page = read_page(f'<{name} id="p"><Coords points="10,20 300,20 310,400"/></{name}>')
    (picture,) = page.pictures
    assert (picture.id, picture.block_type, box_values(picture.box)) == ("p", name, (10, 20, 300, 380))
    assert picture.polygon == ((10, 20), (300, 20), (310, 400))


@pytest.mark.parametrize(
    "region",
    [
        '<SeparatorRegion id="x">{}</SeparatorRegion>',
        '<NoiseRegion id="x">{}</NoiseRegion>',
        '<TableRegion id="x">{}</TableRegion>',
        '<UnknownRegion id="x">{}</UnknownRegion>',
        '<GraphicRegion id="x" type="punch-hole">{}</GraphicRegion>',
        '<GraphicRegion id="x" type="paper-grow">{}</GraphicRegion>',
    ],
)
def test_rules_noise_tables_and_holes_are_no_pictures(region: str) -> None:
    assert read_page(region.format(coords(10, 20, 300, 400))).pictures == ()


@pytest.mark.parametrize(
    ("attributes", "block_type"),
    [
        ('type="drop-capital"', "drop-capital"),
        ('custom="readingOrder {index:0;} structure {type:GraphicZone;}"', "GraphicZone"),
        ('custom="structure {type:Illustration;}"', "Illustration"),
    ],
)
def test_text_regions_typed_as_pictures_are_pictures(attributes: str, block_type: str) -> None:
    page = read_page(f'<TextRegion id="x" {attributes}>{coords(10, 20, 300, 400)}</TextRegion>')
    assert [picture.block_type for picture in page.pictures] == [block_type]


def test_type_of_a_text_region_is_its_role_and_makes_a_caption() -> None:
    page = read_page(
        f'<ImageRegion id="p">{coords(100, 200, 900, 1200)}</ImageRegion>'
        + text_region("t", 100, "Brødtekst over")
        + text_region("c", 1320, "Fyret", 'type="caption"')
        + text_region("n", 1900, "12", 'type="page-number"')
    )
    assert [block.role for block in page.blocks] == ["", "caption", "page-number"]
    (element,) = extract_graphical_elements(page)
    assert (element.context.caption.text, element.context.before.text) == ("Fyret", "Brødtekst over")


def test_regions_inside_a_picture_belong_to_it_and_adverts_show_their_pictures() -> None:
    inner_picture = f'<GraphicRegion id="inner">{coords(20, 20, 90, 90)}</GraphicRegion>'
    label = text_region("label", 30, "Kart")
    page = read_page(
        f'<MapRegion id="outer">{coords(0, 0, 500, 500)}{inner_picture}{label}</MapRegion>'
        f'<AdvertRegion id="advert">{coords(0, 600, 500, 900)}'
        f'<ImageRegion id="photo">{coords(10, 610, 400, 800)}</ImageRegion></AdvertRegion>'
    )
    assert [(picture.id, picture.composed_block_id) for picture in page.pictures] == [
        ("outer", ""),
        ("photo", "advert"),
    ]
    assert [(block.text, block.composed_block_id) for block in page.blocks] == [("Kart", "outer")]


def test_reading_order_sorts_blocks_and_places_pictures() -> None:
    order = (
        '<ReadingOrder><OrderedGroup id="g"><RegionRefIndexed index="2" regionRef="a"/>'
        '<OrderedGroupIndexed id="h" index="0"><RegionRefIndexed index="1" regionRef="p"/>'
        '<RegionRefIndexed index="0" regionRef="b"/></OrderedGroupIndexed></OrderedGroup></ReadingOrder>'
    )
    page = read_page(
        order
        + text_region("a", 100, "andre")
        + text_region("b", 500, "første")
        + f'<ImageRegion id="p">{coords(0, 800, 500, 900)}</ImageRegion>'
    )
    assert [block.text for block in page.blocks] == ["første", "andre"]
    assert [picture.position for picture in page.pictures] == [1]


def test_line_without_words_is_one_word_with_the_box_of_the_line() -> None:
    text = '<TextEquiv conf="0.5"><Unicode>eit fyr</Unicode></TextEquiv>'
    line = f'<TextLine id="l">{coords(10, 10, 500, 50)}{text}</TextLine>'
    (block,) = read_page(f'<TextRegion id="r">{coords(0, 0, 500, 60)}{line}</TextRegion>').blocks
    assert [(word.text, box_values(word.box), word.confidence) for word in block.words] == [
        ("eit fyr", (10, 10, 490, 40), 0.5)
    ]


def test_text_of_a_whole_region_is_split_into_its_lines() -> None:
    text = "<TextEquiv><Unicode>første linje\nandre linje</Unicode></TextEquiv>"
    (block,) = read_page(f'<TextRegion id="r">{coords(0, 0, 500, 100)}{text}</TextRegion>').blocks
    assert [(line.text, box_values(line.box)) for line in block.lines] == [
        ("første linje", (0, 0, 500, 50)),
        ("andre linje", (0, 50, 500, 50)),
    ]


def test_of_several_readings_the_one_with_the_smallest_index_counts() -> None:
    readings = "".join(
        f'<TextEquiv index="{index}" conf="0.{9 - index}"><Unicode>{text}</Unicode></TextEquiv>'
        for index, text in ((2, "fvr"), (0, "fyr"), (1, "fur"))
    )
    word_element = f"<Word>{coords(0, 0, 50, 50)}{readings}</Word>"
    line = f"<TextLine>{coords(0, 0, 99, 50)}{word_element}</TextLine>"
    region = f'<TextRegion id="r">{coords(0, 0, 99, 99)}{line}</TextRegion>'
    (word,) = read_page(region).blocks[0].words
    assert (word.text, word.confidence) == ("fyr", 0.9)


def test_words_keep_their_boxes_if_another_word_has_no_text() -> None:
    words = (
        f"<Word>{coords(0, 0, 50, 50)}<TextEquiv><Unicode/></TextEquiv></Word>"
        f"<Word>{coords(60, 0, 90, 50)}<TextEquiv><Unicode>fyr</Unicode></TextEquiv></Word>"
    )
    page = read_page(
        f'<TextRegion id="r">{coords(0, 0, 99, 99)}<TextLine>{coords(0, 0, 99, 50)}{words}</TextLine></TextRegion>'
    )
    assert [(word.text, box_values(word.box)) for word in page.blocks[0].words] == [("fyr", (60, 0, 30, 50))]


def test_language_comes_from_the_regions_or_the_page() -> None:
    assert read_page("", page_attributes='primaryLanguage="German"').language == "German"
    assert read_page(text_region("r", 100, "fyr", 'primaryLanguage="Norwegian"')).language == "Norwegian"


def test_other_xml_and_a_document_without_a_page_are_named_errors() -> None:
    with pytest.raises(OcrError, match="not PAGE-XML: the root element is <TEI>") as error:
        page_xml.read_pages(b"<TEI/>", "x.xml")
    assert error.value.code is ProblemCode.UNSUPPORTED
    with pytest.raises(OcrError, match="the file has no Page"):
        page_xml.read_pages(b"<PcGts/>", "x.xml")


names = st.sampled_from(
    [
        *("Page", "ReadingOrder", "OrderedGroup", "TextRegion", "ImageRegion", "AdvertRegion", "TextLine", "Word"),
        *("Coords", "Point", "TextEquiv", "Unicode", "TableCell", "SeparatorRegion"),
    ]
)
attribute_values = st.sampled_from(
    ["", "0", "-1", "1,2 3,4 5,6", "0,0 100,100", "nan,nan 1,1", "1,2,3", "x", "9" * 400, "r"]
)
attributes = st.dictionaries(
    st.sampled_from(
        ["id", "points", "x", "y", "index", "regionRef", "conf", "type", "custom", "imageWidth", "imageHeight"]
    ),
    attribute_values,
    max_size=4,
)


def element(name: str, values: dict[str, str], inner: list[str]) -> str:
    written = "".join(f' {key}="{value}"' for key, value in values.items())
    return f"<{name}{written}>{''.join(inner)}</{name}>"


trees = st.recursive(
    st.builds(element, names, attributes, st.lists(st.just("fyr"), max_size=1)),
    lambda inner: st.builds(element, names, attributes, st.lists(inner, max_size=4)),
    max_leaves=25,
)


@settings(deadline=None, max_examples=200)
@given(trees)
def test_any_tree_gives_pages_with_usable_boxes_or_a_named_error(content: str) -> None:
    for data in (document(content), f"<PcGts>{content}</PcGts>".encode(), document(content)[:-40]):
        try:
            pages = page_xml.read_pages(data, "mutant")
        except OcrError:
            continue
        for page in pages:
            for graphical_element in extract_graphical_elements(page):
                assert graphical_element.box.width >= 1


@given(st.binary(max_size=200))
def test_any_bytes_give_a_named_error(data: bytes) -> None:
    with pytest.raises(OcrError):
        page_xml.read_pages(data, "mutant")
