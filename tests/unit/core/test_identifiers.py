"""Different things have different ids, whatever signs their names have."""

import unicodedata
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.identifiers import MAX_ID_BYTES, clean_identifier, document_id, identifier_of_place, is_identifier
from core.text import normalise_text

LOOKALIKES = [
    ["plate 1", "plate_1", "plate(1)", "plate[1]", "plate & 1", "plate#1", "plate  1", "plate/1"],
    ["कि", "की", "कु", "क"],
    ["שָׁלוֹם", "שלום"],
    ["عَلَم", "علم"],
    ["a/b", "a_b", "a:b", "A_b"],
    [".", "..", "_", "__"],
    ["x" * 600, "x" * 601, "x" * 600 + " "],
]

URL_LIKE_TEXT = st.text(alphabet=st.sampled_from("ab:_ ~/é́कि0"), max_size=8)
"""Short texts of few signs, so that equal readable parts are frequent."""

IDS = st.one_of(st.text(), URL_LIKE_TEXT)


@pytest.mark.parametrize("names", LOOKALIKES)
def test_names_that_look_alike_have_different_ids(names: list[str]) -> None:
    assert len({document_id(name) for name in names}) == len(names)


def test_ordinary_identifiers_stay_as_they_are() -> None:
    for name in ("URN:NBN:no-nb_digibok_1_0003", "bpt6k15260973", "gc+1,2~x", "Ærø_1", "कि", "שָׁלוֹם"):
        assert document_id(name) == unicodedata.normalize("NFC", name)
    assert document_id("digibok_1_0003", "P3_CB1", "0,10,600,1400") == "digibok_1_0003:P3_CB1:0,10,600,1400"


def test_a_name_with_other_signs_stays_readable() -> None:
    assert document_id("plate (1)").startswith("plate_1_~")


@given(st.integers(1, 3).flatmap(lambda size: st.tuples(*[st.lists(IDS, min_size=size, max_size=size)] * 2)))
@example((["a:b", ""], ["a", "b:"]))
@example((["a:b", "", "0"], ["a", "b", "0"]))
@example((["plate 1"], [document_id("plate 1")]))
def test_ids_are_equal_only_if_all_parts_are(both: tuple[list[str], list[str]]) -> None:
    first, second = ([unicodedata.normalize("NFC", part) for part in parts] for parts in both)
    assert (document_id(*both[0]) == document_id(*both[1])) == (first == second)


@given(IDS)
def test_an_id_of_an_id_is_another_id(name: str) -> None:
    """A book that is called like another one's completed id must not take its place."""
    once = document_id(name)
    assert once == unicodedata.normalize("NFC", name) or document_id(once) != once


@given(st.text())
def test_composed_and_decomposed_names_are_one_id(name: str) -> None:
    assert document_id(unicodedata.normalize("NFD", name)) == document_id(unicodedata.normalize("NFC", name))


@given(IDS, st.text())
def test_ids_fit_into_elasticsearch_and_into_one_segment_of_a_path(name: str, part: str) -> None:
    id_ = document_id(name, part)
    assert len(id_.encode()) <= MAX_ID_BYTES
    assert not set("/?#%\\ \n") & set(id_)
    assert quote(id_, safe=":,+~")
    assert document_id(name) not in (".", "..")


@given(IDS, IDS)
@example("plate1", "plate\u200b1")
@example("🗻", "🗻\ufe0f")
@example("\udce6.jpg", "\\xe6.jpg")
def test_a_name_with_invisible_characters_is_kept_apart_from_the_name_without_them(first: str, second: str) -> None:
    identifiers = {clean_identifier(name) for name in (first, second)}
    assert len(identifiers) == len({unicodedata.normalize("NFC", name) for name in (first, second)})
    assert all(identifier == normalise_text(identifier) == clean_identifier(identifier) for identifier in identifiers)


def test_a_file_name_with_bytes_that_are_no_characters_has_an_id() -> None:
    names = [b"\xe5s.jpg".decode(errors="surrogateescape"), b"\xf8s.jpg".decode(errors="surrogateescape")]
    assert len({document_id(name) for name in names}) == 2
    assert all(document_id(name).encode() for name in names)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("digibok_2014062307158", True),
        ("bpt6k5628146", True),
        ("39015012345678", True),
        ("10ca37a8595f4a63dd033dbfa4a130bc", True),
        ("b5ce2b6a-8a9b-4a3c", True),
        ("18651231", False),
        ("lunion_1865-04-15", False),
        ("volume_1", False),
        ("kant", False),
        ("", False),
    ],
)
def test_only_a_name_with_a_long_number_is_an_identifier(name: str, *, expected: bool) -> None:
    assert is_identifier(name) == expected
    assert (identifier_of_place(name, "/a") == identifier_of_place(name, "/b")) == expected
