"""Reading order where the file has none."""

from tests.page_factory import COLUMNS, first_picture_context, make_picture_block, surrounding_texts


def test_blocks_out_of_order_are_read_by_their_places() -> None:
    one, two, three, four = COLUMNS
    figure = make_picture_block(430, 350, 250, 250, position=1)
    figure_context = first_picture_context(four, two, three, one, figure)
    assert figure_context.before.text == f"{one.text} {two.text} {three.text}"
    assert figure_context.after.text == four.text
    assert figure_context.page_text.text == f"{one.text} {two.text} {three.text} {four.text}"


def test_wide_picture_separates_columns_of_a_page_out_of_order() -> None:
    one, two, three, four = COLUMNS
    assert surrounding_texts(two, one, four, three, make_picture_block(100, 350, 600, 250)) == (
        f"{one.text} {three.text}",
        "",
        f"{two.text} {four.text}",
    )
