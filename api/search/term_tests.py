"""Where the terms of a query stand in texts."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge

from api.elasticsearch.queries.word_forms import is_fuzzy_candidate
from api.search.query_terms import QueryTerm, QueryTerms
from core.text import fold_letters
from core.words.consonants import find_candidates, form_pattern
from core.words.forms import has_form, query_forms
from core.words.initials import form_initials, may_begin_form, may_have_form
from core.words.spelling import phrase_key
from core.words.tokens import TextWord, is_roman_numeral, joined_words, tokenise, typed_words

Span = tuple[int, int]
Languages = tuple[str, ...]
WordTest = Callable[[str, Languages], bool]


@dataclass(frozen=True, slots=True)
class TermTest:
    """Finds one term of a query in texts."""

    field: str
    """The field of the query syntax that the term is about."""
    word_tests: Sequence[WordTest]
    """What neighbouring words must pass."""
    first_forms: frozenset[str]
    """Forms of which the first word must have one, or the beginning of one."""

    @property
    def needs_whole_text(self) -> bool:
        """Whether the term may stand in pieces that a space parts: a phrase, or the number `1 000`."""
        return len(self.word_tests) > 1 or any(form[:1].isdecimal() for form in self.first_forms)

    def find_spans(self, text: str, languages: Languages) -> Iterator[Span]:
        """Yield where the term stands in a text; to make the forms of all its words would take much longer."""
        if may_have_form(text, form_initials(self.first_forms)):
            yield from find_spans(text, self.word_tests, languages)


class TermFinder:
    """Finds terms of a query in texts of the same languages."""

    def __init__(self, tests: Sequence[TermTest], languages: Languages) -> None:
        self._languages = languages
        self._whole_text_tests = [test for test in tests if test.needs_whole_text]
        self._piece_tests = [test for test in tests if not test.needs_whole_text]
        first_forms = frozenset(form for test in self._piece_tests for form in test.first_forms)
        self._pattern, self._initials = form_pattern(first_forms, languages), form_initials(first_forms)
        self._spans_by_piece: dict[str, Sequence[Span]] = {}

    def find_spans(self, text: str) -> Iterator[Span]:
        """Yield the spans in order; who needs the first few does not wait for the others."""
        spans_in_pieces = self._spans_in_pieces(text) if self._piece_tests else iter(())
        if not self._whole_text_tests:
            return spans_in_pieces
        return merge(
            *(sorted(test.find_spans(text, self._languages)) for test in self._whole_text_tests), spans_in_pieces
        )

    def _spans_in_pieces(self, text: str) -> Iterator[Span]:
        """Yield the spans of words; the pieces of a text between spaces stand in other texts of the results too."""
        end = -1
        for candidate in find_candidates(text, self._pattern):
            if candidate <= end:
                continue
            start, end = text.rfind(" ", 0, candidate) + 1, text.find(" ", candidate)
            if end < 0:
                end = len(text)
            piece = text[start:end]
            if (spans := self._spans_by_piece.get(piece)) is None:
                spans = self._spans_by_piece[piece] = sorted(self._find_in_piece(piece))
            for first, last in spans:
                yield start + first, start + last

    def _find_in_piece(self, piece: str) -> Iterator[Span]:
        candidates = [*find_candidates(piece, self._pattern), len(piece)]
        for word in _list_words(piece):
            if candidates[bisect_left(candidates, word.start)] < word.end and self._matches(word.text):
                yield word.start, word.end

    def _matches(self, word: str) -> bool:
        return may_begin_form(word, self._initials) and any(
            test.word_tests[0](word, self._languages) for test in self._piece_tests
        )


def list_term_tests(query_terms: QueryTerms, *, misreadings: bool) -> list[TermTest]:
    """Return the tests of the terms that a result should have; with `misreadings` they find misread words too."""
    return [test for term in query_terms.should_terms for test in _tests_of_term(term, misreadings=misreadings)]


def _tests_of_term(term: QueryTerm, *, misreadings: bool) -> Iterator[TermTest]:
    """Yield the tests of one term; of `sea-serpent` a second one for `seaserpent`."""
    words = typed_words(term.text)
    if term.kind in ("years", "address") or not words:
        return
    if term.kind == "phrase" and not term.is_name:
        yield TermTest(term.field, [_same_spelling(word) for word in words], _spellings(words[0]))
    elif term.kind == "prefix" and not term.is_name:
        word_tests = [*map(_same_spelling, words[:-1]), *map(_begins_with, words[-1:])]
        yield TermTest(term.field, word_tests, _spellings(words[0]))
    elif misreadings and len(words) == 1 and is_fuzzy_candidate(term.text):
        yield _misreading_test(term, words[0])
    else:
        joined = ["".join(words)] if len(words) > 1 and not term.is_name else []
        yield from (TermTest(term.field, [_any_form(word)], _forms(word)) for word in (*words, *joined))


def _misreading_test(term: QueryTerm, word: str) -> TermTest:
    is_any_form, folded_word = _any_form(word), fold_letters(term.text)
    return TermTest(
        term.field,
        [lambda other, languages: is_any_form(other, languages) or is_misreading(fold_letters(other), folded_word)],
        _forms(word) | {folded_word[:1]},
    )


def _forms(word: str) -> frozenset[str]:
    return frozenset(query_forms(word).all)


def _spellings(word: str) -> frozenset[str]:
    return frozenset({fold_letters(word), phrase_key(word)})


def _any_form(word: str) -> WordTest:
    forms = _forms(word)
    return lambda other, languages: has_form(other, forms, languages)


def _same_spelling(word: str) -> WordTest:
    """Return a test for the word in old or new spelling; the key of XII is that of XI."""
    plain, folded = fold_letters(word), phrase_key(word)
    if is_roman_numeral(word):
        return lambda other, _: fold_letters(other) == plain
    return lambda other, _: (
        fold_letters(other) == plain or (phrase_key(other) == folded and not is_roman_numeral(other))
    )


def _begins_with(word: str) -> WordTest:
    plain = fold_letters(word)
    return lambda other, _: fold_letters(other).startswith(plain)


def is_misreading(word: str, other: str) -> bool:
    """Return whether two words differ by one letter after the first: another, one more or one less."""
    shorter, longer = sorted((word, other), key=len)
    if word == other or len(longer) - len(shorter) > 1 or shorter[:1] != longer[:1]:
        return False
    start = next((index for index, letter in enumerate(shorter) if letter != longer[index]), len(shorter))
    return shorter[start + (len(shorter) == len(longer)) :] == longer[start + 1 :]


def find_spans(text: str, tests: Sequence[WordTest], languages: Languages) -> Iterator[Span]:
    """Yield where neighbouring words pass the tests; a word alone may be several that a hyphen joins."""
    if len(tests) == 1:
        yield from ((word.start, word.end) for word in _list_words(text) if tests[0](word.text, languages))
        return
    tokens = list(tokenise(text))
    for index in range(len(tokens) - len(tests) + 1):
        if all(test(tokens[index + offset].text, languages) for offset, test in enumerate(tests)):
            yield tokens[index].start, tokens[index + len(tests) - 1].end


def _list_words(text: str) -> list[TextWord]:
    """Return the words of a text and those that are printed as one: `seaserpent` stands there as `sea-serpent`."""
    tokens = list(tokenise(text))
    return [*tokens, *joined_words(text, tokens)] if len(tokens) > 1 else tokens
