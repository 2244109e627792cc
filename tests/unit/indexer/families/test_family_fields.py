"""The field `family` of pictures: ids, tiers, years and authors."""

from dataclasses import replace

from indexer.elasticsearch.family_decisions import Decision
from indexer.elasticsearch.family_pictures import FamilyPicture
from indexer.families import family_fields
from indexer.families.clustering import Link


def make_picture(family: str = "", year: int | None = None) -> FamilyPicture:
    return FamilyPicture(
        hash="", crop="", year=year, family={"id": family} if family else {}, hidden=False, title="", book_id=""
    )


def no_taken_ids(_names: object) -> set[str]:
    return set()


def test_old_id_goes_to_family_with_most_old_members() -> None:
    pictures = {"a": make_picture("old"), "b": make_picture("old"), "c": make_picture("old"), "d": make_picture()}
    clustered = [frozenset("ad"), frozenset("bc")]
    fields = family_fields.build_family_fields(clustered, pictures, {}, [], no_taken_ids)
    assert fields["b"]["id"] == fields["c"]["id"] == "old"
    assert fields["a"]["id"] == fields["d"]["id"] != "old"


def test_new_id_is_deterministic_and_unused() -> None:
    pictures = {id_: make_picture() for id_ in "ab"}
    clustered = [frozenset("ab")]
    family_id = family_fields.build_family_fields(clustered, pictures, {}, [], no_taken_ids)["a"]["id"]
    assert family_fields.build_family_fields(clustered, pictures, {}, [], no_taken_ids)["a"]["id"] == family_id
    assert (
        family_fields.build_family_fields(clustered, pictures, {}, [], {family_id}.intersection)["a"]["id"] != family_id
    )


def test_the_books_of_a_family_are_counted_once() -> None:
    pictures = {
        id_: replace(make_picture(), book_id=book) for id_, book in (("a", "1843"), ("b", "1843"), ("c", "1867"))
    }
    fields = family_fields.build_family_fields([frozenset("abc")], pictures, {}, [], no_taken_ids)
    assert {(family["size"], family["books"]) for family in fields.values()} == {(3, 2)}


def test_fields_have_tier_of_picture_and_years_of_family() -> None:
    pictures = {"a": make_picture(year=1843), "b": make_picture(), "c": make_picture(year=1891)}
    links = {("a", "b"): Link("exact", 0.95), ("b", "c"): Link("near", 0.8)}
    fields = family_fields.build_family_fields(
        [frozenset("abc")],
        pictures,
        links,
        [Decision(together=True, pictures=("a", "c"), by="Kari", at="2026-11-24T10:00:00+00:00")],
        no_taken_ids,
    )
    assert [fields[id_]["tier"] for id_ in "abc"] == ["exact", "exact", "near"]
    assert {
        (picture_family["first_year"], picture_family["last_year"], picture_family["size"], picture_family["by"])
        for picture_family in fields.values()
    } == {(1843, 1891, 3, "Kari")}
