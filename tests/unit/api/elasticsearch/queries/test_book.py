"""Each golden file is a body that can be pasted into Kibana's Dev Tools; a change of a query is a change of its file.

`python -m tests.unit.api.queries.test_book` writes them anew.
"""

from pathlib import Path
from typing import Any

import pytest

from api.elasticsearch.queries import book
from api.search.query_syntax import WordQuery, parse
from tests.golden import as_text, write

GOLDEN = Path(__file__).parent / "golden" / "book"


def passages(words: WordQuery | None, **changes: Any) -> dict[str, Any]:
    return book.passages("digibok_1", words, **{"pages": True, "pictures": True, "size": 20, **changes})


BODIES: dict[str, dict[str, Any]] = {
    "book": book.book("digibok_1"),
    "leaves": book.leaves("digibok_1"),
    "plates": book.plates("digibok_1"),
    "plates_of_a_page": book.plates("digibok_1", 12),
    "passages": passages(parse('fyr* "hvite steiner" kyst OR strand -skip'), offset=20),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_its_golden_file(name: str) -> None:
    assert as_text(BODIES[name]) == (GOLDEN / f"{name}.json").read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(BODIES)


def sought(body: dict[str, Any]) -> list[Any]:
    (must,) = body["query"]["bool"]["must"]
    return list(must["bool"]["should"]) if "bool" in must else [must]


def test_without_words_every_picture_and_no_page_is_sought() -> None:
    assert sought(passages(None)) == [{"bool": {"filter": [{"term": {"document": "picture"}}]}}]
    assert sought(passages(None, pictures=False)) == [{"match_none": {}}]


def test_words_of_signs_alone_find_nothing() -> None:
    assert all({"match_none": {}} in each["bool"]["must"] for each in sought(passages(parse("!? ..."))))


if __name__ == "__main__":
    write(GOLDEN, BODIES)
