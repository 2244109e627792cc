"""The words that the start page proposes come from the books."""

from api.collection import examples
from api.results import Hit, hit


def printed(caption: str = "", title: str = "") -> Hit:
    return hit({"_id": caption, "_source": {"title": title, "caption": {"text": caption}}})


def test_frequent_long_words_of_captions_come_first() -> None:
    hits = [printed("Fyrtårn ved Bergen"), printed("Et fyrtårn og en skute"), printed("Bergen fra syd"), printed()]
    assert examples(hits) == ["fyrtårn", "bergen", "skute"]


def test_titles_stand_in_for_captions() -> None:
    assert examples([printed(title="Birds of the Fjords")]) == ["fjords", "birds"]


def test_numbers_and_short_words_say_nothing() -> None:
    assert examples([printed("Fig. 12345 i en bok")]) == []
