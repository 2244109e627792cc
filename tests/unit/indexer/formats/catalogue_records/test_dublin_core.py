"""Dublin Core of libraries, and the Internet Archive's record → `Book`."""

import pytest

from indexer.formats import xml_loader
from indexer.formats.catalogue_records import parse_records
from indexer.formats.catalogue_records.named_roles import author_names
from indexer.records import Book


def parse_book(xml: str) -> Book:
    (book,) = parse_records(xml_loader.parse(xml.encode(), "x.xml"), "x.xml")
    return book


def dublin_core(**terms: str) -> str:
    elements = "".join(f"<dc:{name}>{value}</dc:{name}>" for name, value in terms.items())
    return f'<dc:dc xmlns:dc="http://purl.org/dc/elements/1.1/">{elements}</dc:dc>'


@pytest.mark.parametrize(
    ("value", "author"),
    [
        ("Hugo, Victor (1802-1885). Auteur du texte", "Hugo, Victor (1802-1885)"),
        ("Brion, Gustave (1824-1877). Illustrateur", "Brion, Gustave (1824-1877)"),
        ("Hetzel, Jules. Éditeur commercial", ""),
        ("Lahure. Imprimeur", ""),
        ("La Vallière, duc de. Ancien possesseur", ""),
        ("France. Ministère de la guerre", "France. Ministère de la guerre"),
        ("United States. Patent Office", "United States. Patent Office"),
        ("Moe, Anna (illustratør)", "Moe, Anna"),
        ("Moe, Anna [engraver]", "Moe, Anna"),
        ("Moe, Anna, illustrator", "Moe, Anna"),
        ("Smith, Edith", "Smith, Edith"),
        ("Ludwig, Peter (tidligere eier)", ""),
        ("Ludwig, Peter, former owner", ""),
        ("Moe, Anna, 1820-1890", "Moe, Anna, 1820-1890"),
    ],
)
def test_a_role_at_the_end_of_a_name_decides_and_goes(value: str, author: str) -> None:
    assert author_names([value]) == ((author,) if author else ())
    assert parse_book(dublin_core(title="x", contributor=value)).authors == ((author,) if author else ())


@pytest.mark.parametrize(
    ("publisher", "identifier", "parts"),
    [
        ("Pagnerre (Paris)", "https://gallica.bnf.fr/ark:/12148/bpt6k1", ("Pagnerre (Paris)", "Paris")),
        ("Aschehoug (Nygaard)", "1", ("Aschehoug (Nygaard)", "")),
        ("[Leiden : Brill], 1867", "1", ("[Brill]", "Leiden")),
        ("New York : Harper", "1", ("Harper", "New York")),
        ("Verlag: Die Schmiede", "1", ("Verlag: Die Schmiede", "")),
    ],
)
def test_the_place_stands_with_the_publisher(publisher: str, identifier: str, parts: tuple[str, str]) -> None:
    book = parse_book(dublin_core(title="x", publisher=publisher, identifier=identifier))
    assert (book.publisher, book.place) == parts


@pytest.mark.parametrize(
    ("terms", "date"),
    [
        ("<dc:date>2015-03-04T10:00:00Z</dc:date><dc:date>1867</dc:date>", "1867"),
        ("<dc:date>1867</dc:date><dc:date>2015-03-04T10:00:00Z</dc:date>", "1867"),
        ("<dcterms:issued>2015</dcterms:issued><dcterms:created>1867</dcterms:created>", "1867"),
        ("<dcterms:issued>1867</dcterms:issued><dcterms:created>2015</dcterms:created>", "1867"),
        ("<dcterms:issued>1867</dcterms:issued><dcterms:created>1850</dcterms:created>", "1867"),
        ("<dc:date>2015</dc:date><dc:publisher>Oslo : Cappelen, 1867</dc:publisher>", "1867"),
        ("<dc:date>2016-01-01T10:00:00Z</dc:date><dc:date>2015</dc:date>", "2015"),
        ("<dc:date>2015-03-04T10:00:00Z</dc:date>", "2015-03-04T10:00:00Z"),
        ("<dc:date>s.d.</dc:date><dc:date>2015</dc:date>", "s.d."),
        ("<dc:date>2015</dc:date><dc:date>s.d.</dc:date>", "2015"),
        ("<dc:date>s.d.</dc:date><dc:date>1867</dc:date>", "1867"),
    ],
)
def test_the_date_of_the_work_comes_before_that_of_its_copy(terms: str, date: str) -> None:
    book = parse_book(
        '<dc:dc xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"<dc:title>x</dc:title>{terms}</dc:dc>"
    )
    assert book.date == date
    assert book.year == (2015 if date == "s.d." else int(date[:4]))


def test_the_record_of_the_internet_archive() -> None:
    book = parse_book(
        "<metadata><identifier>cu31924</identifier><mediatype>texts</mediatype><title>The lighthouse</title>"
        "<volume>2</volume><creator>Moe, Anna</creator><creator>Ludwig, Peter, former owner</creator>"
        "<contributor>Cornell University Library</contributor><publisher>New York : Harper</publisher>"
        "<date>1867</date><subject>Lighthouses; Norway</subject><oclc-id>123456</oclc-id></metadata>"
    )
    assert (book.title, book.authors) == ("The lighthouse. Volume 2", ("Moe, Anna",))
    assert (book.publisher, book.place, book.subjects) == ("Harper", "New York", ("Lighthouses", "Norway"))
    assert (book.identifiers, book.viewer) == (("cu31924", "123456"), "https://archive.org/details/cu31924")


def test_further_titles_and_alternatives_are_other_titles() -> None:
    book = parse_book(
        '<dc xmlns="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><title>Fyret</title>'
        "<title>The lighthouse</title><dcterms:alternative>Le phare</dcterms:alternative><title>FYRET.</title></dc>"
    )
    assert (book.title, book.alternative_titles) == ("Fyret", ("The lighthouse", "Le phare"))
