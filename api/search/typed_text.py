"""The text of the search field while a reader types: what may be completed, and where a value matches it."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.search.query_syntax import parse_query_text
from core.text import fold_letters
from core.words.spelling import folded_key
from core.words.tokens import TextWord, is_ideograph, tokenise

MIN_LETTERS = 2
"""Shorter words begin too many values; a sign of a script without spaces is a word."""
MAX_TYPED_WORDS = 8
"""More words than this are a sentence and no name."""


@dataclass(frozen=True, slots=True)
class TypedText:
    """The end of a query text that may be the beginning of a name."""

    head: str
    """The query text before it, which a search with the name keeps."""
    text: str

    @property
    def words(self) -> list[str]:
        return [word.text for word in tokenise(self.text)]

    def with_query_text(self, text: str) -> str:
        """Return the query text with another text in place of what was typed."""
        return f"{self.head} {text}".strip()


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a value, for display."""

    text: str
    typed: bool
    """Whether the reader has typed it, perhaps in another spelling."""


def split_typed_text(query_text: str) -> list[TypedText]:
    """Return what may be completed: the whole text if it has no operators, and its last word."""
    whole = TypedText("", query_text.strip())
    before, space, last = whole.text.rpartition(" ")
    candidates = [whole] if parse_query_text(query_text).is_plain else []
    if space and last[:1].isalnum():
        candidates.append(TypedText(before, last))
    return [candidate for candidate in candidates if _is_long_enough(candidate.words)]


def _is_long_enough(words: Sequence[str]) -> bool:
    if not 0 < len(words) <= MAX_TYPED_WORDS:
        return False
    return len("".join(words)) >= MIN_LETTERS or is_ideograph(words[-1])


def has_typed_words(value: str, words: Sequence[str]) -> bool:
    """Return whether each typed word begins a word of the value, in any spelling."""
    value_words = [token.text for token in tokenise(value)]
    return all(any(_typed_length(value_word, word) for value_word in value_words) for word in words)


def begins_with_typed_word(value: str, words: Sequence[str]) -> bool:
    """Return whether the value begins with the first of the typed words."""
    first_word = next(tokenise(value), None)
    return bool(first_word and words and _typed_length(first_word.text, words[0]))


def mark_typed_words(value: str, words: Sequence[str]) -> list[TextPart]:
    """Return the parts of a value: those that were typed, and those between them."""
    parts: list[TextPart] = []
    end = 0
    for token in tokenise(value):
        if length := _longest_typed_length(token, words):
            parts += [TextPart(value[end : token.start], typed=False), TextPart(token.text[:length], typed=True)]
            end = token.start + length
    parts.append(TextPart(value[end:], typed=False))
    return [part for part in parts if part.text]


def _longest_typed_length(token: TextWord, words: Sequence[str]) -> int:
    return max((_typed_length(token.text, word) for word in words), default=0)


def _typed_length(value_word: str, typed_word: str) -> int:
    """Return how many letters of a word were typed: `Håndverk` has 2 of `Haa`; 0 if it begins otherwise."""
    for fold in (fold_letters, folded_key):
        folded_typed = fold(typed_word)
        if folded_typed and fold(value_word).startswith(folded_typed):
            lengths = range(1, len(value_word) + 1)
            return next((end for end in lengths if len(fold(value_word[:end])) >= len(folded_typed)), len(value_word))
    return 0
