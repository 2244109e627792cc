"""Groups of pictures, from the table, the label or the path."""

from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.classification.domains import group_pictures, language, period, repository, shape, technique
from evaluation.pictures.folder import LabelledPicture

PICTURE = LabelledPicture(
    path=Path("a.jpg"), name="a.jpg", label="", book="a", width=100, height=100, digest="0", columns={}
)


def picture_with_columns(**columns: str) -> LabelledPicture:
    return replace(PICTURE, columns=columns)


@pytest.mark.parametrize(
    ("picture", "decade"),
    [
        (picture_with_columns(year="1885"), "1880s"),
        (picture_with_columns(date="[ca. 1790]"), "1790s"),
        (picture_with_columns(year="18850102"), ""),
        (picture_with_columns(repo="Gallicorpora/HTR-imprime-16e-siecle"), "16th century"),
        (replace(PICTURE, name="XV/HTR-incunable-15e-siècle/a.jpg"), "15th century"),
        (picture_with_columns(year="1612", repo="16e-siecle"), "1610s"),
        (PICTURE, ""),
    ],
)
def test_period_is_the_decade_or_the_century(picture: LabelledPicture, decade: str) -> None:
    assert period(picture) == decade


def test_repository_is_read_from_the_table_or_the_first_folder() -> None:
    assert repository(picture_with_columns(repo="bnf", collection="x")) == "bnf"
    assert repository(replace(PICTURE, name="nb/chr24/a.jpg")) == "nb"
    assert repository(PICTURE) == ""


def test_technique_is_read_from_the_table_or_the_label() -> None:
    assert technique(replace(picture_with_columns(technique="woodcut"), label="print")) == "woodcut"
    assert technique(replace(PICTURE, label="page_photo")) == "photograph"
    assert technique(replace(PICTURE, label="map")) == ""


def test_language_and_shape() -> None:
    assert language(picture_with_columns(lang="nob")) == "nob"
    sizes = [(10, 100), (60, 100), (100, 100), (150, 100), (300, 100), (900, 100)]
    assert len({shape(replace(PICTURE, width=width, height=height)) for width, height in sizes}) == len(sizes)


def test_pictures_without_a_value_are_in_no_group() -> None:
    pictures = [
        picture_with_columns(lang="nob"),
        PICTURE,
        picture_with_columns(lang="dan"),
        picture_with_columns(lang="nob"),
    ]
    assert group_pictures(pictures, language) == {"dan": [2], "nob": [0, 3]}
