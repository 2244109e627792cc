"""hOCR → pages: words, lines and blocks with their boxes, and pictures."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import OcrError, ProblemCode
from indexer.context import extract_graphical_elements
from indexer.formats import hocr
from indexer.records import Page
from tests.alto_factory import box_values
from tests.paths import CASES

CASE = CASES / "silent-formats" / "hocr"

XHTML_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head><title/><meta name='ocr-system' content='tesseract 5.3.0'/></head><body>
"""
HTML_HEAD = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>x</title></head><body>\n'

TESSERACT_PAGE = """
 <div class='ocr_page' id='page_1' title='image "scans/bok_0001.tif"; bbox 0 0 2000 3000; ppageno 0; scan_res 300 300'>
  <div class='ocr_carea' id='block_1_1' title="bbox 200 200 1800 320">
   <p class='ocr_par' id='par_1_1' lang='nor' title="bbox 200 200 1800 320">
    <span class='ocr_line' id='line_1_1' title="bbox 200 200 1800 250; baseline 0 -5; x_size 40">
     <span class='ocrx_word' id='word_1_1' title='bbox 200 200 500 250; x_wconf 90'>Fyret</span>
     <span class='ocrx_word' id='word_1_2' title='bbox 520 200 800 250; x_wconf 70'><strong>ved</strong></span>
    </span>
    <span class='ocr_line' id='line_1_2' title="bbox 200 270 900 320">
     <span class='ocrx_word' id='word_1_3' title='bbox 200 270 900 320; x_wconf 95'>sjøen &amp; havet</span>
    </span>
   </p>
  </div>
  <div class='ocr_photo' id='block_1_2' title="bbox 300 400 1700 1900"></div>
  <div class='ocr_separator' id='block_1_3' title="bbox 300 1910 1700 1914"></div>
  <div class='ocr_carea' id='block_1_4' title="bbox 600 1930 1400 1980">
   <p class='ocr_par' id='par_1_2' lang='nor' title="bbox 600 1930 1400 1980">
    <span class='ocr_caption' id='line_1_3' title="bbox 600 1930 1400 1980">
     <span class='ocrx_word' id='word_1_4' title='bbox 600 1930 800 1980; x_wconf 80'>Fig.</span>
     <span class='ocrx_word' id='word_1_5' title='bbox 820 1930 860 1980; x_wconf 80'>3.</span>
     <span class='ocrx_word' id='word_1_6' title='bbox 900 1930 1400 1980; x_wconf 80'>Fyrtårnet</span>
    </span>
   </p>
  </div>
 </div>
"""


def read_page(body: str, head: str = HTML_HEAD) -> Page:
    (page,) = hocr.read_pages(f"{head}{body}</body></html>".encode(), "page.hocr")
    return page


def page_body(content: str) -> str:
    return f"<div class='ocr_page' title='bbox 0 0 1000 1000'>{content}</div>"


@pytest.mark.parametrize("head", [XHTML_HEAD, HTML_HEAD, XHTML_HEAD.replace("<title/>", "<title>a & b</title>")])
def test_page_of_tesseract_is_read_from_xhtml_html_and_broken_xhtml(head: str) -> None:
    page = read_page(TESSERACT_PAGE, head)
    assert (page.id, page.width, page.height, page.unit) == ("page_1", 2000, 3000, "pixel")
    assert (page.image_file_name, page.number, page.language, page.warnings) == ("scans/bok_0001.tif", 0, "nor", ())
    assert [block.text for block in page.blocks] == ["Fyret ved sjøen & havet", "Fig. 3. Fyrtårnet"]
    assert [(block.id, block.role) for block in page.blocks] == [("par_1_1", ""), ("par_1_2", "caption")]
    assert [(word.text, box_values(word.box), word.confidence) for word in page.blocks[0].words] == [
        ("Fyret", (200, 200, 300, 50), 0.9),
        ("ved", (520, 200, 280, 50), 0.7),
        ("sjøen & havet", (200, 270, 700, 50), 0.95),
    ]
    assert [box_values(line.box) for line in page.blocks[0].lines] == [(200, 200, 1600, 50), (200, 270, 700, 50)]


def test_photo_is_a_picture_and_a_rule_is_none() -> None:
    page = read_page(TESSERACT_PAGE)
    (picture,) = page.pictures
    assert (picture.id, picture.block_type, box_values(picture.box)) == (
        "block_1_2",
        "ocr_photo",
        (300, 400, 1400, 1500),
    )
    assert picture.position == 1


def test_caption_line_of_tesseract_is_the_caption_of_the_picture_above() -> None:
    (element,) = extract_graphical_elements(read_page(TESSERACT_PAGE))
    assert element.context.caption.text == "Fig. 3. Fyrtårnet"
    assert element.context.before.text == "Fyret ved sjøen & havet"


@pytest.mark.parametrize(
    "picture_class", ["ocr_photo", "ocr_image", "ocr_linedrawing", "ocr_textimage", "ocr_graphic", "ocr_float"]
)
def test_each_class_of_pictures_is_read(picture_class: str) -> None:
    page = read_page(page_body(f"<div class='{picture_class}' title='bbox 1 2 301 402'></div>"))
    assert [(picture.block_type, box_values(picture.box)) for picture in page.pictures] == [
        (picture_class, (1, 2, 300, 400))
    ]


def test_text_in_a_picture_with_text_is_read() -> None:
    line = "<span class='ocr_line' title='bbox 20 20 90 40'>Lista</span>"
    page = read_page(page_body(f"<div class='ocr_textimage' title='bbox 1 2 301 402'>{line}</div>"))
    assert (len(page.pictures), page.text) == (1, "Lista")


def test_lines_in_a_caption_that_is_a_span_are_read_once() -> None:
    word = "<span class='ocrx_word' title='bbox 0 {0} 99 {1}'>{2}</span>"
    line = f"<span class='ocr_line' title='bbox 0 {{0}} 100 {{1}}'>{word}</span>"
    caption = line.format(10, 30, "eit") + line.format(40, 60, "fyr")
    text = line.format(70, 90, "lenger")
    page = read_page(page_body(f"<p class='ocr_par'><span class='ocr_caption'>{caption}</span>{text}</p>"))
    assert [(block.text, block.role, len(block.lines)) for block in page.blocks] == [
        ("eit fyr", "caption", 2),
        ("lenger", "", 1),
    ]


def test_float_with_a_picture_groups_it_with_its_caption() -> None:
    page = read_page(
        page_body(
            "<div class='ocr_float' id='f' title='bbox 0 0 500 500'>"
            "<div class='ocr_image' id='i' title='bbox 0 0 500 400'></div>"
            "<div class='ocr_caption' id='c' title='bbox 0 410 500 450'>"
            "<span class='ocr_line' title='bbox 0 410 500 450'><span class='ocrx_word' title='bbox 0 410 500 450'>Fyr"
            "</span></span></div></div>"
        )
    )
    (picture,), (block,) = page.pictures, page.blocks
    assert (picture.id, picture.composed_block_id) == ("i", "f")
    assert (block.text, block.role, block.composed_block_id) == ("Fyr", "caption", "f")


def test_line_without_words_is_one_word() -> None:
    page = read_page(page_body("<span class='ocr_line' title='bbox 10 10 200 30'>eit\n fyr</span>"))
    (block,) = page.blocks
    assert [(word.text, box_values(word.box)) for word in block.words] == [("eit fyr", (10, 10, 190, 20))]


def test_characters_with_boxes_of_their_own_are_one_word() -> None:
    word = "<span class='ocrx_word' title='bbox 10 10 90 30; x_wconf 88'>{}</span>"
    characters = "\n".join(f"<span class='ocrx_cinfo' title='x_bboxes 1 1 2 2'>{letter}</span>" for letter in "fyr")
    page = read_page(page_body(f"<span class='ocr_line' title='bbox 0 0 100 40'>{word.format(characters)}</span>"))
    assert page.text == "fyr"


def test_word_that_continues_after_a_soft_hyphen_is_joined() -> None:
    word = "<span class='ocrx_word' title='bbox 0 {0} 99 {1}'>{2}</span>"
    line = f"<span class='ocr_line' title='bbox 0 {{0}} 100 {{1}}'>{word}</span>"
    lines = line.format(0, 20, "fyr\u00ad") + line.format(30, 50, "ta\u030arn")
    page = read_page(page_body(f"<p class='ocr_par'>{lines}</p>"))
    assert page.text == "fyrtårn"


@pytest.mark.parametrize(
    ("title", "box", "confidence"),
    [
        ("x_wconf 50; bbox 1 2 11 22", (1, 2, 10, 20), 0.5),
        ("bbox 1.5 2 11.5 22;x_wconf 99.5", (1.5, 2, 10, 20), 0.995),
        ("bbox  1\n2 11 22", (1, 2, 10, 20), None),
        ("bbox 11 22 1 2", (0, 0, 100, 40), None),
        ("bbox 1 2 1e9 x", (0, 0, 100, 40), None),
        ("bbox 1 2 9999999999 22", (0, 0, 100, 40), None),
        ("bbox 1 2 1100 22; x_wconf 90", (1, 2, 999, 20), 0.9),
        ("bbox 1..2 2 3 4", (0, 0, 100, 40), None),
        ("", (0, 0, 100, 40), None),
    ],
)
def test_properties_of_a_word_in_any_order_and_damaged(
    title: str, box: tuple[float, ...], confidence: float | None
) -> None:
    word = f"<span class='ocrx_word' title='{title}'>x</span>"
    page = read_page(page_body(f"<span class='ocr_line' title='bbox 0 0 100 40'>{word}</span>"))
    (read_word,) = page.blocks[0].words
    assert (box_values(read_word.box), read_word.confidence) == (box, confidence)


def test_unusual_words_of_a_block_change_no_others() -> None:
    titles = {
        "one": "bbox 1 2 11 22; x_wconf 90",
        "two": "bbox 20 2 31 22;x_wconf 80;x_confs 79.5 80.5",
        " ": "bbox 32 2 33 22; x_wconf 10",
        "four": "bbox 40 2 1100 22; x_wconf 70",
        "five": "x_wconf 60",
    }
    lines = "".join(
        f"<span class='ocr_line' title='bbox 0 0 100 40'><span class='ocrx_word' title='{title}'>{text}</span></span>"
        for text, title in titles.items()
    )
    (block,) = read_page(page_body(f"<p class='ocr_par'>{lines}</p>")).blocks
    assert [(word.text, box_values(word.box), word.confidence) for word in block.words] == [
        ("one", (1, 2, 10, 20), 0.9),
        ("two", (20, 2, 11, 20), 0.8),
        ("four", (40, 2, 960, 20), 0.7),
        ("five", (0, 0, 100, 40), 0.6),
    ]


def test_words_with_further_properties_keep_box_and_confidence() -> None:
    words = "".join(
        f"<span class='ocrx_word' title='bbox {x} 2 {x + 9} 22; x_wconf {x}; x_fsize 10'>å{x}</span>" for x in (10, 30)
    )
    (block,) = read_page(page_body(f"<span class='ocr_line' title='bbox 0 0 100 40'>{words}</span>")).blocks
    assert [(word.text, word.box.x, word.confidence) for word in block.words] == [("å10", 10, 0.1), ("å30", 30, 0.3)]


def test_printed_page_number_and_scan_in_any_notation() -> None:
    page = read_page(
        "<div class='ocr_page' title='image C:\\scans\\1.tif; bbox 0 0 9 9; lpageno \"xii\"; ppageno 4'></div>"
    )
    assert (page.label, page.number, page.image_file_name) == ("xii", 4, "C:\\scans\\1.tif")


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_declared_encoding_counts(encoding: str) -> None:
    body = page_body("<span class='ocr_line' title='bbox 0 0 99 40'>sjøen</span>")
    document = (
        f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={encoding}'></head>{body}</html>"
    )
    (page,) = hocr.read_pages(document.encode(encoding), "x")
    assert page.text == "sjøen"


def test_html_without_a_declared_encoding_is_utf_8_or_windows_1252() -> None:
    body = page_body("<span class='ocr_line' title='bbox 0 0 99 40'>sjøen</span>")
    document = f"<html>{body}</html>"
    for encoding in ("utf-8", "cp1252"):
        (page,) = hocr.read_pages(document.encode(encoding), "x")
        assert page.text == "sjøen"


def test_pages_of_a_book_in_one_file_keep_their_scans() -> None:
    pages = hocr.read_pages(CASE / "bok_0001.hocr")
    assert [(page.number, page.width, page.height) for page in pages] == [(0, 2212, 3503), (1, 2214, 3503)]
    assert pages[0].text.startswith("Hradbami zavířily bubny a zaduněly rohy.")
    assert pages[0].language == "ces"
    assert hocr.page_image_names(CASE / "bok_0001.hocr") == [page.image_file_name for page in pages]


def test_file_without_pages_and_empty_file_are_errors_that_say_so() -> None:
    with pytest.raises(OcrError, match="no element of class ocr_page") as error:
        hocr.read_pages(b"<html><body><p>Hello</p></body></html>", "x.html")
    assert error.value.code is ProblemCode.EMPTY
    with pytest.raises(OcrError, match="the file is empty"):
        hocr.read_pages(b"", "x.html")


def test_entities_of_a_hostile_declaration_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    declaration = f'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file://{secret}">]>'
    line = "<span class='ocr_line' title='bbox 0 0 99 40'>fyr &a;&b;</span>"
    document = f'{declaration}<html xmlns="http://www.w3.org/1999/xhtml">{page_body(line)}</html>'
    (page,) = hocr.read_pages(document.encode(), "x")
    assert "aaaa" not in page.text
    assert "secret" not in page.text


classes = st.sampled_from(
    [
        "ocr_page",
        "ocr_carea",
        "ocr_par",
        "ocr_line",
        "ocrx_word",
        "ocr_photo",
        "ocr_float",
        "ocr_caption",
        "ocr_separator",
        "",
    ]
)
numbers = st.sampled_from(["0", "10", "-5", "999999999999", "nan", "1.5.2", "", "x", "2000", "٣"])


def write_element(tag: str, class_name: str, corners: list[str], end_tag: str) -> str:
    title = f"bbox {' '.join(corners)}; x_wconf {corners[0]}"
    return f"<{tag} class='{class_name}' id='i' title='{title}'>x{end_tag}"


elements = st.builds(
    write_element,
    st.sampled_from(["div", "p", "span", "table", "title"]),
    classes,
    st.lists(numbers, min_size=4, max_size=4),
    st.sampled_from(["", "</div>", "</p>", "</span>", "</td></table>"]),
)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from([HTML_HEAD, XHTML_HEAD, ""]), st.lists(elements, max_size=25))
def test_any_elements_give_pages_with_usable_boxes_or_a_named_error(head: str, body: list[str]) -> None:
    assert_readable_or_named_error((head + "".join(body)).encode())


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_pages_or_a_named_error(data: bytes) -> None:
    assert_readable_or_named_error(data)
    assert_readable_or_named_error(b"<html><div class='ocr_page'>" + data)


def assert_readable_or_named_error(data: bytes) -> None:
    try:
        pages = hocr.read_pages(data, "mutant")
    except OcrError:
        return
    for page in pages:
        for element in extract_graphical_elements(page):
            assert element.box.width >= 1
