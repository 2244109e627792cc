"""Which roles make a name an author, in the words and codes of catalogues."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.formats.catalogue_records.roles import AUTHOR_CODES, NUMERIC_AUTHOR_CODES, OTHER_CODES, is_author

AUTHORS = (
    *("author.", "aut", "VerfasserIn", "Verfasser:in", "forfatter", "forf.", "författare", "auteur", "Autor", "автор"),
    *("illustrator,", "ill.", "IllustratorIn", "illustratør", "Illustrateur du texte", "ilustrador", "иллюстратор"),
    *("engraver", "Kupferstecher", "StecherIn", "graveur", "gravør", "incisore", "grabador", "rytec", "Radierer"),
    *("editor", "red.", "Hrsg.", "HerausgeberIn", "éditeur scientifique", "translator", "Übers.", "overs."),
    "traduttore",
    *("printmaker", "Druckgrafiker", "wood-engraver", "lithographer", "photographer", "fotograf", "cartographer"),
    *("composer", "KomponistIn", "compiler.", "BeiträgerIn k.", "Zeichner", "tegner", "dessinateur", "illuminator"),
    *("http://id.loc.gov/vocabulary/relators/aut", "https://id.loc.gov/vocabulary/relators/egr/", "070", "440"),
    *("Vorredner", "kobberstikker", "enlumineur", "medforfatter", "utgiver", "sculpsit", "invenit", "interpres"),
    *("issuing body", "Herausgebendes Organ", "respondent", "Kartenzeichner", "bildeskaper"),
    *("author, former owner", "Drucker und Verfasser", "praeses", "rsp", "(creator)"),
)
OTHERS = (
    *("former owner.", "Former owner", "owner", "current owner", "fmo", "own", "Vorbesitzer", "VorbesitzerIn", "390"),
    *("ancien possesseur", "tidligere eier", "tidl. eier", "tidligere ejer", "tidigare ägare", "antiguo poseedor"),
    *("possessore precedente", "vorige eigenaar", "poprzedni właściciel", "předchozí vlastník", "прежний владелец"),
    *("dedicatee", "dte", "WidmungsempfängerIn", "dédicataire", "donor,", "dnr", "Donator", "donateur", "addressee."),
    *("binder", "bnd", "Buchbinder", "relieur", "bokbinder", "printer", "DruckerIn", "Drucker/-in", "imprimeur", "prt"),
    *("publisher", "Verl.", "VerlegerIn", "forlegger", "éditeur commercial", "uitgever", "tipografo", "bookseller"),
    *("imprimeur-libraire", "scribe", "copyist", "bookplate designer", "inscriber", "signer", "collector", "sponsor"),
    *("http://id.loc.gov/vocabulary/relators/fmo", "https://id.loc.gov/vocabulary/relators/dnr.html", "rel:fmo"),
    *("https://d-nb.info/standards/elementset/gnd#formerOwner", "former owner, donor", "eier og giver", "320", "oth"),
    *("Kopist", "Einbandgestalter", "Widmender", "dedicator", "tilegnet", "stereotyper", "rights holder", "excudit"),
    *("holding institution", "host institution", "degree granting institution", "correspondent", "asn", "consignor"),
    *("ErwähnteR", "Mitbesitzer", "Buchdrucker", "boktrykker", "former owner (f. 1r)", "Former owner: 18th century"),
)


@pytest.mark.parametrize("role", AUTHORS)
def test_who_makes_text_or_pictures_is_an_author(role: str) -> None:
    assert is_author([role])
    assert is_author([role.upper()])
    assert is_author(["fmo", role]), "one role is enough"


@pytest.mark.parametrize("role", OTHERS)
def test_owners_donors_dedicatees_and_printers_are_no_authors(role: str) -> None:
    assert not is_author([role])
    assert not is_author([role], is_main_entry=True)


def test_a_name_without_a_role_is_an_author() -> None:
    assert is_author([])
    assert is_author(["", " . "])


@pytest.mark.parametrize(
    "role", ["Beteiligte Person", "prog-leder", "rdau:P60434", "http://rdaregistry.info/u/P6", "x"]
)
def test_an_unknown_role_leaves_only_the_main_entry_an_author(role: str) -> None:
    assert not is_author([role])
    assert is_author([role], is_main_entry=True)


def test_no_code_is_in_two_lists() -> None:
    assert not (AUTHOR_CODES | NUMERIC_AUTHOR_CODES) & OTHER_CODES


@given(st.lists(st.text()))
def test_every_text_gives_an_answer(roles: list[str]) -> None:
    assert is_author(roles) <= is_author(roles, is_main_entry=True)
