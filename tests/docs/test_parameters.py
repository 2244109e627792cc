"""docs/programs.md lists the parameters of the table in the code."""

from api.search.parameter_reference import PAGE, render_table, replace_table
from api.search.parameters import API_PARAMETERS


def test_the_page_holds_the_generated_table() -> None:
    """If this fails, run `python -m api.search.parameter_reference`."""
    page = PAGE.read_text("utf-8")
    assert replace_table(page) == page


def test_every_parameter_has_a_row_with_a_meaning() -> None:
    rows = [row.strip("| ").split(" | ") for row in render_table().splitlines()[2:]]
    assert [row[0] for row in rows] == [f"`{name}`" for name in API_PARAMETERS]
    assert all(row[-1].count(" ") > 1 for row in rows)
