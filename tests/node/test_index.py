"""Writing to a real node: versions, aliases, model fingerprints and refusals."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from elasticsearch import Elasticsearch
from PIL.Image import Image

from core.encoders.protocols import Vectors
from core.errors import FingerprintMismatch, FrontispieceError, IncompatibleIndex
from core.geometry import PixelBox
from core.settings import Settings
from indexer.documents.hybrid import HybridDocument
from indexer.documents.pictures import LIBRARIAN, Picture
from indexer.documents.stored import Correction, StoredVersion
from indexer.elasticsearch.client import connect, translate_errors
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.index import BulkIndex
from indexer.elasticsearch.mappings import INDEX_KINDS, IndexKind, index_alias, index_body
from indexer.elasticsearch.rebuilding import open_rebuild
from indexer.records import Book, GraphicalElement, Leaf

BOOKS_META = index_body("books")["mappings"]["_meta"]

INDEXED_AT = "2026-11-24T10:00:00+00:00"


class MeanGreyEncoder:
    """Encodes a picture as 8 × 8 grey levels, repeated to 512 numbers."""

    name, model, revision, preprocessing, dimensions = "sscd", "tests/mean", "1", "8 x 8 greys", 512

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        rows = [np.resize(np.asarray(image.convert("L").resize((8, 8)), np.float32) + 1, 512) for image in images]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


class RetrainedMeanEncoder(MeanGreyEncoder):
    revision = "2"


class FakeSiglipEncoder(MeanGreyEncoder):
    name, dimensions = "siglip", 768

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        rows = super().encode_images(images)
        return (np.pad(rows, ((0, 0), (0, 256)))).astype(np.float32)


def picture_document(number: int, book: str = "b") -> HybridDocument:
    picture = Picture(
        book=Book(id=book, title="Fyr"),
        leaf=Leaf(id=f"{book}_{number:04}", number=number),
        element=GraphicalElement(alto_id="GE1", block_type="Illustration", box=PixelBox(0, 0, 90, 90)),
        scan_width=900,
        scan_height=1400,
    )
    direction = np.zeros(512, np.float32)
    direction[number] = 1
    return HybridDocument.from_picture(picture, "scan").with_vectors({"sscd": direction})


def write_documents(index: BulkIndex, *documents: HybridDocument) -> list[str]:
    """Write the documents; return the reasons of the rejected ones."""
    reasons = [failure.reason for failure in index.write(documents, INDEXED_AT) if failure]
    index.refresh()
    return reasons


def version_names(alias: str, number: int) -> set[str]:
    return {f"{index_alias(alias, kind)}-v{number}" for kind in INDEX_KINDS}


def test_the_first_indices_are_v1_behind_their_aliases(client: Elasticsearch, index_name: str) -> None:
    names = {index.name for index in Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).all_indices()}
    assert names == version_names(index_name, 1)
    assert {
        index.name for index in Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).all_indices()
    } == names
    for kind in INDEX_KINDS:
        assert list(client.indices.get_alias(name=index_alias(index_name, kind))) == [
            f"{index_alias(index_name, kind)}-v1"
        ]


def test_writing_a_document_twice_replaces_it(client: Elasticsearch, index_name: str) -> None:
    index = Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures
    assert write_documents(index, picture_document(1), picture_document(2)) == []
    assert write_documents(index, picture_document(1), picture_document(2)) == []
    assert index.count() == 2


@pytest.mark.parametrize(
    ("bad_document", "reason"),
    [
        (picture_document(3).with_vectors({"sscd": np.ones(512, np.float32)}), "unit"),
        (picture_document(3).with_vectors({"sscd": np.ones(3, np.float32)}), "dimensions"),
        (replace(picture_document(3), source={**picture_document(3).source, "colour": "red"}), "colour"),
    ],
    ids=["not of unit length", "another model's dimensions", "a field that the mapping does not know"],
)
def test_rejected_document_is_reported_and_the_others_are_written(
    client: Elasticsearch, index_name: str, bad_document: HybridDocument, reason: str
) -> None:
    index = Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures
    [failure_reason] = write_documents(index, picture_document(1), bad_document, picture_document(2))
    assert reason in failure_reason
    assert index.count() == 2


def test_model_with_other_weights_is_refused(client: Elasticsearch, index_name: str) -> None:
    Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    with pytest.raises(FingerprintMismatch, match="revision"):
        Collection.open_or_create(client, index_name, [RetrainedMeanEncoder()])


def test_additional_model_is_registered_and_missing_model_is_refused(client: Elasticsearch, index_name: str) -> None:
    """Documents that are written again without one of their vectors would lose it silently."""
    Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    index = Collection.open_or_create(client, index_name, [MeanGreyEncoder(), FakeSiglipEncoder()]).pictures
    meta = client.indices.get_mapping(index=index.name)[index.name]["mappings"]["_meta"]
    assert set(meta["models"]) == {"sscd", "siglip"}
    with pytest.raises(FingerprintMismatch, match="siglip"):
        Collection.open_or_create(client, index_name, [MeanGreyEncoder()])


def test_index_of_another_program_is_refused(client: Elasticsearch, index_name: str) -> None:
    client.indices.create(index=f"{index_name}-theirs", aliases={index_name: {}})
    with pytest.raises(IncompatibleIndex, match="not made by Frontispiece"):
        Collection.open_or_create(client, index_name, [MeanGreyEncoder()])


@pytest.mark.parametrize("kind", INDEX_KINDS)
def test_error_for_an_older_mapping_advises_a_rebuild(client: Elasticsearch, index_name: str, kind: IndexKind) -> None:
    Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    client.indices.put_mapping(
        index=f"{index_alias(index_name, kind)}-v1", meta={**BOOKS_META, "kind": kind, "version": 0}
    )
    with pytest.raises(IncompatibleIndex, match=r"version 0 of the mapping.*--rebuild"):
        Collection.open_or_create(client, index_name, [MeanGreyEncoder()])


def test_error_for_the_first_mapping_advises_a_rebuild(client: Elasticsearch, index_name: str) -> None:
    client.indices.create(
        index=f"{index_name}-v1", aliases={index_name: {}}, mappings={"_meta": {**BOOKS_META, "version": 1}}
    )
    with pytest.raises(IncompatibleIndex, match=r"version 1 of the mapping.*--rebuild"):
        Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    assert list(client.indices.get(index=f"{index_name}*")) == [f"{index_name}-v1"], "and nothing was made beside it"
    with open_rebuild(client, index_name, [MeanGreyEncoder()]) as collection:
        write_documents(collection.pictures, picture_document(1))
    assert f"{index_name}-v1" not in client.indices.get(index=f"{index_name}*")


def test_alias_of_another_collections_pages_is_refused(client: Elasticsearch, index_name: str) -> None:
    Collection.open_or_create(client, index_name, [MeanGreyEncoder()])
    with pytest.raises(IncompatibleIndex, match="contains pages, not pictures"):
        Collection.open_or_create(client, f"{index_name}-pages", [MeanGreyEncoder()])


def test_rebuild_does_not_delete_an_index_of_another_program(client: Elasticsearch, index_name: str) -> None:
    client.indices.create(index=f"{index_name}-theirs", aliases={index_name: {}})
    with (
        pytest.raises(IncompatibleIndex, match="not made by Frontispiece"),
        open_rebuild(client, index_name, [MeanGreyEncoder()]),
    ):
        pass
    assert list(client.indices.get(index=f"{index_name}*")) == [f"{index_name}-theirs"]


def test_rebuild_keeps_labels_of_librarians_but_not_of_classifiers(client: Elasticsearch, index_name: str) -> None:
    pictures = Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures
    librarian_label = {"name": "map", "source": LIBRARIAN, "by": "kari", "at": INDEXED_AT}
    corrected_document, guessed_document = (
        picture_document(1).with_correction(Correction(label=librarian_label)),
        picture_document(2).with_fields({"label": {"name": "map", "source": "siglip"}}),
    )
    assert write_documents(pictures, corrected_document, guessed_document) == []
    ids = [corrected_document.id, guessed_document.id, "not there"]
    assert Collection.open_existing(client, index_name).corrections(ids) == {
        corrected_document.id: Correction(label=librarian_label)
    }
    with open_rebuild(client, index_name, [MeanGreyEncoder()]) as collection:
        assert collection.corrections(ids) == {corrected_document.id: Correction(label=librarian_label)}


def test_an_alias_of_several_indices_is_refused(client: Elasticsearch, index_name: str) -> None:
    for number in (1, 2):
        client.indices.create(index=f"{index_name}-v{number}", aliases={index_name: {}})
    with pytest.raises(IncompatibleIndex, match="several indices"):
        Collection.open_or_create(client, index_name, [MeanGreyEncoder()])


def test_version_numbers_of_indices_are_sorted_as_numbers(client: Elasticsearch, index_name: str) -> None:
    for version in ("v9", "v10", "v11-kept"):
        client.indices.create(index=f"{index_name}-{version}")
    assert Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures.name == f"{index_name}-v11"


def test_rebuild_moves_the_alias_when_it_is_complete(client: Elasticsearch, index_name: str) -> None:
    write_documents(Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures, picture_document(1))
    with open_rebuild(client, index_name, [RetrainedMeanEncoder()]) as collection:
        write_documents(collection.pictures, picture_document(2))
        assert client.count(index=index_name)["count"] == 1, "readers still see the old one"
    assert set(client.indices.get(index=f"{index_name}*")) == version_names(index_name, 2)
    assert client.exists(index=index_name, id=picture_document(2).id)


def test_rebuild_drops_a_model_only_with_permission(client: Elasticsearch, index_name: str) -> None:
    """Otherwise a rebuild while the hub is unreachable would lose the vectors of its models."""
    Collection.open_or_create(client, index_name, [MeanGreyEncoder(), FakeSiglipEncoder()])
    with (
        pytest.raises(FingerprintMismatch, match="siglip"),
        open_rebuild(client, index_name, [MeanGreyEncoder()]),
    ):
        pass
    with open_rebuild(client, index_name, [MeanGreyEncoder()], allow_dropped_models=True) as collection:
        write_documents(collection.pictures, picture_document(1))
    assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v2"]


def test_failed_rebuild_leaves_the_old_index(client: Elasticsearch, index_name: str) -> None:
    write_documents(Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures, picture_document(1))

    def fail() -> None:
        with open_rebuild(client, index_name, [MeanGreyEncoder()]):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert set(client.indices.get(index=f"{index_name}*")) == version_names(index_name, 1)
    assert client.count(index=index_name)["count"] == 1


def test_stale_documents_of_a_book_are_deleted_and_other_books_stay(client: Elasticsearch, index_name: str) -> None:
    index = Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures
    write_documents(index, picture_document(1), picture_document(2), picture_document(3, book="other"))
    [removed_document] = index.delete_stale("b", keep_ids={picture_document(1).id})
    assert removed_document.crop_files[0] == picture_document(2).source["image"]["crop"]
    index.refresh()
    assert index.count() == 2


def test_page_that_moved_to_another_book_is_not_deleted(client: Elasticsearch, index_name: str) -> None:
    """This also holds before a refresh makes the new page visible to searches."""
    index = Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures
    client.indices.put_settings(index=index.name, settings={"refresh_interval": "-1"})
    moved_document = picture_document(1)
    write_documents(index, moved_document)
    list(index.write([replace(moved_document, source={**moved_document.source, "book_id": "other"})], INDEXED_AT))
    assert index.delete_stale("b", keep_ids=set(), refresh=False) == []
    assert client.get(index=index.name, id=moved_document.id)["_source"]["book_id"] == "other"


def test_fingerprints_are_those_of_existing_documents(client: Elasticsearch, index_name: str) -> None:
    index = Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures
    written_document = picture_document(1)
    write_documents(index, written_document)
    version = StoredVersion(written_document.fingerprint, str(written_document.source["book_id"]))
    assert index.versions([written_document.id, "not there"]) == {written_document.id: version}


@pytest.mark.parametrize("client_call", [lambda client: client.info(), lambda client: client.count(index="x")])
def test_unreachable_node_gives_an_error_sentence(client_call: Callable[[Elasticsearch], object]) -> None:
    url = "http://127.0.0.1:9"
    with (
        connect(Settings(), url) as client,
        pytest.raises(FrontispieceError, match="does not answer"),
        translate_errors(url),
    ):
        client_call(client.options(max_retries=0))
