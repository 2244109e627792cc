"""The pictures' half of a body: one named kNN clause per model."""

from collections.abc import Mapping, Sequence

from api.queries.clause import Clause

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

WORDS_SUFFIX = " words"
"""`_name` of a kNN clause whose vector was made from words: `siglip words`."""


def knn(vectors: Mapping[str, Sequence[float]], filters: Sequence[Clause], boost: float, suffix: str) -> list[Clause]:
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
