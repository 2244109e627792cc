"""The words of a page around those that a reader looks for."""

from hypothesis import given
from hypothesis import strategies as st

from api.pages.page_snippets import WORDS_AFTER, WORDS_BEFORE, page_snippet
from api.records import PageText
from tests.hit_factory import make_book_leaf


def page_text(words: list[str], *positions: int) -> PageText:
    return PageText(leaf=make_book_leaf(1), words=tuple(words), match_positions=frozenset(positions), boxes=())


@given(st.lists(st.text("abc", min_size=1), max_size=100), st.data())
def test_a_snippet_has_the_first_match_and_says_whether_text_is_left_out(words: list[str], data: st.DataObject) -> None:
    positions = data.draw(st.sets(st.integers(0, len(words) - 1))) if words else set()
    snippet = page_snippet(page_text(words, *positions))
    text = " ".join(part.text for part in snippet.parts)
    assert text in " ".join(words)
    assert len(text.split()) <= WORDS_BEFORE + WORDS_AFTER
    assert any(part.is_match for part in snippet.parts) == bool(positions)
    assert (text == " ".join(words)) == (snippet.is_start and snippet.is_end)


def test_words_that_follow_each_other_are_one_part() -> None:
    snippet = page_snippet(page_text(["Et", "hvidt", "fyr", "brænder"], 1, 2))
    assert [(part.text, part.is_match) for part in snippet.parts] == [
        ("Et", False),
        ("hvidt fyr", True),
        ("brænder", False),
    ]
