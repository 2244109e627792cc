"""The Europeana Data Model, as providers and as Europeana write it → `Book`."""

import pytest

from core.errors import SourceError
from indexer.formats import xml_loader
from indexer.formats.catalogue_records import parse_records
from indexer.records import Book

RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:edm="http://www.europeana.eu/schemas/edm/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:agg="http://www.openarchives.org/terms/" xmlns:skos="http://www.w3.org/2004/02/skos/core#">{}</rdf:RDF>'
)
RIGHTS = "http://creativecommons.org/publicdomain/mark/1.0/"
AGGREGATION = (
    '<agg:Aggregation rdf:about="#agg"><edm:aggregatedCHO rdf:resource="{}"/>'
    f'<edm:rights rdf:resource="{RIGHTS}"/><edm:isShownAt rdf:resource="https://x.org{{}}"/></agg:Aggregation>'
)
ITEM = "http://data.europeana.eu/item/1/2"


def parse_books(content: str) -> list[Book]:
    return parse_records(xml_loader.parse(RDF.format(content).encode(), "edm.xml"), "edm.xml")


def test_the_record_of_a_provider_refers_to_entities_and_an_aggregation() -> None:
    (book,) = parse_books(
        '<edm:ProvidedCHO rdf:about="#cho"><dc:title>Kart</dc:title><dc:creator rdf:resource="#agent"/>'
        '<dc:creator>Li, Bo</dc:creator><dc:subject rdf:resource="#concept"/><dc:subject rdf:resource="#unknown"/>'
        '<dcterms:issued rdf:resource="#period"/><dc:language>no</dc:language></edm:ProvidedCHO>'
        '<edm:Agent rdf:about="#agent"><skos:prefLabel>Moe, Anna</skos:prefLabel></edm:Agent>'
        '<skos:Concept rdf:about="#concept"><skos:prefLabel xml:lang="de">Karten</skos:prefLabel>'
        '<skos:prefLabel xml:lang="no">Kart og atlas</skos:prefLabel></skos:Concept>'
        '<edm:TimeSpan rdf:about="#period"><edm:begin>1860</edm:begin><edm:end>1869</edm:end></edm:TimeSpan>'
        + AGGREGATION.format("#cho", "/1")
    )
    assert (book.title, book.authors, book.subjects) == ("Kart", ("Moe, Anna", "Li, Bo"), ("Kart og atlas",))
    assert str(book.years) == "1860–1869"
    assert (book.licence, book.viewer) == (RIGHTS, "https://x.org/1")


def test_an_entity_may_stand_inside_the_term() -> None:
    (book,) = parse_books(
        '<edm:ProvidedCHO rdf:about="#cho"><dc:title>Kart</dc:title><dc:creator><edm:Agent rdf:about="#agent">'
        "<skos:prefLabel>Moe, Anna</skos:prefLabel><edm:begin>1800</edm:begin></edm:Agent></dc:creator>"
        "</edm:ProvidedCHO>"
    )
    assert book.authors == ("Moe, Anna",)


def test_europeanas_record_has_its_terms_in_proxies_the_providers_first() -> None:
    (book,) = parse_books(
        f'<edm:ProvidedCHO rdf:about="{ITEM}"/>'
        '<agg:Proxy rdf:about="http://data.europeana.eu/proxy/europeana/1/2"><dc:title>Map</dc:title>'
        '<dc:creator rdf:resource="http://data.europeana.eu/agent/1"/><dc:subject>Cartography</dc:subject>'
        "<edm:europeanaProxy>true</edm:europeanaProxy></agg:Proxy>"
        '<agg:Proxy rdf:about="http://data.europeana.eu/proxy/provider/1/2"><dc:title>Kart</dc:title>'
        "<dc:creator>Moe, Anna</dc:creator><dcterms:created>1867</dcterms:created>"
        "<edm:europeanaProxy>false</edm:europeanaProxy></agg:Proxy>" + AGGREGATION.format(ITEM, "/1")
    )
    assert (book.id, book.title, book.authors, book.year) == (ITEM, "Kart", ("Moe, Anna",), 1867)
    assert (book.subjects, book.licence, book.viewer) == (("Cartography",), RIGHTS, "https://x.org/1")


def test_each_of_several_objects_has_its_own_proxy_and_aggregation() -> None:
    books = parse_books(
        "".join(
            f'<edm:ProvidedCHO rdf:about="#{n}"/><agg:Proxy rdf:about="#p{n}"><agg:proxyFor rdf:resource="#{n}"/>'
            f"<dc:title>Kart {n}</dc:title></agg:Proxy>" + AGGREGATION.format(f"#{n}", f"/{n}")
            for n in (1, 2)
        )
    )
    assert [(book.id, book.title, book.viewer) for book in books] == [
        ("#1", "Kart 1", "https://x.org/1"),
        ("#2", "Kart 2", "https://x.org/2"),
    ]


def test_an_object_without_terms_is_no_record() -> None:
    with pytest.raises(SourceError, match="no MODS, MARC, PICA or Dublin Core record"):
        parse_books(f'<edm:ProvidedCHO rdf:about="{ITEM}"/>' + AGGREGATION.format(ITEM, "/1"))
