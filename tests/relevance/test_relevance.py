"""Rankings that librarians expect, as cases in `cases/*.toml`.

Names in a case are parts of ids. `recall`: all of these are among the first `within` hits; `precision`: these are the
first hits, in any order; `order`: the first is ranked before the second, or the second is not on the page; `absent`:
not on the page; `books`: the first groups. A case with `known_failure` must fail, so a fix is noticed.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from evaluation.pictures.transformations import HARDER_TRANSFORMATIONS
from tests.library import ServedLibrary

CASES = Path(__file__).parent / "cases"
ALTERATIONS = {transformation.name: transformation.apply for transformation in HARDER_TRANSFORMATIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A search and the conditions that its result must meet."""

    because: str
    ask: Mapping[str, Any] = field(default_factory=dict)
    picture: str = ""
    """The picture whose copy is uploaded, altered by `alter`."""
    alter: str = ""
    recall: Sequence[str] = ()
    within: int = 10
    precision: Sequence[str] = ()
    order: Sequence[tuple[str, str]] = ()
    absent: Sequence[str] = ()
    books: Sequence[str] = ()
    known_failure: bool = False


def load_cases(library: str) -> list[Any]:
    """Return the cases of the files that name a library, which is a fixture."""
    parameter_sets = []
    for file in sorted(CASES.glob("*.toml")):
        content = tomllib.loads(file.read_text("utf-8"))
        if content["library"] != library:
            continue
        for number, entry in enumerate(content["case"], start=1):
            case = Case(**entry)
            marks = [pytest.mark.xfail(strict=True, reason=case.because)] if case.known_failure else []
            parameter_sets.append(pytest.param(case, id=f"{file.stem} {number}: {case.because}", marks=marks))
    return parameter_sets


@pytest.mark.parametrize("case", load_cases("specimen"))
def test_ranking_of_the_specimen_meets_the_case(case: Case, specimen: ServedLibrary) -> None:
    _check_case(case, specimen)


@pytest.mark.parametrize("case", load_cases("real_library"))
def test_ranking_of_real_files_meets_the_case(case: Case, real_library: ServedLibrary) -> None:
    _check_case(case, real_library)


def test_no_case_is_left_out() -> None:
    cases = [case for file in CASES.glob("*.toml") for case in tomllib.loads(file.read_text("utf-8"))["case"]]
    assert len(cases) == len(load_cases("specimen")) + len(load_cases("real_library"))


def _check_case(case: Case, library: ServedLibrary) -> None:
    response = _search(library, case)
    ids = [hit["id"] for hit in response["hits"]]
    book_ids = [group["book_id"] for group in response["groups"]]
    assert not _failures(case, ids, book_ids), f"{case.because}\nfound: {ids[:8] or book_ids}"


def test_each_condition_of_a_case_can_fail() -> None:
    case = Case(because="", recall="a", within=1, precision="b", order=[("c", "a")], absent="d", books="e")
    assert len(_failures(case, ["x", "a", "b", "c", "d"], ["x"])) == 5
    assert not _failures(Case(because="", order=[("a", "z")], precision="ab"), ["b", "a"], [])


def _search(library: ServedLibrary, case: Case) -> dict[str, Any]:
    library.merge_segments()
    ids = list(_documents(library))
    params = {"collapse": "none", **case.ask}  # each reprint has its own place in the order
    if "like" in params:
        likes = params["like"] if isinstance(params["like"], list) else [params["like"]]
        params["like"] = [_find_id(ids, reference) for reference in likes]
    if not case.picture:
        return library.search(**params)
    source = _documents(library)[_find_id(ids, case.picture)]
    return library.search_by_image(_alter_image(library.open_crop(source), case.alter), **params)


def _alter_image(image: Image.Image, name: str) -> Image.Image:
    return ALTERATIONS[name](image, np.random.default_rng(42)) if name else image


def _find_id(ids: Sequence[str], reference: str) -> str:
    """Return the id that contains the name, followed by the region of the reference."""
    name, mark, region = reference.partition("#")
    (document_id,) = [candidate_id for candidate_id in ids if _contains_name(candidate_id, name)]
    return document_id + mark + region


_DOCUMENTS_BY_ALIAS: dict[str, dict[str, dict[str, Any]]] = {}


def _documents(library: ServedLibrary) -> dict[str, dict[str, Any]]:
    alias = library.settings.alias
    if alias not in _DOCUMENTS_BY_ALIAS:
        _DOCUMENTS_BY_ALIAS[alias] = library.documents()
    return _DOCUMENTS_BY_ALIAS[alias]


def _failures(case: Case, ids: Sequence[str], book_ids: Sequence[str]) -> list[str]:
    failures = [
        f"{name} is not among the first {case.within}"
        for name in case.recall
        if not _is_among(name, ids[: case.within])
    ]
    first_ids = ids[: len(case.precision)]
    failures += [
        f"{name} is not among the first {len(first_ids)}" for name in case.precision if not _is_among(name, first_ids)
    ]
    failures += [
        f"{earlier} is not before {later}" for earlier, later in case.order if not _is_before(earlier, later, ids)
    ]
    failures += [f"{name} is there" for name in case.absent if _is_among(name, ids)]
    failures += [
        f"{name} is not book {position + 1}"
        for position, name in enumerate(case.books)
        if not _is_among(name, book_ids[position : position + 1])
    ]
    return failures


def _is_before(earlier: str, later: str, ids: Sequence[str]) -> bool:
    positions = [
        next((position for position, document_id in enumerate(ids) if _contains_name(document_id, name)), len(ids))
        for name in (earlier, later)
    ]
    return positions[0] < positions[1]


def _is_among(name: str, ids: Sequence[str]) -> bool:
    return any(_contains_name(document_id, name) for document_id in ids)


def _contains_name(document_id: str, name: str) -> bool:
    """Return whether an id has the name; the hash of a place and the colons between parts do not matter."""
    return name.replace(":", "_") in re.sub(r"-[0-9a-f]{8}(?=[:_])", "", document_id).replace(":", "_")
