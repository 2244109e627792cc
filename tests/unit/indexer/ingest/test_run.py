"""The sources of a run."""

from pathlib import Path

import pytest

from core.settings import Settings
from indexer.images.fetching import Fetcher
from indexer.ingest.host_pools import LOCAL_HOST, host_of
from indexer.ingest.run import distinct_locations, find_lanes
from indexer.records import Leaf, Problem


def test_a_source_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    folder, other_folder, url = str(tmp_path / "a"), str(tmp_path), "https://example.org/manifest"
    locations = [url, folder, other_folder, f"{folder}/", str(tmp_path / "link"), f"{other_folder}/a/../a", url]
    assert distinct_locations(locations) == (url, folder, other_folder)


@pytest.mark.parametrize(
    ("leaf", "host"),
    [
        (Leaf(id="a", number=1, scan="https://x.org:81/a.jpg"), "x.org:81"),
        (Leaf(id="a", number=1, scan="http://[bad/x"), "[bad"),
        (Leaf(id="a", number=1, alto="http://a℀b/x"), "a℀b"),
        (Leaf(id="a", number=1, scan="/scans/a.jpg", alto="a.xml"), LOCAL_HOST),
    ],
)
def test_every_page_has_a_host(leaf: Leaf, host: str) -> None:
    assert host_of(leaf) == host


def test_an_address_that_is_not_valid_is_a_problem_and_the_other_sources_are_read(tmp_path: Path) -> None:
    with Fetcher(Settings(cache=tmp_path)) as fetcher:
        lanes = find_lanes(["http://[bad/x", str(tmp_path / "none")], fetcher, tmp_path)
        problems = [item for lane in lanes for _, item in lane if isinstance(item, Problem)]
    assert [problem.file for problem in problems] == ["http://[bad/x", str(tmp_path / "none")]
    assert problems[0].reason.startswith("not a valid URL (Invalid IPv6 URL); name the address of ")
