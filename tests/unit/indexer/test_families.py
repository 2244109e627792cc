"""Pairs become families: a partition, the same in any order, no chain, and never against what a person decided."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.elasticsearch.family_pictures import Fact
from indexer.families import naming
from indexer.families.clustering import Decision, Family, Link, Pair, components, families, pair
from indexer.families.judging import BITS_ALONE, SSCD, judge, preferred
from indexer.images.perceptual_hashes import NOTHING

IDS = "abcdefgh"

PAIRS = st.sampled_from([pair(*each) for each in combinations(IDS, 2)])
LINKS = st.dictionaries(
    PAIRS, st.builds(Link, st.sampled_from(["exact", "near"]), st.sampled_from([0.7, 0.8, 0.93, 0.99])), max_size=20
)
SOME = st.lists(st.sampled_from(IDS), min_size=2, max_size=4, unique=True).map(tuple)


def decision(*pictures: str, together: bool, at: int = 0) -> Decision:
    return Decision(together, pictures, "Kari", f"2026-11-24T10:00:{at:02}+00:00")


@st.composite
def decisions(draw: st.DrawFn) -> list[Decision]:
    drawn = draw(st.lists(st.tuples(SOME, st.booleans()), max_size=5))
    return [decision(*pictures, together=together, at=at) for at, (pictures, together) in enumerate(drawn)]


def everyone(links: dict[Pair, Link], decided: list[Decision]) -> set[str]:
    return {id_ for each in links for id_ in each} | {id_ for each in decided for id_ in each.pictures}


def place(found: list[Family]) -> dict[str, int]:
    return {id_: number for number, family in enumerate(found) for id_ in family}


@given(LINKS, decisions())
def test_families_are_disjoint_and_of_pictures_that_were_linked_or_decided(
    links: dict[Pair, Link], decided: list[Decision]
) -> None:
    found = families(links, decided)
    assert sum(map(len, found)) == len(place(found))
    assert all(len(family) > 1 for family in found)
    assert place(found).keys() <= everyone(links, decided)


@given(LINKS, decisions(), st.randoms(use_true_random=False))
def test_the_order_of_pairs_and_of_reading_decisions_changes_nothing(
    links: dict[Pair, Link], decided: list[Decision], chance: object
) -> None:
    shuffled, otherwise = list(links.items()), list(decided)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    chance.shuffle(otherwise)  # type: ignore[attr-defined]
    assert families(dict(shuffled), otherwise) == families(links, decided)


@given(LINKS, decisions())
def test_a_component_by_itself_gives_the_families_that_all_give_together(
    links: dict[Pair, Link], decided: list[Decision]
) -> None:
    parts = components(links, decided)
    assert sorted(naming.gathered(parts, links, decided), key=min) == families(links, decided)


@given(LINKS, st.lists(SOME, max_size=4))
def test_who_was_kept_apart_is_in_no_family_with_them(links: dict[Pair, Link], split: list[tuple[str, ...]]) -> None:
    found = place(families(links, [decision(*each, together=False) for each in split]))
    for one, *others in split:
        assert all(found.get(one) is None or found[one] != found.get(other) for other in others)


@given(links=LINKS, decided=decisions(), pictures=SOME, together=st.booleans())
def test_the_last_word_counts(
    links: dict[Pair, Link], decided: list[Decision], pictures: tuple[str, ...], *, together: bool
) -> None:
    found = place(families(links, [*decided, decision(*pictures, together=together, at=59)]))
    one, *others = pictures
    if together:
        assert {found[id_] for id_ in pictures} == {found[one]}
    else:
        assert all(found.get(one) is None or found[one] != found.get(other) for other in others)


def test_a_chain_of_look_alikes_is_no_family() -> None:
    """Of three, two pairs of three are enough; the fourth is like one of them only."""
    chain = {pair(one, other): Link("near", 0.8) for one, other in pairwise(IDS)}
    assert max(map(len, families(chain, []))) == 3


def test_a_family_larger_than_what_is_asked_per_picture_is_one() -> None:
    """Of 60 copies each is linked with the 20 next to it only."""
    names = [f"{number:02}" for number in range(60)]
    links = {
        pair(one, names[(row + step) % 60]): Link("exact", 0.99)
        for row, one in enumerate(names)
        for step in range(1, 11)
    }
    assert families(links, []) == [frozenset(names)]


def test_what_is_flat_or_has_no_hash_is_a_copy_of_nothing() -> None:
    assert SSCD.tier(1.0, NOTHING, NOTHING) is None
    assert SSCD.tier(1.0, "", "f" * 8 + "0" * 8) is None


def test_exact_near_and_neither_by_cosine_and_bits() -> None:
    one, near, far = "f" * 8 + "0" * 8, "f" * 8 + "0" * 6 + "0f", "0" * 8 + "f" * 8
    assert [SSCD.tier(cosine, one, near) for cosine in (0.95, 0.75, 0.5)] == ["exact", "near", None]
    assert SSCD.tier(0.99, one, far) is None, "vectors alone do not decide: ornaments look alike"


def test_without_a_measured_model_the_hashes_decide_alone() -> None:
    assert preferred(["clip", "siglip"]) == "siglip"
    assert preferred([]) is None
    one, other = "f" * 8 + "0" * 8, f"{(0xFFFFFFFF00000000 ^ (2 ** (BITS_ALONE + 1) - 1)):016x}"
    alone = judge("siglip")
    assert alone.tier(-0.5, one, one) == "exact"
    assert alone.tier(0.99, one, other) is None
    assert "hashes alone" in str(alone)


def fact(family: str = "", year: int | None = None) -> Fact:
    return Fact(
        hash="", crop="", year=year, family={"id": family} if family else {}, set_aside=False, title="", book_id=""
    )


def free(_names: object) -> set[str]:
    return set()


def test_an_old_id_goes_where_most_of_the_old_family_is() -> None:
    facts = {"a": fact("old"), "b": fact("old"), "c": fact("old"), "d": fact()}
    found = [frozenset("ad"), frozenset("bc")]
    said = naming.documents(found, facts, {}, [], free)
    assert said["b"]["id"] == said["c"]["id"] == "old"
    assert said["a"]["id"] == said["d"]["id"] != "old"


def test_a_new_id_is_the_same_in_every_run_and_none_that_another_family_bears() -> None:
    facts = {id_: fact() for id_ in "ab"}
    found = [frozenset("ab")]
    name = naming.documents(found, facts, {}, [], free)["a"]["id"]
    assert naming.documents(found, facts, {}, [], free)["a"]["id"] == name
    assert naming.documents(found, facts, {}, [], {name}.intersection)["a"]["id"] != name


def test_a_picture_says_its_own_tier_and_the_familys_years() -> None:
    facts = {"a": fact(year=1843), "b": fact(), "c": fact(year=1891)}
    links = {("a", "b"): Link("exact", 0.95), ("b", "c"): Link("near", 0.8)}
    said = naming.documents([frozenset("abc")], facts, links, [decision("a", "c", together=True)], free)
    assert [said[id_]["tier"] for id_ in "abc"] == ["exact", "exact", "near"]
    assert {(each["first_year"], each["last_year"], each["size"], each["by"]) for each in said.values()} == {
        (1843, 1891, 3, "Kari")
    }
