"""Reading order where the file has none."""

from tests.made_pages import COLUMNS, around, context, picture


def test_blocks_out_of_order_are_read_by_their_places() -> None:
    one, two, three, four = COLUMNS
    figure = picture(430, 350, 250, 250, position=1)
    found = context(four, two, three, one, figure)
    assert found.before.text == f"{one.text} {two.text} {three.text}"
    assert found.after.text == four.text
    assert found.page_text.text == f"{one.text} {two.text} {three.text} {four.text}"


def test_a_wide_picture_parts_the_columns_of_a_page_out_of_order() -> None:
    one, two, three, four = COLUMNS
    assert around(two, one, four, three, picture(100, 350, 600, 250)) == (
        f"{one.text} {three.text}",
        "",
        f"{two.text} {four.text}",
    )
