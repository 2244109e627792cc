"""Addresses are shown without passwords."""

import pytest

from core.addresses import strip_credentials


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:secret@search.example.org:9200/x", "https://search.example.org:9200/x"),
        ("https://me:se@cret@search.example.org", "https://search.example.org"),
        ("http://127.0.0.1:9200", "http://127.0.0.1:9200"),
        ("s3://key:secret@bucket/crops", "s3://bucket/crops"),
        ("curator@example.org", "curator@example.org"),
        ("http://[::1", "http://[::1"),
        ("/srv/books", "/srv/books"),
        ("", ""),
    ],
)
def test_user_names_and_passwords_are_left_out(url: str, shown: str) -> None:
    assert strip_credentials(url) == shown
