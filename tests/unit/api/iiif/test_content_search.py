"""Found words as annotations with boxes, and their contexts as annotations of those."""

from api.books import Found, Passage, passage
from api.iiif.addresses import Addresses
from api.iiif.content_search import answer
from tests.iiif_rules import broken
from tests.made_hits import BASE, RECORD, page, plate

AT = Addresses(BASE)
BOOK = f"{BASE}/iiif/books/digibok_1"
ADDRESSES = {"this": f"{BOOK}/search?q=fyr", "whole": f"{BOOK}/search?q=fyr"}
WORDS = ("Et", "gammelt", "Fyr,", "som", "lyser")
PASSAGE = Passage(leaf=page(3), words=WORDS, found=frozenset([2]), boxes=("1,1,1,1", "2,2,2,2", "3,4,5,6", *"ab"))


def test_a_word_has_its_box_and_its_context() -> None:
    content = answer(RECORD, Found(total=1, here=(PASSAGE,)), ADDRESSES, [], AT)
    assert broken(content) == []
    (word,), (contexts,) = content["items"], content["annotations"]
    assert (word["body"]["value"], word["target"]) == ("Fyr,", f"{BOOK}/canvas/3#xywh=3,4,5,6")
    (context,) = contexts["items"]
    assert context["target"]["source"] == word["id"]
    assert context["target"]["selector"] == [
        {"type": "TextQuoteSelector", "prefix": "Et gammelt ", "exact": "Fyr,", "suffix": " som lyser"}
    ]


def test_pictures_stand_beside_words_and_what_was_passed_over_is_named() -> None:
    addresses = {**ADDRESSES, **{name: f"{BOOK}/search?q=fyr&page={n}" for n, name in enumerate(("first", "last"), 1)}}
    content = answer(RECORD, Found(total=40, here=(plate(book_id="digibok_1"),)), addresses, ["user"], AT)
    assert broken(content) == []
    assert content["ignored"] == ["user"]
    assert content["items"][0]["motivation"] == "describing"
    assert content["partOf"]["first"] == {"id": f"{BOOK}/search?q=fyr&page=1", "type": "AnnotationPage"}
    assert "annotations" not in content


def test_marks_of_several_fields_are_counted_out_in_words() -> None:
    """Each field marks the same text; a word of two halves is marked twice and counts once."""
    read = passage(
        {
            "_source": {"page": 3, "page_text": {"text": " ".join(WORDS)}, "boxes": "a b c d e"},
            "highlight": {
                "page_text.text": ["Et gammelt \u0002Fyr\u0003, som lyser"],
                "stems.no.page_text": ["Et \u0002gam\u0003\u0002melt\u0003 \u0002Fyr\u0003, som lyser"],
            },
        }
    )
    assert (read.found, read.boxes[2]) == ({1, 2}, "c")


def test_one_mark_around_a_phrase_marks_each_of_its_words() -> None:
    marked = "\u0002Et gammelt Fyr\u0003, som \u0002lyser\u0003"
    raw = {"_source": {"page": 3, "page_text": {"text": " ".join(WORDS)}}, "highlight": {"page_text.text": [marked]}}
    assert passage(raw).found == {0, 1, 2, 4}


def test_boxes_that_do_not_fit_the_words_are_not_trusted() -> None:
    read = passage({"_source": {"page": 3, "page_text": {"text": "a b"}, "boxes": "1,1,1,1"}, "highlight": {}})
    assert read.boxes == ()
    found = Passage(leaf=page(3), words=("a", "b"), found=frozenset([1]), boxes=())
    content = answer(RECORD, Found(total=1, here=(found,)), ADDRESSES, [], AT)
    assert content["items"][0]["target"] == f"{BOOK}/canvas/3"
