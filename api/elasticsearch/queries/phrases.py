"""The clauses of phrases and beginnings of words: endings as typed, in old spelling and with the marks of letters."""

from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.word_forms import PRINTED_FIELDS, best_of, multi_match
from api.search.boosts import FormBoosts
from api.search.query_terms import QueryTerm
from core.text import fold_letters
from core.words.spelling import phrase_key
from core.words.tokens import is_roman_numeral, tokenise, typed_words

FOLDED_FIELDS: Mapping[str, str] = {
    **{name: f"{field}.folded" for name, field in PRINTED_FIELDS.items()},
    "publisher": "publisher.folded",
    "place": "place_names.folded",
}
"""Short name of a field → field with the words in order and in one spelling, for phrases."""

FOLDED_VOWELS: Mapping[str, str] = {"a": "a[ae]?", "o": "oe?", "u": "ue?"}
"""Vowel → regular expression of what a folded field has for it and for the same letter with a mark: ø is oe there."""

ALTERNATIVE_TITLES = "alternative_titles"
"""Field of the other titles of a book. Their words are in `forms.title`; phrases and whole titles are searched here."""

MAX_UNMARKED_WORDS = 12
"""Longest phrase that is also searched with marks on its vowels; each word of it is a clause for every field."""


def verbatim_clause(term: QueryTerm, names: Sequence[str], form_boosts: FormBoosts | None = None) -> Clause:
    """Return a clause for a phrase or prefix: endings must match as typed, old spellings match too."""
    weight = term.weight if form_boosts else 1.0
    if term.kind == "phrase":
        phrase = multi_match(term.text, "phrase", _spelling_fields(names, form_boosts, term.text), weight)
        return best_of([phrase, *_plain_letters_clauses(term.text, names, weight)])
    verbatim = multi_match(
        term.text, "bool_prefix", _spelling_fields(names, form_boosts, term.text), weight, operator="and"
    )
    prefixes: list[Clause] = [{"prefix": {f"forms.{name}": fold_letters(term.text)}} for name in names]
    return best_of([verbatim, *(_constant(prefix, weight) for prefix in prefixes)])


def _plain_letters_clauses(text: str, names: Sequence[str], weight: float) -> list[Clause]:
    """Return the clauses of a phrase that is typed without its marks: `"Goteborg"`, `"Reise til Tromso"`."""
    words = typed_words(text)
    if not words or len(words) > MAX_UNMARKED_WORDS or not all(map(str.isascii, words)):
        return []
    if len(words) == 1:
        return [_constant({"term": {f"forms.{name}": fold_letters(words[0])}}, weight) for name in names]
    if _has_roman_numeral(words) or FOLDED_VOWELS.keys().isdisjoint(fold_letters(text)):
        return []
    intervals = {"all_of": {"ordered": True, "max_gaps": 0, "intervals": list(map(_unmarked_word, words))}}
    return [_constant({"intervals": {field: intervals}}, weight) for field in _folded_fields(names)]


def _unmarked_word(word: str) -> Clause:
    """Return the rule of a word in a phrase whose vowels may be å, ä, æ, ö, ø or ü, as the folded field has them."""
    vowels = FOLDED_VOWELS.keys() & set(fold_letters(word))  # the u that the folded field has for v is none
    if not (word.isalpha() and vowels):
        return {"match": {"query": word}}
    return {
        "regexp": {
            "pattern": "".join(FOLDED_VOWELS[letter] if letter in vowels else letter for letter in phrase_key(word))
        }
    }


def _constant(clause: Clause, weight: float) -> Clause:
    return {"constant_score": {"filter": clause, "boost": weight}}


def _spelling_fields(names: Sequence[str], form_boosts: FormBoosts | None, text: str) -> list[str]:
    """Return the fields as printed and in old spelling, with boosts if `form_boosts` are given."""
    printed_boost, folded_boost = (f"^{form_boosts.printed:g}", f"^{form_boosts.folded:g}") if form_boosts else ("", "")
    printed = [*(PRINTED_FIELDS[name] for name in names), *([ALTERNATIVE_TITLES] if "title" in names else [])]
    printed_fields = [f"{field}{printed_boost}" for field in printed]
    if _has_roman_numeral([token.text for token in tokenise(text)]):
        return printed_fields
    return printed_fields + [f"{field}{folded_boost}" for field in _folded_fields(names)]


def _folded_fields(names: Sequence[str]) -> list[str]:
    """Return the fields with the words in order and in one spelling."""
    folded = [FOLDED_FIELDS[name] for name in names]
    return [*folded, f"{ALTERNATIVE_TITLES}.folded"] if "title" in names else folded


def _has_roman_numeral(words: Sequence[str]) -> bool:
    """Return whether a phrase has a numeral, for which the folded spelling is too wide: it makes XI of XII, I of II.

    `I` at the beginning is a word: Norwegian for “in”.
    """
    return any(is_roman_numeral(word) for word in words) or "I" in (words[1:] or words)
