"""The crops are lost, the index is lost, or a clock is wrong: what is lost is made again, and nothing else."""

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self
from urllib.parse import quote

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient
from PIL import Image

import core.timestamps
from api.app import create_app
from core.encoders.protocols import Vectors
from core.errors import CollectionBusy
from core.settings import Settings
from indexer.elasticsearch import lease
from indexer.elasticsearch.lease import hold_lease
from tests.node.conftest import RunIndex
from tests.node.test_index import MeanGreyEncoder
from tests.node.test_rebuild import CountingGreyEncoder, all_documents

CLOCK_ERRORS = (timedelta(hours=-1), timedelta(hours=1))


def set_clock(monkeypatch: pytest.MonkeyPatch, error: timedelta) -> None:
    """Let the calendar clock of this process be wrong from now on."""

    class WrongDatetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp((datetime.now(UTC) + error).timestamp(), tz)

    monkeypatch.setattr(core.timestamps, "datetime", WrongDatetime)


def crop_contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*.jpg")}


def test_lost_crops_are_cut_out_again_and_every_document_stays_as_it_is(
    client: Elasticsearch, index_name: str, run_index: RunIndex, book: Path
) -> None:
    """What `classify` and `families` have added since stays too, and no model is used."""
    encoder, crops_folder = CountingGreyEncoder(), book.parent / "crops"
    picture_count = run_index(encoder).written
    crops = crop_contents(crops_folder)
    for hit in client.search(index=index_name, size=100)["hits"]["hits"]:
        client.update(index=index_name, id=hit["_id"], doc={"hash": "00ff", "family": {"id": "f1", "size": 2}})
    documents = all_documents(client, index_name)
    shutil.rmtree(crops_folder)
    report = run_index(encoder)
    assert (report.unchanged, report.crops_restored, report.written) == (picture_count, picture_count, 0)
    assert encoder.count == picture_count, "once, in the first run"
    assert crop_contents(crops_folder) == crops
    assert all_documents(client, index_name) == documents
    assert run_index(encoder).crops_restored == 0


def test_service_answers_without_crops_and_shows_them_when_they_are_there_again(
    node_url: str, index_name: str, run_index: RunIndex, book: Path
) -> None:
    run_index(MeanGreyEncoder())
    settings = Settings(alias=index_name, data=book.parent, cache=book.parent, image_cache_bytes=0)
    loaders = {"sscd": MeanGreyEncoder}
    with TestClient(create_app(settings, elasticsearch_url=node_url, encoder_loaders=loaders)) as api_client:
        [hit, *_] = api_client.get("/api/search").json()["hits"]
        images = [hit["image"], f"/iiif/image/{quote(hit['id'], safe='')}/full/max/0/default.jpg"]
        assert [api_client.get(image).status_code for image in images] == [200, 200]
        shutil.rmtree(settings.crops_folder)
        for path in ("/", "/?q=fyr", f"/pictures/{hit['id']}", f"/?like={hit['id']}", f"/api/search?like={hit['id']}"):
            assert api_client.get(path).status_code == 200, path
        health = api_client.get("/health").json()
        assert (health["status"], "`frontispiece index` over your books" in health["problem"]) == ("ok", True)
        assert [api_client.get(image).status_code for image in images] == [404, 404]
        run_index(MeanGreyEncoder())
        assert not api_client.get("/health").json()["problem"]
        assert [api_client.get(image).status_code for image in images] == [200, 200]


def test_lost_index_is_filled_again_from_the_books(
    client: Elasticsearch, index_name: str, run_index: RunIndex, book: Path
) -> None:
    """The vectors were in the index, so each picture is encoded again; crops that are there are not written twice."""
    encoder = CountingGreyEncoder()
    picture_count = run_index(encoder).written
    documents, crops = all_documents(client, index_name), crop_contents(book.parent / "crops")
    client.indices.delete(index=[f"{index_name}-v1", f"{index_name}-pages-v1", f"{index_name}-books-v1"])
    report = run_index(encoder)
    assert (report.written, report.reused, encoder.count) == (picture_count, 0, 2 * picture_count)
    assert all_documents(client, index_name) == documents
    assert crop_contents(book.parent / "crops") == crops


@pytest.mark.parametrize("error", CLOCK_ERRORS, ids=["an hour behind", "an hour ahead"])
def test_lease_does_not_depend_on_clocks(
    client: Elasticsearch, index_name: str, monkeypatch: pytest.MonkeyPatch, error: timedelta
) -> None:
    """A run on a machine with a wrong clock is refused while the other lives, and takes over after it has died."""
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(lease, "POLL_SECONDS", 0.02)
    warnings: list[str] = []
    with hold_lease(client, index_name, "first", warn=pytest.fail) as first_lease:
        set_clock(monkeypatch, error)
        with pytest.raises(CollectionBusy), hold_lease(client, index_name, "second", warn=warnings.append):
            pass
        first_lease.check()
        monkeypatch.setattr(lease, "LEASE_SECONDS", 1.0)
    with hold_lease(client, index_name, "third", warn=warnings.append) as third_lease:
        third_lease._released.set()
        third_lease._thread.join()
        with hold_lease(client, index_name, "fourth", warn=warnings.append):
            pass
    assert "has given no sign of life for 1 seconds" in warnings[-1]


@pytest.mark.parametrize("error", CLOCK_ERRORS, ids=["an hour behind", "an hour ahead"])
def test_clock_that_is_set_during_a_run_changes_no_document(
    client: Elasticsearch,
    index_name: str,
    run_index: RunIndex,
    monkeypatch: pytest.MonkeyPatch,
    error: timedelta,
) -> None:
    class ClockSettingEncoder(MeanGreyEncoder):
        def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
            set_clock(monkeypatch, error)
            return super().encode_images(images)

    picture_count = run_index(ClockSettingEncoder()).written
    run_index(MeanGreyEncoder())
    report = run_index(MeanGreyEncoder(), rebuild=True)
    assert (report.written, report.reused) == (picture_count, picture_count)
    for hit in client.search(index=f"{index_name}-runs", query={"term": {"document": "run"}})["hits"]["hits"]:
        duration = datetime.fromisoformat(hit["_source"]["ended"]) - datetime.fromisoformat(hit["_source"]["started"])
        assert timedelta(0) <= duration < timedelta(minutes=30), "measured by a clock that nobody sets"
    assert run_index(MeanGreyEncoder()).unchanged == picture_count
