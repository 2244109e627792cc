"""Two libraries that tests read and never write: the specimen books, and real files beside the checkout."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from litestar.testing import TestClient
from PIL import Image

from api.app import create_app
from core.settings import Settings
from indexer.cli import index_sources
from indexer.elasticsearch.mappings import TEMPLATES, alias_of
from indexer.ingest.report import Report
from tests.paths import SHARED, SPECIMEN


@dataclass(frozen=True, slots=True)
class Library:
    """An indexed collection and the service over it."""

    settings: Settings
    url: str
    report: Report
    web: TestClient[Any]

    def documents(self) -> dict[str, dict[str, Any]]:
        """Every picture's `_source` but for the vectors, by id."""
        with Elasticsearch(self.url) as client:
            hits = scan(client, index=self.settings.alias, query={"_source": {"excludes": ["vectors"]}})
            return {hit["_id"]: hit["_source"] for hit in hits}

    def crop(self, source: dict[str, Any]) -> Image.Image:
        return Image.open(self.settings.crops / source["image"]["crop"]).convert("RGB")

    def ask(self, **params: Any) -> dict[str, Any]:
        """The answer of `GET /api/search`."""
        answer = self.web.get("/api/search", params=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def ask_with(self, image: Image.Image, **params: Any) -> dict[str, Any]:
        """The answer of `POST /api/search` with an uploaded picture."""
        file = BytesIO()
        image.convert("RGB").save(file, "JPEG", quality=85)
        answer = self.web.post("/api/search", files={"image": ("copy.jpg", file.getvalue(), "image/jpeg")}, data=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def indexed(node_url: str, where: Path, data: Path) -> Iterator[Library]:
    alias = f"test-{uuid.uuid4().hex}"
    settings = Settings(elasticsearch_url=node_url, alias=alias, data=data, models="sscd")
    report = index_sources(settings, node_url, [str(where)])
    with TestClient(create_app(settings, elasticsearch_url=node_url)) as web:
        yield Library(settings, node_url, report, web)
    with Elasticsearch(node_url) as client:
        client.indices.delete(index=[f"{alias_of(alias, kind)}-v1" for kind in TEMPLATES])


@pytest.fixture(scope="session")
def specimen(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The specimen books, as `make demo` indexes them."""
    yield from indexed(node_url, SPECIMEN, tmp_path_factory.mktemp("specimen"))


@pytest.fixture(scope="session")
def real(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Everything that libraries gave us: ALTO with scans, METS, manifests, labelled pictures."""
    yield from indexed(node_url, SHARED, tmp_path_factory.mktemp("real"))
