"""Forms of words: the two sides always fit, in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.words.forms import LANGUAGES, index_forms, query_forms
from core.words.tokens import tokenise, typed_words

TEXTS = st.text(max_size=30) | st.text(st.characters(categories=["L", "M", "N"]), max_size=12)
LANGUAGE_LISTS = st.lists(st.sampled_from(LANGUAGES), unique=True)

PLAIN_LETTERS = [
    ("Reise til Tromsø og Ålesund", "Tromso", "Alesund", "Tromsoe", "Aalesund"),
    ("Ødegård, Åse", "Odegard", "Ase", "Oedegaard"),
    ("Brødrene Sørensen", "Sorensen", "Brodrene"),
    ("Göteborg", "Goteborg", "Goeteborg"),
    ("Düsseldorf, Frühwirth und Müller", "Dusseldorf", "Fruhwirth", "Muller", "Duesseldorf", "Mueller"),
    ("Besançon", "Besancon", "BESANCON"),
    ("Høyvann i Røst", "Hoyvann", "Rost"),
    ("Łódź, Đorđe, Þórður", "Lodz", "Dorde"),
    ("Œuvres de Molière", "oeuvres", "Moliere"),
    ("Ødegård ved Ångström", "Odegaard", "Oedegard", "Angstroem"),
    ("Þingvellir", "Thingvellir"),
    ("to co-operate", "coöperate", "cooperate"),
    ("Đorđević", "Djordjevic", "Dordevic", "ĐORĐEVIĆ"),
]
OTHER_SCRIPTS = [
    ("תִּקּוּן סוֹפְרִים", "תקון", "סופרים"),
    ("צִיּוּר הַמִּזְבֵּחַ", "ציור", "המזבח"),
    ("בְּרֵאשִׁית בָּרָא אֱלֹהִים", "בראשית", "ברא", "אלהים"),
    ("ديوان عَلْقَمَة الفَحْل", "علقمة", "علقمه", "الفحل"),
    ("كِتَابٌ في الإسلام", "كتاب", "الاسلام"),
    ("صورة الأسَد", "صوره", "الاسد"),
    ("أحمد", "احمد"),
    ("کتاب ۱۸۸۵", "كتاب", "1885"),
    ("Ἰλιάς", "Ιλιας", "ΙΛΙΑΣ", "Ιλιάς"),
    ("Ὅμηρος", "Όμηρος", "ομηρος"),
    ("μῆνιν ἄειδε θεὰ", "μηνιν", "αειδε", "ΘΕΑ"),
    ("Ὁ Ἀχιλλεὺς ἐπὶ τῆς νεώς", "Αχιλλεύς", "νεως", "της"),
    ("Ёлка и война", "Елка", "ёлка", "война"),
    ("свѣтъ и тѣнь", "свет", "тень"),
    ("Медвѣдь въ лѣсу", "медведь", "в", "лесу"),
    ("міръ Ѳеодора", "мир", "феодора"),
    ("שָׁלוֹם װאַרשע", "שלום", "ווארשע"),
    ("كتـــاب شيء ٱلْقُرْآن", "كتاب", "شئ", "القران"),
    ("カタカナ", "か", "な"),
    ("Россійскаго древняго", "российского", "древнего"),
    ("רש״י, צה״ל, ג׳ירפה", "רשי", "צהל", "גירפה"),
    ('תנ"ך', "תנך"),
]


@pytest.mark.parametrize(("printed", "typed"), [(row[0], row[1:]) for row in PLAIN_LETTERS + OTHER_SCRIPTS])
@pytest.mark.parametrize("languages", [(), ("no",), LANGUAGES])
def test_plain_letters_find_the_printed_word(printed: str, typed: tuple[str, ...], languages: tuple[str, ...]) -> None:
    forms = set(index_forms(printed, languages))
    assert [word for word in typed if forms.isdisjoint(query_forms(word).folded)] == []


@pytest.mark.parametrize(("typed", "printed"), [("Толстои", "Толстой"), ("мои", "мой"), ("か", "が"), ("क", "कि")])
def test_letters_that_only_look_alike_stay_apart(typed: str, printed: str) -> None:
    assert set(query_forms(typed).all).isdisjoint(index_forms(printed, LANGUAGES))


@given(TEXTS, LANGUAGE_LISTS)
def test_no_form_has_white_space(text: str, languages: list[str]) -> None:
    """The index parts the forms at white space."""
    forms = index_forms(text, languages) + [form for token in tokenise(text) for form in query_forms(token.text).all]
    assert [form for form in forms if not form or form.split() != [form]] == []


@given(TEXTS, LANGUAGE_LISTS)
def test_a_word_finds_itself_in_every_language(text: str, languages: list[str]) -> None:
    for token in tokenise(text):
        assert not set(query_forms(token.text).folded).isdisjoint(index_forms(text, languages))


@given(TEXTS)
def test_each_form_of_a_query_is_of_one_kind(text: str) -> None:
    for token in tokenise(text):
        forms = query_forms(token.text).all
        assert len(forms) == len(set(forms))


@pytest.mark.parametrize(
    ("printed", "typed"),
    [("Publish'd by Act of Parliament", "published"), ("Engrav’d", "engraved"), ("flow'r", "flower")],
)
def test_an_english_word_without_its_e_is_found_whole(printed: str, typed: str) -> None:
    assert not set(index_forms(printed, ["en"])).isdisjoint(query_forms(typed).folded)
    assert set(index_forms(printed, ["de"])).isdisjoint(query_forms(typed).folded)


@pytest.mark.parametrize(
    "text", ["西遊記。", "西遊記、", "「西遊記」", "ヴィクトル・ユーゴー", "กรุงเทพฯ๏", "〈西〉　遊"]
)
def test_punctuation_of_scripts_without_spaces_is_no_word(text: str) -> None:
    assert all(any(map(str.isalnum, token.text)) for token in tokenise(text))


@pytest.mark.parametrize("typed", ["1 000 000", "1’000’000", "1'000'000", "1,000,000", "1.000.000", "1000000"])
def test_a_number_in_groups_is_one_word_of_a_query(typed: str) -> None:
    (word,) = typed_words(typed)
    for printed in ("1,000,000", "1 000 000", "1’000’000", "1000000"):
        assert set(query_forms(word).folded) & set(index_forms(printed, []))
    assert not set(query_forms(word).folded) & set(index_forms("Maßstab 1:10 000", []))


@pytest.mark.parametrize("typed", ["1860-1870", "12,5", "2. 3", "10 20", "1 0000"])
def test_other_numbers_stay_apart(typed: str) -> None:
    assert typed_words(typed) == [token.text for token in tokenise(typed)]
