"""The sources of a run."""

from pathlib import Path

from indexer.ingest.run import distinct_locations


def test_a_source_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    folder, other_folder, url = str(tmp_path / "a"), str(tmp_path), "https://example.org/manifest"
    locations = [url, folder, other_folder, f"{folder}/", str(tmp_path / "link"), f"{other_folder}/a/../a", url]
    assert distinct_locations(locations) == (url, folder, other_folder)
