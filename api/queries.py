"""Bodies of `_search`, as Kibana's Dev Tools take them: pure functions, no client and no settings."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from api.question import FACETS, Question

Clause = dict[str, Any]
Body = dict[str, Any]

OCR, STEMS = "", (".norwegian", ".english")
"""The words as printed, and their stems, as subfields of the mapping."""

EXACT, STEM = 1.0, 0.8
"""A word as the reader wrote it counts a little more than its other forms."""

CLAUSES: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "caption": (4.0, ("caption.text",)),
    "title": (3.0, ("title",)),
    "subjects": (3.0, ("subjects",)),
    "context": (2.0, ("context.before.text", "context.after.text")),
    "page_text": (1.0, ("page_text.text",)),
}
"""Name of the clause → its boost and fields: the nearer to the picture, the more a word says about it.
Provisional until the first relevance run, as are the two below."""

RECORD = ("authors", "publisher.text", "place.text")
"""Names, which have no stems; each is a clause of its own, called after its field."""
RECORD_BOOST = 3.0

IDENTIFIERS = ("identifiers", "book_id", "page_id")
IDENTIFIERS_BOOST = 20.0
"""Who types a URN or an ISBN wants exactly that book."""
IDENTIFIERS_ASKED = 3
"""Words with a digit that are tried as identifiers; the smallest node's clauses are few."""

YEAR_BOOST = 3.0

ENOUGH_WORDS = "2<70%"
"""One or two words must all be there; of more, 70 %: a forgotten spelling or an OCR error must not empty the page."""

KNN_BOOST = 100.0
"""Provisional until the first relevance run. A word that every tenth picture has adds up to about 25 in BM25 (the
clauses' boosts times 2.3 to 5, seldom all of them). An unrelated picture gets half of this number already, because
(1 + cosine) / 2 of a right angle is 0.5: `sscd` gives a rotated, cropped and scaled copy a cosine of .79 and the best
other picture .20 (medians of 40), so a copy leads by 30, ahead of a merely frequent word and behind a copy that has
the word as well; a rare word in a caption (about 50) stands beside it."""

WORD_KNN_BOOST = 12.0
"""Provisional. Words and pictures lie far apart in CLIP's and SigLIP's space (cosines of .05 to .3), so this clause
adds nearly the same to all its neighbours; it is to find pictures without words, not to reorder the others."""

K = 100
"""Pictures that one model may bring in: four pages of results; beyond them likeness is noise. A page's `total` counts
them, so that paging ends where they end."""

NUM_CANDIDATES = 200
"""Measured on hard synthetic vectors (50,000 x 768, int8 HNSW): recall@10 .86 at 200 against .72 at 100, for 2 ms."""

WINDOW = 10_000
"""Elasticsearch's `index.max_result_window`: nothing behind it can be paged to."""

FACET_FIELDS = {facet: "label.name" if facet == "label" else facet for facet in FACETS}
FACET_VALUES = 20
YEARS_A_BAR = 10

WORDS_SUFFIX = " words"
"""`_name` of a kNN clause whose vector was made from words: `siglip words`."""


def hybrid_query(
    words: str,
    vectors: Mapping[str, Sequence[float]],
    *,
    size: int,
    offset: int = 0,
    filters: Sequence[Clause] = (),
    word_vectors: Mapping[str, Sequence[float]] | None = None,
    knn_boost: float = KNN_BOOST,
    word_knn_boost: float = WORD_KNN_BOOST,
) -> Body:
    """BM25 and kNN in one request; Elasticsearch adds the scores of its named clauses.

    `vectors` maps a model's name to the picture's vector in that model's space, `word_vectors` to that of the words.
    """
    knn = _knn(vectors, filters, knn_boost, "") + _knn(word_vectors or {}, filters, word_knn_boost, WORDS_SUFFIX)
    body: Body = {
        "size": size,
        "from": offset,
        "track_total_hits": True,
        "_source": {"excludes": ["vectors", "page_text"]},
        "aggs": facets(),
    }
    if words:
        body["query"] = {"bool": text_clauses(words, filters)}
        body["highlight"] = highlight()
    elif not knn:
        body["query"] = {"bool": {"must": [{"match_all": {}}], "filter": list(filters)}}
    if knn:
        body["knn"] = knn
    return body


def text_clauses(words: str, filters: Sequence[Clause]) -> Clause:
    """The words' half: a picture needs enough of the words, anywhere; where they stand decides its rank."""
    named = [_named(name, words, _forms(fields), boost) for name, (boost, fields) in CLAUSES.items()]
    named += [_named(field.removesuffix(".text"), words, [field], RECORD_BOOST) for field in RECORD]
    if years := [year for word in words.split() if (year := _year(word)) is not None]:
        named.append({"terms": {"year": years, "boost": YEAR_BOOST, "_name": "year"}})
    if exact := _identifiers(words):
        named.append({"bool": {"should": exact, "boost": IDENTIFIERS_BOOST, "_name": "identifiers"}})
    return {"should": named, "minimum_should_match": 1, "filter": [*filters, _enough(words, exact)]}


def _enough(words: str, exact: Sequence[Clause]) -> Clause:
    """Enough of the words, wherever they stand, or an identifier.

    The named clauses are OR alone: if each asked for 70 % of the words, a place in the title and a thing in the caption
    would not find each other. `cross_fields` is no way either: it counts per analyser, so that an English plural and a
    name, which has no stems, would not.
    """
    each = [_anywhere(word) for word in words.split() if any(map(str.isalnum, word))]
    if not each:
        return {"match_none": {}}
    enough = {"bool": {"should": each, "minimum_should_match": ENOUGH_WORDS}}
    return {"bool": {"should": [enough, *exact]}} if exact else enough


def _anywhere(word: str) -> Clause:
    """One word as typed; of "Hand-Press" both halves, in one field."""
    match: Clause = {"multi_match": {"query": word, "type": "best_fields", "operator": "and", "fields": every_field()}}
    return match if (year := _year(word)) is None else {"bool": {"should": [match, {"term": {"year": year}}]}}


def _year(word: str) -> int | None:
    return int(word) if re.fullmatch("[0-9]{3,4}", word) else None


def _identifiers(words: str) -> list[Clause]:
    """Words with a digit, and the ends of pasted addresses: libraries' resolvers end in the identifier."""
    typed = [word for word in words.split() if any(map(str.isdigit, word))][:IDENTIFIERS_ASKED]
    forms = dict.fromkeys(form for word in typed for form in (word, word.rpartition("/")[2]) if form)
    return [{"term": {field: {"value": form, "case_insensitive": True}}} for form in forms for field in IDENTIFIERS]


def _named(name: str, words: str, fields: list[str], boost: float) -> Clause:
    return {"multi_match": {"query": words, "type": "best_fields", "fields": fields, "boost": boost, "_name": name}}


def _forms(fields: Sequence[str]) -> list[str]:
    return [f"{field}{form}^{STEM if form else EXACT}" for field in fields for form in (OCR, *STEMS)]


def every_field() -> list[str]:
    """All that words are looked for in, without boosts."""
    fields = [field for _, several in CLAUSES.values() for field in several]
    return [*(f"{field}{form}" for field in fields for form in (OCR, *STEMS)), *RECORD]


def _knn(vectors: Mapping[str, Sequence[float]], filters: Sequence[Clause], boost: float, suffix: str) -> list[Clause]:
    """One clause per model; they share the boost, so that a second model does not outweigh the words."""
    return [
        {
            "_name": f"{model}{suffix}",
            "field": f"vectors.{model}",
            "query_vector": list(vector),
            "k": K,
            "num_candidates": NUM_CANDIDATES,
            "boost": boost / len(vectors),
            # As a `post_filter` it would act after the nearest k are chosen: a narrow one would leave an empty page.
            "filter": list(filters),
        }
        for model, vector in vectors.items()
    ]


def filters(question: Question, without: str = "") -> list[Clause]:
    """What narrows the question: values of one facet are alternatives, facets come together; `without` is one id."""
    clauses: list[Clause] = [
        {"terms": {field: list(values)}}
        for facet, field in FACET_FIELDS.items()
        if (values := getattr(question, facet))
    ]
    years = {"gte": question.year_from, "lte": question.year_to}
    if given := {side: year for side, year in years.items() if year is not None}:
        clauses.append({"range": {"year": given}})
    if without:
        clauses.append({"bool": {"must_not": [{"ids": {"values": [without]}}]}})
    return clauses


def facets() -> Clause:
    """Counts over all that was found, the nearest pictures included."""
    bars = {"field": "year", "interval": YEARS_A_BAR, "min_doc_count": 1}
    terms = {facet: {"terms": {"field": field, "size": FACET_VALUES}} for facet, field in FACET_FIELDS.items()}
    return {"year": {"histogram": bars}, **terms}


HIGHLIGHTED = {
    "caption": ("caption.text.norwegian", 0),
    "before": ("context.before.text.norwegian", 2),
    "after": ("context.after.text.norwegian", 2),
    "page_text": ("page_text.text.norwegian", 2),
    "title": ("title.norwegian", 0),
}
"""Name in a `Hit` → field, and how many fragments of it; 0 keeps the whole. The stems are named and not the words as
printed, because Elasticsearch looks up offsets where the first field keeps them, and the stems keep none."""


def highlight() -> Clause:
    """The found words in `<em>`, everything else escaped; a stem's other form is marked as well."""
    fields = {
        field: {
            "number_of_fragments": fragments,
            # What a card has room for: the word found may stand at the end of its fragment.
            "fragment_size": 100,
            "matched_fields": [field.replace(STEMS[0], form) for form in (OCR, *STEMS)],
        }
        for field, fragments in HIGHLIGHTED.values()
    }
    return {"encoder": "html", "pre_tags": ["<em>"], "post_tags": ["</em>"], "fields": fields}


def vectors_of(picture: str) -> Body:
    """A picture's own vectors; `fields` gives them whether or not `_source` keeps them."""
    return {"size": 1, "query": {"ids": {"values": [picture]}}, "_source": False, "fields": ["vectors.*"]}


def picture(picture_id: str) -> Body:
    return {"size": 1, "query": {"ids": {"values": [picture_id]}}, "_source": {"excludes": ["vectors"]}}


def start_page(seed: int, size: int) -> Body:
    """Pictures by chance, the same for the same seed, and what the collection holds."""
    chance = {"random_score": {"seed": seed, "field": "_seq_no"}, "boost_mode": "replace"}
    return {
        "size": size,
        "track_total_hits": True,
        "_source": {"excludes": ["vectors", "page_text"]},
        "query": {"function_score": {"query": {"match_all": {}}, **chance}},
        "aggs": {
            "books": {"cardinality": {"field": "book_id"}},
            "first": {"min": {"field": "year"}},
            "last": {"max": {"field": "year"}},
        },
    }
