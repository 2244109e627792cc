"""Generation of judged queries from documents."""

from typing import Any

from evaluation.relevance.judgements import build_query_set, query_set_digest


def text_field(text: str) -> dict[str, str]:
    return {"text": text}


def make_picture(picture_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "document": "picture",
        "_id": picture_id,
        "page_id": "p1",
        "book_id": "b1",
        "digest": picture_id,
        "language": ["eng"],
        "box": {"width": 50, "height": 50},
        "scan": {"width": 100, "height": 100},
        **fields,
    }


FIGURE = make_picture("figure", caption=text_field("The Puffin upon its ledge"), family={"id": "f"})
RULE = make_picture(
    "rule", box={"width": 100, "height": 1}, context={"before": text_field("The Puffin upon its ledge")}
)
REPRINT = make_picture("reprint", page_id="p9", book_id="b2", family={"id": "f"})
BLANK = make_picture("blank", page_id="p8", plain=True)
DOCUMENTS = [FIGURE, RULE, REPRINT, BLANK]


def queries_of_type(query_type: str) -> list[Any]:
    return [
        judged_query
        for judged_query in build_query_set(DOCUMENTS, max_copies=10, max_pages=10)
        if judged_query.query_type == query_type
    ]


def test_caption_query_grades_picture_reprint_and_page() -> None:
    assert {text_query.target for text_query in queries_of_type("words")} == {"figure"}
    for judged_query in queries_of_type("words"):
        assert judged_query.grades == {"figure": 3, "reprint": 2, "rule": 1}
        assert judged_query.relevant_ids == {"figure", "reprint"}


def test_blank_picture_has_no_query() -> None:
    assert {judged_query.picture_id for judged_query in queries_of_type("picture")} == {"figure", "rule", "reprint"}


def test_mixed_queries_use_the_own_picture_and_one_of_another_book() -> None:
    assert {judged_query.picture_id for judged_query in queries_of_type("both")} == {"figure"}
    assert {judged_query.picture_id for judged_query in queries_of_type("two")} == {"reprint"}
    assert all(set(judged_query.grades.values()) == {2} for judged_query in queries_of_type("two"))


def test_query_set_does_not_depend_on_the_order_of_documents() -> None:
    reversed_query_set = build_query_set(DOCUMENTS[::-1], max_copies=10, max_pages=10)
    assert query_set_digest(reversed_query_set) == query_set_digest(
        build_query_set(DOCUMENTS, max_copies=10, max_pages=10)
    )
    assert query_set_digest(reversed_query_set) != query_set_digest(reversed_query_set[1:])
