"""Marks the words of a query in the texts of a hit, by the same forms that found them."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from api.elasticsearch.queries.text_query import CLAUSE_FIELDS, CLAUSES_BY_FIELD
from api.search.query_terms import QueryTerms
from api.search.term_tests import Languages, Span, TermFinder, TermTest, list_term_tests
from core.words.text_languages import word_languages

FRAGMENT_COUNTS: Mapping[str, int] = {"caption": 0, "before": 2, "after": 2, "page_text": 1, "title": 0, "authors": 0}
"""Name in `Hit.highlights` → number of fragments; 0 means the whole text."""

NEARER_TEXTS = frozenset({"before", "after"})
"""Parts of the text of a page that stand nearer to the picture than the rest."""

FRAGMENT_SIZE = 100
"""Characters that fit on a card."""

_SPACE = re.compile(r"\s")

FIELDS_OF_TEXTS: Mapping[str, tuple[str, ...]] = {
    name: tuple(
        syntax_field
        for syntax_field, clauses in CLAUSES_BY_FIELD.items()
        if any(name in CLAUSE_FIELDS[clause] for clause in clauses)
    )
    for name in FRAGMENT_COUNTS
}
"""Name of a text → the fields of the query syntax that search it."""


@dataclass(frozen=True)
class Highlighter:
    """Marks the terms of one query; misread words too if the search looked for these."""

    query_terms: QueryTerms
    misreadings: bool = False

    def highlight(self, texts: Mapping[str, str], languages: Iterable[str] = ()) -> dict[str, list[str]]:
        """Return name → fragments with `<em>` around the words, all else escaped; texts without a word are absent.

        So is the text of the page where the words stand near the picture, in a part of it. `languages` are those of
        the book, if they are known.
        """
        if not self._tests_by_field:
            return {}
        text_languages = word_languages(languages)
        highlights = dict[str, list[str]]()
        for name, text in texts.items():
            if name == "page_text" and not NEARER_TEXTS.isdisjoint(highlights):
                continue
            if fragments := self._fragments(name, text, text_languages):
                highlights[name] = fragments
        return highlights

    def _fragments(self, name: str, text: str, languages: Languages) -> list[str]:
        """Return the fragments of a text; pictures of a page and of a book share most of theirs."""
        key = name, text, languages
        if (fragments := self._known_fragments.get(key)) is None:
            spans = self._spans(text, FIELDS_OF_TEXTS[name], languages)
            fragments = self._known_fragments[key] = list(_fragments(text, spans, FRAGMENT_COUNTS[name]))
        return fragments

    def spans(self, text: str, languages: Iterable[str] = ()) -> list[Span]:
        """Return where the words of the query stand in the text of a page, in order.

        `languages` are those of the book, if they are known.
        """
        key = text, word_languages(languages)
        if (spans := self._known_spans.get(key)) is None:
            spans = self._known_spans[key] = sorted({*self._spans(text, ("", "caption", "text"), key[1])})
        return spans

    def _spans(self, text: str, fields: Container[str], languages: Languages) -> Iterator[Span]:
        """Yield the spans in order; who needs the first few does not wait for the others."""
        if not text:
            return iter(())
        key = tuple(field for field in self._tests_by_field if field in fields), languages
        if (finder := self._finders.get(key)) is None:
            tests = [test for field in key[0] for test in self._tests_by_field[field]]
            finder = self._finders[key] = TermFinder(tests, languages)
        return finder.find_spans(text)

    @cached_property
    def _known_spans(self) -> dict[tuple[str, Languages], list[Span]]:
        """A text and its languages → where the words stand: a page asks whether there are any, marks and boxes them."""
        return {}

    @cached_property
    def _known_fragments(self) -> dict[tuple[str, str, Languages], list[str]]:
        """Name of a text, the text and its languages → its fragments."""
        return {}

    @cached_property
    def _finders(self) -> dict[tuple[tuple[str, ...], Languages], TermFinder]:
        """Fields of the query syntax and languages → what finds the terms of these fields."""
        return {}

    @cached_property
    def _tests_by_field(self) -> Mapping[str, Sequence[TermTest]]:
        tests: dict[str, list[TermTest]] = {}
        for test in list_term_tests(self.query_terms, misreadings=self.misreadings):
            tests.setdefault(test.field, []).append(test)
        return tests


def _fragments(text: str, spans: Iterable[Span], count: int) -> Iterator[str]:
    """Yield the whole text for a count of 0, else as many pieces of it; none without a span."""
    if not count:
        if all_spans := [*spans]:
            yield mark_spans(text, all_spans, 0, len(text))
        return
    start, end = 0, 0
    fragment_spans = list[Span]()
    for span in spans:
        if span[1] <= end:
            fragment_spans.append(span)
        elif span[0] >= end:
            if fragment_spans:
                yield mark_spans(text, fragment_spans, start, end)
                count -= 1
                if not count:
                    return
            (start, end), fragment_spans = _fragment_bounds(text, span), [span]
    if fragment_spans:
        yield mark_spans(text, fragment_spans, start, end)


def _fragment_bounds(text: str, span: Span) -> Span:
    """Return the bounds of a piece of about `FRAGMENT_SIZE` characters around a span, between words.

    A text without spaces, as of Chinese, is cut anywhere.
    """
    margin = max(0, FRAGMENT_SIZE - (span[1] - span[0])) // 2
    start, end = max(0, span[0] - margin), min(len(text), span[1] + margin)
    if start and (space := _SPACE.search(text, start, span[0])):
        start = space.end()
    if end < len(text) and (spaces := [*_SPACE.finditer(text, span[1], end)]):
        end = spaces[-1].start()
    return start, end


def mark_spans(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    parts, position = [], start
    for span_start, span_end in spans:
        if span_start >= position:
            parts += [escape(text[position:span_start]), "<em>", escape(text[span_start:span_end]), "</em>"]
            position = span_end
    return "".join([*parts, escape(text[position:end])])
