"""What a caption names first: `Fyret` of *Fig. 1. Fyret ved Stadt*, `Antallet` of *Fig. 2. Antallet af Fyr*."""

from collections.abc import Collection, Mapping
from itertools import chain

from core.words.spelling import lower
from core.words.tokens import tokenise
from indexer.context.caption_words import NUMBERED_CAPTION

MAX_HEAD_WORDS = 6
"""A caption without a preposition in its first words is a sentence, of which no more counts as its head."""

HEAD_END = frozenset(",;:()[]—–|/")
ABBREVIATION_LETTERS = 3
"""A full stop after so few letters ends an abbreviation: `St. Olaf`."""

_NORDIC = (
    "af av ad bag bak efter etter for foran fra hos i imellem imellom imod langs med mellem mellom mod mot nær om "
    "omkring over paa på rundt som til under uden uten ved"
)

PREPOSITIONS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "no": _NORDIC,
        "nn": _NORDIC,
        "da": _NORDIC,
        "sv": "af av bakom bland efter framför från för genom hos i inom kring längs med mellan mot om på till under "
        "ur utan vid å åt öfver över",
        "de": "am an auf aus bei beim bis durch für gegen hinter im in ins mit nach neben ohne um unter über vom von "
        "vor zu zum zur zwischen",
        "nl": "aan achter bij boven door in langs met na naar om onder op over te ten ter tot tusschen tussen uit van "
        "voor",
        "en": "about above across after against along among as at before behind below beneath beside between by "
        "during for from in inside into near of off on over round through to towards under upon with within without",
        "fr": "après au aux avant avec chez contre d dans de depuis derrière des devant du en entre hors par parmi "
        "pendant pour près sans selon sous sur vers à",
    }.items()
}
"""Language → the words after which a caption tells more about what it has named."""


def caption_head(text: str, languages: Collection[str]) -> str:
    """Return the words of a caption, after its number, up to the first preposition or mark of punctuation.

    They name what the picture shows; the rest says where, when, how and of what. `languages` are keys of
    `PREPOSITIONS`, of which others are ignored.
    """
    number = NUMBERED_CAPTION.match(text)
    remaining_text = text[number.end() :] if number else text
    prepositions = frozenset(chain.from_iterable(PREPOSITIONS.get(language, ()) for language in languages))
    words = list(tokenise(remaining_text))
    head: list[str] = []
    previous_end = words[0].start if words else 0
    for word in words[:MAX_HEAD_WORDS]:
        is_end = head and (
            _ends_phrase(head[-1], remaining_text[previous_end : word.start]) or lower(word.text) in prepositions
        )
        if is_end:
            break
        head.append(word.text)
        previous_end = word.end
    return " ".join(head)


def _ends_phrase(word: str, following_text: str) -> bool:
    """Return whether the signs between a word and the next one end a phrase."""
    is_abbreviation = len(word) <= ABBREVIATION_LETTERS
    return not HEAD_END.isdisjoint(following_text) or ("." in following_text and not is_abbreviation)
