"""The query text as tokens: terms, operators and parentheses. Text that is not valid syntax becomes plain words."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from api.search.addresses import is_address
from api.search.query_fields import (
    FIELD_BY_NAME,
    YEAR,
    YEAR_NAMES,
    YEAR_RANGE_PATTERN,
    YEAR_SPAN_PATTERN,
    field_name_pattern,
    parse_years,
)
from api.search.query_terms import QueryTerm, TermKind
from core.text import QUOTATION_MARKS
from core.words.tokens import is_ideograph

MAX_WEIGHT = 10.0
"""Highest weight after `^`; a higher one could rank a word above an identifier."""

MIN_PREFIX_LETTERS = 2
"""Shortest prefix: `a*` would match too many words, but one ideograph is a word."""

INDEXED_CATEGORIES = {"Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Nd"}
"""Unicode categories of the characters that Elasticsearch indexes."""

_QUOTES = (('"', '"“”'), ("„“‟", '“”"'), ("”", "”"), ("″", "″"), ("«", "»"), ("»", "«»"), ("‹", "›"), ("›", "‹›"),
           ("‚", "‘’"), ("‘", "’"), ("〝", "〞〟"), ("「", "」"), ("『", "』"), ("《", "》"), ("〈", "〉"),
           ("❝", "❞"))  # fmt: skip
"""Signs that open a phrase, and those that close it; ’ before a letter is an apostrophe: `‘Pilgrim’s Progress’`."""

_PHRASE = "|".join(
    f"[{opening}](?P<phrase{number}>(?:[^{opening}{closing}]|’(?=[^\\W\\d_]))+)[{closing}]"
    for number, (opening, closing) in enumerate(_QUOTES)
)
_MINUS = "−‐‑-"
_SIGN = rf"[+{_MINUS}]|–(?=[^\W\d])"
"""What excludes or requires a term; word processors make a dash of a minus."""

_HEAD = rf"(?P<opens>(?:[+{_MINUS}]?\()*)(?:(?P<sign>{_SIGN})(?!{_SIGN}))?"
_TERM_PATTERN = re.compile(
    rf"""
    {_HEAD}
    (?: (?P<year>{field_name_pattern(YEAR_NAMES)})(?::\s*|\s*=\s*|(?=[<>≤≥]))
        (?P<years>{YEAR_RANGE_PATTERN}|[0-9]{{4}}s?)
      | (?P<quoted_field>{field_name_pattern()})[:=]\s*'(?P<quoted>[^']+)'
      | (?: (?P<field>{field_name_pattern()})[:=]\s*
          | (?P<unknown>[^\W\d_]{{2,}}):(?=[^\W\d_]|["„“”«»‹]|[0-9]{{1,4}}(?![-0-9])) )?
        (?: {_PHRASE} | (?P<word>[^\s*]\S*?)(?P<prefix>\*)? )
    )
    (?P<distance>~[0-9.]{{0,4}})?
    (?:\^(?P<weight>-?[0-9]{{1,3}}(?:\.[0-9]{{1,3}})?))?
    (?P<end>[.,;:!?)]*)
    (?=\s|$|(?<=[,;])["“„«»])
    """,
    re.VERBOSE,
)
_FIELD_GROUP = re.compile(
    rf"{_HEAD}(?P<field>{field_name_pattern()})[:=]\s*\((?!\s*{YEAR_SPAN_PATTERN}\s*\))(?=[\s(]*[^()]*\w)"
)
"""`title:(brig OR fyr)`"""
_SPACED_NUMBER = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?=[.,;:!?)]*(?:\s|$))")
"""`1 000` is one word, as readers of many languages write it."""
_PARENTHESES = re.compile(rf"(?=[^\s()]*[()])[().,;:!?{_MINUS}]+(?=\s|$)")
_OTHER_SYNTAX = re.compile(r"[^\W\d_]{2,}:[^\W\d_].*|\*.*|.*[^\W_]\*.*|.*[^\W_]\?[^\W_].*|/.*/|\[.*|.*\]")
"""Fields that do not exist, and signs of other search services."""

_ADDRESS_FRAME = re.compile(r"^.*\]\(|^view-source:")
"""What editors and browsers put before an address: `[a title](https://…)`."""

TokenKind = Literal["term", "(", ")", "AND", "OR", "NOT"]
_OPERATORS: Mapping[str, TokenKind] = {"AND": "AND", "&&": "AND", "OR": "OR", "||": "OR", "NOT": "NOT"}


@dataclass(frozen=True, slots=True)
class QueryToken:
    """A term, an operator or a parenthesis."""

    kind: TokenKind
    term: QueryTerm = field(default_factory=lambda: QueryTerm(""))
    """The term, or the operator as a word; of an opening parenthesis, the field of the terms inside."""
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
    chunk = query_text[position:].split(maxsplit=1)[0]
    if chunk in _OPERATORS:
        return [QueryToken(_OPERATORS[chunk], QueryTerm(chunk, position=position))], position + len(chunk)
    if match := _PARENTHESES.match(query_text, position):
        return list(_read_parentheses(match[0])), match.end()
    if match := _FIELD_GROUP.match(query_text, position):
        return list(_read_field_group(match)), match.end()
    tokens, end = _read_terms(query_text, position, chunk)
    return [replace(token, term=_locate(token.term, query_text, position)) for token in tokens], end


def _read_terms(query_text: str, position: int, chunk: str) -> tuple[list[QueryToken], int]:
    if match := _SPACED_NUMBER.match(query_text, position):
        return [QueryToken("term", QueryTerm(match[0]))], match.end()
    address = _ADDRESS_FRAME.sub("", chunk).strip(f"<>()[].,;!?{QUOTATION_MARKS}")
    if is_address(address):
        return [QueryToken("term", QueryTerm(address, "address"))], position + len(chunk)
    match = _TERM_PATTERN.match(query_text, position)
    if match and (tokens := list(_read_match(match))):
        return [*_read_parentheses(match["opens"]), *tokens, *_read_end(match)], match.end()
    word = QueryTerm(chunk.strip(QUOTATION_MARKS))
    tokens = [QueryToken("term", word, not_understood=_other_syntax(chunk))] if is_searchable(word.text) else []
    return tokens, position + len(chunk)


def _locate(term: QueryTerm, query_text: str, position: int) -> QueryTerm:
    """Return the term with its place; a parenthesis has none."""
    if not term.text:
        return term
    return replace(term, position=max(position, query_text.find(term.text, position)))


def _read_parentheses(signs: str) -> Iterator[QueryToken]:
    for index, sign in enumerate(signs):
        if sign in "()":
            yield QueryToken("(" if sign == "(" else ")")
        elif sign in _MINUS and signs[index + 1 : index + 2] == "(":
            yield QueryToken("NOT", QueryTerm("-"))


def _read_end(match: re.Match[str]) -> Iterator[QueryToken]:
    """Yield the parentheses that a term closes; those of `f(x)` belong to the word."""
    own_parentheses = (match["word"] or "").count("(")
    return _read_parentheses(")" * max(0, match["end"].count(")") - own_parentheses))


def _read_field_group(match: re.Match[str]) -> Iterator[QueryToken]:
    yield from _read_parentheses(match["opens"])
    if match["sign"] and match["sign"] != "+":
        yield QueryToken("NOT", QueryTerm("-"))
    yield QueryToken("(", QueryTerm("", field=FIELD_BY_NAME[match["field"].lower()]))


def _read_match(match: re.Match[str]) -> Iterator[QueryToken]:
    """Yield a term, or two for a field that does not exist; none if there is no letter or digit, as in `title:"`."""
    phrase = next((text for name, text in match.groupdict().items() if name.startswith("phrase") and text), None)
    phrase = phrase or match["quoted"]
    text = " ".join(phrase.split()) if phrase else (match["years"] or match["word"] or "").strip(QUOTATION_MARKS)
    if not is_searchable(text) and not match["years"]:
        return
    is_excluded = bool(match["sign"]) and match["sign"] != "+"
    field_name = FIELD_BY_NAME.get((match["quoted_field"] or match["field"] or match["year"] or "").lower(), "")
    if field_name == YEAR:
        yield _read_years(text, match, is_excluded=is_excluded)
        return
    if match["unknown"] and not is_excluded:
        typed = f'{match["unknown"]}:"{text}"' if phrase else f"{match['unknown']}:{text}"
        yield QueryToken("term", QueryTerm(match["unknown"]), not_understood=typed)
    elif match["unknown"]:
        text = f"{match['unknown']}:{text}"
    weight = max(-MAX_WEIGHT, min(MAX_WEIGHT, float(match["weight"] or 1))) + 0.0  # -0 is no negative boost
    kind: TermKind = "phrase" if phrase else "word"
    if match["prefix"] and (sum(map(str.isalnum, text)) >= MIN_PREFIX_LETTERS or is_ideograph(text)):
        kind = "prefix"
    term = QueryTerm(text, kind, field_name, weight, required=match["sign"] == "+")
    yield QueryToken("term", term, is_excluded, _not_understood(term, match))


def _not_understood(term: QueryTerm, match: re.Match[str]) -> str:
    """Return the term as typed if it has signs that mean nothing here."""
    if match["distance"]:
        return f"{replace(term, weight=1.0, field='').source_text()}{match['distance']}"
    return _other_syntax(f"{term.text}*" if match["prefix"] else term.text) if term.kind == "word" else ""


def _read_years(text: str, match: re.Match[str], *, is_excluded: bool) -> QueryToken:
    term = years_term(f"{text}*" if match["prefix"] else text)
    if term is None:
        typed = f"{match['year'] or match['field'] or match['quoted_field']}:{text}"
        return QueryToken("term", QueryTerm(typed), is_excluded, typed)
    return QueryToken("term", term, is_excluded)


def years_term(text: str) -> QueryTerm | None:
    """Return a term for the years that a text means; None if it means none."""
    years = parse_years(text)
    return QueryTerm(text, "years", YEAR, years=years) if years else None


def _other_syntax(text: str) -> str:
    return text if _OTHER_SYNTAX.fullmatch(text) else ""


def is_searchable(text: str) -> bool:
    """Return whether Elasticsearch indexes any character; a required word without one, such as `²`, finds nothing."""
    return any(unicodedata.category(character) in INDEXED_CATEGORIES for character in text)
