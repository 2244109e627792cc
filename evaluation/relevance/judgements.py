"""Known-item queries, generated from indexed documents with a seed, so that nobody has to judge results.

Words from a caption, from the text beside a picture, from a page or from a record, altered as readers alter them, must
find their document; an altered copy must find its original. Grades: 3 for the target and pictures with the same pixels,
2 for another print of it or for either half of a mixed query, 1 for other pictures of the page.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from api.search.choices import DocumentType
from evaluation.pictures.transformations import SEED
from evaluation.relevance.indexed_documents import (
    IndexedDocument,
    document_id,
    document_language,
    field_text,
    has_content,
    is_figure,
    is_large_picture,
    sample_documents,
)
from evaluation.relevance.query_variants import QUERY_VARIANTS, pick_passage, query_words

MIN_WORDS = 2
MIXED_QUERY_STRIDE = 3
"""Every third text query is also combined with pictures, which must be encoded."""

QUERY_TYPES: Mapping[str, str] = {
    "words": "words → pictures",
    "pages": "words → pages",
    "books": "words → books",
    "picture": "altered copy → pictures",
    "both": "words and an altered copy",
    "two": "words, and a picture of something else",
}
"""Name → description in tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuery:
    """A query with graded relevance judgements."""

    query_type: str
    target: str
    """Id of the document that the query was made from; queries of one target are not independent."""
    document: DocumentType = "picture"
    query_text: str = ""
    picture_id: str = ""
    """Id of the picture whose altered copy belongs to the query."""
    alteration_number: int = 0
    """Index of the alteration."""
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def relevant_ids(self) -> frozenset[str]:
        """The documents that count for recall and the reciprocal rank."""
        return frozenset(document_id for document_id, grade in self.grades.items() if grade > 1)


def build_query_set(
    documents: Sequence[IndexedDocument], *, max_copies: int, max_pages: int, seed: int = SEED
) -> list[JudgedQuery]:
    """Return queries of all types, at most `max_copies` copy queries and queries for at most `max_pages` pages."""
    pictures = sorted((document for document in documents if document["document"] == "picture"), key=document_id)
    target_pictures = [picture for picture in pictures if is_large_picture(picture) and _target_texts(picture)]
    text_queries = [
        judged_query
        for number, figure in enumerate(target_pictures)
        for judged_query in _text_queries(figure, pictures, [seed, 1, number])
    ]
    leaves = sample_documents(
        [document for document in documents if len(query_words(field_text(document, "page_text"))) > 20],
        "page",
        max_pages,
        seed,
    )
    books = sample_documents(documents, "book", len(documents), seed)
    originals = sample_documents([picture for picture in pictures if has_content(picture)], "picture", max_copies, seed)
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
        *_mixed_queries(text_queries, [original for original in originals if is_figure(original)], pictures, seed),
    ]


def query_set_digest(judged_queries: Sequence[JudgedQuery]) -> str:
    """Return a hash that identifies the query set of a figure."""
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
        (text, alter) for text in _target_texts(figure) for alter in QUERY_VARIANTS.values()
    ):
        rng = np.random.default_rng([*seed, number])
        query_text = alter(text, document_language(figure), rng)
        if len(query_text.split()) >= MIN_WORDS:
            yield JudgedQuery(query_type="words", target=document_id(figure), query_text=query_text, grades=grades)


def _target_texts(figure: IndexedDocument) -> list[str]:
    """Return the caption and the words next to the picture, without those that are too short."""
    context = figure.get("context") or {}
    before, after = (field_text(context, side).split() for side in ("before", "after"))
    texts = [field_text(figure, "caption"), " ".join(before[-8:]), " ".join(after[:8])]
    return [text for text in texts if len(query_words(text)) > MIN_WORDS]


def _page_queries(leaf: IndexedDocument, seed: Sequence[int]) -> Iterator[JudgedQuery]:
    page_passage = pick_passage(field_text(leaf, "page_text"), np.random.default_rng(seed))
    for number, alter in enumerate(QUERY_VARIANTS.values()):
        query_text = alter(page_passage, document_language(leaf), np.random.default_rng([*seed, number]))
        if len(query_text.split()) >= MIN_WORDS:
            yield JudgedQuery(
                query_type="pages",
                target=document_id(leaf),
                document="page",
                query_text=query_text,
                grades={document_id(leaf): 3},
            )


def _book_queries(
    book: IndexedDocument, books: Sequence[IndexedDocument], seed: Sequence[int]
) -> Iterator[JudgedQuery]:
    """Yield queries of words from the title, and one with the author or the year."""
    title = str(book.get("title", ""))
    same_title_grades = {document_id(other_book): 3 for other_book in books if other_book.get("title") == title}
    author_words = [query_words(author)[:1] for author in book.get("authors") or []]
    author_or_year = (
        [*author_words[0]] if author_words and author_words[0] else [str(book["year"])] if book.get("year") else []
    )
    query_texts = [
        alter(title, document_language(book), np.random.default_rng([*seed, 0])) for alter in QUERY_VARIANTS.values()
    ]
    if author_or_year:
        query_texts.append(" ".join([*query_words(title)[:1], *author_or_year]).lower())
    for query_text in dict.fromkeys(query_texts):
        if title and len(query_text.split()) >= MIN_WORDS:
            yield JudgedQuery(
                query_type="books",
                target=document_id(book),
                document="book",
                query_text=query_text,
                grades=same_title_grades,
            )


def _copy_query(original: IndexedDocument, pictures: Sequence[IndexedDocument], number: int) -> JudgedQuery:
    grades = _same_picture_grades(original, pictures)
    return JudgedQuery(
        query_type="picture",
        target=document_id(original),
        picture_id=document_id(original),
        alteration_number=number,
        grades=grades,
    )


def _mixed_queries(
    text_queries: Sequence[JudgedQuery],
    originals: Sequence[IndexedDocument],
    pictures: Sequence[IndexedDocument],
    seed: int,
) -> Iterator[JudgedQuery]:
    """Combine text queries with an altered copy of their own picture, and of a picture from another book."""
    by_id = {document_id(picture): picture for picture in pictures}
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
                picture_id=document_id(other_picture),
                alteration_number=number,
                grades=dict.fromkeys(half_grades, 2),
            )


def _page_grades(picture: IndexedDocument, pictures: Sequence[IndexedDocument]) -> dict[str, int]:
    """Grade the picture, its other prints, and other pictures of its page."""
    neighbour_grades = {
        document_id(neighbour): 1 for neighbour in pictures if neighbour["page_id"] == picture["page_id"]
    }
    return {**neighbour_grades, **_same_picture_grades(picture, pictures)}


def _same_picture_grades(picture: IndexedDocument, pictures: Sequence[IndexedDocument]) -> dict[str, int]:
    family_id = (picture.get("family") or {}).get("id")
    print_grades = {
        document_id(candidate): 2
        for candidate in pictures
        if family_id and (candidate.get("family") or {}).get("id") == family_id
    }
    copy_grades = {
        document_id(candidate): 3
        for candidate in pictures
        if picture.get("digest") and candidate.get("digest") == picture["digest"]
    }
    return {**print_grades, **copy_grades, document_id(picture): 3}
