"""Marks the words of a query in the texts of a hit, by the same forms that found them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from api.elasticsearch.queries.text_query import CLAUSE_FIELDS, CLAUSES_BY_FIELD
from api.elasticsearch.queries.word_forms import is_fuzzy_candidate
from api.search.query_terms import QueryTerm, QueryTerms
from core.text import fold_letters
from core.words.forms import query_forms, word_forms
from core.words.spelling import phrase_key
from core.words.tokens import TextWord, is_roman_numeral, joined_words, tokenise

FRAGMENT_COUNTS: Mapping[str, int] = {"caption": 0, "before": 2, "after": 2, "page_text": 1, "title": 0, "authors": 0}
"""Name in `Hit.highlights` → number of fragments; 0 means the whole text."""

FRAGMENT_SIZE = 100
"""Characters that fit on a card."""

FIELDS_OF_TEXTS: Mapping[str, tuple[str, ...]] = {
    name: tuple(
        field for field, clauses in CLAUSES_BY_FIELD.items() if any(name in CLAUSE_FIELDS[clause] for clause in clauses)
    )
    for name in FRAGMENT_COUNTS
}
"""Name of a text → the fields of the query syntax that search it."""

Span = tuple[int, int]
WordTest = Callable[[str], bool]


@dataclass(frozen=True)
class Highlighter:
    """Marks the terms of one query; misread words too if the search looked for these."""

    query_terms: QueryTerms
    misreadings: bool = False

    def highlight(self, texts: Mapping[str, str]) -> dict[str, list[str]]:
        """Return name → fragments with `<em>` around the words, all else escaped; texts without a word are absent."""
        fragments = {
            name: list(_fragments(text, self.spans(text, FIELDS_OF_TEXTS[name]), FRAGMENT_COUNTS[name]))
            for name, text in texts.items()
        }
        return {name: texts_with_marks for name, texts_with_marks in fragments.items() if texts_with_marks}

    def spans(self, text: str, fields: Sequence[str] = ("", "caption", "text")) -> list[Span]:
        """Return where the words of the query stand in a text, in order, for terms of these fields."""
        tests = [tests for field, tests in self._term_tests if field in fields]
        if not text or not tests:
            return []
        tokens = list(tokenise(text))
        return sorted({span for term_tests in tests for span in _find_spans(text, tokens, term_tests)})

    @cached_property
    def _term_tests(self) -> list[tuple[str, Sequence[WordTest]]]:
        """For each term its field and the tests that neighbouring words must pass."""
        return [(term.field, tests) for term in self.query_terms.should_terms for tests in self._word_tests(term)]

    def _word_tests(self, term: QueryTerm) -> Iterator[Sequence[WordTest]]:
        """Yield the tests of one term; of `sea-serpent` a second time for `seaserpent`."""
        words = [token.text for token in tokenise(term.text)]
        if term.kind in ("years", "address"):
            return
        if term.is_name:
            yield from ([_any_form(word)] for word in words)
        elif term.kind == "phrase":
            yield [_same_spelling(word) for word in words]
        elif term.kind == "prefix":
            yield [*map(_same_spelling, words[:-1]), *map(_begins_with, words[-1:])]
        elif self.misreadings and len(words) == 1 and is_fuzzy_candidate(term.text):
            is_any_form, folded_word = _any_form(words[0]), fold_letters(term.text)
            yield [lambda word: is_any_form(word) or is_misreading(fold_letters(word), folded_word)]
        else:
            yield [_any_form(word) for word in words]
            if len(words) > 1:
                yield [_any_form("".join(words))]


def _any_form(word: str) -> WordTest:
    forms = frozenset(query_forms(word).all)
    return lambda other: not forms.isdisjoint(word_forms(other))


def _same_spelling(word: str) -> WordTest:
    """Return a test for the word in old or new spelling; the key of XII is that of XI."""
    plain, folded = fold_letters(word), phrase_key(word)
    if is_roman_numeral(word):
        return lambda other: fold_letters(other) == plain
    return lambda other: fold_letters(other) == plain or (phrase_key(other) == folded and not is_roman_numeral(other))


def _begins_with(word: str) -> WordTest:
    plain = fold_letters(word)
    return lambda other: fold_letters(other).startswith(plain)


def is_misreading(word: str, other: str) -> bool:
    """Return whether two words differ by one letter after the first: another, one more or one less."""
    shorter, longer = sorted((word, other), key=len)
    if word == other or len(longer) - len(shorter) > 1 or shorter[:1] != longer[:1]:
        return False
    start = next((index for index, letter in enumerate(shorter) if letter != longer[index]), len(shorter))
    return shorter[start + (len(shorter) == len(longer)) :] == longer[start + 1 :]


def _find_spans(text: str, tokens: Sequence[TextWord], tests: Sequence[WordTest]) -> Iterator[Span]:
    for index in range(len(tokens) - len(tests) + 1):
        if all(test(tokens[index + offset].text) for offset, test in enumerate(tests)):
            yield tokens[index].start, tokens[index + len(tests) - 1].end
    if len(tests) != 1:
        return
    # `seaserpent` stands in the text as `sea-serpent`.
    yield from ((word.start, word.end) for word in joined_words(text, tokens) if tests[0](word.text))


def _fragments(text: str, spans: Sequence[Span], count: int) -> Iterator[str]:
    """Yield the whole text for a count of 0, else as many pieces of it; none without a span."""
    if not spans:
        return
    if not count:
        yield _mark(text, spans, 0, len(text))
        return
    end = 0
    for span in spans:
        if count and span[0] >= end:
            start, end = _fragment_bounds(text, span)
            yield _mark(text, [other for other in spans if start <= other[0] and other[1] <= end], start, end)
            count -= 1


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
