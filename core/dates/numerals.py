"""Write the numerals of a date as four-digit numbers, so that one grammar reads all of them."""

import re
import unicodedata
from itertools import pairwise

FIRST_PRINTED_YEAR = 1440
"""No printed book is older; lower Roman numerals are initials or words (`MIX`)."""

MAX_LENGTH = 300
"""Characters of a date that are read; longer texts are notes."""

ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
ROMAN_NUMERAL = re.compile(r"M{0,3}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})")
ROMAN_LETTERS = re.compile(r"(?<!\w)[MDCLXVIJ](?:[\s.·:]{0,2}[MDCLXVIJ])*(?!\w)", re.IGNORECASE)
"""Printers write MDCCXC, M.DCC.XC and M DCC XC."""
MIN_LOWER_CASE_LETTERS = 4
BRACKETED_LETTERS = re.compile(r"(?<!\w)([MDCLXVI.]*)[\[(]([MDCLXVI.]+)[\])]([MDCLXVI.]*)(?!\w)")
"""`MDCC[LXXXV]`, where the cataloguer completes what is illegible."""
SUBTRACTED = {"IIX": "VIII", "XXC": "LXXX"}
"""Two letters before a greater one, which old printers also subtract."""

APOSTROPHUS = (
    (re.compile(r"ↀ|∞(?=\s?[I|l])"), "M"),
    (re.compile(r"[C(]\s?[I|l1]\s?[ƆɔↃↄ]", re.IGNORECASE), "M"),
    (re.compile(r"[I|l1]\s?[ƆɔↃↄ]", re.IGNORECASE), "D"),
    # Catalogues without the reversed C write `CIO IO CC` or `(I) I) CC`.
    (re.compile(r"(?<!\w)[C(]I[OD)](?=[\s.]*(?:I[OD)]|[DCLXVI]))", re.IGNORECASE), "M"),
    (re.compile(r"(?<=M)[\s.]*(?:I[OD)]|[ƆↄↃɔ])"), "D"),
)

KANJI_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"元": 1}
KANJI_YEAR = re.compile("[一二][〇一二三四五六七八九]{3}")
KANJI_CENTURY = re.compile("(?:二?十[一二三四五六七八九]?)(?=世[紀纪])")

BRACKETED_PLACEHOLDERS = re.compile(r"(?<!\d)[\[<]?\d[\d\[\]<>]*[-–—_uUxX?.*\[\]<>]+")
INCOMPLETE_YEAR = re.compile(r"(?:\d{3}[-–—_uUxX?.*]|\d{2}(?:--|––|——|__|[uU]{2}|[xX]{2}|\?\?|\.\.|\*\*))\??")
"""`186-` and `18--`, whose missing digits catalogues often put in brackets."""

BRACKETED_NUMBER = re.compile(r"\d[\d\[\](){}<>]*")
MONTH, DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
FULL_DATE = re.compile(rf"(?<!\d)([0-9]{{4}})({MONTH})({DAY})(?!\d)")
YEAR_AND_MONTH = re.compile(rf"(?<!\d)(1[4-9]\d\d|20\d\d)({MONTH})(?!\d)")
TWO_YEARS = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(1[4-9]\d\d|20\d\d|9999)(?!\d)")
HYPHENS = str.maketrans("‐⁃", "--")
"""Hyphens that NFKC leaves as they are; it makes the first of one that no line breaks."""
WAVE_DASH = re.compile(r"(?<=[\d年])\s?[〜~]\s?(?=\d)")
"""Between the years of a range, as in Japanese records; NFKC has made the second of the wide one."""
MISTYPED_YEAR = re.compile(r"(?<!\w)[1Il|][5-9][\dOo]{2}(?!\w)")
"""`l867` and `18O7`: old typewriters have no 1, and OCR takes digits for letters."""
TYPED_DIGITS = str.maketrans("Il|Oo", "11100")
FILLED_YEAR = re.compile(r"(?<!\d)(\d{4})(?:[|#\\]{4}|u{4})")


def plain_numbers(date: str) -> str:
    """Return the date with years as `1867`, whatever digits, numerals and brackets it has inside of them."""
    text = unicodedata.normalize("NFKC", date[:MAX_LENGTH])[:MAX_LENGTH]
    text = "".join(_ascii_digit(character) for character in text).translate(HYPHENS)
    text = WAVE_DASH.sub("-", text)
    text = MISTYPED_YEAR.sub(lambda match: match[0].translate(TYPED_DIGITS), text)
    text = KANJI_YEAR.sub(lambda match: "".join(str(KANJI_DIGITS[digit]) for digit in match[0]), text)
    text = KANJI_CENTURY.sub(lambda match: str(kanji_value(match[0])), text)
    for pattern, letter in APOSTROPHUS:
        text = pattern.sub(letter, text)
    text = BRACKETED_LETTERS.sub(_join_letters, text)
    text = ROMAN_LETTERS.sub(_replace_roman_numeral, text)
    text = BRACKETED_PLACEHOLDERS.sub(_open_placeholders, text)
    text = BRACKETED_NUMBER.sub(_replace_brackets, text)
    text = FULL_DATE.sub(r"\1-\2-\3", text)
    # MARC writes two dates without a sign between them.
    text = TWO_YEARS.sub(r"\1-\2", text)
    return FILLED_YEAR.sub(r"\1", YEAR_AND_MONTH.sub(r"\1-\2", text))


def roman_value(numeral: str) -> int | None:
    """Return the number that Roman letters stand for, or None if their order is wrong."""
    letters = numeral.upper().replace("J", "I")
    for old, new in SUBTRACTED.items():
        letters = letters.replace(old, new)
    if not letters or not ROMAN_NUMERAL.fullmatch(letters):
        return None
    values = [ROMAN_DIGITS[letter] for letter in letters]
    return sum(-value if value < following else value for value, following in pairwise([*values, 0]))


def kanji_value(numeral: str) -> int | None:
    """Return the number up to 99 of digits or kanji: `20`, `二十`, `元` (the first year of an era)."""
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, units = numeral.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    if len(tens) > 1 or len(units) > 1 or not all(character in KANJI_DIGITS for character in tens + units):
        return None
    return (KANJI_DIGITS.get(tens, 1) * 10 if ten else 0) + KANJI_DIGITS.get(units, 0)


def _ascii_digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _join_letters(match: re.Match[str]) -> str:
    return "".join(match.groups()) if match[1] or match[3] else match[0]


def _replace_roman_numeral(match: re.Match[str]) -> str:
    """Return the year; `Im M.D.L.` has one after a word of the same letters."""
    words = match[0].split()
    for start in range(len(words)):
        if year := _roman_year(" ".join(words[start:])):
            return " ".join([*words[:start], f"{year}"])
    return match[0]


def _roman_year(text: str) -> int | None:
    letters = re.sub(r"\W", "", text)
    is_abbreviation = len(text) > len(letters) == len("MD")
    is_word = letters.islower() and len(letters) < MIN_LOWER_CASE_LETTERS
    year = roman_value(letters)
    return None if year is None or year < FIRST_PRINTED_YEAR or is_abbreviation or is_word else year


def _open_placeholders(match: re.Match[str]) -> str:
    """Return `18--?` for `18[--?]` and `186-` for `[186]-`; the brackets around a whole date stay."""
    is_balanced = all(match[0].count(opening) == match[0].count(closing) for opening, closing in ("[]", "<>"))
    has_inner_bracket = bool(re.search(r"[\[\]<>]", match[0].strip("[]<>")))
    opened = re.sub(r"[\[\]<>]", "", match[0])
    return opened if is_balanced and has_inner_bracket and INCOMPLETE_YEAR.fullmatch(opened) else match[0]


def _replace_brackets(match: re.Match[str]) -> str:
    """Return `[18]67` without brackets, but `1867[1868]` with them."""
    digits = re.sub(r"\D", "", match[0])
    tail = re.search(r"[^\d]*$", match[0])
    is_one_year = len(digits) <= len("1867") and digits != match[0].rstrip("[](){}<>")
    return digits + (tail[0] if tail else "") if is_one_year else match[0]
