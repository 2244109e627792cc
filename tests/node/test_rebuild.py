"""A rebuild that was stopped or killed goes on where it was; the end is that of an undisturbed one."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from PIL import Image

from core.encoders.fingerprint import canary_image
from core.encoders.protocols import Vectors
from core.errors import FingerprintMismatch, FrontispieceError, IncompatibleIndex
from core.settings import Settings
from indexer.documents.pictures import LIBRARIAN
from indexer.documents.stored import Correction
from indexer.elasticsearch import index as bulk_index
from indexer.elasticsearch import lease, patient_transport
from indexer.elasticsearch.collection import Collection
from indexer.elasticsearch.index import BulkIndex
from indexer.elasticsearch.labelled_pictures import LabelledPictures
from indexer.elasticsearch.rebuilding import open_rebuild, open_unfinished_rebuild, unfinished_rebuild
from indexer.images.crops import Cropper
from indexer.ingest.run import index_sources
from tests.node.conftest import TWO_ENCODERS, RunIndex
from tests.node.tcp_proxy import TcpProxy
from tests.node.test_index import (
    INDEXED_AT,
    FakeSiglipEncoder,
    MeanGreyEncoder,
    RetrainedMeanEncoder,
    picture_document,
    version_names,
    write_documents,
)
from tests.paths import ROOT, SPECIMEN

KILLED_REBUILD = """
import os, signal, sys
from core.settings import Settings
from indexer.elasticsearch import lease
from indexer.images.crops import Cropper
from indexer.ingest import run
from tests.node.test_index import MeanGreyEncoder
from tests.node.test_rebuild import RetrainedSiglipEncoder

class FatalEncoder(RetrainedSiglipEncoder):
    batches = 0
    def encode_images(self, images):
        FatalEncoder.batches += len(images) > 1  # a canary is encoded alone
        if FatalEncoder.batches == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode_images(images)

url, alias, data, book = sys.argv[1:]
lease.LEASE_SECONDS = 1.0
run.load_encoders = lambda *_, **__: [MeanGreyEncoder(), FatalEncoder()]
run.load_meaning_encoder = lambda *_, **__: None
run.index_sources(Settings(alias=alias, data=data, batch_size=4, cache=data), url, [book], rebuild=True)
"""


class RetrainedSiglipEncoder(FakeSiglipEncoder):
    revision = "2"


class CountingGreyEncoder(MeanGreyEncoder):
    """Counts the pictures that it encodes, except the canary, which is encoded alone."""

    count = 0

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        self.count += len(images) if len(images) > 1 or images[0].size != canary_image().size else 0
        return super().encode_images(images)


class RetrainedCountingEncoder(CountingGreyEncoder):
    revision = "2"


@pytest.fixture
def kill_rebuild(node_url: str, index_name: str, book: Path) -> Callable[[], None]:
    """Return a function that begins to rebuild the same book and is killed in the middle."""
    arguments = [sys.executable, "-c", KILLED_REBUILD, node_url, index_name, str(book.parent), str(book)]

    def kill_rebuild() -> None:
        assert subprocess.run(arguments, cwd=ROOT, check=False).returncode == -signal.SIGKILL

    return kill_rebuild


def all_documents(client: Elasticsearch, alias: str) -> dict[str, Any]:
    """Return every document of the three indices with its vectors, without the time at which it was written."""
    documents: dict[str, Any] = {}
    for name in (alias, f"{alias}-pages", f"{alias}-books"):
        client.indices.refresh(index=name)
        query = {"_source": {"excludes": ["indexed_at"]}, "fields": ["vectors.*"]}
        for hit in scan(client, index=name, query=query):
            documents[f"{name.removeprefix(alias)} {hit['_id']}"] = hit["_source"], hit.get("fields")
    return documents


def test_killed_rebuild_continues_and_ends_like_an_undisturbed_one(
    client: Elasticsearch, index_name: str, run_index: RunIndex, kill_rebuild: Callable[[], None], warnings: list[str]
) -> None:
    new_encoders = (MeanGreyEncoder(), RetrainedSiglipEncoder())
    picture_count = run_index(*new_encoders, alias=f"{index_name}-undisturbed").written
    run_index()
    kill_rebuild()
    assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v1"], "readers keep the old index"
    report = run_index(*new_encoders, rebuild=True)
    assert "has given no sign of life" in warnings[-2]
    assert "continuing the rebuild that began at 20" in warnings[-1]
    assert 0 < report.unchanged < picture_count == report.unchanged + report.written
    assert all_documents(client, index_name) == all_documents(client, f"{index_name}-undisturbed")
    assert set(client.indices.get(index=f"{index_name}-v*,{index_name}-pages*,{index_name}-books*")) == (
        version_names(index_name, 2)
    )


def test_rebuild_continues_after_the_node_was_away(
    client: Elasticsearch, node_url: str, index_name: str, run_index: RunIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 1.0)
    monkeypatch.setattr(patient_transport, "RECOVERY_PAUSES", (0.01,))
    node_proxy = TcpProxy(node_url)

    class DisconnectingEncoder(CountingGreyEncoder):
        def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
            vectors = super().encode_images(images)
            if self.count > 8:
                node_proxy.close()
            return vectors

    with pytest.raises(FrontispieceError, match="does not answer"):
        run_index(DisconnectingEncoder(), url=node_proxy.url, rebuild=True)
    report = run_index(MeanGreyEncoder(), rebuild=True)
    assert report.unchanged in (4, 8), "the second batch is written while the third is encoded"
    assert report.reused == 0
    run_index(MeanGreyEncoder(), alias=f"{index_name}-undisturbed")
    assert all_documents(client, index_name) == all_documents(client, f"{index_name}-undisturbed")


def test_run_outlasts_the_restart_of_the_node(
    client: Elasticsearch, node_url: str, index_name: str, run_index: RunIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_transport, "RECOVERY_PAUSES", (0.2,) * 100)
    node_proxy = TcpProxy(node_url)

    class RestartingEncoder(CountingGreyEncoder):
        def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
            vectors = super().encode_images(images)
            if self.count == 8:
                node_proxy.close()
                threading.Timer(1.0, node_proxy.open).start()
            return vectors

    picture_count = run_index(MeanGreyEncoder(), alias=f"{index_name}-undisturbed").written
    assert run_index(RestartingEncoder(), url=node_proxy.url, rebuild=True).written == picture_count
    node_proxy.close()
    assert all_documents(client, index_name) == all_documents(client, f"{index_name}-undisturbed")


def test_documents_that_cannot_be_read_are_not_taken_for_missing(
    client: Elasticsearch, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that has just started has no shards yet; a run that went on would lose the librarians' labels."""
    monkeypatch.setattr(bulk_index, "RECOVERY_PAUSES", (0.01,))
    nowhere = {"index.routing.allocation.require._name": "nowhere"}
    client.indices.create(index=index_name, settings=nowhere, wait_for_active_shards="0")
    with pytest.raises(FrontispieceError, match=f"cannot read {index_name} at the moment"):
        BulkIndex(client, index_name, index_name).get_fields(["a"], "label")
    assert BulkIndex(client, f"{index_name}-none", "").get_fields(["a"], "label") == {}


def test_rebuild_that_misses_a_source_is_left_to_the_user(
    *, client: Elasticsearch, node_url: str, index_name: str, run_index: RunIndex, book: Path, warnings: list[str]
) -> None:
    companion = Path(shutil.copytree(SPECIMEN / "companion-1843", book.parent / "b" / "companion-1843"))
    unmounted = book.parent / "unmounted"
    settings = Settings(alias=index_name, data=book.parent, cache=book.parent, batch_size=4)
    run_index(alias=f"{index_name}-other")  # its models are those of the runs below

    def rebuild(*folders: Path) -> int:
        report = index_sources(settings, node_url, list(map(str, folders)), rebuild=True, warn=warnings.append)
        client.indices.refresh(index=f"{index_name}-books")
        assert client.count(index=f"{index_name}-books")["count"] == report.books
        return report.books

    assert rebuild(book, companion.parent) == 2
    companion.rename(unmounted)
    for _ in ("a folder without books", "a folder that is not there"):
        with pytest.raises(FrontispieceError, match=rf"{companion.parent}.* missing.* 1 \(urn:example:.*companion"):
            rebuild(book, companion.parent)
        assert client.count(index=f"{index_name}-books")["count"] == 2, "readers keep the old index"
        waiting = unfinished_rebuild(client, index_name)
        assert waiting
        assert waiting.is_complete, "`frontispiece switch` gives it to readers"
        if companion.parent.exists():
            companion.parent.rmdir()
    companion.parent.mkdir()
    unmounted.rename(companion)
    assert rebuild(book, companion.parent) == 2, "the same command continues"
    assert rebuild(book) == 1, "a rebuild over fewer folders drops the books of the others"
    assert re.search(r"lacks books of the old one: 1 \(urn:example:.*companion.*\)$", warnings[-1]), "and says so"


def test_rebuild_that_misses_a_scan_is_left_to_the_user(
    client: Elasticsearch, index_name: str, run_index: RunIndex, book: Path
) -> None:
    """New weights read every scan again, and one is on a disk that is away: readers keep its pictures."""
    picture_count = run_index(MeanGreyEncoder()).written
    [picture] = client.search(index=index_name, size=1)["hits"]["hits"]
    scan = sorted(book.rglob("*.jpg"))[picture["_source"]["page"] - 1]
    away = scan.rename(book.parent / scan.name)
    shutil.rmtree(book.parent / "crops")
    with pytest.raises(FrontispieceError, match=r"or have fewer pictures there: 1 \(.*Readers keep the old index"):
        run_index(RetrainedMeanEncoder(), rebuild=True)
    client.indices.refresh(index=index_name)
    assert client.count(index=index_name)["count"] == picture_count
    away.rename(scan)
    assert run_index(RetrainedMeanEncoder(), rebuild=True).problems == ()
    client.indices.refresh(index=index_name)
    assert client.count(index=index_name)["count"] == picture_count


def stop_rebuild(client: Elasticsearch, alias: str, *sources: str) -> None:
    """Leave a rebuild with one picture unfinished."""
    with (
        suppress(KeyboardInterrupt),
        open_rebuild(client, alias, [MeanGreyEncoder()], sources=sources) as collection,
    ):
        write_documents(collection.pictures, picture_document(2))
        raise KeyboardInterrupt


def test_stopped_rebuild_keeps_what_it_has_and_readers_the_old_index(
    client: Elasticsearch, index_name: str, warnings: list[str]
) -> None:
    write_documents(Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures, picture_document(1))
    stop_rebuild(client, index_name, "/b", "/a")
    assert client.exists(index=index_name, id=picture_document(1).id)
    with open_rebuild(
        client, index_name, [MeanGreyEncoder()], sources=["/a", "/b"], warn=warnings.append
    ) as collection:
        assert collection.pictures.versions([picture_document(2).id])
    assert "`--fresh` throws it away and begins again" in warnings[0]
    assert set(client.indices.get(index=f"{index_name}*")) == version_names(index_name, 2)
    assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v2"]
    assert not client.indices.exists_alias(name=f"{index_name}-next")


def test_rebuild_over_other_books_or_with_other_models_does_not_continue(
    client: Elasticsearch, index_name: str
) -> None:
    stop_rebuild(client, index_name, "/a")
    with (
        pytest.raises(IncompatibleIndex, match="was over /a: name the same to continue it; `--fresh`"),
        open_rebuild(client, index_name, [MeanGreyEncoder()], sources=["/b"]),
    ):
        pass
    for encoders, reason in (([RetrainedMeanEncoder()], "revision"), (TWO_ENCODERS, "has the models sscd")):
        with (
            pytest.raises(FingerprintMismatch, match=f"unfinished rebuild.*{reason}.*`--fresh`"),
            open_rebuild(client, index_name, encoders, sources=["/a"]),
        ):
            pass
    with open_rebuild(client, index_name, [RetrainedMeanEncoder()], sources=["/b"], fresh=True) as collection:
        assert collection.is_empty()
        write_documents(collection.pictures, picture_document(1))
    assert len(client.indices.get(index=f"{index_name}*")) == 3


def test_label_that_a_librarian_gives_during_a_rebuild_is_kept(client: Elasticsearch, index_name: str) -> None:
    pictures = Collection.open_or_create(client, index_name, [MeanGreyEncoder()]).pictures
    write_documents(pictures, picture_document(1), picture_document(2))
    label = {"name": "Blank page", "source": LIBRARIAN, "by": "kari", "at": INDEXED_AT}
    with open_rebuild(client, index_name, [MeanGreyEncoder()]) as collection:
        guess = {"label": {"name": "Map", "source": "classifier", "confidence": 0.9, "model": "m"}}
        write_documents(collection.pictures, picture_document(1).with_fields(guess))
        labelled = LabelledPictures(client, index_name)
        picture = labelled.find([picture_document(1).id], {})[picture_document(1).id]
        assert labelled.update([(picture, {"label": label, "hidden": True})]) == 1
        client.indices.refresh(index=index_name)
    rebuilt = Collection.open_existing(client, index_name)
    assert rebuilt.pictures.name == f"{index_name}-v2"
    [correction] = rebuilt.corrections([picture_document(1).id]).values()
    assert correction == Correction(label={**label, "confidence": None, "model": None}, hidden=True)


def test_unfinished_rebuild_is_open_for_removals(client: Elasticsearch, index_name: str) -> None:
    assert open_unfinished_rebuild(client, index_name) is None
    stop_rebuild(client, index_name, "/a")
    unfinished = open_unfinished_rebuild(client, index_name)
    assert unfinished
    assert len(unfinished.pictures.delete_stale("b", keep_ids=())) == 1


def test_rebuild_reads_every_vector_from_the_old_index(
    client: Elasticsearch, index_name: str, run_index: RunIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scans are not even opened: the files and the regions are those of the old index."""
    encoder = CountingGreyEncoder()
    picture_count = run_index(encoder).written
    assert encoder.count == picture_count
    documents = all_documents(client, index_name)
    monkeypatch.setattr(Cropper, "crop", lambda *_: pytest.fail("a scan is opened"))
    report = run_index(encoder, rebuild=True)
    assert (report.written, report.reused, encoder.count) == (picture_count,) * 3
    assert all_documents(client, index_name) == documents
    assert list(client.indices.get_alias(name=index_name)) == [f"{index_name}-v2"]


def test_changed_record_and_copied_scans_need_no_model(run_index: RunIndex, book: Path) -> None:
    encoder = CountingGreyEncoder()
    picture_count = run_index(encoder).written
    mets = book / "mets.xml"
    mets.write_text(mets.read_text("utf-8").replace("<mods:title>", "<mods:title>Om "), "utf-8")
    report = run_index(encoder)
    assert (report.written, report.reused, encoder.count) == (picture_count,) * 3
    for scan_file in (book / "scans").iterdir():
        os.utime(scan_file, (0, 0))
    report = run_index(encoder)
    assert (report.written, report.reused, encoder.count) == (picture_count,) * 3


def test_new_weights_encode_alone(client: Elasticsearch, index_name: str, run_index: RunIndex) -> None:
    class CountingSiglipEncoder(FakeSiglipEncoder, CountingGreyEncoder):
        pass

    retrained, unchanged = RetrainedCountingEncoder(), CountingSiglipEncoder()
    picture_count = run_index(CountingGreyEncoder(), unchanged).written
    report = run_index(retrained, unchanged, rebuild=True)
    assert (report.written, report.reused) == (picture_count, 0)
    assert (retrained.count, unchanged.count) == (picture_count, picture_count), "once each"
    vectors = [fields or {} for name, (_, fields) in all_documents(client, index_name).items() if name.startswith(" ")]
    assert len(vectors) == picture_count
    assert all(fields.keys() == {"vectors.sscd", "vectors.siglip"} for fields in vectors)
