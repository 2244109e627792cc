"""What librarians expect of an order of results: `cases/*.toml` says it, this module only judges.

A name in a case is a part of an id. `recall`: all of these are among the first `within`;
`precision`: these are first, in whatever order; `order`: the one stands before the other, or the other is not there;
`absent`: not on the page; `books`: the first groups. A known weakness fails on purpose, and tells when it is cured.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from evaluation.pictures.transformations import HARDER
from tests.library import Library

CASES = Path(__file__).parent / "cases"
ALTERATIONS = {each.name: each.apply for each in HARDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question and what must be true of its answer."""

    library: str
    because: str
    ask: Mapping[str, Any] = field(default_factory=dict)
    picture: str = ""
    """Whose copy is uploaded, altered by `alter`."""
    alter: str = ""
    recall: Sequence[str] = ()
    within: int = 10
    precision: Sequence[str] = ()
    order: Sequence[tuple[str, str]] = ()
    absent: Sequence[str] = ()
    books: Sequence[str] = ()
    known_failure: bool = False


def cases() -> list[Any]:
    found = []
    for file in sorted(CASES.glob("*.toml")):
        whole = tomllib.loads(file.read_text("utf-8"))
        for number, entry in enumerate(whole["case"], start=1):
            case = Case(library=whole["library"], **entry)
            marks = [pytest.mark.xfail(strict=True, reason=case.because)] if case.known_failure else []
            found.append(pytest.param(case, id=f"{file.stem} {number}: {case.because}", marks=marks))
    return found


@pytest.mark.parametrize("case", cases())
def test_the_answer_is_what_a_librarian_expects(case: Case, request: pytest.FixtureRequest) -> None:
    library: Library = request.getfixturevalue(case.library)
    answer = _asked(library, case)
    found = [hit["id"] for hit in answer["hits"]]
    groups = [group["book_id"] for group in answer["groups"]]
    assert not _wrong(case, found, groups), f"{case.because}\nfound: {found[:8] or groups}"


def test_a_case_can_fail_in_each_of_its_ways() -> None:
    case = Case(library="", because="", recall="a", within=1, precision="b", order=[("c", "a")], absent="d", books="e")
    assert len(_wrong(case, ["x", "a", "b", "c", "d"], ["x"])) == 5
    assert not _wrong(Case(library="", because="", order=[("a", "z")], precision="ab"), ["b", "a"], [])


def _asked(library: Library, case: Case) -> dict[str, Any]:
    ids = list(_documents(library))
    params = dict(case.ask)
    if "like" in params:
        likes = params["like"] if isinstance(params["like"], list) else [params["like"]]
        params["like"] = [_whole(ids, each) for each in likes]
    if not case.picture:
        return library.ask(**params)
    source = _documents(library)[_whole(ids, case.picture)]
    return library.ask_with(_altered(library.crop(source), case.alter), **params)


def _altered(image: Image.Image, name: str) -> Image.Image:
    return ALTERATIONS[name](image, np.random.default_rng(42)) if name else image


def _whole(ids: Sequence[str], like: str) -> str:
    """The id that holds the name, with the region behind it."""
    name, mark, region = like.partition("#")
    (whole,) = [each for each in ids if _holds(each, name)]
    return whole + mark + region


_KEPT: dict[str, dict[str, dict[str, Any]]] = {}


def _documents(library: Library) -> dict[str, dict[str, Any]]:
    alias = library.settings.alias
    if alias not in _KEPT:
        _KEPT[alias] = library.documents()
    return _KEPT[alias]


def _wrong(case: Case, found: Sequence[str], groups: Sequence[str]) -> list[str]:
    wrong = [
        f"{name} is not among the first {case.within}" for name in case.recall if not _in(name, found[: case.within])
    ]
    first = found[: len(case.precision)]
    wrong += [f"{name} is not among the first {len(first)}" for name in case.precision if not _in(name, first)]
    wrong += [f"{one} is not before {other}" for one, other in case.order if not _before(one, other, found)]
    wrong += [f"{name} is there" for name in case.absent if _in(name, found)]
    wrong += [
        f"{name} is not book {place + 1}"
        for place, name in enumerate(case.books)
        if not _in(name, groups[place : place + 1])
    ]
    return wrong


def _before(one: str, other: str, found: Sequence[str]) -> bool:
    places = [next((at for at, each in enumerate(found) if _holds(each, name)), len(found)) for name in (one, other)]
    return places[0] < places[1]


def _in(name: str, found: Sequence[str]) -> bool:
    return any(_holds(each, name) for each in found)


def _holds(whole: str, name: str) -> bool:
    return name in whole
