"""Questions whose right answers are known, drawn with a seed from what is in the index: nobody has to judge them.

A known item: words that stand in a picture's caption, beside it, on a page or in a record, altered as readers alter
them, should find what they were taken from; an altered copy should find its original. Grades: 3 is what the question
was made from and whatever is the same, 2 another print of it or the other half of the question, 1 a neighbour on the
page.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from api.search.request import Document
from evaluation.pictures.transformations import SEED
from evaluation.relevance.wordings import WORDINGS, passage, terms

Source = Mapping[str, Any]
"""A document as the index keeps it, with its `_id` and, of a picture, the `digest` of its pixels."""

LARGE = 0.08
"""Share of the scan: ornaments of the specimen take up to 5 %, its smallest figure 10 %. Who types words from a page
means the figure on it and not the rule below."""
FEWEST_WORDS = 2
MIXED = 3
"""Every third question in words is asked with a picture, too: each picture must be encoded."""

KINDS: Mapping[str, str] = {
    "words": "words → pictures",
    "pages": "words → pages",
    "books": "words → books",
    "picture": "altered copy → pictures",
    "both": "words and an altered copy",
    "two": "words, and a picture of something else",
}
"""Name → as a table has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A question and how good each answer would be."""

    kind: str
    target: str
    """What it was made from: questions of one target are no independent witnesses."""
    document: Document = "picture"
    words: str = ""
    picture: str = ""
    """Id of the picture whose altered copy is asked with."""
    alteration: int = 0
    """Which of the alterations."""
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def right(self) -> frozenset[str]:
        """What recall and the reciprocal rank look for."""
        return frozenset(each for each, grade in self.grades.items() if grade > 1)


def judged_set(documents: Sequence[Source], *, copies: int, pages: int, seed: int = SEED) -> list[Judged]:
    """All questions; `copies` and `pages` bound those that any large collection has more than enough of."""
    pictures = sorted((each for each in documents if each["document"] == "picture"), key=_id)
    figures = [each for each in pictures if _is_figure(each) and _own_words(each)]
    worded = [each for number, figure in enumerate(figures) for each in _worded(figure, pictures, [seed, 1, number])]
    leaves = _drawn([each for each in documents if len(terms(_text(each, "page_text"))) > 20], "page", pages, seed)
    books = _drawn(documents, "book", len(documents), seed)
    originals = _drawn([each for each in pictures if _is_something(each)], "picture", copies, seed)
    return [
        *worded,
        *(each for number, leaf in enumerate(leaves) for each in _of_page(leaf, [seed, 2, number])),
        *(each for number, book in enumerate(books) for each in _of_book(book, books, [seed, 3, number])),
        *(_copy(each, pictures, number) for number, each in enumerate(originals)),
        *_mixed(worded, originals, pictures, seed),
    ]


def digest(judged: Sequence[Judged]) -> str:
    """Equal for equal questions: which judged set a number was found on."""
    rows = [[each.kind, each.words, each.picture, each.alteration, sorted(each.grades.items())] for each in judged]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:12]


def _worded(figure: Source, pictures: Sequence[Source], seed: Sequence[int]) -> Iterator[Judged]:
    grades = _around(figure, pictures)
    for number, (text, alter) in enumerate((text, alter) for text in _own_words(figure) for alter in WORDINGS.values()):
        chance = np.random.default_rng([*seed, number])
        words = alter(text, _language(figure), chance)
        if len(words.split()) >= FEWEST_WORDS:
            yield Judged(kind="words", target=_id(figure), words=words, grades=grades)


def _own_words(figure: Source) -> list[str]:
    """The caption, and the words that stand next to the picture; where both are missing, there is nothing to ask."""
    context = figure.get("context") or {}
    before, after = (_text(context, side).split() for side in ("before", "after"))
    found = [_text(figure, "caption"), " ".join(before[-8:]), " ".join(after[:8])]
    return [text for text in found if len(terms(text)) > FEWEST_WORDS]


def _of_page(leaf: Source, seed: Sequence[int]) -> Iterator[Judged]:
    text = passage(_text(leaf, "page_text"), np.random.default_rng(seed))
    for number, alter in enumerate(WORDINGS.values()):
        words = alter(text, _language(leaf), np.random.default_rng([*seed, number]))
        if len(words.split()) >= FEWEST_WORDS:
            yield Judged(kind="pages", target=_id(leaf), document="page", words=words, grades={_id(leaf): 3})


def _of_book(book: Source, books: Sequence[Source], seed: Sequence[int]) -> Iterator[Judged]:
    """Its title in part, with its author or its year."""
    title = str(book.get("title", ""))
    same = {_id(each): 3 for each in books if each.get("title") == title}
    people = [terms(author)[:1] for author in book.get("authors") or []]
    beside = [*people[0]] if people and people[0] else [str(book["year"])] if book.get("year") else []
    asked = [alter(title, _language(book), np.random.default_rng([*seed, 0])) for alter in WORDINGS.values()]
    if beside:
        asked.append(" ".join([*terms(title)[:1], *beside]).lower())
    for words in dict.fromkeys(asked):
        if title and len(words.split()) >= FEWEST_WORDS:
            yield Judged(kind="books", target=_id(book), document="book", words=words, grades=same)


def _copy(original: Source, pictures: Sequence[Source], number: int) -> Judged:
    grades = _same(original, pictures)
    return Judged(kind="picture", target=_id(original), picture=_id(original), alteration=number, grades=grades)


def _mixed(
    worded: Sequence[Judged], originals: Sequence[Source], pictures: Sequence[Source], seed: int
) -> Iterator[Judged]:
    """Each question in words with an altered copy of its own picture, and with one of a picture of another book."""
    by_id = {_id(each): each for each in pictures}
    chance = np.random.default_rng([seed, 4])
    for number, each in enumerate(worded[::MIXED]):
        own = by_id[each.target]
        yield Judged(
            kind="both",
            target=each.target,
            words=each.words,
            picture=each.target,
            alteration=number,
            grades=each.grades,
        )
        if others := [other for other in originals if other["book_id"] != own["book_id"]]:
            other = others[int(chance.integers(len(others)))]
            halves = {**_same(own, pictures), **_same(other, pictures)}
            yield Judged(
                kind="two",
                target=each.target,
                words=each.words,
                picture=_id(other),
                alteration=number,
                grades=dict.fromkeys(halves, 2),
            )


def _around(picture: Source, pictures: Sequence[Source]) -> dict[str, int]:
    """The picture, its other prints, and what else is on its page."""
    page = {_id(each): 1 for each in pictures if each["page_id"] == picture["page_id"]}
    return {**page, **_same(picture, pictures)}


def _same(picture: Source, pictures: Sequence[Source]) -> dict[str, int]:
    family = (picture.get("family") or {}).get("id")
    prints = {_id(each): 2 for each in pictures if family and (each.get("family") or {}).get("id") == family}
    pixels = {_id(each): 3 for each in pictures if picture.get("digest") and each.get("digest") == picture["digest"]}
    return {**prints, **pixels, _id(picture): 3}


def _is_figure(picture: Source) -> bool:
    box, scan = picture["box"], picture.get("scan") or {}
    whole = scan.get("width", 0) * scan.get("height", 0)
    return _is_something(picture) and whole > 0 and box["width"] * box["height"] >= LARGE * whole


def _is_something(picture: Source) -> bool:
    """Blank sheets are all alike; `plain` is what a look at the pixels said."""
    return not picture.get("plain")


def _drawn(documents: Sequence[Source], kind: str, most: int, seed: int) -> list[Source]:
    """Of one kind, in an order that depends on the seed and on nothing else."""
    there = sorted((each for each in documents if each["document"] == kind), key=_id)
    order = np.random.default_rng([seed, 5]).permutation(len(there))
    return [there[at] for at in order[:most]]


def _language(document: Source) -> str:
    languages = document.get("language") or []
    return str(languages[0]) if languages else ""


def _text(document: Source, name: str) -> str:
    return str((document.get(name) or {}).get("text", ""))


def _id(document: Source) -> str:
    return str(document["_id"])
