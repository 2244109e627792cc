"""Titles of volumes and parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.formats import xml_loader
from indexer.formats.catalogue_records import parse_records
from indexer.formats.catalogue_records.titles import labelled_title, part_title

TITLES = st.text(st.characters(categories=("L", "N", "Zs", "Po")), max_size=30).map(lambda text: " ".join(text.split()))


@pytest.mark.parametrize(
    ("work", "title", "number", "expected"),
    [
        ("Baltische Studien", "Neue Folge Band 75", "NF 75", "Baltische Studien. Neue Folge Band 75"),
        ("Elisa", "", "Sechster Theil", "Elisa. Sechster Theil"),
        (
            "Elisa",
            "Sechster Theil, welcher von Bäumen handelt",
            "6",
            "Elisa. Sechster Theil, welcher von Bäumen handelt",
        ),
        ("Elisa", "[Buch 1]", "[Buch 1]", "Elisa. [Buch 1]"),
        ("Elisa", "Tome premier", "", "Elisa. Tome premier"),
        ("Elisa", "2. del", "", "Elisa. 2. del"),
        ("Elisa", "XII", "", "Elisa. XII"),
        ("Was ist?", "Bd. 2", "", "Was ist? Bd. 2"),
        ("Kalender.", "1829", "", "Kalender. 1829"),
        ("Neun Lieder", "Kinderlied: Op. 25 No. 6", "No. 6", "Kinderlied: Op. 25 No. 6"),
        ("Die Predigt", "Altkirchliche Perikopen", "1", "Die Predigt. 1, Altkirchliche Perikopen"),
        ("Der Bote", "Der Bote", "Nr. 128.", "Der Bote. Nr. 128"),
        ("", "Der Bote", "Nr. 128", "Der Bote. Nr. 128"),
        ("", "Geschichte in 3 Theilen", "3", "Geschichte in 3 Theilen. 3"),
        ("", "Geschichte, Band 3", "3", "Geschichte, Band 3"),
        ("", "Geschichte. 3", "3", "Geschichte. 3"),
        ("Elisa", "Livre d'heures", "", "Livre d'heures"),
        ("Elisa", "Band der Liebe", "", "Band der Liebe"),
        ("", "", "8", ""),
        ("", "L'Humanité", "", "L'Humanité"),
    ],
)
def test_the_title_of_a_part_names_the_work_and_the_part_once(
    work: str, title: str, number: str, expected: str
) -> None:
    assert part_title(work, title, number) == expected


@given(TITLES, TITLES, TITLES)
def test_an_own_title_is_never_lost(work: str, title: str, number: str) -> None:
    assert title.rstrip(" ,:;/=") in part_title(work, title, number)


@given(TITLES)
def test_a_book_that_is_no_part_keeps_its_title(title: str) -> None:
    assert part_title("", title, "") == part_title(title, title, "") == title


@pytest.mark.parametrize(
    ("work", "label", "expected"),
    [
        ("Elisa", "Bd. 2", "Elisa. Bd. 2"),
        ("Elisa", "Elisa, Bd. 2", "Elisa, Bd. 2"),
        ("Elisa", "", "Elisa"),
        ("", "Elisa", "Elisa"),
        ("Luxemburger Zeitung", "Luxemburger Zeitung 1858-12-07_01", "Luxemburger Zeitung"),
    ],
)
def test_a_label_completes_the_title_of_the_work(work: str, label: str, expected: str) -> None:
    assert labelled_title(work, label) == expected


def read_title(xml: str) -> str:
    (book,) = parse_records(xml_loader.parse(f"<mods>{xml}</mods>".encode(), "x"), "x")
    return book.title


HOST = (
    "<relatedItem type='host'><titleInfo><title>Elisa</title><subTitle>ein Roman</subTitle></titleInfo>{}</relatedItem>"
)


@pytest.mark.parametrize(
    ("xml", "title"),
    [
        ("<part><detail type='volume'><number>3</number><caption>Vol.</caption></detail></part>", "Elisa. Vol. 3"),
        (
            "<part><detail type='volume'><number>Zweiter Jahrgang.</number></detail>"
            "<detail type='issue'><number>Nr. 128.</number></detail></part>",
            "Elisa. Zweiter Jahrgang, Nr. 128",
        ),
        (
            "<part><detail><number>Bd. 3</number><title>Die Reise</title></detail>"
            "<detail type='page'><number>7</number></detail></part>",
            "Elisa. Bd. 3, Die Reise",
        ),
        (
            "<titleInfo type='alternative'><title>Lisa</title></titleInfo>"
            "<part><detail><number>3</number></detail></part>",
            "Elisa. 3",
        ),
        (
            "<titleInfo><partNumber>Bd. 3</partNumber><partName>Die Reise</partName></titleInfo>",
            "Elisa. Bd. 3, Die Reise",
        ),
        ("", "Elisa: ein Roman"),
        ("<titleInfo><title>Brief</title></titleInfo>", "Brief"),
    ],
)
def test_a_volume_without_a_title_has_that_of_its_host_and_its_number(xml: str, title: str) -> None:
    assert read_title(HOST.format("") + xml) == title


def test_the_number_in_the_host_belongs_to_a_volume_and_not_to_an_article() -> None:
    host = HOST.format("<part><detail type='volume'><number>Bd. 3</number></detail></part>")
    assert read_title(host) == "Elisa. Bd. 3"
    assert read_title(host + "<titleInfo><title>Ein Aufsatz</title></titleInfo>") == "Ein Aufsatz"


def test_the_title_of_the_original_is_that_of_its_digital_copy() -> None:
    assert read_title("<relatedItem type='original'><titleInfo><title>Odol</title></titleInfo></relatedItem>") == "Odol"


def test_the_sort_mark_of_pica_is_no_part_of_a_title() -> None:
    assert (
        read_title("<titleInfo><title>Des @Herrn Le Beau Geschichte</title></titleInfo>")
        == "Des Herrn Le Beau Geschichte"
    )


DC = "<dc xmlns:t='http://purl.org/dc/terms/' xmlns:r='x'{}>{}</dc>"


@pytest.mark.parametrize(
    ("part_of", "title", "expected"),
    [
        ("Elisa", "Bd. 2", "Elisa. Bd. 2"),
        ("http://x.org/elisa", "Bd. 2", "Bd. 2"),
        ("Handbuch der Bäume", "Die Eiche", "Die Eiche"),
    ],
)
def test_a_volume_in_dublin_core_has_the_title_of_its_work(part_of: str, title: str, expected: str) -> None:
    xml = DC.format("", f"<t:isPartOf>{part_of}</t:isPartOf><t:title>{title}</t:title>")
    (book,) = parse_records(xml_loader.parse(xml.encode(), "x"), "x")
    assert book.title == expected


def test_europeanas_object_has_the_id_of_its_attribute_and_a_type_in_a_word() -> None:
    xml = DC.format(" r:about='urn:x:1'", "<t:title>A</t:title><t:type>http://purl.org/dc/dcmitype/Text</t:type>")
    (book,) = parse_records(xml_loader.parse(xml.encode(), "x"), "x")
    assert (book.id, book.title, book.type_of_work) == ("urn:x:1", "A", "Text")
