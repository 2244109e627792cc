"""Tables of measurements in the documents, each between two comments: `<!-- name -->` and `<!-- /name -->`."""

import re
from pathlib import Path


def write_marked_table(document: Path, name: str, table: str) -> None:
    """Put the table into its place in a document."""
    markers = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    text = markers.sub(lambda match: match[1] + table + match[2], document.read_text("utf-8"))
    document.write_text(text, "utf-8")
