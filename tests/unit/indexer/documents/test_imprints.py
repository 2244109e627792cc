"""Publishers and places as printed become the values of facets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.documents.imprints import imprint_fields, normalise_places, normalise_publishers
from indexer.documents.places import built_in_table


@pytest.mark.parametrize(
    ("printed", "places"),
    [
        *(
            (printed, "Rostock")
            for printed in ("Rostock [u.a.]", "Rostock [u.a.", "Rostock u. a.", "[Rostock]", "ROSTOCK,")
        ),
        *(
            (printed, "Bergen")
            for printed in ("[Bergen?]", "Bergen :", "bergen", "Bergen, etc.", "Bergen [et al.]", "Bergen m.fl.")
        ),
        *(
            (printed, "")
            for printed in ("[S.l.]", "s. l.", "[S.l. : s.n.]", "o.O.", "[U.st.]", "Ort nicht ermittelbar", "?", "xx")
        ),
        ("[Place of publication not identified]", ""),
        ("London ; New York", "London|New York"),
        ("London; New York [etc.]", "London|New York"),
        ("Berlin und Leipzig", "Berlin|Leipzig"),
        ("Leipzig, Wien u. Berlin", "Leipzig|Wien|Berlin"),
        ("Berlin/Leipzig", "Berlin|Leipzig"),
        ("Kristiania og Kjøbenhavn", "Oslo|København"),
        *(
            (printed, "Oslo")
            for printed in ("Christiania", "Kristiania", "CHRISTIANIA", "Christianiæ", "Kria.", "Christiania [Oslo]")
        ),
        *(
            (printed, "Leiden")
            for printed in ("Lugduni Batavorum", "Lugd. Batav.", "Leyden", "Lugduni Batavorum [Leiden]")
        ),
        *((printed, "Leipzig") for printed in ("Lipsiae", "Lipsiæ", "Zu Leipzig", "Impressum Lipsiae", "Leipsic")),
        *((printed, "Paris") for printed in ("Parisiis", "A Paris", "À Paris", "Lutetiæ Parisiorum", "Parisii")),
        *((printed, "København") for printed in ("Hafniæ", "Kiøbenhavn", "Kbh.", "Copenhagen", "Kopenhagen")),
        *((printed, "Stockholm") for printed in ("Holmiae", "Stockholm")),
        *(
            (printed, "Frankfurt am Main")
            for printed in (
                "Francofurti ad Moenum",
                "Frankfurt a. M.",
                "Frankfurt/Main",
                "FRANKFURT AM MAIN",
                "Franckfurt",
            )
        ),
        ("Leiden [i.e. Amsterdam]", "Amsterdam"),
        ("[S.l. i.e. Amsterdam]", "Amsterdam"),
        ("[Б. м.]", ""),
        ("À Paris et se trouve à Londres", "Paris|London"),
        *((printed, "Amsterdam") for printed in ("t'Amsterdam", "'t Amsterdam", "Te Amsterdam", "אמשטרדם")),
        ("Indianapolis, IN", "Indianapolis, IN"),
        ("New York, N.Y.", "New York"),
        ("Cambridge, Mass.", "Cambridge (Mass.)"),
        ("Cambridge", "Cambridge"),
        ("London, England", "London"),
        ("London, Ontario", "London, Ontario"),
        ("Stokke, Norge", "Stokke"),
        ("Berlin ; Deutschland", "Berlin"),
        ("Italy", "Italy"),
        ("Nottingham (printed)", "Nottingham"),
        ("o.O. [Halle]", "Halle (Saale)"),
        ("Baden-Baden", "Baden-Baden"),
        ("Aix-en-Provence", "Aix-en-Provence"),
        ("MO I RANA", "Mo i Rana"),
        ("", ""),
    ],
)
def test_places_of_a_statement(printed: str, places: str) -> None:
    assert normalise_places(printed, built_in_table()) == tuple(filter(None, places.split("|")))


@pytest.mark.parametrize(
    ("printed", "publishers"),
    [
        *(
            (printed, "Aschehoug")
            for printed in ("Aschehoug", "[Aschehoug]", "ASCHEHOUG", "aschehoug,", "Aschehoug [u.a.]")
        ),
        *(
            (printed, "")
            for printed in ("[s.n.]", "S. n.", "publisher not identified", "[Verlag nicht ermittelbar]", "")
        ),
        *((printed, "Aschehoug & Co.") for printed in ("ASCHEHOUG & CO.", "Aschehoug & Co.", "aschehoug & co. [etc.]")),
        *((printed, "Gyldendal Norsk Forlag") for printed in ("Gyldendal norsk forlag", "GYLDENDAL NORSK FORLAG.")),
        *((printed, "Didot") for printed in ("chez Didot", "Chez Didot", "[Chez Didot]", "bey Didot", "Hos Didot")),
        *((printed, "F.C. Pelt") for printed in ("Trykt hos F.C. Pelt", "i kommisjon hos F. C. Pelt", "f. c. pelt")),
        *((printed, "J. Roberts") for printed in ("Printed and sold by J. Roberts", "printed for J. Roberts")),
        *(
            (printed, "Müller & Co.")
            for printed in ("Müller & Co", "Müller und Comp.", "MÜLLER & CO.", "Müller og Co.")
        ),
        ("In Commission bei F. A. Brockhaus", "F.A. Brockhaus"),
        ("Meyerpeck, Wolfgang d.Ä.", "Meyerpeck, Wolfgang d.Ä."),
        ("By og land", "By og Land"),
        ("Per Olsen", "Per Olsen"),
        ("Breitkopf u. Härtel", "Breitkopf und Härtel"),
        ("Brockhaus ... [et al.]", "Brockhaus"),
        ("«Norden»", "Norden"),
        ("Reclam ; Göschen", "Reclam|Göschen"),
        ("H. Aschehoug & Co. (W. Nygaard)", "H. Aschehoug & Co. (W. Nygaard)"),
        ("J[ohann] Müller", "Johann Müller"),
        ("Forfatteren [i kommisjon]", "Forfatteren"),
        ("NRK", "NRK"),
        ("VEB Deutscher Verlag", "VEB Deutscher Verlag"),
        ("McGraw-Hill", "McGraw-Hill"),
        ("Verlag der Kunst", "Verlag der Kunst"),
    ],
)
def test_publishers_of_a_statement(printed: str, publishers: str) -> None:
    assert normalise_publishers(printed) == tuple(filter(None, publishers.split("|")))


@given(st.text(st.sampled_from("AaBb ÆøL.s,;:[]()?&/-=ua")))
def test_normalised_values_have_no_square_brackets_and_are_never_empty(printed: str) -> None:
    values = (*normalise_places(printed, built_in_table()), *normalise_publishers(printed))
    assert all(value.strip() and not set(value) & set("[]") for value in values)


@given(
    st.sampled_from(["Oslo", "Rostock", "London", "Wien", "Mo i Rana"]),
    st.sampled_from(["{}", "[{}]", "{} :", "{} [u.a.]", "{}?"]),
)
def test_brackets_case_and_punctuation_make_no_other_place(place: str, frame: str) -> None:
    for name in (place, place.upper(), place.lower()):
        assert normalise_places(frame.format(name), built_in_table()) == (place,)


def test_the_place_after_a_publisher_is_no_part_of_its_name() -> None:
    fields = imprint_fields("Pagnerre (Paris)", "Paris", built_in_table())
    assert (fields["publisher"], fields["publisher_normalised"]) == ("Pagnerre (Paris)", ["Pagnerre"])


def test_the_record_keeps_what_is_printed_and_every_name_can_be_searched() -> None:
    fields = imprint_fields("[ASCHEHOUG]", "Christiania [u.a.]", built_in_table())
    assert (fields["publisher"], fields["place"]) == ("[ASCHEHOUG]", "Christiania [u.a.]")
    assert (fields["publisher_normalised"], fields["place_normalised"]) == (["Aschehoug"], ["Oslo"])
    assert {"Christiania [u.a.]", "Oslo", "Christiania", "Kristiania"} <= set(fields["place_names"])
    assert fields["publisher_names"] == ["Aschehoug", "[ASCHEHOUG]"]


def test_a_long_statement_does_not_hold_the_run() -> None:
    assert normalise_publishers("printed, and, & , " * 2000 + "x")
