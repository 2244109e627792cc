"""docs/settings.md is generated from the settings class."""

from core.settings import ENV_PREFIX, Settings
from core.settings_reference import render_page
from tests.paths import ROOT


def test_page_equals_the_generated_one() -> None:
    """If not: `python -m core.settings_reference > docs/settings.md`."""
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == render_page()


def test_every_setting_is_on_the_page_with_a_sentence() -> None:
    rows = [row.split(" | ") for row in render_page().splitlines() if row.startswith(f"| `{ENV_PREFIX}")]
    assert {row[0].strip("| `") for row in rows} == {ENV_PREFIX + name.upper() for name in Settings.model_fields}
    assert all(row[2].count(" ") > 2 for row in rows)


def test_every_row_of_the_table_is_one_line() -> None:
    """A description with a line break would end the table."""
    table = render_page().partition("| --- | --- | --- |\n")[2]
    assert [line for line in table.splitlines() if not (line.startswith("| `") and line.endswith(" |"))] == []
