"""Marks the words of a query in the texts of a hit, by the same forms that found them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from html import escape

from api.elasticsearch.queries.text_query import CLAUSE_FIELDS, CLAUSES_BY_FIELD
from api.elasticsearch.queries.word_forms import is_fuzzy_candidate
from api.search.query_terms import QueryTerm, QueryTerms
from core.text import fold_letters
from core.words.forms import LANGUAGES, query_forms, word_forms
from core.words.initials import form_initials, may_have_form
from core.words.spelling import phrase_key
from core.words.text_languages import word_languages
from core.words.tokens import is_roman_numeral, joined_words, tokenise

FRAGMENT_COUNTS: Mapping[str, int] = {"caption": 0, "before": 2, "after": 2, "page_text": 1, "title": 0, "authors": 0}
"""Name in `Hit.highlights` → number of fragments; 0 means the whole text."""

FRAGMENT_SIZE = 100
"""Characters that fit on a card."""

FIELDS_OF_TEXTS: Mapping[str, tuple[str, ...]] = {
    name: tuple(
        syntax_field
        for syntax_field, clauses in CLAUSES_BY_FIELD.items()
        if any(name in CLAUSE_FIELDS[clause] for clause in clauses)
    )
    for name in FRAGMENT_COUNTS
}
"""Name of a text → the fields of the query syntax that search it."""

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
    initials: frozenset[str]
    """First letters of the forms of the first word."""

    @property
    def needs_whole_text(self) -> bool:
        """Whether the term may stand in pieces that a space parts: a phrase, or the number `1 000`."""
        return len(self.word_tests) > 1 or any(map(str.isdecimal, self.initials))

    def find_spans(self, text: str, languages: Languages) -> Iterator[Span]:
        """Yield where the term stands in a text; to make the forms of all its words would take much longer."""
        if may_have_form(text, self.initials):
            yield from _find_spans(text, self.word_tests, languages)


@dataclass(frozen=True)
class Highlighter:
    """Marks the terms of one query; misread words too if the search looked for these."""

    query_terms: QueryTerms
    misreadings: bool = False

    def highlight(self, texts: Mapping[str, str], languages: Iterable[str] = ()) -> dict[str, list[str]]:
        """Return name → fragments with `<em>` around the words, all else escaped; texts without a word are absent.

        `languages` are those of the book, if they are known.
        """
        if not self._term_tests:
            return {}
        text_languages = word_languages(languages)
        fragments = {
            name: list(
                _fragments(text, self._spans(text, FIELDS_OF_TEXTS[name], text_languages), FRAGMENT_COUNTS[name])
            )
            for name, text in texts.items()
        }
        return {name: texts_with_marks for name, texts_with_marks in fragments.items() if texts_with_marks}

    def spans(self, text: str) -> list[Span]:
        """Return where the words of the query stand in the text of a page, in order."""
        return sorted({*self._spans(text, ("", "caption", "text"), LANGUAGES)})

    def _spans(self, text: str, fields: tuple[str, ...], languages: Languages) -> Iterator[Span]:
        """Yield the spans in order; who needs the first few does not wait for the others."""
        tests = [test for test in self._term_tests if test.field in fields] if text else []
        long_spans = (sorted(test.find_spans(text, languages)) for test in tests if test.needs_whole_text)
        word_tests = [test for test in tests if not test.needs_whole_text]
        return merge(*long_spans, self._spans_in_pieces(text, word_tests, (fields, languages)))

    def _spans_in_pieces(
        self, text: str, tests: Sequence[TermTest], key: tuple[tuple[str, ...], Languages]
    ) -> Iterator[Span]:
        """Yield the spans of words; the pieces of a text between spaces stand in other texts of the results too."""
        spans_by_piece, start = self._spans_by_piece.setdefault(key, {}), 0
        initials = frozenset(initial for test in tests for initial in test.initials)
        for piece in text.split(" ") if tests else ():
            if (spans := spans_by_piece.get(piece)) is None:
                spans = spans_by_piece[piece] = (
                    sorted(span for test in tests for span in test.find_spans(piece, key[1]))
                    if may_have_form(piece, initials)
                    else ()
                )
            for first, end in spans:
                yield start + first, start + end
            start += len(piece) + 1

    @cached_property
    def _spans_by_piece(self) -> dict[tuple[tuple[str, ...], Languages], dict[str, Sequence[Span]]]:
        return {}

    @cached_property
    def _term_tests(self) -> list[TermTest]:
        return [test for term in self.query_terms.should_terms for test in self._tests_of_term(term)]

    def _tests_of_term(self, term: QueryTerm) -> Iterator[TermTest]:
        """Yield the tests of one term; of `sea-serpent` a second one for `seaserpent`."""
        words = [token.text for token in tokenise(term.text)]
        if term.kind in ("years", "address") or not words:
            return
        if term.kind == "phrase" and not term.is_name:
            yield TermTest(term.field, [_same_spelling(word) for word in words], _spelling_initials(words[0]))
        elif term.kind == "prefix" and not term.is_name:
            word_tests = [*map(_same_spelling, words[:-1]), *map(_begins_with, words[-1:])]
            yield TermTest(term.field, word_tests, _spelling_initials(words[0]))
        elif self.misreadings and len(words) == 1 and is_fuzzy_candidate(term.text):
            yield _misreading_test(term, words[0])
        else:
            joined = ["".join(words)] if len(words) > 1 and not term.is_name else []
            yield from (TermTest(term.field, [_any_form(word)], _initials(word)) for word in (*words, *joined))


def _misreading_test(term: QueryTerm, word: str) -> TermTest:
    is_any_form, folded_word = _any_form(word), fold_letters(term.text)
    return TermTest(
        term.field,
        [lambda other, languages: is_any_form(other, languages) or is_misreading(fold_letters(other), folded_word)],
        _initials(word) | {folded_word[:1]},
    )


def _initials(word: str) -> frozenset[str]:
    return form_initials(frozenset(query_forms(word).all))


def _spelling_initials(word: str) -> frozenset[str]:
    return form_initials(frozenset({fold_letters(word), phrase_key(word)}))


def _any_form(word: str) -> WordTest:
    forms = frozenset(query_forms(word).all)
    return lambda other, languages: not forms.isdisjoint(word_forms(other, languages))


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


def _find_spans(text: str, tests: Sequence[WordTest], languages: Languages) -> Iterator[Span]:
    tokens = list(tokenise(text))
    if len(tests) == 1:
        # `seaserpent` stands in the text as `sea-serpent`.
        joined = joined_words(text, tokens) if len(tokens) > 1 else ()
        yield from ((word.start, word.end) for word in (*tokens, *joined) if tests[0](word.text, languages))
        return
    for index in range(len(tokens) - len(tests) + 1):
        if all(test(tokens[index + offset].text, languages) for offset, test in enumerate(tests)):
            yield tokens[index].start, tokens[index + len(tests) - 1].end


def _fragments(text: str, spans: Iterable[Span], count: int) -> Iterator[str]:
    """Yield the whole text for a count of 0, else as many pieces of it; none without a span."""
    if not count:
        if all_spans := [*spans]:
            yield _mark(text, all_spans, 0, len(text))
        return
    start, end = 0, 0
    fragment_spans = list[Span]()
    for span in spans:
        if span[1] <= end:
            fragment_spans.append(span)
        elif span[0] >= end:
            if fragment_spans:
                yield _mark(text, fragment_spans, start, end)
                count -= 1
                if not count:
                    return
            (start, end), fragment_spans = _fragment_bounds(text, span), [span]
    if fragment_spans:
        yield _mark(text, fragment_spans, start, end)


def _fragment_bounds(text: str, span: Span) -> Span:
    """Return the bounds of a piece of about `FRAGMENT_SIZE` characters around a span, between words."""
    margin = max(0, FRAGMENT_SIZE - (span[1] - span[0])) // 2
    start, end = max(0, span[0] - margin), min(len(text), span[1] + margin)
    if start:
        start = min(text.find(" ", start, span[0]) + 1 or span[0], span[0])
    if end < len(text):
        end = max(text.rfind(" ", span[1], end), span[1])
    return start, end


def _mark(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    parts, position = [], start
    for span_start, span_end in spans:
        if span_start >= position:
            parts += [escape(text[position:span_start]), "<em>", escape(text[span_start:span_end]), "</em>"]
            position = span_end
    return "".join([*parts, escape(text[position:end])])
