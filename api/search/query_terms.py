"""A parsed query text: its terms, and what the page says about them."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Literal

from api.search.choices import Match
from api.sentences import Sentence
from core.words.tokens import typed_words

TermKind = Literal["word", "phrase", "prefix", "address", "years"]
"""An address is a URL, URN or other identifier in the form of an address; see `api.search.addresses`."""

MAX_GROUPS_ALL_REQUIRED: Mapping[Match, int] = {"any": 1, "most": 2}
"""Groups of terms up to which `any` and `most` require every one."""

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

    @property
    def searched_text(self) -> str:
        """The words to search for; of a name without initials, as catalogues write `Goethe, Johann Wolfgang von`."""
        if not self.is_name:
            return self.text
        return " ".join([word for word in typed_words(self.text) if len(word) > 1]) or self.text

    def explanation(self) -> str:
        """Return the term as the page writes it: `“hvit stein” in the title (× 2)`."""
        if self.kind == "years":
            return _years_explanation(self.years)
        text = f"“{self.text}”" if self.kind == "phrase" else f"{self.text}…" if self.kind == "prefix" else self.text
        text = _explain_field(text, self.field)
        if self.weight in (1.0, -1.0):
            return text
        return Sentence("%(term)s (× %(weight)s)", term=text, weight=format(abs(self.weight), "g"))

    def source_text(self) -> str:
        """Return the term in the signs of the syntax."""
        field = f"{self.field}:" if self.field else ""
        text = f"{self.text}*" if self.kind == "prefix" else self.text
        if self.kind == "phrase" or (self.kind == "years" and " " in text):
            text = '"' + text.replace('"', "") + '"'
        return f"{field}{text}" if self.weight == 1.0 else f"{field}{text}^{self.weight:g}"

    def loose_text(self) -> str:
        """Return the term with its words apart, in the signs of the syntax."""
        words = typed_words(self.text)
        if self.kind not in ("word", "phrase") or len(words) < 2:
            return self.source_text()
        return f"{self.field}:({' '.join(words)})" if self.field else " ".join(words)


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
    must_not_together: tuple[tuple[tuple[QueryTerm, ...], ...], ...] = ()
    """Groups of alternatives that exclude a result which has one of each: `NOT (skip AND bok)`."""
    years: tuple[tuple[QueryTerm, ...], ...] = ()
    """Groups of years that results must be of; they do not rank."""
    not_understood: tuple[str, ...] = ()
    """Signs of the text that look like syntax and are searched as words."""
    is_cut: bool = False
    """Whether words at the end of the text are left out, as there are too many."""

    def __bool__(self) -> bool:
        return bool(self.should or self.negative or self.excludes or self.years)

    @property
    def excludes(self) -> bool:
        """Whether some terms exclude a result."""
        return bool(self.must_not or self.must_not_together)

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
        return not (self.negative or self.excludes or self.years or self.not_understood) and all(
            group in ((QueryTerm(group[0].text),), (QueryTerm(group[0].text, "address"),)) for group in self.should
        )

    def with_addresses_as_words(self) -> "QueryTerms":
        """Return the terms with each address as words, for an address that no document has."""
        groups = tuple(
            tuple(replace(term, kind="word") if term.kind == "address" else term for term in group)
            for group in self.should
        )
        return replace(self, should=groups)

    def texts_without_a_part(self) -> Iterator[tuple[str, str]]:
        """Yield each part of the text, in the signs of the syntax, and the text without it."""
        groups = list(map(_source_of_alternatives, (*self.should, *self.years)))
        excluded = " ".join(self._excluded_texts())
        parts = [*groups, excluded] if excluded else groups
        negative = [term.source_text() for term in self.negative]
        for index, part in enumerate(parts if len(parts) > 1 else ()):
            yield part, " ".join([*parts[:index], *parts[index + 1 :], *negative])

    @property
    def loose_text(self) -> str:
        """The text with phrases and joined words as separate words: `"hvit stein"` as `hvit stein`."""
        groups = [" OR ".join(term.loose_text() for term in group) for group in self.should]
        others = [term.source_text() for group in self.years for term in group]
        return " ".join([*groups, *others, *self._excluded_texts()])

    def _excluded_texts(self) -> Iterator[str]:
        """Yield what excludes results, in the signs of the syntax."""
        yield from (f"-{term.source_text()}" for term in self.must_not)
        for groups in self.must_not_together:
            yield f"NOT ({' AND '.join(f'({_source_of_alternatives(group)})' for group in groups)})"

    def explanation(self, match: Match = "most") -> str:
        """Return a sentence for the page: `all of: fyr or lykt, kyst; without: ship; as words: colour:red`."""
        optional = [group for group in self.should if not is_required(group, match)]
        if len(optional) <= MAX_GROUPS_ALL_REQUIRED.get(match, len(optional)):
            optional = []
        required = [group for group in self.should if group not in optional]
        clauses = [_explain_match("all" if len(self.should) > 1 else "", required)] if required else []
        clauses += [_explain_match(match, optional)] if optional else []
        clauses += [_explain_alternatives(group) for group in self.years]
        clauses += [Sentence("less of: %(terms)s", terms=_list_explanations(self.negative))] if self.negative else []
        clauses += [Sentence("without: %(terms)s", terms=_list_explanations(self.must_not))] if self.must_not else []
        clauses += [
            Sentence("without: %(terms)s", terms=_explain_match("all", groups)) for groups in self.must_not_together
        ]
        not_understood = ", ".join(self.not_understood)
        clauses += [Sentence("as words: %(terms)s", terms=not_understood)] if not_understood else []
        return reduce(lambda text, clause: Sentence("%(text)s; %(clause)s", text=text, clause=clause), clauses or [""])


def _source_of_alternatives(group: Sequence[QueryTerm]) -> str:
    return " OR ".join(term.source_text() for term in group)


def is_required(group: Sequence[QueryTerm], match: Match) -> bool:
    """Return whether results must have one of the terms of a group, however many others they have."""
    return any(term.required for term in group) or (
        match == "most" and all(term.kind in ("phrase", "years") or term.field for term in group)
    )


def _explain_field(text: str, field: str) -> str:
    sentences = {
        "title": Sentence("%(words)s in the title", words=text),
        "author": Sentence("%(words)s in the author", words=text),
        "publisher": Sentence("%(words)s in the publisher", words=text),
        "place": Sentence("%(words)s in the place", words=text),
        "subject": Sentence("%(words)s in the subject", words=text),
        "caption": Sentence("%(words)s in the caption", words=text),
        "text": Sentence("%(words)s in the text", words=text),
    }
    return sentences.get(field, text)


def _explain_match(match: str, groups: Sequence[tuple[QueryTerm, ...]]) -> str:
    text = _join_with_commas([_explain_alternatives(group) for group in groups])
    sentences = {
        "all": Sentence("all of: %(terms)s", terms=text),
        "most": Sentence("most of: %(terms)s", terms=text),
        "any": Sentence("any of: %(terms)s", terms=text),
    }
    return sentences.get(match, text)


def _explain_alternatives(group: tuple[QueryTerm, ...]) -> str:
    explanations = [term.explanation() for term in group]
    return reduce(lambda text, term: Sentence("%(text)s or %(term)s", text=text, term=term), explanations)


def _list_explanations(terms: tuple[QueryTerm, ...]) -> str:
    return _join_with_commas([replace(term, weight=1.0).explanation() for term in terms])


def _join_with_commas(texts: list[str]) -> str:
    return reduce(lambda text, term: Sentence("%(text)s, %(term)s", text=text, term=term), texts)


def _years_explanation(years: Years) -> str:
    first, last = years
    if first is None and last is None:
        return Sentence("of any year")
    if first == last:
        return Sentence("of %(year)s", year=first)
    if first is None or last is None:
        return Sentence("until %(year)s", year=last) if first is None else Sentence("from %(year)s", year=first)
    return Sentence("of %(first)s–%(last)s", first=first, last=last)
