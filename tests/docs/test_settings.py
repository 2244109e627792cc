"""docs/settings.md says what the settings' class says."""

from core.settings import PREFIX, Settings
from core.settings_reference import document
from tests.paths import ROOT


def test_the_page_is_what_the_class_makes() -> None:
    """If not: `python -m core.settings_reference > docs/settings.md`."""
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == document()


def test_every_setting_is_on_the_page_with_a_sentence() -> None:
    rows = [row.split(" | ") for row in document().splitlines() if row.startswith(f"| `{PREFIX}")]
    assert {row[0].strip("| `") for row in rows} == {PREFIX + name.upper() for name in Settings.model_fields}
    assert all(row[2].count(" ") > 2 for row in rows)
