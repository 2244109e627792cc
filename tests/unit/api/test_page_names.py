"""Pages are named by the number printed on them, or by their image."""

import pytest

from api.page_names import page_name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("12", "p. 12"), ("iv", "p. iv"), ("XII", "p. XII"), ("[12]", "p. [12]"), ("12a", "p. 12a"),
        ("12-13", "p. 12-13"),
        ("p. 12", "p. 12"), ("Page 12", "Page 12"), ("f. 3r", "f. 3r"), ("Cover", "Cover"), ("Image 9", "Image 9"),
        ("", "image 7"), ("NP", "image 7"), ("-", "image 7"), ("[n.p.]", "image 7"),
    ],
)  # fmt: skip
def test_a_page_is_named_by_its_label_or_by_its_image(label: str, name: str) -> None:
    assert page_name(label, 7) == name


def test_a_page_without_label_and_position_has_no_name() -> None:
    assert page_name("", 0) == ""
