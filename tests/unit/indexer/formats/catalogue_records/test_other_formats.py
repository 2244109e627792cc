"""Binary MARC, UNIMARC, PICA XML and answers of SRU → `Book`."""

from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymarc import Field, Indicators, Record, Subfield

from core.errors import SourceError
from indexer.formats import xml_loader
from indexer.formats.catalogue_records import parse_records, read_records
from indexer.formats.catalogue_records.marc import is_binary_marc, read_binary_marc
from indexer.records import Book
from tests.paths import CASES, SHARED

METS = SHARED / "mets"

MARCXML = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
    '<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Fyret</subfield></datafield></record>'
)


def parse_books(xml: str) -> list[Book]:
    return parse_records(xml_loader.parse(xml.encode(), "x.xml"), "x.xml")


def build_binary(title: str, number: str = "1") -> bytes:
    record = Record(leader="00000nam a2200000 a 4500")
    record.add_field(Field("001", data=number))
    record.add_field(Field("245", Indicators("1", "0"), [Subfield("a", title)]))
    return record.as_marc()


def read_binary(data: bytes, folder: Path) -> tuple[list[str], list[str]]:
    """Return the titles and the warnings."""
    (folder / "x.mrc").write_bytes(data)
    warnings: list[str] = []
    return [book.title for book in read_records(folder / "x.mrc", warnings)], warnings


def test_binary_marc_of_libraries() -> None:
    assert len(read_records(CASES / "silent-formats" / "marcbin" / "bok.mrc")) == 5
    books = read_records(METS / "marc_marc.dat")
    assert len(books) == 20
    assert (books[0].title, books[0].authors) == (
        "The pragmatic programmer: from journeyman to master",
        ("Hunt, Andrew", "Thomas, David"),
    )
    assert read_records(METS / "marc_utf8_with_leader_flag.dat")[0].title == "Escape from loneliness"


def test_a_broken_record_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    good = build_binary("Æneid")
    broken = good[:24] + b"x" * 20 + good[44:]
    titles, warnings = read_binary(good + broken + b"rubbish\x1d" + good, tmp_path)
    assert titles == ["Æneid", "Æneid"]
    assert warnings[0].startswith(f"record 2 (byte {len(good)}) is damaged and left out")
    assert warnings[1] == f"record 3 (byte {2 * len(good)}) has no MARC leader and is left out"


def test_a_wrong_length_in_the_leader_spoils_no_record(tmp_path: Path) -> None:
    good = build_binary("Fyret")
    assert read_binary(b"00010" + good[5:] + b"\r\n" + b"99999" + good[5:], tmp_path) == (["Fyret", "Fyret"], [])


def test_records_of_holdings_are_no_books(tmp_path: Path) -> None:
    good = build_binary("Fyret")
    assert read_binary(good + good[:6] + b"x" + good[7:], tmp_path) == (["Fyret"], [])
    with pytest.raises(SourceError, match="no MODS, MARC, PICA or Dublin Core record"):
        parse_books(MARCXML.replace("00000nam", "00000nxm"))


def test_a_file_with_broken_records_only_is_refused(tmp_path: Path) -> None:
    good = build_binary("Fyret")
    with pytest.raises(SourceError, match="no bibliographic MARC record can be read; record 1"):
        read_binary(good[:24] + b"x" * 20 + good[44:], tmp_path)


@pytest.mark.parametrize(
    ("title", "flag", "encoding"),
    [
        ("Märchen für Søren".encode(), b"a", ""),
        (b"M\xe8archen f\xe8ur S\xb2ren", b" ", ""),
        ("Märchen für Søren".encode(), b" ", "UTF-8"),
        (b"M\xe8archen f\xe8ur S\xb2ren", b"a", "MARC-8"),
        ("Märchen für Søren".encode("latin-1"), b"a", "Windows-1252"),
        ("Märchen für Søren".encode("latin-1"), b" ", "Windows-1252"),
    ],
)
def test_the_bytes_decide_the_encoding_and_a_wrong_flag_is_noticed(
    title: bytes, flag: bytes, encoding: str, tmp_path: Path
) -> None:
    placeholder = b"#" * len(title)
    data = build_binary(placeholder.decode()).replace(placeholder, title)
    titles, warnings = read_binary(data[:9] + flag + data[10:], tmp_path)
    assert titles == ["Märchen für Søren"]
    assert len(warnings) == bool(encoding)
    assert all(warning.endswith(f"it is read as {encoding}") for warning in warnings)


@given(st.binary(max_size=300))
def test_binary_marc_never_raises(data: bytes) -> None:
    list(read_binary_marc(data, []))
    list(read_binary_marc(build_binary("Fyret")[:24] + data, []))


def test_binary_marc_is_recognised_by_its_leader() -> None:
    assert is_binary_marc(b"\xef\xbb\xbf" + build_binary("Fyret"))
    assert not is_binary_marc(b"<record/>")
    assert not is_binary_marc(b"01234 is not a leader, it only begins like one")


UNIMARC = """
<record xmlns="info:lc/xmlns/marcxchange-v2" format="UNIMARC" type="Bibliographic">
<leader>00000nam0 2200000   450 </leader>
<controlfield tag="001">FRBNF30360000</controlfield>
<controlfield tag="003">http://catalogue.bnf.fr/ark:/12148/cb303600000</controlfield>
<datafield tag="010" ind1=" " ind2=" "><subfield code="a">2-07-036024-8</subfield></datafield>
<datafield tag="100" ind1=" " ind2=" "><subfield code="a">19800101d1844    m  y0frey50      ba</subfield></datafield>
<datafield tag="101" ind1="0" ind2=" "><subfield code="a">fre</subfield></datafield>
<datafield tag="200" ind1="1" ind2=" "><subfield code="a">\x88Les\x89 trois mousquetaires</subfield>
<subfield code="e">roman</subfield><subfield code="h">Tome 2</subfield><subfield code="i">Milady</subfield>
<subfield code="f">par Alexandre Dumas</subfield></datafield>
<datafield tag="210" ind1=" " ind2=" "><subfield code="a">[Paris]</subfield><subfield code="c">Baudry</subfield>
<subfield code="d">1844</subfield></datafield>
<datafield tag="606" ind1=" " ind2=" "><subfield code="a">Mousquetaires</subfield>
<subfield code="x">Fiction</subfield></datafield>
<datafield tag="700" ind1=" " ind2="1"><subfield code="a">Dumas</subfield><subfield code="b">Alexandre</subfield>
<subfield code="f">1802-1870</subfield><subfield code="4">070</subfield></datafield>
<datafield tag="702" ind1=" " ind2="0"><subfield code="a">Boniface</subfield><subfield code="d">IX</subfield>
<subfield code="c">pape</subfield><subfield code="4">440</subfield></datafield>
<datafield tag="702" ind1=" " ind2="1"><subfield code="a">Ludwig</subfield><subfield code="b">Peter</subfield>
<subfield code="4">390</subfield></datafield>
<datafield tag="712" ind1="0" ind2="2"><subfield code="a">Baudry</subfield><subfield code="4">650</subfield></datafield>
</record>
""".translate({0x88: "&#x88;", 0x89: "&#x89;"})


@pytest.mark.parametrize("xml", [UNIMARC, UNIMARC.replace(' format="UNIMARC"', "")])
def test_unimarc_is_recognised_by_its_fields(xml: str) -> None:
    (book,) = parse_books(xml)
    assert book.title == "Les trois mousquetaires: roman. Tome 2, Milady"
    assert book.authors == ("Dumas, Alexandre", "Boniface IX, pape")
    assert (book.place, book.publisher, book.date, book.year) == ("Paris", "Baudry", "1844", 1844)
    assert (book.languages, book.subjects, book.type_of_work) == (("fre",), ("Mousquetaires -- Fiction",), "text")
    assert book.identifiers == ("FRBNF30360000", "2-07-036024-8", "http://catalogue.bnf.fr/ark:/12148/cb303600000")


def test_intermarc_is_refused_by_name() -> None:
    xml = UNIMARC.replace("UNIMARC", "Intermarc").replace('tag="200"', 'tag="245"')
    with pytest.raises(SourceError, match="the record is INTERMARC; export it as UNIMARC, MARC 21 or Dublin Core"):
        parse_books(xml)


PICA = """
<record xmlns="info:srw/schema/5/picaXML-v1.0">
<datafield tag="002@"><subfield code="0">Aau</subfield></datafield>
<datafield tag="003@"><subfield code="0">183475917</subfield></datafield>
<datafield tag="006W"><subfield code="0">VD18 10234567</subfield></datafield>
<datafield tag="010@"><subfield code="a">ger</subfield></datafield>
<datafield tag="011@"><subfield code="a">1769</subfield><subfield code="n">MDCCLXIX</subfield></datafield>
<datafield tag="017C"><subfield code="u">https://digital.example/183475917</subfield></datafield>
<datafield tag="021A"><subfield code="a">Des @Herrn Le Beau Geschichte</subfield>
<subfield code="d">ein Auszug</subfield>
<subfield code="h">von Le Beau</subfield></datafield>
<datafield tag="028A"><subfield code="d">Charles</subfield><subfield code="a">Le Beau</subfield></datafield>
<datafield tag="028C"><subfield code="B">ÜbersetzerIn</subfield><subfield code="4">trl</subfield>
<subfield code="D">Johann Adam</subfield><subfield code="A">Hiller</subfield></datafield>
<datafield tag="028C"><subfield code="4">fmo</subfield>
<subfield code="D">Peter</subfield><subfield code="A">Ludwig</subfield></datafield>
<datafield tag="028C"><subfield code="P">Christian</subfield><subfield code="N">IV.</subfield>
<subfield code="l">Dänemark, König</subfield></datafield>
<datafield tag="029F"><subfield code="a">Verlag Weidmann</subfield><subfield code="4">pbl</subfield></datafield>
<datafield tag="033A"><subfield code="p">Leipzig</subfield><subfield code="n">Weidmann</subfield></datafield>
<datafield tag="044K"><subfield code="a">Römisches Reich</subfield></datafield>
</record>
"""


def test_pica_xml_is_recognised_by_its_tags() -> None:
    (book,) = parse_books(PICA)
    assert (book.id, book.title) == ("183475917", "Des Herrn Le Beau Geschichte: ein Auszug")
    assert book.authors == ("Le Beau, Charles", "Hiller, Johann Adam", "Christian IV., Dänemark, König")
    assert (book.place, book.publisher, book.date, book.year) == ("Leipzig", "Weidmann", "MDCCLXIX", 1769)
    assert (book.languages, book.subjects, book.type_of_work) == (("ger",), ("Römisches Reich",), "text")
    assert book.identifiers == ("183475917", "VD18 10234567", "https://digital.example/183475917")


DUBLIN_CORE = (
    '<oai_dc:dc xmlns:oai_dc="o" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Fyret</dc:title></oai_dc:dc>'
)
MODS = '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Fyret</title></titleInfo></mods>'


@pytest.mark.parametrize("record", [MARCXML, DUBLIN_CORE, MODS])
@pytest.mark.parametrize("is_escaped", [False, True])
def test_an_answer_of_sru_has_a_record_of_any_format(record: str, *, is_escaped: bool) -> None:
    data = escape(record) if is_escaped else record
    (book,) = parse_books(
        '<s:searchRetrieveResponse xmlns:s="http://www.loc.gov/zing/srw/"><s:records><s:record>'
        f"<s:recordData>{data}</s:recordData></s:record></s:records></s:searchRetrieveResponse>"
    )
    assert book.title == "Fyret"


@pytest.mark.parametrize(
    ("coded", "printed", "date", "years"),
    [
        ("d1785    ", "an VII [1799]", "an VII [1799]", "1799"),
        ("d1799    ", "an VII", "an VII", "1799"),
        ("b18001899", "[s.d.]", "[s.d.]", "1800–1899"),
        ("f17501760", "[s.d.]", "[s.d.]", "1750–1760?"),
        ("g18501860", "", "1850-1860", "1850–1860"),
        ("d18  9999", "", "18--", "1800–1899"),
        ("d1758    ", "1785 [i.e. 1758]", "1785 [i.e. 1758]", "1758"),
        ("u        ", "", "", ""),
    ],
)
def test_unimarc_dates_are_read_as_those_of_marc(coded: str, printed: str, date: str, years: str) -> None:
    (book,) = parse_books(UNIMARC.replace("d1844    ", coded).replace(">1844<", f">{printed}<"))
    assert (book.date, str(book.years or "")) == (date, years)


PICA_VOLUME = """
<record xmlns="info:srw/schema/5/picaXML-v1.0">
<datafield tag="003@"><subfield code="0">222</subfield></datafield>
<datafield tag="006M"><subfield code="0">10987654</subfield></datafield>
<datafield tag="036C"><subfield code="a">Allgemeine @Weltgeschichte</subfield>
<subfield code="l">Band 3</subfield></datafield>{title}</record>
"""


@pytest.mark.parametrize(
    ("own_title", "title"),
    [
        ("Asien", "Allgemeine Weltgeschichte. Band 3, Asien"),
        ("", "Allgemeine Weltgeschichte. Band 3"),
        ("Allgemeine @Weltgeschichte", "Allgemeine Weltgeschichte. Band 3"),
    ],
)
def test_a_volume_in_pica_is_called_after_its_work(own_title: str, title: str) -> None:
    field = f'<datafield tag="021A"><subfield code="a">{own_title}</subfield></datafield>'
    (book,) = parse_books(PICA_VOLUME.replace("{title}", field if own_title else ""))
    assert (book.title, book.identifiers) == (title, ("222", "10987654"))


def test_ppxml_is_read_as_pica_xml() -> None:
    (book,) = parse_books(
        '<p:record xmlns:p="http://www.oclcpica.org/xmlns/ppxml-1.0"><p:global>'
        '<p:tag id="003@" occ=""><p:subf id="0">12345678X</p:subf></p:tag>'
        '<p:tag id="021A" occ=""><p:subf id="a">Der @Leuchtturm</p:subf></p:tag>'
        '<p:tag id="028A" occ=""><p:subf id="d">Anna</p:subf><p:subf id="a">Moe</p:subf></p:tag>'
        '<p:tag id="011@" occ=""><p:subf id="a">1867</p:subf></p:tag></p:global></p:record>'
    )
    assert (book.id, book.title, book.authors, book.year) == ("12345678X", "Der Leuchtturm", ("Moe, Anna",), 1867)


def test_a_record_of_a_harvest_has_the_identifier_of_its_header() -> None:
    header = "<header><identifier>oai:x:1</identifier></header>"
    record = f"<record>{header}<metadata>{MODS}</metadata></record>"
    (book,) = parse_books(f"<OAI-PMH><GetRecord>{record}</GetRecord></OAI-PMH>")
    assert (book.id, book.identifiers) == ("oai:x:1", ("oai:x:1",))


def test_damaged_fields_spoil_no_record() -> None:
    stray_field = '<datafield tag="24"><subfield code="a">x</subfield></datafield>'
    record = MARCXML.replace("00000nam a2200000 a 4500", "").replace("</record>", f"{stray_field}</record>")
    (book,) = parse_books(record.replace("<subfield code", "<subfield>stray</subfield><subfield code", 1))
    assert book.title == "Fyret"


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (
            '<OAI-PMH><error code="idDoesNotExist">No such record</error></OAI-PMH>',
            "the OAI-PMH server answered idDoesNotExist: No such record",
        ),
        (
            "<searchRetrieveResponse><diagnostics><diagnostic><uri>info:srw/diagnostic/1/10</uri>"
            "<message>Query syntax error</message></diagnostic></diagnostics></searchRetrieveResponse>",
            "the SRU server answered: Query syntax error, info:srw/diagnostic/1/10",
        ),
    ],
)
def test_the_error_of_a_server_is_the_reason(xml: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        parse_books(xml)


def test_parallel_and_other_titles_of_unimarc_are_kept() -> None:
    other_title = '<datafield tag="517" ind1=" " ind2=" "><subfield code="a">Le phare</subfield></datafield></record>'
    (book,) = parse_books(UNIMARC.replace("</record>", other_title))
    assert book.alternative_titles == ("Le phare",)
