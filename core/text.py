"""Unicode forms: text as it is indexed and searched, and text folded for comparison."""

import re
import unicodedata

SOFT_HYPHEN = "\u00ad"

UNWANTED_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2060\ud800-\udfff\ufeff]")
"""Control characters, the word joiner, half characters and the byte order mark; tab, line feed and carriage return
are white space. U+0098 and U+009C mark words that catalogues do not sort: `\x98Die\x9c Räuber`."""

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

BASE_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i"}
"""Letters that Unicode does not decompose."""

OTHER_SCRIPTS = {
    "ς": "σ",
    "ѣ": "е",
    "і": "и",
    "ѳ": "ф",
    "ѵ": "и",  # Greek and old Russian
    "ى": "ي",
    "ة": "ه",
    "ٱ": "ا",
    "ـ": "",  # Arabic; the last is a line that lengthens a word
    "ך": "כ",
    "ם": "מ",
    "ן": "נ",
    "ף": "פ",
    "ץ": "צ",  # final letters of Hebrew
}
"""Letters of other scripts that readers type in another form than old books print."""

FINAL_HARD_SIGN = re.compile(r"ъ\b")
"""Russian before 1918 ends words in ъ: `свѣтъ`."""

_FOLDED_LETTERS = BASE_LETTERS | OTHER_SCRIPTS


def normalise_text(text: str) -> str:
    """Return the text in Unicode NFC, without characters that no text needs; soft hyphens are kept.

    Text from files and from readers passes here once, where it enters; canonically equal texts are then equal.
    """
    if UNWANTED_CHARACTERS.search(text):
        text = UNWANTED_CHARACTERS.sub(lambda match: REPLACEMENTS.get(ord(match[0]), ""), text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def clean_text(text: str) -> str:
    """Return the text as `normalise_text` does, also without soft hyphens, which are marks inside a word."""
    return normalise_text(text.replace(SOFT_HYPHEN, ""))


def fold_letters(text: str) -> str:
    """Return the text in lower case without accents: `Håndværk` → `handvaerk`."""
    characters = unicodedata.normalize("NFKD", FINAL_HARD_SIGN.sub("", text.lower()))
    return "".join(
        _FOLDED_LETTERS.get(character, character) for character in characters if not unicodedata.combining(character)
    )


def letters_and_digits(text: str) -> str:
    """Return the folded letters and the digits of a text, to compare names: `Frankfurt a. M.` → `frankfurtam`."""
    return "".join(character for character in fold_letters(text) if character.isalnum())
