"""Unicode forms: text as it is indexed and searched, and text folded for comparison."""

import re
import unicodedata

SOFT_HYPHEN = "\u00ad"

ZERO_WIDTH_JOINERS = "\u200c\u200d"
"""The zero width non-joiner and joiner: letters of Persian and of Indic scripts look different with them."""

UNWANTED_CHARACTERS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that no reader sees: control characters, half characters, and those that Unicode calls
`Default_Ignorable_Code_Point`, such as direction marks, joiners, the byte order mark and variation selectors, apart
from the soft hyphen. Tab, line feed and carriage return are white space. U+0098 and U+009C mark words that catalogues
do not sort: `\x98Die\x9c Räuber`."""

APOSTROPHES = "'’‘‛ʼʻʽʹ′‵`´＇"
QUOTATION_MARKS = '"„“”‟«»‹›‚″〝〞〟「」『』＂❝❞'
HYPHENS = "-‐‑⁃−–⸗－"
"""Signs inside of words that print and keyboards have in many forms."""

_JOINED_SCRIPTS = r"\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\uabff\ufb50-\ufdff\ufe70-\ufefe"
"""Arabic and related scripts, the scripts of India, Tibet, Burma and Cambodia, and Mongolian."""
_NEEDED_JOINER = re.compile(f"(?<=[{_JOINED_SCRIPTS}])[{ZERO_WIDTH_JOINERS}](?=[{_JOINED_SCRIPTS}])")

_WIDTH_VARIANTS = re.compile(
    r"[\u3000\ufb00-\ufb06\ufb13-\ufdff\ufe10-\ufe6f\ufe70-\ufefc\uff01-\uffee\U0001d400-\U0001d7ff]+"
)
"""Full-width and half-width signs, ligatures, Arabic letters in one shape, and letters of mathematics."""

REPLACEMENTS = {
    **dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x1f\x85"), " "),
    0x91: "‘",
    0x92: "’",
    0x93: "“",
    0x94: "”",
    0x96: "–",
    0x97: "—",
    **{0xDC00 + byte: f"\\x{byte:02x}" for byte in range(0x80, 0x100)},
}
"""What unwanted characters mean: white space, Windows' quotation marks and dashes that were read as Latin-1, or bytes
of file names that are not UTF-8, which Python reads as half characters."""

BASE_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n",
    "ŧ": "t", "ĸ": "k",
}  # fmt: skip
"""Letters that Unicode does not decompose."""

OTHER_SCRIPTS = {
    "ς": "σ",
    # Old Russian, Ukrainian
    "ѣ": "е", "і": "и", "ѳ": "ф", "ѵ": "и", "ѡ": "о", "ѯ": "кс", "ѱ": "пс", "ѕ": "з", "ѧ": "я", "ꙗ": "я", "ѫ": "у",
    "ꙋ": "у", "ѻ": "о", "є": "е", "ґ": "г",
    # Arabic, Persian; the last is a line that lengthens a word
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ء": "", "ـ": "",
    # Final letters of Hebrew
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
    # Yiddish
    "װ": "וו", "ױ": "וי", "ײ": "יי",
    # Hiragana as katakana
    **{chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)},
}  # fmt: skip
"""Letters of other scripts that readers type in another form than old books print."""

FOLDED_MARKS = re.compile(
    "(?<!и)\u0306|[\u0300-\u0305\u0307-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. The breve of й stays, as do the marks of other
scripts, where they change the letter: the vowels of India, the voicing of kana."""

FINAL_HARD_SIGN = re.compile(r"ъ\b")
"""Russian before 1918 ends words in ъ: `свѣтъ`."""

_FOLDED_LETTERS = BASE_LETTERS | OTHER_SCRIPTS


def normalise_text(text: str) -> str:
    """Return the text in Unicode NFC, without characters that no text needs; soft hyphens are kept.

    Text from files and from readers passes here once, where it enters; canonically equal texts are then equal.
    """
    if text.isascii() and text.isprintable():
        return text
    if UNWANTED_CHARACTERS.search(text):
        needed = {match.start() for match in _NEEDED_JOINER.finditer(text)}
        text = UNWANTED_CHARACTERS.sub(
            lambda match: match[0] if match.start() in needed else REPLACEMENTS.get(ord(match[0]), ""), text
        )
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def clean_text(text: str) -> str:
    """Return the text as `normalise_text` does, also without soft hyphens, which are marks inside a word."""
    return normalise_text(text.replace(SOFT_HYPHEN, ""))


def unify_width(text: str) -> str:
    """Return the text with full-width signs as usual ones, half-width kana as full ones: `ＦＹＲ：１` → `FYR:1`."""
    return _WIDTH_VARIANTS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)


def count_utf16(text: str) -> int:
    """Return the length that Java and JavaScript count, in which a sign beyond U+FFFF has two units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fold_letters(text: str) -> str:
    """Return the text in lower case without accents and points, with ASCII digits: `Håndværk` → `handvaerk`."""
    if text.isascii():
        return text.lower()
    characters = FOLDED_MARKS.sub("", unicodedata.normalize("NFKD", FINAL_HARD_SIGN.sub("", text.lower())))
    if characters.isascii():
        return characters
    return unicodedata.normalize("NFC", "".join(map(_fold_character, characters)))


def _fold_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return _FOLDED_LETTERS.get(character, character)


def escape_unprintable(text: str) -> str:
    """Return the text with control characters and half characters as escapes: a name must not steer a terminal."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def letters_and_digits(text: str) -> str:
    """Return the folded letters and the digits of a text, to compare names: `Frankfurt a. M.` → `frankfurtam`."""
    return "".join(character for character in fold_letters(text) if character.isalnum())
