"""A parsed query text: its terms, and what the page says about them."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from api.search.choices import Match

TermKind = Literal["word", "phrase", "prefix", "address", "years"]
"""An address is a URL, URN or other identifier in the form of an address; see `api.search.addresses`."""

Years = tuple[int | None, int | None]
"""The first and the last year; None is open."""


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word, phrase, prefix, address or range of years, and the field to search."""

    text: str
    kind: TermKind = "word"
    field: str = ""
    """One of `query_fields.FIELDS`; empty means all fields."""
    weight: float = 1.0
    position: int = dataclasses.field(default=0, compare=False)
    """Index of its first character in the query text."""
    required: bool = False
    """Whether `AND` or parentheses require it, whatever `match` says."""
    years: Years = (None, None)
    """Of the kind `years`."""

    @property
    def is_name(self) -> bool:
        """Whether the words may be in any order: catalogues write `Defoe, Daniel`."""
        return self.kind == "phrase" and self.field == "author"

    def explanation(self) -> str:
        """Return the term as the page writes it: `“hvit stein” in the title (× 2)`."""
        if self.kind == "years":
            return _years_explanation(self.years)
        text = f"“{self.text}”" if self.kind == "phrase" else f"{self.text}…" if self.kind == "prefix" else self.text
        field_text = f" in the {self.field}" if self.field else ""
        return f"{text}{field_text}" if self.weight in (1.0, -1.0) else f"{text}{field_text} (× {abs(self.weight):g})"

    def source_text(self) -> str:
        """Return the term in the signs of the syntax."""
        field = f"{self.field}:" if self.field else ""
        text = f'"{self.text}"' if self.kind == "phrase" else f"{self.text}*" if self.kind == "prefix" else self.text
        return f"{field}{text}" if self.weight == 1.0 else f"{field}{text}^{self.weight:g}"


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
    years: tuple[tuple[QueryTerm, ...], ...] = ()
    """Groups of years that results must be of; they do not rank."""
    not_understood: tuple[str, ...] = ()
    """Signs of the text that look like syntax and are searched as words."""
    is_cut: bool = False
    """Whether words at the end of the text are left out, as there are too many."""

    def __bool__(self) -> bool:
        return bool(self.should or self.negative or self.must_not or self.years)

    @property
    def should_terms(self) -> Iterator[QueryTerm]:
        """The terms of all groups of `should`, in order."""
        return (term for group in self.should for term in group)

    @property
    def addresses(self) -> tuple[QueryTerm, ...]:
        """The terms that are searched as identifiers only."""
        return tuple(term for term in self.should_terms if term.kind == "address")

    @property
    def plain_text(self) -> str:
        """The `should` terms without signs: for text encoders, and to compare with titles."""
        return " ".join(term.text for term in self.should_terms if term.kind != "years")

    @property
    def is_plain(self) -> bool:
        """Whether the text is only words, so that the page need not explain it."""
        return not (self.negative or self.must_not or self.years or self.not_understood) and all(
            group in ((QueryTerm(group[0].text),), (QueryTerm(group[0].text, "address"),)) for group in self.should
        )

    def with_addresses_as_words(self) -> "QueryTerms":
        """Return the terms with each address as words, for an address that no document has."""
        groups = tuple(
            tuple(replace(term, kind="word") if term.kind == "address" else term for term in group)
            for group in self.should
        )
        return replace(self, should=groups)

    def text_without(self, index: int) -> str:
        """Return the query text without one group of `should`, in the signs of the syntax."""
        groups = [group for number, group in enumerate(self.should) if number != index]
        words = [" OR ".join(term.source_text() for term in group) for group in (*groups, *self.years)]
        words += [term.source_text() for term in self.negative]
        return " ".join([*words, *(f"-{term.source_text()}" for term in self.must_not)])

    def explanation(self, match: Match = "most") -> str:
        """Return a sentence for the page: `all of: fyr or lykt, kyst; without: ship; as words: colour:red`."""
        required = [_explain_alternatives(group) for group in self.should if group[0].required]
        optional = [_explain_alternatives(group) for group in self.should if not group[0].required]
        clauses = [f"{'all of: ' if len(required) > 1 or optional else ''}{', '.join(required)}"] if required else []
        clauses += (
            [f"{f'{match} of: ' if len(optional) > 1 or required else ''}{', '.join(optional)}"] if optional else []
        )
        clauses += [_explain_alternatives(group) for group in self.years]
        clauses += [f"less of: {_join_explanations(self.negative)}"] if self.negative else []
        clauses += [f"without: {_join_explanations(self.must_not)}"] if self.must_not else []
        clauses += [f"as words: {', '.join(self.not_understood)}"] if self.not_understood else []
        return "; ".join(clauses)


def _explain_alternatives(group: tuple[QueryTerm, ...]) -> str:
    return " or ".join(term.explanation() for term in group)


def _join_explanations(terms: tuple[QueryTerm, ...]) -> str:
    return ", ".join(replace(term, weight=1.0).explanation() for term in terms)


def _years_explanation(years: Years) -> str:
    first, last = years
    if first == last:
        return f"of {first}"
    return f"until {last}" if first is None else f"from {first}" if last is None else f"of {first}–{last}"
