"""Sources are read ahead within limits, and an archive waits for the end of its last volume."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.cluster.lane_feed import FeedItem, LaneFeed
from indexer.records import Book, Leaf, Problem, Volume
from tests.waiting import PATIENCE_SECONDS, wait_until


def volume(name: str, scan: Path) -> Volume:
    return Volume(book=Book(id=name), leaves=(Leaf(id=name, number=1, scan=str(scan)),))


def take(feed: LaneFeed) -> FeedItem:
    item = feed.take(PATIENCE_SECONDS)
    assert item
    return item


def test_items_of_all_lanes_come_and_then_nothing(tmp_path: Path) -> None:
    lanes = [[((number, 0), Problem(str(number), "is damaged"))] for number in range(3)]
    feed = LaneFeed(lanes, tmp_path, capacity=1)
    assert sorted(take(feed)[0] for _ in lanes) == [(0, 0), (1, 0), (2, 0)]
    assert wait_until(lambda: feed.is_exhausted)
    assert feed.take() is None


def test_an_archive_goes_on_when_its_volume_has_ended(tmp_path: Path) -> None:
    asked: list[str] = []

    def lane() -> Iterator[FeedItem]:
        for name in ("one", "two"):
            asked.append(name)
            yield (0, len(asked)), volume(name, tmp_path / "unpacked" / name)

    feed = LaneFeed([lane()], tmp_path / "unpacked", capacity=8)
    key, _ = take(feed)
    assert asked == ["one"]
    feed.end_volume(key)
    assert take(feed)[0] == (0, 2)
    feed.stop()


def test_an_error_of_a_source_is_raised(tmp_path: Path) -> None:
    def lane() -> Iterator[FeedItem]:
        raise OSError("the disk is gone")
        yield

    with pytest.raises(OSError, match="the disk is gone"):
        LaneFeed([lane()], tmp_path, capacity=1).take(PATIENCE_SECONDS)
