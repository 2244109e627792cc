"""`frontispiece families` on a real node: finding families, new and removed pictures, people's decisions."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk, scan
from litestar.testing import TestClient

from api.app import create_app
from api.pages.picture_links import picture_path
from core.errors import FrontispieceError
from indexer.commands.families import families
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.rebuilding import open_rebuild
from tests.library import ServedLibrary
from tests.node.twelve_pictures import ColourGridEncoder
from tests.paths import SPECIMEN_TRUTH

FYR, COMPANION, SANGE = (
    "URN:NBN:no-nb_digibok_2099010100017",
    "urn:example:frontispiece:companion-1843",
    "urn:example:frontispiece:sange-1891",
)

SHIP = "digibok_2099010100017_0008:P8_CB00001"
OTHER_SHIP = "urn:example:frontispiece:companion-1843_00000014:PAG_00000014_IL000001"
LIGHTHOUSE = "digibok_2099010100017_0004:P4_CB00001"
CHURCH = "digibok_2099010100017_0009:P9_CB00001"


class FamiliesCommand:
    """The specimen's books in indices of this test, and the command run against them."""

    def __init__(self, client: Elasticsearch, indexed_sources: dict[str, dict[str, Any]], alias: str) -> None:
        self._client, self._indexed_sources, self.alias = client, indexed_sources, alias
        Collection.open_or_create(client, alias, [ColourGridEncoder()])

    def index_books(self, *books: str, index: str = "") -> None:
        """Write the books as indexing does, without hashes and families."""
        sources = {id_: source for id_, source in self._indexed_sources.items() if source["book_id"] in books}
        actions = ({"_id": id_, "_source": source} for id_, source in sources.items())
        bulk(self._client, actions, index=index or self.alias, refresh=True)

    def rebuild(self, *books: str) -> None:
        with open_rebuild(self._client, self.alias, [ColourGridEncoder()]) as collection:
            self.index_books(*books, index=collection.pictures.name)

    def invoke(self, *arguments: str) -> Any:
        result = CliRunner().invoke(families, [*arguments, "--json"], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def pictures(self) -> dict[str, dict[str, Any]]:
        """Return id without the box → `_source` of every picture."""
        self._client.indices.refresh(index=self.alias)
        hits = scan(self._client, index=self.alias, query={"_source": {"excludes": ["vectors"]}})
        return {hit["_id"].rpartition(":")[0]: {**hit["_source"], "_id": hit["_id"]} for hit in hits}

    def picture_id(self, picture: str) -> str:
        return str(self.pictures()[picture]["_id"])

    def families(self) -> dict[str, set[str]]:
        pictures_by_family: dict[str, set[str]] = {}
        for id_, source in self.pictures().items():
            if family := source.get("family"):
                pictures_by_family.setdefault(family["id"], set()).add(id_)
        return pictures_by_family

    def family_of(self, picture: str) -> dict[str, Any] | None:
        family = self.pictures()[picture].get("family")
        return dict(family) if family else None

    def change(self, picture: str, **fields: Any) -> None:
        self._client.update(index=self.alias, id=self.picture_id(picture), doc=fields, refresh=True)

    def delete(self, picture: str) -> None:
        self._client.delete(index=self.alias, id=self.picture_id(picture), refresh=True)


@pytest.fixture(scope="module")
def indexed_sources(client: Elasticsearch, specimen: ServedLibrary) -> dict[str, dict[str, Any]]:
    """Return id → `_source` of the specimen's pictures as indexing wrote them."""
    source_filter = {"excludes": ["hash", "family"], "exclude_vectors": False}
    hits = scan(client, index=specimen.settings.alias, query={"_source": source_filter})
    return {hit["_id"]: hit["_source"] for hit in hits}


@pytest.fixture
def families_command(
    client: Elasticsearch,
    specimen: ServedLibrary,
    indexed_sources: dict[str, dict[str, Any]],
    index_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> FamiliesCommand:
    monkeypatch.setenv("FRONTISPIECE_ELASTICSEARCH_URL", specimen.url)
    monkeypatch.setenv("FRONTISPIECE_ALIAS", index_name)
    monkeypatch.setenv("FRONTISPIECE_DATA", str(specimen.settings.data))
    return FamiliesCommand(client, indexed_sources, index_name)


def true_pictures() -> dict[str, dict[str, Any]]:
    """Return the facts that the specimen's generator recorded for each picture, by ALTO id of picture and page."""
    entries = [
        json.loads(line.rstrip(","))
        for file in SPECIMEN_TRUTH.iterdir()
        for line in file.read_text("utf-8").splitlines()
        if line.startswith("{")
    ]
    return {entry["page_id"] + ":" + entry["picture"]["alto_id"]: entry["picture"] for entry in entries}


def test_families_are_the_prints_that_occur_twice(
    families_command: FamiliesCommand,
) -> None:
    families_command.index_books(FYR, COMPANION, SANGE)
    report = families_command.invoke()
    true_pictures_by_id = true_pictures()
    pictures = families_command.pictures()
    subjects = []
    for members in families_command.families().values():
        drawings = {true_pictures_by_id[id_.rpartition("1843_")[2]]["subject"] for id_ in members}
        assert len(drawings) == 1, members
        subjects.append(drawings.pop())
    assert {*subjects} == {"ship", "lighthouse", "headpiece", "tailpiece"}
    assert subjects.count("headpiece") == len({FYR, COMPANION, SANGE}), "each book has a headpiece of its own"
    ship, other_ship, lighthouse = (pictures[id_]["family"] for id_ in (SHIP, OTHER_SHIP, LIGHTHOUSE))
    assert ship == other_ship
    assert {**ship, "id": ""} == {
        "id": "",
        "size": 2,
        "books": 2,
        "first_year": 1843,
        "last_year": 1867,
        "tier": "exact",
        "by": "frontispiece",
    }
    # A crack and a flagstaff are too small a difference to tell a state from another impression of the block.
    assert (lighthouse["tier"], lighthouse["size"], lighthouse["last_year"]) == ("exact", 2, 1891)
    assert report["searched_count"] == len(pictures)
    assert (
        report["picture_count"] == report["changed_count"] == sum("family" in picture for picture in pictures.values())
    )
    rules = [pictures[id_] for id_ in pictures if true_pictures_by_id[id_.rpartition("1843_")[2]]["subject"] == "rule"]
    assert {rule["hash"] for rule in rules} == {"0" * 16}


def test_pages_agree_on_the_same_print_before_families_are_computed(
    families_command: FamiliesCommand, specimen: ServedLibrary
) -> None:
    """The page of a picture says of a copy what a search with the picture says."""
    families_command.index_books(FYR, COMPANION, SANGE)
    settings = specimen.settings.model_copy(update={"alias": families_command.alias})
    app = create_app(settings, elasticsearch_url=specimen.url, encoder_loaders={"sscd": ColourGridEncoder})
    with TestClient(app) as api_client:
        lighthouse = families_command.picture_id(LIGHTHOUSE)
        copy, *_ = api_client.get("/api/search", params={"like": lighthouse}).json()["hits"]
        assert copy["family"] is None
        for picture, other in ((lighthouse, copy["id"]), (copy["id"], lighthouse)):
            assert "1 picture of the same print" in api_client.get("/", params={"like": picture}).text
            html = api_client.get(picture_path(picture)).text
            copies = html.partition('id="copies"')[2].partition("</section>")[0]
            assert "2 times in this collection, from 1867 to 1891" in copies
            assert picture_path(other) in copies
            assert "A program found 1 copy of the same print." in html
            assert picture_path(other) not in html.partition('id="similar"')[2].partition("</section>")[0]


def test_incremental_runs_give_the_same_families_as_one_run(families_command: FamiliesCommand) -> None:
    for books in ((SANGE,), (COMPANION,), (FYR,)):
        families_command.index_books(*books)
        families_command.invoke()
    grown_families = families_command.families()
    family_ids = {picture: family["id"] for picture, family in _family_fields(families_command).items()}
    assert families_command.invoke()["searched_count"] == 0, "nothing is new"
    report = families_command.invoke("--all")
    assert (report["searched_count"], report["changed_count"]) == (len(families_command.pictures()), 0)
    families_command.rebuild(FYR, COMPANION, SANGE)
    families_command.invoke()
    assert sorted(map(sorted, families_command.families().values())) == sorted(map(sorted, grown_families.values()))
    assert len(family_ids) == len(_family_fields(families_command))


def test_growing_family_keeps_its_id(families_command: FamiliesCommand) -> None:
    families_command.index_books(SANGE, COMPANION)
    families_command.invoke()
    tailpiece = "sange-1891_f7:eSc_textblock_9c2d906c"
    family_before = families_command.family_of(tailpiece)
    assert family_before
    assert family_before["size"] == 3
    families_command.index_books(COMPANION)
    assert families_command.invoke()["searched_count"] > 0, "pictures that are indexed anew are looked at anew"
    assert families_command.family_of(tailpiece) == family_before
    families_command.change(tailpiece, year=1895, hash=None)
    families_command.invoke()
    assert {
        family["last_year"]
        for family in _family_fields(families_command).values()
        if family["id"] == family_before["id"]
    } == {1895}


def test_family_of_one_is_dissolved_and_restored(
    families_command: FamiliesCommand,
) -> None:
    families_command.index_books(FYR, COMPANION)
    families_command.invoke()
    families_command.change(OTHER_SHIP, hidden=True)
    families_command.invoke()
    assert families_command.family_of(SHIP) is families_command.family_of(OTHER_SHIP) is None
    families_command.change(OTHER_SHIP, hidden=False)
    families_command.invoke()
    assert (families_command.family_of(SHIP) or {}).get("size") == 2
    families_command.delete(OTHER_SHIP)
    families_command.invoke()
    assert families_command.family_of(SHIP) is None
    assert all(len(members) > 1 for members in families_command.families().values())


def test_dry_run_gives_the_same_report_without_writing(families_command: FamiliesCommand) -> None:
    families_command.index_books(FYR, COMPANION)
    pictures_before = families_command.pictures()
    report = families_command.invoke("--dry-run")
    assert families_command.pictures() == pictures_before
    assert report == {**families_command.invoke(), "dry_run": True}


def test_split_survives_another_run_and_a_rebuild(families_command: FamiliesCommand) -> None:
    families_command.index_books(FYR, COMPANION)
    families_command.invoke()
    families_command.invoke("split", families_command.picture_id(SHIP), "--by", "Kari")
    assert families_command.family_of(SHIP) is families_command.family_of(OTHER_SHIP) is None
    families_command.invoke("--all")
    assert families_command.family_of(SHIP) is None
    families_command.rebuild(FYR, COMPANION)
    families_command.invoke()
    assert families_command.family_of(SHIP) is families_command.family_of(OTHER_SHIP) is None
    assert families_command.families(), "the others are found again"


def test_pictures_that_a_person_has_split_are_not_the_same_print(
    families_command: FamiliesCommand, specimen: ServedLibrary
) -> None:
    """However alike they are: where copies have been looked for, the families decide, on every page."""
    families_command.index_books(FYR, COMPANION)
    families_command.invoke()
    ship, other_ship = families_command.picture_id(SHIP), families_command.picture_id(OTHER_SHIP)
    settings = specimen.settings.model_copy(update={"alias": families_command.alias})
    app = create_app(settings, elasticsearch_url=specimen.url, encoder_loaders={"sscd": ColourGridEncoder})
    with TestClient(app) as api_client:
        assert "of the same print" in api_client.get("/", params={"like": ship}).text
        families_command.invoke("split", ship, "--by", "Kari")
        hits = api_client.get("/api/search", params={"like": ship}).json()["hits"]
        (other,) = (hit for hit in hits if hit["id"] == other_ship)
        assert other["copies_known"]
        assert other["similarities"]["sscd"] > 0.75
        assert "of the same print" not in api_client.get("/", params={"like": ship}).text
        assert "of the same print" not in api_client.get(picture_path(ship)).text


def test_merge_persists_until_a_manual_split(families_command: FamiliesCommand) -> None:
    families_command.index_books(FYR, COMPANION)
    families_command.invoke()
    families_command.invoke(
        "merge", families_command.picture_id(CHURCH), families_command.picture_id(SHIP), "--by", "Ola"
    )
    families_command.rebuild(FYR, COMPANION)
    families_command.invoke()
    church_family = families_command.family_of(CHURCH)
    assert church_family
    assert (church_family["size"], church_family["by"], church_family["tier"]) == (3, "Ola", "near")
    assert (families_command.family_of(SHIP) or {})["tier"] == "exact"
    members = families_command.invoke("show", families_command.picture_id(CHURCH))
    assert [member["year"] for member in members] == [1843, 1867, 1867]
    assert {"id": church_family["id"], "size": 3} in families_command.invoke("list")
    families_command.invoke("split", families_command.picture_id(CHURCH), "--by", "Kari")
    families_command.invoke("--all")
    assert families_command.family_of(CHURCH) is None
    ship_family = families_command.family_of(SHIP)
    assert ship_family
    assert (ship_family["size"], ship_family["by"]) == (2, "Kari")


def test_interrupted_run_is_repeated_in_full(
    families_command: FamiliesCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    families_command.index_books(FYR, COMPANION)
    with monkeypatch.context() as patch:
        patch.setattr("indexer.families.link_search.LinkSearch.search_connected", _raise_node_error)
        with pytest.raises(FrontispieceError, match="away"):
            families_command.invoke()
    assert not families_command.families()
    families_command.invoke()
    assert (families_command.family_of(SHIP) or {}).get("size") == 2


def test_unknown_picture_or_family_is_an_error(families_command: FamiliesCommand) -> None:
    families_command.index_books(FYR)
    families_command.invoke()
    with pytest.raises(FrontispieceError, match="there is no picture nowhere"):
        families_command.invoke("split", "nowhere", "--by", "Kari")
    with pytest.raises(FrontispieceError, match="is in no family"):
        families_command.invoke("split", families_command.picture_id(CHURCH), "--by", "Kari")
    with pytest.raises(FrontispieceError, match="at least two pictures"):
        families_command.invoke("merge", families_command.picture_id(CHURCH), "--by", "Kari")


def _raise_node_error(*_: object) -> None:
    raise FrontispieceError("the node is away")


def _family_fields(families_command: FamiliesCommand) -> dict[str, dict[str, Any]]:
    return {id_: source["family"] for id_, source in families_command.pictures().items() if source.get("family")}
