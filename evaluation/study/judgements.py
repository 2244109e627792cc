"""Reads the files that judges send back, JSON or CSV, and checks them against the key."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import SourceError
from evaluation.study.items import VERSION, StudyKey
from indexer.formats.tables import parse_table, read_text

JUDGEMENTS_FORMAT = "frontispiece-study-judgements"
GRADES: Mapping[str, int | None] = {"yes": 2, "partly": 1, "no": 0, "unsure": None}
"""Answer in the files → grade; None counts as no answer."""
COLUMNS = ("sheet", "judge", "item", "answer", "comment")
"""The columns of the CSV file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One answer of one judge."""

    judge: str
    item: str
    answer: str
    comment: str = ""

    @property
    def grade(self) -> int | None:
        return GRADES[self.answer]


Answers = Mapping[str, Mapping[str, Judgement]]
"""Judge → item → judgement."""


def read_judgements(paths: Sequence[Path], key: StudyKey) -> Answers:
    """Read files of judgements of one sheet; of several answers of one judge to an item the last file's counts.

    Raise `SourceError` if a file is another file or belongs to another sheet.
    """
    answers: dict[str, dict[str, Judgement]] = {}
    for path in paths:
        for judgement in _read_file(path, key):
            answers.setdefault(judgement.judge, {})[judgement.item] = judgement
    return answers


def _read_file(path: Path, key: StudyKey) -> list[Judgement]:
    text = read_text(path)
    is_json = text.lstrip()[:1] in ("{", "[")
    judgements = list(_parse_json(path, text, key) if is_json else _parse_csv(path, text, key))
    if not judgements:
        raise SourceError(str(path), "it has no answers: the judge has answered nothing yet")
    return judgements


def _parse_json(path: Path, text: str, key: StudyKey) -> Iterator[Judgement]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise SourceError(str(path), f"not JSON ({error})") from error
    if not isinstance(document, dict) or document.get("format") != JUDGEMENTS_FORMAT:
        raise SourceError(str(path), "not a file of judgements, as the sheet of a study saves it")
    if document.get("version") != VERSION:
        raise SourceError(str(path), f"version {document.get('version')!r} of the format; {VERSION} is read")
    _check_sheet(path, "", str(document.get("sheet", "")), key)
    rows = document.get("judgements")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceError(str(path), "expected a list of objects", "judgements")
    for number, row in enumerate(rows, start=1):
        yield _parse_answer(path, f"judgement {number}", {**row, "judge": document.get("judge", "")}, key)


def _parse_csv(path: Path, text: str, key: StudyKey) -> Iterator[Judgement]:
    table = parse_table(text, str(path))
    if missing := [column for column in COLUMNS[:-1] if column not in table.headings]:
        raise SourceError(str(path), f"it has no column {', '.join(missing)}", "line 1")
    for row in table.rows:
        _check_sheet(path, f"line {row.line}", row.values["sheet"].strip(), key)
        yield _parse_answer(path, f"line {row.line}", row.values, key)


def _check_sheet(path: Path, location: str, sheet: str, key: StudyKey) -> None:
    if sheet != key.sheet:
        raise SourceError(
            str(path),
            f"it belongs to the sheet {sheet!r}, and the key to {key.sheet!r}: name the key of that sheet",
            location,
        )


def _parse_answer(path: Path, location: str, row: Mapping[str, Any], key: StudyKey) -> Judgement:
    judge, item, answer, comment = (str(row.get(column) or "").strip() for column in COLUMNS[1:])
    if not judge:
        raise SourceError(str(path), "it does not say who judged: the sheet asks for a name or a code", location)
    if item not in key.items:
        raise SourceError(str(path), f"the sheet has no item {item!r}", location)
    if answer not in GRADES:
        raise SourceError(str(path), f"{answer!r} is no answer; answers are {', '.join(GRADES)}", location)
    return Judgement(judge=judge, item=item, answer=answer, comment=comment)


def grades_by_item(answers: Answers, items: Iterable[str]) -> dict[str, list[int]]:
    """Return the grades that each of these items got, without those of judges who could not tell."""
    return {
        item: [
            grade
            for judgements in answers.values()
            if item in judgements and (grade := judgements[item].grade) is not None
        ]
        for item in items
    }
