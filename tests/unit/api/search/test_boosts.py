"""The numbers that a relevance run writes are complete, and what must stand above all does."""

from api.elasticsearch.queries.text_query import CLAUSE_FIELDS
from api.search.boosts import BOOSTS, BOOSTS_FILE, load_boosts
from core.encoders.registry import SPECS
from indexer.classification.classes import read_classes


def test_every_clause_and_every_model_has_its_number() -> None:
    assert set(BOOSTS.clauses) == {*CLAUSE_FIELDS, "year", "identifiers", "exact title"}
    assert set(BOOSTS.models) == set(SPECS)
    assert load_boosts(BOOSTS_FILE) == BOOSTS


def test_a_word_counts_the_less_the_less_it_is_as_typed() -> None:
    forms = BOOSTS.forms
    assert forms.printed > forms.folded > forms.stem > forms.misread > 0


def test_identifiers_and_titles_stand_above_any_sum() -> None:
    others = [boost for name, boost in BOOSTS.clauses.items() if name not in ("identifiers", "exact title")]
    assert min(BOOSTS.clauses["identifiers"], BOOSTS.clauses["exact title"]) > 100 * max(*others, BOOSTS.word_knn_boost)
    assert BOOSTS.clauses["identifiers"] > 10 * BOOSTS.knn_boost


def test_the_numbers_say_where_they_are_from() -> None:
    assert BOOSTS.provenance


def test_ornaments_of_the_usual_classes_count_less_and_not_nothing() -> None:
    assert BOOSTS.labels.keys() <= set(read_classes(None).classes)
    assert all(0 < factor < 1 for factor in BOOSTS.labels.values())
