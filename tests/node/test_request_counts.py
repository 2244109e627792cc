"""The requests that each kind of search sends to Elasticsearch, as docs/searching.md states them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from litestar.testing import TestClient

from api.app import create_app
from core.encoders import load_encoder
from core.encoders.protocols import Encoder
from tests.library import ServedLibrary
from tests.recording_proxy import run_recording_proxy

RANKED = ["counts + search"]
"""Words are ranked and counted by two searches of one `_msearch`."""

WORDS = [*RANKED, "documents"]
"""Only the results that the page shows are fetched whole, once they are in order."""

FUSED = WORDS
"""The same for words with a picture."""

NEW_FILTERS = ["counts + filter counts + search", "documents"]
"""The first search for words with its filters; a repetition within a minute needs no counts of the filters."""

PICTURES_WITH_NEW_FILTERS = "filter counts + search"


@dataclass(frozen=True, slots=True)
class CountedService:
    """A service whose requests to Elasticsearch are counted."""

    api_client: TestClient[Any]
    picture_id: str
    crop: Path
    searches: list[str] = field(default_factory=list)
    """The purposes of each request, joined by ` + `."""

    def get(self, path: str, **params: Any) -> list[str]:
        """Return the requests that a GET request sends, sorted."""
        return self._run(lambda: self.api_client.get(path, params=params))

    def upload(self, **fields: Any) -> list[str]:
        """Return the requests that an upload sends, sorted."""
        files = {"image": ("copy.jpg", self.crop.read_bytes(), "image/jpeg")}
        return self._run(lambda: self.api_client.post("/api/search", files=files, data=fields))

    def _run(self, send: Callable[[], Any]) -> list[str]:
        self.searches.clear()
        response = send()
        assert response.status_code == 200, response.text
        return sorted(self.searches)


def search_purpose(body: dict[str, Any]) -> str:
    if "timeout" not in body:
        return "no timeout"  # each search ends in Elasticsearch too
    is_of_candidates = body.get("_source") is False
    purposes = {
        "similarities": is_of_candidates and "aggs" not in body and "track_total_hits" not in body,
        "named pictures": "ids" in body.get("query", {}) and "fields" in body,
        "documents": "from" not in body and "_seq_no" in body.get("docvalue_fields", []),
    }
    if purpose := next((purpose for purpose, is_true in purposes.items() if is_true), ""):
        return purpose
    if "other_searches" in body.get("aggs", {}):
        return "other searches"
    beside = {"shown": "type counts", "authors": "catalogue"}
    if names := beside.keys() & body.get("aggs", {}).keys():
        return beside[names.pop()]
    if body["size"] == 0:
        return "counts" if "query" in body else "filter counts"
    return "search"


@pytest.fixture(scope="module")
def sscd(specimen: ServedLibrary) -> Encoder:
    return load_encoder("sscd", specimen.settings)


@pytest.fixture
def service(specimen: ServedLibrary, sscd: Encoder) -> Iterator[CountedService]:
    """Yield a counted service over the specimen with empty caches."""
    picture_id, source = next(iter(sorted(specimen.documents().items())))
    searches: list[str] = []

    def record_request(_method: str, path: str, body: bytes) -> None:
        if urlsplit(path).path.endswith("/_search"):
            searches.append(search_purpose(json.loads(body)))
        elif urlsplit(path).path.endswith("/_msearch"):
            searches.append(" + ".join(sorted(search_purpose(json.loads(line)) for line in body.splitlines()[1::2])))

    with run_recording_proxy(specimen.url, record_request) as proxy_url:
        settings = specimen.settings.model_copy(update={"elasticsearch_url": proxy_url})
        app = create_app(settings, encoder_loaders={"sscd": lambda: sscd})
        with TestClient(app) as api_client:
            crop = settings.crops_folder / source["image"]["crop"]
            yield CountedService(api_client, picture_id, crop, searches)


def test_words_take_one_request_also_with_new_filters_and_one_for_the_documents_shown(service: CountedService) -> None:
    assert service.get("/api/search", q="fyr") == NEW_FILTERS
    assert service.get("/api/search", q="brig") == WORDS
    assert service.get("/api/search", q="brig", year_from=1800) == NEW_FILTERS
    assert service.get("/api/search", q="fyr", year_from=1800, page=2) == RANKED, "an empty page"


def test_suggestions_take_one_request(service: CountedService) -> None:
    assert len(service.get("/api/suggest", q="fyr og ski")) == 1
    assert service.get("/api/suggest", q="f") == []


def test_few_results_are_searched_again_for_misread_words(service: CountedService) -> None:
    service.get("/api/search", q="fyr")
    assert service.get("/api/search", q="herring") == sorted([*RANKED, *WORDS])
    assert service.get("/api/search", q="brig") == WORDS, "a short word is not misread"


def test_search_without_results_counts_all_other_searches_in_one(service: CountedService) -> None:
    service.get("/api/search", q="fyr")
    assert service.get("/api/search", q="xyz zyx") == [*RANKED, "other searches"]
    assert service.get("/api/search", q="fyr xyz", place="Atlantis", year_from=1800) == [
        NEW_FILTERS[0],
        "other searches",
    ]


def test_address_that_no_book_has_is_searched_again_as_words(service: CountedService) -> None:
    service.get("/api/search", q="fyr")
    book = "https://www.nb.no/items/URN:NBN:no-nb_digibok_2099010100017?page=5"
    assert service.get("/api/search", q=book) == WORDS
    assert service.get("/api/search", q="https://example.org/1234567") == sorted([*2 * RANKED, "other searches"])


@pytest.mark.parametrize("region", ["", "#xywh=pct:0,0,50,50"])
def test_picture_of_the_index_is_fetched_once(service: CountedService, region: str) -> None:
    like = f"{service.picture_id}{region}"
    assert service.get("/api/search", like=like) == [PICTURES_WITH_NEW_FILTERS, "named pictures"]
    assert service.get("/api/search", like=like, page=2) == ["search"]
    service.get("/api/search", q="brig")
    assert service.get("/api/search", like=f"{like}^2", q="fyr") == FUSED


def test_several_pictures_of_the_index_are_fetched_together(service: CountedService) -> None:
    other_id = service.api_client.get("/api/search", params={"like": service.picture_id}).json()["hits"][0]["id"]
    assert service.get("/api/search", like=[service.picture_id, other_id]) == ["named pictures", "search"]


def test_upload_takes_one_request_and_with_words_another(service: CountedService) -> None:
    assert service.upload() == [PICTURES_WITH_NEW_FILTERS]
    service.get("/api/search", q="brig")
    assert service.upload(q="fyr") == FUSED


def test_grouped_sorted_and_exported_results_take_one_request(service: CountedService) -> None:
    service.get("/api/search", q="fyr")
    assert service.get("/api/search", q="fyr", group="book") == RANKED
    assert service.get("/api/search", q="fyr", sort="year") == RANKED
    assert service.get("/api/export/csv", q="fyr") == RANKED
    assert service.get("/iiif/search", q="fyr") == RANKED


def test_rrf_fetches_what_the_page_shows_in_another_request(service: CountedService) -> None:
    service.get("/api/search", q="brig")
    service.get("/api/search", like=service.picture_id)
    assert service.get("/api/search", q="fyr", like=service.picture_id, fusion="rrf") == FUSED


def test_convex_fusion_takes_one_more_for_pictures_beyond_the_nearest(
    service: CountedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.get("/api/search", q="brig")
    service.get("/api/search", like=service.picture_id)
    assert service.get("/api/search", q="fyr", like=service.picture_id, fusion="convex") == FUSED, (
        "the model has compared every picture of so small a collection"
    )
    monkeypatch.setattr("api.elasticsearch.queries.knn.K", 1)
    assert service.get("/api/search", q="fyr", like=service.picture_id, fusion="convex") == [
        *FUSED,
        "similarities",
    ]
    assert service.get("/api/search", q="fyr", fusion="convex") == FUSED, "words alone have no vector to compare"


def test_random_pictures_and_one_picture_take_one_request(service: CountedService) -> None:
    assert service.get("/api/pictures/random", size=3) == ["search"]
    assert service.get(f"/api/pictures/{quote(service.picture_id, safe='')}") == ["search"]


def test_similar_pictures_take_as_many_as_the_search(service: CountedService) -> None:
    path = f"/api/pictures/{quote(service.picture_id, safe='')}/similar"
    assert service.get(path) == [PICTURES_WITH_NEW_FILTERS, "named pictures"]
    assert service.get(path) == ["search"]


def test_page_of_a_picture_takes_four_requests_and_one_more_for_its_place_in_the_results(
    service: CountedService,
) -> None:
    page = f"/pictures/{quote(service.picture_id, safe='')}"
    around_it = "search + search + search + search"
    assert service.get(page) == [PICTURES_WITH_NEW_FILTERS, "named pictures", "search", around_it]
    assert service.get(page) == ["search", "search", around_it], "the vectors are kept for a minute"
    service.get("/api/search", q="fyr")
    hit = service.api_client.get("/api/search", params={"q": "fyr"}).json()["hits"][0]
    page = f"/pictures/{quote(hit['id'], safe='')}"
    assert set(service.get(page, q="fyr", n=1)) >= {*WORDS, "search", "named pictures"}
    assert len(service.get(page, q="fyr", n=1)) == 3, "its place in the results is kept for a minute"
    assert len(service.get(page, q="fyr")) == 3


def test_two_compared_pictures_take_one_request_and_one_more_for_their_copies(service: CountedService) -> None:
    assert service.get("/compare", a=service.picture_id) in (["search"], ["search", "search"])


def test_page_shows_the_pictures_of_the_request_without_another_search(service: CountedService) -> None:
    service.get("/")
    assert service.get("/", like=service.picture_id) == [PICTURES_WITH_NEW_FILTERS, "named pictures"]
    assert service.get("/", like=service.picture_id, page=2) == ["search"]
    new_filters = "catalogue + counts + filter counts + search + type counts"
    assert service.get("/", q="fyr") == [new_filters, "documents"], (
        "words leave out ornaments, a picture alone does not"
    )
    assert service.get("/", q="lighthouse", year_from=1800, page=2)[0].count("type counts") == 2, (
        "also of misread words"
    )


def test_page_takes_one_more_for_the_images_of_pages_and_books_and_the_pictures_of_books(
    service: CountedService,
) -> None:
    service.get("/")
    service.get("/", q="fyr")
    assert "counts + search" in service.get("/", q="fyr", document="book")
    assert "counts" in service.get("/", q="sange og eventyr"), "the catalogue record that the words name"
    assert service.get("/", q="fyr") == [f"catalogue + {RANKED[0]} + type counts", "documents"], "pictures alone"
