"""The query syntax: parses the query text into terms that should match, that exclude, and that demote.

`OR` binds its neighbours more loosely than `AND` and `NOT`, and more tightly than terms without an operator between
them: `fyr OR lykt kyst` asks for `kyst` and for one of the others. A sign without sense becomes a word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from api.search.query_fields import YEAR
from api.search.query_terms import QueryTerm, QueryTerms
from api.search.query_text import MAX_WORDS, count_words, cut_words
from api.search.query_tokens import QueryToken, is_searchable, tokenise_query, years_term

Group = tuple[QueryTerm, ...]

MAX_GROUPS = 16
"""Groups that `OR` between parentheses may lead to: (a AND b) OR (c AND d) are four."""

MAX_DEPTH = 10
"""Parentheses inside of parentheses; deeper ones are left out."""


@dataclass(frozen=True, slots=True)
class _Expression:
    """What a part of the text asks for."""

    groups: tuple[Group, ...] = ()
    """Groups of alternatives."""
    excluded: Group = ()
    excluded_together: tuple[tuple[Group, ...], ...] = ()
    """Groups of alternatives, of all of which a result must not have one."""
    negative: Group = ()
    not_understood: tuple[str, ...] = ()

    def __add__(self, other: "_Expression") -> "_Expression":
        return _Expression(
            self.groups + other.groups,
            self.excluded + other.excluded,
            self.excluded_together + other.excluded_together,
            self.negative + other.negative,
            self.not_understood + other.not_understood,
        )

    @property
    def is_positive(self) -> bool:
        return bool(self.groups) and not (self.excluded or self.excluded_together or self.negative)

    @property
    def requires_terms(self) -> bool:
        """Whether `AND` or the like joins its groups."""
        return any(term.required for group in self.groups for term in group)

    def in_field(self, field_name: str) -> "_Expression":
        """Return the expression with a field for the terms that have none."""

        def in_field(terms: Group) -> Group:
            return tuple(_in_field(term, field_name) for term in terms)

        return replace(
            self,
            groups=tuple(map(in_field, self.groups)),
            excluded=in_field(self.excluded),
            excluded_together=tuple(tuple(map(in_field, groups)) for groups in self.excluded_together),
            negative=in_field(self.negative),
        )

    def with_required_terms(self) -> "_Expression":
        groups = tuple(tuple(replace(term, required=True) for term in group) for group in self.groups)
        return replace(self, groups=groups)


def _in_field(term: QueryTerm, field_name: str) -> QueryTerm:
    if not field_name or term.field or term.kind == "address":
        return term
    return replace(term, field=field_name) if field_name != YEAR else years_term(term.text) or term


def parse_query_text(query_text: str) -> QueryTerms:
    """Parse any text; `12:30`, `^`, a single quote and `colour:red` become words. The first `MAX_WORDS` words count."""
    tokens = list(tokenise_query(query_text))
    kept_tokens = list(_cut_tokens(tokens))
    expression = _Parser(_match_parentheses(kept_tokens)).parse()
    is_year_group = {group: all(term.kind == "years" for term in group) for group in expression.groups}
    return QueryTerms(
        query_text=query_text,
        should=tuple(group for group in expression.groups if not is_year_group[group]),
        negative=expression.negative,
        must_not=expression.excluded,
        must_not_together=expression.excluded_together,
        years=tuple(group for group in expression.groups if is_year_group[group]),
        not_understood=tuple(dict.fromkeys(expression.not_understood)),
        is_cut=kept_tokens != tokens,
    )


def _cut_tokens(tokens: Sequence[QueryToken]) -> Iterator[QueryToken]:
    """Yield the tokens of the first `MAX_WORDS` words; a phrase or an address is not cut."""
    remaining = MAX_WORDS
    for token in tokens:
        if remaining <= 0:
            return
        if token.kind != "term":
            yield token
        elif token.term.kind in ("address", "years", "phrase"):
            remaining -= count_words(token.term.text) if token.term.kind == "phrase" else 1
            yield token
        elif is_searchable(text := cut_words(token.term.text, remaining)):
            remaining -= count_words(text)
            yield replace(token, term=replace(token.term, text=text))


def _match_parentheses(tokens: Sequence[QueryToken]) -> list[QueryToken]:
    """Return the tokens without parentheses that have no partner or nothing between them."""
    kept: list[QueryToken] = []
    open_indices: list[int] = []
    too_deep = 0
    for token in tokens:
        if token.kind == "(" and len(open_indices) == MAX_DEPTH:
            too_deep += 1
            continue
        if token.kind == ")":
            if too_deep or not open_indices:
                too_deep = max(0, too_deep - 1)
                continue
            if open_indices.pop() == len(kept) - 1:
                kept.pop()
                continue
        elif token.kind == "(":
            open_indices.append(len(kept))
        kept.append(token)
    return [token for index, token in enumerate(kept) if index not in open_indices]


@dataclass(slots=True)
class _Parser:
    """Parses tokens whose parentheses match, from left to right."""

    tokens: Sequence[QueryToken]
    index: int = field(default=0)

    def parse(self) -> _Expression:
        """Return the sequence of expressions up to the end or the closing parenthesis."""
        expression = _Expression()
        while (kind := self._kind()) not in ("", ")"):
            expression += self._parse_alternatives() if kind not in ("AND", "OR") else self._word()
        return expression

    def _parse_alternatives(self) -> _Expression:
        expression = self._parse_conjunction()
        while self._kind() == "OR" and self._starts_operand(1):
            operator = self._word()
            other = self._parse_conjunction()
            combined = _join_alternatives(expression, other)
            expression = combined or expression + operator + other
        return expression

    def _parse_conjunction(self) -> _Expression:
        expression = self._parse_negation()
        while self._kind() == "AND" and self._starts_operand(1):
            self.index += 1
            expression = expression.with_required_terms() + self._parse_negation().with_required_terms()
        return expression

    def _parse_negation(self) -> _Expression:
        if self._kind() != "NOT":
            return self._parse_operand()
        operator = self._word()
        if not self._starts_operand(0) or self._kind() == "NOT":
            return operator
        expression = self._parse_operand()
        if expression.is_positive and (len(expression.groups) == 1 or not expression.requires_terms):
            excluded = tuple(term for group in expression.groups for term in group)
            return _Expression(excluded=excluded, not_understood=expression.not_understood)
        if expression.is_positive:
            groups = tuple(tuple(replace(term, required=False) for term in group) for group in expression.groups)
            return _Expression(excluded_together=(groups,), not_understood=expression.not_understood)
        return operator + expression

    def _parse_operand(self) -> _Expression:
        if self._kind() != "(":
            return self._word()
        field_name = self.tokens[self.index].term.field
        self.index += 1
        expression = self.parse()
        self.index += 1
        return expression.in_field(field_name)

    def _word(self) -> _Expression:
        """Return the term at this place; an operator is a word here, and not understood."""
        token = self.tokens[self.index]
        self.index += 1
        if token.is_excluded:
            return _Expression(excluded=(token.term,))
        if token.term.weight < 0:
            return _Expression(negative=(token.term,))
        not_understood = token.not_understood if token.kind == "term" else token.term.text
        return _Expression(
            groups=((token.term,),) if token.term.kind == "years" or is_searchable(token.term.text) else (),
            not_understood=(not_understood,) if not_understood else (),
        )

    def _kind(self, offset: int = 0) -> str:
        index = self.index + offset
        return self.tokens[index].kind if index < len(self.tokens) else ""

    def _starts_operand(self, offset: int) -> bool:
        return self._kind(offset) in ("term", "(", "NOT")


def _join_alternatives(left: _Expression, right: _Expression) -> _Expression | None:
    """Return the expression that either of two must match; None if it cannot be written as groups of alternatives."""
    if not (left.is_positive and right.is_positive) or len(left.groups) * len(right.groups) > MAX_GROUPS:
        return None
    groups = tuple(
        tuple(dict.fromkeys((*left_group, *right_group)))
        for left_group, right_group in product(left.groups, right.groups)
    )
    joined = _Expression(groups, not_understood=left.not_understood + right.not_understood)
    is_required = len(groups) > 1 or joined.requires_terms
    return joined.with_required_terms() if is_required else joined
