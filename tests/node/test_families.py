"""`frontispiece families` on a real node: the specimen's prints, what is new, what is gone, what people decide."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk, scan

from core.errors import FrontispieceError
from indexer.commands.families import families
from indexer.elasticsearch.collection import Indices
from tests.library import Library
from tests.node.dozen import Blocks
from tests.paths import SPECIMEN

FYR, COMPANION, SANGE = (
    "URN:NBN:no-nb_digibok_2099010100017",
    "urn:example:frontispiece:companion-1843",
    "urn:example:frontispiece:sange-1891",
)

SHIP = "digibok_2099010100017_0008:P8_CB00001"
OTHER_SHIP = "urn:example:frontispiece:companion-1843_00000014:PAG_00000014_IL000001"
LIGHTHOUSE = "digibok_2099010100017_0004:P4_CB00001"
CHURCH = "digibok_2099010100017_0009:P9_CB00001"


class Shelf:
    """Books of the specimen in indices of the test's own, and the command as a librarian runs it."""

    def __init__(self, client: Elasticsearch, written: dict[str, dict[str, Any]], alias: str) -> None:
        self._client, self._written, self.alias = client, written, alias
        Indices.current(client, alias, [Blocks()])

    def put(self, *books: str, into: str = "") -> None:
        """As indexing writes them: without hashes and families."""
        some = {id_: source for id_, source in self._written.items() if source["book_id"] in books}
        actions = ({"_id": id_, "_source": source} for id_, source in some.items())
        bulk(self._client, actions, index=into or self.alias, refresh=True)

    def rebuild(self, *books: str) -> None:
        with Indices.rebuilt(self._client, self.alias, [Blocks()]) as indices:
            self.put(*books, into=indices.pictures.name)

    def run(self, *arguments: str) -> Any:
        answer = CliRunner().invoke(families, [*arguments, "--json"], catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.stdout)

    def pictures(self) -> dict[str, dict[str, Any]]:
        """Every picture's `_source` by id without the box."""
        self._client.indices.refresh(index=self.alias)
        hits = scan(self._client, index=self.alias, query={"_source": {"excludes": ["vectors"]}})
        return {hit["_id"].rpartition(":")[0]: {**hit["_source"], "_id": hit["_id"]} for hit in hits}

    def id(self, picture: str) -> str:
        return str(self.pictures()[picture]["_id"])

    def families(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for id_, source in self.pictures().items():
            if family := source.get("family"):
                found.setdefault(family["id"], set()).add(id_)
        return found

    def family_of(self, picture: str) -> dict[str, Any] | None:
        family = self.pictures()[picture].get("family")
        return dict(family) if family else None

    def change(self, picture: str, **fields: Any) -> None:
        self._client.update(index=self.alias, id=self.id(picture), doc=fields, refresh=True)

    def delete(self, picture: str) -> None:
        self._client.delete(index=self.alias, id=self.id(picture), refresh=True)


@pytest.fixture(scope="module")
def written(client: Elasticsearch, specimen: Library) -> dict[str, dict[str, Any]]:
    """What indexing wrote of the specimen's pictures."""
    unwritten = {"excludes": ["hash", "family"], "exclude_vectors": False}
    hits = scan(client, index=specimen.settings.alias, query={"_source": unwritten})
    return {hit["_id"]: hit["_source"] for hit in hits}


@pytest.fixture
def shelf(
    client: Elasticsearch,
    specimen: Library,
    written: dict[str, dict[str, Any]],
    index_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Shelf:
    monkeypatch.setenv("FRONTISPIECE_ELASTICSEARCH_URL", specimen.url)
    monkeypatch.setenv("FRONTISPIECE_ALIAS", index_name)
    monkeypatch.setenv("FRONTISPIECE_DATA", str(specimen.settings.data))
    return Shelf(client, written, index_name)


def drawn() -> dict[str, dict[str, Any]]:
    """What the specimen's printer knows of each picture, by ALTO's id of picture and page."""
    lines = [
        json.loads(line.rstrip(","))
        for book in SPECIMEN.iterdir()
        for line in (book / "truth.json").read_text("utf-8").splitlines()
        if line.startswith("{")
    ]
    return {each["page_id"] + ":" + each["picture"]["alto_id"]: each["picture"] for each in lines}


def test_prints_that_were_printed_twice_are_families_and_blanks_rules_and_initials_are_not(shelf: Shelf) -> None:
    shelf.put(FYR, COMPANION, SANGE)
    report = shelf.run()
    truth = drawn()
    pictures = shelf.pictures()
    subjects = []
    for members in shelf.families().values():
        drawings = {truth[id_.rpartition("1843_")[2]]["subject"] for id_ in members}
        assert len(drawings) == 1, members
        subjects.append(drawings.pop())
    assert {*subjects} == {"ship", "lighthouse", "headpiece", "tailpiece"}
    assert subjects.count("headpiece") == len({FYR, COMPANION, SANGE}), "each book has a headpiece of its own"
    ship, other, lighthouse = (pictures[id_]["family"] for id_ in (SHIP, OTHER_SHIP, LIGHTHOUSE))
    assert ship == other
    assert {**ship, "id": ""} == {
        "id": "",
        "size": 2,
        "first_year": 1843,
        "last_year": 1867,
        "tier": "exact",
        "by": "frontispiece",
    }
    # A crack and a flagstaff are too little of a print to be told from another impression of the same block.
    assert (lighthouse["tier"], lighthouse["size"], lighthouse["last_year"]) == ("exact", 2, 1891)
    assert report["looked_at"] == len(pictures)
    assert report["pictures"] == report["changed"] == sum("family" in each for each in pictures.values())
    rules = [pictures[id_] for id_ in pictures if truth[id_.rpartition("1843_")[2]]["subject"] == "rule"]
    assert {each["hash"] for each in rules} == {"0" * 16}


def test_book_after_book_gives_the_families_of_all_at_once(shelf: Shelf) -> None:
    for books in ((SANGE,), (COMPANION,), (FYR,)):
        shelf.put(*books)
        shelf.run()
    grown = shelf.families()
    ids = {picture: family["id"] for picture, family in _fields(shelf).items()}
    assert shelf.run()["looked_at"] == 0, "nothing is new"
    again = shelf.run("--all")
    assert (again["looked_at"], again["changed"]) == (len(shelf.pictures()), 0)
    shelf.rebuild(FYR, COMPANION, SANGE)
    shelf.run()
    assert sorted(map(sorted, shelf.families().values())) == sorted(map(sorted, grown.values()))
    assert len(ids) == len(_fields(shelf))


def test_a_family_keeps_its_id_when_it_grows_and_tells_all_its_pictures(shelf: Shelf) -> None:
    shelf.put(SANGE, COMPANION)
    shelf.run()
    tailpiece = "sange-1891_f7:eSc_textblock_9c2d906c"
    before = shelf.family_of(tailpiece)
    assert before
    assert before["size"] == 3
    shelf.put(COMPANION)
    assert shelf.run()["looked_at"] > 0, "pictures that are indexed anew are looked at anew"
    assert shelf.family_of(tailpiece) == before
    shelf.change(tailpiece, year=1895, hash=None)
    shelf.run()
    assert {family["last_year"] for family in _fields(shelf).values() if family["id"] == before["id"]} == {1895}


def test_a_family_of_which_one_is_left_is_none_and_who_is_shown_again_is_found_again(shelf: Shelf) -> None:
    shelf.put(FYR, COMPANION)
    shelf.run()
    shelf.change(OTHER_SHIP, set_aside=True)
    shelf.run()
    assert shelf.family_of(SHIP) is shelf.family_of(OTHER_SHIP) is None
    shelf.change(OTHER_SHIP, set_aside=False)
    shelf.run()
    assert (shelf.family_of(SHIP) or {}).get("size") == 2
    shelf.delete(OTHER_SHIP)
    shelf.run()
    assert shelf.family_of(SHIP) is None
    assert all(len(members) > 1 for members in shelf.families().values())


def test_a_dry_run_says_the_same_and_writes_nothing(shelf: Shelf) -> None:
    shelf.put(FYR, COMPANION)
    before = shelf.pictures()
    said = shelf.run("--dry-run")
    assert shelf.pictures() == before
    assert said == {**shelf.run(), "dry_run": True}


def test_what_was_split_stays_so_over_another_run_and_a_rebuild(shelf: Shelf) -> None:
    shelf.put(FYR, COMPANION)
    shelf.run()
    shelf.run("split", shelf.id(SHIP), "--by", "Kari")
    assert shelf.family_of(SHIP) is shelf.family_of(OTHER_SHIP) is None
    shelf.run("--all")
    assert shelf.family_of(SHIP) is None
    shelf.rebuild(FYR, COMPANION)
    shelf.run()
    assert shelf.family_of(SHIP) is shelf.family_of(OTHER_SHIP) is None
    assert shelf.families(), "the others are found again"


def test_what_was_merged_stays_so_and_is_split_again_only_by_hand(shelf: Shelf) -> None:
    shelf.put(FYR, COMPANION)
    shelf.run()
    shelf.run("merge", shelf.id(CHURCH), shelf.id(SHIP), "--by", "Ola")
    shelf.rebuild(FYR, COMPANION)
    shelf.run()
    church = shelf.family_of(CHURCH)
    assert church
    assert (church["size"], church["by"], church["tier"]) == (3, "Ola", "near")
    assert (shelf.family_of(SHIP) or {})["tier"] == "exact"
    members = shelf.run("show", shelf.id(CHURCH))
    assert [each["year"] for each in members] == [1843, 1867, 1867]
    assert {"id": church["id"], "size": 3} in shelf.run("list")
    shelf.run("split", shelf.id(CHURCH), "--by", "Kari")
    shelf.run("--all")
    assert shelf.family_of(CHURCH) is None
    ship = shelf.family_of(SHIP)
    assert ship
    assert (ship["size"], ship["by"]) == (2, "Kari")


def test_a_run_that_was_stopped_is_done_again_in_full(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put(FYR, COMPANION)
    with monkeypatch.context() as patch:
        patch.setattr("indexer.families.gathering.Gathering.complete", _stopped)
        with pytest.raises(FrontispieceError, match="away"):
            shelf.run()
    assert not shelf.families()
    shelf.run()
    assert (shelf.family_of(SHIP) or {}).get("size") == 2


def test_a_picture_that_is_not_there_or_in_no_family_is_told(shelf: Shelf) -> None:
    shelf.put(FYR)
    shelf.run()
    with pytest.raises(FrontispieceError, match="there is no picture nowhere"):
        shelf.run("split", "nowhere", "--by", "Kari")
    with pytest.raises(FrontispieceError, match="is in no family"):
        shelf.run("split", shelf.id(CHURCH), "--by", "Kari")
    with pytest.raises(FrontispieceError, match="two pictures"):
        shelf.run("merge", shelf.id(CHURCH), "--by", "Kari")


def _stopped(*_: object) -> None:
    raise FrontispieceError("the node is away")


def _fields(shelf: Shelf) -> dict[str, dict[str, Any]]:
    return {id_: each["family"] for id_, each in shelf.pictures().items() if each.get("family")}
