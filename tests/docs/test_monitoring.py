"""docs/operators.md explains every metric and every alert."""

import re
from typing import Any

import pytest
import yaml

from api.monitoring.metrics_reference import render_table
from tests.paths import ROOT

OPERATORS = (ROOT / "docs" / "operators.md").read_text("utf-8")
RULES: list[dict[str, Any]] = yaml.safe_load((ROOT / "monitoring" / "alerts.yaml").read_text("utf-8"))["groups"][0][
    "rules"
]


def test_the_page_has_the_table_of_metrics() -> None:
    """If not: put what `python -m api.monitoring.metrics_reference` prints between the two markers."""
    table = OPERATORS.partition("<!-- metrics: ")[2].partition("-->\n")[2].partition("<!-- end of metrics -->")[0]
    assert table == render_table()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_happened_and_where_to_read_what_to_do(rule: dict[str, Any]) -> None:
    name = rule["alert"]
    paragraph = OPERATORS.partition(f"#### {name}\n\n")[2].partition("\n\n")[0]
    assert len(paragraph.split()) > 15, f"docs/operators.md needs a paragraph below `#### {name}`"
    assert rule["annotations"]["runbook"] == f"docs/operators.md#{name.lower()}"
    assert rule["annotations"]["summary"]
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}


def test_the_page_explains_no_alert_that_does_not_exist() -> None:
    assert re.findall(r"^#### (Frontispiece\w+)$", OPERATORS, re.MULTILINE) == [rule["alert"] for rule in RULES]
