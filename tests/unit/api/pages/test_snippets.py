"""A marked text on one line."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from api.pages.snippets import start_near_mark


def test_a_late_mark_is_brought_to_the_beginning() -> None:
    fragment = "A view of the old harbour &amp; a <em>brig</em> under sail"
    assert start_near_mark(fragment, 12) == "… &amp; a <em>brig</em> under sail"
    assert start_near_mark(fragment, 13) == "… &amp; a <em>brig</em> under sail"
    assert start_near_mark(fragment, 34) == fragment
    assert start_near_mark("The <em>brig</em>") == "The <em>brig</em>"
    assert start_near_mark("no mark") == "no mark"
    assert start_near_mark("") == ""


def test_a_long_word_stands_alone() -> None:
    assert start_near_mark("Ved den <em>Fyrtaarnsvogterbolig</em>", 12) == "… <em>Fyrtaarnsvogterbolig</em>"


@given(before=st.text(alphabet="a b&<>'", max_size=60), after=st.text(alphabet="xy &<", max_size=20))
def test_no_entity_is_cut_in_two(before: str, after: str) -> None:
    fragment = f"{escape(before)}<em>brig</em>{escape(after)}"
    text = start_near_mark(fragment, 14).replace("<em>", "").replace("</em>", "").unescape()
    start = text.removeprefix("… ")
    assert f"{before}brig{after}".endswith(start)
