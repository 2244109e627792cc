"""The query syntax: parses the query text into terms. Text that is not valid syntax becomes plain words."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from api.search.choices import Match

TermKind = Literal["word", "phrase", "prefix"]

FIELDS = ("title", "author", "publisher", "place", "subject", "caption", "text")
NORWEGIAN_FIELDS = dict(
    zip(("tittel", "forfatter", "forlag", "sted", "emne", "bildetekst", "tekst"), FIELDS, strict=True),
)
_FIELD_BY_NAME = {**{field: field for field in FIELDS}, **NORWEGIAN_FIELDS}

MAX_WEIGHT = 10.0
"""Highest weight after `^`; a higher one could rank a word above an identifier."""

MIN_PREFIX_LETTERS = 2
"""Shortest prefix: `a*` would match too many words."""

INDEXED_CATEGORIES = {"Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Nd"}
"""Unicode categories of the characters that Elasticsearch indexes."""

_TERM_PATTERN = re.compile(
    rf"""
    \(*
    (?P<without>-(?!-))?
    (?:(?P<field>(?ai:{"|".join(_FIELD_BY_NAME)})):)?
    (?: "(?P<straight>[^"]+)" | [„“](?P<curly>[^„“”"]+)[“”"] | «(?P<guillemets>[^«»]+)» | »(?P<turned>[^«»]+)«
      | (?P<word>[^\s*]\S*?)(?P<prefix>\*)? )
    (?:\^(?P<weight>-?[0-9]{{1,3}}(?:\.[0-9]{{1,3}})?))?
    [.,;:!?)]*
    (?=\s|$)
    """,
    re.VERBOSE,
)
QUOTE_MARKS = '"„“”«»'
_QUOTED_GROUPS = ("straight", "curly", "guillemets", "turned")


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word, phrase or prefix, and the field to search."""

    text: str
    kind: TermKind = "word"
    field: str = ""
    """One of `FIELDS`; empty means all fields."""
    weight: float = 1.0
    position: int = dataclasses.field(default=0, compare=False)
    """Index of its first character in the query text."""

    def explanation(self) -> str:
        """Return the term as the page writes it: `“hvit stein” in the title (× 2)`."""
        text = f"“{self.text}”" if self.kind == "phrase" else f"{self.text}…" if self.kind == "prefix" else self.text
        field_text = f" in the {self.field}" if self.field else ""
        return f"{text}{field_text}" if self.weight in (1.0, -1.0) else f"{text}{field_text} (× {abs(self.weight):g})"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryTerms:
    """A parsed query text."""

    query_text: str = ""
    should: tuple[tuple[QueryTerm, ...], ...] = ()
    """Groups of terms that results should match; the terms of one group are alternatives."""
    negative: tuple[QueryTerm, ...] = ()
    """Terms that demote a result; their weights are below 0."""
    must_not: tuple[QueryTerm, ...] = ()
    """Terms that exclude a result."""

    def __bool__(self) -> bool:
        return bool(self.should or self.negative or self.must_not)

    @property
    def should_terms(self) -> Iterator[QueryTerm]:
        """The terms of all groups of `should`, in order."""
        return (term for group in self.should for term in group)

    @property
    def plain_text(self) -> str:
        """The `should` terms without signs: for text encoders, and to compare with titles."""
        return " ".join(term.text for term in self.should_terms)

    @property
    def is_plain(self) -> bool:
        """Whether the text is only words, so that the page need not explain it."""
        return not (self.negative or self.must_not) and all(
            group == (QueryTerm(group[0].text),) for group in self.should
        )

    def explanation(self, match: Match = "most") -> str:
        """Return a sentence for the page: `most of: fyr, “hvit stein”, kyst in the title; without: ship`."""
        alternatives = [" or ".join(term.explanation() for term in group) for group in self.should]
        match_text = f"{match} of: " if len(alternatives) > 1 else ""
        clauses = [f"{match_text}{', '.join(alternatives)}"] if alternatives else []
        clauses += [f"less of: {_join_explanations(self.negative)}"] if self.negative else []
        clauses += [f"without: {_join_explanations(self.must_not)}"] if self.must_not else []
        return "; ".join(clauses)


def parse_query_text(query_text: str) -> QueryTerms:
    """Parse any text; `12:30`, `URN:NBN:…`, `^`, a single quote and `colour:red` become words."""
    should: list[tuple[QueryTerm, ...]] = []
    negative: list[QueryTerm] = []
    must_not: list[QueryTerm] = []
    for group in _group_alternatives(list(_parse_terms(query_text))):
        first_term, is_excluded = group[0]
        if is_excluded:
            must_not.append(first_term)
        elif first_term.weight < 0:
            negative.append(first_term)
        else:
            should.append(tuple(term for term, _ in group))
    return QueryTerms(query_text=query_text, should=tuple(should), negative=tuple(negative), must_not=tuple(must_not))


ParsedTerm = tuple[QueryTerm, bool]
"""A term, and whether a `-` excludes it."""


def _parse_terms(query_text: str) -> Iterator[ParsedTerm]:
    """Yield the terms in order; `OR` is one of them."""
    position = 0
    while position < len(query_text):
        if query_text[position].isspace():
            position += 1
            continue
        match = _TERM_PATTERN.match(query_text, position)
        parsed_term = _parse_term(match.groupdict()) if match else None
        end = match.end() if match and parsed_term else position + len(query_text[position:].split(maxsplit=1)[0])
        term, is_excluded = parsed_term or (QueryTerm(query_text[position:end].strip(QUOTE_MARKS)), False)
        if _is_searchable(term.text):
            yield replace(term, position=max(position, query_text.find(term.text, position))), is_excluded
        position = end


def _parse_term(match_groups: Mapping[str, str | None]) -> ParsedTerm | None:
    """Return a term; None if the word or phrase has no letter or digit, as in `title:"`."""
    phrase = next((text for name in _QUOTED_GROUPS if (text := match_groups[name])), None)
    text = " ".join(phrase.split()) if phrase else (match_groups["word"] or "").strip(QUOTE_MARKS)
    if not _is_searchable(text):
        return None
    field = _FIELD_BY_NAME.get((match_groups["field"] or "").lower(), "")
    weight = max(-MAX_WEIGHT, min(MAX_WEIGHT, float(match_groups["weight"] or 1)))
    kind: TermKind = "word"
    if phrase is not None:
        kind = "phrase"
    elif match_groups["prefix"] and sum(map(str.isalnum, text)) >= MIN_PREFIX_LETTERS:
        kind = "prefix"
    return QueryTerm(text, kind, field, weight), bool(match_groups["without"])


def _is_searchable(text: str) -> bool:
    """Return whether Elasticsearch indexes any character; a required word without one, such as `²`, finds nothing."""
    return any(unicodedata.category(character) in INDEXED_CATEGORIES for character in text)


def _group_alternatives(parsed_terms: Sequence[ParsedTerm]) -> Iterator[list[ParsedTerm]]:
    """Yield groups of terms that `OR` joins; an `OR` without two neighbours is a word."""
    index = 0
    while index < len(parsed_terms):
        group = [parsed_terms[index]]
        while (
            index + 2 < len(parsed_terms)
            and _is_or(parsed_terms[index + 1])
            and _can_be_alternative(group[-1])
            and _can_be_alternative(parsed_terms[index + 2])
        ):
            group.append(parsed_terms[index + 2])
            index += 2
        yield group
        index += 1


def _is_or(parsed_term: ParsedTerm) -> bool:
    return parsed_term == (QueryTerm("OR"), False)


def _can_be_alternative(parsed_term: ParsedTerm) -> bool:
    term, is_excluded = parsed_term
    return not is_excluded and term.weight >= 0 and not _is_or(parsed_term)


def _join_explanations(terms: Sequence[QueryTerm]) -> str:
    return ", ".join(replace(term, weight=1.0).explanation() for term in terms)
