"""Words that are hyphenated at the end of a line."""

from itertools import pairwise

from core.geometry import Box
from core.text import SOFT_HYPHEN, normalise_text
from indexer.records import Word

HYPHEN_CHARACTERS = f"¬⸗{SOFT_HYPHEN}"
"""Marks that always mean that the word continues in the next line."""

RawLines = list[tuple[Box | None, list[Word], bool]]


def clean_word(text: str) -> str:
    """Return a word in NFC; a soft hyphen stays at its end, where the word may continue."""
    text = normalise_text(text)
    if SOFT_HYPHEN not in text:
        return text.strip()
    bare_text = text.replace(SOFT_HYPHEN, "").strip()
    return bare_text + SOFT_HYPHEN if bare_text and text.endswith(SOFT_HYPHEN) else bare_text


def join_hyphenated_words(lines: RawLines) -> None:
    for (_, words, ends_in_hyphen), (_, next_words, _) in pairwise(lines):
        last_word, next_word = words[-1], next_words[0]
        if not (ends_in_hyphen or last_word.text.endswith(tuple(HYPHEN_CHARACTERS))) or not next_word.text:
            continue
        # A String can hold a whole line (eScriptorium); only its first word is moved.
        head, _, remainder = next_word.text.partition(" ")
        stem = last_word.text.rstrip(HYPHEN_CHARACTERS + "-" if ends_in_hyphen else HYPHEN_CHARACTERS)
        words[-1] = last_word._replace(text=stem + head)
        next_words[0] = next_word._replace(text=remainder)


def remove_soft_hyphens(lines: RawLines) -> None:
    """Remove those that are left where no second part follows, as at the end of a block."""
    for _, words, _ in lines:
        words[:] = [
            word._replace(text=word.text.replace(SOFT_HYPHEN, "")) if SOFT_HYPHEN in word.text else word
            for word in words
        ]


def words_box(words: list[Word]) -> Box:
    return Box.from_boxes(word.box for word in words)
