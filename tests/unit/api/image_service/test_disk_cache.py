"""The cache of images: what it keeps, and what makes room."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from api.image_service.disk_cache import DiskCache


def bytes_on_disk(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_a_content_comes_back_also_in_the_next_process(tmp_path: Path) -> None:
    DiskCache(tmp_path / "images", 100).put("key", b"content")
    cache = DiskCache(tmp_path / "images", 100)
    assert cache.get("key") == b"content"
    assert cache.get("other") is None


def test_the_least_recently_used_content_makes_room(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, 30)
    for key in "abc":
        cache.put(key, key.encode() * 10)
    assert cache.get("a") == b"a" * 10
    cache.put("d", b"d" * 10)
    assert [key for key in "abcd" if cache.get(key)] == ["a", "c", "d"]


def test_files_of_an_earlier_process_make_room_in_the_order_of_their_use(tmp_path: Path) -> None:
    earlier = DiskCache(tmp_path, 100)
    for second, key in enumerate("abc"):
        earlier.put(key, key.encode() * 10)
        newest = max(tmp_path.rglob("*"), key=lambda file: file.stat().st_mtime_ns if file.is_file() else 0)
        os.utime(newest, (1000 + second, 1000 + second))
    cache = DiskCache(tmp_path, 30)
    cache.put("d", b"d" * 10)
    assert [key for key in "abcd" if cache.get(key)] == ["b", "c", "d"]


def test_no_cache_and_a_content_that_is_too_large_write_nothing(tmp_path: Path) -> None:
    DiskCache(tmp_path, 0).put("key", b"content")
    DiskCache(tmp_path, 5).put("key", b"content")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "images").write_text("a file")
    cache = DiskCache(tmp_path / "images", 100)
    cache.put("key", b"content")
    assert cache.get("key") is None


@given(puts=st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 40)), max_size=30))
def test_the_files_never_exceed_the_limit(tmp_path_factory: object, puts: list[tuple[str, int]]) -> None:
    folder = tmp_path_factory.mktemp("cache")  # type: ignore[attr-defined]
    cache = DiskCache(folder, 100)
    for key, size in puts:
        cache.put(key, bytes(size))
        assert cache.get(key) == bytes(size)
        assert bytes_on_disk(folder) <= 100


def test_threads_may_use_it_together(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, 1000)
    keys = [str(number) for number in range(60)]

    def put_and_get(key: str) -> bool:
        cache.put(key, key.encode() * 10)
        return cache.get(key) in (None, key.encode() * 10)

    with ThreadPoolExecutor(8) as executor:
        assert all(executor.map(put_and_get, keys * 3))
    assert bytes_on_disk(tmp_path) <= 1000
