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

from api.search.choices import DocumentType
from evaluation.pictures.transformations import SEED
from evaluation.relevance.query_variants import QUERY_VARIANTS, pick_passage, query_words

IndexedDocument = Mapping[str, Any]
"""A document as the index keeps it, with its `_id` and, of a picture, the `digest` of its pixels."""

MIN_FIGURE_SHARE = 0.08
"""Share of the scan: ornaments of the specimen take up to 5 %, its smallest figure 10 %. Who types words from a page
means the figure on it and not the rule below."""
MIN_WORDS = 2
MIXED_QUERY_STRIDE = 3
"""Every third question in words is asked with a picture, too: each picture must be encoded."""

QUERY_TYPES: Mapping[str, str] = {
    "words": "words → pictures",
    "pages": "words → pages",
    "books": "words → books",
    "picture": "altered copy → pictures",
    "both": "words and an altered copy",
    "two": "words, and a picture of something else",
}
"""Name → as a table has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuery:
    """A question and how good each answer would be."""

    query_type: str
    target: str
    """What it was made from: questions of one target are no independent witnesses."""
    document: DocumentType = "picture"
    query_text: str = ""
    picture_id: str = ""
    """Id of the picture whose altered copy is asked with."""
    alteration_number: int = 0
    """Which of the alterations."""
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def relevant_ids(self) -> frozenset[str]:
        """What recall and the reciprocal rank look for."""
        return frozenset(document_id for document_id, grade in self.grades.items() if grade > 1)


def build_query_set(
    documents: Sequence[IndexedDocument], *, max_copies: int, max_pages: int, seed: int = SEED
) -> list[JudgedQuery]:
    """All questions; `copies` and `pages` bound those that any large collection has more than enough of."""
    pictures = sorted((document for document in documents if document["document"] == "picture"), key=_id)
    figures = [picture for picture in pictures if _is_figure(picture) and _figure_texts(picture)]
    text_queries = [
        judged_query
        for number, figure in enumerate(figures)
        for judged_query in _text_queries(figure, pictures, [seed, 1, number])
    ]
    leaves = _sample_documents(
        [document for document in documents if len(query_words(_text(document, "page_text"))) > 20],
        "page",
        max_pages,
        seed,
    )
    books = _sample_documents(documents, "book", len(documents), seed)
    originals = _sample_documents(
        [picture for picture in pictures if _has_content(picture)], "picture", max_copies, seed
    )
    return [
        *text_queries,
        *(
            judged_query
            for number, leaf in enumerate(leaves)
            for judged_query in _page_queries(leaf, [seed, 2, number])
        ),
        *(
            judged_query
            for number, book in enumerate(books)
            for judged_query in _book_queries(book, books, [seed, 3, number])
        ),
        *(_copy_query(original, pictures, number) for number, original in enumerate(originals)),
        *_mixed_queries(text_queries, originals, pictures, seed),
    ]


def query_set_digest(judged_queries: Sequence[JudgedQuery]) -> str:
    """Equal for equal questions: which judged set a number was found on."""
    rows = [
        [
            judged_query.query_type,
            judged_query.query_text,
            judged_query.picture_id,
            judged_query.alteration_number,
            sorted(judged_query.grades.items()),
        ]
        for judged_query in judged_queries
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:12]


def _text_queries(
    figure: IndexedDocument, pictures: Sequence[IndexedDocument], seed: Sequence[int]
) -> Iterator[JudgedQuery]:
    grades = _page_grades(figure, pictures)
    for number, (text, alter) in enumerate(
        (text, alter) for text in _figure_texts(figure) for alter in QUERY_VARIANTS.values()
    ):
        rng = np.random.default_rng([*seed, number])
        query_text = alter(text, _language(figure), rng)
        if len(query_text.split()) >= MIN_WORDS:
            yield JudgedQuery(query_type="words", target=_id(figure), query_text=query_text, grades=grades)


def _figure_texts(figure: IndexedDocument) -> list[str]:
    """The caption, and the words that stand next to the picture; where both are missing, there is nothing to ask."""
    context = figure.get("context") or {}
    before, after = (_text(context, side).split() for side in ("before", "after"))
    texts = [_text(figure, "caption"), " ".join(before[-8:]), " ".join(after[:8])]
    return [text for text in texts if len(query_words(text)) > MIN_WORDS]


def _page_queries(leaf: IndexedDocument, seed: Sequence[int]) -> Iterator[JudgedQuery]:
    page_passage = pick_passage(_text(leaf, "page_text"), np.random.default_rng(seed))
    for number, alter in enumerate(QUERY_VARIANTS.values()):
        query_text = alter(page_passage, _language(leaf), np.random.default_rng([*seed, number]))
        if len(query_text.split()) >= MIN_WORDS:
            yield JudgedQuery(
                query_type="pages", target=_id(leaf), document="page", query_text=query_text, grades={_id(leaf): 3}
            )


def _book_queries(
    book: IndexedDocument, books: Sequence[IndexedDocument], seed: Sequence[int]
) -> Iterator[JudgedQuery]:
    """Its title in part, with its author or its year."""
    title = str(book.get("title", ""))
    same_title_grades = {_id(other_book): 3 for other_book in books if other_book.get("title") == title}
    author_words = [query_words(author)[:1] for author in book.get("authors") or []]
    author_or_year = (
        [*author_words[0]] if author_words and author_words[0] else [str(book["year"])] if book.get("year") else []
    )
    query_texts = [
        alter(title, _language(book), np.random.default_rng([*seed, 0])) for alter in QUERY_VARIANTS.values()
    ]
    if author_or_year:
        query_texts.append(" ".join([*query_words(title)[:1], *author_or_year]).lower())
    for query_text in dict.fromkeys(query_texts):
        if title and len(query_text.split()) >= MIN_WORDS:
            yield JudgedQuery(
                query_type="books", target=_id(book), document="book", query_text=query_text, grades=same_title_grades
            )


def _copy_query(original: IndexedDocument, pictures: Sequence[IndexedDocument], number: int) -> JudgedQuery:
    grades = _same_picture_grades(original, pictures)
    return JudgedQuery(
        query_type="picture", target=_id(original), picture_id=_id(original), alteration_number=number, grades=grades
    )


def _mixed_queries(
    text_queries: Sequence[JudgedQuery],
    originals: Sequence[IndexedDocument],
    pictures: Sequence[IndexedDocument],
    seed: int,
) -> Iterator[JudgedQuery]:
    """Each question in words with an altered copy of its own picture, and with one of a picture of another book."""
    by_id = {_id(picture): picture for picture in pictures}
    rng = np.random.default_rng([seed, 4])
    for number, text_query in enumerate(text_queries[::MIXED_QUERY_STRIDE]):
        target_picture = by_id[text_query.target]
        yield JudgedQuery(
            query_type="both",
            target=text_query.target,
            query_text=text_query.query_text,
            picture_id=text_query.target,
            alteration_number=number,
            grades=text_query.grades,
        )
        if other_originals := [original for original in originals if original["book_id"] != target_picture["book_id"]]:
            other_picture = other_originals[int(rng.integers(len(other_originals)))]
            half_grades = {
                **_same_picture_grades(target_picture, pictures),
                **_same_picture_grades(other_picture, pictures),
            }
            yield JudgedQuery(
                query_type="two",
                target=text_query.target,
                query_text=text_query.query_text,
                picture_id=_id(other_picture),
                alteration_number=number,
                grades=dict.fromkeys(half_grades, 2),
            )


def _page_grades(picture: IndexedDocument, pictures: Sequence[IndexedDocument]) -> dict[str, int]:
    """The picture, its other prints, and what else is on its page."""
    neighbour_grades = {_id(neighbour): 1 for neighbour in pictures if neighbour["page_id"] == picture["page_id"]}
    return {**neighbour_grades, **_same_picture_grades(picture, pictures)}


def _same_picture_grades(picture: IndexedDocument, pictures: Sequence[IndexedDocument]) -> dict[str, int]:
    family_id = (picture.get("family") or {}).get("id")
    print_grades = {
        _id(candidate): 2
        for candidate in pictures
        if family_id and (candidate.get("family") or {}).get("id") == family_id
    }
    copy_grades = {
        _id(candidate): 3
        for candidate in pictures
        if picture.get("digest") and candidate.get("digest") == picture["digest"]
    }
    return {**print_grades, **copy_grades, _id(picture): 3}


def _is_figure(picture: IndexedDocument) -> bool:
    box, scan = picture["box"], picture.get("scan") or {}
    scan_area = scan.get("width", 0) * scan.get("height", 0)
    return _has_content(picture) and scan_area > 0 and box["width"] * box["height"] >= MIN_FIGURE_SHARE * scan_area


def _has_content(picture: IndexedDocument) -> bool:
    """Blank sheets are all alike; `plain` is what a look at the pixels said."""
    return not picture.get("plain")


def _sample_documents(
    documents: Sequence[IndexedDocument], document_type: str, max_count: int, seed: int
) -> list[IndexedDocument]:
    """Of one kind, in an order that depends on the seed and on nothing else."""
    candidates = sorted((document for document in documents if document["document"] == document_type), key=_id)
    order = np.random.default_rng([seed, 5]).permutation(len(candidates))
    return [candidates[index] for index in order[:max_count]]


def _language(document: IndexedDocument) -> str:
    languages = document.get("language") or []
    return str(languages[0]) if languages else ""


def _text(document: IndexedDocument, name: str) -> str:
    return str((document.get(name) or {}).get("text", ""))


def _id(document: IndexedDocument) -> str:
    return str(document["_id"])
