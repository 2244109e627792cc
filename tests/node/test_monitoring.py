"""What an operator watches, on a real node: metrics, request ids, readiness, and searches that find nothing."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from elasticsearch import Elasticsearch
from litestar.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from api.app import create_app
from core.encoders import load_encoder
from tests.http_servers import LoopbackHandler, run_server
from tests.library import ServedLibrary
from tests.paths import ROOT

TOKEN = {"Authorization": "Bearer token"}
TARGET_LABELS = {"instance", "job"}
"""What Prometheus adds to every sample."""
DASHBOARD = json.loads((ROOT / "monitoring" / "dashboard.json").read_text("utf-8"))
RULES = yaml.safe_load((ROOT / "monitoring" / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
TARGETS = [(panel["title"], target) for panel in DASHBOARD["panels"] for target in panel["targets"]]
EXPRESSIONS = {
    **{f"{title} {target['refId']}": target["expr"] for title, target in TARGETS},
    **{rule["alert"]: rule["expr"] for rule in RULES},
}


@dataclass
class WatchedService:
    """A service whose requests to Elasticsearch are seen with their headers."""

    client: TestClient[Any]
    opaque_ids: list[str | None] = field(default_factory=list)


@pytest.fixture(scope="module")
def service(specimen: ServedLibrary) -> Iterator[WatchedService]:
    """Yield a service over the specimen that has done a bit of everything."""
    opaque_ids: list[str | None] = []

    class HeaderHandler(LoopbackHandler):
        def respond(self) -> None:
            opaque_ids.append(self.headers.get("x-opaque-id"))
            self.relay_response(self.forward_to_node(specimen.url, self.read_body()))

    with run_server(HeaderHandler) as proxy_url:
        changes = {"elasticsearch_url": proxy_url, "status_token": SecretStr("token")}
        settings = specimen.settings.model_copy(update=changes)
        sscd = load_encoder("sscd", settings)
        with TestClient(create_app(settings, encoder_loaders={"sscd": lambda: sscd})) as client:
            hit = client.get("/api/search?q=fyr").json()["hits"][0]
            crop = client.get(hit["image"]).content
            client.post("/api/search", files={"image": ("a.jpg", crop, "image/jpeg")})
            assert client.get(f"/iiif/image/{hit['id']}/full/!99,99/0/default.jpg").status_code == 200
            assert client.get("/?q=fyr").status_code == 200
            yield WatchedService(client, opaque_ids)


@pytest.fixture(scope="module")
def samples(service: WatchedService) -> dict[str, list[dict[str, str]]]:
    """Return the labels of every sample that `/metrics` prints, by name."""
    labels: dict[str, list[dict[str, str]]] = {"up": [{}]}
    for family in text_string_to_metric_families(service.client.get("/metrics", headers=TOKEN).text):
        for sample in family.samples:
            labels.setdefault(sample.name, []).append(sample.labels)
    return labels


@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_dashboard_and_alerts_name_metrics_and_labels_that_are_printed(
    expression: str, samples: dict[str, list[dict[str, str]]]
) -> None:
    selectors = re.findall(r"\b((?:frontispiece|process)_\w+|up\b)(?:\{([^}]*)\})?", expression)
    assert selectors
    known_labels = TARGET_LABELS.union(*(labels for name, _ in selectors for labels in samples[name]))
    for name, matchers in selectors:
        for label, operator, value in re.findall(r'(\w+)(=~|!=|!~|=)"([^"]*)"', matchers):
            if label in TARGET_LABELS:
                continue
            values = {labels[label] for labels in samples[name]}
            assert operator != "=" or value in values, f"{name} has no {label}={value}, only {values}"
    grouped = {label for names in re.findall(r"\bby \(([^)]*)\)", expression) for label in names.split(", ")}
    assert grouped <= known_labels


def test_the_variable_of_the_dashboard_names_a_metric_that_is_printed(
    samples: dict[str, list[dict[str, str]]],
) -> None:
    [variable] = [variable for variable in DASHBOARD["templating"]["list"] if variable["type"] == "query"]
    metric = re.fullmatch(r"label_values\((\w+), instance\)", variable["definition"])
    assert metric
    assert metric[1] in samples


def test_metrics_tell_of_the_collection_and_its_last_run(service: WatchedService) -> None:
    families = text_string_to_metric_families(service.client.get("/metrics", headers=TOKEN).text)
    values = {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}
    health = service.client.get("/health", headers=TOKEN).json()
    assert values["frontispiece_documents", "picture"] == health["pictures"]
    assert values["frontispiece_documents", "book"] == values["frontispiece_last_run_count", "books"]
    assert values["frontispiece_model_coverage_ratio", "sscd"] == health["coverage"]["sscd"]
    assert values["frontispiece_model_usable", "sscd"] == 1
    assert values["frontispiece_last_run_outcome", "finished"] == 1
    assert values["frontispiece_last_run_outcome", "failed"] == 0
    began, ended = (values[f"frontispiece_last_run_{name}_timestamp_seconds",] for name in ("started", "ended"))
    assert 0 < began <= ended == values["frontispiece_last_finished_run_timestamp_seconds",]
    assert values["frontispiece_encode_duration_seconds_count", "image", "sscd"] >= 1


def test_the_request_id_reaches_elasticsearch(service: WatchedService) -> None:
    service.opaque_ids.clear()
    request_id = service.client.get("/api/search?q=brig").headers["X-Request-ID"]
    assert service.opaque_ids
    assert set(service.opaque_ids) == {request_id}


def test_ready_means_that_a_model_of_the_index_answers(specimen: ServedLibrary) -> None:
    app = create_app(specimen.settings, elasticsearch_url=specimen.url, encoder_loaders={})
    with TestClient(app) as client:
        assert (client.get("/health").status_code, client.get("/health").json()["status"]) == (200, "degraded")
        assert client.get("/health/ready").status_code == 503
        assert client.get("/api/search?q=fyr").json()["total"] > 0
    assert specimen.api_client.get("/health/ready").status_code == 200


def test_words_that_nothing_has_are_kept_and_others_are_not(specimen: ServedLibrary, client: Elasticsearch) -> None:
    settings = specimen.settings.model_copy(update={"unanswered_days": 30})
    index = f"{settings.alias}-unanswered"
    client.indices.delete(index=index, ignore_unavailable=True)
    try:
        app = create_app(settings, elasticsearch_url=specimen.url, encoder_loaders={})
        with TestClient(app) as service_client:  # its end writes what is pending
            for params in ({"q": "fyr"}, {"q": "Zyxwv anna@example.org", "year_from": 1850}, {"year_from": 3000}):
                service_client.get("/api/search", params=params)
            service_client.get("/", params={"q": "Zyxwv", "page": 2})
        client.indices.refresh(index=index)
        [source] = [hit["_source"] for hit in client.search(index=index)["hits"]["hits"]]
        assert (source["words"], source["filters"], source["documents"]) == ("zyxwv", ["year_from"], ["picture"])
        assert source.keys() == {"day", "words", "filters", "documents"}
        assert client.indices.get_mapping(index=index)[index]["mappings"]["dynamic"] == "strict"
    finally:
        client.indices.delete(index=index, ignore_unavailable=True)
