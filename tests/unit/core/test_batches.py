"""Iterables in batches."""

from core.batches import batched


def test_the_last_batch_may_be_shorter() -> None:
    assert list(batched(iter("abcde"), 2)) == [["a", "b"], ["c", "d"], ["e"]]


def test_no_items_give_no_batch() -> None:
    assert list(batched([], 2)) == []
