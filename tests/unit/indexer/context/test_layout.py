"""Reading order of files without one."""

from tests.page_factory import COLUMNS, first_picture_context, make_picture_block, surrounding_texts


def test_blocks_out_of_order_are_read_by_their_places() -> None:
    column_1, column_2, column_3, column_4 = COLUMNS
    figure = make_picture_block(430, 350, 250, 250, position=1)
    figure_context = first_picture_context(column_4, column_2, column_3, column_1, figure)
    assert figure_context.before.text == f"{column_1.text} {column_2.text} {column_3.text}"
    assert figure_context.after.text == column_4.text
    assert figure_context.page_text.text == f"{column_1.text} {column_2.text} {column_3.text} {column_4.text}"


def test_wide_picture_separates_columns_of_a_page_out_of_order() -> None:
    column_1, column_2, column_3, column_4 = COLUMNS
    assert surrounding_texts(column_2, column_1, column_4, column_3, make_picture_block(100, 350, 600, 250)) == (
        f"{column_1.text} {column_3.text}",
        "",
        f"{column_2.text} {column_4.text}",
    )
