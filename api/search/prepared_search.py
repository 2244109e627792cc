"""A search request as bodies for Elasticsearch, and what is shown beside its results."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.elasticsearch import queries
from api.responses import Hit, QueryImage, ResultPage
from api.search.highlighting import Highlighter
from api.search.request import SearchRequest
from api.search.side_searches import SideResults, SideSearches
from api.sentences import Sentence
from api.vision.vector_blending import VectorsByModel


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedSearch:
    """A search request as a body for Elasticsearch."""

    body: queries.Body
    index: str
    preference_key: str
    """Chooses the copy of the shards, see `SearchGateway.search`."""
    highlighter: Highlighter | None
    """What marks the words in the hits; None if nobody reads them."""
    vectors: VectorsByModel
    """Model name → vector of the request's pictures."""
    model_weights: Mapping[str, float]
    """The models that are searched, and their weights."""
    knn_boosts: Mapping[str, float]
    """Model name → boost of the clause with the vector of the pictures."""
    image_hits: Mapping[str, Hit]
    """Id → picture of the index that the request names."""
    side_searches: SideSearches = field(default_factory=SideSearches)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsWithQueryImages:
    """A page of results, and the pictures of the request for display."""

    result_page: ResultPage
    query_images: list[QueryImage]
    side_results: SideResults


def list_notes(search_request: SearchRequest, prepared_search: PreparedSearch) -> list[str]:
    """Return a sentence for each parameter that changes nothing in this search."""
    body = prepared_search.body
    if search_request.balance is None:
        return []
    notes: list[str] = []
    if "query" not in body:
        notes.append(
            Sentence("`balance` weighs words against pictures. With no words to weigh, it changes nothing here.")
        )
    elif not queries.has_neighbours(body):
        notes.append(
            Sentence("`balance` weighs words against pictures. With no pictures to weigh, it changes nothing here.")
        )
    return notes


def query_images_of(search_request: SearchRequest, image_hits: Mapping[str, Hit]) -> list[QueryImage]:
    """Return the pictures of a request in its order; those of the index have a hit."""
    image_terms = search_request.image_terms
    like = zip(search_request.like, image_terms.like, strict=True)
    image = zip(search_request.image, image_terms.image, strict=True)
    vector = zip(search_request.vector, image_terms.vector, strict=True)
    return [
        *[
            QueryImage(parameter="like", value=value, image_term=term, hit=image_hits.get(term.value))
            for value, term in like
        ],
        *[QueryImage(parameter="image", value=value, image_term=term) for value, term in image],
        *[QueryImage(parameter="vector", value=value, image_term=term) for value, term in vector],
    ]
