"""A question is its URL, and back."""

from dataclasses import replace

from api.search.request import Question


def test_an_empty_question_is_the_start_page() -> None:
    assert Question().url() == "/"
    assert not Question().filtered
    assert not Question().by_picture


def test_only_what_was_asked_stands_in_the_address() -> None:
    question = Question(words="fyr & sjø", label=("Map", "Chart"), year_from=1880, page=3)
    assert question.query_string() == "q=fyr+%26+sj%C3%B8&label=Map&label=Chart&year_from=1880&page=3"


def test_a_change_goes_back_to_page_1() -> None:
    question = Question(words="fyr", page=3)
    assert question.url(place=("Oslo",)) == "/?q=fyr&place=Oslo"
    assert question.url(page=4) == "/?q=fyr&page=4"


def test_the_address_of_a_change_is_that_of_the_changed_question() -> None:
    """Also where a change takes something away, empties what is not empty by itself, or means the same."""
    question = Question(words="fyr", like=("a^2",), label=("Map",), has_caption=True, balance=1.0, page=3)
    for changes in (
        {"label": ()},
        {"document": ()},
        {"has_caption": None},
        {"words": ""},
        {"balance": 0.5},
        {"size": 5},
    ):
        changed = replace(question, page=1, **changes)
        assert question.url(**changes) == f"/?{changed.query_string()}"
        assert "&&" not in changed.query_string()
    assert "has_caption" not in question.url(has_caption=None)


def test_a_value_is_chosen_and_taken_back() -> None:
    chosen = Question(page=2).with_value("place", "Oslo").with_value("place", "Bergen")
    assert (chosen.place, chosen.page) == (("Oslo", "Bergen"), 1)
    assert chosen.with_value("place", "Oslo").place == ("Bergen",)


def test_numbers_and_yes_and_no_are_written_as_a_url_has_them() -> None:
    question = Question(balance=0.75, has_caption=False, fusion="rrf", document=("page", "book"), type=("newspaper",))
    assert question.query_string() == (
        "balance=0.75&fusion=rrf&document=page&document=book&type=newspaper&has_caption=false"
    )


def test_only_some_questions_need_all_candidates_at_once() -> None:
    assert not Question(words="fyr").windowed
    assert Question(fusion="convex").windowed
    assert Question(group="book").windowed
    assert not Question(fusion="rrf", sort="year").windowed, "years are sorted by Elasticsearch"
