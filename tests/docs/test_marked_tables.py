"""Tables of measurements that programs write into the documents have been written."""

import re

from tests.paths import ROOT

MARKED = re.compile(r"<!-- ([\w-]+) -->\n(.*?)<!-- /\1 -->", re.DOTALL)


def test_no_table_of_measurements_is_empty() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    tables = {(file.name, name): text for file in documents for name, text in MARKED.findall(file.read_text("utf-8"))}
    assert {"measured", "load", "load-memory", "memory", "decoding"} <= {name for _, name in tables}
    assert [place for place, text in tables.items() if not text.strip()] == []
