"""Telling from the first consonants where a text may have a form of a word."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.words.consonants import find_candidates, form_pattern
from core.words.forms import LANGUAGES, query_forms, word_forms
from core.words.initials import form_initials, may_have_form
from core.words.pairs import read_pairs
from core.words.spelling import phrase_key
from core.words.tokens import joined_words, tokenise

LETTERS = "abcdefghijklmnopqrstuvwxyzæøåäöüéèêßſïîœçãõẽâ"
PRINTED_WORDS = st.text(LETTERS + LETTERS.upper(), min_size=1, max_size=8)
SYLLABLES = [
    *["schl", "ch", "ck", "tz", "ph", "th", "gn", "ngn", "ct", "x", "ge", "erne", "qu", "aux", "euse", "tion", "xion"],
    *["sc", "gj", "hv", "mbt", "mpt", "nd", "ll", "é", "ê", "aul", "oul", "dt", "td", "gh", "z", "c", "d", "r", "burg"],
    *["a", "e", "i", "o", "u", "ø", "au", "eau", "ohn", "emment", "ant", "an", "igkeit", "ational", "pped", "our", "b"],
]


def candidates(text: str, form: str, languages: tuple[str, ...] = LANGUAGES) -> list[int]:
    return list(find_candidates(text, form_pattern(frozenset([form]), languages)))


@given(
    PRINTED_WORDS
    | st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4).map("".join)
    | st.sampled_from([word for pair in read_pairs() for word in (pair.modern, pair.old)])
)
@example("geplündert")
@example("Bürgertum")
@example("digestions")
@example("restant")
@example("chevaux")
@example("fameuse")
@example("récemment")
@example("Bogstaverne")
@example("vieulx")
@example("besongne")
@example("advenir")
@example("étoile")
@example("landet")
@example("Connexion")
@example("schlagen")
@example("divan")
@example("cõme")
@example("Ãder")
@example("mãdamãto")
@example("lsãenmmg")
def test_every_word_is_a_candidate_for_each_of_its_forms_in_its_language(word: str) -> None:
    forms = [((language,), form) for language in LANGUAGES for form in word_forms(word, (language,))]
    forms += [(LANGUAGES, form) for form in (*query_forms(word).all, phrase_key(word))]
    for languages, form in forms:
        # Unforeseen first letters are the matter of test_initials.
        if may_have_form(word, form_initials(frozenset([form]))):
            assert candidates(word, form, languages), (form, languages)


@given(st.text(st.sampled_from("aAgkKøvV .,-'’ʼ_新ä\u0301\u00a0\n—ſ?"), max_size=30))
def test_every_word_and_joined_word_of_a_text_is_a_candidate_at_its_place(text: str) -> None:
    tokens = list(tokenise(text))
    for word in (*tokens, *joined_words(text, tokens)):
        for form in word_forms(word.text):
            assert any(word.start <= start < word.end for start in candidates(text, form)), (word, form)


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("En liden Bog om Baade", "~n:bok", [9]),
        ("En Fyrvogter og et Skib", "skip", [19]),
        ("l'Été, la sea-serpent", "seaserpent", [10]),
        ("Krist og Christ, ikke Kirke", "krist", [0, 9]),
        ("nu og her", "~=nå", [0]),
        ("新刻出像", "fyr", [0, 1, 2, 3]),
        ("ønsker", "fyr", []),
        ("São João, nã reis não", "renn", []),
    ],
)
def test_only_words_with_these_consonants_are_candidates(text: str, form: str, expected: list[int]) -> None:
    assert candidates(text, form) == expected


def test_keys_of_other_languages_and_dutch_prefixes_do_not_count() -> None:
    assert candidates("Buch", "~n:buk", ("de",)) == []
    assert candidates("gelopen", "lop", ("nl",)) == [0]
    assert candidates("gelopen", "lop", ("de", "en")) == []


def test_few_words_of_a_page_are_candidates() -> None:
    words = [word for pair in read_pairs() for word in (pair.modern, pair.old)]
    text = " ".join(words)
    shares = [len(candidates(text, form)) / len(words) for form in ("lighthouse", "kamin", "turist", "segelskip")]
    assert max(shares) < 0.01


@pytest.mark.parametrize("letters", ["l", "n", "é", "ã", "ksz", "lé", "nã", "gegege"])
@pytest.mark.parametrize("word", ["lille", "nanna", "sisisisr", "assises"])
def test_a_long_run_of_letters_that_ocr_makes_of_a_line_is_soon_read(word: str, letters: str) -> None:
    """Each letter may belong to several parts of the pattern, so this would never end if it tried all ways."""
    pattern = form_pattern(frozenset(query_forms(word).all))
    assert len(list(find_candidates(f"{word[0]}a{letters * 1000}", pattern))) <= 1
