"""The forms in which one word may stand in a field: as printed, in old spelling, with another ending, misread."""

from collections.abc import Iterable, Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.search.boosts import FormBoosts
from api.search.query_syntax import QueryTerm

STEM_LANGUAGES = ("no", "nn", "da", "de", "en", "fr")
"""Of the mapping's `stems`; a book's words are in its own languages' alone."""

PRINTED_FIELDS: Mapping[str, str] = {
    "title": "title",
    "subjects": "subjects",
    "caption": "caption.text",
    "before": "context.before.text",
    "after": "context.after.text",
    "page_text": "page_text.text",
    "authors": "authors",
    "publisher": "publisher.text",
    "place": "place.text",
}
"""Short name of a field → where its words are kept as printed."""

FOLDED_FIELDS: Mapping[str, str] = {
    name: f"{name if name in ('publisher', 'place') else field}.folded" for name, field in PRINTED_FIELDS.items()
}
"""One skeleton for all spellings of a word through the centuries."""

STEMMED_FIELDS = ("title", "subjects", "caption", "before", "after", "page_text")
"""Names of people, publishers and places have no endings to lose."""

OCR_FIELDS = ("caption", "page_text")
"""Only what OCR read is misread; a record was written by people. What stands before and after a picture is part of its
page: looked for there too, misreadings took half of a search's time."""

MIN_FUZZY_LENGTH = 6
"""A letter apart, a shorter word is another word. On 41 pages of five libraries words of 5 letters found 2.1 times as
much with their neighbours, of 6 letters 1.3 times, of 9 letters 1.02 times."""
FUZZINESS = 1
"""Letters apart: two would cost 10 ms a word, and 50 where it is marked; one costs 1."""


def stem_fields(names: Iterable[str]) -> list[str]:
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
    """Words in any form but misread; `every` one of them in one field, `ends` with other endings too."""
    fields = spelling_fields(names, form_boosts) + (
        [f"{field}^{form_boosts.stem:g}" for field in stem_fields(names)] if with_stems else []
    )
    return _multi_match(text, "best_fields", fields, weight, operator="and" if require_all else "or")


def verbatim_clause(term: QueryTerm, fields: Sequence[str], *, weight: float = 1.0) -> Clause:
    """A phrase or the beginning of a word: its endings are the reader's, only the spelling may be another century's."""
    if term.kind == "phrase":
        return _multi_match(term.text, "phrase", fields, weight)
    return _multi_match(term.text, "bool_prefix", fields, weight, operator="and")


def spelling_fields(names: Sequence[str], form_boosts: FormBoosts | None = None) -> list[str]:
    """Fields as printed and in old spelling, with the boosts of these forms where they rank."""
    printed_boost, folded_boost = (f"^{form_boosts.printed:g}", f"^{form_boosts.folded:g}") if form_boosts else ("", "")
    return [f"{PRINTED_FIELDS[name]}{printed_boost}" for name in names] + [
        f"{FOLDED_FIELDS[name]}{folded_boost}" for name in names
    ]


def fuzzy_clauses(text: str, names: Iterable[str], *, weight: float = 1.0) -> list[Clause]:
    """Long words, a letter apart, where OCR read them. The same score for each: a misreading is rare by nature,
    and BM25 would take that for a merit."""
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
    """One word in any form but misread, to decide what is found and not how good it is.

    `combined_fields` counts as one clause for all fields of one analyser: the smallest node's are few.
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
    """The same clause over some of its fields."""
    multi_match = clause["multi_match"]
    return {
        "multi_match": {
            **multi_match,
            "fields": [field for field in multi_match["fields"] if field.partition("^")[0] in fields],
        }
    }
