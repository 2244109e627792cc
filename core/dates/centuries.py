"""Centuries and their parts: `18. Jh.` is 1701 to 1800, `first half of the 18th century` 1701 to 1750."""

import math
import re
from collections.abc import Iterator

from core.dates.numerals import roman_value
from core.dates.token import Token
from core.dates.words import JOIN_AND, JOIN_OR, JOIN_TO, any_word, compile_words, is_join
from core.dates.year_range import YearRange

ORDINAL_WORDS = {
    r"fifteenth|fünfzehnte\w*|quinzième|femtende|femtonde": 15,
    r"sixteenth|sechzehnte\w*|seizième|sekstende|sextonde": 16,
    r"seventeenth|siebzehnte\w*|dix-septième|syttende|sjuttonde": 17,
    r"eighteenth|achtzehnte\w*|dix-huitième|attende|artonde": 18,
    r"nineteenth|neunzehnte\w*|dix-neuvième|nittende|nittonde": 19,
    r"twentieth|zwanzigste\w*|vingtième|tyvende|tjugonde": 20,
}
ITALIAN_CENTURIES = {
    "quattrocento": 15, "cinquecento": 16, "seicento": 17, "settecento": 18, "ottocento": 19, "novecento": 20,
}  # fmt: skip

PART_NUMBERS = {
    meaning: compile_words(rf"{any_word(meaning)}|{digit}|{'i' * digit if digit < 4 else 'iv'}")
    for digit, meaning in enumerate(("first", "second", "third", "last"), start=1)
}
PART_LENGTHS = {
    length: compile_words(any_word(meaning)) for length, meaning in ((2, "half"), (3, "third_part"), (4, "quarter"))
}
NAMED_PARTS = {
    (0, 1 / 4): compile_words(any_word("early")),
    (1 / 4, 3 / 4): compile_words(any_word("middle")),
    (3 / 4, 1): compile_words(any_word("late")),
}
"""Shares of a century that its beginning, its middle and its end are."""

NUMBERED_PART = (
    rf"(?P<number>{'|'.join(pattern.pattern for pattern in PART_NUMBERS.values())})(?:\.|\s?:a|-?я|-?ая|ª|a)?\s*"
    rf"(?P<length>{any_word('half', 'third_part', 'quarter')})"
)
DECADE_PART = (
    r"(?P<decade>[1-9]0)(?:\.|['’]?s|-?е|-?х|ern?)?\s*(?:léta|let|lata|год\w*|гг\.?|jahren?|talet|årene)"
    r"|(?:lata|lat|léta|années|anni|años)\s*['’]?(?P<decade_after>[1-9]0)\.?"
)
FRACTION = r"(?P<numerator>[1-4])/(?P<denominator>[2-4])"
NAMED_PART = rf"(?P<name>{any_word('early', 'middle', 'late')})"
PART = rf"(?<![^\W_])(?:{DECADE_PART}|{FRACTION}|{NUMBERED_PART}|{NAMED_PART})(?![^\W\d_])"
CONNECTION = (
    r"[\s\-–,(]*(?:(?:of|the|des?|du|dem|der|dell[ao]|del|do|da|av|af|det|den|het|van|:)(?![^\W_])\s*|[ld]['’]\s*)*"
)

ORDINAL = (
    r"(?<!\w)(?:(?P<digits>[1-9]|1\d|2[01])"
    r"(?:\.|st\b|nd\b|rd\b|th\b|er?\b|[èe]me\b|de\b|ste\b|:e\b|ος\b|ου\b|º|-?й|-?го|-?м|\b|(?=\s?(?:世[紀纪]|세기)))"
    r"|(?P<roman>[IVX]{1,5})(?:(?P<half>[12])\b|\.|e(?:me)?\b|ème\b|er\b|th\b|[°ºo](?!\w)|-?го|-?й|\b)"
    rf"|(?P<word>{'|'.join(ORDINAL_WORDS)}))"
)

PART_BEFORE = compile_words(rf"{PART}{CONNECTION}$")
PART_AFTER = compile_words(rf"{CONNECTION}{PART}")
CENTURY_ORDINAL = compile_words(rf"{ORDINAL}|\b(?P<italian>{'|'.join(ITALIAN_CENTURIES)})\b")
CENTURY_AFTER = compile_words(rf"\s*-?\s*(?:{any_word('century')}|世[紀纪]|세기)")
CENTURY_IN_FRONT = compile_words(rf"{any_word('century_in_front')}\s*$")


def century_tokens(text: str) -> list[Token]:
    """Return the centuries of a text: ordinals with a word for century, and ordinals joined to one of these."""
    ordinals = list(CENTURY_ORDINAL.finditer(text))
    is_century = [_has_century_word(match, text) for match in ordinals]
    for index in range(len(ordinals) - 2, -1, -1):
        is_century[index] |= is_century[index + 1] and _are_joined(ordinals[index], ordinals[index + 1], text)
    for index in range(1, len(ordinals)):
        is_century[index] |= is_century[index - 1] and _are_joined(ordinals[index - 1], ordinals[index], text)
    return list(_read_tokens([match for match, is_one in zip(ordinals, is_century, strict=True) if is_one], text))


def part_token(years: YearRange, text: str, start: int, end: int) -> Token:
    """Return the part of a century or decade that the words before or after it name; the whole if they name none."""
    part = PART_BEFORE.search(text, 0, start) or PART_AFTER.match(text, end)
    if part is None:
        return Token(start, end, years)
    return Token(min(start, part.start()), max(end, part.end()), _years_of_part(years, part))


def _years_of_part(years: YearRange, part: re.Match[str]) -> YearRange:
    if decade := part["decade"] or part["decade_after"]:
        first = years.first // 100 * 100 + int(decade)
        return YearRange(first, first + 9)
    start, end = _share(part)
    length = years.last - years.first + 1
    first, last = years.first + math.floor(length * start), years.first + math.ceil(length * end) - 1
    return YearRange(first, last, is_certain=part["name"] is None)


def _share(part: re.Match[str]) -> tuple[float, float]:
    """Return the start and the end of a part as shares of the whole."""
    if part["name"]:
        return next(share for share, pattern in NAMED_PARTS.items() if pattern.fullmatch(part["name"]))
    if part["numerator"]:
        number, count = int(part["numerator"]), int(part["denominator"])
    else:
        numbers = enumerate(PART_NUMBERS.values(), start=1)
        number = next(number for number, pattern in numbers if pattern.fullmatch(part["number"]))
        count = next(count for count, pattern in PART_LENGTHS.items() if pattern.fullmatch(part["length"]))
    number = min(number, count)
    return (number - 1) / count, number / count


def _has_century_word(match: re.Match[str], text: str) -> bool:
    is_before = CENTURY_IN_FRONT.search(text, 0, match.start())
    return bool(match["italian"] or CENTURY_AFTER.match(text, match.end()) or is_before or _is_part_alone(match, text))


def _is_part_alone(match: re.Match[str], text: str) -> bool:
    """Return whether the text ends after `first half of the 18th`, which can only be a century."""
    part = PART_BEFORE.search(text, 0, match.start())
    return bool(
        part and part["length"] and re.fullmatch(r"[\s\])?]*", text[match.end() :]) and _number(match) in range(8, 22)
    )


def _are_joined(left: re.Match[str], right: re.Match[str], text: str) -> bool:
    between = PART_BEFORE.sub("", text[left.end() : right.start()])
    return any(is_join(pattern, between) for pattern in (JOIN_TO, JOIN_AND, JOIN_OR))


def _read_tokens(ordinals: list[re.Match[str]], text: str) -> Iterator[Token]:
    for match in ordinals:
        number = _number(match)
        if not number or not (years := YearRange.within_limits(number * 100 - 99, number * 100)):
            continue
        if match["half"]:
            # Palaeographers write XV1 and XV2.
            years = _half(years, int(match["half"]))
        front = CENTURY_IN_FRONT.search(text, 0, match.start())
        word = CENTURY_AFTER.match(text, match.end())
        start, end = front.start() if front else match.start(), word.end() if word else match.end()
        yield part_token(years, text, start, end)


def _half(years: YearRange, number: int) -> YearRange:
    return YearRange(years.first, years.first + 49) if number == 1 else YearRange(years.first + 50, years.last)


def _number(match: re.Match[str]) -> int | None:
    if match["digits"]:
        return int(match["digits"])
    if match["roman"]:
        return roman_value(match["roman"])
    if match["italian"]:
        return ITALIAN_CENTURIES[match["italian"].lower()]
    return next(number for words, number in ORDINAL_WORDS.items() if re.fullmatch(words, match["word"], re.IGNORECASE))
