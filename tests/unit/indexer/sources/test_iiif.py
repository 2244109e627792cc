"""Collections of manifests: nested, in pages, in circles, and with members that cannot be read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import FileUnavailable, ProblemCode
from indexer.records import Problem, Volume
from indexer.sources import find_volumes, iiif
from tests.paths import SHARED

HOST = "https://x"


class Library:
    """Documents by URL, and the URLs that were fetched."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self.documents = {f"{HOST}/{path}": document for path, document in documents.items()}
        self.fetched_urls: list[str] = []

    def fetch(self, url: str) -> bytes:
        self.fetched_urls.append(url)
        if url not in self.documents:
            raise FileUnavailable(url, "the server answers 404", code=ProblemCode.UNAVAILABLE)
        document = self.documents[url]
        return document if isinstance(document, bytes) else json.dumps(document).encode()

    def read(self, path: str) -> tuple[list[str], list[Problem]]:
        """Return the titles of the books that a source yields, and its problems."""
        items = list(find_volumes(f"{HOST}/{path}", self.fetch))
        titles = [item.book.title for item in items if isinstance(item, Volume)]
        return titles, [item for item in items if isinstance(item, Problem)]


def manifest(name: str) -> dict[str, Any]:
    body = {"id": f"{HOST}/{name}.jpg", "type": "Image"}
    page = {"type": "AnnotationPage", "items": [{"type": "Annotation", "motivation": "painting", "body": body}]}
    canvas = {"id": f"{HOST}/{name}/c1", "type": "Canvas", "items": [page]}
    return {"id": f"{HOST}/{name}", "type": "Manifest", "label": {"none": [name]}, "items": [canvas]}


def reference(name: str, document_type: str = "Manifest") -> dict[str, Any]:
    return {"id": f"{HOST}/{name}", "type": document_type, "label": {"none": [name]}}


def collection(*items: Any, **fields: Any) -> dict[str, Any]:
    return {"type": "Collection", "items": list(items), **fields}


def test_every_manifest_of_a_collection_is_read_in_order() -> None:
    library = Library(
        {
            "top": collection(reference("a"), reference("inner", "Collection"), reference("d")),
            "inner": collection(reference("b"), reference("c")),
            **{name: manifest(name) for name in "abcd"},
        }
    )
    assert library.read("top") == (["a", "b", "c", "d"], [])


def test_collections_of_version_2_are_read_with_their_members() -> None:
    inline = {"@id": f"{HOST}/inline", "@type": "sc:Collection", "manifests": [{"@id": f"{HOST}/c"}]}
    top = {
        "@type": "sc:Collection",
        "manifests": [{"@id": f"{HOST}/a", "@type": "sc:Manifest"}],
        "members": [{"@id": f"{HOST}/b", "@type": "sc:Manifest"}, inline],
        "within": f"{HOST}/above",
    }
    library = Library({"top": top, **{name: manifest(name) for name in "abc"}})
    assert library.read("top") == (["a", "b", "c"], [])
    assert library.fetched_urls == [f"{HOST}/{name}" for name in ("top", "a", "b", "c")]


def test_pages_of_a_collection_are_followed() -> None:
    library = Library(
        {
            "top": {"@type": "sc:Collection", "total": 3, "first": f"{HOST}/p1"},
            "p1": {"@type": "sc:Collection", "manifests": [f"{HOST}/a", f"{HOST}/b"], "next": f"{HOST}/p2"},
            "p2": {"@type": "sc:Collection", "manifests": [f"{HOST}/c"], "prev": f"{HOST}/p1"},
            **{name: manifest(name) for name in "abc"},
        }
    )
    assert library.read("top") == (["a", "b", "c"], [])


def test_circles_end_and_each_document_is_fetched_once() -> None:
    library = Library(
        {
            "top": collection(reference("inner", "Collection"), reference("a"), next=f"{HOST}/top"),
            "inner": collection(reference("top", "Collection"), reference("a"), reference("inner", "Collection")),
            "a": manifest("a"),
        }
    )
    assert library.read("top") == (["a"], [])
    assert sorted(library.fetched_urls) == [f"{HOST}/{name}" for name in ("a", "inner", "top")]


def test_a_bad_member_is_a_problem_and_the_others_are_read() -> None:
    library = Library(
        {
            "top": collection(reference("missing"), reference("html"), {"id": "file:///etc/passwd"}, reference("a")),
            "html": b"<html>",
            "a": manifest("a"),
        }
    )
    titles, problems = library.read("top")
    assert titles == ["a"]
    assert [problem.file for problem in problems] == [f"{HOST}/missing", f"{HOST}/html", f"{HOST}/top"]
    assert [problem.reason.partition(" (Exp")[0] for problem in problems] == [
        "the server answers 404",
        "not JSON",
        "file:///etc/passwd: not an http(s) address",
    ]


def test_a_collection_without_members_is_a_problem() -> None:
    titles, (problem,) = Library({"top": collection()}).read("top")
    assert (titles, problem.code) == ([], ProblemCode.EMPTY)


def test_an_endless_collection_ends_with_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page names another one."""
    monkeypatch.setattr(iiif, "MAX_DOCUMENTS", 10)

    def fetch(url: str) -> bytes:
        return json.dumps(collection(next=f"{url}x")).encode()

    (problem,) = list(find_volumes(f"{HOST}/top", fetch))
    assert isinstance(problem, Problem)
    assert "after 10 documents" in problem.reason


def test_a_collection_in_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "top.json").write_text(json.dumps(collection(reference("a"))), "utf-8")
    (volume,) = find_volumes(tmp_path / "top.json", Library({"a": manifest("a")}).fetch)
    assert isinstance(volume, Volume)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("bnf_collection_cartes_plans_paris_XIX.json", 50),
        ("commons_p2_paginated-collection.json", 1),
        ("pvalidator_3_collection.json", 2),
        ("cookbook_0030-multi-volume-collection.json", None),
    ],
)
def test_real_collections_name_their_members(name: str, count: int | None) -> None:
    library = Library({})
    items = list(find_volumes(SHARED / "iiif" / name, library.fetch))
    assert all(isinstance(item, Problem) for item in items)
    assert count is None or len(library.fetched_urls) == count


@given(
    st.dictionaries(
        st.sampled_from(["top", "a", "b"]),
        st.lists(st.sampled_from(["top", "a", "b", "m", "gone"]), max_size=4).map(
            lambda names: collection(*map(reference, names))
        ),
    )
)
def test_any_net_of_collections_gives_each_manifest_once(documents: dict[str, Any]) -> None:
    library = Library({"top": collection(reference("m")), **documents, "m": manifest("m")})
    titles, _ = library.read("top")
    assert len(titles) <= 1
    assert len(library.fetched_urls) == len(set(library.fetched_urls))
