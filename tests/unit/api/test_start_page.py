"""The words that the start page proposes come from the books, and its frontispiece is a picture worth it."""

from api.elasticsearch.hits import hit
from api.responses import Hit
from api.start_page import SHOWN, examples, on_show


def printed(caption: str = "", title: str = "") -> Hit:
    return hit({"_id": caption, "_source": {"title": title, "caption": {"text": caption}}})


def drawn(name: str, width: int, height: int, caption: str = "") -> Hit:
    box = {"x": 0, "y": 0, "width": width, "height": height}
    return hit({"_id": name, "_source": {"box": box, "caption": {"text": caption}}})


def test_frequent_long_words_of_captions_come_first() -> None:
    hits = [printed("Fyrtårn ved Bergen"), printed("Et fyrtårn og en skute"), printed("Bergen fra syd"), printed()]
    assert examples(hits) == ["fyrtårn", "bergen", "skute"]


def test_titles_stand_in_for_captions() -> None:
    assert examples([printed("Et fyr", "Birds of the Fjords"), printed("Havnen", "Birds")]) == [
        "havnen",
        "birds",
        "fjords",
    ]
    assert examples([printed(title="Birds of the Fjords")]) == ["fjords", "birds"]


def test_numbers_and_short_words_say_nothing() -> None:
    assert examples([printed("Fig. 12345 i en bok")]) == []


def test_a_large_picture_with_a_caption_opens_the_page_and_rules_are_not_shown() -> None:
    rule, plate, map_ = drawn("rule", 900, 20, "Fig. 1"), drawn("plate", 800, 900, "Et fyr"), drawn("map", 2000, 1500)
    assert [each.id for each in on_show([rule, map_, plate])] == ["plate", "map"]
    assert [each.id for each in on_show([rule])] == ["rule"], "for want of others"
    assert len(on_show([map_] * 20)) <= SHOWN
    assert on_show([]) == []
