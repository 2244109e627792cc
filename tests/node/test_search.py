"""Words and looks in one `_search` on a real node: what is first, by which clauses, and what is left out."""

import uuid
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, get_args

import pytest
from elasticsearch import Elasticsearch
from litestar.testing import TestClient

from api.app import create_app
from api.elasticsearch import queries
from api.elasticsearch.hits import hit, search_page, vectors
from api.responses import SearchPage
from api.search.boosts import BOOSTS
from api.search.query_syntax import parse
from api.search.query_text import MAX_CHARACTERS, clean
from api.search.request import DOCUMENTS, Fusion, Question
from core.settings import Settings
from tests.node.dozen import Blocks, Colours, drawing, filled, picture_id

BLOCKS, COLOURS = Blocks(), Colours()
Ask = Callable[..., SearchPage]
Web = TestClient[Any]


@pytest.fixture(scope="module")
def alias(client: Elasticsearch) -> Iterator[str]:
    alias = f"test-{uuid.uuid4().hex}"
    with filled(client, alias, [BLOCKS, COLOURS]):
        yield alias


@pytest.fixture
def ask(client: Elasticsearch, alias: str) -> Ask:
    """`_search` with words, the picture of a number, vectors of words, and filters."""

    def asked(words: str = "", like: int | None = None, *, size: int = 12, **more: Any) -> SearchPage:
        seen = {"sscd": BLOCKS.encode_images([drawing(like)])[0].tolist()} if like is not None else {}
        seen = more.pop("seen", seen)
        query = {name: more.pop(name) for name in ("word_vectors", "models", "balance") if name in more}
        without = (more.pop("without"),) if "without" in more else ()
        question = Question(words=words, **more)
        filters = queries.filters(question, without=without)
        body = queries.hybrid_query(
            parse(clean(words)), seen, size=size, filters=filters, counts=queries.facets(question), **query
        )
        answer = client.search(index=alias, body=body, include_named_queries_score=True)
        boosts = {clause["_name"]: clause["boost"] for clause in body.get("knn", []) if clause["_name"] in seen}
        return search_page(answer.body, question, models=list(seen), knn_boosts=boosts)

    return asked


def numbers(hits: list[Any]) -> list[int]:
    """Of hits, or of the same as JSON."""
    ids = [each["id"] if isinstance(each, dict) else each.id for each in hits]
    return [int(each.split(":")[0].removeprefix("page_")) for each in ids]


def test_a_word_beside_a_picture_finds_it_and_the_caption_counts_most(ask: Ask) -> None:
    page = ask("fyrtårnet")
    assert numbers(page.hits) == [0, 1]
    assert page.total == 2
    assert set(page.hits[0].scores) == {"caption", "page_text"}
    assert sum(page.hits[0].scores.values()) == pytest.approx(page.hits[0].score, rel=1e-4)
    assert sum(page.hits[0].shares.values()) == pytest.approx(1)


def test_a_copy_is_first_with_the_boost_as_its_score_and_a_cosine_of_one(ask: Ask) -> None:
    first = ask(like=7).hits[0]
    assert numbers([first]) == [7]
    assert first.scores["sscd"] == pytest.approx(BOOSTS.knn_boost, rel=0.01)
    assert first.cosines["sscd"] == pytest.approx(1, abs=0.02)


def test_words_and_a_copy_together_rank_their_picture_first(ask: Ask) -> None:
    page = ask("dampmaskinen", like=9)
    assert numbers(page.hits)[0] == 9
    assert {"sscd", "context"} <= set(page.hits[0].scores)


def test_a_copy_without_the_word_beats_a_frequent_word(ask: Ask) -> None:
    """ "og" stands beside half of the pictures, not beside number 6."""
    assert numbers(ask("og", like=6).hits)[0] == 6


def test_a_reader_may_let_the_words_or_the_pictures_decide(ask: Ask) -> None:
    """Number 8 has the word in its caption, number 3 is the picture."""
    assert numbers(ask("dampmaskinen", like=3, balance=1.0).hits)[0] == 3
    assert numbers(ask("dampmaskinen", like=3, balance=0.0).hits)[0] == 8


def test_filters_are_inside_both_halves(ask: Ask) -> None:
    page = ask("fyrtårnet", like=0, publisher=("Macmillan",))
    assert page.total == 4, "the nearest within the filter, though the nearest of all lie outside it"
    assert {hit.publisher for hit in page.hits} == {"Macmillan"}


@pytest.mark.parametrize(("words", "like"), [("fyrtårnet", None), ("", 0), ("fyrtårnet", 0), ("", None)])
def test_a_year_that_excludes_everything_gives_nothing(ask: Ask, words: str, like: int | None) -> None:
    page = ask(words, like=like, year_from=2900)
    assert (page.total, page.hits, page.pages) == (0, [], 0)


def test_the_picture_itself_is_left_out_of_more_like_this(ask: Ask) -> None:
    page = ask("fyrtårnet", like=0, without=picture_id(0))
    assert 0 not in numbers(page.hits)
    assert page.total == 11


def test_words_that_a_model_understands_find_a_picture_without_printed_words(ask: Ask) -> None:
    first = ask("red", word_vectors={"clip": COLOURS.encode_texts(["red"])[0].tolist()}).hits[0]
    assert first.id == picture_id(11)
    assert first.scores == {"clip words": pytest.approx(BOOSTS.word_knn_boost, rel=0.01)}


def test_models_share_the_boost_by_their_weights(ask: Ask) -> None:
    both = {each.name: each.encode_images([drawing(4)])[0].tolist() for each in (BLOCKS, COLOURS)}
    assert ask(seen=both).hits[0].scores == {name: pytest.approx(BOOSTS.knn_boost / 2, rel=0.01) for name in both}
    weighted = ask(seen=both, models={"sscd": 3.0, "clip": 1.0}).hits[0].scores
    assert weighted["sscd"] == pytest.approx(3 * weighted["clip"], rel=0.01)


def test_vectors_come_back_though_the_source_has_none(client: Elasticsearch, alias: str) -> None:
    raw = client.search(index=alias, body=queries.vectors_of(picture_id(4)))["hits"]["hits"][0]
    assert vectors(raw)["sscd"] == pytest.approx(BLOCKS.encode_images([drawing(4)])[0].tolist(), abs=1e-6)
    found = client.search(index=alias, body=queries.picture(picture_id(4)))["hits"]["hits"][0]
    assert "vectors" not in found["_source"]


def test_the_start_page_is_the_same_for_the_same_day(client: Elasticsearch, alias: str) -> None:
    days = [
        [hit(raw).id for raw in client.search(index=alias, body=queries.start_page(day, 12))["hits"]["hits"]]
        for day in (1, 1, 2)
    ]
    assert days[0] == days[1] != days[2]


@pytest.mark.parametrize(
    "typed",
    [
        "".join(map(chr, range(0x4E00, 0x4E00 + 600))),
        " ".join(f"ord{i}" for i in range(200)),
        "aア" * 250,
        '"(+-*~^/\\',
        "!",
        "กขค" * 90,
    ],
)
def test_beside_a_picture_too_the_node_takes_whatever_was_typed(ask: Ask, typed: str) -> None:
    """Words without spaces, hundreds of words, and every sign of the query languages that we do not use."""
    assert ask(clean(typed[:MAX_CHARACTERS]), like=0).total >= 1


@pytest.fixture(scope="module")
def web(alias: str, node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    given = Settings(alias=alias, data=tmp_path_factory.mktemp("data"))
    with TestClient(create_app(given, elasticsearch_url=node_url, encoders={"sscd": Blocks, "clip": Colours})) as web:
        yield web


def get(web: Web, **params: Any) -> dict[str, Any]:
    answer = web.get("/api/search", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture(scope="module")
def of_number_9(web: Web) -> str:
    """A scaled copy of it, uploaded once, as the next questions name it."""
    file = BytesIO()
    drawing(9).resize((150, 170)).save(file, "PNG")
    return str(web.post("/api/search", files={"image": ("copy.png", file.getvalue(), "image/png")}).json()["vector"])


@pytest.mark.parametrize("fusion", get_args(Fusion))
def test_each_fusion_has_first_what_words_and_looks_agree_on(web: Web, of_number_9: str, fusion: Fusion) -> None:
    """Number 9 is the picture and has the word beside it, number 8 has the word in its caption."""
    page = get(web, q="dampmaskinen", vector=of_number_9, fusion=fusion)
    assert numbers(page["hits"])[0] == 9
    assert numbers(get(web, q="dampmaskinen", vector=of_number_9, fusion=fusion, balance=0)["hits"])[0] == 8
    assert sorted(numbers(page["hits"])) == list(range(12))
    scores = [each["score"] for each in page["hits"]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("fusion", get_args(Fusion))
def test_an_identifier_stands_above_every_fusion(web: Web, of_number_9: str, fusion: Fusion) -> None:
    page = get(web, q="URN:NBN:no-nb_digibok_2", vector=of_number_9, fusion=fusion)
    assert set(numbers(page["hits"])[:4]) == {4, 5, 6, 7}


@pytest.mark.parametrize("question", [{"fusion": "sum"}, {"fusion": "convex"}, {"fusion": "rrf"}, {"sort": "title"}])
def test_pages_follow_each_other_without_gaps(web: Web, of_number_9: str, question: dict[str, str]) -> None:
    asked = {"q": "maskinen", "vector": of_number_9, **question}
    whole = numbers(get(web, **asked)["hits"])
    pages = [get(web, **asked, size=5, page=number) for number in (1, 2, 3, 4)]
    assert [each for page in pages for each in numbers(page["hits"])] == whole
    assert {(page["total"], page["pages"]) for page in pages} == {(12, 3)}


@pytest.mark.parametrize(("sort", "years"), [("year", [1885, 1893, 1901]), ("-year", [1901, 1893, 1885])])
def test_what_was_found_can_be_sorted_by_year(web: Web, sort: str, years: list[int]) -> None:
    hits = get(web, sort=sort)["hits"]
    assert list(dict.fromkeys(each["year"] for each in hits)) == years


def test_what_was_found_can_be_sorted_by_title_and_within_a_title_by_rank(web: Web) -> None:
    hits = get(web, q="dampmaskinen OR eagle", model="sscd", sort="title")["hits"]
    assert list(dict.fromkeys(each["title"] for each in hits)) == ["Birds of the Fjords", "Maskinlære"]
    assert numbers(hits)[0] == 4
    assert all(each["score"] > 0 for each in hits)


def test_everything_is_searched_by_one_request_and_counted_by_kind(web: Web, of_number_9: str) -> None:
    """The clauses of vectors leave the indices alone that have none."""
    page = get(web, q="title:havner", vector=of_number_9, document=list(DOCUMENTS), size=100)
    assert page["documents"] == {"picture": 12, "page": 4, "book": 1}
    assert {each["document"] for each in page["hits"]} == set(DOCUMENTS)
    assert numbers(page["hits"][:1]) == [9]


def test_results_can_be_grouped_by_book(web: Web, of_number_9: str) -> None:
    page = get(web, q="dampmaskinen OR title:fjords", vector=of_number_9, document=list(DOCUMENTS), group="book")
    assert (page["hits"], page["total"]) == ([], 3)
    first, *others = page["groups"]
    assert (first["title"], first["counts"]) == ("Maskinlære", {"picture": 4, "page": 2})
    assert numbers(first["hits"])[0] == 9
    assert {each["title"]: each["counts"] for each in others} == {
        "Birds of the Fjords": {"picture": 4, "page": 4, "book": 1},
        "Norges kyst & havner": {"picture": 4},
    }
    second = get(web, q="dampmaskinen OR title:fjords", vector=of_number_9, group="book", size=1, page=2)
    assert (len(second["groups"]), second["pages"]) == (1, 3)


def test_the_answer_says_of_how_many_these_are_the_best(web: Web, of_number_9: str) -> None:
    page = get(web, vector=of_number_9)
    assert (page["total"], page["collection"]) == (12, 12)
    assert page["close"] is None, "of twelve so different pictures it cannot be told"
    narrow = get(web, vector=of_number_9, publisher="Macmillan")
    assert (narrow["total"], narrow["collection"]) == (4, 4)
    few = get(web, q="dampmaskinen", model="sscd")
    assert (few["total"], few["collection"]) == (2, 12)
