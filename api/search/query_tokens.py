"""The query text as tokens: terms, operators and parentheses. Text that is not valid syntax becomes plain words."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from api.search.addresses import is_address
from api.search.query_fields import FIELD_BY_NAME, YEAR, field_name_pattern, parse_years
from api.search.query_terms import QueryTerm, TermKind
from core.text import QUOTATION_MARKS

MAX_WEIGHT = 10.0
"""Highest weight after `^`; a higher one could rank a word above an identifier."""

MIN_PREFIX_LETTERS = 2
"""Shortest prefix: `a*` would match too many words."""

INDEXED_CATEGORIES = {"Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Nd"}
"""Unicode categories of the characters that Elasticsearch indexes."""

_QUOTES = (('"', '"“”'), ("„“‟", '“”"'), ("”", "”"), ("″", "″"), ("«", "»"), ("»", "«"), ("‹", "›"), ("›", "‹"),
           ("‚", "‘’"), ("‘", "’"), ("〝", "〞〟"), ("「", "」"), ("『", "』"), ("《", "》"), ("〈", "〉"))  # fmt: skip
"""Signs that open a phrase, and those that close it."""

_PHRASE = "|".join(
    f"[{opening}](?P<phrase{number}>[^{opening}{closing}]+)[{closing}]"
    for number, (opening, closing) in enumerate(_QUOTES)
)
_TERM_PATTERN = re.compile(
    rf"""
    (?P<opens>(?:-?\()*)
    (?P<without>-(?!-))?
    (?:(?P<field>{field_name_pattern()}):)?
    (?: {_PHRASE} | (?P<word>[^\s*]\S*?)(?P<prefix>\*)? )
    (?:\^(?P<weight>-?[0-9]{{1,3}}(?:\.[0-9]{{1,3}})?))?
    (?P<end>[.,;:!?)]*)
    (?=\s|$)
    """,
    re.VERBOSE,
)
_SPACED_NUMBER = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?=[.,;:!?)]*(?:\s|$))")
"""`1 000` is one word, as readers of many languages write it."""
_PARENTHESES = re.compile(r"(?=[^\s()]*[()])[-().,;:!?]+(?=\s|$)")
_OTHER_SYNTAX = re.compile(
    r"[^\W\d_]{2,}:[^\W\d_].*|[^\W\d_]{2,}:[\"„“«].+|\*.*|.*[^\W_]\*.*|.*\S~[0-9.]*|/.*/|\[.*|.*\]"
)
"""Fields that do not exist, and signs of other search services."""

TokenKind = Literal["term", "(", ")", "AND", "OR", "NOT"]
_OPERATORS: Mapping[str, TokenKind] = {"AND": "AND", "OR": "OR", "NOT": "NOT"}


@dataclass(frozen=True, slots=True)
class QueryToken:
    """A term, an operator or a parenthesis."""

    kind: TokenKind
    term: QueryTerm = field(default_factory=lambda: QueryTerm(""))
    """The term, or the operator as a word."""
    is_excluded: bool = False
    """Whether a `-` stands before the term."""
    not_understood: str = ""
    """The term as typed if it looks like syntax that means nothing here."""


def tokenise_query(query_text: str) -> Iterator[QueryToken]:
    """Yield the tokens in order."""
    position = 0
    while position < len(query_text):
        if query_text[position].isspace():
            position += 1
            continue
        tokens, end = _read_tokens(query_text, position)
        yield from tokens
        position = end


def _read_tokens(query_text: str, position: int) -> tuple[list[QueryToken], int]:
    """Return the tokens of one piece of text between spaces, and where it ends."""
    if match := _PARENTHESES.match(query_text, position):
        return list(_read_parentheses(match[0])), match.end()
    if match := _SPACED_NUMBER.match(query_text, position):
        return [QueryToken("term", QueryTerm(match[0], position=position))], match.end()
    chunk = query_text[position:].split(maxsplit=1)[0]
    address = chunk.strip(f"<>()[].,;!?{QUOTATION_MARKS}")
    if is_address(address):
        return [QueryToken("term", _locate(QueryTerm(address, "address"), query_text, position))], position + len(chunk)
    match = _TERM_PATTERN.match(query_text, position)
    token = _read_term(match.groupdict()) if match else None
    if match and token:
        token = replace(token, term=_locate(token.term, query_text, position))
        return [*_read_parentheses(match["opens"]), token, *_read_end(match)], match.end()
    word = QueryTerm(chunk.strip(QUOTATION_MARKS))
    if not is_searchable(word.text):
        return [], position + len(chunk)
    token = QueryToken("term", _locate(word, query_text, position), not_understood=_other_syntax(chunk))
    return [token], position + len(chunk)


def _locate(term: QueryTerm, query_text: str, position: int) -> QueryTerm:
    return replace(term, position=max(position, query_text.find(term.text, position)))


def _read_parentheses(signs: str) -> Iterator[QueryToken]:
    for index, sign in enumerate(signs):
        if sign in "()":
            yield QueryToken("(" if sign == "(" else ")")
        elif sign == "-" and signs[index + 1 : index + 2] == "(":
            yield QueryToken("NOT", QueryTerm("-"))


def _read_end(match: re.Match[str]) -> Iterator[QueryToken]:
    """Yield the parentheses that a term closes; those of `f(x)` belong to the word."""
    own_parentheses = (match["word"] or "").count("(")
    return _read_parentheses(")" * max(0, match["end"].count(")") - own_parentheses))


def _read_term(match_groups: Mapping[str, str | None]) -> QueryToken | None:
    """Return a term or an operator; None if the word or phrase has no letter or digit, as in `title:"`."""
    phrase = next((text for name, text in match_groups.items() if name.startswith("phrase") and text), None)
    text = " ".join(phrase.split()) if phrase else (match_groups["word"] or "").strip(QUOTATION_MARKS)
    if not is_searchable(text):
        return None
    field_name = FIELD_BY_NAME.get((match_groups["field"] or "").lower(), "")
    is_excluded = bool(match_groups["without"])
    if field_name == YEAR:
        return _read_years(text, match_groups, is_excluded=is_excluded)
    weight = max(-MAX_WEIGHT, min(MAX_WEIGHT, float(match_groups["weight"] or 1)))
    kind: TermKind = "phrase" if phrase is not None else "word"
    if match_groups["prefix"] and sum(map(str.isalnum, text)) >= MIN_PREFIX_LETTERS:
        kind = "prefix"
    term = QueryTerm(text, kind, field_name, weight)
    operator = _OPERATORS.get(text)
    if operator and term == QueryTerm(text) and not is_excluded:
        return QueryToken(operator, term)
    typed = f"{text}*" if match_groups["prefix"] else text
    return QueryToken("term", term, is_excluded, _other_syntax(typed) if kind == "word" else "")


def _read_years(text: str, match_groups: Mapping[str, str | None], *, is_excluded: bool) -> QueryToken:
    years = parse_years(text)
    if years is None:
        typed = f"{match_groups['field']}:{text}"
        return QueryToken("term", QueryTerm(typed), is_excluded, typed)
    return QueryToken("term", QueryTerm(text, "years", YEAR, years=years), is_excluded)


def _other_syntax(text: str) -> str:
    return text if _OTHER_SYNTAX.fullmatch(text) else ""


def is_searchable(text: str) -> bool:
    """Return whether Elasticsearch indexes any character; a required word without one, such as `²`, finds nothing."""
    return any(unicodedata.category(character) in INDEXED_CATEGORIES for character in text)
