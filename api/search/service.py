"""Runs a search request: encodes it, builds the body, searches, fuses the hits and builds a page of results."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from api.elasticsearch import queries
from api.elasticsearch.book_hits import read_picture_record
from api.elasticsearch.gateway import PictureIndex, SearchGateway
from api.elasticsearch.queries.documents import without_documents
from api.elasticsearch.queries.other_searches import OTHER_SEARCHES, other_searches_query
from api.elasticsearch.queries.word_forms import is_fuzzy_candidate
from api.elasticsearch.scores import read_similarities
from api.elasticsearch.search_results import ScoredHit
from api.errors import IndexNotFound
from api.records import PictureRecord
from api.responses import ResultPage
from api.search import fusion
from api.search.boosts import BOOSTS, Boosts
from api.search.choices import DOCUMENT_TYPES
from api.search.fusion import Candidate, FusionWeights
from api.search.highlighting import Highlighter
from api.search.image_terms import ImageTerm
from api.search.meaning import text_of_meaning
from api.search.model_weights import select_model_weights
from api.search.other_searches import OtherSearch, list_variants, read_other_searches
from api.search.paging import request_window
from api.search.prepared_search import PreparedSearch, ResultsWithQueryImages, list_notes, query_images_of
from api.search.query_terms import QueryTerms
from api.search.request import SearchRequest
from api.search.result_fetcher import ResultFetcher
from api.search.result_pages import build_result_page
from api.vision.query_encoders import QueryEncoders
from api.vision.query_vectors import VectorQueryBuilder

FEW_RESULTS = 10
"""Results below which a search is sent again for words with one other letter, as OCR misreads them."""


class Searcher:
    """Runs search requests against one alias."""

    def __init__(
        self,
        gateway: SearchGateway,
        query_encoders: QueryEncoders,
        vector_query_builder: VectorQueryBuilder,
        boosts: Boosts = BOOSTS,
    ) -> None:
        self._gateway, self._query_encoders = gateway, query_encoders
        self._vector_query_builder, self._boosts = vector_query_builder, boosts
        self._result_fetcher = ResultFetcher(gateway)

    async def search(self, search_request: SearchRequest) -> ResultPage:
        """Return a page of results; words, pictures and filters go into one `_search`.

        The counts of a search with words, and those under a new set of filters, are searches of their own in the same
        `_msearch`. Small requests may come before or after: for the pictures of the index that the request names, for
        similarities that a convex fusion misses, for misread words if there are few results, and if there are none,
        for ornaments and the like or for the counts of other searches.
        """
        return (await self.search_for_page(search_request)).result_page

    async def search_for_page(self, search_request: SearchRequest) -> ResultsWithQueryImages:
        """Return the same page with the pictures of the request, which take no further request to Elasticsearch."""
        try:
            return await self._search(search_request)
        except IndexNotFound:
            self._gateway.forget_index()
            return await self._search(search_request)

    async def _search(self, search_request: SearchRequest) -> ResultsWithQueryImages:
        prepared_search = await self.prepare_search(search_request)
        results, filter_counts = await self._result_fetcher.fetch(search_request, prepared_search)
        query_terms = search_request.query_terms
        if not results.total and query_terms.addresses:
            query_terms = query_terms.with_addresses_as_words()
            prepared_search = await self.prepare_search(search_request, query_terms)
            results, filter_counts = await self._result_fetcher.fetch(search_request, prepared_search)
        if results.word_total < FEW_RESULTS and any(map(is_fuzzy_candidate, _plain_words(query_terms))):
            prepared_search = await self.prepare_search(search_request, query_terms, misreadings=True)
            results, filter_counts = await self._result_fetcher.fetch(search_request, prepared_search)
        if results.left_out and not results.word_total:
            return await self._search_decoration(search_request)
        if search_request.needs_fusion:
            results = replace(results, hits=await self._fuse(search_request, prepared_search, results.hits))
        results = await self._result_fetcher.add_documents(results, search_request, prepared_search)
        page = build_result_page(results, filter_counts, search_request, list(prepared_search.model_weights))
        page = replace(page, notes=list_notes(search_request, prepared_search))
        if not results.word_total and not queries.has_neighbours(prepared_search.body):
            page = replace(page, other_searches=await self._count_other_searches(search_request, page.suggestion))
        return ResultsWithQueryImages(
            result_page=page,
            query_images=query_images_of(search_request, prepared_search.image_hits),
        )

    async def _search_decoration(self, search_request: SearchRequest) -> ResultsWithQueryImages:
        """Return the ornaments and the like that match, if nothing else does."""
        results = await self._search(replace(search_request, decoration="only"))
        return replace(results, result_page=replace(results.result_page, only_decoration=True))

    async def _count_other_searches(self, search_request: SearchRequest, suggestion: str) -> list[OtherSearch]:
        """Return what the reader can try instead, with the number of results; with vectors nothing is ever empty."""
        variants = list_variants(search_request, suggestion)
        response = await self._gateway.search(other_searches_query(variants), self._gateway.index_names(DOCUMENT_TYPES))
        return read_other_searches(variants, response["aggregations"][OTHER_SEARCHES], FEW_RESULTS)

    async def prepare_search(
        self, search_request: SearchRequest, query_terms: QueryTerms | None = None, *, misreadings: bool = False
    ) -> PreparedSearch:
        """Return the body of a request, and the indices that it searches; `misreadings` as in `hybrid_query`.

        `query_terms` are by default those of the request.
        """
        picture_index = await self._gateway.index()
        requested_weights = self._model_weights(search_request, picture_index)
        query_terms = search_request.query_terms if query_terms is None else query_terms
        vector_query = await self._vector_query_builder.build_query(
            search_request, picture_index, list(requested_weights)
        )
        text_vectors = await self._query_encoders.encode_text(query_terms.plain_text, list(requested_weights))
        encoded_models = {*vector_query.vectors, *text_vectors}
        model_weights = {name: weight for name, weight in requested_weights.items() if name in encoded_models}
        needs_all = search_request.needs_all_candidates
        offset, size = (0, queries.MAX_CANDIDATES) if needs_all else request_window(search_request)
        filters = queries.filter_clauses(search_request, excluded_ids=vector_query.excluded_ids)
        body = queries.hybrid_query(
            query_terms,
            vector_query.vectors,
            size=size,
            offset=offset,
            filters=filters,
            text_vectors=text_vectors,
            model_weights=model_weights,
            match=search_request.match,
            balance=search_request.balance,
            sort=search_request.sort,
            only_negative=vector_query.only_negative,
            aggregations=queries.facet_aggregations(search_request),
            misreadings=misreadings,
            boosts=self._boosts,
        )
        if meaning := await self._query_encoders.encode_meaning(text_of_meaning(search_request, query_terms)):
            body = queries.add_meaning(
                body,
                meaning,
                query_terms,
                filters=filters,
                match=search_request.match,
                boosts=self._boosts,
                misreadings=misreadings,
            )
        if search_request.group:
            body = queries.add_book_counts(body)
        elif needs_all:
            body = without_documents(body)
        return PreparedSearch(
            body=body,
            index=self._gateway.index_names(search_request.document, picture_index.name),
            highlighter=Highlighter(query_terms, misreadings),
            vectors=vector_query.vectors,
            model_weights=model_weights,
            knn_boosts={
                clause["_name"]: clause["boost"]
                for clause in body.get("knn", [])
                if clause["_name"] in vector_query.vectors
            },
            image_hits=vector_query.hits,
        )

    async def _fuse(
        self, search_request: SearchRequest, prepared_search: PreparedSearch, scored_hits: Sequence[ScoredHit]
    ) -> list[ScoredHit]:
        """Return the hits with fused scores, the best first."""
        if search_request.chosen_fusion == "convex":
            scored_hits = await self._complete_similarities(scored_hits, prepared_search)
        hits_by_key = {scored_hit.candidate.id: scored_hit for scored_hit in scored_hits}
        candidates = [scored_hit.candidate for scored_hit in hits_by_key.values()]
        weights = FusionWeights(
            balance=self._boosts.balance if search_request.balance is None else search_request.balance,
            models=prepared_search.model_weights,
        )
        scores = fusion.FUSIONS[search_request.chosen_fusion](candidates, weights)
        return [
            replace(hits_by_key[key], hit=replace(hits_by_key[key].hit, score=scores[key]))
            for key in fusion.rank_candidates(candidates, scores)
        ]

    async def _complete_similarities(
        self, scored_hits: Sequence[ScoredHit], prepared_search: PreparedSearch
    ) -> Sequence[ScoredHit]:
        """Return the hits with the similarities to every model, also of pictures that are not among its nearest."""
        incomplete_ids = {
            scored_hit.candidate.id: scored_hit.hit.id
            for scored_hit in scored_hits
            if scored_hit.hit.document == "picture"
            and prepared_search.vectors.keys() - scored_hit.candidate.similarities.keys()
        }
        if not incomplete_ids:
            return scored_hits
        ids = [incomplete_ids[key] for key in sorted(incomplete_ids)]
        response = await self._gateway.search(
            queries.similarity_query(prepared_search.vectors, ids), prepared_search.index
        )
        similarities = read_similarities(response)
        return [
            replace(scored_hit, candidate=_add_similarities(scored_hit.candidate, similarities[scored_hit.hit.id]))
            if scored_hit.candidate.id in incomplete_ids and scored_hit.hit.id in similarities
            else scored_hit
            for scored_hit in scored_hits
        ]

    async def get_picture(self, picture_id: str) -> PictureRecord:
        """Return one picture; raise `PictureNotFound` if the index does not have it."""
        return read_picture_record(await self._gateway.get_one(queries.picture_query(picture_id), picture_id))

    async def add_upload(self, data: bytes, image_term: ImageTerm, search_request: SearchRequest) -> SearchRequest:
        """Return the request with an uploaded file as one more `vector`: the region and weight are the term's."""
        picture_index = await self._gateway.index()
        vector = await self._vector_query_builder.encode_upload(
            data, image_term, picture_index, list(self._model_weights(search_request, picture_index))
        )
        return replace(search_request, vector=(*search_request.vector, vector))

    def _model_weights(self, search_request: SearchRequest, picture_index: PictureIndex) -> dict[str, float]:
        return select_model_weights(search_request.model, picture_index.fingerprints, self._boosts)


def _add_similarities(candidate: Candidate, similarities: Mapping[str, float]) -> Candidate:
    return replace(candidate, similarities={**similarities, **candidate.similarities})


def _plain_words(query_terms: QueryTerms) -> list[str]:
    return [term.text for term in query_terms.should_terms if term.kind == "word"]
