"""The service on a real node, as a program and a browser use it."""

import json
import re
import uuid
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from PIL import Image

from api.app import create_app
from api.search.parameters import API_PARAMETERS, FILTERS
from api.vision.vector_codec import PackedVector, model_stamp, pack_vectors
from core.encoders.fingerprint import ModelIdentity
from core.encoders.protocols import Encoder
from core.errors import EncoderUnavailable
from core.settings import Settings
from tests.node.twelve_pictures import (
    KYST,
    ColourGridEncoder,
    ColourNameEncoder,
    drawing,
    picture,
    picture_id,
    temporary_collection,
)

ApiClient = TestClient[Any]
NO_FILE = {"image": ("", b"", "application/octet-stream")}
"""What a browser sends if no file was chosen."""


def raise_unavailable() -> Encoder:
    raise EncoderUnavailable("siglip needs torch, not installed here: pip install 'frontispiece[models]'")


class RetrainedGridEncoder(ColourGridEncoder):
    revision = "2"


@pytest.fixture(scope="module")
def api_client(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    service_settings = Settings(
        alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"), max_upload_bytes=200_000
    )
    crop = service_settings.crops_folder / picture(0).crop_file
    crop.parent.mkdir(parents=True)
    drawing(0).save(crop)
    (service_settings.data / "secret.txt").write_text("not a crop")
    app = create_app(
        service_settings,
        elasticsearch_url=node_url,
        encoder_loaders={"sscd": ColourGridEncoder, "clip": ColourNameEncoder},
    )
    with (
        temporary_collection(client, service_settings.alias, [ColourGridEncoder(), ColourNameEncoder()]),
        TestClient(app) as api_client,
    ):
        yield api_client


@pytest.fixture
def client_without_node(tmp_path: Path) -> Iterator[ApiClient]:
    """Yield a client of a service whose node is unreachable."""
    with TestClient(
        create_app(Settings(data=tmp_path), elasticsearch_url="http://127.0.0.1:9", encoder_loaders={})
    ) as api_client:
        yield api_client


@pytest.fixture
def client_without_index(node_url: str, tmp_path: Path) -> Iterator[ApiClient]:
    """Yield a client of a service whose node has no index yet."""
    service_settings = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path)
    with TestClient(
        create_app(service_settings, elasticsearch_url=node_url, encoder_loaders={"sscd": ColourGridEncoder})
    ) as api_client:
        yield api_client


def search(api_client: ApiClient, **params: Any) -> dict[str, Any]:
    response = api_client.get("/api/search", params=params)
    assert response.status_code == 200, response.text
    return dict(response.json())


def hit_ids(page: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in page["hits"]]


def jpeg_upload(image: Image.Image) -> dict[str, tuple[str, bytes, str]]:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return {"image": ("copy.jpg", buffer.getvalue(), "image/jpeg")}


def scaled_copy_upload(number: int) -> dict[str, tuple[str, bytes, str]]:
    """Return a scaled copy of an indexed picture as a file to upload."""
    return jpeg_upload(drawing(number).resize((150, 170)))


def test_a_text_search_returns_highlights_facets_and_scores(api_client: ApiClient) -> None:
    page = search(api_client, q="fyrtårnet", model="sscd")
    assert hit_ids(page) == [picture_id(0), picture_id(1)]
    best_hit = page["hits"][0]
    assert best_hit["highlights"]["caption"] == ["<em>Fyrtårnet</em> ved Lindesnes"]
    assert best_hit["scores"].keys() == {"caption", "caption_head", "page_text"}
    counts = {bucket["value"]: (bucket["count"], bucket["all"]) for bucket in page["facets"]["publisher"]}
    assert counts == {"Aschehoug": (2, 4), "Cammermeyer": (0, 4), "Macmillan": (0, 4)}


def test_a_text_search_also_uses_the_models_that_encode_text(api_client: ApiClient) -> None:
    page = search(api_client, q="red")
    assert hit_ids(page)[0] == picture_id(11)
    assert page["models"] == ["clip"]
    assert search(api_client, q="red", model="sscd")["total"] == 0


def test_like_excludes_the_query_picture(api_client: ApiClient) -> None:
    page = search(api_client, like=picture_id(3))
    assert page["total"] == 11
    assert picture_id(3) not in hit_ids(page)
    assert set(page["models"]) == {"sscd", "clip"}


@pytest.mark.parametrize(
    "params", [{"q": "fyrtårnet"}, {"like": picture_id(0)}, {"q": "red", "like": picture_id(0)}, {}]
)
def test_a_year_that_excludes_everything_gives_an_empty_page(api_client: ApiClient, params: dict[str, str]) -> None:
    page = search(api_client, **params, year_from=2900)
    assert (page["total"], page["hits"], page["pages"]) == (0, [], 0)


def test_pages_follow_each_other_without_gaps(api_client: ApiClient) -> None:
    all_ids = hit_ids(search(api_client, like=picture_id(0), size=12))
    pages = [search(api_client, like=picture_id(0), size=5, page=number) for number in (1, 2, 3, 4)]
    assert [hit_id for page in pages for hit_id in hit_ids(page)] == all_ids
    assert {(page["total"], page["pages"]) for page in pages} == {(11, 3)}


def test_empty_parameters_are_ignored(api_client: ApiClient) -> None:
    response = api_client.get("/api/search?q=puffin&year_from=&year_to=&page=&size=&publisher=&model=&like=&vector=")
    assert response.status_code == 200
    assert hit_ids(response.json())[0] == picture_id(5)


def test_an_uploaded_copy_finds_its_original_and_its_vector_repeats_the_search(api_client: ApiClient) -> None:
    response = api_client.post("/api/search", files=scaled_copy_upload(8))
    assert response.status_code == 200
    page = response.json()
    assert hit_ids(page)[0] == picture_id(8)
    second_page = search(api_client, vector=page["vector"])
    assert hit_ids(second_page)[0] == picture_id(8)
    assert hit_ids(search(api_client, vector=page["vector"], publisher="Macmillan", size=1))[0] != picture_id(8)


def test_words_and_copy_in_one_request_rank_their_picture_first(api_client: ApiClient) -> None:
    page = api_client.post("/api/search", files=scaled_copy_upload(9), data={"q": "dampmaskinen"}).json()
    assert hit_ids(page)[0] == picture_id(9)
    assert page["hits"][0]["scores"].keys() >= {"context", "sscd", "clip"}


def test_an_upload_is_filtered_by_the_other_fields_of_the_form(api_client: ApiClient) -> None:
    fields = {"publisher": ["Macmillan", ""], "year_from": "1890", "year_to": "", "size": "", "q": "", "model": "sscd"}
    page = api_client.post("/api/search", files=scaled_copy_upload(0), data=fields).json()
    assert (page["total"], page["models"]) == (4, ["sscd"])
    assert {hit["publisher"] for hit in page["hits"]} == {"Macmillan"}


@pytest.mark.parametrize(
    ("field", "value", "total"),
    [
        ("publisher", "Aschehoug", 4),
        ("place", "London", 4),
        ("language", "eng", 4),
        ("label", "Map", 2),
        ("year_from", "1901", 4),
        ("year_to", "1885", 4),
        ("year_to", "0", 0),
        ("size", "5", 12),
    ],
)
def test_form_fields_equal_the_parameters_of_the_same_name(
    api_client: ApiClient, field: str, value: str, total: int
) -> None:
    page = api_client.post("/api/search", files=scaled_copy_upload(0), data={field: value, "model": "sscd"}).json()
    get_page = search(api_client, vector=page["vector"], model="sscd", **{field: value})
    assert page["total"] == get_page["total"] == total
    assert page["size"] == get_page["size"] == (5 if field == "size" else 24)
    assert len(hit_ids(page)) == min(total, page["size"])


def test_a_picture_is_returned_without_its_vectors(api_client: ApiClient) -> None:
    record = api_client.get(f"/api/pictures/{picture_id(4)}").json()
    assert record["id"] == picture_id(4)
    assert record["caption"] == {"text": "The white-tailed eagle", "confidence": 0.9}
    assert "page_text" in record
    assert not {"vectors", "score", "scores"} & record.keys()


def test_only_crops_are_served_from_their_folder(api_client: ApiClient) -> None:
    crop = api_client.get(search(api_client, q="lindesnes")["hits"][0]["image"])
    assert crop.status_code == 200
    assert crop.headers["content-type"] == "image/jpeg"
    assert "max-age=604800" in crop.headers["cache-control"]
    for path in ("../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "aa/../../secret.txt", "aa", "", "aa/9.jpg"):
        response = api_client.get(f"/crops/{path}")
        assert response.status_code == 404, path
        assert "not a crop" not in response.text
        assert "/data" not in response.text, "the response contains no path of the machine"


@pytest.mark.parametrize("page", [3, 999, 999_999])
def test_a_page_after_the_last_is_empty_with_true_totals(api_client: ApiClient, page: int) -> None:
    first = api_client.get("/api/search?q=puffin").json()
    for query in ("q=puffin", "q=puffin&sort=year", "q=puffin&fusion=convex", "q=puffin&group=book"):
        empty = api_client.get(f"/api/search?{query}&page={page}").json()
        assert (empty["hits"], empty["groups"], empty["page"]) == ([], [], page)
        assert empty["total"] <= first["total"] == sum(first["document_counts"].values())
        assert (empty["document_counts"], empty["facets"]) == (first["document_counts"], first["facets"])
        assert empty["other_searches"] == []
    html = api_client.get(f"/?q=puffin&page={page}").text
    assert f"There is no page {page:,} of these results" in html
    assert '<a href="/?q=puffin">Go to the last page, 1</a>' in html
    for path in (f"/api/books/{quote(KYST.id, safe='')}/pictures", f"/api/pictures/{picture_id(0)}/copies"):
        pictures = api_client.get(f"{path}?page={page}").json()
        assert (pictures["hits"], pictures["total"]) == ([], api_client.get(path).json()["total"])
    book_page = api_client.get(f"/books/{quote(KYST.id, safe='')}?page={page}").text
    assert f"There is no page {page:,} of its pictures" in book_page
    assert api_client.get(f"/api/facets?facet=label&page={page}").json()["values"] == []


def test_a_balance_with_nothing_to_weigh_changes_nothing_and_the_response_says_so(api_client: ApiClient) -> None:
    for query, missing in (("q=puffin&model=sscd", "pictures"), (f"like={picture_id(0)}", "words")):
        plain = api_client.get(f"/api/search?{query}").json()
        for balance in (0, 1):
            weighed = api_client.get(f"/api/search?{query}&balance={balance}").json()
            assert [(hit["id"], hit["score"]) for hit in weighed["hits"]] == [
                (hit["id"], hit["score"]) for hit in plain["hits"]
            ]
            (note,) = weighed["notes"]
            assert f"no {missing} to weigh" in note
            assert "to weigh, it changes nothing" in api_client.get(f"/?{query}&balance={balance}").text
        assert plain["notes"] == []
    assert api_client.get(f"/api/search?q=puffin&like={picture_id(0)}&balance=0.5").json()["notes"] == []


def test_counts_on_the_page_name_their_unit(api_client: ApiClient) -> None:
    pictures, pages = api_client.get("/?q=puffin").text, api_client.get("/?place=Bergen&document=page").text
    assert re.search(r"<span class=\"visually-hidden\">\d+ pictures?</span>", pictures)
    assert not re.search(r"<span class=\"visually-hidden\">\d+ pictures?</span>", pages)


def test_more_like_this_asks_by_the_picture_and_a_second_link_keeps_the_words(api_client: ApiClient) -> None:
    page = api_client.get("/?q=puffin&size=1").text
    (alone,) = re.findall(r'<a class="similar" href="([^"]*)"', page)
    assert "like=" in alone
    assert "q=" not in alone
    assert re.search(r'<a href="/\?q=puffin&amp;like=[^"]*">More like this, with ‘puffin’</a>', page)
    assert "More like this, with ‘" not in api_client.get(f"/?like={picture_id(0)}").text


BAD_QUERIES = {
    "year_from=abc": "a year, such as 1890",
    "year_to=18.5": "a year",
    "page=0": "a whole number from 1",
    "page=x": "a whole number from 1",
    "size=101": "from 1 to 100",
    "model=vgg": "It has: sscd, clip",
    "vector=rubbish": "Upload the picture again",
    "year_from=99999999999999": "a year",
    "%ff=1": "There is no parameter",
    "q=fyr&forlag=x": "There is no parameter `forlag`",
}


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_bad_parameter_is_refused_with_a_sentence(api_client: ApiClient, query: str) -> None:
    response = api_client.get(f"/api/search?{query}")
    assert (response.status_code, response.json()["status_code"]) == (400, 400)
    assert BAD_QUERIES[query] in response.json()["detail"]


@pytest.mark.parametrize("path", ["/api/search?like=nobody", "/api/pictures/nobody", "/api/nothing"])
def test_unknown_urls_give_404_with_a_sentence(api_client: ApiClient, path: str) -> None:
    response = api_client.get(path)
    assert response.status_code == 404
    assert response.json()["detail"].startswith("There is no")


BAD_UPLOADS: dict[str, tuple[dict[str, Any], int, str]] = {
    "text": ({"files": {"image": ("a.txt", b"hello", "text/plain")}}, 400, "Use JPEG, PNG"),
    "empty file": ({"files": {"image": ("a.jpg", b"", "image/jpeg")}}, 400, "choose a file first"),
    "no file chosen": ({"files": {"image": ("", b"", "application/octet-stream")}}, 400, "choose a file first"),
    "no field": ({"files": {"other": ("a.jpg", b"x", "image/jpeg")}}, 400, "choose a file first"),
    "not a form": ({"json": {"image": 1}}, 400, "multipart/form-data"),
    "no body": ({}, 400, "choose a file first"),
    "a word for a picture": ({"data": {"image": "fyr"}, "files": {"x": ("x", b"x")}}, 400, "a picture file"),
    "bad year": ({"files": {"image": ("a.jpg", b"x")}, "data": {"year_from": "abc"}}, 400, "a year"),
    "too large": ({"files": {"image": ("a.jpg", b"x" * 250_000)}}, 413, "smaller"),
    "far too large": ({"files": {"image": ("a.jpg", b"x" * 2_500_000)}}, 413, "smaller"),
}


@pytest.mark.parametrize("case", BAD_UPLOADS)
def test_a_bad_upload_is_refused_with_a_sentence(api_client: ApiClient, case: str) -> None:
    request, status, sentence = BAD_UPLOADS[case]
    response = api_client.post("/api/search", **request)
    assert response.status_code == status, response.text
    assert sentence in response.json()["detail"]


@given(query_text=st.text(max_size=600))
@settings(max_examples=60)
def test_any_query_text_is_answered(api_client: ApiClient, query_text: str) -> None:
    assert api_client.get("/api/search", params={"q": query_text, "size": 1}).status_code == 200


@pytest.mark.parametrize(
    "raw", ["q=%ff%fe", "q=%00", "q=%ed%a0%80", "q=a&q=a", "q", "&&=&", "q=" + "%F0%9F%90%8B" * 300]
)
def test_malformed_urls_are_answered(api_client: ApiClient, raw: str) -> None:
    assert api_client.get(f"/api/search?{raw}").status_code == 200


def test_two_values_of_a_parameter_that_takes_one_are_refused(api_client: ApiClient) -> None:
    response = api_client.get("/api/search?q=a&q=b")
    assert (response.status_code, "takes one value" in response.json()["detail"]) == (400, True)


def test_health_of_a_working_service(api_client: ApiClient) -> None:
    response = api_client.get("/health")
    state = response.json()
    assert (response.status_code, state["status"], state["node"], state["pictures"]) == (200, "ok", True, 12)
    assert [(model["name"], model["usable"]) for model in state["models"]] == [("sscd", True), ("clip", True)]


def test_health_explains_unusable_models_and_text_search_still_works(
    client: Elasticsearch, node_url: str, tmp_path: Path
) -> None:
    service_settings = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path)
    app = create_app(
        service_settings,
        elasticsearch_url=node_url,
        encoder_loaders={"sscd": RetrainedGridEncoder, "clip": raise_unavailable},
    )
    with (
        temporary_collection(client, service_settings.alias, [ColourGridEncoder(), ColourNameEncoder()]),
        TestClient(app) as api_client,
    ):
        state = api_client.get("/health").json()
        assert state["status"] == "degraded"
        problems = {model["name"]: model["problem"] for model in state["models"]}
        assert "revision '1'" in problems["sscd"]
        assert "pip install" in problems["clip"]
        assert hit_ids(search(api_client, q="puffin"))[0] == picture_id(5)
        assert search(api_client, like=picture_id(3))["total"] == 11, "the index has the picture's own vectors"
        refusal = api_client.post("/api/search", files=scaled_copy_upload(3))
        assert (refusal.status_code, "Search by words instead" in refusal.json()["detail"]) == (503, True)


def test_a_model_that_the_settings_leave_out_is_not_loaded(
    api_client: ApiClient, node_url: str, tmp_path: Path
) -> None:
    alias = api_client.get("/health").json()["index"].removesuffix("-v1")
    service_settings = Settings(alias=alias, data=tmp_path, models="vit, siglip")
    with TestClient(create_app(service_settings, elasticsearch_url=node_url)) as second_client:
        states = second_client.get("/health").json()["models"]
    assert {model["name"]: "left out by the setting" in model["problem"] for model in states} == {
        "sscd": True,
        "clip": True,
    }


def test_a_vector_of_other_weights_is_refused(
    client: Elasticsearch, node_url: str, tmp_path: Path, api_client: ApiClient
) -> None:
    vector = api_client.post("/api/search", files=scaled_copy_upload(8), data={"model": "sscd"}).json()["vector"]
    service_settings = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path)
    app = create_app(service_settings, elasticsearch_url=node_url, encoder_loaders={"sscd": RetrainedGridEncoder})
    with (
        temporary_collection(client, service_settings.alias, [RetrainedGridEncoder()]),
        TestClient(app) as second_client,
    ):
        response = second_client.get("/api/search", params={"vector": vector})
        assert (response.status_code, "Upload the picture again" in response.json()["detail"]) == (400, True)


def test_a_vector_of_the_wrong_length_is_refused(api_client: ApiClient) -> None:
    """Elasticsearch would refuse it too, but as an internal error."""
    short_vector = pack_vectors(
        {
            "sscd": PackedVector(
                model_stamp(ModelIdentity.from_encoder(ColourGridEncoder())), np.array([0.6, 0.8], np.float32)
            )
        }
    )
    response = api_client.get("/api/search", params={"vector": short_vector})
    assert (response.status_code, "Upload the picture again" in response.json()["detail"]) == (400, True)


def test_without_a_node_errors_are_503_without_internals(client_without_node: ApiClient) -> None:
    for path in ("/api/search?q=fyr", "/api/search?like=x", "/api/pictures/x", "/health"):
        response = client_without_node.get(path)
        assert response.status_code == 503, path
        assert "try again" in response.text
        assert not re.search(r"Traceback|127\.0\.0\.1|Connect", response.text)
    assert client_without_node.post("/api/search", files=scaled_copy_upload(0)).status_code == 503


def test_without_an_index_the_error_names_the_command_to_create_one(client_without_index: ApiClient) -> None:
    for path in ("/api/search?q=fyr", "/api/pictures/x", "/health"):
        response = client_without_index.get(path)
        assert response.status_code == 503, path
        assert "frontispiece index" in response.text


def test_security_and_cors_headers(api_client: ApiClient) -> None:
    headers = api_client.get("/api/search", headers={"Origin": "https://example.org"}).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; img-src 'self' https: http: data:")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["access-control-allow-origin"] == "*"


@pytest.fixture(scope="module")
def openapi_paths(api_client: ApiClient) -> dict[str, Any]:
    schema = json.loads(api_client.get("/schema").text)
    assert schema == json.loads(api_client.get("/schema/openapi.json").text)
    assert schema["info"]["title"] == "Frontispiece"
    return dict(schema["paths"])


def test_every_operation_and_parameter_is_described_with_an_example(
    openapi_paths: dict[str, Any],
) -> None:
    for path, operations in openapi_paths.items():
        for operation in operations.values():
            assert operation.get("summary"), path
            assert operation.get("description"), path
            parameters = operation.get("parameters", [])
            assert [
                parameter["name"]
                for parameter in parameters
                if not (parameter.get("description") and parameter.get("examples"))
            ] == []
    assert openapi_paths["/api/search"]["post"]["requestBody"]["content"].keys() == {"multipart/form-data"}
    assert {"200", "400", "404", "413", "503"} <= openapi_paths["/api/search"]["post"]["responses"].keys()


def parameter_names(openapi_paths: dict[str, Any], path: str) -> set[str]:
    return {parameter["name"] for parameter in openapi_paths[path]["get"]["parameters"]}


@pytest.mark.parametrize(
    ("path", "address", "excluded"),
    [
        ("/api/facets", "/api/facets?facet=label", set()),
        ("/api/pictures/random", "/api/pictures/random?", {"document", "page"}),
        ("/api/books/{book_id}/pictures", f"/api/books/{quote(KYST.id, safe='')}/pictures?", {"document", "book"}),
        (
            "/api/pictures/{picture_id}/copies",
            f"/api/pictures/{picture_id(0)}/copies?",
            {"document", *FILTERS},
        ),
    ],
)
def test_unsupported_parameters_are_neither_described_nor_accepted(
    api_client: ApiClient, openapi_paths: dict[str, Any], path: str, address: str, excluded: set[str]
) -> None:
    accepted = {"document", *FILTERS, "page", "size"} - excluded
    assert parameter_names(openapi_paths, path) & set(API_PARAMETERS) == accepted
    assert api_client.get(address).status_code == 200
    for name in set(API_PARAMETERS) - accepted:
        response = api_client.get(f"{address}&{name}=1")
        assert (response.status_code, f"does not take the parameter `{name}`" in response.json()["detail"]) == (
            400,
            True,
        )


class TestPages:
    """The pages."""

    def test_the_start_page_shows_the_collection(self, api_client: ApiClient) -> None:
        response = api_client.get("/")
        assert response.status_code == 200
        assert "12" in response.text
        assert "<figure" in response.text, "the picture of the day"

    def test_the_proposed_searches_have_results(self, api_client: ApiClient) -> None:
        proposed_searches = re.findall(r'href="(/\?q=[^"&]+)"', api_client.get("/").text)
        assert len(proposed_searches) >= 3
        for address in proposed_searches:
            assert "/pictures/" in api_client.get(address).text

    def test_a_search_is_a_page_or_its_results_for_htmx(self, api_client: ApiClient) -> None:
        full_response, partial_response = (
            api_client.get("/?q=puffin"),
            api_client.get("/?q=puffin", headers={"HX-Request": "true"}),
        )
        assert "<html" in full_response.text
        assert "<html" not in partial_response.text
        assert all(
            "puffin" in htmx_or_full_response.text for htmx_or_full_response in (full_response, partial_response)
        )
        assert full_response.headers["vary"].count("HX-Request") == 1
        restored_response = api_client.get(
            "/?q=puffin", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
        )
        assert "<html" in restored_response.text

    def test_an_upload_redirects_to_a_url_that_can_be_saved(self, api_client: ApiClient) -> None:
        response = api_client.post("/", files=scaled_copy_upload(8), data={"q": "hjul"}, follow_redirects=False)
        assert response.status_code == 303
        assert response.headers["location"].startswith("/?q=hjul&vector=")
        assert api_client.get(response.headers["location"]).text.count("Dampmaskinen") >= 1

    def test_an_upload_stays_with_the_pictures_of_the_forms_own_address(self, api_client: ApiClient) -> None:
        like = quote(picture_id(4))
        response = api_client.post(f"/?like={like}&vector=", files=scaled_copy_upload(8), follow_redirects=False)
        assert response.headers["location"].startswith(f"/?like={quote(picture_id(4), safe='')}&vector=")

    def test_scripts_get_the_address_of_the_results_or_the_sentence(self, api_client: ApiClient) -> None:
        headers = {"HX-Request": "true"}
        response = api_client.post("/", files=scaled_copy_upload(8), headers=headers, follow_redirects=False)
        assert (response.status_code, response.content) == (204, b"")
        assert response.headers["hx-redirect"].startswith("/?vector=")
        response = api_client.post("/", files={"image": ("a.txt", b"hello", "text/plain")}, headers=headers)
        assert response.status_code == 400
        assert '<div class="problem"' in response.text
        assert "<html" not in response.text

    def test_the_address_of_an_own_picture_becomes_its_id(self, api_client: ApiClient) -> None:
        path = f"/pictures/{quote(picture_id(4), safe='')}"
        response = api_client.post("/", data={"q": "sea", "address": f"http://testserver.local{path}"}, files=NO_FILE)
        assert response.status_code == 200
        assert response.url.params.get("like") == picture_id(4)
        by_image = api_client.get("/api/search", params={"image": f"http://testserver.local{path}"}).json()
        by_id = api_client.get("/api/search", params={"like": picture_id(4)}).json()
        assert [hit["id"] for hit in by_image["hits"]] == [hit["id"] for hit in by_id["hits"]]

    def test_an_address_of_another_host_is_refused_if_none_is_allowed(self, api_client: ApiClient) -> None:
        assert 'name="address"' in api_client.get("/").text, "those of this collection need no setting"
        response = api_client.post("/", data={"address": "https://example.org/a.jpg"}, files=NO_FILE)
        assert response.status_code == 400
        assert "may not fetch pictures from example.org" in response.text

    def test_a_bad_upload_keeps_the_query_text(self, api_client: ApiClient) -> None:
        response = api_client.post("/", files={"image": ("a.txt", b"hello", "text/plain")}, data={"q": "puffin"})
        assert response.status_code == 400
        assert "Use JPEG, PNG" in response.text
        assert "puffin" in response.text

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/?year_from=abc", 400),
            ("/?like=nobody", 404),
            ("/pictures/nobody", 404),
            ("/nothing", 404),
            ("/?vector=x", 400),
        ],
    )
    def test_errors_are_pages(self, api_client: ApiClient, path: str, status: int) -> None:
        response = api_client.get(path)
        assert response.status_code == status
        assert response.headers["content-type"].startswith("text/html")
        assert "Traceback" not in response.text

    def test_a_search_that_cannot_be_run_can_be_changed(self, api_client: ApiClient) -> None:
        page = api_client.get("/?q=sea&like=nobody").text
        assert re.search(r'<a class="cross" href="/\?q=sea" aria-label="Remove the picture “nobody”">', page)

    def test_an_error_page_gives_advice(self, api_client: ApiClient) -> None:
        assert "a year, such as 1890" in api_client.get("/?year_from=abc").text
        assert "There is no picture" in api_client.get("/pictures/nobody").text

    def test_a_picture_has_a_page(self, api_client: ApiClient) -> None:
        response = api_client.get(f"/pictures/{picture_id(7)}")
        assert response.status_code == 200
        assert "Birds of the Fjords" in response.text
        assert "<b>Eggs" not in response.text, "what was printed is escaped"

    def test_without_a_node_or_an_index(self, client_without_node: ApiClient, client_without_index: ApiClient) -> None:
        assert client_without_node.get("/").status_code == 503
        assert client_without_node.get("/?q=fyr").status_code == 503
        start_page = client_without_index.get("/")
        assert (start_page.status_code, "frontispiece index" in start_page.text) == (200, True)
        assert client_without_index.get("/?q=fyr").status_code == 503


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("dampmaskinem", ["dampmaskinen"]),
        ("havn dampmaskinem ", ["havn dampmaskinen"]),
        ("drive", []),
        ("drive ", ["driver"]),
        ("driver", []),
    ],
)
def test_a_word_that_no_text_has_gets_another_spelling_once_it_is_complete(
    api_client: ApiClient, typed: str, corrected: list[str]
) -> None:
    """`drive` may become `driver` while it is being typed."""
    suggestions = api_client.get("/api/suggest", params={"q": typed}).json()["suggestions"]
    spellings = [suggestion for suggestion in suggestions if suggestion["group"] == "spelling"]
    assert [suggestion["text"] for suggestion in spellings] == corrected
    assert [suggestion["parameters"] for suggestion in spellings] == [{"q": text} for text in corrected]
