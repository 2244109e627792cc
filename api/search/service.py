"""Runs a search request: encodes it, builds the body, searches, fuses the hits and builds a page of results."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from api.elasticsearch import queries
from api.elasticsearch.book_hits import read_picture_record
from api.elasticsearch.gateway import PictureIndex, SearchGateway
from api.elasticsearch.queries.other_searches import OTHER_SEARCHES, other_searches_query
from api.elasticsearch.scored_hits import ScoredHit
from api.errors import IndexNotFound
from api.monitoring.instruments import SEARCHES
from api.records import PictureRecord
from api.responses import ResultPage
from api.search import fusion
from api.search.bodies import FEW_RESULTS, EncodedRequest, build_body, may_be_misread
from api.search.boosts import BOOSTS, Boosts
from api.search.choices import DOCUMENT_TYPES
from api.search.fusion import FusionWeights
from api.search.highlighting import Highlighter
from api.search.image_terms import ImageTerm
from api.search.meaning import text_of_meaning
from api.search.model_weights import select_model_weights
from api.search.other_searches import OtherSearch, list_variants, read_other_searches
from api.search.prepared_search import PreparedSearch, ResultsWithQueryImages, list_notes, query_images_of
from api.search.query_terms import QueryTerms
from api.search.request import SearchRequest
from api.search.result_fetcher import ResultFetcher
from api.search.result_pages import build_result_page
from api.search.side_searches import SideSearches, build_side_searches
from api.search.unanswered import UnansweredSearches
from api.vision.query_encoders import QueryEncoders
from api.vision.query_vectors import VectorQueryBuilder


class Searcher:
    """Runs search requests against one alias."""

    def __init__(
        self,
        gateway: SearchGateway,
        query_encoders: QueryEncoders,
        vector_query_builder: VectorQueryBuilder,
        boosts: Boosts = BOOSTS,
        *,
        unanswered_searches: UnansweredSearches | None = None,
    ) -> None:
        self._unanswered_searches = unanswered_searches
        self._gateway, self._query_encoders = gateway, query_encoders
        self._vector_query_builder, self._boosts = vector_query_builder, boosts
        self._result_fetcher = ResultFetcher(gateway)

    async def search(self, search_request: SearchRequest, *, marks_words: bool = True) -> ResultPage:
        """Return a page of results; words, pictures and filters go into one `_search`.

        The counts of a search with words, and those under a new set of filters, are searches of their own in the same
        `_msearch`. Small requests may come before or after: for the pictures of the index that the request names, for
        similarities that a convex fusion misses, for misread words if there are few results, and if there are none,
        for ornaments and the like or for the counts of other searches.

        Without `marks_words` the hits have no highlights, which take as long as all else for a thousand of them.
        """
        return (await self._search_again(search_request, beside=False, marks_words=marks_words)).result_page

    async def search_for_page(self, search_request: SearchRequest) -> ResultsWithQueryImages:
        """Return the same page, and what readers see beside it, which takes no further request to Elasticsearch."""
        return await self._search_again(search_request, beside=True, marks_words=True)

    async def _search_again(
        self, search_request: SearchRequest, *, beside: bool, marks_words: bool
    ) -> ResultsWithQueryImages:
        """Return the results; after a rebuild of the index they are those of the new one."""
        try:
            results = await self._search(search_request, beside=beside, marks_words=marks_words)
        except IndexNotFound:
            self._gateway.forget_index()
            results = await self._search(search_request, beside=beside, marks_words=marks_words)
        self._count_search(search_request, results.result_page)
        return results

    def _count_search(self, search_request: SearchRequest, page: ResultPage) -> None:
        """Count a search for words alone; remember it if no document has enough of them."""
        if not search_request.query_text or search_request.has_image_terms or search_request.page > 1:
            return
        is_answered = page.total > page.by_meaning
        SEARCHES.labels("found" if is_answered else "nothing").inc()
        if self._unanswered_searches and not is_answered:
            self._unanswered_searches.add(search_request)

    async def _search(
        self, search_request: SearchRequest, *, beside: bool, marks_words: bool
    ) -> ResultsWithQueryImages:
        query_terms = search_request.query_terms
        prepare = partial(self.prepare_search, search_request, marks_words=marks_words)
        prepared_search = await prepare(beside=beside)
        fetched = await self._result_fetcher.fetch(search_request, prepared_search)
        if not fetched.results.total and query_terms.addresses:
            query_terms = query_terms.with_addresses_as_words()
            prepared_search = await prepare(query_terms, beside=beside)
            fetched = await self._result_fetcher.fetch(search_request, prepared_search)
        side_results = fetched.side_results
        if fetched.results.word_total < FEW_RESULTS and may_be_misread(query_terms):
            prepared_search = await prepare(query_terms, misreadings=True)
            fetched = await self._result_fetcher.fetch(search_request, prepared_search)
        results = fetched.results
        if results.left_out and not results.word_total:
            of_decoration = replace(search_request, decoration="only")
            decoration = await self._search(of_decoration, beside=False, marks_words=marks_words)
            page = replace(decoration.result_page, only_decoration=True)
            return replace(decoration, result_page=page, side_results=side_results)
        if search_request.needs_fusion:
            results = replace(results, hits=await self._fuse(search_request, prepared_search, results.hits))
        results = await self._result_fetcher.add_documents(results, search_request, prepared_search)
        page = build_result_page(results, fetched.filter_counts, search_request, list(prepared_search.model_weights))
        page = replace(page, notes=list_notes(search_request, prepared_search))
        if not results.word_total and not queries.has_neighbours(prepared_search.body):
            page = replace(page, other_searches=await self._count_other_searches(search_request, page.suggestion))
        return ResultsWithQueryImages(
            result_page=page,
            query_images=query_images_of(search_request, prepared_search.image_hits),
            side_results=side_results,
        )

    async def _count_other_searches(self, search_request: SearchRequest, suggestion: str) -> list[OtherSearch]:
        """Return what the reader can try instead, with the number of results; with vectors nothing is ever empty."""
        variants = list_variants(search_request, suggestion)
        response = await self._gateway.search(other_searches_query(variants), self._gateway.index_names(DOCUMENT_TYPES))
        return read_other_searches(variants, response["aggregations"][OTHER_SEARCHES], FEW_RESULTS)

    async def prepare_search(
        self,
        search_request: SearchRequest,
        query_terms: QueryTerms | None = None,
        *,
        misreadings: bool = False,
        beside: bool = False,
        marks_words: bool = True,
    ) -> PreparedSearch:
        """Return the body of a request, and the indices that it searches; `misreadings` as in `hybrid_query`.

        `query_terms` are by default those of the request; `beside` adds the searches for what a page shows beside
        its results; `marks_words` as in `search`.
        """
        picture_index = await self._gateway.index()
        requested_weights = self._model_weights(search_request, picture_index)
        query_terms = search_request.query_terms if query_terms is None else query_terms
        vector_query = await self._vector_query_builder.build_query(
            search_request, picture_index, list(requested_weights)
        )
        text_vectors = await self._query_encoders.encode_text(query_terms.plain_text, list(requested_weights))
        encoded_models = {*vector_query.vectors, *text_vectors}
        encoded = EncodedRequest(
            search_request=search_request,
            query_terms=query_terms,
            vector_query=vector_query,
            text_vectors=text_vectors,
            meaning=await self._query_encoders.encode_meaning(text_of_meaning(search_request, query_terms)),
            model_weights={name: weight for name, weight in requested_weights.items() if name in encoded_models},
            misreadings=misreadings,
        )
        body = build_body(encoded, self._boosts)
        return PreparedSearch(
            body=body,
            index=self._gateway.index_names(search_request.document, picture_index.name),
            preference_key=replace(search_request, page=1).query_string(),
            highlighter=Highlighter(query_terms, misreadings) if marks_words else None,
            vectors=vector_query.vectors,
            model_weights=encoded.model_weights,
            knn_boosts={
                clause["_name"]: clause["boost"]
                for clause in body.get("knn", [])
                if clause["_name"] in vector_query.vectors
            },
            image_hits=vector_query.hits,
            side_searches=await self._prepare_side_searches(encoded, picture_index) if beside else SideSearches(),
        )

    async def _prepare_side_searches(self, encoded: EncodedRequest, picture_index: PictureIndex) -> SideSearches:
        """Return the searches for what a page shows beside the results, in documents of all types."""
        every_type = encoded.with_changes(document=DOCUMENT_TYPES, group="", sort="relevance")
        meaning_text = text_of_meaning(every_type.search_request, encoded.query_terms)
        every_type = replace(every_type, meaning=await self._query_encoders.encode_meaning(meaning_text))
        index = self._gateway.index_names(DOCUMENT_TYPES, picture_index.name)
        return build_side_searches(encoded.search_request, every_type, index, self._boosts)

    async def _fuse(
        self, search_request: SearchRequest, prepared_search: PreparedSearch, scored_hits: Sequence[ScoredHit]
    ) -> list[ScoredHit]:
        """Return the hits in the order of their fused scores, which those have that the page shows."""
        if search_request.chosen_fusion == "convex":
            scored_hits = await self._result_fetcher.complete_similarities(scored_hits, prepared_search)
        hits_by_key = {scored_hit.candidate.id: scored_hit for scored_hit in scored_hits}
        candidates = [scored_hit.candidate for scored_hit in hits_by_key.values()]
        weights = FusionWeights(
            balance=self._boosts.balance if search_request.balance is None else search_request.balance,
            models=prepared_search.model_weights,
        )
        scores = fusion.FUSIONS[search_request.chosen_fusion](candidates, weights)
        ranked_hits = [hits_by_key[key] for key in fusion.rank_candidates(candidates, scores)]
        shown = slice(None) if search_request.group else search_request.page_slice
        ranked_hits[shown] = [
            scored_hit.with_score(scores[scored_hit.candidate.id]) for scored_hit in ranked_hits[shown]
        ]
        return ranked_hits

    async def get_picture(self, picture_id: str) -> PictureRecord:
        """Return one picture; raise `PictureNotFound` if the index does not have it."""
        return read_picture_record(await self._gateway.get_one(queries.picture_query(picture_id), picture_id))

    async def add_upload(
        self, read_data: Callable[[], Awaitable[bytes]], image_term: ImageTerm, search_request: SearchRequest
    ) -> SearchRequest:
        """Return the request with an uploaded file as one more `vector`: the region and weight are the term's.

        The file is read when its turn has come.
        """
        picture_index = await self._gateway.index()
        vector = await self._vector_query_builder.encode_upload(
            read_data, image_term, picture_index, list(self._model_weights(search_request, picture_index))
        )
        return replace(search_request, vector=(*search_request.vector, vector))

    def _model_weights(self, search_request: SearchRequest, picture_index: PictureIndex) -> dict[str, float]:
        return select_model_weights(search_request.model, picture_index.fingerprints, self._boosts)
