"""Suggestions while a reader types: titles, people, subjects, places, kinds of picture, and other spellings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, cast
from urllib.parse import quote

from api.elasticsearch.autocomplete_hits import ValueWithPicture, read_values
from api.elasticsearch.gateway import IndexSearch, SearchGateway, SearchResponse
from api.elasticsearch.queries.autocomplete import autocomplete_query, corrections_query
from api.elasticsearch.queries.clause import Body
from api.elasticsearch.search_results import read_corrections, read_total
from api.picture_images import small_image_path
from api.search.query_syntax import parse_query_text
from api.search.query_terms import QueryTerms
from api.search.request import SearchRequest
from api.search.suggestions import correctable_terms, suggest_query_text
from api.search.typed_text import (
    TextPart,
    TypedText,
    begins_with_typed_word,
    has_typed_words,
    mark_typed_words,
    split_typed_text,
)
from core.identifiers import document_id
from core.text import QUOTATION_MARKS

SuggestionGroup = Literal["spelling", "title", "author", "subject", "place", "label"]

MAX_SUGGESTIONS_PER_GROUP = 3
NameLabel = Callable[[str], str]
"""Returns the name of a kind of picture in the reader's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One line of the list below the search field."""

    group: SuggestionGroup
    """What it is; those but `title` and `spelling` are filters of a search."""
    text: str
    parts: list[TextPart]
    """The text in parts, so that what was typed can be marked."""
    count: int
    """How many pictures have it; 0 for a spelling."""
    parameters: dict[str, str]
    """The parameters of a search for it, with the words that stand before it; `q` may be empty."""
    url: str
    """The page of a title's book, otherwise the page of the search."""
    image: str = ""
    """URL of one of its pictures, at most 90 pixels wide and high."""
    languages: list[str] = field(default_factory=list)
    """The languages of a title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What a reader may mean who has typed some letters."""

    q: str
    suggestions: list[Suggestion]


async def suggest(
    gateway: SearchGateway, query_text: str, labels: Sequence[str] = (), name_label: NameLabel = str
) -> Suggestions:
    """Return suggestions for a text that is being typed, with one request to Elasticsearch or none.

    `labels` are all kinds of picture that may be found by `name_label`.
    """
    typed_texts, query_terms = split_typed_text(query_text), parse_query_text(query_text)
    bodies = suggestion_bodies(typed_texts, query_terms, lambda typed: _labels_by_name(typed, labels, name_label))
    has_corrections = len(bodies) > len(typed_texts)
    if not bodies:
        return Suggestions(q=query_text, suggestions=[])
    index = gateway.index_names(("picture",))
    searches = [IndexSearch(body, index) for body in bodies]
    responses = await gateway.search_side_by_side(searches, preference_key=query_text)
    suggestions = list(_list_values(typed_texts, responses, name_label))
    if has_corrections:
        suggestions = [*_list_spellings(query_terms, typed_texts[-1].words[-1], responses[-1]), *suggestions]
    return Suggestions(q=query_text, suggestions=suggestions)


def suggestion_bodies(
    typed_texts: Sequence[TypedText],
    query_terms: QueryTerms,
    find_labels: Callable[[TypedText], Sequence[str]] = lambda _typed: (),
) -> list[Body]:
    """Return one body for each text that may be completed, and one for other spellings if a word may be misspelt."""
    bodies = [autocomplete_query(typed.text, find_labels(typed)) for typed in typed_texts]
    if typed_texts and any(correctable_terms(query_terms)):
        bodies.append(corrections_query(query_terms, typed_texts[-1].words[-1]))
    return bodies


def _labels_by_name(typed: TypedText, labels: Sequence[str], name_label: NameLabel) -> list[str]:
    return [label for label in labels if has_typed_words(name_label(label), typed.words)]


def _list_spellings(query_terms: QueryTerms, last_word: str, response: SearchResponse) -> Iterator[Suggestion]:
    """Yield the text with other words for those that no text has; a word that is being typed is not misspelt."""
    is_complete = not query_terms.query_text.endswith(last_word)
    known_words = {last_word.casefold()} if read_total(response) and not is_complete else set[str]()
    corrections = read_corrections(response.get("suggest", {}))
    if text := suggest_query_text(query_terms, corrections, known_words).strip():
        parts = [TextPart(text, typed=False)]
        url = SearchRequest(query_text=text).url()
        yield Suggestion(group="spelling", text=text, parts=parts, count=0, parameters={"q": text}, url=url)


def _list_values(
    typed_texts: Sequence[TypedText], responses: Sequence[SearchResponse], name_label: NameLabel
) -> Iterator[Suggestion]:
    """Yield the values of each group; those that fit the whole text come before those that fit its last word."""
    candidates: dict[str, dict[str, Suggestion]] = {}
    for typed, response in zip(typed_texts, responses, strict=False):
        for group, values in read_values(response).items():
            suggestions = candidates.setdefault(group, {})
            for value in _select_values(cast(SuggestionGroup, group), values, typed.words, name_label):
                suggestion = _suggest_value(cast(SuggestionGroup, group), value, typed, name_label)
                suggestions.setdefault(suggestion.text, suggestion)
    for suggestions in candidates.values():
        yield from islice(suggestions.values(), MAX_SUGGESTIONS_PER_GROUP)


def _select_values(
    group: SuggestionGroup, values: Sequence[ValueWithPicture], words: Sequence[str], name_label: NameLabel
) -> list[ValueWithPicture]:
    """Return the values that match, the ones that begin as typed first.

    A place may match by another name of the town: then it is the most frequent value.
    """
    name = name_label if group == "label" else str
    matching_values = [value for value in values if has_typed_words(name(value.value), words)]
    if not matching_values and group == "place":
        matching_values = list(values[:1])
    return sorted(matching_values, key=lambda value: not begins_with_typed_word(name(value.value), words))


def _suggest_value(
    group: SuggestionGroup, value: ValueWithPicture, typed: TypedText, name_label: NameLabel
) -> Suggestion:
    text = name_label(value.value) if group == "label" else value.value
    parameters = _search_parameters(group, value.value, typed)
    return Suggestion(
        group=group,
        text=text,
        parts=mark_typed_words(text, typed.words),
        count=value.count,
        parameters=parameters,
        url=f"/books/{quote(document_id(value.book_id))}" if group == "title" else _search_url(parameters),
        image=small_image_path(value.picture_id) if value.has_crop else "",
        languages=value.languages,
    )


def _search_parameters(group: SuggestionGroup, value: str, typed: TypedText) -> dict[str, str]:
    """Return the parameters that a choice sets: words for a title and a person, a filter for the others."""
    if group in ("title", "author"):
        phrase = "".join(" " if sign in QUOTATION_MARKS else sign for sign in value)
        return {"q": typed.with_query_text(f'{group}:"{" ".join(phrase.split())}"')}
    return {"q": typed.head, group: value}


def _search_url(parameters: Mapping[str, str]) -> str:
    values = {name: value if name == "q" else [value] for name, value in parameters.items()}
    return SearchRequest.from_parameters(values).url()
