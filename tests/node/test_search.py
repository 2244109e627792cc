"""Text and vector search in one `_search` on a real node: order, scores per clause, filters and exclusions."""

import uuid
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, get_args

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from api.app import create_app
from api.elasticsearch import queries
from api.elasticsearch.hits import read_hit, read_named_picture
from api.elasticsearch.queries.start_page import plates_query
from api.elasticsearch.search_results import read_search_results
from api.responses import ResultPage
from api.search.boosts import BOOSTS
from api.search.choices import DOCUMENT_TYPES, Fusion
from api.search.query_syntax import parse_query_text
from api.search.query_text import MAX_CHARACTERS, clean_query_text
from api.search.request import SearchRequest
from api.search.result_pages import build_result_page
from core.settings import Settings
from tests.node.twelve_pictures import ColourGridEncoder, ColourNameEncoder, drawing, picture_id, temporary_collection

GRID_ENCODER, NAME_ENCODER = ColourGridEncoder(), ColourNameEncoder()
RunSearch = Callable[..., ResultPage]
ApiClient = TestClient[Any]


@pytest.fixture(scope="module")
def alias(client: Elasticsearch) -> Iterator[str]:
    alias = f"test-{uuid.uuid4().hex}"
    with temporary_collection(client, alias, [GRID_ENCODER, NAME_ENCODER]):
        yield alias


@pytest.fixture
def run_search(client: Elasticsearch, alias: str) -> RunSearch:
    """Return a function that searches by words, by the picture of this number, by text vectors, and with filters."""

    def search_index(
        query_text: str = "", picture_number: int | None = None, *, size: int = 12, **parameters: Any
    ) -> ResultPage:
        image_vectors = (
            {"sscd": GRID_ENCODER.encode_images([drawing(picture_number)])[0].tolist()}
            if picture_number is not None
            else {}
        )
        image_vectors = parameters.pop("image_vectors", image_vectors)
        query_options = {
            name: parameters.pop(name) for name in ("text_vectors", "model_weights", "balance") if name in parameters
        }
        excluded_ids = parameters.pop("excluded_ids", ())
        search_request = SearchRequest(query_text=query_text).with_changes(**parameters)
        filters = queries.filter_clauses(search_request)
        body = queries.hybrid_query(
            parse_query_text(clean_query_text(query_text)),
            image_vectors,
            size=size,
            filters=filters,
            aggregations=queries.facet_aggregations(search_request),
            **query_options,
        )
        ranking, counts = queries.split_counts(queries.exclude_pictures(body, excluded_ids))
        response = client.search(index=alias, body=ranking, include_named_queries_score=True)
        counts_response = client.search(index=alias, body=counts).body if counts else None
        boosts = {
            clause["_name"]: clause["boost"] for clause in body.get("knn", []) if clause["_name"] in image_vectors
        }
        results = read_search_results(response.body, boosts, counts_response)
        return build_result_page(results, {}, search_request, list(image_vectors))

    return search_index


def picture_numbers(hits: list[Any]) -> list[int]:
    """Return the picture numbers of hits, given as objects or as JSON."""
    ids = [page_hit["id"] if isinstance(page_hit, dict) else page_hit.id for page_hit in hits]
    return [int(hit_id.split(":")[0].removeprefix("page_")) for hit_id in ids]


def test_word_finds_pictures_and_captions_rank_first(run_search: RunSearch) -> None:
    page = run_search("fyrtårnet")
    assert picture_numbers(page.hits) == [0, 1]
    assert page.total == 2
    assert set(page.hits[0].scores) == {"caption", "caption_head", "page_text"}
    assert sum(page.hits[0].scores.values()) == pytest.approx(page.hits[0].score, rel=1e-4)
    assert sum(page.hits[0].score_shares.values()) == pytest.approx(1)


def test_copy_ranks_first_with_cosine_one(run_search: RunSearch) -> None:
    first = run_search(picture_number=7).hits[0]
    assert picture_numbers([first]) == [7]
    assert first.scores["sscd"] == pytest.approx(BOOSTS.knn_boost, rel=0.01)
    assert first.similarities["sscd"] == pytest.approx(1, abs=0.02)


def test_words_with_a_copy_rank_their_picture_first(run_search: RunSearch) -> None:
    page = run_search("dampmaskinen", picture_number=9)
    assert picture_numbers(page.hits)[0] == 9
    assert {"sscd", "context"} <= set(page.hits[0].scores)


def test_copy_without_the_word_ranks_above_a_frequent_word(run_search: RunSearch) -> None:
    """ "og" is in the text of half of the pictures, but not of number 6."""
    assert picture_numbers(run_search("og", picture_number=6).hits)[0] == 6


def test_balance_of_one_follows_the_picture_and_of_zero_the_words(run_search: RunSearch) -> None:
    """Number 8 has the word in its caption, number 3 is the picture."""
    assert picture_numbers(run_search("dampmaskinen", picture_number=3, balance=1.0).hits)[0] == 3
    assert picture_numbers(run_search("dampmaskinen", picture_number=3, balance=0.0).hits)[0] == 8


def test_filters_apply_to_words_and_pictures(run_search: RunSearch) -> None:
    page = run_search("fyrtårnet", picture_number=0, publisher=("Macmillan",))
    assert page.total == 4, "the nearest pictures that match the filter, although the nearest of all do not"
    assert {hit.publisher for hit in page.hits} == {"Macmillan"}


@pytest.mark.parametrize(("query_text", "picture_number"), [("fyrtårnet", None), ("", 0), ("fyrtårnet", 0), ("", None)])
def test_year_filter_without_matches_gives_an_empty_page(
    run_search: RunSearch, query_text: str, picture_number: int | None
) -> None:
    page = run_search(query_text, picture_number=picture_number, year_from=2900)
    assert (page.total, page.hits, page.pages) == (0, [], 0)


@pytest.mark.parametrize("query_text", ["fyrtårnet", ""])
def test_excluded_picture_is_neither_a_result_nor_counted(run_search: RunSearch, query_text: str) -> None:
    with_itself = run_search(query_text, picture_number=0)
    page = run_search(query_text, picture_number=0, excluded_ids=[picture_id(0)])
    assert 0 not in picture_numbers(page.hits)
    assert page.total == 11
    assert page.document_counts == {"picture": 11}
    assert with_itself.document_counts == {"picture": 12}


def test_text_vector_finds_a_picture_without_text(run_search: RunSearch) -> None:
    first = run_search("red", text_vectors={"clip": NAME_ENCODER.encode_texts(["red"])[0].tolist()}).hits[0]
    assert first.id == picture_id(11)
    assert first.scores == {"clip words": pytest.approx(BOOSTS.word_knn_boost, rel=0.01)}


def test_knn_boost_is_shared_by_model_weights(run_search: RunSearch) -> None:
    vectors_by_model = {
        encoder.name: encoder.encode_images([drawing(4)])[0].tolist() for encoder in (GRID_ENCODER, NAME_ENCODER)
    }
    assert run_search(image_vectors=vectors_by_model).hits[0].scores == {
        name: pytest.approx(BOOSTS.knn_boost / 2, rel=0.01) for name in vectors_by_model
    }
    weighted_scores = (
        run_search(image_vectors=vectors_by_model, model_weights={"sscd": 3.0, "clip": 1.0}).hits[0].scores
    )
    assert weighted_scores["sscd"] == pytest.approx(3 * weighted_scores["clip"], rel=0.01)


def test_vectors_are_returned_though_source_excludes_them(client: Elasticsearch, alias: str) -> None:
    raw_hit = client.search(index=alias, body=queries.named_pictures_query([picture_id(4)]))["hits"]["hits"][0]
    assert read_named_picture(raw_hit).vectors["sscd"] == pytest.approx(
        GRID_ENCODER.encode_images([drawing(4)])[0].tolist(), abs=1e-6
    )
    picture_hit = client.search(index=alias, body=queries.picture_query(picture_id(4)))["hits"]["hits"][0]
    assert "vectors" not in picture_hit["_source"]


def test_random_plates_depend_only_on_the_seed(client: Elasticsearch, alias: str) -> None:
    ids_by_seed = [
        [read_hit(raw_hit).id for raw_hit in client.search(index=alias, body=plates_query(seed, 12))["hits"]["hits"]]
        for seed in (1, 1, 2)
    ]
    assert ids_by_seed[0] == ids_by_seed[1] != ids_by_seed[2]


@pytest.mark.parametrize(
    "query_text",
    [
        "".join(map(chr, range(0x4E00, 0x4E00 + 600))),
        " ".join(f"ord{i}" for i in range(200)),
        "aア" * 250,
        '"(+-*~^/\\',
        "!",
        "กขค" * 90,
    ],
)
def test_node_accepts_any_query_text_with_a_picture(run_search: RunSearch, query_text: str) -> None:
    """Words without spaces, hundreds of words, and every sign of the query languages that we do not use."""
    assert run_search(clean_query_text(query_text[:MAX_CHARACTERS]), picture_number=0).total >= 1


@pytest.fixture(scope="module")
def api_client(alias: str, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    settings = Settings(alias=alias, data=tmp_path_factory.mktemp("data"))
    with TestClient(
        create_app(
            settings, elasticsearch_url=node_url, encoder_loaders={"sscd": ColourGridEncoder, "clip": ColourNameEncoder}
        )
    ) as api_client:
        yield api_client


def get_page(api_client: ApiClient, **params: Any) -> dict[str, Any]:
    response = api_client.get("/api/search", params=params)
    assert response.status_code == 200, response.text
    return dict(response.json())


@pytest.fixture(scope="module")
def vector_of_9(api_client: ApiClient) -> str:
    """Upload a scaled copy of picture 9; return the vector parameter for later searches."""
    buffer = BytesIO()
    drawing(9).resize((150, 170)).save(buffer, "PNG")
    return str(
        api_client.post("/api/search", files={"image": ("copy.png", buffer.getvalue(), "image/png")}).json()["vector"]
    )


@pytest.mark.parametrize("fusion", get_args(Fusion))
def test_each_fusion_ranks_matches_of_words_and_picture_first(
    api_client: ApiClient, vector_of_9: str, fusion: Fusion
) -> None:
    """Number 9 is the picture and has the word in its context, number 8 has the word in its caption."""
    page = get_page(api_client, q="dampmaskinen", vector=vector_of_9, fusion=fusion)
    assert picture_numbers(page["hits"])[0] == 9
    assert (
        picture_numbers(get_page(api_client, q="dampmaskinen", vector=vector_of_9, fusion=fusion, balance=0)["hits"])[0]
        == 8
    )
    assert sorted(picture_numbers(page["hits"])) == list(range(12))
    scores = [page_hit["score"] for page_hit in page["hits"]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("fusion", get_args(Fusion))
def test_identifier_ranks_first_in_every_fusion(api_client: ApiClient, vector_of_9: str, fusion: Fusion) -> None:
    page = get_page(api_client, q="URN:NBN:no-nb_digibok_2", vector=vector_of_9, fusion=fusion)
    assert set(picture_numbers(page["hits"])[:4]) == {4, 5, 6, 7}


@pytest.mark.parametrize(
    "extra_params", [{"fusion": "sum"}, {"fusion": "convex"}, {"fusion": "rrf"}, {"sort": "title"}]
)
def test_pages_have_no_gaps_and_no_repetitions(
    api_client: ApiClient, vector_of_9: str, extra_params: dict[str, str]
) -> None:
    params = {"q": "maskinen", "vector": vector_of_9, **extra_params}
    all_numbers = picture_numbers(get_page(api_client, **params)["hits"])
    pages = [get_page(api_client, **params, size=5, page=number) for number in (1, 2, 3, 4)]
    assert [picture_number for page in pages for picture_number in picture_numbers(page["hits"])] == all_numbers
    assert {(page["total"], page["pages"]) for page in pages} == {(12, 3)}


@pytest.mark.parametrize(("sort", "years"), [("year", [1885, 1893, 1901]), ("-year", [1901, 1893, 1885])])
def test_results_can_be_sorted_by_year(api_client: ApiClient, sort: str, years: list[int]) -> None:
    hits = get_page(api_client, sort=sort)["hits"]
    assert list(dict.fromkeys(page_hit["year"] for page_hit in hits)) == years


def test_results_can_be_sorted_by_title_then_score(api_client: ApiClient) -> None:
    hits = get_page(api_client, q="dampmaskinen OR eagle", model="sscd", sort="title")["hits"]
    assert list(dict.fromkeys(page_hit["title"] for page_hit in hits)) == ["Birds of the Fjords", "Maskinlære"]
    assert picture_numbers(hits)[0] == 4
    assert all(page_hit["score"] > 0 for page_hit in hits)


def test_all_document_types_are_searched_and_counted(api_client: ApiClient, vector_of_9: str) -> None:
    """Vector clauses do not fail on indices without vector fields."""
    page = get_page(api_client, q="title:havner", vector=vector_of_9, document=list(DOCUMENT_TYPES), size=100)
    assert page["document_counts"] == {"picture": 12, "page": 4, "book": 1}
    assert {page_hit["document"] for page_hit in page["hits"]} == set(DOCUMENT_TYPES)
    assert picture_numbers(page["hits"][:1]) == [9]


def test_results_can_be_grouped_by_book(api_client: ApiClient, vector_of_9: str) -> None:
    page = get_page(
        api_client, q="dampmaskinen OR title:fjords", vector=vector_of_9, document=list(DOCUMENT_TYPES), group="book"
    )
    assert (page["hits"], page["total"]) == ([], 3)
    first_group, *other_groups = page["groups"]
    assert (first_group["title"], first_group["counts"]) == ("Maskinlære", {"picture": 4, "page": 2})
    assert picture_numbers(first_group["hits"])[0] == 9
    assert {book_group["title"]: book_group["counts"] for book_group in other_groups} == {
        "Birds of the Fjords": {"picture": 4, "page": 4, "book": 1},
        "Norges kyst & havner": {"picture": 4},
    }
    second_page = get_page(
        api_client, q="dampmaskinen OR title:fjords", vector=vector_of_9, group="book", size=1, page=2
    )
    assert (len(second_page["groups"]), second_page["pages"]) == (1, 3)


def test_response_counts_results_and_filtered_documents(api_client: ApiClient, vector_of_9: str) -> None:
    page = get_page(api_client, vector=vector_of_9)
    assert (page["total"], page["filtered_total"]) == (12, 12)
    assert page["cut_off"] is None, "twelve pictures this different have no outlier"
    filtered_page = get_page(api_client, vector=vector_of_9, publisher="Macmillan")
    assert (filtered_page["total"], filtered_page["filtered_total"]) == (4, 4)
    word_page = get_page(api_client, q="dampmaskinen", model="sscd")
    assert (word_page["total"], word_page["filtered_total"]) == (2, 12)
