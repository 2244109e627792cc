"""What a reader typed → what it asks for. Whatever cannot be read as a sign of the syntax is plain words."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from api.search.request import Match

Kind = Literal["word", "phrase", "prefix"]

FIELDS = ("title", "author", "publisher", "place", "subject", "caption", "text")
NORWEGIAN = dict(
    zip(("tittel", "forfatter", "forlag", "sted", "emne", "bildetekst", "tekst"), FIELDS, strict=True),
)
_FIELD = {**{field: field for field in FIELDS}, **NORWEGIAN}

MAX_WEIGHT = 10.0
"""The range in which `^` orders results; a heavier word could stand above an identifier."""

PREFIX_LETTERS = 2
"""`a*` is half of a dictionary."""

LETTERS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Nd"}
"""Unicode's categories of what is indexed."""

_TERM = re.compile(
    rf"""
    \(*
    (?P<without>-(?!-))?
    (?:(?P<field>(?ai:{"|".join(_FIELD)})):)?
    (?: "(?P<straight>[^"]+)" | [„“](?P<curly>[^„“”"]+)[“”"] | «(?P<guillemets>[^«»]+)» | »(?P<turned>[^«»]+)«
      | (?P<word>[^\s*]\S*?)(?P<prefix>\*)? )
    (?:\^(?P<weight>-?[0-9]{{1,3}}(?:\.[0-9]{{1,3}})?))?
    [.,;:!?)]*
    (?=\s|$)
    """,
    re.VERBOSE,
)
QUOTES = '"„“”«»'
_QUOTED = ("straight", "curly", "guillemets", "turned")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, phrase or beginning of a word, and where it is to stand."""

    text: str
    kind: Kind = "word"
    field: str = ""
    """One of `FIELDS`; empty is anywhere."""
    weight: float = 1.0
    at: int = dataclasses.field(default=0, compare=False)
    """Where it begins in what was typed."""

    def explained(self) -> str:
        text = f"“{self.text}”" if self.kind == "phrase" else f"{self.text}…" if self.kind == "prefix" else self.text
        place = f" in the {self.field}" if self.field else ""
        return f"{text}{place}" if self.weight in (1.0, -1.0) else f"{text}{place} (× {abs(self.weight):g})"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordQuery:
    """A reader's words, read."""

    typed: str = ""
    wanted: tuple[tuple[Term, ...], ...] = ()
    """What is looked for; the terms of one group are alternatives."""
    demoted: tuple[Term, ...] = ()
    """What speaks against a result; their weights are below 0."""
    without: tuple[Term, ...] = ()
    """What no result has."""

    def __bool__(self) -> bool:
        return bool(self.wanted or self.demoted or self.without)

    @property
    def terms(self) -> Iterator[Term]:
        """All that is looked for, alternatives one after the other."""
        return (term for group in self.wanted for term in group)

    @property
    def spoken(self) -> str:
        """What is looked for, without signs: for the models, and to compare with titles."""
        return " ".join(term.text for term in self.terms)

    @property
    def plain(self) -> bool:
        """Words alone, without any sign of the syntax: there is nothing to explain."""
        return not (self.demoted or self.without) and all(group == (Term(group[0].text),) for group in self.wanted)

    def explained(self, match: Match = "most") -> str:
        """A sentence for the page: `most of: fyr, “hvit stein”, kyst in the title; without: ship`."""
        groups = [" or ".join(term.explained() for term in group) for group in self.wanted]
        many = f"{match} of: " if len(groups) > 1 else ""
        parts = [f"{many}{', '.join(groups)}"] if groups else []
        parts += [f"less of: {_listed(self.demoted)}"] if self.demoted else []
        parts += [f"without: {_listed(self.without)}"] if self.without else []
        return "; ".join(parts)


def parse(typed: str) -> WordQuery:
    """Never fails: `12:30`, `URN:NBN:…`, `^`, a lone quote and `colour:red` are words like others."""
    wanted: list[tuple[Term, ...]] = []
    demoted: list[Term] = []
    without: list[Term] = []
    for group in _groups(list(_read(typed))):
        first, excluded = group[0]
        if excluded:
            without.append(first)
        elif first.weight < 0:
            demoted.append(first)
        else:
            wanted.append(tuple(term for term, _ in group))
    return WordQuery(typed=typed, wanted=tuple(wanted), demoted=tuple(demoted), without=tuple(without))


Read = tuple[Term, bool]
"""A term, and whether it is excluded."""


def _read(typed: str) -> Iterator[Read]:
    """Term after term; `OR` is still one of them."""
    at = 0
    while at < len(typed):
        if typed[at].isspace():
            at += 1
            continue
        found = _TERM.match(typed, at)
        read = _term(found.groupdict()) if found else None
        end = found.end() if found and read else at + len(typed[at:].split(maxsplit=1)[0])
        term, excluded = read or (Term(typed[at:end].strip(QUOTES)), False)
        if _can_be_found(term.text):
            yield replace(term, at=max(at, typed.find(term.text, at))), excluded
        at = end


def _term(parts: Mapping[str, str | None]) -> Read | None:
    """None if there is nothing but signs where the word or the phrase should be: `title:"`."""
    phrase = next((text for name in _QUOTED if (text := parts[name])), None)
    text = " ".join(phrase.split()) if phrase else (parts["word"] or "").strip(QUOTES)
    if not _can_be_found(text):
        return None
    field = _FIELD.get((parts["field"] or "").lower(), "")
    weight = max(-MAX_WEIGHT, min(MAX_WEIGHT, float(parts["weight"] or 1)))
    kind: Kind = "word"
    if phrase is not None:
        kind = "phrase"
    elif parts["prefix"] and sum(map(str.isalnum, text)) >= PREFIX_LETTERS:
        kind = "prefix"
    return Term(text, kind, field, weight), bool(parts["without"])


def _can_be_found(text: str) -> bool:
    """Signs alone, `²` and `①` too, are dropped by Elasticsearch: as a word that must be there they empty the page."""
    return any(unicodedata.category(each) in LETTERS for each in text)


def _groups(read: Sequence[Read]) -> Iterator[list[Read]]:
    """Terms alone, and those that `OR` joins; an `OR` that joins nothing is a word."""
    at = 0
    while at < len(read):
        group = [read[at]]
        while at + 2 < len(read) and _is_or(read[at + 1]) and _joins(group[-1]) and _joins(read[at + 2]):
            group.append(read[at + 2])
            at += 2
        yield group
        at += 1


def _is_or(read: Read) -> bool:
    return read == (Term("OR"), False)


def _joins(read: Read) -> bool:
    term, excluded = read
    return not excluded and term.weight >= 0 and not _is_or(read)


def _listed(terms: Sequence[Term]) -> str:
    return ", ".join(replace(term, weight=1.0).explained() for term in terms)
