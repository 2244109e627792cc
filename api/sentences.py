"""Sentences of the service that pages say in the reader's language, and programs read in English."""

from collections.abc import Mapping
from typing import Self


class Sentence(str):
    """A sentence in English that remembers its pattern, which a page looks up in the catalogue of its language.

    `Sentence("There is no book “%(book)s” here.", book=name)`; a percent sign of the pattern is written twice. A value
    may be a sentence itself.
    """

    __slots__ = ("pattern", "values")

    pattern: str
    values: Mapping[str, object]

    def __new__(cls, pattern: str, /, **values: object) -> Self:
        sentence = super().__new__(cls, pattern % values)
        sentence.pattern, sentence.values = pattern, values
        return sentence
