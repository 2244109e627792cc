"""Content Search: matching words as annotations with boxes, and their contexts."""

from api.elasticsearch.book_hits import read_page_text
from api.iiif.content_search import build_search_response
from api.iiif.paging import PageLinks, page_links
from api.iiif.urls import IIIFUrls
from api.records import BookMatches, PageText
from api.search.highlighting import Highlighter
from api.search.query_syntax import parse_query_text
from tests.hit_factory import BASE_URL, BOOK_DETAILS, make_book_leaf, make_book_picture
from tests.iiif_rules import rule_violations

URLS = IIIFUrls(BASE_URL)
BOOK_ROOT = f"{BASE_URL}/iiif/books/digibok_1"
LINKS = PageLinks(this=f"{BOOK_ROOT}/search?q=fyr", whole=f"{BOOK_ROOT}/search?q=fyr")
WORDS = ("Et", "gammelt", "Fyr,", "som", "lyser")
PAGE_TEXT = PageText(
    leaf=make_book_leaf(3), words=WORDS, match_positions=frozenset([2]), boxes=("1,1,1,1", "2,2,2,2", "3,4,5,6", *"ab")
)


def test_annotation_of_a_matching_word_has_box_and_context() -> None:
    content = build_search_response(BOOK_DETAILS, BookMatches(total=1, matches=(PAGE_TEXT,)), LINKS, [], URLS)
    assert rule_violations(content) == []
    (word,), (contexts,) = content["items"], content["annotations"]
    assert (word["body"]["value"], word["target"]) == ("Fyr,", f"{BOOK_ROOT}/canvas/3#xywh=3,4,5,6")
    (context,) = contexts["items"]
    assert context["target"]["source"] == word["id"]
    assert context["target"]["selector"] == [
        {"type": "TextQuoteSelector", "prefix": "Et gammelt ", "exact": "Fyr,", "suffix": " som lyser"}
    ]


def test_pictures_are_listed_and_ignored_parameters_are_named() -> None:
    content = build_search_response(
        BOOK_DETAILS,
        BookMatches(total=40, matches=(make_book_picture(book_id="digibok_1"),)),
        page_links(f"{BOOK_ROOT}/search?q=fyr", 1, 2),
        ["user"],
        URLS,
    )
    assert rule_violations(content) == []
    assert content["ignored"] == ["user"]
    assert content["items"][0]["motivation"] == "describing"
    assert content["partOf"]["first"] == {"id": f"{BOOK_ROOT}/search?q=fyr&page=1", "type": "AnnotationPage"}
    assert "annotations" not in content


def read_page(query_text: str, text: str, boxes: str = "") -> PageText:
    raw_hit = {"_id": "page3", "_source": {"page": 3, "page_text": {"text": text}, "boxes": boxes}}
    return read_page_text(raw_hit, Highlighter(parse_query_text(query_text)))


def test_words_of_a_query_in_any_form_are_matched_with_their_boxes() -> None:
    page_text = read_page("fyret gammelt", " ".join(WORDS), "a b c d e")
    assert (page_text.match_positions, page_text.boxes[2]) == ({1, 2}, "c")


def test_phrase_matches_each_of_its_words() -> None:
    assert read_page('"et gammelt fyr" OR lyser', " ".join(WORDS)).match_positions == {0, 1, 2, 4}


def test_boxes_are_dropped_if_their_number_differs_from_the_words() -> None:
    assert read_page("a", "a b", "1,1,1,1").boxes == ()
    page_text_without_boxes = PageText(
        leaf=make_book_leaf(3), words=("a", "b"), match_positions=frozenset([1]), boxes=()
    )
    content = build_search_response(
        BOOK_DETAILS, BookMatches(total=1, matches=(page_text_without_boxes,)), LINKS, [], URLS
    )
    assert content["items"][0]["target"] == f"{BOOK_ROOT}/canvas/3"
