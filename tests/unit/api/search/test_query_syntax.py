"""How a reader's signs are read; whatever is none is plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.search.query_syntax import FIELDS, NORWEGIAN, Term, WordQuery, parse
from api.search.query_text import MAX_CHARACTERS, clean


def wanted(*groups: Term | tuple[Term, ...]) -> WordQuery:
    return WordQuery(wanted=tuple(group if isinstance(group, tuple) else (group,) for group in groups))


def phrase(text: str, field: str = "", weight: float = 1.0) -> Term:
    return Term(text, "phrase", field, weight)


READ: list[tuple[str, WordQuery]] = [
    ("fyr  ved kysten", wanted(Term("fyr"), Term("ved"), Term("kysten"))),
    ('"hvit stein"', wanted(phrase("hvit stein"))),
    ("“white stone”", wanted(phrase("white stone"))),
    ("„weißer Stein“ „hvid sten”", wanted(phrase("weißer Stein"), phrase("hvid sten"))),
    ("«la mer» »die See«", wanted(phrase("la mer"), phrase("die See"))),
    ('"one", "two".', wanted(phrase("one"), phrase("two"))),
    ("fyr -ship", WordQuery(wanted=((Term("fyr"),),), without=(Term("ship"),))),
    ('-"red ship" -title:kyst', WordQuery(without=(phrase("red ship"), Term("kyst", field="title")))),
    ("fyr* title:ky*", wanted(Term("fyr", "prefix"), Term("ky", "prefix", "title"))),
    ('Forfatter:"Anna Moe"', wanted(phrase("Anna Moe", "author"))),
    ("lykt OR fyr kysten", wanted((Term("lykt"), Term("fyr")), Term("kysten"))),
    ('(lykt OR "et fyr" OR title:ky*)', wanted((Term("lykt"), phrase("et fyr"), Term("ky", "prefix", "title")))),
    (
        'fyr^2 "a phrase"^0.5 ky*^3',
        wanted(Term("fyr", weight=2), phrase("a phrase", weight=0.5), Term("ky", "prefix", weight=3)),
    ),
    ("harbour^-1 fyr", WordQuery(wanted=((Term("fyr"),),), demoted=(Term("harbour", weight=-1),))),
    ("fyr^999", wanted(Term("fyr", weight=10))),
    ("fyr^0", wanted(Term("fyr", weight=0))),
]


@pytest.mark.parametrize(("typed", "read"), READ)
def test_signs_are_read(typed: str, read: WordQuery) -> None:
    query = parse(typed)
    assert (query.wanted, query.demoted, query.without) == (read.wanted, read.demoted, read.without)


@pytest.mark.parametrize("field", FIELDS)
def test_each_field_has_an_english_and_a_norwegian_name(field: str) -> None:
    norwegian = next(name for name, each in NORWEGIAN.items() if each == field)
    expected = wanted(Term("fyr", field=field)).wanted
    assert parse(f"{field}:fyr").wanted == parse(f"{norwegian}:fyr").wanted == expected
    assert parse(f"{field.upper()}:fyr").wanted == expected


PLAIN: list[tuple[str, list[str]]] = [
    ("12:30 colour:red", ["12:30", "colour:red"]),
    ("Joh. 3:16 1 Mos 1:1-3", ["Joh", "3:16", "1", "Mos", "1:1-3"]),
    ("URN:NBN:no-nb_digibok_2010", ["URN:NBN:no-nb_digibok_2010"]),
    ("https://urn.nb.no/URN:NBN:no-nb_digibok_2010", ["https://urn.nb.no/URN:NBN:no-nb_digibok_2010"]),
    ("978-82-02-12345-6", ["978-82-02-12345-6"]),
    ("1850-1900 Hand-Press", ["1850-1900", "Hand-Press"]),
    ('"fyr', ["fyr"]),
    ('fyr" ved', ["fyr", "ved"]),
    ('a"b c"d', ['a"b', 'c"d']),
    ("title: fyr", ["title", "fyr"]),
    ('title:"', ["title:"]),
    ("fyr^ fyr^x", ["fyr^", "fyr^x"]),
    ("a* *fyr", ["a", "*fyr"]),
    ("--fyr", ["--fyr"]),
    ("OR fyr OR", ["OR", "fyr", "OR"]),
    ("fyr or lykt", ["fyr", "or", "lykt"]),
    ("ſted:fyr", ["ſted:fyr"]),
    ('- -- ^ * " : «» -"" ² …', []),
    ("", []),
]


@pytest.mark.parametrize(("typed", "words"), PLAIN)
def test_everything_else_is_plain_words(typed: str, words: list[str]) -> None:
    query = parse(typed)
    assert [term.text for term in query.terms] == words
    assert query.plain


def test_or_joins_only_what_is_looked_for() -> None:
    query = parse("fyr OR -ship OR lykt^-1")
    assert [term.text for term in query.terms] == ["fyr", "OR", "OR"]
    assert (query.without, query.demoted) == ((Term("ship"),), (Term("lykt", weight=-1),))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", ""),
        ("fyr", "fyr"),
        ("fyr kysten", "most of: fyr, kysten"),
        ('fyr OR lykt "hvit stein"^2 -ship', "most of: fyr or lykt, “hvit stein” (× 2); without: ship"),
        ("title:ky* -author:moe", "ky… in the title; without: moe in the author"),
        ("harbour^-1", "less of: harbour"),
    ],
)
def test_a_question_says_what_it_means(typed: str, sentence: str) -> None:
    assert parse(typed).explained() == sentence


def test_a_question_says_how_many_of_its_words_a_result_needs() -> None:
    assert parse("fyr kysten").explained("any") == "any of: fyr, kysten"


def test_models_hear_what_is_looked_for_without_signs() -> None:
    assert parse('title:kyst "hvit stein"^2 fyr* -ship havn^-1').spoken == "kyst hvit stein fyr"


SIGNS = st.sampled_from([*'"„“”«»()*^-:', " OR ", " -", "title:", "TEKST:", "^-1", "^2.5", " ", "fyr"])


@given(st.lists(st.one_of(SIGNS, st.text(max_size=5)), max_size=60).map("".join))
def test_any_text_is_read_and_no_word_gets_lost_in_signs(typed: str) -> None:
    query = parse(typed)
    query.explained()
    for term in (*query.terms, *query.demoted, *query.without):
        assert term.text == " ".join(term.text.split()) != ""
        assert abs(term.weight) <= 10
    assert parse(clean(typed)).explained() == parse(clean(clean(typed))).explained()


@given(st.text(alphabet="abcæøå ", max_size=MAX_CHARACTERS))
def test_letters_alone_stay_as_they_are(typed: str) -> None:
    assert [term.text for term in parse(typed).terms] == typed.split()
