"""`frontispiece classify` on a real node: learn from labels, label, be corrected, learn from that."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk, scan
from tests.unit.core.encoders.conftest import write_clip

from core.encoders import SPECS, load
from core.encoders.features import learnable
from core.encoders.sscd_features import TRAITS
from core.errors import ContractBroken, FrontispieceError
from core.settings import Settings
from indexer.classification.model import Classifier
from indexer.commands.classify import classify
from indexer.elasticsearch.collection import Indices
from indexer.elasticsearch.labelled_pictures import Collection, Stored, learnt_from
from tests.library import Library
from tests.node import dozen
from tests.paths import SPECIMEN

ILLUSTRATION, ELEMENT, BLANK = "Illustration or photograph", "Graphical element", "Blank page"
NAMES = {"illustration": ILLUSTRATION, "ornament": ELEMENT}


class Desk:
    """The specimen's pictures in an index of the test's own, and the command as a librarian runs it."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client, self.alias = client, alias

    def run(self, *arguments: str) -> str:
        done = CliRunner().invoke(classify, list(arguments), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def hits(self) -> dict[str, dict[str, Any]]:
        self._client.indices.refresh(index=self.alias)
        return {hit["_id"]: hit for hit in scan(self._client, index=self.alias, query={"seq_no_primary_term": True})}

    def labels(self) -> dict[str, dict[str, Any]]:
        return {id_: hit["_source"].get("label", {}) for id_, hit in self.hits().items()}

    def versions(self) -> dict[str, int]:
        return {id_: hit["_seq_no"] for id_, hit in self.hits().items()}

    def change(self, picture: str, **fields: Any) -> None:
        self._client.update(index=self.alias, id=picture, doc=fields, refresh=True)


@pytest.fixture
def desk(
    client: Elasticsearch, specimen: Library, index_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    monkeypatch.setenv("FRONTISPIECE_ELASTICSEARCH_URL", specimen.url)
    monkeypatch.setenv("FRONTISPIECE_ALIAS", index_name)
    monkeypatch.setenv("FRONTISPIECE_CLASSIFIER", str(tmp_path / "classifier.npz"))
    monkeypatch.setenv("FRONTISPIECE_DATA", str(specimen.settings.data))
    pictures = Indices.current(client, index_name, [load("sscd", Settings())]).pictures.name
    everything = {"_source": {"excludes": ["label", "set_aside"], "exclude_vectors": False}}
    hits = scan(client, index=specimen.settings.alias, query=everything)
    bulk(client, [{"_id": hit["_id"], "_source": hit["_source"]} for hit in hits], index=pictures, refresh=True)
    return Desk(client, index_name)


def drawn(desk: Desk) -> dict[str, str]:
    """The specimen's illustrations and ornaments by their ids, as its printer knows them."""
    ids = {id_.rpartition(":")[0]: id_ for id_ in desk.hits()}
    found: dict[str, str] = {}
    for book in SPECIMEN.iterdir():
        for line in json.loads((book / "truth.json").read_text("utf-8")):
            end = f"{line['page_id']}:{line['picture']['alto_id']}"
            name = NAMES.get(line["picture"]["label"])
            found |= {id_: name for key, id_ in ids.items() if name and key.endswith(end)}
    return found


def table(folder: Path, labels: dict[str, str], *, head: str = "id") -> str:
    path = folder / "labels.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[head, "label"], *labels.items()])
    return str(path)


@pytest.fixture
def taught(desk: Desk, tmp_path: Path) -> dict[str, str]:
    """A classifier of the specimen's illustrations and ornaments, and what it learnt from."""
    labels = drawn(desk)
    assert set(labels.values()) == set(NAMES.values())
    assert len(labels) > 40
    desk.run("train", table(tmp_path, labels))
    return labels


def test_what_was_learnt_is_applied_once(desk: Desk, taught: dict[str, str]) -> None:
    """Every picture gets a class with its provenance, most of them the right one; a second run writes nothing."""
    said = desk.run("apply")
    labels = desk.labels()
    assert said.startswith(f"{len(labels)} pictures labelled")
    assert {each["source"] for each in labels.values()} == {"classifier"}
    assert len({(each["model"], each["at"]) for each in labels.values()}) == 1
    assert all(0.5 <= each["confidence"] <= 1 for each in labels.values())
    right = sum(labels[id_]["name"] == name for id_, name in taught.items())
    assert right / len(taught) > 0.8
    before = desk.versions()
    assert desk.run("apply").startswith("0 pictures labelled")
    assert desk.versions() == before


def test_what_is_learnt_from_are_the_traits_that_indexing_left(
    client: Elasticsearch, specimen: Library, taught: dict[str, str], tmp_path: Path
) -> None:
    """Every picture has them, near to those of its crop, a JPEG of what was encoded; no search is sent them."""
    assert taught
    classifier = Classifier.load(tmp_path / "classifier.npz")
    assert classifier.weights.shape[1] == TRAITS
    assert classifier.provenance["models"]["sscd"]["traits"] == SPECS["sscd"].traits
    sscd = load("sscd", Settings())
    pictures = [each for some in read(client, specimen.settings.alias) for each in some]
    rows = np.stack([each.vectors["sscd"] for each in pictures])
    assert rows.shape == (len(specimen.documents()), TRAITS)
    for place in (0, len(pictures) // 2):
        [again] = learnable(sscd, [specimen.crop(dict(pictures[place].source))])
        assert np.argmin(np.abs(rows - again).sum(axis=1)) == place
    hits = client.search(index=specimen.settings.alias, size=1000)["hits"]["hits"]
    assert not [hit["_id"] for hit in hits if hit["_source"].get("traits")]


def read(client: Elasticsearch, alias: str) -> Iterator[list[Stored]]:
    return Collection(client, alias).batches({"match_all": {}}, learnt_from(["sscd"]))


def test_traits_come_back_as_they_were_written_and_a_label_leaves_them(client: Elasticsearch, index_name: str) -> None:
    """Each of the 256 bytes, after the picture was updated too."""
    row = np.resize(np.arange(-128, 128, dtype=np.int8), TRAITS)
    document = dozen.document(6, [dozen.Blocks()])
    index = Indices.current(client, index_name, [dozen.Blocks()]).pictures
    assert not any(index.write([document.with_vectors(document.vectors, {"sscd": row})], dozen.INDEXED_AT))
    for _ in range(2):
        index.refresh()
        [[stored]] = read(client, index_name)
        assert stored.vectors["sscd"].tolist() == row.tolist()
        assert Collection(client, index_name).update([(stored, {"label": {"name": "Map"}})]) == 1


def test_an_index_of_before_there_were_traits_says_to_index_again(
    client: Elasticsearch, desk: Desk, tmp_path: Path
) -> None:
    given = table(tmp_path, drawn(desk))
    pictures = Indices.existing(client, desk.alias).pictures.name
    meta = client.indices.get_mapping(index=pictures)[pictures]["mappings"]["_meta"]
    del meta["models"]["sscd"]["traits"]
    client.indices.put_mapping(index=pictures, meta=meta)
    with pytest.raises(ContractBroken, match=r"has traits None, and installed is .*; index again"):
        Indices.current(client, desk.alias, [load("sscd", Settings())])
    for labels in ((), (given,)):
        with pytest.raises(
            ContractBroken, match="sscd without the traits that are learnt from: run `frontispiece index"
        ):
            desk.run("train", *labels)


def test_a_run_that_was_stopped_goes_on(desk: Desk, taught: dict[str, str]) -> None:
    """Only what bears another classifier's label, or none, is written."""
    desk.run("apply")
    one, other, *_ = taught
    desk.change(one, label={"name": "Map", "model": "before"})
    desk.change(other, label=None)
    before = desk.versions()
    assert desk.run("apply").startswith("2 pictures labelled")
    assert {id_ for id_, version in desk.versions().items() if version != before[id_]} == {one, other}
    assert desk.labels()[one]["name"] in NAMES.values()


def test_a_persons_word_stays_and_is_learnt(desk: Desk, taught: dict[str, str], tmp_path: Path) -> None:
    """A correction survives every run, hides a blank page, and the next training takes it from the index."""
    desk.run("apply")
    some = [id_ for id_, name in taught.items() if name == ELEMENT][:3]
    for picture in some:
        desk.run("correct", picture, BLANK, "--by", "Anna")
    said = {name: value for name, value in desk.labels()[some[0]].items() if value is not None}
    assert {**said, "at": ""} == {"name": BLANK, "source": "librarian", "by": "Anna", "at": ""}
    assert desk.hits()[some[0]]["_source"]["set_aside"] is True
    catalogued = next(id_ for id_ in taught if id_ not in some)
    desk.change(catalogued, label={"name": ILLUSTRATION, "source": "catalogue", "model": None, "confidence": None})
    before = desk.labels()
    desk.run("apply")
    assert desk.labels() == before

    # The table still calls them ornaments; the librarian's word is the better.
    assert f"learnt from {len(taught)} pictures" in desk.run("train", str(tmp_path / "labels.csv"))
    assert BLANK in desk.run("show")
    desk.run("apply")
    after = desk.labels()
    assert [after[id_] for id_ in (*some, catalogued)] == [before[id_] for id_ in (*some, catalogued)]
    models = {each["model"] for each in after.values() if each["source"] == "classifier"}
    assert len(models) == 1
    assert models.isdisjoint({each.get("model") for each in before.values()})


def test_a_correction_that_is_taken_back_shows_the_picture_again(desk: Desk, taught: dict[str, str]) -> None:
    picture = next(iter(taught))
    desk.run("correct", picture, BLANK, "--by", "Anna")
    assert "it was Blank page" in desk.run("correct", picture, ILLUSTRATION, "--by", "Per")
    assert desk.hits()[picture]["_source"]["set_aside"] is False


def test_what_cannot_be_corrected_is_said(desk: Desk, taught: dict[str, str]) -> None:
    with pytest.raises(FrontispieceError, match="there is no picture nowhere"):
        desk.run("correct", "nowhere", BLANK, "--by", "Anna")
    with pytest.raises(FrontispieceError, match=r"no class is called 'Mpa'; there are .*Map"):
        desk.run("correct", next(iter(taught)), "Mpa", "--by", "Anna")


def test_a_classifier_of_other_weights_is_refused(
    client: Elasticsearch, desk: Desk, taught: dict[str, str], index_name: str
) -> None:
    """Its rows would be read as if they meant the same."""
    assert taught
    with dozen.filled(client, f"{index_name}-other", [dozen.Blocks()]) as indices:
        with pytest.raises(ContractBroken, match=r"learnt from sscd with id .* learn again"):
            desk.run("apply", "--alias", f"{index_name}-other")
        indices.refresh()
        sources = indices.pictures.read([dozen.picture_id(2)], "label")
        assert sources[dozen.picture_id(2)]["label"]["name"] == "Map"


def test_pictures_that_the_index_does_not_have_are_encoded(
    specimen: Library, desk: Desk, taught: dict[str, str], tmp_path: Path
) -> None:
    """Labels name crops by their paths below a folder; one that is nowhere is told and left out."""
    crops = {hit["_source"]["image"]["crop"]: taught[id_] for id_, hit in desk.hits().items() if id_ in taught}
    folder = tmp_path / "elsewhere"
    named: dict[str, str] = {}
    for number, (crop, label) in enumerate(sorted(crops.items())[:12]):
        path = folder / "kept" / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((specimen.settings.crops / crop).read_bytes())
        named[f"images/kept/{number}.jpg"] = label
    given = table(tmp_path, {**named, "gone.jpg": ILLUSTRATION}, head="path")
    said = desk.run("train", given, "--images", str(folder), "--out", str(tmp_path / "other.npz"))
    assert "learnt from 12 pictures" in said
    assert (tmp_path / "other.npz").is_file()


def test_zero_shot_guesses_beside_the_labels_and_once(
    client: Elasticsearch, desk: Desk, index_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tiny model of CLIP's architecture names every picture of the dozen; other prompts are other guesses."""
    torch.manual_seed(20)
    write_clip(tmp_path / "weights" / "clip")
    monkeypatch.setenv("FRONTISPIECE_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("FRONTISPIECE_DEVICE", "cpu")
    clip = load("clip", Settings.from_environ())
    alias = f"{index_name}-words"
    prompts = tmp_path / "prompts.json"
    prompts.write_text('{"ship": ["a ship"], "hat": ["a hat", "hats"]}')
    arguments = ("zero-shot", "--model", "clip", "--alias", alias, "--prompts", str(prompts))
    with dozen.filled(client, alias, [clip]) as indices:
        assert desk.run(*arguments) == "12 pictures guessed\n"
        ids = [dozen.picture_id(number) for number in range(12)]
        found = indices.pictures.read(ids, "zero_shot", "label")
        assert {each["zero_shot"]["name"] for each in found.values()} <= {"ship", "hat"}
        assert all(0.5 <= each["zero_shot"]["confidence"] <= 1 for each in found.values())
        assert found[ids[2]]["label"] == {"name": "Map", "source": "catalogue"}
        assert desk.run(*arguments) == "0 pictures guessed\n"
        prompts.write_text('{"ship": ["a ship"], "hat": ["shat"]}')
        assert desk.run(*arguments) == "12 pictures guessed\n"
        with pytest.raises(FrontispieceError, match="no vectors of siglip"):
            desk.run("zero-shot", "--alias", alias)
