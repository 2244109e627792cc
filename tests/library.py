"""Two indexed libraries that tests only read: the specimen books, and real files beside the checkout."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from litestar.testing import TestClient
from PIL import Image

from api.app import create_app
from core.encoders.protocols import Features
from core.encoders.sscd import CopyEncoder
from core.encoders.sscd_features import FEATURE_LENGTH
from core.settings import Settings
from indexer.commands.families import open_families
from indexer.elasticsearch.lease_store import lease_alias
from indexer.elasticsearch.mappings import RUN_NAMES, index_alias
from indexer.ingest.run import index_sources
from indexer.run_records import RunReport
from tests.paths import SHARED, SPECIMEN
from tests.waiting import wait_until


@dataclass(frozen=True, slots=True)
class ServedLibrary:
    """An indexed collection and the service over it."""

    settings: Settings
    url: str
    report: RunReport
    api_client: TestClient[Any]

    def documents(self) -> dict[str, dict[str, Any]]:
        """Return the `_source` of every picture by id, without the vectors."""
        with Elasticsearch(self.url) as client:
            hits = scan(client, index=self.settings.alias, query={"_source": {"excludes": ["vectors"]}})
            return {hit["_id"]: hit["_source"] for hit in hits}

    def merge_segments(self) -> None:
        """Forget what updates have replaced: until then its words count in the frequencies that rank.

        Elasticsearch keeps it for some seconds for copies of the shard.
        """
        with Elasticsearch(self.url) as client:
            assert wait_until(lambda: _has_no_replaced_documents(client, self.settings.alias))

    def open_crop(self, source: dict[str, Any]) -> Image.Image:
        return Image.open(self.settings.crops_folder / source["image"]["crop"]).convert("RGB")

    def search(self, **params: Any) -> dict[str, Any]:
        """Return the JSON of `GET /api/search`."""
        response = self.api_client.get("/api/search", params=params)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def search_by_image(self, image: Image.Image, **params: Any) -> dict[str, Any]:
        """Return the JSON of `POST /api/search` with an uploaded picture."""
        buffer = BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=85)
        response = self.api_client.post(
            "/api/search", files={"image": ("copy.jpg", buffer.getvalue(), "image/jpeg")}, data=params
        )
        assert response.status_code == 200, response.text
        return dict(response.json())


def _has_no_replaced_documents(client: Elasticsearch, alias: str) -> bool:
    stats = client.indices.stats(index=alias, metric="docs")
    if stats["_all"]["total"]["docs"]["deleted"]:
        client.indices.forcemerge(index=alias, max_num_segments=1)
        return False
    return True


def index_library(
    node_url: str,
    source_folder: Path,
    data: Path,
    index: Callable[[Settings, str, Sequence[str]], RunReport] = index_sources,
) -> Iterator[ServedLibrary]:
    alias = f"test-{uuid.uuid4().hex}"
    settings = Settings(
        elasticsearch_url=node_url,
        alias=alias,
        data=data,
        cache=data / "cache",
        models="sscd",
        scans=str(source_folder),
    )
    report = index(settings, node_url, [str(source_folder)])
    with TestClient(create_app(settings, elasticsearch_url=node_url)) as api_client:
        yield ServedLibrary(settings, node_url, report, api_client)
    with Elasticsearch(node_url) as client:
        names = [*(index_alias(alias, kind) for kind in RUN_NAMES), lease_alias(alias)]
        client.indices.delete(index=[f"{name}-v1" for name in names])


@pytest.fixture(scope="session")
def specimen(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedLibrary]:
    """The specimen books, indexed as `make demo` does, with the families of their pictures."""
    yield from index_library(node_url, SPECIMEN, tmp_path_factory.mktemp("specimen"), index=index_with_families)


@pytest.fixture(scope="session")
def real_library(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedLibrary]:
    """All files in `shared/data`: ALTO with scans, METS, manifests and labelled pictures of real libraries.

    Their features are zeros: nothing that reads them trains a classifier, and they would take half of the time.
    """
    yield from index_library(node_url, SHARED, tmp_path_factory.mktemp("real"), index=index_without_features)


def index_with_families(settings: Settings, url: str, locations: Sequence[str]) -> RunReport:
    report = index_sources(settings, url, locations)
    with open_families(settings) as family_index:
        family_index.update()
    return report


def index_without_features(settings: Settings, url: str, locations: Sequence[str]) -> RunReport:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CopyEncoder, "encode_features", empty_features)
        return index_sources(settings, url, locations)


def empty_features(_: CopyEncoder, images: Sequence[Image.Image]) -> Features:
    return np.zeros((len(images), FEATURE_LENGTH), np.int8)
