"""Every request of a full run is allowed by the role of who makes it, and a role allows nothing that nobody needs."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import pytest
from click.testing import CliRunner
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from api.app import create_app
from core.settings import PREFIX, Settings
from evaluation.relevance.asking import opened, throw_away
from evaluation.relevance.judgements import judged_set
from indexer.cli import index_sources
from indexer.commands.classify import classify
from indexer.commands.families import families
from indexer.elasticsearch.collection import Indices
from indexer.elasticsearch.index import connect
from indexer.elasticsearch.mappings import KINDS
from indexer.ingest.removal import remove_book
from indexer.setup.roles import role
from tests.doors import Door, listening
from tests.loops import run as run_in_loop
from tests.paths import SPECIMEN

READ, WRITE = frozenset({"read"}), frozenset({"write"})
SEE, MANAGE = frozenset({"view_index_metadata"}), frozenset({"manage"})
REFRESH = frozenset({"maintenance"})

INCLUDES = {"manage": {"manage", "view_index_metadata", "maintenance", "create_index", "delete_index", "monitor"}}
"""What a privilege allows beside itself: Elasticsearch's reference of its privileges."""

NEEDS = [
    ("GET|POST", r"/(?P<names>[^_/][^/]*)/_(m?search|count|mget|pit|explain|field_caps)", READ),
    ("GET|POST|HEAD", r"/(?P<names>[^_/][^/]*)/_(doc|source)/.+", READ),
    # They go on with what a search on an index has begun, and are allowed to who may read that.
    ("GET|POST|DELETE", r"/_search/scroll|/_pit|/_search", READ),
    ("PUT|POST", r"/(?P<names>[^_/][^/]*)/_(bulk|doc)", WRITE),
    ("GET", r"/(?P<names>[^_/][^/]*)(/_(mapping|settings|alias))?", SEE),
    ("HEAD", r"/(?P<names>[^_/][^/]*)", SEE),
    ("GET|HEAD", r"/_alias/(?P<names>[^/]+)", SEE),
    ("POST", r"/(?P<names>[^_/][^/]*)/_(refresh|forcemerge|flush)", REFRESH),
    ("PUT", r"/(?P<names>[^_/][^/]*)", frozenset({"create_index"})),
    ("DELETE", r"/(?P<names>[^_/][^/]*)", frozenset({"delete_index"})),
    ("PUT", r"/(?P<names>[^_/][^/]*)/_(mapping|settings|alias/.+)", MANAGE),
    ("POST", r"/_aliases", MANAGE),
]
"""Method, path and the index privilege that Elasticsearch asks for, from its reference of them; the first that fits."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as Elasticsearch saw it."""

    method: str
    path: str
    parameters: tuple[str, ...] = ()
    body: str = ""

    @property
    def needs(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """The privileges, and the indices and aliases on which they are."""
        for methods, path, privileges in NEEDS:
            if re.fullmatch(methods, self.method) and (found := re.fullmatch(path, self.path)):
                # "To make the result visible to search you must have maintenance or manage."
                refreshing = REFRESH if "refresh" in self.parameters and privileges == WRITE else frozenset()
                names = found.groupdict().get("names")
                return privileges | refreshing, tuple(names.split(",")) if names else self._named_in_body()
        raise AssertionError(f"nobody knows what {self.method} {self.path} needs")

    def _named_in_body(self) -> tuple[str, ...]:
        return tuple(re.findall(r'"(?:index|alias)":"([^"]+)"', self.body.replace(" ", "")))


def allowed(asked: Asked, body: dict[str, Any]) -> bool:
    """Whether a role allows a request; a pattern is as wide as what it may see, so only its beginning is compared."""
    privileges, names = asked.needs
    for indices in body["indices"]:
        has = {one for each in indices["privileges"] for one in INCLUDES.get(each, {each})}
        patterns = [re.compile(name.strip("/")) for name in indices["names"]]
        covers = all(any(pattern.fullmatch(name.replace("*", "1")) for pattern in patterns) for name in names)
        if privileges <= has and covers:
            return True
    return False


@contextmanager
def overheard(node_url: str) -> Iterator[tuple[str, set[Asked]]]:
    """A way to the node, and what went through it."""
    seen: set[Asked] = set()

    class Ear(Door):
        def respond(self) -> None:
            body = self.body()
            parts = urlsplit(self.path)
            parameters = tuple(sorted(parse_qs(parts.query)))
            named = body.decode() if parts.path == "/_aliases" else ""
            seen.add(Asked(self.command, unquote(parts.path), parameters, named))
            self.hand_back(self.ask_node(node_url, body))

    with listening(Ear) as url:
        yield url, seen


@dataclass(frozen=True, slots=True)
class Run:
    """Who asked what of which installation."""

    alias: str
    by_indexer: set[Asked]
    by_api: set[Asked]
    by_librarian: set[Asked]
    """Who labels, sorts copies and measures does so with the indexer's key."""
    by_evaluation: set[Asked]
    """Books that are indexed to be measured, and thrown away."""


WORKING = ("elasticsearch_url", "alias", "data", "models")
"""Settings that the commands find in the environment."""


@pytest.fixture(scope="module")
def run(node_url: str, client: Elasticsearch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A book's whole life: indexed, indexed again, rebuilt, asked for in every way, removed."""
    alias = f"test-{uuid4().hex}"
    book = min((each for each in SPECIMEN.iterdir() if each.is_dir()), key=lambda each: len(list(each.rglob("*"))))
    data = tmp_path_factory.mktemp("privileges")
    with (
        overheard(node_url) as (indexing, by_indexer),
        overheard(node_url) as (serving, by_api),
        overheard(node_url) as (working, by_librarian),
        overheard(node_url) as (measuring, by_evaluation),
    ):
        settings = Settings(elasticsearch_url=indexing, alias=alias, data=data, models="sscd")
        for rebuild in (False, False, True):
            index_sources(settings, indexing, [str(book)], rebuild=rebuild)
        service = settings.model_copy(update={"elasticsearch_url": serving})
        with TestClient(create_app(service)) as web:
            book_id = _ask_everything(web, next(settings.crops.rglob("*.jpg")))
            pictures = [hit["id"] for hit in web.get("/api/search?size=100").json()["hits"]]
        _work(settings.model_copy(update={"elasticsearch_url": working}), data, pictures)
        _measure(settings.model_copy(update={"elasticsearch_url": measuring}), book, data / "thrown-away")
        with connect(settings, indexing) as writer:
            remove_book(Indices.existing(writer, alias), settings.crops, book_id)
        yield Run(alias, by_indexer, by_api, by_librarian, by_evaluation)
    for index in client.indices.get(index=f"{alias}*", expand_wildcards="all"):
        client.indices.delete(index=index)


def _ask_everything(web: TestClient[Any], picture: Path) -> str:
    """Every path of the service that its own description names, with a picture and a book that are there: which."""
    [hit, *_] = web.get("/api/search?size=1").json()["hits"]
    web.post("/api/search", files={"image": ("copy.jpg", picture.read_bytes(), "image/jpeg")}, data={"q": "fyr"})
    web.get(f"/api/search?like={hit['id']}")
    known = {"picture_id": hit["id"], "book_id": hit["book_id"], "page_id": hit.get("page_id", "")}
    for path, methods in web.get("/schema/openapi.json").json()["paths"].items():
        if "get" in methods:
            filled = re.sub(r"\{(\w+)\}", lambda name: str(known.get(name[1], "1")), path)
            web.get(filled, params={"q": "fyr"} if path == "/api/search" else {})
    return str(hit["book_id"])


def _work(settings: Settings, folder: Path, pictures: list[str]) -> None:
    """What librarians do at the command line: copies are sought and sorted, labels given, learnt and applied."""
    set_ = {f"{PREFIX}{name.upper()}": str(getattr(settings, name)) for name in WORKING}
    one, other, third, *_ = pictures
    table = folder / "labels.json"
    table.write_text(json.dumps([{"id": third, "label": "Map"}]), "utf-8")
    for command, line in [
        (families, ()),
        (families, ("--all",)),
        (families, ("merge", one, other, "--by", "Anna")),
        (families, ("split", one, "--by", "Per")),
        (families, ("show", one)),
        (families, ("list",)),
        (classify, ("correct", one, "Blank page", "--by", "Anna")),
        (classify, ("correct", other, "Map", "--by", "Per")),
        (classify, ("train", str(table))),
        (classify, ("apply",)),
    ]:
        done = CliRunner(env=set_).invoke(command, line, catch_exceptions=False)
        assert done.exit_code == 0, done.output


def _measure(settings: Settings, book: Path, folder: Path) -> None:
    """`frontispiece evaluate relevance` of books that are indexed for it alone."""

    async def asked(own: Settings) -> None:
        async with opened(own, own.elasticsearch_url) as library:
            judged = judged_set(await library.documents(), copies=1, pages=1)
            await library.ask(next(each for each in judged if each.kind == "both"))

    with throw_away(settings, settings.elasticsearch_url, [str(book)], folder) as own:
        run_in_loop(asked, own)


def test_the_indexer_may_do_all_that_it_does(run: Run) -> None:
    body = role("indexer", run.alias)
    assert [asked for asked in run.by_indexer if not allowed(asked, body)] == []


def test_a_librarian_at_the_command_line_needs_no_more_than_the_indexers_key(run: Run) -> None:
    body = role("indexer", run.alias)
    assert {f"{run.alias}-decisions"} <= {name for asked in run.by_librarian for name in asked.needs[1]}
    assert [asked for asked in run.by_librarian if not allowed(asked, body)] == []


def test_what_is_measured_needs_no_more_than_the_indexers_key(run: Run) -> None:
    """Its throw-away indices bear the installation's name, whose key may make no others."""
    body = role("indexer", run.alias)
    assert {asked.path.rpartition("/")[2] for asked in run.by_evaluation} >= {"_bulk", "_search"}
    assert [asked for asked in run.by_evaluation if not allowed(asked, body)] == []


def test_the_service_may_do_all_that_it_does(run: Run) -> None:
    body = role("api", run.alias)
    assert run.by_api
    assert [asked for asked in run.by_api if not allowed(asked, body)] == []


def test_the_service_may_write_nothing(run: Run) -> None:
    body = role("api", run.alias)
    writing = [asked for asked in run.by_indexer if not asked.needs[0] <= READ | SEE]
    assert {asked.method for asked in writing} >= {"PUT", "POST", "DELETE"}
    assert [asked for asked in writing if allowed(asked, body)] == []


@pytest.mark.parametrize("name", ["api", "indexer"])
def test_a_role_has_no_privilege_that_nothing_needs(run: Run, name: str) -> None:
    body = role(name, run.alias)
    made = run.by_api if name == "api" else run.by_indexer
    [indices] = body["indices"]
    for privilege in indices["privileges"]:
        less = [each for each in indices["privileges"] if each != privilege]
        poorer = {**body, "indices": [{**indices, "privileges": less}]}
        assert not all(allowed(asked, poorer) for asked in made), f"nothing needs {privilege}"
    assert body["cluster"] == []


def test_the_roles_are_of_no_use_to_another_installation(run: Run) -> None:
    """The same run under another name is refused all along, but for what names no index."""
    elsewhere = role("indexer", "other")
    allowed_there = [asked for asked in run.by_indexer if asked.needs[1] and allowed(asked, elsewhere)]
    assert allowed_there == []


def test_a_run_is_of_all_three_indices_and_is_written_down(run: Run, client: Elasticsearch) -> None:
    """Else the tests above would have tried a part of it."""
    named = {name for asked in run.by_indexer for name in asked.needs[1]}
    assert {run.alias + ("" if kind == "pictures" else f"-{kind}") + "-v2" for kind in KINDS} <= named
    assert {f"{run.alias}-runs-v1", f"{run.alias}-runs"} <= named
    assert client.count(index=f"{run.alias}-runs", q="document:run")["count"] == 3, "removing a book leaves them"
    assert {asked.path.rpartition("/")[2] for asked in run.by_api} >= {"_search", "_mapping"}
