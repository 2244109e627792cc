"""The example words and the pictures of the start page."""

from api.elasticsearch.hits import read_hit
from api.pages.start_page import MAX_PICTURES, example_words, select_pictures
from api.responses import Hit


def hit_with_text(caption: str = "", title: str = "") -> Hit:
    return read_hit({"_id": caption, "_source": {"title": title, "caption": {"text": caption}}})


def hit_with_box(name: str, width: int, height: int, caption: str = "") -> Hit:
    box = {"x": 0, "y": 0, "width": width, "height": height}
    return read_hit({"_id": name, "_source": {"box": box, "caption": {"text": caption}}})


def test_frequent_long_words_of_captions_come_first() -> None:
    hits = [
        hit_with_text("Fyrtårn ved Bergen"),
        hit_with_text("Et fyrtårn og en skute"),
        hit_with_text("Bergen fra syd"),
        hit_with_text(),
    ]
    assert example_words(hits) == ["fyrtårn", "bergen", "skute"]


def test_words_of_titles_follow_those_of_captions() -> None:
    assert example_words([hit_with_text("Et fyr", "Birds of the Fjords"), hit_with_text("Havnen", "Birds")]) == [
        "havnen",
        "birds",
        "fjords",
    ]
    assert example_words([hit_with_text(title="Birds of the Fjords")]) == ["fjords", "birds"]


def test_numbers_and_short_words_are_no_examples() -> None:
    assert example_words([hit_with_text("Fig. 12345 i en bok")]) == []


def test_the_frontispiece_is_a_large_picture_with_a_caption() -> None:
    rule, drawing, map_ = (
        hit_with_box("rule", 900, 20, "Fig. 1"),
        hit_with_box("plate", 800, 900, "Et fyr"),
        hit_with_box("map", 2000, 1500),
    )
    assert [selected_hit.id for selected_hit in select_pictures([rule, map_, drawing])] == ["plate", "map"]
    assert [selected_hit.id for selected_hit in select_pictures([rule])] == ["rule"], "there are no others"
    assert len(select_pictures([map_] * 20)) <= MAX_PICTURES
    assert select_pictures([]) == []
