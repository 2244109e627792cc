"""The table of word pairs."""

from collections import Counter

from core.words.forms import index_forms, query_forms
from core.words.languages import STEMMERS
from core.words.pairs import KEY_PREFIX, pair_keys, read_pairs
from core.words.spelling import lower
from core.words.tokens import tokenise


def test_every_row_is_complete() -> None:
    """Each cell holds one word in small letters, or codes of languages."""
    bad_rows = [
        pair
        for pair in read_pairs()
        if pair.modern == pair.old
        or not pair.languages
        or not set(pair.languages) <= set(STEMMERS)
        or any([token.text for token in tokenise(word)] != [lower(word)] for word in (pair.modern, pair.old))
    ]
    assert bad_rows == []


def test_no_pair_is_listed_twice() -> None:
    counts = Counter(frozenset((pair.modern, pair.old)) for pair in read_pairs())
    assert [set(pair) for pair, count in counts.items() if count > 1] == []


def test_every_row_is_needed() -> None:
    """In one of its languages at least, no rule of spelling joins the two words."""
    joined_rows = [
        pair
        for pair in read_pairs()
        if all(
            any(not form.startswith(KEY_PREFIX) for form in _shared_forms(pair.modern, pair.old, language))
            for language in pair.languages
        )
    ]
    assert joined_rows == []


def test_a_pair_is_found_both_ways_and_with_endings() -> None:
    for typed, printed in (("skog", "Skovene"), ("skov", "skogen"), ("farge", "Farverne"), ("språk", "Sprog")):
        assert _shared_forms(typed, printed, "no"), (typed, printed)


def test_a_short_stem_is_no_word_of_the_table() -> None:
    """`hav`, the sea, is also what is left of *have*: a garden in Danish, and to have."""
    assert not _shared_forms("havet", "har", "no")
    assert not _shared_forms("havet", "Hage", "no")
    assert _shared_forms("sjøen", "Søen", "no")


def test_a_pair_counts_in_its_languages_only() -> None:
    assert "~=show" in pair_keys("shew", "en")
    assert not list(pair_keys("shew", "no"))
    assert _shared_forms("show", "shew", "en")
    assert not _shared_forms("show", "shew", "da")


def _shared_forms(typed: str, printed: str, language: str) -> set[str]:
    return set(query_forms(typed).all) & set(index_forms(printed, [language]))
