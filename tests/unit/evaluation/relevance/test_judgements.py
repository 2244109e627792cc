"""Questions whose answers are known, from documents."""

from typing import Any

from evaluation.relevance.judgements import digest, judged_set


def passage(text: str) -> dict[str, str]:
    return {"text": text}


def picture(name: str, **more: Any) -> dict[str, Any]:
    return {
        "document": "picture",
        "_id": name,
        "page_id": "p1",
        "book_id": "b1",
        "digest": name,
        "language": ["eng"],
        "box": {"width": 50, "height": 50},
        "scan": {"width": 100, "height": 100},
        **more,
    }


FIGURE = picture("figure", caption=passage("The Puffin upon its ledge"), family={"id": "f"})
RULE = picture("rule", box={"width": 100, "height": 1}, context={"before": passage("The Puffin upon its ledge")})
REPRINT = picture("reprint", page_id="p9", book_id="b2", family={"id": "f"})
BLANK = picture("blank", page_id="p8", plain=True)
DOCUMENTS = [FIGURE, RULE, REPRINT, BLANK]


def questions(kind: str) -> list[Any]:
    return [each for each in judged_set(DOCUMENTS, copies=10, pages=10) if each.kind == kind]


def test_a_caption_asks_for_its_picture_then_its_reprint_then_its_page() -> None:
    assert {each.target for each in questions("words")} == {"figure"}
    for each in questions("words"):
        assert each.grades == {"figure": 3, "reprint": 2, "rule": 1}
        assert each.right == {"figure", "reprint"}


def test_a_blank_sheet_is_no_question() -> None:
    assert {each.picture for each in questions("picture")} == {"figure", "rule", "reprint"}


def test_words_come_with_their_own_picture_and_with_one_of_another_book() -> None:
    assert {each.picture for each in questions("both")} == {"figure"}
    assert {each.picture for each in questions("two")} == {"reprint"}
    assert all(set(each.grades.values()) == {2} for each in questions("two"))


def test_the_same_documents_make_the_same_questions_in_whatever_order_they_come() -> None:
    again = judged_set(DOCUMENTS[::-1], copies=10, pages=10)
    assert digest(again) == digest(judged_set(DOCUMENTS, copies=10, pages=10))
    assert digest(again) != digest(again[1:])
