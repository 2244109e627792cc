"""Empty parameters and versions of a file."""

import pytest

from api.edge import matches, without_blanks


@pytest.mark.parametrize(
    ("query", "left"),
    [
        (b"q=fyr&year_from=&page=", b"q=fyr"),
        (b"q=a=&label==", b"q=a=&label=="),  # a value may end in the sign
        (b"q", b"q"),
        (b"=&q=", b""),
        (b"", b""),
    ],
)
def test_an_empty_parameter_is_no_parameter(query: bytes, left: bytes) -> None:
    assert without_blanks(query) == left


@pytest.mark.parametrize(
    ("known", "same"),
    [('"1-2"', True), ('W/"1-2"', True), ('"0", "1-2"', True), ("*", True), ('"1"', False), ("", False)],
)
def test_a_version_is_known_strong_or_weak(known: str, same: bool) -> None:  # noqa: FBT001 pytest's parameter
    assert matches(known, '"1-2"') is same
