"""`hybrid_query` on a real node: what is first, what is counted, what is left out."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from api import queries
from api.question import Question
from api.results import SearchPage, hit, search_page, vectors
from api.words import MAX_CHARACTERS, clean
from tests.node.dozen import PICTURES, Blocks, Colours, drawing, fill, picture_id

BLOCKS, COLOURS = Blocks(), Colours()
Ask = Callable[..., SearchPage]


@pytest.fixture(scope="module")
def index(node_url: str) -> Iterator[tuple[Elasticsearch, str]]:
    alias = f"test-{uuid.uuid4().hex}"
    with Elasticsearch(node_url) as client:
        name = fill(client, alias, [BLOCKS, COLOURS])
        yield client, alias
        client.indices.delete(index=name)


@pytest.fixture
def ask(index: tuple[Elasticsearch, str]) -> Ask:
    """`_search` with the words, the picture of a number, and filters."""
    client, alias = index

    def asked(words: str = "", like: int | None = None, size: int = 12, without: str = "", **narrow: Any) -> SearchPage:
        seen = {"sscd": BLOCKS.encode_images([drawing(like)])[0].tolist()} if like is not None else {}
        filters = queries.filters(Question(**narrow), without=without)
        body = queries.hybrid_query(words, seen, size=size, filters=filters)
        answer = client.search(index=alias, body=body, include_named_queries_score=True)
        return search_page(answer.body, page=1, size=size, models=list(seen))

    return asked


def numbers(page: SearchPage) -> list[int]:
    return [int(hit.id.split(":")[0].removeprefix("page_")) for hit in page.hits]


def test_a_word_beside_a_picture_finds_it_and_the_caption_counts_most(ask: Ask) -> None:
    page = ask("fyrtårnet")
    assert numbers(page) == [0, 1]
    assert page.total == 2
    assert set(page.hits[0].scores) == {"caption", "page_text"}
    assert sum(page.hits[0].scores.values()) == pytest.approx(page.hits[0].score, rel=1e-4)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("fjellene", 0),  # Norwegian stems: printed is "fjellet"
        ("eagles", 4),  # English stems: the caption has "eagle"
        ("Bergen kyst", 3),  # one word in the caption, one in the title
        ("URN:NBN:no-nb_digibok_2", 4),
        ("dampmaſkinen", 8),  # long s, as in Fraktur
        ("eagles Gould", 4),  # an English plural in the caption, and a name, which has no stems
        ("hjul cammermeyer kristiania", 9),  # publisher and place of the record
        ("Lindesnes 1885", 0),  # the year of the record
        ("urn:nbn:NO-NB_digibok_2", 4),
        ("https://urn.example.org/URN:NBN:no-nb_digibok_2", 4),
        ("tannhjul — & …", 9),  # signs are no words that must be there
    ],
)
def test_words_are_found_in_their_other_forms_and_across_fields(ask: Ask, words: str, first: int) -> None:
    found = numbers(ask(words))
    assert first in found
    assert PICTURES[found[0]][0] is PICTURES[first][0]


def test_two_words_must_both_be_there_and_of_many_most(ask: Ask) -> None:
    assert numbers(ask("puffin dampmaskinen")) == []
    assert numbers(ask("puffin sea bergen dampmaskinen")) == [5]


def test_a_copy_is_first_and_its_score_is_the_boost(ask: Ask) -> None:
    page = ask(like=7)
    assert numbers(page)[0] == 7
    assert page.hits[0].scores["sscd"] == pytest.approx(queries.KNN_BOOST, rel=0.01)
    assert page.models == ["sscd"]


def test_words_and_a_copy_together_rank_their_picture_first(ask: Ask) -> None:
    page = ask("dampmaskinen", like=9)
    assert numbers(page)[0] == 9
    assert {"sscd", "context"} <= set(page.hits[0].scores)


def test_a_copy_without_the_word_beats_a_frequent_word(ask: Ask) -> None:
    """ "og" stands beside half of the pictures, not beside number 6."""
    assert numbers(ask("og", like=6))[0] == 6


def test_filters_are_inside_both_halves(ask: Ask) -> None:
    page = ask("fyrtårnet", like=0, publisher=("Macmillan",))
    assert page.total == 4, "the nearest within the filter, though the nearest of all lie outside it"
    assert {hit.publisher for hit in page.hits} == {"Macmillan"}


@pytest.mark.parametrize(("words", "like"), [("fyrtårnet", None), ("", 0), ("fyrtårnet", 0), ("", None)])
def test_a_year_that_excludes_everything_gives_nothing(ask: Ask, words: str, like: int | None) -> None:
    page = ask(words, like=like, year_from=2900)
    assert (page.total, page.hits, page.pages) == (0, [], 0)


def test_values_of_one_facet_are_alternatives_and_facets_come_together(ask: Ask) -> None:
    assert ask(publisher=("Macmillan", "Cammermeyer")).total == 8
    assert ask(publisher=("Macmillan", "Cammermeyer"), label=("Ornament",)).total == 2
    assert ask(year_from=1885, year_to=1893).total == 8


def test_facets_count_all_that_was_found(ask: Ask) -> None:
    facets = {name: {each.value: each.count for each in buckets} for name, buckets in ask(size=1).facets.items()}
    assert facets == {
        "year": {"1880": 4, "1890": 4, "1900": 4},
        "publisher": {"Aschehoug": 4, "Macmillan": 4, "Cammermeyer": 4},
        "place": {"Kristiania": 8, "London": 4},
        "language": {"nob": 8, "eng": 4},
        "label": {"Illustration": 8, "Map": 2, "Ornament": 2},
    }


def test_highlights_mark_other_forms_and_escape_what_was_printed(ask: Ask) -> None:
    page = ask("eggs nest kyst")
    first = next(hit for hit in page.hits if hit.caption == "Nests")
    assert first.highlights["caption"] == ["<em>Nests</em>"]
    assert first.highlights["before"] == ["&lt;b&gt;<em>Eggs</em> &amp; shells&lt;/b&gt;"] or (
        "&lt;b&gt;<em>Eggs</em> &amp; shells" in first.highlights["before"][0]
    )


def test_the_picture_itself_is_left_out_of_more_like_this(ask: Ask) -> None:
    page = ask("fyrtårnet", like=0, without=picture_id(0))
    assert 0 not in numbers(page)
    assert page.total == 11


def test_words_that_a_model_understands_find_a_picture_without_printed_words(
    index: tuple[Elasticsearch, str],
) -> None:
    client, alias = index
    red = {"clip": COLOURS.encode_texts(["red"])[0].tolist()}
    body = queries.hybrid_query("red", {}, size=3, word_vectors=red)
    answer = client.search(index=alias, body=body, include_named_queries_score=True)
    first = search_page(answer.body, page=1, size=3, models=["clip"]).hits[0]
    assert first.id == picture_id(11)
    assert first.scores == {"clip words": pytest.approx(queries.WORD_KNN_BOOST, rel=0.01)}


def test_a_second_model_shares_the_boost(index: tuple[Elasticsearch, str]) -> None:
    client, alias = index
    both = {each.name: each.encode_images([drawing(4)])[0].tolist() for each in (BLOCKS, COLOURS)}
    answer = client.search(index=alias, body=queries.hybrid_query("", both, size=1), include_named_queries_score=True)
    first = search_page(answer.body, page=1, size=1, models=list(both)).hits[0]
    assert first.scores == {name: pytest.approx(queries.KNN_BOOST / 2, rel=0.01) for name in both}


def test_vectors_come_back_though_the_source_has_none(index: tuple[Elasticsearch, str]) -> None:
    client, alias = index
    raw = client.search(index=alias, body=queries.vectors_of(picture_id(4)))["hits"]["hits"][0]
    assert vectors(raw)["sscd"] == pytest.approx(BLOCKS.encode_images([drawing(4)])[0].tolist(), abs=1e-6)
    assert (
        "vectors" not in client.search(index=alias, body=queries.picture(picture_id(4)))["hits"]["hits"][0]["_source"]
    )


def test_the_start_page_is_the_same_for_the_same_day(index: tuple[Elasticsearch, str]) -> None:
    client, alias = index
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
def test_whatever_was_typed_the_node_takes_it(ask: Ask, typed: str) -> None:
    """Words without spaces, hundreds of words, and every sign of the query languages that we do not use."""
    assert ask(clean(typed[:MAX_CHARACTERS]), like=0).total >= 1
