"""When a search looks for what its words mean, and not for the words alone."""

from api.search.query_terms import QueryTerm, QueryTerms
from api.search.request import SearchRequest


def text_of_meaning(search_request: SearchRequest, query_terms: QueryTerms) -> str:
    """Return the text whose meaning is searched for; empty if the words are to be found as they are.

    Phrases, fields, numbers, identifiers and operators say which words a result must have. Pictures of a request
    already find others than those with the words.
    """
    wants_others = (
        search_request.meaning == "on"
        and search_request.match != "all"
        and search_request.decoration != "only"
        and "picture" in search_request.document
        and not search_request.has_image_terms
        and not query_terms.negative
    )
    return query_terms.plain_text if wants_others and all(map(_is_plain_word, query_terms.should_terms)) else ""


def _is_plain_word(term: QueryTerm) -> bool:
    is_unmarked = term.kind == "word" and not term.field and not term.required and term.weight == 1
    return is_unmarked and not any(map(str.isdigit, term.text))
