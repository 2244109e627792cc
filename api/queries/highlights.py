"""The found words in `<em>`."""

from collections.abc import Mapping

from api.boosts import BOOSTS
from api.queries.clause import Clause
from api.queries.forms import FOLDED, PRINTED, narrowed, stems
from api.queries.words import CLAUSES, ranked
from api.syntax import WordQuery

FRAGMENTS: Mapping[str, int] = {"caption": 0, "before": 2, "after": 2, "page_text": 2, "title": 0, "authors": 0}
"""Name in a `Hit` → how many fragments of it; 0 keeps the whole."""

HIGHLIGHTED: Mapping[str, tuple[str, ...]] = {name: (*stems([name]), FOLDED[name]) for name in FRAGMENTS}
"""Name in a `Hit` → the fields in which its words may be marked, the one that marks most first. The words as printed
are not among them: Elasticsearch looks up offsets where the first field keeps them, and the others keep none."""

CLAUSE_OF = {field: name for name, fields in CLAUSES.items() for field in fields}


def highlight(query: WordQuery) -> Clause:
    """The found words in `<em>`, everything else escaped; other endings, spellings and misreadings are marked too.

    Each language is a field of its own, which a book of another one does not have: together they would be taken apart
    for every field of every hit, which took seconds.
    """
    fields = {
        field: {
            "number_of_fragments": FRAGMENTS[name],
            # What a card has room for: the word found may stand at the end of its fragment.
            "fragment_size": 100,
            "matched_fields": matched,
            "highlight_query": {"bool": {"should": [narrowed(clause, matched) for clause in found]}},
        }
        for name, several in HIGHLIGHTED.items()
        if (found := ranked(query, CLAUSE_OF[name], [name], BOOSTS.forms))
        for field in several
        if (matched := list(dict.fromkeys((field, FOLDED[name], PRINTED[name]))))
    }
    return {"encoder": "html", "pre_tags": ["<em>"], "post_tags": ["</em>"], "fields": fields}
