"""Pairs of copies become families: disjoint, independent of order, without chains, respecting decisions."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.elasticsearch.family_decisions import Decision
from indexer.families import family_fields
from indexer.families.clustering import (
    FamilyMembers,
    Link,
    PicturePair,
    cluster_pictures,
    connected_components,
    ordered_pair,
)

IDS = "abcdefgh"

PAIRS = st.sampled_from([ordered_pair(*ids) for ids in combinations(IDS, 2)])
LINKS = st.dictionaries(
    PAIRS, st.builds(Link, st.sampled_from(["exact", "near"]), st.sampled_from([0.7, 0.8, 0.93, 0.99])), max_size=20
)
PICTURE_TUPLES = st.lists(st.sampled_from(IDS), min_size=2, max_size=4, unique=True).map(tuple)


def make_decision(*pictures: str, together: bool, second: int = 0) -> Decision:
    return Decision(together, pictures, "Kari", f"2026-11-24T10:00:{second:02}+00:00")


@st.composite
def draw_decisions(draw: st.DrawFn) -> list[Decision]:
    groups = draw(st.lists(st.tuples(PICTURE_TUPLES, st.booleans()), max_size=5))
    return [
        make_decision(*pictures, together=together, second=second) for second, (pictures, together) in enumerate(groups)
    ]


def all_pictures(links: dict[PicturePair, Link], decisions: list[Decision]) -> set[str]:
    return {id_ for picture_pair in links for id_ in picture_pair} | {
        id_ for decision in decisions for id_ in decision.pictures
    }


def family_numbers(families: list[FamilyMembers]) -> dict[str, int]:
    return {id_: number for number, family in enumerate(families) for id_ in family}


@given(LINKS, draw_decisions())
def test_families_are_disjoint_and_contain_only_linked_or_decided_pictures(
    links: dict[PicturePair, Link], decisions: list[Decision]
) -> None:
    clustered = cluster_pictures(links, decisions)
    assert sum(map(len, clustered)) == len(family_numbers(clustered))
    assert all(len(family) > 1 for family in clustered)
    assert family_numbers(clustered).keys() <= all_pictures(links, decisions)


@given(LINKS, draw_decisions(), st.randoms(use_true_random=False))
def test_order_of_links_and_decisions_does_not_matter(
    links: dict[PicturePair, Link], decisions: list[Decision], random: object
) -> None:
    shuffled_links, shuffled_decisions = list(links.items()), list(decisions)
    random.shuffle(shuffled_links)  # type: ignore[attr-defined]
    random.shuffle(shuffled_decisions)  # type: ignore[attr-defined]
    assert cluster_pictures(dict(shuffled_links), shuffled_decisions) == cluster_pictures(links, decisions)


@given(LINKS, draw_decisions())
def test_components_can_be_clustered_one_by_one(links: dict[PicturePair, Link], decisions: list[Decision]) -> None:
    linked_components = connected_components(links, decisions)
    assert sorted(family_fields.cluster_components(linked_components, links, decisions), key=min) == cluster_pictures(
        links, decisions
    )


@given(LINKS, st.lists(PICTURE_TUPLES, max_size=4))
def test_separated_pictures_share_no_family(
    links: dict[PicturePair, Link], separated_groups: list[tuple[str, ...]]
) -> None:
    numbers = family_numbers(
        cluster_pictures(links, [make_decision(*group, together=False) for group in separated_groups])
    )
    for separated, *other_pictures in separated_groups:
        assert all(
            numbers.get(separated) is None or numbers[separated] != numbers.get(picture) for picture in other_pictures
        )


@given(links=LINKS, decisions=draw_decisions(), pictures=PICTURE_TUPLES, together=st.booleans())
def test_latest_decision_wins(
    links: dict[PicturePair, Link], decisions: list[Decision], pictures: tuple[str, ...], *, together: bool
) -> None:
    numbers = family_numbers(
        cluster_pictures(links, [*decisions, make_decision(*pictures, together=together, second=59)])
    )
    first, *other_pictures = pictures
    if together:
        assert {numbers[id_] for id_ in pictures} == {numbers[first]}
    else:
        assert all(numbers.get(first) is None or numbers[first] != numbers.get(picture) for picture in other_pictures)


def test_chain_of_similar_pictures_is_not_a_family() -> None:
    """Three pictures with two of three links merge; the fourth has a link to only one of them."""
    chain = {ordered_pair(first, second): Link("near", 0.8) for first, second in pairwise(IDS)}
    assert max(map(len, cluster_pictures(chain, []))) == 3


def test_family_may_be_larger_than_number_of_neighbours() -> None:
    """Each of 60 copies has links to only 20 others."""
    pictures = [f"{number:02}" for number in range(60)]
    links = {
        ordered_pair(picture, pictures[(row + step) % 60]): Link("exact", 0.99)
        for row, picture in enumerate(pictures)
        for step in range(1, 11)
    }
    assert cluster_pictures(links, []) == [frozenset(pictures)]
