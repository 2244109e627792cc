"""The service over a real node, asked as a program and as a reader's browser ask it."""

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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from PIL import Image

from api.app import create_app
from api.controllers.narrowing import NARROWING
from api.search.parameters import NAMES
from api.vision.vector_codec import Packed, pack, stamp
from core.encoders.fingerprint import contract
from core.encoders.protocols import Encoder
from core.errors import EncoderUnavailable
from core.settings import Settings
from tests.node.dozen import KYST, Blocks, Colours, drawing, filled, picture, picture_id

Web = TestClient[Any]


def not_there() -> Encoder:
    raise EncoderUnavailable("siglip needs torch, not installed here: pip install 'frontispiece[models]'")


class OtherWeights(Blocks):
    revision = "2"


@pytest.fixture(scope="module")
def web(client: Elasticsearch, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    given = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path_factory.mktemp("data"), upload_bytes=200_000)
    crop = given.crops / picture(0).crop_file
    crop.parent.mkdir(parents=True)
    drawing(0).save(crop)
    (given.data / "secret.txt").write_text("not a crop")
    app = create_app(given, elasticsearch_url=node_url, encoders={"sscd": Blocks, "clip": Colours})
    with filled(client, given.alias, [Blocks(), Colours()]), TestClient(app) as web:
        yield web


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[Web]:
    """A service whose node is away."""
    with TestClient(create_app(Settings(data=tmp_path), elasticsearch_url="http://127.0.0.1:9", encoders={})) as web:
        yield web


@pytest.fixture
def empty(node_url: str, tmp_path: Path) -> Iterator[Web]:
    """A service on a node that has no index yet."""
    given = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path)
    with TestClient(create_app(given, elasticsearch_url=node_url, encoders={"sscd": Blocks})) as web:
        yield web


def ask(web: Web, **params: Any) -> dict[str, Any]:
    answer = web.get("/api/search", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def ids(page: dict[str, Any]) -> list[str]:
    return [hit["id"] for hit in page["hits"]]


def jpeg(image: Image.Image) -> dict[str, tuple[str, bytes, str]]:
    file = BytesIO()
    image.save(file, "JPEG", quality=80)
    return {"image": ("copy.jpg", file.getvalue(), "image/jpeg")}


def copy(number: int) -> dict[str, tuple[str, bytes, str]]:
    """A scaled copy of a picture of the index, as a file to upload."""
    return jpeg(drawing(number).resize((150, 170)))


def test_words_find_pictures_with_highlights_facets_and_scores(web: Web) -> None:
    page = ask(web, q="fyrtårnet", model="sscd")
    assert ids(page) == [picture_id(0), picture_id(1)]
    first = page["hits"][0]
    assert first["highlights"]["caption"] == ["<em>Fyrtårnet</em> ved Lindesnes"]
    assert first["scores"].keys() == {"caption", "page_text"}
    counts = {each["value"]: (each["count"], each["all"]) for each in page["facets"]["publisher"]}
    assert counts == {"Aschehoug": (2, 4), "Cammermeyer": (0, 4), "Macmillan": (0, 4)}


def test_a_model_that_knows_words_is_asked_them_too(web: Web) -> None:
    page = ask(web, q="red")
    assert ids(page)[0] == picture_id(11)
    assert page["models"] == ["clip"]
    assert ask(web, q="red", model="sscd")["total"] == 0


def test_more_like_this_leaves_the_picture_itself_out(web: Web) -> None:
    page = ask(web, like=picture_id(3))
    assert page["total"] == 11
    assert picture_id(3) not in ids(page)
    assert set(page["models"]) == {"sscd", "clip"}


@pytest.mark.parametrize(
    "params", [{"q": "fyrtårnet"}, {"like": picture_id(0)}, {"q": "red", "like": picture_id(0)}, {}]
)
def test_a_year_that_excludes_everything_gives_an_empty_page(web: Web, params: dict[str, str]) -> None:
    page = ask(web, **params, year_from=2900)
    assert (page["total"], page["hits"], page["pages"]) == (0, [], 0)


def test_pages_follow_each_other_without_gaps(web: Web) -> None:
    whole = ids(ask(web, like=picture_id(0), size=12))
    pages = [ask(web, like=picture_id(0), size=5, page=number) for number in (1, 2, 3, 4)]
    assert [each for page in pages for each in ids(page)] == whole
    assert {(page["total"], page["pages"]) for page in pages} == {(11, 3)}


def test_empty_fields_of_a_form_mean_nothing(web: Web) -> None:
    answer = web.get("/api/search?q=puffin&year_from=&year_to=&page=&size=&publisher=&model=&like=&vector=")
    assert answer.status_code == 200
    assert ids(answer.json())[0] == picture_id(5)


def test_an_uploaded_copy_finds_its_original_and_its_address_can_be_kept(web: Web) -> None:
    answer = web.post("/api/search", files=copy(8))
    assert answer.status_code == 200
    page = answer.json()
    assert ids(page)[0] == picture_id(8)
    again = ask(web, vector=page["vector"])
    assert ids(again)[0] == picture_id(8)
    assert ids(ask(web, vector=page["vector"], publisher="Macmillan", size=1))[0] != picture_id(8)


def test_words_and_copy_in_one_request_rank_their_picture_first(web: Web) -> None:
    page = web.post("/api/search", files=copy(9), data={"q": "dampmaskinen"}).json()
    assert ids(page)[0] == picture_id(9)
    assert page["hits"][0]["scores"].keys() >= {"context", "sscd", "clip"}


def test_an_upload_is_narrowed_by_the_fields_beside_it(web: Web) -> None:
    fields = {"publisher": ["Macmillan", ""], "year_from": "1890", "year_to": "", "size": "", "q": "", "model": "sscd"}
    page = web.post("/api/search", files=copy(0), data=fields).json()
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
def test_each_field_of_the_form_does_what_the_parameter_of_its_name_does(
    web: Web, field: str, value: str, total: int
) -> None:
    page = web.post("/api/search", files=copy(0), data={field: value, "model": "sscd"}).json()
    same = ask(web, vector=page["vector"], model="sscd", **{field: value})
    assert page["total"] == same["total"] == total
    assert page["size"] == same["size"] == (5 if field == "size" else 24)
    assert len(ids(page)) == min(total, page["size"])


def test_a_picture_is_its_document_without_vectors(web: Web) -> None:
    record = web.get(f"/api/pictures/{picture_id(4)}").json()
    assert record["id"] == picture_id(4)
    assert record["caption"] == {"text": "The white-tailed eagle", "confidence": 0.9}
    assert "page_text" in record
    assert not {"vectors", "score", "scores"} & record.keys()


def test_crops_are_served_and_nothing_beside_them(web: Web) -> None:
    crop = web.get(ask(web, q="lindesnes")["hits"][0]["image"])
    assert crop.status_code == 200
    assert crop.headers["content-type"] == "image/jpeg"
    assert "max-age=604800" in crop.headers["cache-control"]
    for path in ("../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "aa/../../secret.txt", "aa", "", "aa/9.jpg"):
        answer = web.get(f"/crops/{path}")
        assert answer.status_code == 404, path
        assert "secret" not in answer.text or "/" not in answer.json()["detail"], "no path of the machine is told"


BAD = {
    "year_from=abc": "a year, such as 1890",
    "year_to=18.5": "a year",
    "page=0": "a whole number, from 1",
    "page=x": "a whole number, from 1",
    "size=101": "from 1 to 100",
    "size=100&page=101": "narrow the search",
    "model=vgg": "It has: sscd, clip",
    "vector=rubbish": "Upload the picture again",
    "year_from=99999999999999": "a year",
    "%ff=1": "There is no parameter",
    "q=fyr&forlag=x": "There is no parameter `forlag`",
}


@pytest.mark.parametrize("query", BAD)
def test_a_bad_parameter_is_told_what_to_do(web: Web, query: str) -> None:
    answer = web.get(f"/api/search?{query}")
    assert (answer.status_code, answer.json()["status_code"]) == (400, 400)
    assert BAD[query] in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/api/search?like=nobody", "/api/pictures/nobody", "/api/nothing"])
def test_what_is_not_there_is_404_with_a_sentence(web: Web, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is no")


BAD_UPLOADS: dict[str, tuple[dict[str, Any], int, str]] = {
    "text": ({"files": {"image": ("a.txt", b"hello", "text/plain")}}, 400, "use JPEG, PNG"),
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
def test_a_bad_upload_is_told_what_to_do(web: Web, case: str) -> None:
    request, status, sentence = BAD_UPLOADS[case]
    answer = web.post("/api/search", **request)
    assert answer.status_code == status, answer.text
    assert sentence in answer.json()["detail"]


@given(typed=st.text(max_size=600))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered(web: Web, typed: str) -> None:
    assert web.get("/api/search", params={"q": typed, "size": 1}).status_code == 200


@pytest.mark.parametrize(
    "raw", ["q=%ff%fe", "q=%00", "q=%ed%a0%80", "q=a&q=b", "q", "&&=&", "q=" + "%F0%9F%90%8B" * 300]
)
def test_broken_addresses_are_answered_or_refused_with_a_sentence(web: Web, raw: str) -> None:
    assert web.get(f"/api/search?{raw}").status_code == 200


def test_the_health_of_a_whole_service(web: Web) -> None:
    answer = web.get("/health")
    state = answer.json()
    assert (answer.status_code, state["status"], state["node"], state["pictures"]) == (200, "ok", True, 12)
    assert [(model["name"], model["usable"]) for model in state["models"]] == [("sscd", True), ("clip", True)]


def test_models_that_cannot_be_asked_say_why_and_words_still_work(
    client: Elasticsearch, node_url: str, tmp_path: Path
) -> None:
    given = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path)
    app = create_app(given, elasticsearch_url=node_url, encoders={"sscd": OtherWeights, "clip": not_there})
    with filled(client, given.alias, [Blocks(), Colours()]), TestClient(app) as web:
        state = web.get("/health").json()
        assert state["status"] == "degraded"
        problems = {model["name"]: model["problem"] for model in state["models"]}
        assert "revision '1'" in problems["sscd"]
        assert "pip install" in problems["clip"]
        assert ids(ask(web, q="puffin"))[0] == picture_id(5)
        assert ask(web, like=picture_id(3))["total"] == 11, "the index has the picture's own vectors"
        refused = web.post("/api/search", files=copy(3))
        assert (refused.status_code, "words still do" in refused.json()["detail"]) == (503, True)


def test_a_model_that_the_settings_leave_out_is_not_loaded(web: Web, node_url: str, tmp_path: Path) -> None:
    alias = web.get("/health").json()["index"].removesuffix("-v1")
    given = Settings(alias=alias, data=tmp_path, models="vit, siglip")
    with TestClient(create_app(given, elasticsearch_url=node_url)) as other:
        states = other.get("/health").json()["models"]
    assert {model["name"]: "left out by the setting" in model["problem"] for model in states} == {
        "sscd": True,
        "clip": True,
    }


def test_an_address_kept_from_other_weights_is_refused(
    client: Elasticsearch, node_url: str, tmp_path: Path, web: Web
) -> None:
    kept = web.post("/api/search", files=copy(8), data={"model": "sscd"}).json()["vector"]
    given = Settings(alias=f"test-{uuid.uuid4().hex}", data=tmp_path)
    app = create_app(given, elasticsearch_url=node_url, encoders={"sscd": OtherWeights})
    with filled(client, given.alias, [OtherWeights()]), TestClient(app) as other:
        answer = other.get("/api/search", params={"vector": kept})
        assert (answer.status_code, "upload it again" in answer.json()["detail"]) == (400, True)


def test_an_address_with_too_few_numbers_for_the_models_field_is_refused(web: Web) -> None:
    """Elasticsearch would refuse it too, but as a failure of ours."""
    short = pack({"sscd": Packed(stamp(contract(Blocks())), np.array([0.6, 0.8], np.float32))})
    answer = web.get("/api/search", params={"vector": short})
    assert (answer.status_code, "upload it again" in answer.json()["detail"]) == (400, True)


def test_without_a_node_everything_says_so_and_leaks_nothing(nowhere: Web) -> None:
    for path in ("/api/search?q=fyr", "/api/search?like=x", "/api/pictures/x", "/health"):
        answer = nowhere.get(path)
        assert answer.status_code == 503, path
        assert "try again" in answer.text
        assert not re.search(r"Traceback|127\.0\.0\.1|Connect", answer.text)
    assert nowhere.post("/api/search", files=copy(0)).status_code == 503


def test_without_an_index_the_reader_is_told_how_to_make_one(empty: Web) -> None:
    for path in ("/api/search?q=fyr", "/api/pictures/x", "/health"):
        answer = empty.get(path)
        assert answer.status_code == 503, path
        assert "frontispiece index" in answer.text


def test_every_answer_has_its_security_headers_and_programs_may_come_from_anywhere(web: Web) -> None:
    headers = web.get("/api/search", headers={"Origin": "https://example.org"}).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; img-src 'self' https: http: data:")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["access-control-allow-origin"] == "*"


@pytest.fixture(scope="module")
def described(web: Web) -> dict[str, Any]:
    whole = json.loads(web.get("/schema").text)
    assert whole == json.loads(web.get("/schema/openapi.json").text)
    assert whole["info"]["title"] == "Frontispiece"
    return dict(whole["paths"])


def test_the_description_tells_what_each_address_and_parameter_is_with_an_example(described: dict[str, Any]) -> None:
    for path, operations in described.items():
        for operation in operations.values():
            assert operation.get("summary"), path
            assert operation.get("description"), path
            parameters = operation.get("parameters", [])
            assert [each["name"] for each in parameters if not (each.get("description") and each.get("examples"))] == []
    assert described["/api/search"]["post"]["requestBody"]["content"].keys() == {"multipart/form-data"}
    assert {"200", "400", "404", "413", "503"} <= described["/api/search"]["post"]["responses"].keys()


def described_parameters(described: dict[str, Any], path: str) -> set[str]:
    return {each["name"] for each in described[path]["get"]["parameters"]}


@pytest.mark.parametrize("path", ["/api/search", "/api/export/{form}", "/iiif/search", "/iiif/search/annotations"])
def test_whatever_can_be_asked_is_described(described: dict[str, Any], path: str) -> None:
    assert described_parameters(described, path) - {"form"} == set(NAMES)


@pytest.mark.parametrize(
    ("path", "address", "without"),
    [
        ("/api/facets", "/api/facets?facet=label", set()),
        ("/api/pictures/random", "/api/pictures/random?", {"document", "page"}),
        ("/api/books/{book_id}/pictures", f"/api/books/{quote(KYST.id, safe='')}/pictures?", {"document"}),
        ("/api/pictures/{picture_id}/copies", f"/api/pictures/{picture_id(0)}/copies?", {"document", *NARROWING}),
    ],
)
def test_what_has_no_part_in_an_address_is_neither_described_nor_taken(
    web: Web, described: dict[str, Any], path: str, address: str, without: set[str]
) -> None:
    taken = {"document", *NARROWING, "page", "size"} - without
    assert described_parameters(described, path) & set(NAMES) == taken
    assert web.get(address).status_code == 200
    for name in set(NAMES) - taken:
        answer = web.get(f"{address}&{name}=1")
        assert (answer.status_code, f"`{name}` has no part" in answer.json()["detail"]) == (400, True)


class TestPages:
    """The same for a reader."""

    def test_the_start_page_shows_the_collection(self, web: Web) -> None:
        answer = web.get("/")
        assert answer.status_code == 200
        assert "12" in answer.text
        assert "Maskinlære" in answer.text

    def test_the_words_that_it_proposes_find_something(self, web: Web) -> None:
        proposed = re.findall(r'href="(/\?q=[^"&]+)"', web.get("/").text)
        assert len(proposed) >= 3
        for address in proposed:
            assert "/pictures/" in web.get(address).text

    def test_a_search_is_a_page_and_a_part_of_it_for_htmx(self, web: Web) -> None:
        whole, part = web.get("/?q=puffin"), web.get("/?q=puffin", headers={"HX-Request": "true"})
        assert "<html" in whole.text
        assert "<html" not in part.text
        assert all("puffin" in each.text for each in (whole, part))
        assert whole.headers["vary"].count("HX-Request") == 1
        restored = web.get("/?q=puffin", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
        assert "<html" in restored.text

    def test_an_upload_leads_to_an_address_that_can_be_kept(self, web: Web) -> None:
        answer = web.post("/", files=copy(8), data={"q": "hjul"}, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/?q=hjul&vector=")
        assert web.get(answer.headers["location"]).text.count("Dampmaskinen") >= 1

    def test_a_bad_upload_keeps_the_readers_words(self, web: Web) -> None:
        answer = web.post("/", files={"image": ("a.txt", b"hello", "text/plain")}, data={"q": "puffin"})
        assert answer.status_code == 400
        assert "use JPEG, PNG" in answer.text
        assert "puffin" in answer.text

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
    def test_errors_are_pages(self, web: Web, path: str, status: int) -> None:
        answer = web.get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert "Traceback" not in answer.text

    def test_an_error_page_says_what_to_do(self, web: Web) -> None:
        assert "a year, such as 1890" in web.get("/?year_from=abc").text
        assert "There is no picture" in web.get("/pictures/nobody").text

    def test_a_picture_has_a_page(self, web: Web) -> None:
        answer = web.get(f"/pictures/{picture_id(7)}")
        assert answer.status_code == 200
        assert "Birds of the Fjords" in answer.text
        assert "<b>Eggs" not in answer.text, "what was printed is escaped"

    def test_without_a_node_or_an_index(self, nowhere: Web, empty: Web) -> None:
        assert nowhere.get("/").status_code == 503
        assert nowhere.get("/?q=fyr").status_code == 503
        start = empty.get("/")
        assert (start.status_code, "frontispiece index" in start.text) == (200, True)
        assert empty.get("/?q=fyr").status_code == 503
