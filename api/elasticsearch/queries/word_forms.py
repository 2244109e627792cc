"""The forms of a word in a field: as printed, in old spelling, with another ending, misread."""

from collections.abc import Iterable, Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.search.boosts import FormBoosts
from api.search.query_syntax import QueryTerm

STEM_LANGUAGES = ("no", "nn", "da", "de", "en", "fr")
"""Languages of the mapping's `stems`; a book has only those of its own languages."""

PRINTED_FIELDS: Mapping[str, str] = {
    "title": "title",
    "subjects": "subjects",
    "caption": "caption.text",
    "before": "context.before.text",
    "after": "context.after.text",
    "page_text": "page_text.text",
    "authors": "authors",
    "publisher": "publisher.text",
    "place": "place_names.text",
}
"""Short name of a field → field with the words as printed."""

FOLDED_FIELDS: Mapping[str, str] = {
    **{name: f"{field}.folded" for name, field in PRINTED_FIELDS.items()},
    "publisher": "publisher.folded",
    "place": "place_names.folded",
}
"""Short name of a field → field with one folded form for all spellings of a word."""

STEMMED_FIELDS = ("title", "subjects", "caption", "before", "after", "page_text")
"""Fields with stems; names of people, publishers and places are not inflected."""

OCR_FIELDS = ("caption", "page_text")
"""Fields searched for misreadings: OCR text, not catalogue records. The text before and after a picture is part of the
page text; searching it for misreadings too would take half of a search's time."""

MIN_FUZZY_LENGTH = 6
"""Shortest word that is searched with one other letter. On 41 pages of five libraries, words of 5 letters matched 2.1
times as many words that way, of 6 letters 1.3 times, of 9 letters 1.02 times."""
FUZZINESS = 1
"""Edit distance: 1 takes 1 ms per word, 2 would take 10 ms, and 50 ms with highlighting."""


def stem_fields(names: Iterable[str]) -> list[str]:
    """Return the stemmed fields of these names in all languages."""
    return [f"stems.{language}.{name}" for name in names if name in STEMMED_FIELDS for language in STEM_LANGUAGES]


def match_clause(
    text: str,
    names: Sequence[str],
    form_boosts: FormBoosts,
    *,
    weight: float = 1.0,
    require_all: bool,
    with_stems: bool,
) -> Clause:
    """Return a clause for words in any form but misread; with `require_all`, all of them in one field."""
    fields = spelling_fields(names, form_boosts) + (
        [f"{field}^{form_boosts.stem:g}" for field in stem_fields(names)] if with_stems else []
    )
    return _multi_match(text, "best_fields", fields, weight, operator="and" if require_all else "or")


def verbatim_clause(term: QueryTerm, fields: Sequence[str], *, weight: float = 1.0) -> Clause:
    """Return a clause for a phrase or prefix: endings must match as typed, old spellings match too."""
    if term.kind == "phrase":
        return _multi_match(term.text, "phrase", fields, weight)
    return _multi_match(term.text, "bool_prefix", fields, weight, operator="and")


def spelling_fields(names: Sequence[str], form_boosts: FormBoosts | None = None) -> list[str]:
    """Return the fields as printed and in old spelling, with boosts if `form_boosts` are given."""
    printed_boost, folded_boost = (f"^{form_boosts.printed:g}", f"^{form_boosts.folded:g}") if form_boosts else ("", "")
    return [f"{PRINTED_FIELDS[name]}{printed_boost}" for name in names] + [
        f"{FOLDED_FIELDS[name]}{folded_boost}" for name in names
    ]


def fuzzy_clauses(text: str, names: Iterable[str], *, weight: float = 1.0) -> list[Clause]:
    """Return clauses for long words with one other letter in OCR fields.

    The score is constant: BM25 would score a misreading high because it is rare.
    """
    long_words = " ".join(word for word in text.split() if is_fuzzy_candidate(word))
    fields = [PRINTED_FIELDS[name] for name in names if name in OCR_FIELDS]
    if not (long_words and fields):
        return []
    fuzzy_clause = _multi_match(
        long_words, "best_fields", fields, weight, fuzziness=FUZZINESS, prefix_length=1, fuzzy_rewrite="constant_score"
    )
    return [fuzzy_clause]


def is_fuzzy_candidate(word: str) -> bool:
    return word.isalpha() and len(word) >= MIN_FUZZY_LENGTH


def any_form_clauses(word: str, names: Sequence[str]) -> list[Clause]:
    """Return clauses for one word in any form but misread, for matching without ranking.

    `combined_fields` counts as one clause for all fields of an analyser; the smallest node allows few clauses.
    """
    field_sets = [[PRINTED_FIELDS[name] for name in names], [FOLDED_FIELDS[name] for name in names]]
    stemmed_names = [name for name in names if name in STEMMED_FIELDS]
    field_sets += [
        [f"stems.{language}.{name}" for name in stemmed_names] for language in STEM_LANGUAGES if stemmed_names
    ]
    return [{"combined_fields": {"query": word, "operator": "and", "fields": fields}} for fields in field_sets]


def _multi_match(text: str, match_type: str, fields: Sequence[str], weight: float, **options: str | int) -> Clause:
    boost = {} if weight == 1 else {"boost": weight}
    return {"multi_match": {"query": text, "type": match_type, "fields": list(fields), **options, **boost}}


def restrict_fields(clause: Clause, fields: Sequence[str]) -> Clause:
    """Return the clause over some of its fields."""
    multi_match = clause["multi_match"]
    return {
        "multi_match": {
            **multi_match,
            "fields": [field for field in multi_match["fields"] if field.partition("^")[0] in fields],
        }
    }
