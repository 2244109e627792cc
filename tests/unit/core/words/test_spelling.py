"""Old and new spelling: which words share a key, and which do not."""

import pytest

from core.words.forms import index_forms, query_forms
from core.words.spelling import folded_key, phrase_key

SAME_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "no": (
        ("bok", "Bog"), ("båt", "Baad"), ("tak", "Tag"), ("sjø", "Sø"), ("skip", "Skib"), ("språk", "Sprog"),
        ("nå", "nu"), ("bro", "bru"), ("stein", "Sten"), ("etter", "efter"), ("uke", "Uge"), ("hvem", "hvo"),
        ("mye", "meget"), ("mann", "Mand"), ("venn", "Ven"), ("kveld", "Qveld"), ("hvit", "hvidt"), ("gate", "Gade"),
        ("gjøre", "giøre"), ("fløte", "Fløde"), ("auksjon", "Auction"), ("haust", "Høst"), ("sko", "Skoe"),
        ("menn", "Mænd"), ("kjøpe", "kiøbe"), ("seks", "sex"), ("fotografi", "Photographi"), ("kald", "kold"),
        ("half", "halv"), ("liv", "Liiv"), ("arkitekt", "Architect"), ("konsert", "Concert"),
        ("direktør", "Directeur"), ("nivå", "Niveau"), ("veg", "Vei"), ("egg", "Æg"), ("åker", "Ager"),
        ("hva", "hvad"), ("biskop", "Bisp"), ("tale", "tahle"), ("lilje", "Lillie"), ("innhold", "Indhold"),
        ("bokhandel", "Boghandel"), ("framtid", "Fremtid"), ("avtrykk", "Aftryk"), ("nøtter", "Nødder"),
        ("snø", "Snee"), ("kart", "Kort"), ("svart", "sort"), ("barn", "Børn"),
    ),
    "nn": (("heim", "hjem"), ("veke", "uge"), ("draum", "Drøm"), ("skule", "Skole"), ("kyrkje", "Kirke")),
    "da": (
        ("på", "paa"), ("hus", "Huus"), ("høj", "høi"), ("kunne", "kunde"), ("billede", "Billed"), ("også", "ogsaa"),
        ("tysk", "tydsk"), ("gerne", "gierne"), ("Kristian", "Christian"), ("vin", "Viin"), ("gå", "gaae"),
        ("have", "haffue"), ("over", "offuer"), ("dronning", "Dronningh"), ("by", "Bye"), ("fabrik", "Fabrique"),
        ("løjtnant", "Lieutenant"), ("karakter", "Charakter"),
    ),
    "sv": (
        ("av", "af"), ("över", "öfver"), ("kvinna", "qvinna"), ("huvud", "hufvud"), ("vit", "hvit"), ("järn", "jern"),
        ("rött", "rödt"), ("skrev", "skref"), ("Vasa", "Wasa"), ("hav", "haf"), ("kyrka", "kyrckia"), ("det", "thet"),
        ("själv", "sielf"), ("halv", "half"), ("över", "öffuer"), ("dag", "dagh"), ("tal", "tahl"), ("ord", "ordh"),
        ("teknik", "technik"), ("publik", "publique"), ("militär", "militair"), ("byrå", "bureau"), ("den", "then"),
        ("lövträd", "löfträd"), ("kung", "konungh"), ("bok", "böcker"), ("karta", "charta"),
    ),
    "de": (
        ("Teil", "Theil"), ("sein", "seyn"), ("Brot", "Brod"), ("Konzert", "Concert"), ("studieren", "studiren"),
        ("Kraft", "Krafft"), ("und", "vnd"), ("Haus", "Hauß"), ("Hilfe", "Hülfe"), ("Köln", "Cölln"), ("Tür", "Thüre"),
        ("und", "vnnd"), ("über", "vber"), ("Jahr", "Jar"), ("Sohn", "Son"), ("Amt", "Ampt"), ("fremd", "frembd"),
        ("Fuchs", "Fux"), ("neu", "new"), ("Feuer", "Fewr"), ("Land", "Landt"), ("Brot", "Brodt"),
        ("Freund", "freündt"), ("gut", "guet"), ("Not", "Noht"), ("Rathaus", "Rathhaus"),
        ("Erkenntnis", "Erkäntnuß"), ("Straße", "Strasze"), ("Körper", "Cörper"), ("Schwein", "Swein"),
        ("kommen", "kummen"), ("Kupfer", "Kupffer"), ("laufen", "lauffen"), ("Maler", "Mahler"),
        ("Augsburg", "Augspurg"), ("Gemüt", "Gemüeth"), ("sagt", "saget"), ("verboten", "verbotten"),
        ("Zepter", "Scepter"), ("Türen", "Thuͤren"), ("von", "võ"), ("Heide", "Haide"), ("Meier", "Mayer"),
        ("Mauern", "Mauren"), ("Bauern", "Bawren"), ("Vater", "Vatter"), ("Hilfe", "Hülffe"), ("Brücke", "Brugken"),
    ),
    "en": (
        ("show", "shew"), ("jail", "gaol"), ("chemist", "chymist"), ("wagon", "waggon"), ("public", "publick"),
        ("color", "colour"), ("theater", "theatre"), ("useful", "vsefull"), ("mixed", "mixt"), ("tiger", "tyger"),
        ("connection", "connexion"), ("heaven", "heauen"), ("music", "Musick"), ("ship", "shippe"), ("city", "citie"),
        ("dance", "daunce"), ("ancient", "auncient"), ("dressed", "drest"), ("woolen", "woollen"),
        ("fetus", "foetus"), ("choir", "quire"), ("year", "yeere"), ("surgeon", "chirurgeon"),
        ("judgment", "iudgement"), ("when", "whẽ"), ("stars", "starres"), ("bodies", "bodyes"), ("boys", "boyes"),
        ("towers", "towres"), ("theater", "theatres"), ("alchemy", "alchymie"), ("reigned", "raigned"),
        ("embroidery", "imbroidery"), ("physic", "physique"), ("wolf", "woolves"), ("herbs", "hearbes"),
    ),
    "fr": (
        ("savoir", "sçavoir"), ("français", "françois"), ("étoile", "estoile"), ("tête", "teste"), ("roi", "roy"),
        ("avait", "avoit"), ("enfants", "enfans"), ("lait", "laict"), ("connaître", "connoître"), ("hôtel", "hostel"),
        ("comme", "cõme"), ("temps", "tems"), ("lois", "loix"), ("une", "vne"), ("jamais", "iamais"),
        ("vieux", "vieulx"), ("montagne", "montaigne"), ("besogne", "besongne"), ("grands", "grans"),
        ("quand", "quant"), ("veuve", "vefve"), ("ajouter", "adjouter"), ("peintre", "paintre"), ("dents", "dens"),
        ("grec", "grecq"), ("manuscrit", "manuscript"), ("témoin", "tesmoing"), ("besoin", "besoing"),
        ("mœurs", "meurs"), ("cœur", "cueur"), ("paraît", "paroist"), ("déjà", "desja"), ("évêché", "evesché"),
        ("vert", "verd"), ("éveil", "esueil"),
    ),
}  # fmt: skip

DIFFERENT_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "no": (("hund", "hun"), ("dag", "Tag"), ("vind", "vin"), ("kald", "kal"), ("land", "lang"), ("hus", "Hud")),
    "da": (("mand", "man"), ("ild", "il"), ("brød", "Brønd"), ("sag", "Sand")),
    "sv": (("hand", "han"), ("guld", "gul"), ("hjul", "jul"), ("mynt", "hynt")),
    "de": (("Bad", "bat"), ("Rad", "Rat"), ("Tod", "tot"), ("Wetter", "Vetter"), ("Wolle", "volle"), ("Hund", "und"),
        ("Weise", "Waise"), ("Meer", "mehr"), ("für", "führe"), ("Mitte", "Miete"), ("Seite", "Saite"),
        ("Müller", "Mühle"), ("Stahl", "Stall"), ("Main", "mein"), ("Küste", "Kiste"), ("wollen", "wohl"),
    ),
    "en": (
        ("bath", "bat"), ("then", "ten"), ("meet", "met"), ("wine", "vine"), ("with", "wit"), ("hat", "hate"),
        ("plan", "plane"), ("four", "for"), ("bad", "bat"), ("bag", "back"), ("angel", "angle"), ("wind", "win"),
        ("empress", "impress"), ("in", "inn"), ("critic", "critique"),
    ),
    "fr": (("mois", "mais"), ("poisson", "poison"), ("sont", "son"), ("trois", "traits"), ("port", "pot")),
}  # fmt: skip


def _cases(words: dict[str, tuple[tuple[str, str], ...]]) -> list[tuple[str, str, str]]:
    return [(language, *pair) for language, pairs in words.items() for pair in pairs]


@pytest.mark.parametrize(("language", "modern", "old"), _cases(SAME_WORDS))
def test_each_spelling_finds_the_other(language: str, modern: str, old: str) -> None:
    for typed, printed in ((modern, old), (old, modern)):
        assert set(query_forms(typed).all) & set(index_forms(printed, [language])), (typed, printed)


@pytest.mark.parametrize(("language", "typed", "printed"), _cases(DIFFERENT_WORDS))
def test_another_word_is_not_found(language: str, typed: str, printed: str) -> None:
    assert not set(query_forms(typed).all) & set(index_forms(printed, [language]))


@pytest.mark.parametrize(("typed", "printed"), [("book", "bog"), ("bad", "bat"), ("mad", "mat"), ("lag", "lake")])
def test_an_english_book_does_not_follow_the_nordic_rules(typed: str, printed: str) -> None:
    assert not set(query_forms(typed).all) & set(index_forms(printed, ["en"]))


def test_a_word_in_an_unknown_language_follows_all_rules() -> None:
    languages = ("no", "nn", "da", "sv", "de", "nl", "en", "fr")
    for typed, printed in (("bok", "Bog"), ("Teil", "Theil"), ("public", "publick"), ("avait", "avoit")):
        assert set(query_forms(typed).all) & set(index_forms(printed, languages))


def test_the_usual_spellings_share_the_folded_key() -> None:
    assert len({folded_key(word) for word in ("Kjøbenhavn", "Kiøbenhavn", "Koebenhavn", "København")}) == 1
    assert len({folded_key(word) for word in ("Åsgård", "Aasgaard", "AASGAARD")}) == 1
    assert folded_key("AMOVREVSES") == folded_key("amoureuſes")


def test_a_phrase_ignores_more_than_the_folded_key() -> None:
    """As the analyser `historical` does."""
    for word, other in (("Theil", "Teil"), ("Steen", "Sten"), ("Musikk", "Musick"), ("Werk", "Verk")):
        assert phrase_key(word) == phrase_key(other)
        assert folded_key(word) != folded_key(other)
