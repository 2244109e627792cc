"""What a caption names first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.words.languages import STEMMERS
from core.words.tokens import tokenise
from indexer.documents.caption_heads import MAX_HEAD_WORDS, PREPOSITIONS, caption_head

HEADS = (
    # caption, language, head
    ("Fig. 1. Fyret ved Stadt, ſeet fra Søen.", "no", "Fyret"),
    ("Fig. 2. Antallet af Fyr i hvert Tiaar, 1810 til 1860.", "no", "Antallet"),
    ("Kart over Kyſten fra Stadt til Bergen, med Fyrene.", "no", "Kart"),
    ("Den gamle Stavkirke, som den endnu staar.", "no", "Den gamle Stavkirke"),
    ("FIG. 4. — A Beam Engine of twenty horses’ power.", "en", "A Beam Engine"),
    ("Pl. XII. Vue du port d’Alger", "fr", "Vue"),
    ("Abb. 4: Der Leuchtturm von Pharos", "de", "Der Leuchtturm"),
    ("Slottet. Efter et Maleri", "da", "Slottet"),
    ("St. Olafs Kirke i Bergen", "no", "St Olafs Kirke"),
    ("H. C. Andersen i sin Stue", "da", "H C Andersen"),
    ("Paa Isen", "no", "Paa Isen"),
    ("De kerk van Delft", "nl", "De kerk"),
    ("Qvinna från Dalarne", "sv", "Qvinna"),
    ("Fig. 3", "no", ""),
    ("", "no", ""),
)


@pytest.mark.parametrize(("caption", "language", "head"), HEADS)
def test_the_head_of_a_caption_ends_at_a_preposition_or_punctuation(caption: str, language: str, head: str) -> None:
    assert caption_head(caption, [language]) == head


def test_a_caption_in_no_known_language_follows_the_prepositions_of_all() -> None:
    assert caption_head("Fyret ved Stadt", tuple(STEMMERS)) == "Fyret"
    assert caption_head("Φάρος της Αλεξάνδρειας", ["el"]) == "Φάρος της Αλεξάνδρειας"


def test_every_language_with_stems_has_prepositions() -> None:
    assert PREPOSITIONS.keys() == STEMMERS.keys()


@given(st.text(max_size=80))
def test_a_head_is_at_most_the_first_words_of_its_caption(caption: str) -> None:
    head = caption_head(caption, tuple(STEMMERS)).split()
    words = [part for word in tokenise(caption) for part in word.text.split()]
    assert len(head) <= MAX_HEAD_WORDS
    assert " ".join(head) in " ".join(words)
