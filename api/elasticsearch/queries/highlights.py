"""The found words in `<em>`."""

from collections.abc import Mapping, Sequence

from api.elasticsearch.queries.clause import Clause
from api.elasticsearch.queries.forms import FOLDED, PRINTED, misread, narrowed, stems
from api.elasticsearch.queries.words import CLAUSES, ranked
from api.search.boosts import BOOSTS
from api.search.query_syntax import WordQuery

FRAGMENTS: Mapping[str, int] = {"caption": 0, "before": 2, "after": 2, "page_text": 1, "title": 0, "authors": 0}
"""Name in a `Hit` → how many fragments of it; 0 keeps the whole."""

FRAGMENT_LETTERS = 100
"""What a card has room for: the word found may stand at the end of its fragment."""

MARKED: Mapping[str, tuple[str, ...]] = {name: (*stems([name]), FOLDED[name]) for name in FRAGMENTS}
MISREAD = "caption"

HIGHLIGHTED: Mapping[str, tuple[str, ...]] = {
    **MARKED,
    MISREAD: (*MARKED[MISREAD], PRINTED[MISREAD]),
}
"""Name in a `Hit` → the fields in which its words may be marked, the one that marks most first."""

CLAUSE_OF = {field: name for name, fields in CLAUSES.items() for field in fields}


def highlight(query: WordQuery) -> Clause:
    """The found words in `<em>`, everything else escaped; other endings and spellings are marked too.

    A misreading is marked in captions alone, where nothing else is: for words that may differ in a letter Elasticsearch
    leaves the places that it has indexed and takes every text apart again, which made a search three times as slow.
    Each language is a field of its own, which a book of another one does not have.
    """
    fields = {
        field: _field(name, matched, [narrowed(clause, matched) for clause in found])
        for name, several in MARKED.items()
        if (found := ranked(query, CLAUSE_OF[name], [name], BOOSTS.forms, near=False))
        for field in several
        # What is there as printed is there in its skeleton too: to look for both made marking twice as slow.
        if (matched := list(dict.fromkeys((field, FOLDED[name]))))
    }
    words = " ".join(term.text for term in query.terms if term.kind == "word" and term.field in ("", MISREAD))
    if near := misread(words, [MISREAD]):
        fields[PRINTED[MISREAD]] = _field(MISREAD, [PRINTED[MISREAD]], near)
    return {"encoder": "html", "pre_tags": ["<em>"], "post_tags": ["</em>"], "fields": fields}


def _field(name: str, matched: Sequence[str], found: Sequence[Clause]) -> Clause:
    return {
        "number_of_fragments": FRAGMENTS[name],
        "fragment_size": FRAGMENT_LETTERS,
        "matched_fields": list(matched),
        "highlight_query": {"bool": {"should": list(found)}},
    }
