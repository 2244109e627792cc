"""MARC 21 records as libraries write them → `Book`."""

import pytest

from core.dates import YearRange
from indexer.formats import xml_loader
from indexer.formats.catalogue_records import parse_records, read_records
from indexer.records import Book
from tests.paths import CASES

MANUSCRIPTS = CASES / "hijri-year-former-owner" / "books"


def build_marc(*fields: str, control: dict[str, str] | None = None, leader: str = "00000nam a2200000 a 4500") -> str:
    """Return MARCXML of fields like `700 1_ $a Ludwig, Peter, $e former owner.`"""
    control_fields = "".join(
        f'<controlfield tag="{tag}">{data}</controlfield>' for tag, data in (control or {}).items()
    )
    data_fields = ""
    for field in fields:
        tag, indicators, content = field.split(" ", 2)
        first, second = indicators.replace("_", " ")
        subfields = "".join(
            f'<subfield code="{part[0]}">{part[1:].strip()}</subfield>' for part in content.split("$") if part
        )
        data_fields += f'<datafield tag="{tag}" ind1="{first}" ind2="{second}">{subfields}</datafield>'
    return f'<record xmlns="http://www.loc.gov/MARC21/slim"><leader>{leader}</leader>{control_fields}{data_fields}</record>'


def read_marc_book(
    *fields: str, control: dict[str, str] | None = None, leader: str = "00000nam a2200000 a 4500"
) -> Book:
    xml = build_marc(*fields, control=control, leader=leader)
    (book,) = parse_records(xml_loader.parse(xml.encode(), "x.xml"), "x.xml")
    return book


@pytest.mark.parametrize(
    ("field", "is_author"),
    [
        ("700 1_ $aLudwig, Peter,$eformer owner.", False),
        ("700 1_ $aLudwig, Peter,$4fmo", False),
        ("700 1_ $aLudwig, Peter,$4http://id.loc.gov/vocabulary/relators/fmo", False),
        ("700 1_ $aLudwig, Peter,$eformer owner,$edonor.", False),
        ("700 1_ $aLudwig, Peter,$eformer owner,$eillustrator.", True),
        ("700 1_ $aLudwig, Peter,$eKupferstecher$4egr", True),
        ("700 1_ $aLudwig, Peter", True),
        ("700 1_ $aLudwig, Peter$5PU", False),
        ("100 1_ $aLudwig, Peter,$ededicatee.", False),
        ("100 1_ $aLudwig, Peter,$eunknown word", True),
        ("700 1_ $aLudwig, Peter,$eunknown word", False),
        ("711 2_ $aLudwig, Peter$jsponsor", False),
        ("711 2_ $aLudwig, Peter$jauthor", True),
    ],
)
def test_the_role_decides_who_is_an_author(field: str, *, is_author: bool) -> None:
    assert read_marc_book(field).authors == (("Ludwig, Peter",) if is_author else ())


def test_former_owners_and_addressees_of_manuscripts_are_no_authors() -> None:
    authors = {
        author
        for path in sorted(MANUSCRIPTS.glob("*.xml"))
        if path.name.endswith("_marc.xml")
        for book in read_records(path)
        for author in book.authors
    }
    assert {"Jacobus, de Cessolis", "Gennay, Franciscus", "Ludovico, da Fabriano", "Petrarca, Francesco"} <= authors
    others = ("Jastrow", "Ludwig", "Cotheal", "Boniface", "Capelli", "J. Paul Getty", "Lawrence J.", "Muslim World")
    assert not [author for author in authors if author.startswith(others)]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("100 0_ $aBoniface$bIX,$cPope,$dapproximately 1355-1404.", "Boniface IX, Pope"),
        ("100 0_ $aJohannes$bXXIII.$cPapst", "Johannes XXIII., Papst"),
        ("700 1_ $aJastrow, Morris,$cJr.,$d1861-1921.", "Jastrow, Morris, Jr."),
        ("700 02 $aIsidore,$cof Seville, Saint,$d-636.$tEtymologiae.$kSelections.", "Isidore, of Seville, Saint"),
        ("700 0_ $aMedea$c(Mythological character)", "Medea (Mythological character)"),
        ("100 1_ $aChadman, Charles E.$q(Charles Erehart),$d1873-", "Chadman, Charles E. (Charles Erehart)"),
        ("100 1_ $aHowells, William Dean,$d1837-1920.", "Howells, William Dean"),
        ("110 1_ $aUnited States.$bNavy.$bBureau of Ships.", "United States. Navy. Bureau of Ships"),
        ("110 2_ $aNorges Sjøkartverk$bAvdeling for kart", "Norges Sjøkartverk. Avdeling for kart"),
        (
            "110 1_ $aSicily (Italy).$bSovereign (1282-1285 : Peter I).",
            "Sicily (Italy). Sovereign (1282-1285 : Peter I)",
        ),
        ("111 2_ $aWorld's Fair$n(2nd :$d1855 :$cParis).$eJury", "World's Fair (2nd : 1855 : Paris). Jury"),
        ("720 __ $aMyhre, Margareta", "Myhre, Margareta"),
    ],
)
def test_headings_are_read_whole_without_dates_of_life(field: str, name: str) -> None:
    assert read_marc_book(field).authors == (name,)


def test_names_in_their_original_script_follow_unless_their_latin_form_is_no_author() -> None:
    book = read_marc_book(
        "100 1_ $6880-01$aIbn Hishām,$d1309-1360.",
        "700 0_ $6880-02$aSaʻīd,$eformer owner.",
        "880 1_ $6100-01/(3/r$aابن هشام،$d1309-1360.",
        "880 0_ $6700-02/(3/r$aسعيد،",
        "880 1_ $6700-00/r$aΌμηρος",
    )
    assert book.authors == ("Ibn Hishām", "ابن هشام", "Όμηρος")


def test_a_person_of_a_related_work_is_no_author() -> None:
    assert read_marc_book("700 1_ $iParody of (work):$aIbsen, Henrik.$tBrand").authors == ()
    assert read_marc_book("700 12 $iContainer of (work):$aIbsen, Henrik.$tBrand").authors == ("Ibsen, Henrik",)


def test_other_titles_are_kept_once_those_in_the_original_script_first() -> None:
    book = read_marc_book(
        "130 0_ $aArabian nights.$lEnglish.",
        "240 10 $aWorks.$kSelections",
        "245 10 $6880-01$aAlf laylah wa-laylah /$ctranslated.",
        "246 3_ $aThousand and one nights",
        "246 1_ $iTitle on spine:$aArabian nights",
        "246 3_ $aAlf Laylah Wa Laylah",
        "740 02 $aSindbad.",
        "880 10 $6245-01/(3/r$aألف ليلة وليلة /",
    )
    assert book.title == "Alf laylah wa-laylah"
    assert book.alternative_titles == (
        "ألف ليلة وليلة",
        "Arabian nights",
        "Works",
        "Thousand and one nights",
        "Sindbad",
    )


def test_a_title_that_stands_for_the_missing_one_is_no_other_title() -> None:
    book = read_marc_book("240 10 $aFables", "246 3_ $aÆsop's fables")
    assert (book.title, book.alternative_titles) == ("Fables", ("Æsop's fables",))


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("245 14 $aThe lighthouse :$ba tale /$cby A. Moe.", "The lighthouse: a tale"),
        ("245 10 $aFyret =$bThe lighthouse", "Fyret = The lighthouse"),
        ("245 10 $aNatural history.$nPart 2,$pBirds /$cby A. Moe.", "Natural history. Part 2, Birds"),
        ("245 10 $aNatural history.$pBirds :$bwith plates.", "Natural history. Birds: with plates"),
        ("245 04 $aThe White House$h[computer file].", "The White House"),
        ("245 13 $a\u0098Das\u009c Buch", "Das Buch"),
        ("245 00 $kLetters,$f1850-1860.", "Letters, 1850-1860"),
        ("245 00 $aMa\u0308rchen.", "Märchen"),
        ("245 04 $a&lt;&lt;Die&gt;&gt; Räuber", "Die Räuber"),
        ("245 04 $a¬Die¬ Räuber", "Die Räuber"),
        ("240 10 $aFables", "Fables"),
    ],
)
def test_titles_have_all_parts_and_no_punctuation_at_the_end(field: str, title: str) -> None:
    assert read_marc_book(field).title == title


@pytest.mark.parametrize(
    ("record_fields", "title"),
    [
        (["245 00 $nBand 3", "800 1_ $aLe Beau, Charles$tGeschichte$v3"], "Geschichte. Band 3"),
        (["245 00 $aTheil 3", "773 08 $tGeschichte / von Le Beau$g3"], "Geschichte. Theil 3"),
        (["245 00 $a[Bd. 2] (1838)", "490 0_ $aElisa ;$v2"], "Elisa. [Bd. 2] (1838)"),
        (["245 00 $aAsien", "773 08 $tGeschichte$g3"], "Asien"),
        (["245 00 $aBand 3"], "Band 3"),
        (["245 00 $aVolume 3: The North", "830 _0 $aSurvey"], "Volume 3: The North"),
    ],
)
def test_a_title_that_is_only_a_number_follows_the_title_of_the_work(record_fields: list[str], title: str) -> None:
    assert read_marc_book(*record_fields).title == title


def test_a_part_with_a_dependent_title_follows_its_work() -> None:
    leader = "00000nam a2200000 ac4500"
    book = read_marc_book("245 00 $aRegister", "773 08 $tGeschichte", leader=leader)
    assert book.title == "Geschichte. Register"


def fixed_field(dates: str) -> dict[str, str]:
    return {"008": f"181031{dates:9}xx            000 0 ara d"}


@pytest.mark.parametrize(
    ("printed", "coded", "date", "year"),
    [
        ("A.H. 1106 (1695)", "s1695", "A.H. 1106 (1695)", 1695),
        ("A.H. 1106", "s1695", "A.H. 1106", 1695),
        ("1106", "s1694", "1106", 1694),
        ("1785 [i.e. 1758]", "s1758", "1785 [i.e. 1758]", 1758),
        ("[1957?]", "s1957", "[1957?]", 1957),
        ("1785 [i.e. 1758]", "s1785", "1785 [i.e. 1758]", 1758),
        ("A.H. 1106 (1695)", "s1106", "A.H. 1106 (1695)", 1695),
        ("1106 هـ", "s1106", "1106 هـ", 1694),
        ("Ramaḍān 1106 [1695]", "s1695", "Ramaḍān 1106 [1695]", 1695),
        ("467 [1706 or 1707]", "s1707", "467 [1706 or 1707]", 1707),
        ("1785", "s1758", "1785", 1785),
        ("1994-", "m19949999", "1994-", 1994),
        ("1850-1860", "m18501860", "1850-1860", 1850),
        ("[17--?-18--?]", "q17001899", "[17--?-18--?]", 1700),
        ("MDCCLXXXV", "s1785", "MDCCLXXXV", 1785),
        ("[s.a.]", "s1785", "[s.a.]", 1785),
        ("18th century", "s1750", "18th century", 1750),
        ("an VII", "s1799", "an VII", 1799),
        ("5604", "s1844", "5604", 1844),
        ("1296 H", "s1879", "1296 H", 1879),
        ("1950 V.S.", "s1893", "1950 V.S.", 1893),
        ("[between A.H. 900 and 1000?]", "q14951592", "[between A.H. 900 and 1000?]", 1495),
        ("Meiji 20", "s1887", "Meiji 20", 1887),
        ("1480", "r20201480", "1480", 1480),
        ("1867, c1866", "t18671866", "1867, c1866", 1867),
        ("", "q18501870", "1850-1870", 1850),
        ("", "c1891uuuu", "1891", 1891),
        ("", "s18uu", "18--", 1800),
        ("", "nuuuuuuuu", "", None),
        ("", "b0150", "", None),
        ("", "||||||||", "", None),
        ("1867", "|||||||||", "1867", 1867),
    ],
)
def test_the_coded_date_wins_where_the_printed_one_has_no_year_or_another_calendar(
    printed: str, coded: str, date: str, year: int | None
) -> None:
    imprints = [f"260 __ $c{printed}"] if printed else []
    book = read_marc_book(*imprints, control=fixed_field(coded))
    assert (book.date, book.year) == (date, year)


def test_a_questionable_coded_date_is_an_uncertain_range() -> None:
    book = read_marc_book(control=fixed_field("q18501870"))
    assert book.years == YearRange(1850, 1870, is_certain=False)


def test_the_manuscript_of_the_case_is_of_1695() -> None:
    (book,) = read_records(MANUSCRIPTS / "ms1_marc.xml")
    assert (book.date, book.year) == ("A.H. 1106 (1695)", 1695)


def test_field_046_has_the_date_if_nothing_else_has_it() -> None:
    assert read_marc_book("046 __ $as$c1850$e1870").date == "1850-1870"
    assert read_marc_book("046 __ $k1850").year == 1850


def test_imprints_of_manuscripts_are_read_and_publication_comes_first() -> None:
    manuscript = read_marc_book("264 _0 $a[Italy],$c1409.")
    assert (manuscript.place, manuscript.date) == ("Italy", "1409")
    book = read_marc_book("264 _3 $aLeipzig :$bDrucker,$c1868", "264 _1 $aOslo :$bCappelen,$c1867", "264 _4 $c©1866")
    assert (book.place, book.publisher, book.date) == ("Oslo", "Cappelen", "1867")
    assert read_marc_book("264 _4 $c©1866").year == 1866


def test_a_serial_has_its_first_publisher_and_the_years_of_field_008() -> None:
    imprints = (
        "264 31 $aOslo :$bNew,$c1950-",
        "264 21 $aOslo :$bLater,$c1920-1949",
        "264 _1 $aKria :$bOld,$c1898-1919",
    )
    book = read_marc_book(*imprints, control=fixed_field("d18981960"))
    assert (book.place, book.publisher, book.date) == ("Kria ; Oslo", "Old", "1898-1919")
    assert book.years == YearRange(1898, 1960)


def test_brackets_around_several_parts_of_an_imprint_are_closed_in_each() -> None:
    book = read_marc_book("260 __ $a[Rostock :$bStiller],$c1852")
    assert (book.place, book.publisher) == ("Rostock", "[Stiller]")
    unknown = read_marc_book("260 __ $a[S.l. :$bs.n.],$c1852")
    assert (unknown.place, unknown.publisher) == ("S.l.", "[s.n.]")


def test_a_shifted_field_008_gives_no_language() -> None:
    assert read_marc_book(control={"008": "850101s1850    no       a0nor d      r d  "}).languages == ()
    assert read_marc_book(control={"008": "850101s1850    no            000 0 nor d"}).languages == ("nor",)


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("260 __ $aRostock [u.a.] :$bAdler", "Rostock [u.a.]"),
        ("260 __ $a[Christiania] :$bCappelen", "Christiania"),
        ("260 __ $a[Paris] [u.a.]", "[Paris] [u.a.]"),
        ("260 __ $aReading, Mass. :$bAddison", "Reading, Mass."),
        ("752 __ $aItaly$dVenice.", "Venice"),
    ],
)
def test_places_lose_brackets_only_around_the_whole(field: str, place: str) -> None:
    assert read_marc_book(field).place == place


def test_numbers_and_shelf_marks_identify_the_book() -> None:
    book = read_marc_book(
        "010 __ $a   85000002 ",
        "020 __ $a0-394-50288-4 (pbk.) :$c£5",
        "022 0_ $a1234-5679",
        "024 7_ $a10.1234/abc$2doi",
        "024 7_ $aurn:nbn:no-nb_1$2urn",
        "027 __ $aSTAN-1",
        "035 __ $a(OCoLC)1059578333",
        "099 _9 $aMs. Codex 1914",
        "852 __ $bKislak$kRARE$hND3399$i.B67",
        "852 __ $bKislak$jLJS 267",
        control={"001": " 99774 "},
    )
    assert book.id == "99774"
    assert book.identifiers == (
        *("99774", "85000002", "0-394-50288-4", "1234-5679", "10.1234/abc", "urn:nbn:no-nb_1", "STAN-1"),
        *("(OCoLC)1059578333", "Ms. Codex 1914", "RARE ND3399 .B67", "LJS 267"),
    )


def test_an_lccn_is_normalised() -> None:
    assert read_marc_book("010 __ $an 78-890351/r").identifiers == ("n78890351",)
    assert read_marc_book("010 __ $a85-2").identifiers == ("85000002",)


def test_the_viewer_shows_the_book() -> None:
    book = read_marc_book(
        "856 42 $3Fund Home Page$uhttp://fund.example",
        "856 41 $3Table of contents$uhttp://toc.example",
        "856 41 $zDownload$uhttp://book.example/book.pdf",
        "856 41 $zDigital facsimile$uhttp://book.example/view",
    )
    assert book.viewer == "http://book.example/view"
    assert book.identifiers == ("http://book.example/book.pdf", "http://book.example/view")


def test_subjects_have_whole_names_titles_and_subdivisions() -> None:
    book = read_marc_book(
        "600 10 $aIbn Mālik, Muḥammad,$d-1274.$tAlfīyah.",
        "610 10 $aUnited States.$bNavy$xHistory.",
        "650 _0 $aArabic language$xGrammar$vEarly works to 1800.",
        "651 _0 $aRome$xHistory$yCivil War, 43-31 B.C.",
    )
    assert book.subjects == (
        "Ibn Mālik, Muḥammad. Alfīyah",
        "United States. Navy -- History",
        "Arabic language -- Grammar -- Early works to 1800",
        "Rome -- History -- Civil War, 43-31 B.C.",
    )


@pytest.mark.parametrize(
    ("fields", "leader", "type_of_work"),
    [
        (["655 _7 $aAtlases.$2aat"], "00000nem", "Atlases"),
        (["655 _7 $aMarginalia (Provenance)$2rbprov"], "00000nam", "text"),
        (["655 _7 $aBookplates$5PU"], "00000nkm", "still image"),
        (["655 _7 $aLetters written in the cold winter of 1709"], "00000ncm", "notated music"),
        ([], "00000nem", "cartographic"),
        ([], "00000nas", "newspaper"),
    ],
)
def test_a_short_genre_or_the_leader_gives_the_type_of_work(fields: list[str], leader: str, type_of_work: str) -> None:
    control = {"008": "181031c18919999no dr n       0   a0nob d"}
    assert read_marc_book(*fields, control=control, leader=leader).type_of_work == type_of_work
