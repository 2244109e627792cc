"""Volumes that share a book or a page are worked on one after another, and all others at the same time."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.cluster.schedule import VolumeSchedule, volume_claims
from indexer.records import Book, Leaf, Volume

CLAIMS = st.lists(st.sets(st.sampled_from("abcde"), min_size=1, max_size=3), max_size=14)


def make_volume(book: str, *pages: str) -> Volume:
    leaves = tuple(Leaf(id=page, number=number) for number, page in enumerate(pages, start=1))
    return Volume(book=Book(id=book), leaves=leaves)


def test_volumes_without_common_claims_start_in_their_order() -> None:
    schedule = VolumeSchedule[int]()
    for key in range(3):
        schedule.add(key, {f"book {key}"})
    assert [schedule.start_next() for _ in range(4)] == [0, 1, 2, None]


def test_a_volume_waits_for_the_earlier_one_even_while_that_waits_itself() -> None:
    schedule = VolumeSchedule[str]()
    schedule.add("first", {"a"})
    schedule.add("second", {"a", "b"})
    schedule.add("third", {"b"})
    assert (schedule.start_next(), schedule.start_next()) == ("first", None)
    schedule.end("first")
    assert (schedule.start_next(), schedule.start_next()) == ("second", None)
    schedule.end("second")
    assert schedule.start_next() == "third"
    schedule.end("third")
    assert not len(schedule)


def test_a_volume_whose_worker_died_starts_again_before_those_that_wait_for_it() -> None:
    schedule = VolumeSchedule[str]()
    schedule.add("first", {"a"})
    schedule.add("second", {"a"})
    assert schedule.start_next() == "first"
    schedule.restart("first")
    assert (schedule.start_next(), schedule.start_next()) == ("first", None)


@given(claims=CLAIMS, choices=st.lists(st.integers(0, 9), min_size=60, max_size=60), died=st.sets(st.integers(0, 59)))
def test_any_order_of_ends_and_deaths_keeps_the_law(claims: list[set[str]], choices: list[int], died: set[int]) -> None:
    """Two that run share no claim, those that share one end in their order, and every volume ends."""
    schedule, running, ended = VolumeSchedule[int](), list[int](), list[int]()
    for key, names in enumerate(claims):
        schedule.add(key, names)
    for step, choice in enumerate(choices):
        while (key := schedule.start_next()) is not None:
            running.append(key)
        held = [name for key in running for name in claims[key]]
        assert len(held) == len(set(held))
        if running:
            key = running.pop(choice % len(running))
            if step in died:
                schedule.restart(key)
            else:
                schedule.end(key)
                ended.append(key)
        elif not len(schedule):
            break
    if len(died) + len(claims) <= len(choices):
        assert sorted(ended) == list(range(len(claims)))
    for name in "abcde":
        of_claim = [key for key in ended if name in claims[key]]
        assert of_claim == sorted(of_claim)


def test_volumes_claim_their_book_and_pages_by_the_ids_of_their_documents() -> None:
    assert volume_claims(make_volume("one", "p 1")) & volume_claims(make_volume("two", "p 1"))
    assert volume_claims(make_volume("one")) & volume_claims(make_volume("one", "other"))
    assert not volume_claims(make_volume("one", "p1")) & volume_claims(make_volume("two", "p2"))
    assert not volume_claims(make_volume("same")) & volume_claims(make_volume("other", "same"))


def test_the_known_pages_of_a_whole_issue_in_one_file_are_claimed() -> None:
    issue = Leaf(id="issue", number=1, page_leaves=(Leaf(id="issue_1", number=1), None))
    assert volume_claims(Volume(book=Book(id="b"), leaves=(issue,))) & volume_claims(make_volume("c", "issue_1"))
