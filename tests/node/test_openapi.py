"""The API does what its OpenAPI description says, on a real server and with any input."""

import base64
import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from api.app import create_app
from core.settings import Settings
from tests.live_server import run_live_server
from tests.node.twelve_pictures import KYST, ColourGridEncoder, ColourNameEncoder, picture_id, temporary_collection

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
FEW_EXAMPLES = settings(max_examples=25)


@pytest.fixture(scope="module")
def service_url(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    service_settings = Settings(
        alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"), max_upload_bytes=200_000
    )
    app = create_app(
        service_settings,
        elasticsearch_url=node_url,
        encoder_loaders={"sscd": ColourGridEncoder, "clip": ColourNameEncoder},
    )
    with (
        temporary_collection(client, service_settings.alias, [ColourGridEncoder(), ColourNameEncoder()]),
        run_live_server(app) as service_url,
    ):
        yield service_url


@pytest.fixture(scope="module")
def api_client(service_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service_url) as api_client:
        yield api_client


@pytest.fixture(scope="module")
def openapi_schema(service_url: str) -> Any:
    return schemathesis.openapi.from_url(f"{service_url}/schema/openapi.json")


VALID, INVALID = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
BOTH = (VALID, INVALID)

OPERATIONS: dict[tuple[str, str], tuple[GenerationMode, ...]] = {
    ("/api/search", "GET"): BOTH,
    ("/api/search", "POST"): BOTH,
    ("/api/suggest", "GET"): BOTH,
    ("/api/facets", "GET"): BOTH,
    ("/api/export/{format_name}", "GET"): BOTH,
    ("/api/pictures/random", "GET"): BOTH,
    ("/api/pictures/{picture_id}", "GET"): (VALID,),
    ("/api/pictures/{picture_id}/similar", "GET"): BOTH,
    ("/api/pictures/{picture_id}/copies", "GET"): BOTH,
    ("/api/pictures/{picture_id}/neighbours", "GET"): (VALID,),
    ("/api/pictures/{picture_id}/export/{format_name}", "GET"): BOTH,
    ("/api/books/{book_id}", "GET"): (VALID,),
    ("/api/books/{book_id}/pictures", "GET"): BOTH,
    ("/api/list", "GET"): BOTH,
    ("/api/list/{format_name}", "GET"): BOTH,
    ("/iiif/list", "GET"): BOTH,
    ("/iiif/search", "GET"): BOTH,
    ("/iiif/search/annotations", "GET"): BOTH,
    ("/iiif/books/{book_id}/search", "GET"): BOTH,
    ("/iiif/books/{book_id}/manifest", "GET"): (VALID,),
    ("/iiif/books/{book_id}/pictures", "GET"): (VALID,),
    ("/iiif/books/{book_id}/pages/{number}/pictures", "GET"): BOTH,
    ("/iiif/pictures/{picture_id}/manifest", "GET"): (VALID,),
    ("/iiif/image/{identifier}/info.json", "GET"): (VALID,),
    ("/iiif/image/{identifier}/{region}/{size}/{rotation}/{file}", "GET"): (VALID,),
    ("/health", "GET"): (VALID,),
}
"""Every described operation. An operation that takes only an id has no invalid requests of its own."""

KNOWN_PATH_PARAMETERS = {"picture_id": picture_id(3), "identifier": picture_id(3), "book_id": KYST.id, "number": 4}


def test_every_operation_is_tested(service_url: str) -> None:
    paths = httpx.get(f"{service_url}/schema/openapi.json").json()["paths"]
    assert {(path, method.upper()) for path, operations in paths.items() for method in operations} == OPERATIONS.keys()


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [(path, method, mode) for (path, method), modes in OPERATIONS.items() for mode in modes],
)
@given(data=st.data())
@FEW_EXAMPLES
def test_responses_match_their_description(
    openapi_schema: Any, path: str, method: str, mode: GenerationMode, data: st.DataObject
) -> None:
    """Valid and invalid requests made from the description; every second one is for an existing picture or book."""
    case = data.draw(openapi_schema[path][method].as_strategy(generation_mode=mode))
    if data.draw(st.booleans()):
        case.path_parameters.update(
            {name: value for name, value in KNOWN_PATH_PARAMETERS.items() if name in case.path_parameters}
        )
    case.call_and_validate(checks=CHECKS)


def refusal_sentence(response: httpx.Response) -> str:
    """Return the sentence of an error response, after checking that it is complete and reveals no internals."""
    problem = response.json()
    assert problem["status_code"] == response.status_code
    detail = str(problem["detail"])
    assert detail.endswith((".", ")")), detail
    assert len(detail) < 600
    leak = re.search(
        r"Traceback|Error\b|Exception|_exception|site-packages|/tmp|127\.0\.0\.1|msgspec|dense_vector", detail
    )
    assert leak is None, detail
    return detail


QUERY_TEXTS = [
    "\x00\x01\x7f\u200b\ufeff", "x" * 10_000, "fyr " * 2_500, "\U0001f40b" * 3_000, "null", "NaN", "*", "*:*", "/.*/",
    '"fyr" AND (title:x OR', "caption.text:/(a+)+$/", "_exists_:title", "fyr~9999", "+-=&&||><!(){}[]^\"~*?:\\/",
    '{"match_all":{}}', "<script>alert(1)</script>", "'; DROP TABLE pictures; --", "%00%ff%", "{{7*7}}", "\u202eryf",
    "שלום עולם", "灯台の絵", "ﬁſh", "e\u0301" * 200, "-", "…", "a=b", "=", "==",
]  # fmt: skip


@pytest.mark.parametrize("query_text", QUERY_TEXTS)
def test_unusual_query_texts_are_answered(api_client: httpx.Client, query_text: str) -> None:
    for path in ("/api/search", "/"):
        assert api_client.get(path, params={"q": query_text}).status_code == 200, path


@given(query_text=st.text(max_size=300))
@FEW_EXAMPLES
def test_any_query_text_is_answered_with_a_page(api_client: httpx.Client, query_text: str) -> None:
    assert api_client.get("/", params={"q": query_text, "size": 1}).status_code == 200


UNKNOWN_IDS = [
    "...",
    "../..",
    "a/b",
    "%",
    "%2e%2e%2f",
    "%00",
    "\x00",
    "x" * 600,
    "x" * 20_000,
    "a?b#c",
    "*",
    "_search",
    "é/ø",
    "\u202e",
]


PICTURE_PATHS = (
    "/api/pictures/{}",
    "/api/pictures/{}/copies",
    "/api/pictures/{}/neighbours",
    "/api/pictures/{}/export/ris",
    "/api/pictures/{}/similar",
    "/iiif/pictures/{}/manifest",
    "/iiif/image/{}/info.json",
    "/iiif/image/{}/full/max/0/default.jpg",
)
BOOK_PATHS = (
    "/api/books/{}",
    "/api/books/{}/pictures",
    "/iiif/books/{}/manifest",
    "/iiif/books/{}/pictures",
    "/iiif/books/{}/pages/1/pictures",
    "/iiif/books/{}/search",
)


@pytest.mark.parametrize("picture", UNKNOWN_IDS)
def test_unknown_ids_give_404(api_client: httpx.Client, picture: str) -> None:
    name = quote(picture, safe="")
    for path in (
        *(path_template.format(name) for path_template in PICTURE_PATHS + BOOK_PATHS),
        f"/pictures/{name}",
        f"/books/{name}",
    ):
        response = api_client.get(path)
        assert response.status_code == 404, path
        assert "There is no" in response.text or path.startswith(("/pictures", "/books"))
    response = api_client.get("/api/search", params={"like": picture})
    assert response.status_code in (400, 404)
    refusal_sentence(response)


STATUS_BY_QUERY = {
    **{f"page={page}": status for page, status in {"1": 200, "0": 400, "-1": 400, "10000": 200, "1e3": 200}.items()},
    **{f"size={size}": status for size, status in {"1": 200, "100": 200, "0": 400, "101": 400, "9" * 30: 400}.items()},
    "page=100&size=100": 200,
    "page=101&size=100": 200,
    "page=1000000000": 200,
    "page=1000000001": 400,
    **{f"year_from={year}": 400 for year in ("NaN", "Infinity", "99999", "-10000", "1880.5", "0x76c", "true")},
    **{f"year_to={year}": 200 for year in ("-1", "0", "-9999", "9999")},
    "year_from=1900&year_to=1850": 200,
    "year_from=1880&year_from=1890": 400,
    "size=5&size=6": 400,
    "publisher=" + "x" * 1025: 400,
    "&".join(["label=x"] * 51): 400,
    "model=sscd&model=nothing": 400,
    "like=" + "x" * 1025: 400,
    "Q=fyr": 400,
    "utm_source=x": 400,
    **{f"balance={share}": 200 for share in ("0", "1", "0.5", "1e-9")},
    **{f"balance={share}": 400 for share in ("-0.1", "1.1", "NaN", "Infinity", "half")},
    **{f"{name}=x": 400 for name in ("match", "fusion", "document", "group", "sort", "has_caption", "hidden")},
    **{f"{name}=": 200 for name in ("match", "fusion", "document", "group", "sort", "has_caption", "hidden")},
    "document=picture&document=page&document=book&document=picture": 200,
    "&".join(["document=page"] * 51): 400,
    **{f"model=sscd^{weight}": 200 for weight in ("2", "0.001", "100", "%2B1")},
    **{f"model=sscd^{weight}": 400 for weight in ("0", "-1", "101", "NaN", "1e999", "")},
    **{f"fusion={fusion}&page=201&size=50": 200 for fusion in ("sum", "convex", "rrf")},
    **{f"fusion={fusion}&page=200&size=50": 200 for fusion in ("sum", "convex", "rrf")},
    **{f"group=book&size={size}&page=100": 200 for size in (1, 100)},
    "image=file:///etc/passwd": 400,
    "image=http://169.254.169.254/": 400,
}


@pytest.mark.parametrize("query", STATUS_BY_QUERY)
def test_the_limits_of_each_parameter(api_client: httpx.Client, query: str) -> None:
    response = api_client.get(f"/api/search?{query}")
    assert response.status_code == STATUS_BY_QUERY[query], response.text
    if response.status_code == 400:
        refusal_sentence(response)


STATUS_BY_PATH = {
    "/api/facets?facet=publisher&page=100&size=100": 200,
    "/api/facets?facet=publisher&page=101&size=100": 200,
    "/api/facets?facet=publisher&page=10000&size=1": 200,
    "/api/pictures/random?size=100&seed=0": 200,
    "/api/pictures/random?size=101": 400,
    "/api/pictures/random?seed=2147483647": 200,
    "/api/pictures/random?seed=2147483648": 400,
    "/api/pictures/random?seed=-1": 400,
    "/api/books/{book}/pictures?page=100&size=100": 200,
    "/api/books/{book}/pictures?page=101&size=100": 200,
    "/api/pictures/{picture}/copies?page=10000&size=1": 200,
    "/api/pictures/{picture}/similar?page=100&size=100": 200,
    "/api/pictures/{picture}/similar?page=101&size=100": 200,
    "/api/export/csv?page=9999&size=1": 400,
    "/api/export/xlsx": 400,
    "/api/pictures/{picture}/export/xlsx": 400,
    "/api/pictures/{picture}/export/csv": 200,
    "/iiif/books/{book}/search?q=havet&page=500": 200,
    "/iiif/books/{book}/search?q=havet&page=501": 200,
    "/iiif/books/{book}/pages/2147483647/pictures": 200,
    "/iiif/books/{book}/pages/9223372036854775808/pictures": 200,
    "/iiif/books/{book}/pages/-1/pictures": 200,
    "/iiif/search?page=100&size=100": 200,
    "/iiif/search?page=101&size=100": 200,
}


@pytest.mark.parametrize("path_template", STATUS_BY_PATH)
def test_the_limits_of_each_list(api_client: httpx.Client, path_template: str) -> None:
    ids = {"book": quote(KYST.id, safe=""), "picture": quote(picture_id(3), safe="")}
    response = api_client.get(path_template.format_map(ids))
    assert response.status_code == STATUS_BY_PATH[path_template], response.text
    if response.status_code == 400:
        refusal_sentence(response)


def test_a_page_ignores_tracking_parameters(api_client: httpx.Client) -> None:
    assert api_client.get("/?q=puffin&utm_source=newsletter&fbclid=1").status_code == 200


def encode_vector(name: str, vector_bytes: bytes) -> str:
    return f"{name}.{base64.urlsafe_b64encode(vector_bytes).rstrip(b'=').decode()}"


VECTORS = [
    "x", "~", "sscd.", ".AAAA", "sscd.AAAA", "sscd.A", encode_vector("sscd", bytes(516)),
    encode_vector("sscd", b"abcd" + b"\x01" * 512),
    encode_vector("sscd", b"\x7f" * 5_000), encode_vector("vgg", b"\x01" * 100), "sscd." + "A" * 30_000, "../../etc",
    "[1,2,3]", "null",
    "sscd.AAAA~sscd.AAAA", "sscd.äöü", "~".join(["sscd.AQEBAQE"] * 500),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS)
def test_a_vector_that_no_upload_returned_is_refused(api_client: httpx.Client, vector: str) -> None:
    response = api_client.get("/api/search", params={"vector": vector})
    assert response.status_code == 400
    assert "pload" in refusal_sentence(response)
    assert api_client.get("/", params={"vector": vector}).status_code == 400


@given(
    vector=st.one_of(
        st.text(max_size=80), st.binary(max_size=600).map(lambda vector_bytes: encode_vector("sscd", vector_bytes))
    )
)
@FEW_EXAMPLES
def test_any_vector_parameter_is_accepted_or_refused(api_client: httpx.Client, vector: str) -> None:
    assert api_client.get("/api/search", params={"vector": vector, "size": 1}).status_code in (200, 400)


def test_a_picture_is_found_by_its_id(api_client: httpx.Client) -> None:
    response = api_client.get(f"/api/pictures/{quote(picture_id(3), safe='')}")
    assert response.json()["id"] == picture_id(3)
