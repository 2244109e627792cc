"""The service with its own key, and what it answers when the key no longer works."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from api.server import open_listener
from tests.paths import ROOT
from tests.secured.cluster import ALIAS, Cluster
from tests.waiting import wait_for_response, wait_until


@contextmanager
def running_service(cluster: Cluster, key: str, **settings: str) -> Iterator[str]:
    """Run `frontispiece serve` with a key; yield its address."""
    with open_listener("127.0.0.1", 0) as free_socket:
        port = free_socket.getsockname()[1]
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "frontispiece"), "serve", "--port", str(port)],
        env=cluster.variables(key) | settings,
        cwd=ROOT,
    )
    try:
        wait_for_response(f"http://127.0.0.1:{port}/health", lambda: process.poll() is None)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def test_every_kind_of_page_answers_with_the_services_key(filled_cluster: Cluster) -> None:
    with (
        running_service(filled_cluster, filled_cluster.key("api")) as url,
        httpx.Client(base_url=url, timeout=120, follow_redirects=True) as client,
    ):
        hit = client.get("/api/search?q=brig").raise_for_status().json()["hits"][0]
        for path in (
            *("/", "/?q=brig", f"/?like={hit['id']}", f"/?q=brig&like={hit['id']}", "/?q=brig&document=page"),
            *(
                "/api/search?q=brig&group=book",
                "/api/facets?facet=publisher",
                "/api/suggest?q=br",
                "/api/export/csv?q=brig",
            ),
            *(
                f"/pictures/{hit['id']}",
                f"/books/{hit['book_key']}",
                f"/iiif/books/{hit['book_key']}/manifest",
                "/health",
            ),
            *("/sitemap.xml", hit["image"]),
        ):
            assert client.get(path).status_code == 200, path
        crop = client.get(hit["image"]).content
        found = client.post("/api/search", files={"image": ("crop.jpg", crop, "image/jpeg")}).raise_for_status().json()
        assert found["hits"][0]["id"] == hit["id"]


def test_the_services_key_reads_the_runs_and_keeps_unanswered_searches(filled_cluster: Cluster) -> None:
    settings = {"FRONTISPIECE_UNANSWERED_DAYS": "30", "FRONTISPIECE_STATUS_TOKEN": "token"}
    with (
        running_service(filled_cluster, filled_cluster.key("api"), **settings) as url,
        httpx.Client(base_url=url, timeout=120, headers={"Authorization": "Bearer token"}) as client,
    ):
        metrics = client.get("/metrics").raise_for_status().text
        assert 'frontispiece_last_run_outcome{outcome="finished"} 1.0' in metrics
        assert 'frontispiece_documents{document="picture"}' in metrics
        assert client.get("/api/search?q=zyxwv").raise_for_status().json()["total"] == 0

    def kept_words() -> list[str]:
        found = filled_cluster.request("POST", f"/{ALIAS}-unanswered/_search", key=filled_cluster.key("api"))
        return [hit["_source"]["words"] for hit in found.json()["hits"]["hits"]]

    assert wait_until(lambda: kept_words() == ["zyxwv"])


def test_keys_are_changed_without_an_interruption(filled_cluster: Cluster) -> None:
    """A second service starts with the new key before the old one is revoked, as docs/install.md says."""
    old_key = filled_cluster.key("api")
    with running_service(filled_cluster, old_key) as old_url:
        (filled_cluster.folder / "keys" / "api" / "key").unlink()
        assert "new key" in filled_cluster.set_up().stdout
        assert httpx.get(f"{old_url}/api/search?q=brig", timeout=120).status_code == 200
        with running_service(filled_cluster, filled_cluster.key("api")) as new_url:
            filled_cluster.revoke_key(old_key)
            assert wait_until(lambda: httpx.get(f"{old_url}/api/search?q=brig", timeout=120).status_code == 503)
            assert "API key" in httpx.get(f"{old_url}/health", timeout=120).text
            assert httpx.get(f"{new_url}/api/search?q=brig", timeout=120).status_code == 200
