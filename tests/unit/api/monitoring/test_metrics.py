"""`/metrics`: who may read it, what it counts, and that no label has anything that a reader typed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from api.monitoring.instruments import REGISTRY
from tests.unit.api.offline_service import ApiClient, run_offline

pytestmark = pytest.mark.network

STATUS_TOKEN = "s3cret"  # noqa: S105
TOKEN = {"Authorization": f"Bearer {STATUS_TOKEN}"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    with run_offline(tmp_path_factory.mktemp("metrics"), "192.0.2.1", status_token=STATUS_TOKEN) as client:
        yield client


def sample(name: str, **labels: str) -> float:
    """Return the value of a sample now; 0 if it does not exist yet."""
    return REGISTRY.get_sample_value(f"frontispiece_{name}", labels) or 0.0


def test_metrics_are_not_public_without_a_token(tmp_path: Path, client: ApiClient) -> None:
    with run_offline(tmp_path) as open_client:
        assert open_client.get("/metrics").status_code == 404
    for headers in ({}, {"Authorization": "Bearer other"}):
        assert client.get("/metrics", headers=headers).status_code == 401
    assert client.get("/metrics", headers=TOKEN).status_code == 200


def test_metrics_can_be_read_by_a_parser_and_tell_of_a_missing_node(client: ApiClient) -> None:
    text = client.get("/metrics", headers=TOKEN).text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families["frontispiece_elasticsearch_up"].samples[0].value == 0
    assert families["frontispiece_ready"].samples[0].value == 0
    assert families["frontispiece_documents"].samples == []
    assert families["process_resident_memory_bytes"].samples[0].value > 1_000_000


@pytest.mark.parametrize(
    ("method", "path", "labels"),
    [
        ("GET", "/about", {"method": "GET", "route": "/about", "status": "200"}),
        ("HEAD", "/about", {"method": "HEAD", "route": "/about", "status": "200"}),
        ("GET", "/books/urn:1/pages/3", {"method": "GET", "route": "/books/{book_id}/pages/{number}", "status": "503"}),
        ("GET", "/?q=fyr", {"method": "GET", "route": "/", "status": "503"}),
        ("GET", "/fyr", {"method": "GET", "route": "none", "status": "404"}),
        ("BREW", "/about", {"method": "other", "route": "none", "status": "405"}),
        ("GET", "/static/base.css", {"method": "GET", "route": "/static/{file_path}", "status": "200"}),
    ],
)
def test_requests_are_counted_by_the_template_of_their_address(
    client: ApiClient, method: str, path: str, labels: dict[str, str]
) -> None:
    before = sample("requests_total", **labels)
    durations_before = sample("request_duration_seconds_count", route=labels["route"])
    client.request(method, path)
    assert sample("requests_total", **labels) == before + 1
    assert sample("request_duration_seconds_count", route=labels["route"]) == durations_before + 1


@given(words=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=4, max_size=30))
def test_no_words_of_a_reader_become_a_label(client: ApiClient, words: str) -> None:
    marked = f"zqx{words}"
    for path in ("/", "/api/search", "/api/facets", f"/books/{marked.replace('/', '')}"):
        client.get(path, params={"q": marked, "publisher": marked, marked: marked})
    printed = client.get("/metrics", headers=TOKEN).text
    assert "zqx" not in printed


def test_a_page_is_measured_by_its_template_and_a_failure_of_the_node_by_its_kind(client: ApiClient) -> None:
    pages = sample("render_duration_seconds_count", template="error.html.jinja")
    failures = sample("elasticsearch_errors_total", kind="connection")
    client.get("/?q=fyr")
    assert sample("render_duration_seconds_count", template="error.html.jinja") == pages + 1
    assert sample("elasticsearch_errors_total", kind="connection") > failures


def test_refused_requests_are_counted_by_their_limit(tmp_path: Path) -> None:
    before = sample("rate_limited_total", limit="searches")
    with run_offline(tmp_path, "192.0.2.1", searches_per_minute=1) as client:
        statuses = [client.get("/about").status_code for _ in range(3)]
    assert statuses == [200, 429, 429]
    assert sample("rate_limited_total", limit="searches") == before + 2
