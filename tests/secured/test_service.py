"""The service with its own key, and what it answers when the key no longer works."""

import httpx

from api.elasticsearch.health import ACCESS_DENIED_MESSAGE
from api.errors import UNAVAILABLE_MESSAGE
from indexer.setup.cluster_resources import api_key_body
from tests.secured.cluster import ALIAS, Cluster
from tests.secured.service import running_service
from tests.waiting import wait_until


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
            assert_access_is_denied(old_url)
            assert httpx.get(f"{new_url}/api/search?q=brig", timeout=120).status_code == 200


def test_an_expired_key_is_answered_like_a_revoked_one(filled_cluster: Cluster) -> None:
    """The key has the privileges of the service's own and two seconds to live, so nothing but its age is wrong."""
    key = filled_cluster.new_key(api_key_body("api", ALIAS) | {"expiration": "2s"})
    with running_service(filled_cluster, key) as url:
        assert wait_until(lambda: not filled_cluster.accepts_key(key))
        assert_access_is_denied(url)


def assert_access_is_denied(url: str) -> None:
    """Assert that health, search and page are 503, each with its sentence."""
    with httpx.Client(base_url=url, timeout=120) as client:
        health, search, page = (client.get(path) for path in ("/health", "/api/search?q=brig", "/?q=brig"))
    assert (health.status_code, health.json()["problem"]) == (503, ACCESS_DENIED_MESSAGE)
    assert (search.status_code, search.json()["detail"]) == (503, UNAVAILABLE_MESSAGE)
    assert (page.status_code, UNAVAILABLE_MESSAGE in page.text) == (503, True)
