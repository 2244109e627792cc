"""`frontispiece classify` on a real node: train, apply, correct, and train on the corrections."""

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

from core.encoders import SPECS, load_encoder
from core.encoders.features import encode_for_classifier
from core.encoders.sscd_features import FEATURE_LENGTH
from core.errors import FingerprintMismatch, FrontispieceError
from core.settings import Settings
from indexer.classification.model import Classifier
from indexer.commands.classify import classify
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.labelled_pictures import IndexedPicture, LabelledPictures, feature_fields
from tests.library import ServedLibrary
from tests.node import twelve_pictures
from tests.paths import SPECIMEN_TRUTH
from tests.unit.core.encoders.conftest import write_clip

ILLUSTRATION, GRAPHICAL_ELEMENT, BLANK = "Illustration or photograph", "Graphical element", "Blank page"
CLASS_BY_TRUTH_LABEL = {"illustration": ILLUSTRATION, "ornament": GRAPHICAL_ELEMENT}


class ClassifyCommand:
    """The specimen's pictures in an index of this test, and the command run against it."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client, self.alias = client, alias

    def invoke(self, *arguments: str) -> str:
        result = CliRunner().invoke(classify, list(arguments), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

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
def classify_command(
    client: Elasticsearch, specimen: ServedLibrary, index_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ClassifyCommand:
    monkeypatch.setenv("FRONTISPIECE_ELASTICSEARCH_URL", specimen.url)
    monkeypatch.setenv("FRONTISPIECE_ALIAS", index_name)
    monkeypatch.setenv("FRONTISPIECE_CLASSIFIER", str(tmp_path / "classifier.npz"))
    monkeypatch.setenv("FRONTISPIECE_DATA", str(specimen.settings.data))
    pictures = Collection.open_or_create(client, index_name, [load_encoder("sscd", Settings())]).pictures.name
    full_source = {"_source": {"excludes": ["label", "hidden"], "exclude_vectors": False}}
    hits = scan(client, index=specimen.settings.alias, query=full_source)
    bulk(client, [{"_id": hit["_id"], "_source": hit["_source"]} for hit in hits], index=pictures, refresh=True)
    return ClassifyCommand(client, index_name)


def true_labels(classify_command: ClassifyCommand) -> dict[str, str]:
    """Return id → true class of the specimen's illustrations and ornaments."""
    ids_without_box = {id_.rpartition(":")[0]: id_ for id_ in classify_command.hits()}
    labels: dict[str, str] = {}
    for file in SPECIMEN_TRUTH.iterdir():
        for entry in json.loads(file.read_text("utf-8")):
            id_suffix = f"{entry['page_id']}:{entry['picture']['alto_id']}"
            class_name = CLASS_BY_TRUTH_LABEL.get(entry["picture"]["label"])
            labels |= {
                id_: class_name for key, id_ in ids_without_box.items() if class_name and key.endswith(id_suffix)
            }
    return labels


def write_label_table(folder: Path, labels: dict[str, str], *, id_column: str = "id") -> str:
    path = folder / "labels.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[id_column, "label"], *labels.items()])
    return str(path)


@pytest.fixture
def trained_labels(classify_command: ClassifyCommand, tmp_path: Path) -> dict[str, str]:
    """Train a classifier of illustrations and ornaments; return the labels that it learnt from."""
    labels = true_labels(classify_command)
    assert set(labels.values()) == set(CLASS_BY_TRUTH_LABEL.values())
    assert len(labels) > 40
    classify_command.invoke("train", write_label_table(tmp_path, labels))
    return labels


def test_apply_labels_every_picture_once(classify_command: ClassifyCommand, trained_labels: dict[str, str]) -> None:
    """Every picture gets a class with its provenance, mostly the right one; a second run writes nothing."""
    output = classify_command.invoke("apply")
    labels = classify_command.labels()
    assert output.startswith(f"{len(labels)} pictures labelled")
    assert {label["source"] for label in labels.values()} == {"classifier"}
    assert len({(label["model"], label["at"]) for label in labels.values()}) == 1
    assert all(0.5 <= label["confidence"] <= 1 for label in labels.values())
    correct_count = sum(labels[id_]["name"] == name for id_, name in trained_labels.items())
    assert correct_count / len(trained_labels) > 0.8
    versions_before = classify_command.versions()
    assert classify_command.invoke("apply").startswith("0 pictures labelled")
    assert classify_command.versions() == versions_before


def test_training_uses_the_indexed_features(
    client: Elasticsearch, specimen: ServedLibrary, trained_labels: dict[str, str], tmp_path: Path
) -> None:
    """Every picture has features, close to those of its JPEG crop; search results do not contain them."""
    assert trained_labels
    classifier = Classifier.load(tmp_path / "classifier.npz")
    assert classifier.weights.shape[1] == FEATURE_LENGTH
    assert classifier.provenance["models"]["sscd"]["features"] == SPECS["sscd"].features
    sscd = load_encoder("sscd", Settings())
    pictures = [picture for batch in read_batches(client, specimen.settings.alias) for picture in batch]
    rows = np.stack([picture.vectors["sscd"] for picture in pictures])
    assert rows.shape == (len(specimen.documents()), FEATURE_LENGTH)
    books = {picture.book for picture in pictures}
    book_sources = LabelledPictures(client, specimen.settings.alias).book_sources({*books, "no such book"})
    assert book_sources.keys() == books
    assert all("specimen/books" in source for source in book_sources.values())
    assert classifier.quality is not None
    assert sum(values.pictures for values in classifier.quality.classes.values()) == len(trained_labels)
    assert classifier.quality.sources == {}, "books in folders belong to no known library"
    for position in (0, len(pictures) // 2):
        [encoded_features] = encode_for_classifier(sscd, [specimen.open_crop(dict(pictures[position].source))])
        assert np.argmin(np.abs(rows - encoded_features).sum(axis=1)) == position
    hits = client.search(index=specimen.settings.alias, size=1000)["hits"]["hits"]
    assert not [hit["_id"] for hit in hits if hit["_source"].get("features")]


def read_batches(client: Elasticsearch, alias: str) -> Iterator[list[IndexedPicture]]:
    return LabelledPictures(client, alias).batches({"match_all": {}}, feature_fields(["sscd"]))


def test_features_are_read_back_unchanged_after_labelling(client: Elasticsearch, index_name: str) -> None:
    """All 256 byte values survive, also after an update of the picture."""
    feature_row = np.resize(np.arange(-128, 128, dtype=np.int8), FEATURE_LENGTH)
    document = twelve_pictures.picture_document(6, [twelve_pictures.ColourGridEncoder()])
    index = Collection.open_or_create(client, index_name, [twelve_pictures.ColourGridEncoder()]).pictures
    assert not any(
        index.write([document.with_vectors(document.vectors, {"sscd": feature_row})], twelve_pictures.INDEXED_AT)
    )
    for _ in range(2):
        index.refresh()
        [[stored]] = read_batches(client, index_name)
        assert stored.vectors["sscd"].tolist() == feature_row.tolist()
        assert LabelledPictures(client, index_name).update([(stored, {"label": {"name": "Map"}})]) == 1


def test_error_for_an_index_without_features_advises_a_rebuild(
    client: Elasticsearch, classify_command: ClassifyCommand, tmp_path: Path
) -> None:
    label_table = write_label_table(tmp_path, true_labels(classify_command))
    pictures = Collection.open_existing(client, classify_command.alias).pictures.name
    meta = client.indices.get_mapping(index=pictures)[pictures]["mappings"]["_meta"]
    del meta["models"]["sscd"]["features"]
    client.indices.put_mapping(index=pictures, meta=meta)
    with pytest.raises(FingerprintMismatch, match=r"has features None, and installed is .*; index again"):
        Collection.open_or_create(client, classify_command.alias, [load_encoder("sscd", Settings())])
    for arguments in ((), (label_table,)):
        with pytest.raises(
            FingerprintMismatch, match="the index lacks the classifier's features of sscd: run `frontispiece index"
        ):
            classify_command.invoke("train", *arguments)


def test_interrupted_run_continues(classify_command: ClassifyCommand, trained_labels: dict[str, str]) -> None:
    """Only pictures without a label of this classifier are written."""
    classify_command.invoke("apply")
    relabelled_id, unlabelled_id, *_ = trained_labels
    classify_command.change(relabelled_id, label={"name": "Map", "model": "before"})
    classify_command.change(unlabelled_id, label=None)
    versions_before = classify_command.versions()
    assert classify_command.invoke("apply").startswith("2 pictures labelled")
    assert {id_ for id_, version in classify_command.versions().items() if version != versions_before[id_]} == {
        relabelled_id,
        unlabelled_id,
    }
    assert classify_command.labels()[relabelled_id]["name"] in CLASS_BY_TRUTH_LABEL.values()


def test_correction_survives_runs_and_is_used_in_training(
    classify_command: ClassifyCommand, trained_labels: dict[str, str], tmp_path: Path
) -> None:
    """A correction survives every run, hides a blank page, and is used by the next training."""
    classify_command.invoke("apply")
    corrected_ids = [id_ for id_, name in trained_labels.items() if name == GRAPHICAL_ELEMENT][:3]
    for picture in corrected_ids:
        classify_command.invoke("correct", picture, BLANK, "--by", "Anna")
    corrected_label = {
        name: value for name, value in classify_command.labels()[corrected_ids[0]].items() if value is not None
    }
    assert {**corrected_label, "at": ""} == {"name": BLANK, "source": "librarian", "by": "Anna", "at": ""}
    assert classify_command.hits()[corrected_ids[0]]["_source"]["hidden"] is True
    catalogued_id = next(id_ for id_ in trained_labels if id_ not in corrected_ids)
    classify_command.change(
        catalogued_id, label={"name": ILLUSTRATION, "source": "catalogue", "model": None, "confidence": None}
    )
    labels_before = classify_command.labels()
    classify_command.invoke("apply")
    assert classify_command.labels() == labels_before

    # The table still calls them ornaments; the librarian's label wins.
    assert f"trained on {len(trained_labels)} pictures" in classify_command.invoke(
        "train", str(tmp_path / "labels.csv")
    )
    assert BLANK in classify_command.invoke("show")
    classify_command.invoke("apply")
    labels_after = classify_command.labels()
    assert [labels_after[id_] for id_ in (*corrected_ids, catalogued_id)] == [
        labels_before[id_] for id_ in (*corrected_ids, catalogued_id)
    ]
    models = {label["model"] for label in labels_after.values() if label["source"] == "classifier"}
    assert len(models) == 1
    assert models.isdisjoint({label.get("model") for label in labels_before.values()})


def test_second_correction_shows_the_picture_again(
    classify_command: ClassifyCommand, trained_labels: dict[str, str]
) -> None:
    picture = next(iter(trained_labels))
    classify_command.invoke("correct", picture, BLANK, "--by", "Anna")
    assert "it was Blank page" in classify_command.invoke("correct", picture, ILLUSTRATION, "--by", "Per")
    assert classify_command.hits()[picture]["_source"]["hidden"] is False


def test_impossible_correction_is_refused(classify_command: ClassifyCommand, trained_labels: dict[str, str]) -> None:
    with pytest.raises(FrontispieceError, match="there is no picture nowhere"):
        classify_command.invoke("correct", "nowhere", BLANK, "--by", "Anna")
    with pytest.raises(FrontispieceError, match=r"no class is called 'Mpa'; the classes are .*Map"):
        classify_command.invoke("correct", next(iter(trained_labels)), "Mpa", "--by", "Anna")


def test_classifier_of_other_model_is_refused(
    client: Elasticsearch, classify_command: ClassifyCommand, trained_labels: dict[str, str], index_name: str
) -> None:
    """Its weights would be applied to vectors of another model."""
    assert trained_labels
    with twelve_pictures.temporary_collection(
        client, f"{index_name}-other", [twelve_pictures.ColourGridEncoder()]
    ) as collection:
        with pytest.raises(FingerprintMismatch, match=r"trained with sscd id .* train again"):
            classify_command.invoke("apply", "--alias", f"{index_name}-other")
        collection.refresh()
        sources = collection.pictures.get_fields([twelve_pictures.picture_id(2)], "label")
        assert sources[twelve_pictures.picture_id(2)]["label"]["name"] == "Map"


def test_pictures_outside_the_index_are_encoded(
    specimen: ServedLibrary, classify_command: ClassifyCommand, trained_labels: dict[str, str], tmp_path: Path
) -> None:
    """Labels name crops by path; a missing file is reported and left out."""
    crops = {
        hit["_source"]["image"]["crop"]: trained_labels[id_]
        for id_, hit in classify_command.hits().items()
        if id_ in trained_labels
    }
    folder = tmp_path / "elsewhere"
    labels_by_path: dict[str, str] = {}
    for number, (crop, label) in enumerate(sorted(crops.items())[:12]):
        path = folder / "kept" / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((specimen.settings.crops_folder / crop).read_bytes())
        labels_by_path[f"images/kept/{number}.jpg"] = label
    label_table = write_label_table(tmp_path, {**labels_by_path, "gone.jpg": ILLUSTRATION}, id_column="path")
    output = classify_command.invoke(
        "train", label_table, "--images", str(folder), "--out", str(tmp_path / "other.npz")
    )
    assert "trained on 12 pictures" in output
    assert (tmp_path / "other.npz").is_file()


def test_zero_shot_guesses_are_written_once_beside_labels(
    client: Elasticsearch,
    classify_command: ClassifyCommand,
    index_name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A tiny CLIP guesses a class for all twelve pictures; other prompts replace the guesses."""
    torch.manual_seed(20)
    write_clip(tmp_path / "weights" / "clip")
    monkeypatch.setenv("FRONTISPIECE_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("FRONTISPIECE_DEVICE", "cpu")
    clip = load_encoder("clip", Settings.from_environ())
    alias = f"{index_name}-words"
    prompts = tmp_path / "prompts.json"
    prompts.write_text('{"ship": ["a ship"], "hat": ["a hat", "hats"]}')
    arguments = ("zero-shot", "--model", "clip", "--alias", alias, "--prompts", str(prompts))
    with twelve_pictures.temporary_collection(client, alias, [clip]) as collection:
        assert classify_command.invoke(*arguments) == "guessed the class of 12 pictures\n"
        ids = [twelve_pictures.picture_id(number) for number in range(12)]
        sources = collection.pictures.get_fields(ids, "zero_shot", "label")
        assert {source["zero_shot"]["name"] for source in sources.values()} <= {"ship", "hat"}
        assert all(0.5 <= source["zero_shot"]["confidence"] <= 1 for source in sources.values())
        assert sources[ids[2]]["label"] == {"name": "Map", "source": "catalogue"}
        assert classify_command.invoke(*arguments) == "guessed the class of 0 pictures\n"
        prompts.write_text('{"ship": ["a ship"], "hat": ["shat"]}')
        assert classify_command.invoke(*arguments) == "guessed the class of 12 pictures\n"
        with pytest.raises(FrontispieceError, match="no vectors of siglip"):
            classify_command.invoke("zero-shot", "--alias", alias)
