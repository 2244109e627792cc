"""Golden files: bodies as they can be pasted into Kibana's Dev Tools; a change of a query is a change of its file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

GoldenBody = Mapping[str, Any]


def to_json_text(body: GoldenBody) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def write_golden_files(folder: Path, bodies: Mapping[str, GoldenBody]) -> None:
    """All of a folder anew: each test of golden files does so when it is run as a program."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in bodies.items():
        (folder / f"{name}.json").write_text(to_json_text(body), "utf-8")
