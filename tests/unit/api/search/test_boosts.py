"""The boosts that a relevance run writes."""

from api.elasticsearch.queries.text_query import CAPTION_HEAD, CLAUSE_FIELDS
from api.search.boosts import BOOSTS, BOOSTS_FILE, load_boosts
from core.encoders.registry import SPECS


def test_every_clause_and_every_model_has_a_boost() -> None:
    assert set(BOOSTS.clauses) == {*CLAUSE_FIELDS, CAPTION_HEAD, "year", "identifiers", "exact title"}
    assert set(BOOSTS.models) == {name for name, spec in SPECS.items() if spec.encodes_images}
    assert load_boosts(BOOSTS_FILE) == BOOSTS


def test_boosts_fall_with_the_distance_from_the_typed_form() -> None:
    forms = BOOSTS.forms
    assert forms.printed > forms.folded > forms.stem > forms.misread > 0


def test_identifiers_and_exact_titles_outweigh_all_other_clauses() -> None:
    others = [boost for name, boost in BOOSTS.clauses.items() if name not in ("identifiers", "exact title")]
    assert min(BOOSTS.clauses["identifiers"], BOOSTS.clauses["exact title"]) > 100 * max(*others, BOOSTS.word_knn_boost)
    assert BOOSTS.clauses["identifiers"] > 10 * BOOSTS.knn_boost


def test_boosts_name_the_run_that_wrote_them() -> None:
    assert BOOSTS.provenance
