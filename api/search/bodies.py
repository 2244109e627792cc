"""A search request whose words and pictures are encoded → the bodies of its searches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.elasticsearch import queries
from api.elasticsearch.queries.documents import with_keys, without_documents
from api.elasticsearch.queries.word_forms import is_fuzzy_candidate
from api.search.boosts import Boosts
from api.search.paging import request_window
from api.search.query_terms import QueryTerms
from api.search.request import SearchRequest
from api.vision.query_vectors import VectorQuery
from api.vision.vector_blending import VectorsByModel

FEW_RESULTS = 10
"""Results below which a search is sent again for words with one other letter, as OCR misreads them."""


def may_be_misread(query_terms: QueryTerms) -> bool:
    """Return whether a word is long enough to be searched with another letter."""
    return any(term.kind == "word" and is_fuzzy_candidate(term.text) for term in query_terms.should_terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedRequest:
    """A search request, and the vectors of its pictures and words."""

    search_request: SearchRequest
    query_terms: QueryTerms
    vector_query: VectorQuery
    text_vectors: VectorsByModel
    """Model name → vector of the words, compared with pictures."""
    meaning: Sequence[float]
    """Vector of what the words mean; empty if they are to be found as they are."""
    model_weights: Mapping[str, float]
    misreadings: bool
    """Whether words may be misread, as in `hybrid_query`."""

    def with_changes(self, **changes: object) -> "EncodedRequest":
        """Return the same words and pictures with other parameters."""
        return replace(self, search_request=self.search_request.with_changes(**changes))


def build_body(encoded: EncodedRequest, boosts: Boosts) -> queries.Body:
    """Return the body of the search."""
    search_request, vector_query = encoded.search_request, encoded.vector_query
    needs_all = search_request.needs_all_candidates
    offset, size = (0, queries.MAX_CANDIDATES) if needs_all else request_window(search_request)
    filters = queries.filter_clauses(search_request)
    body = queries.hybrid_query(
        encoded.query_terms,
        vector_query.vectors,
        size=size,
        offset=offset,
        filters=filters,
        text_vectors=encoded.text_vectors,
        model_weights=encoded.model_weights,
        match=search_request.match,
        balance=search_request.balance,
        sort=search_request.sort,
        only_negative=vector_query.only_negative,
        aggregations=queries.facet_aggregations(search_request),
        misreadings=encoded.misreadings,
        boosts=boosts,
    )
    if encoded.meaning:
        body = queries.add_meaning(
            body,
            encoded.meaning,
            encoded.query_terms,
            filters=filters,
            match=search_request.match,
            boosts=boosts,
            misreadings=encoded.misreadings,
        )
    body = queries.exclude_pictures(body, vector_query.excluded_ids)
    if search_request.group:
        return with_keys(queries.add_book_counts(body))
    return without_documents(body) if needs_all or search_request.collapsed_page else body
