"""A small study: what a sheet asks, and the answers of invented judges."""

import json
from collections.abc import Mapping
from pathlib import Path

from evaluation.study.items import DRAWN, SERVED, SHOWN, StudyItem, StudyKey, StudyQuery, build_key
from evaluation.study.judgements import JUDGEMENTS_FORMAT

INITIAL, BLANK = "left out as initial, by its pixels", "hidden as Blank page, by the classifier"


def make_key(*, seed: int = 42, per_reason: int = 4) -> StudyKey:
    """Return the key of a sheet of pictures left out for two reasons, pictures shown, and results of two queries."""
    pictures = [
        StudyItem(part="pictures", picture=f"{reason[:4]} {number}", crop=f"{reason[:4]}-{number}.jpg", reason=reason)
        for reason in (INITIAL, BLANK, SHOWN)
        for number in range(per_reason)
    ]
    results = [
        StudyItem(
            part="results",
            picture=f"result {query} {rank}",
            crop=f"result-{query}-{rank}.jpg",
            origin=SERVED if rank else DRAWN,
            query=query,
            rank=rank,
        )
        for query in range(2)
        for rank in range(3)
    ]
    queries = [StudyQuery(text="ship at sea"), StudyQuery(picture="shown 9", crop="query.jpg")]
    return build_key([*pictures, *results], queries, {INITIAL: 300, BLANK: 100, SHOWN: 1000}, seed)


def write_judgements(path: Path, key: StudyKey, judge: str, answers: Mapping[str, str], /, **changes: object) -> Path:
    """Write a file as the sheet saves it."""
    rows = [{"item": item, "answer": answer, "comment": ""} for item, answer in answers.items()]
    document = {
        "format": JUDGEMENTS_FORMAT,
        "version": 1,
        "sheet": key.sheet,
        "judge": judge,
        "saved_at": "2026-11-30T00:00:00Z",
        "judgements": rows,
    }
    path.write_text(json.dumps({**document, **changes}), "utf-8")
    return path
