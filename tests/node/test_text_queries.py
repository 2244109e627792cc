"""Query texts on a real node: what they find, what they do not find, and what ranks first. The cases are tables."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st

from api.elasticsearch import queries
from api.elasticsearch.hits import read_hit
from api.elasticsearch.queries.suggest import suggest_clause
from api.elasticsearch.search_results import read_search_results
from api.search.choices import Match
from api.search.highlighting import Highlighter
from api.search.query_syntax import parse_query_text
from api.search.query_text import clean_query_text
from api.search.service import FEW_RESULTS
from api.search.suggestions import suggest_query_text
from core.words.forms import index_forms
from core.words.text_languages import word_languages
from indexer.documents.imprints import imprint_fields
from indexer.documents.places import built_in_table
from indexer.elasticsearch.mappings import INDEX_KINDS, index_alias, index_body


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFixture:
    """A catalogue record, and the language of its words."""

    title: str
    alternative_titles: tuple[str, ...] = ()
    language: str
    year: int
    authors: str = ""
    publisher: str = ""
    place: str = ""
    subjects: str = ""
    identifiers: tuple[str, ...] = ()


KYST = BookFixture(
    title="Norges kyst & havner",
    language="no",
    year=1885,
    authors="Anna Moe",
    publisher="Aschehoug",
    place="Kristiania",
    subjects="Fyrvesen",
    identifiers=("URN:NBN:no-nb_digibok_2006082900017", "978-82-02-12345-6", "NB Oslo, Ms. 4° 1234/b"),
)
GALLICA = BookFixture(title="Les phares", language="fr", year=1863, identifiers=("ark:/12148/bpt6k1110784",))
LONG_TITLE = " ".join(f"The {word} Voyage of the Good Ship" for word in ("First", "Second", "Third", "Fourth", "Fifth"))
LONG = BookFixture(title=f"{LONG_TITLE} Hope, 1712", language="en", year=1712, authors="Defoe, Daniel")
LONG_OTHER = BookFixture(title=f"{LONG_TITLE} Fear, 1713", language="en", year=1713, authors="Foe, Daniel; Defoe, John")
ENDLESS = BookFixture(title=f"{' '.join(f'Word{n}' for n in range(200))} Ending", language="en", year=1713)
CHINESE_TITLE = "新刻出像增補搜神記大全卷之一二三四五六七八九十百千萬"
CHINESE = BookFixture(title=f"{CHINESE_TITLE}上", language="en", year=1600)
CHINESE_OTHER = BookFixture(title=f"{CHINESE_TITLE}下", language="en", year=1600)
CHARLES_XI = BookFixture(title="Karl XI", language="sv", year=1690)
CHARLES_XII = BookFixture(title="Karl XII", language="sv", year=1715)
JOINED = BookFixture(title="Presses by OʼBrien", language="en", year=1850)
BOATS = BookFixture(title="Kvad og båtar", language="nn", year=1911, authors="Aslaug Vaa", place="Bergen")
DANISH = BookFixture(title="Taarnet paa Øen", language="da", year=1848, authors="Thor Lange", place="Kjøbenhavn")
GERMAN = BookFixture(title="Reiſe durch die Alpen", language="de", year=1786, authors="Goethe", publisher="Göſchen")
BIRDS = BookFixture(title="Birds of the Fjords", language="en", year=1893, authors="John Gould", publisher="Macmillan")
FRENCH = BookFixture(title="L’église et ses trésors", language="fr", year=1861, authors="Émile Zola", place="Paris")
NORGE = BookFixture(title="Norge", language="no", year=1900, subjects="Geografi")

TIMBER = BookFixture(title="Skogbruk", language="no", year=1920)
HEBREW = BookFixture(title="תִּקּוּן סוֹפְרִים", language="he", year=1874, authors="כהן")
ARABIC = BookFixture(title="ديوان عَلْقَمَة الفَحْل", language="ar", year=1885, authors="أحمد", place="القاهرة")
GREEK = BookFixture(title="Ἰλιάς", alternative_titles=("Homers Ilias",), language="grc", year=1898, authors="Ὅμηρος")
RUSSIAN = BookFixture(title="Ёлка и война", language="ru", year=1890, authors="Толстой, Л.")
NORDIC = BookFixture(title="Reise til Tromsø", language="no", year=1880, authors="Ødegård, Åse", place="Göteborg")
OLD_ENGLISH = BookFixture(title="A Shew of the Gaol", language="en", year=1653)
OLD_FRENCH = BookFixture(title="Les Enfans du Roy", language="fr", year=1560)

PICTURE_DATA: dict[str, tuple[BookFixture, dict[str, str]]] = {
    "tower": (KYST, {"caption": "Fyrtårnet ved Lindesnes", "before": "Sjøen slår mot fjellet."}),
    "ship": (KYST, {"caption": "Et skip i havnen", "page_text": "Et skip i havnen. Det hvite skipet."}),
    "harbour": (KYST, {"caption": "Havnen ved kysten", "page_text": "Havnen ved kysten er dyp."}),
    "boat": (BOATS, {"caption": "Båtane ved naustet", "page_text": "Ho såg båtane og jentene"}),
    "danish": (DANISH, {"caption": "Skibets Anker", "before": "Husene staae i Skoven"}),
    "thin": (DANISH, {"caption": "En tynd Thraad", "page_text": "Hun spandt en Thraad af Hør"}),
    "houses": (GERMAN, {"caption": "Die alten Häuſer am Thore", "before": "Waſſerfälle und Thäler"}),
    "eagle": (BIRDS, {"caption": "The white-tailed eagle", "page_text": "Eagles nest upon the cliffs at 12:30."}),
    "beacon": (BIRDS, {"caption": "The old lighthoufe", "before": "A harbour of the nortli"}),
    "castle": (FRENCH, {"caption": "Les châteaux de l’Écosse", "before": "Les cathédrales royales"}),
    "map": (NORGE, {"caption": "Kart", "page_text": "Ager, Skov og Øer. Norge er et langt land"}),
    "misread": (TIMBER, {"caption": "Her er båthusct"}),
    "ending": (TIMBER, {"caption": "Her er båthus"}),
    "spelling": (TIMBER, {"caption": "Her er baathuset"}),
    "printed": (TIMBER, {"caption": "Her er båthuset"}),
    "phare": (GALLICA, {"caption": "Le phare", "page_id": "f7"}),
    "digue": (GALLICA, {"caption": "La digue", "page_id": "f8"}),
    "long": (LONG, {}),
    "long_other": (LONG_OTHER, {"caption": "The Good Ship, the Good Ship, the Good Ship"}),
    "endless": (ENDLESS, {}),
    "chinese": (CHINESE, {}),
    "chinese_other": (CHINESE_OTHER, {}),
    "charles_xi": (CHARLES_XI, {"caption": "Bind I"}),
    "charles_xii": (CHARLES_XII, {"caption": "Bind II"}),
    "hyphen": (JOINED, {"caption": "demand-driven, 1,000 sheets"}),
    "joined": (JOINED, {"caption": "A seaserpent, 2500 sheets"}),
    "together": (CHARLES_XI, {"caption": "明治時代に撮影された東京駅の古い写真"}),
    "apart": (CHARLES_XI, {"caption": "京駅東, 駅京東"}),
    "hebrew": (HEBREW, {"caption": "צִיּוּר הַמִּזְבֵּחַ"}),
    "arabic": (ARABIC, {"caption": "صورة الأسَد", "page_text": "كِتَابٌ في الإسلام"}),
    "greek": (GREEK, {"caption": "Ὁ Ἀχιλλεὺς ἐπὶ τῆς νεώς", "page_text": "μῆνιν ἄειδε θεὰ"}),
    "russian": (RUSSIAN, {"caption": "Медвѣдь въ лѣсу", "page_text": "свѣтъ и тѣнь"}),
    "nordic": (NORDIC, {"caption": "Fiskebåt ved Røst"}),
    "old_english": (OLD_ENGLISH, {"caption": "The publick Chymist"}),
    "old_french": (OLD_FRENCH, {"caption": "Il sçavoit la feste"}),
    "norwegian": (BIRDS, {"caption": "Norge Norge Norge", "before": "Norge", "page_text": "Norge Norge Norge Norge"}),
}


def picture_document(book: BookFixture, passages: dict[str, str]) -> dict[str, Any]:
    passages = dict(passages)
    page_id = passages.pop("page_id", "")
    record = {name: getattr(book, name) for name in ("title", "authors", "publisher", "place", "subjects")}
    imprint = imprint_fields(book.publisher, book.place, built_in_table())
    titles = "\n".join([book.title, *book.alternative_titles])
    texts = {**record, **passages, "title": titles, "place": "\n".join(imprint["place_names"])}
    context = {side: {"text": passages[side]} for side in ("before", "after") if side in passages}
    return {
        **{name: value for name, value in record.items() if value},
        **({"alternative_titles": list(book.alternative_titles)} if book.alternative_titles else {}),
        **imprint,
        **{name: {"text": passages[name]} for name in ("caption", "page_text") if name in passages},
        **({"context": context} if context else {}),
        **({"page_id": page_id, "page": int(page_id[1:])} if page_id else {}),
        "document": "picture",
        "book_id": book.title[:100],
        "year": book.year,
        "last_year": book.year,
        "identifiers": list(book.identifiers),
        "forms": {
            name: " ".join(index_forms(text, word_languages([book.language]))) for name, text in texts.items() if text
        },
    }


def fill_indices(client: Elasticsearch, alias: str) -> None:
    """Create and fill all three indices; pages and books get one document each."""
    for kind in INDEX_KINDS:
        body = index_body(kind)
        client.indices.create(index=index_alias(alias, kind), settings=body["settings"], mappings=body["mappings"])
    for name, (book, passages) in PICTURE_DATA.items():
        client.index(index=alias, id=name, document=picture_document(book, passages))
    page = {
        "document": "page",
        "book_id": "x",
        "title": "Blade",
        "page_text": {"text": "Et blad om hvaler"},
        "forms": {"page_text": " ".join(index_forms("Et blad om hvaler", ["no"]))},
    }
    book = {
        "document": "book",
        "title": "Hvaler i nord",
        "forms": {"title": " ".join(index_forms("Hvaler i nord", ["no"]))},
    }
    client.index(index=index_alias(alias, "pages"), id="leaf", document=page)
    client.index(index=index_alias(alias, "books"), id="volume", document=book)
    client.indices.refresh(index=f"{alias}*")


@dataclass(frozen=True, slots=True)
class QueryRunner:
    """Searches pictures, pages and books together."""

    client: Elasticsearch
    alias: str

    def __call__(self, query_text: str, match: Match = "most", index_suffix: str = "*") -> list[dict[str, Any]]:
        """Return the hits, best first; misread words are searched if there are few, as the service does."""
        query_terms = parse_query_text(clean_query_text(query_text))
        for misreadings in (False, True):
            body = queries.hybrid_query(query_terms, {}, size=50, match=match, misreadings=misreadings)
            if len(hits := self.search(body, index_suffix)["hits"]["hits"]) >= FEW_RESULTS:
                break
        return list(hits)

    def search(self, body: queries.Body, index_suffix: str) -> dict[str, Any]:
        response = self.client.search(index=f"{self.alias}{index_suffix}", body=body, include_named_queries_score=True)
        assert response["_shards"]["failed"] == 0, response["_shards"]
        return dict(response.body)


@pytest.fixture(scope="module")
def run_query(node_url: str) -> Iterator[QueryRunner]:
    alias = f"test-{uuid.uuid4().hex}"
    with Elasticsearch(node_url) as client:
        fill_indices(client, alias)
        yield QueryRunner(client, alias)
        for kind in INDEX_KINDS:
            client.indices.delete(index=index_alias(alias, kind))


def hit_ids(hits: list[dict[str, Any]]) -> list[str]:
    return [hit["_id"] for hit in hits]


EXPECTED_HITS = [
    # typed, one that is found, why
    ("fyrtårnet", "tower", "as printed"),
    ("fyrtaarnet", "tower", "aa for å"),
    ("tårnet øen", "danish", "å for aa, in a title"),
    ("skibets", "danish", "as printed"),
    ("Häuser", "houses", "s for ſ"),
    ("Tore", "houses", "t for th"),
    ("Thaler", "houses", "a for ä"),
    ("tråd", "thin", "t for th and å for aa, the plural's ending gone"),
    ("Kjöbenhavn", "danish", "ö for ø"),
    ("fjellene", "tower", "Norwegian stems"),
    ("båt", "boat", "Nynorsk stems"),
    ("hus", "danish", "Danish stems"),
    ("Haus", "houses", "German stems"),
    ("Wasserfall", "houses", "German stems and ſ"),
    ("eagles cliff", "eagle", "English stems"),
    ("château", "castle", "French stems"),
    ("eglise", "castle", "French, without accents, and with an article before it"),
    ("lighthouse", "beacon", "f for ſ: OCR"),
    ("lighthouse harbours", "beacon", "two words, two forms"),
    ("Moe kysten", "harbour", "author and caption"),
    ("eagles Gould 1893", "eagle", "stem, author and year"),
    ("hvaler", "leaf", "a page's words"),
    ("hvaler", "volume", "a book's title"),
    ('"hvite skipet"', "ship", "a phrase"),
    ('"hvite skipet"~', "ship", "a phrase with a sign that is not understood"),
    ("„Taarnet paa Øen“", "danish", "German quotes"),
    ("«tårnet på øen»", "danish", "a phrase in another spelling"),
    ("fyrt*", "tower", "the beginning of a word"),
    ("FYRTAA*", "tower", "a beginning in another spelling"),
    ("fyrtarn*", "tower", "a beginning without its marks"),
    ("title:kyst", "ship", "a field"),
    ("tittel:kyst forfatter:moe", "ship", "fields by their Norwegian names"),
    ("author:moe", "ship", "author"),
    ("forfatter:zola", "castle", "author"),
    ("publisher:göschen", "houses", "publisher, with ſ"),
    ("forlag:aschehoug", "ship", "publisher"),
    ("place:bergen", "boat", "place"),
    ("place:christiania", "ship", "place, by another name"),
    ("place:oslo", "ship", "place, by its name today"),
    ("sted:hafniae", "danish", "place, in Latin"),
    ("sted:københavn", "danish", "place, in another spelling"),
    ("subject:fyrvesen", "harbour", "subject"),
    ("emne:geografi", "map", "subject"),
    ("caption:skip", "ship", "caption"),
    ("bildetekst:anker", "danish", "caption"),
    ("text:cliffs", "eagle", "page"),
    ("tekst:fjellet", "tower", "beside the picture"),
    ('author:"john gould"', "eagle", "a phrase in a field"),
    ("12:30 eagle", "eagle", "a time is no field"),
    ("naust* OR kart", "map", "alternatives"),
    ("naust* OR kart", "boat", "alternatives"),
    ("תקון ציור", "hebrew", "no points"),
    ("علقمة كتاب", "arabic", "no vowels"),
    ("الاسلام احمد", "arabic", "a bare alef"),
    ("صوره", "arabic", "ha for ta marbuta"),
    ("μηνιν αειδε", "greek", "no accents"),
    ("ΙΛΙΑΣ Όμηρος", "greek", "capitals, modern accents"),
    ("елка свет медведь", "russian", "letters of today"),
    ("Tromso Odegard Goteborg", "nordic", "plain letters"),
    ("Tromsoe Oedegaard Goeteborg", "nordic", "letters in two"),
    ('"Fiskebat ved Rost"', "nordic", "a phrase in plain letters"),
    ("show jail public chemist", "old_english", "English words of today"),
    ("enfants roi savait fête", "old_french", "French words of today"),
    ("skip skog", "danish", "Norwegian words for Danish ones"),
    ("東京", "together", "signs without spaces"),
    ("\u200efyrt\u00adår\ufeffnet\u200d", "tower", "invisible characters"),
    ("ｆｙｒｔåｒｎｅｔ", "tower", "full-width letters"),
    ("demanddriven", "hyphen", "a joined word for a hyphenated one"),
    ("sea-serpent", "joined", "a hyphenated word for a joined one"),
    ("sea–serpent", "joined", "a dash for a hyphen"),
    ("OBrien", "hyphen", "no apostrophe"),
    ("O`Brien", "hyphen", "another apostrophe"),
    ('"by O’Brien"', "hyphen", "another apostrophe in a phrase"),
    ("1000", "hyphen", "a number without its separator"),
    ("1 000 sheets", "hyphen", "a number with another separator"),
    ("2,500", "joined", "a number with a separator"),
    ("NB Oslo Ms 4 1234 b", "ship", "a shelf mark with other separators"),
    ("9788202123456", "ship", "an ISBN without hyphens"),
    ("978 82 02 12345 6", "ship", "an ISBN with spaces"),
    ("fyrtårnet AND lindesnes", "tower", "AND"),
    ("(fyrtårnet OR kart) AND lindesnes", "tower", "parentheses"),
    ("year:1911", "boat", "a year"),
    ("år:1910-1912 båt", "boat", "years and a word"),
    ('author:"Daniel Defoe"', "long", "a name in the other order"),
    ('auteur:"Défoe Daniel"', "long", "a name without its comma"),
    ('verlag:"Göschen"', "houses", "a German name of a field"),
    ("title:ilias", "greek", "a word of another title of the book"),
    ('title:"Homers Ilias"', "greek", "a phrase in another title of the book"),
    ("homer*", "greek", "the beginning of a word of another title"),
]


@pytest.mark.parametrize(("query_text", "expected", "reason"), EXPECTED_HITS)
def test_query_finds_document(run_query: QueryRunner, query_text: str, expected: str, reason: str) -> None:
    assert expected in hit_ids(run_query(query_text)), reason


UNEXPECTED_HITS = [
    ('"Karl XI"', "charles_xii", "a numeral in quotes is that numeral"),
    ('"Karl XII"', "charles_xi", "a numeral in quotes is that numeral"),
    ('title:"Karl XI"', "charles_xii", "a numeral in quotes is that numeral"),
    ('"Bind I"', "charles_xii", "a numeral of one letter too"),
    ('"Bind II"', "charles_xi", "a numeral of one letter too"),
    ("fyrtårnet AND kart", "tower", "AND requires both"),
    ("(fyrtårnet OR kart) AND bergen", "tower", "AND requires both groups"),
    ("skip NOT hvite", "ship", "NOT excludes"),
    ("skip -(hvite OR kart)", "ship", "NOT excludes a group"),
    ("year:1911", "ship", "of another year"),
    ("år:1910- båt OR fyrtårnet", "tower", "of another year"),
    ('author:"Daniel Defoe"', "danish", "another author"),
    ("https://gallica.bnf.fr/ark:/12148/bpt6k1110784", "ship", "an address is no soup of words"),
    # typed, one that is not found, why
    ("skip hvaler", "ship", "both of two words must be there"),
    ("havet", "harbour", "a short word has no misreadings"),
    ('"skipet hvite"', "ship", "a phrase has an order"),
    ('"båten"', "boat", "of a phrase the endings count"),
    ("kysten -havnen", "harbour", "excluded"),
    ("kyst -caption:havnen", "harbour", "excluded from a field"),
    ('skip -"hvite skipet"', "ship", "an excluded phrase"),
    ("title:lindesnes", "tower", "the word is in the caption"),
    ("author:kristiania", "ship", "the word is the place"),
    ("caption:fjellet", "tower", "the word is in the context of the picture"),
    ("text:aschehoug", "ship", "the word is in the record"),
    ('tower ship anchor "puffin"', "ship", "a phrase must be there, however many words are"),
    ("kart author:nobody", "map", "a field must be there"),
]


@pytest.mark.parametrize(("query_text", "unexpected", "reason"), UNEXPECTED_HITS)
def test_query_does_not_find_document(run_query: QueryRunner, query_text: str, unexpected: str, reason: str) -> None:
    assert unexpected not in hit_ids(run_query(query_text)), reason


EXPECTED_FIRST_HITS = [
    ("https://gallica.bnf.fr/ark:/12148/bpt6k1110784/f8.item", "digue", "the page of an address"),
    ("https://gallica.bnf.fr/ark:/12148/bpt6k1110784/f7.item.r=digue", "phare", "the page of an address"),
    ("https%3A%2F%2Fgallica.bnf.fr%2Fark%3A%2F12148%2Fbpt6k1110784%2Ff8.image", "digue", "percent-encoded"),
    ("Homers Ilias", "greek", "another title of the book"),
    ("ark:12148/BPT6K1110784?page=8", "digue", "another form of the identifier"),
    ("https://api.nb.no/catalog/v1/iiif/URN:NBN:no-nb_digibok_2006082900017/manifest", "ship|tower|harbour", "IIIF"),
    (LONG.title, "long", "a title of more words than are searched"),
    (LONG_OTHER.title, "long_other", "a title of more words than are searched"),
    (f"“{LONG.title}”", "long", "in quotation marks"),
    (ENDLESS.title, "endless", "a title that is longer than a keyword may be"),
    (CHINESE.title, "chinese", "a title of more signs than are searched"),
    (CHINESE_OTHER.title, "chinese_other", "a title of more signs than are searched"),
    ("Karl XII", "charles_xii", "the numeral that was typed"),
    ("Karl XI", "charles_xi", "the numeral that was typed"),
    # typed, the first, why
    ("Norge", "map", "an exact title ranks above any number of words"),
    ("norges KYST & havner", "ship|tower|harbour", "the whole title, with its sign"),
    ("Norges kyst havner", "ship|tower|harbour", "all words of the title"),
    ("eagle URN:NBN:no-nb_digibok_2006082900017", "ship|tower|harbour", "an identifier ranks above words"),
    ("urn:nbn:NO-NB_digibok_2006082900017", "ship|tower|harbour", "in either case"),
    ("https://urn.example.org/URN:NBN:no-nb_digibok_2006082900017", "ship|tower|harbour", "an address that ends in it"),
    ("978-82-02-12345-6", "ship|tower|harbour", "an ISBN"),
    ("東京駅", "together", "signs that stand together before the same signs apart"),
    ("havnen", "harbour", "a match in a short caption ranks above one in a longer caption"),
    ("havnen^3 OR eagle", "harbour", "a weight"),
    ("havnen OR eagle^9", "eagle", "a weight"),
    ("fyrtårnet OR kart^0.1", "tower", "a weight below 1"),
    ("havnen dyp^-1", "ship", "a negative weight ranks last"),
]


@pytest.mark.parametrize(("query_text", "expected", "reason"), EXPECTED_FIRST_HITS)
def test_document_ranks_first(run_query: QueryRunner, query_text: str, expected: str, reason: str) -> None:
    assert hit_ids(run_query(query_text))[0] in expected.split("|"), reason


def test_match_parameter_sets_how_many_words_are_required(run_query: QueryRunner) -> None:
    query_text = "fyrtårnet lindesnes bergen"
    ids_by_match: dict[Match, list[str]] = {
        match: hit_ids(run_query(query_text, match=match)) for match in ("any", "most", "all")
    }
    assert ids_by_match == {"any": ["tower", "boat"], "most": ["tower"], "all": []}


def test_word_forms_rank_printed_folded_stemmed_misread(run_query: QueryRunner) -> None:
    assert hit_ids(run_query("båthuset")) == ["printed", "spelling", "ending", "misread"]


def test_misreading_in_a_long_query_matches_without_ranking(run_query: QueryRunner) -> None:
    """The query has 13 words."""
    assert "misread" in hit_ids(run_query("båthuset xa xb aa bb cc dd ee ff gg hh ii jj", match="any"))


def test_query_of_exclusions_matches_all_other_documents(run_query: QueryRunner) -> None:
    everything = set(PICTURE_DATA) | {"leaf", "volume"}
    # "Norges" in a title is an ending of "norge".
    assert set(hit_ids(run_query('-norge -"hvite skipet" -hvaler'))) == everything - {
        "map",
        "norwegian",
        "ship",
        "tower",
        "harbour",
        "leaf",
        "volume",
    }


def test_query_of_negative_terms_ranks_their_matches_last(run_query: QueryRunner) -> None:
    ranked_ids = hit_ids(run_query("norge^-1"))
    assert set(ranked_ids[-5:]) == {"map", "norwegian", "ship", "tower", "harbour"}
    assert len(ranked_ids) == len(PICTURE_DATA) + 2


def test_every_clause_reports_its_score(run_query: QueryRunner) -> None:
    hits = {hit["_id"]: hit["matched_queries"] for hit in run_query("eagles Gould 1893")}
    assert set(hits["eagle"]) == {"caption", "page_text", "authors", "year"}
    assert run_query("Norge", index_suffix="")[0]["matched_queries"]["exact title"] == 10_000


EXPECTED_HIGHLIGHTS = [
    # typed, picture, field, what is marked
    ("fyrtaarnet", "tower", "caption", "<em>Fyrtårnet</em> ved Lindesnes"),
    ("Haus", "houses", "caption", "Die alten <em>Häuſer</em> am Thore"),
    ("fjellene", "tower", "before", "Sjøen slår mot <em>fjellet</em>."),
    ("lighthouse", "beacon", "caption", "The old <em>lighthoufe</em>"),
    ("fyrt*", "tower", "caption", "<em>Fyrtårnet</em> ved Lindesnes"),
    ('"tårnet på øen"', "danish", "title", "<em>Taarnet paa Øen</em>"),
    ("kyst", "ship", "title", "Norges <em>kyst</em> &amp; havner"),
    ("eagle", "eagle", "page_text", "<em>Eagles</em> nest upon the cliffs at 12:30."),
    ("eglise", "castle", "title", "L’<em>église</em> et ses trésors"),
    ("moe", "ship", "authors", "Anna <em>Moe</em>"),
]


@pytest.mark.parametrize(("query_text", "picture", "field", "highlight"), EXPECTED_HIGHLIGHTS)
def test_matching_words_are_highlighted(
    run_query: QueryRunner, query_text: str, picture: str, field: str, highlight: str
) -> None:
    raw_hit = next(hit for hit in run_query(query_text) if hit["_id"] == picture)
    highlighter = Highlighter(parse_query_text(query_text), misreadings=True)
    assert read_hit(raw_hit, highlighter=highlighter).highlights[field] == [highlight]


def test_field_term_is_highlighted_only_in_its_field(run_query: QueryRunner) -> None:
    raw_hit = next(hit for hit in run_query("caption:skip") if hit["_id"] == "ship")
    assert set(read_hit(raw_hit, highlighter=Highlighter(parse_query_text("caption:skip"))).highlights) == {"caption"}


EXPECTED_SUGGESTIONS = [
    # typed, suggested, why
    ("kystem", "kysten", "a word that is in no document"),
    ("Kystem havnen", "Kysten havnen", "with its capital, and the other word as typed"),
    (
        '-skip "havnen ved kystem" year:1885',
        '-skip "havnen ved kysten" year:1885',
        "in a phrase, and the rest as typed",
    ),
    ("kysten", "", "a word that is in a document"),
    ("kystenn^2 OR eagle", "kysten^2 OR eagle", "with its weight, and alternatives"),
    ("author:kystem", "", "names are not corrected"),
    ("kystem*", "", "prefixes are not corrected"),
    ("tynd traad", "", "an old spelling is found and not corrected"),
    ("qqqqqqq", "", "a word without similar words"),
]


@pytest.mark.parametrize(("query_text", "expected_suggestion", "reason"), EXPECTED_SUGGESTIONS)
def test_missing_words_get_a_suggestion(
    run_query: QueryRunner, query_text: str, expected_suggestion: str, reason: str
) -> None:
    query = parse_query_text(query_text)
    body = {**queries.hybrid_query(query, {}, size=5), "suggest": suggest_clause(query)}
    results = read_search_results(run_query.search(body, index_suffix=""), {}, highlighter=Highlighter(query))
    suggestion = suggest_query_text(query, results.corrections, results.highlighted_words)
    assert suggestion == expected_suggestion, reason


SYNTAX_SIGNS = st.sampled_from(
    [*'"„“”«»()*^-:~?/\\&|!', " OR ", " -", "title:", "tekst:", "^-1", "^2", '"a b"', "fyr", "1890"]
)
ANY_QUERY_TEXT = st.lists(st.one_of(SYNTAX_SIGNS, st.text(max_size=6)), max_size=40).map("".join)


@settings(max_examples=60)
@given(ANY_QUERY_TEXT)
def test_any_query_text_is_accepted(run_query: QueryRunner, query_text: str) -> None:
    run_query(query_text)


@pytest.mark.parametrize("count", [10, 12, 13, 20])
@pytest.mark.parametrize(
    "word",
    ["lighthouse{}", "1{:03}", "«a{}»", "hav{}*", "caption:fyr{}", "title:{}*^2", "-ab{}", "wordlong{}^2", "x^-{}"],
)
def test_longest_query_fits_the_clause_limit_of_the_smallest_node(
    run_query: QueryRunner, word: str, count: int
) -> None:
    letters = "abcdefghijklmnopqrst"
    run_query(" ".join(word.format(letters[number] if "{}" in word else number) for number in range(count)))
