"""Writing to a real node: versions, the alias, the models' contract, and what is refused."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from elasticsearch import Elasticsearch
from PIL.Image import Image

from core.encoders.protocols import Vectors
from core.errors import ContractBroken, FrontispieceError
from core.geometry import PixelBox
from core.settings import Settings
from indexer.documents.hybrid import HybridDocument
from indexer.documents.pictures import LIBRARIAN, Picture
from indexer.elasticsearch.collection import Indices
from indexer.elasticsearch.index import Index, connect, explained
from indexer.elasticsearch.mappings import KINDS, Kind, alias_of, mapping
from indexer.records import Book, GraphicalElement, Leaf

META = mapping("books")["mappings"]["_meta"]

NOW = "2026-11-24T10:00:00+00:00"


class Mean:
    """The smallest real encoder: a picture's mean colours, in 512 numbers."""

    name, model, revision, preprocessing, dimensions = "sscd", "tests/mean", "1", "8 x 8 greys", 512

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        rows = [np.resize(np.asarray(image.convert("L").resize((8, 8)), np.float32) + 1, 512) for image in images]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


class OtherWeights(Mean):
    revision = "2"


class Siglip(Mean):
    name, dimensions = "siglip", 768

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        rows = super().encode_images(images)
        return (np.pad(rows, ((0, 0), (0, 256)))).astype(np.float32)


def document(number: int, book: str = "b") -> HybridDocument:
    picture = Picture(
        book=Book(id=book, title="Fyr"),
        leaf=Leaf(id=f"{book}_{number:04}", number=number),
        element=GraphicalElement(alto_id="GE1", kind="Illustration", box=PixelBox(0, 0, 90, 90)),
        scan_width=900,
        scan_height=1400,
    )
    direction = np.zeros(512, np.float32)
    direction[number] = 1
    return HybridDocument.of(picture, "scan").with_vectors({"sscd": direction})


def write(index: Index, *documents: HybridDocument) -> list[str]:
    """Reasons of what was refused."""
    refused = [each.reason for each in index.write(documents, NOW) if each]
    index.refresh()
    return refused


def versions(alias: str, number: int) -> set[str]:
    return {f"{alias_of(alias, kind)}-v{number}" for kind in KINDS}


def test_the_first_indices_are_v1_behind_their_aliases(client: Elasticsearch, index_name: str) -> None:
    names = {index.name for index in Indices.current(client, index_name, [Mean()]).all()}
    assert names == versions(index_name, 1)
    assert {index.name for index in Indices.current(client, index_name, [Mean()]).all()} == names
    for kind in KINDS:
        assert list(client.indices.get_alias(name=alias_of(index_name, kind))) == [f"{alias_of(index_name, kind)}-v1"]


def test_writing_twice_replaces_and_never_doubles(client: Elasticsearch, index_name: str) -> None:
    index = Indices.current(client, index_name, [Mean()]).pictures
    assert write(index, document(1), document(2)) == []
    assert write(index, document(1), document(2)) == []
    assert index.count() == 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (document(3).with_vectors({"sscd": np.ones(512, np.float32)}), "unit"),
        (document(3).with_vectors({"sscd": np.ones(3, np.float32)}), "dimensions"),
        (replace(document(3), source={**document(3).source, "colour": "red"}), "colour"),
    ],
    ids=["not of unit length", "another model's dimensions", "a field that the mapping does not know"],
)
def test_a_refused_document_is_named_with_its_reason_and_the_rest_is_in(
    client: Elasticsearch, index_name: str, bad: HybridDocument, reason: str
) -> None:
    index = Indices.current(client, index_name, [Mean()]).pictures
    [refused] = write(index, document(1), bad, document(2))
    assert reason in refused
    assert index.count() == 2


def test_other_weights_are_refused_before_anything_is_written(client: Elasticsearch, index_name: str) -> None:
    Indices.current(client, index_name, [Mean()])
    with pytest.raises(ContractBroken, match="revision"):
        Indices.current(client, index_name, [OtherWeights()])


def test_a_model_more_is_written_down_and_a_model_less_is_refused(client: Elasticsearch, index_name: str) -> None:
    """Documents that are written again without one of their vectors would lose it silently."""
    Indices.current(client, index_name, [Mean()])
    index = Indices.current(client, index_name, [Mean(), Siglip()]).pictures
    meta = client.indices.get_mapping(index=index.name)[index.name]["mappings"]["_meta"]
    assert set(meta["models"]) == {"sscd", "siglip"}
    with pytest.raises(ContractBroken, match="siglip"):
        Indices.current(client, index_name, [Mean()])


def test_an_index_of_somebody_else_is_never_touched(client: Elasticsearch, index_name: str) -> None:
    client.indices.create(index=f"{index_name}-theirs", aliases={index_name: {}})
    with pytest.raises(ContractBroken, match="not made by Frontispiece"):
        Indices.current(client, index_name, [Mean()])


@pytest.mark.parametrize("kind", KINDS)
def test_an_older_mapping_of_any_of_the_three_asks_for_a_rebuild(
    client: Elasticsearch, index_name: str, kind: Kind
) -> None:
    Indices.current(client, index_name, [Mean()])
    client.indices.put_mapping(index=f"{alias_of(index_name, kind)}-v1", meta={**META, "kind": kind, "version": 0})
    with pytest.raises(ContractBroken, match=r"version 0 of the mapping.*--rebuild"):
        Indices.current(client, index_name, [Mean()])


def test_the_first_version_of_the_mapping_had_pictures_alone_and_asks_for_a_rebuild(
    client: Elasticsearch, index_name: str
) -> None:
    client.indices.create(
        index=f"{index_name}-v1", aliases={index_name: {}}, mappings={"_meta": {**META, "version": 1}}
    )
    with pytest.raises(ContractBroken, match=r"version 1 of the mapping.*--rebuild"):
        Indices.current(client, index_name, [Mean()])
    assert list(client.indices.get(index=f"{index_name}*")) == [f"{index_name}-v1"], "and nothing was made beside it"
    with Indices.rebuilt(client, index_name, [Mean()]) as indices:
        write(indices.pictures, document(1))
    assert f"{index_name}-v1" not in client.indices.get(index=f"{index_name}*")


def test_an_alias_that_another_collection_has_for_its_pages_is_refused(client: Elasticsearch, index_name: str) -> None:
    Indices.current(client, index_name, [Mean()])
    with pytest.raises(ContractBroken, match="has pages and not pictures"):
        Indices.current(client, f"{index_name}-pages", [Mean()])


def test_a_rebuild_never_deletes_an_index_of_somebody_else(client: Elasticsearch, index_name: str) -> None:
    client.indices.create(index=f"{index_name}-theirs", aliases={index_name: {}})
    with pytest.raises(ContractBroken, match="not made by Frontispiece"), Indices.rebuilt(client, index_name, [Mean()]):
        pass
    assert list(client.indices.get(index=f"{index_name}*")) == [f"{index_name}-theirs"]


def test_a_persons_label_outlives_a_rebuild_and_a_models_does_not(client: Elasticsearch, index_name: str) -> None:
    pictures = Indices.current(client, index_name, [Mean()]).pictures
    person = {"name": "map", "source": LIBRARIAN, "by": "kari", "at": NOW}
    corrected, guessed = document(1).labelled(person), document(2).labelled({"name": "map", "source": "siglip"})
    assert write(pictures, corrected, guessed) == []
    ids = [corrected.id, guessed.id, "not there"]
    assert Indices.existing(client, index_name).corrections(ids) == {corrected.id: {"label": person}}
    with Indices.rebuilt(client, index_name, [Mean()]) as indices:
        assert indices.corrections(ids) == {corrected.id: {"label": person}}


def test_an_alias_of_several_indices_is_refused(client: Elasticsearch, index_name: str) -> None:
    for number in (1, 2):
        client.indices.create(index=f"{index_name}-v{number}", aliases={index_name: {}})
    with pytest.raises(ContractBroken, match="several indices"):
        Indices.current(client, index_name, [Mean()])


def test_version_ten_comes_after_nine_and_what_is_no_version_does_not_count(
    client: Elasticsearch, index_name: str
) -> None:
    for version in ("v9", "v10", "v11-kept"):
        client.indices.create(index=f"{index_name}-{version}")
    assert Indices.current(client, index_name, [Mean()]).pictures.name == f"{index_name}-v11"


def test_a_rebuild_moves_the_alias_when_it_is_whole(client: Elasticsearch, index_name: str) -> None:
    write(Indices.current(client, index_name, [Mean()]).pictures, document(1))
    with Indices.rebuilt(client, index_name, [OtherWeights()]) as indices:
        write(indices.pictures, document(2))
        assert client.count(index=index_name)["count"] == 1, "readers still see the old one"
    assert set(client.indices.get(index=f"{index_name}*")) == versions(index_name, 2)
    assert client.exists(index=index_name, id=document(2).id)


def test_a_rebuild_drops_a_model_only_where_that_is_meant(client: Elasticsearch, index_name: str) -> None:
    """Where the hub does not answer one day, a rebuild would lose its models' vectors."""
    Indices.current(client, index_name, [Mean(), Siglip()])
    with pytest.raises(ContractBroken, match="siglip"), Indices.rebuilt(client, index_name, [Mean()]):
        pass
    with Indices.rebuilt(client, index_name, [Mean()], may_drop=True) as indices:
        write(indices.pictures, document(1))
    assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v2"]


def test_a_rebuild_that_fails_leaves_what_was(client: Elasticsearch, index_name: str) -> None:
    write(Indices.current(client, index_name, [Mean()]).pictures, document(1))

    def fail() -> None:
        with Indices.rebuilt(client, index_name, [Mean()]):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert set(client.indices.get(index=f"{index_name}*")) == versions(index_name, 1)
    assert client.count(index=index_name)["count"] == 1


def test_what_a_book_no_longer_has_is_removed_and_other_books_stay(client: Elasticsearch, index_name: str) -> None:
    index = Indices.current(client, index_name, [Mean()]).pictures
    write(index, document(1), document(2), document(3, book="other"))
    [removed] = index.remove_others("b", keep={document(1).id})
    assert removed["image"]["crop"] == document(2).source["image"]["crop"]
    index.refresh()
    assert index.count() == 2


def test_a_page_that_moved_to_another_book_is_not_removed_with_its_old_one(
    client: Elasticsearch, index_name: str
) -> None:
    """Even where the search does not see yet that it was written anew."""
    index = Indices.current(client, index_name, [Mean()]).pictures
    client.indices.put_settings(index=index.name, settings={"refresh_interval": "-1"})
    one = document(1)
    write(index, one)
    list(index.write([replace(one, source={**one.source, "book_id": "other"})], NOW))
    assert index.remove_others("b", keep=set(), refresh=False) == []
    assert client.get(index=index.name, id=one.id)["_source"]["book_id"] == "other"


def test_fingerprints_tell_what_is_there(client: Elasticsearch, index_name: str) -> None:
    index = Indices.current(client, index_name, [Mean()]).pictures
    one = document(1)
    write(index, one)
    assert index.fingerprints([one.id, "not there"]) == {one.id: one.fingerprint}


@pytest.mark.parametrize("work", [lambda client: client.info(), lambda client: client.count(index="x")])
def test_no_node_is_a_sentence(work: Callable[[Elasticsearch], object]) -> None:
    url = "http://127.0.0.1:9"
    with connect(Settings(), url) as client, pytest.raises(FrontispieceError, match="does not answer"), explained(url):
        work(client.options(max_retries=0))
