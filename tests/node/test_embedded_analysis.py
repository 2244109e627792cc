"""The embedded node analyses text like a stock Elasticsearch, with the same names and settings."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from core.mapping_files import MAPPINGS_FOLDER
from indexer.elasticsearch.mappings import COMPONENT_PREFIX, INDEX_KINDS, index_body
from tests.parallel import ONE_CLUSTER

pytestmark = pytest.mark.xdist_group(ONE_CLUSTER)


def tokens(client: Elasticsearch, **request: Any) -> list[str]:
    return [token["token"] for token in client.indices.analyze(**request)["tokens"]]


@pytest.fixture(scope="module")
def pictures_index(client: Elasticsearch) -> Iterator[str]:
    """Create an index from the mapping file."""
    name = f"test-{uuid4()}"
    body = index_body("pictures")
    client.indices.create(index=name, settings=body["settings"], mappings=body["mappings"])
    yield name
    client.indices.delete(index=name)


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("caption.text", "Waſſerfälle und Weinſtöcke", ["wasserfälle", "und", "weinstöcke"]),
        ("caption.text", "Skib⸗ ꝛ ﬁre ﬂag", ["skib", "r", "fire", "flag"]),
        ("title", "Norges ſtørſte Fos", ["norges", "største", "fos"]),
    ],
)
def test_mapping_of_pictures(
    client: Elasticsearch, pictures_index: str, field: str, text: str, expected: list[str]
) -> None:
    assert tokens(client, index=pictures_index, field=field, text=text) == expected


EQUIVALENT_SPELLINGS = [
    "Aasgaard Åsgård AASGAARD",
    "Ærø Aerø Ärö",
    "Ingeniør Ingenioer Ingeniör",
    "Goethe Göthe Göte",
    "Müller Mueller",
    "Große Grosse",
    "ſchiff Schiff",
    "Aͤpfel Äpfel Aepfel",
    "Musick Musik MUSICK musikk",
    "Thor Tor",
    "Photographi Fotografi",
    "Werk Verk",
    "quinde Qvinde kvinde",
    "Hertz Herz",
    "Axel Aksel",
    "Christiania Kristiania",
    "Doctor Doktor",
    "Public Publik",
    "Kiøbenhavn Kjøbenhavn København Köbenhavn",
    "igjen igen",
    "Huus Hus",
    "Steen Sten",
    "Viin Vin",
    "gaae gå",
    "Søe Sø",
    "Biørn Bjørn",
    "Tiæter Tjæter",
    "seyn sein",
    "Øyer Øier",
    "vnd und",
    "AMOVREVSES amoureuses",
    "OEVVRE oeuvre",
    "AVCVN aucun",
    "VVas was",
    "Zoölogi Zoologi",
]
"""Spellings of one word; there is one case for each line of the table in `es-mappings/README.md`."""

UNLIKE_WORDS = [
    "hær her",
    "vår var",
    "båt bat",
    "hår har",
    "bok bøk",
    "by bi",
    "tak takt",
    "good god",
    "kirke kirsche",
    "cent sent",
    "C K",
]


@pytest.mark.parametrize("spellings", EQUIVALENT_SPELLINGS)
def test_historical_spellings_have_the_same_skeleton(
    client: Elasticsearch, pictures_index: str, spellings: str
) -> None:
    assert len(set(tokens(client, index=pictures_index, field="title.folded", text=spellings))) == 1


@pytest.mark.parametrize("words", UNLIKE_WORDS)
def test_different_words_have_different_skeletons(client: Elasticsearch, pictures_index: str, words: str) -> None:
    assert len(set(tokens(client, index=pictures_index, field="title.folded", text=words))) == 2


def test_prefix_and_phrase_queries_are_folded(client: Elasticsearch, index_name: str) -> None:
    body = index_body("books")
    client.indices.create(index=index_name, settings=body["settings"], mappings=body["mappings"])
    client.index(index=index_name, document={"title": "Reise til Kjøbenhavn og Christiania"}, refresh=True)
    for query in (
        {"prefix": {"title.folded": {"value": "kristian"}}},
        {"match_phrase": {"title.folded": "København og Kristiania"}},
        {"match_phrase_prefix": {"title.folded": "til Kiøbenha"}},
        {"term": {"title.normalised": "REISE TIL KJØBENHAVN OG CHRISTIANIA"}},
    ):
        assert client.count(index=index_name, query=query)["count"] == 1, query


def test_every_index_can_be_created_and_accepts_any_box(client: Elasticsearch, index_name: str) -> None:
    for kind in INDEX_KINDS:
        body = index_body(kind)
        client.indices.create(index=f"{index_name}-{kind}", settings=body["settings"], mappings=body["mappings"])
    client.index(index=f"{index_name}-pages", document={"boxes": "1000,2000,300,40 " * 20_000})


def test_files_are_valid_templates(client: Elasticsearch, index_name: str) -> None:
    """`PUT _component_template` and `PUT _index_template` accept the files unchanged."""
    name = f"{index_name}-record"
    client.cluster.put_component_template(name=name, **read_template("components/record"))
    try:
        for kind in INDEX_KINDS:
            body = read_template(kind)
            assert body["composed_of"] == [f"{COMPONENT_PREFIX}record"]
            simulated = client.indices.simulate_template(
                index_patterns=[f"{index_name}*"], composed_of=[name], template=body["template"]
            )
            simulated_mapping, own_mapping = simulated["template"]["mappings"], index_body(kind)["mappings"]
            assert simulated_mapping["_meta"] == own_mapping["_meta"]
            assert simulated_mapping["properties"].keys() == own_mapping["properties"].keys()
            assert (
                simulated_mapping["properties"]["forms"]["properties"].keys()
                == own_mapping["properties"]["forms"]["properties"].keys()
            )
    finally:
        client.cluster.delete_component_template(name=name)


def read_template(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((MAPPINGS_FOLDER / f"{name}.json").read_text("utf-8"))
    return body


@pytest.mark.parametrize(
    ("analyzer", "text", "expected"),
    [
        ("norwegian", "Fjellene og husene på Østlandet", ["fjell", "hus", "østland"]),
        ("english", "The ships were sailing", ["ship", "were", "sail"]),
        ("german", "Die Häuser der Städte", ["haus", "stadt"]),
        ("danish", "Husene og skibene", ["hus", "skib"]),
        ("swedish", "Husen och skeppen", ["hus", "skepp"]),
        ("french", "L'église et les châteaux", ["eglis", "chateau"]),
        ("dutch", "De huizen en de schepen", ["huiz", "schep"]),
    ],
)
def test_language_without_an_index(client: Elasticsearch, analyzer: str, text: str, expected: list[str]) -> None:
    assert tokens(client, analyzer=analyzer, text=text) == expected


FILTERS: list[tuple[Any, str, list[str]]] = [
    ("asciifolding", "Ærø café", ["AEro", "cafe"]),
    ({"type": "asciifolding", "preserve_original": True}, "café", ["cafe", "café"]),
    ("scandinavian_folding", "blåbærsyltetøj", ["blabarsyltetoj"]),
    ("scandinavian_normalization", "blaabaer", ["blåbær"]),
    ("german_normalization", "haeuser straße", ["hauser", "strasse"]),
    ("uppercase", "kart", ["KART"]),
    ("trim", "kart", ["kart"]),
    ("reverse", "kart", ["trak"]),
    ("unique", "kart over kart", ["kart", "over"]),
    ({"type": "unique", "only_on_same_position": True}, "kart kart", ["kart", "kart"]),
    ({"type": "length", "min": 3, "max": 4}, "et kart lander", ["kart"]),
    ({"type": "edge_ngram", "min_gram": 2, "max_gram": 3}, "kart", ["ka", "kar"]),
    ({"type": "edge_ngram", "min_gram": 2, "max_gram": 2, "preserve_original": True}, "kart", ["ka", "kart"]),
    ("edge_ngram", "kart", ["k", "ka"]),
    ("ngram", "kar", ["k", "ka", "a", "ar", "r"]),
    ({"type": "elision", "articles": ["l", "d"]}, "l'église d'or", ["église", "or"]),
    ("snowball", "sailing", ["sail"]),
    ({"type": "snowball", "language": "norwegian"}, "husene", ["hus"]),
    ("stemmer", "sailing", ["sail"]),
    ({"type": "stemmer", "language": "norwegian"}, "fjellene", ["fjell"]),
    ({"type": "stemmer", "language": "light_norwegian"}, "husene", ["hus"]),
    ({"type": "stemmer", "language": "minimal_norwegian"}, "husene", ["hus"]),
    ({"type": "stemmer", "language": "light_nynorsk"}, "husa jentene", ["hus", "jent"]),
    ({"type": "stemmer", "language": "minimal_nynorsk"}, "husa", ["hus"]),
    ({"type": "stemmer", "language": "english"}, "sailing", ["sail"]),
    ({"type": "stemmer", "language": "light_english"}, "countries", ["country"]),
    ({"type": "stemmer", "language": "minimal_english"}, "ships sailing", ["ship", "sailing"]),
    ({"type": "stemmer", "language": "possessive_english"}, "ship's", ["ship"]),
    ({"type": "stemmer", "language": "german"}, "häuser", ["haus"]),
    ({"type": "stemmer", "language": "german2"}, "häuser", ["haus"]),
    ({"type": "stemmer", "language": "light_german"}, "häuser", ["haus"]),
    ({"type": "stemmer", "language": "minimal_german"}, "häuser", ["haus"]),
    ({"type": "stemmer", "language": "danish"}, "husene", ["hus"]),
    ({"type": "stemmer", "language": "swedish"}, "husen", ["hus"]),
    ({"type": "stemmer", "language": "light_swedish"}, "husen", ["hus"]),
    ({"type": "stemmer", "language": "french"}, "maisons", ["maison"]),
    ({"type": "stemmer", "language": "light_french"}, "maisons", ["maison"]),
    ({"type": "stemmer", "language": "minimal_french"}, "maisons", ["maison"]),
    ({"type": "stemmer", "language": "dutch"}, "schepen", ["schep"]),
    ({"type": "stemmer", "name": "lightNorwegian"}, "husene", ["hus"]),
]


@pytest.mark.filterwarnings("ignore:.*german2.*")
@pytest.mark.parametrize(("definition", "text", "expected"), FILTERS, ids=lambda value: str(value)[:60])
def test_token_filter(client: Elasticsearch, definition: Any, text: str, expected: list[str]) -> None:
    assert tokens(client, tokenizer="whitespace", filter=[definition], text=text) == expected


@pytest.mark.parametrize(
    "marker", [{"keywords": ["husene"]}, {"keywords_pattern": "h.*"}, {"keywords": ["HUSENE"], "ignore_case": True}]
)
def test_marked_words_are_not_stemmed(client: Elasticsearch, marker: dict[str, Any]) -> None:
    stemmer = {"type": "stemmer", "language": "norwegian"}
    filters = [{"type": "keyword_marker", **marker}, stemmer]
    assert tokens(client, tokenizer="standard", filter=filters, text="husene fjellene") == ["husene", "fjell"]


@pytest.mark.parametrize(
    ("definition", "text", "expected"),
    [
        ("html_strip", "<b>kart</b> &amp; bok", "kart & bok"),
        ({"type": "html_strip", "escaped_tags": ["b"]}, "<b>kart</b><i> her</i>", "<b>kart</b> her"),
        ({"type": "mapping", "mappings": ["ſ => s", "¬=>"]}, "ſkib¬", "skib"),
        (
            {"type": "mapping", "mappings": [r"\u017f => s", r"\\ => /", r"\n => \u0020", "=> => til"]},
            "ſ\\\n=>",
            "s/ til",
        ),
        ({"type": "pattern_replace", "pattern": r"(\d+)-(?=\d)", "replacement": "$1_"}, "123-456", "123_456"),
        ({"type": "pattern_replace", "pattern": "KART", "flags": "CASE_INSENSITIVE"}, "et kart", "et "),
    ],
)
def test_char_filter(client: Elasticsearch, definition: Any, text: str, expected: str) -> None:
    assert tokens(client, tokenizer="keyword", char_filter=[definition], text=text) == [expected]


def test_normalizer_folds_letters(client: Elasticsearch, index_name: str) -> None:
    analysis = {
        "char_filter": {"letters": {"type": "mapping", "mappings": ["ſ => s"]}},
        "normalizer": {"folded": {"char_filter": ["letters"], "filter": ["lowercase", "asciifolding", "trim"]}},
    }
    place = {"type": "keyword", "normalizer": "folded"}
    client.indices.create(index=index_name, settings={"analysis": analysis}, mappings={"properties": {"place": place}})
    client.index(index=index_name, document={"place": "Tromſö "}, refresh=True)
    response = client.search(index=index_name, query={"term": {"place": "TROMSÖ"}}, fields=["place"])
    assert response["hits"]["hits"][0]["fields"] == {"place": ["tromso"]}


def test_wildcard_is_folded_to_one_word(client: Elasticsearch, index_name: str) -> None:
    """This also holds if the filter keeps the original beside the folded word."""
    analysis = {
        "filter": {"fold": {"type": "asciifolding", "preserve_original": True}},
        "analyzer": {"folded": {"tokenizer": "standard", "filter": ["lowercase", "fold"]}},
    }
    title = {"type": "text", "analyzer": "folded"}
    client.indices.create(index=index_name, settings={"analysis": analysis}, mappings={"properties": {"title": title}})
    client.index(index=index_name, document={"title": "Café"}, refresh=True)
    assert client.count(index=index_name, query={"query_string": {"query": "title:CAF?"}})["count"] == 1
    assert client.count(index=index_name, query={"query_string": {"query": "title:*AFÉ"}})["count"] == 1


def test_language_analyzer_with_custom_stopwords(client: Elasticsearch, index_name: str) -> None:
    analysis = {"analyzer": {"mine": {"type": "norwegian", "stopwords": ["husene"], "stem_exclusion": ["fjellene"]}}}
    client.indices.create(index=index_name, settings={"analysis": analysis})
    assert tokens(client, index=index_name, analyzer="mine", text="Husene og fjellene") == ["og", "fjellene"]


@pytest.mark.parametrize(
    "analysis",
    [
        {"filter": {"bad": {"type": "stemmer", "language": "klingon"}}},
        {"filter": {"bad": {"type": "ngram", "min_gram": 1, "max_gram": 9}}},
        {"filter": {"bad": {"type": "elision"}}},
        {"filter": {"bad": {"type": "keyword_marker"}}},
        {"char_filter": {"bad": {"type": "mapping"}}},
        {"char_filter": {"bad": {"type": "mapping", "mappings": ["no arrow"]}}},
        {"char_filter": {"bad": {"type": "mapping", "mappings": [r"\u01 => s"]}}},
        {"char_filter": {"bad": {"type": "mapping", "mappings": ["a => \\"]}}},
        {"char_filter": {"bad": {"type": "pattern_replace"}}},
    ],
    ids=str,
)
def test_invalid_settings_are_refused_at_index_creation(
    client: Elasticsearch, index_name: str, analysis: dict[str, Any]
) -> None:
    with pytest.raises(BadRequestError):
        client.indices.create(index=index_name, settings={"analysis": analysis})
