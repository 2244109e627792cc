"""The word behind an article, and before the ending of a genitive."""

import pytest

from core.words.tokens import without_elision


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("l'église", "église"),
        ("L’Abbé", "Abbé"),
        ("d'Artagnan", "Artagnan"),
        ("qu'il", "il"),
        ("dell'arte", "arte"),
        ("Robinson's", "Robinson"),
        ("Robinson’s", "Robinson"),
        ("O'Brien", "O'Brien"),
        ("rock'n'roll", "rock'n'roll"),
        ("1'000", "1'000"),
        ("l'", "l'"),
        ("s's", "s's"),
        ("église", "église"),
        ("", ""),
    ],
)
def test_a_word_loses_its_article_or_its_genitive(typed: str, word: str) -> None:
    assert without_elision(typed) == word
