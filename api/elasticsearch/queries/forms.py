"""The forms in which one word may stand in a field: as printed, in old spelling, with another ending, misread."""

from collections.abc import Iterable, Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.search.boosts import Forms
from api.search.query_syntax import Term

LANGUAGES = ("no", "nn", "da", "de", "en", "fr")
"""Of the mapping's `stems`; a book's words are in its own languages' alone."""

PRINTED: Mapping[str, str] = {
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

FOLDED: Mapping[str, str] = {
    name: f"{name if name in ('publisher', 'place') else field}.folded" for name, field in PRINTED.items()
}
"""One skeleton for all spellings of a word through the centuries."""

STEMMED = ("title", "subjects", "caption", "before", "after", "page_text")
"""Names of people, publishers and places have no endings to lose."""

READ_BY_MACHINE = ("caption", "page_text")
"""Only what OCR read is misread; a record was written by people. What stands before and after a picture is part of its
page: looked for there too, misreadings took half of a search's time."""

MISREAD_LETTERS = 6
"""A letter apart, a shorter word is another word. On 41 pages of five libraries words of 5 letters found 2.1 times as
much with their neighbours, of 6 letters 1.3 times, of 9 letters 1.02 times."""
FUZZINESS = 1
"""Letters apart: two would cost 10 ms a word, and 50 where it is marked; one costs 1."""


def stems(names: Iterable[str]) -> list[str]:
    return [f"stems.{language}.{name}" for name in names if name in STEMMED for language in LANGUAGES]


def matches(words: str, names: Sequence[str], forms: Forms, *, weight: float = 1.0, every: bool, ends: bool) -> Clause:
    """Words in any form but misread; `every` one of them in one field, `ends` with other endings too."""
    fields = spelt(names, forms) + ([f"{field}^{forms.stem:g}" for field in stems(names)] if ends else [])
    return _multi_match(words, "best_fields", fields, weight, operator="and" if every else "or")


def as_written(term: Term, fields: Sequence[str], *, weight: float = 1.0) -> Clause:
    """A phrase or the beginning of a word: its endings are the reader's, only the spelling may be another century's."""
    if term.kind == "phrase":
        return _multi_match(term.text, "phrase", fields, weight)
    return _multi_match(term.text, "bool_prefix", fields, weight, operator="and")


def spelt(names: Sequence[str], forms: Forms | None = None) -> list[str]:
    """Fields as printed and in old spelling, with the boosts of these forms where they rank."""
    printed, folded = (f"^{forms.printed:g}", f"^{forms.folded:g}") if forms else ("", "")
    return [f"{PRINTED[name]}{printed}" for name in names] + [f"{FOLDED[name]}{folded}" for name in names]


def misread(words: str, names: Iterable[str], *, weight: float = 1.0) -> list[Clause]:
    """Long words, a letter apart, where OCR read them. The same score for each: a misreading is rare by nature,
    and BM25 would take that for a merit."""
    long = " ".join(word for word in words.split() if may_be_misread(word))
    fields = [PRINTED[name] for name in names if name in READ_BY_MACHINE]
    if not (long and fields):
        return []
    near = _multi_match(
        long, "best_fields", fields, weight, fuzziness=FUZZINESS, prefix_length=1, fuzzy_rewrite="constant_score"
    )
    return [near]


def may_be_misread(word: str) -> bool:
    return word.isalpha() and len(word) >= MISREAD_LETTERS


def anywhere(word: str, names: Sequence[str]) -> list[Clause]:
    """One word in any form but misread, to decide what is found and not how good it is.

    `combined_fields` counts as one clause for all fields of one analyser: the smallest node's are few.
    """
    forms = [[PRINTED[name] for name in names], [FOLDED[name] for name in names]]
    stemmed = [name for name in names if name in STEMMED]
    forms += [[f"stems.{language}.{name}" for name in stemmed] for language in LANGUAGES if stemmed]
    return [{"combined_fields": {"query": word, "operator": "and", "fields": fields}} for fields in forms]


def _multi_match(words: str, kind: str, fields: Sequence[str], weight: float, **more: str | int) -> Clause:
    boost = {} if weight == 1 else {"boost": weight}
    return {"multi_match": {"query": words, "type": kind, "fields": list(fields), **more, **boost}}


def narrowed(clause: Clause, fields: Sequence[str]) -> Clause:
    """The same clause over some of its fields."""
    match = clause["multi_match"]
    return {"multi_match": {**match, "fields": [each for each in match["fields"] if each.partition("^")[0] in fields]}}
