"""Features for the classifier, with the real weights of SSCD."""

import json

import numpy as np
import pytest
from PIL import Image

from core.encoders import SPECS, Encoder
from core.encoders.measurements import MEASUREMENT_COUNT
from core.encoders.protocols import FeatureEncoder, Features
from core.encoders.sscd_features import (
    FEATURE_LENGTH,
    MEASUREMENT_REPEATS,
    SIDE_MULTIPLE,
    SKETCH_LENGTH,
    VIEW_AREA,
    prepare_view,
)
from indexer.elasticsearch.mappings import index_body
from tests.paths import SPECIMEN, SPECIMEN_TRUTH

pytestmark = pytest.mark.slow

BOOK = SPECIMEN / "companion-1843"


def features_of(encoder: Encoder, *images: Image.Image) -> Features:
    assert isinstance(encoder, FeatureEncoder)
    return encoder.encode_features(images)


def cosine(first_features: Features, second_features: Features) -> float:
    """Return the cosine of two feature rows."""
    first_vector, second_vector = first_features.astype(np.float64), second_features.astype(np.float64)
    return float(first_vector @ second_vector / np.linalg.norm(first_vector) / np.linalg.norm(second_vector))


def halve_image(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX)


def open_page(number: int) -> Image.Image:
    with Image.open(BOOK / "scans" / f"{number:08}.jpg") as scan:
        return scan.convert("RGB")


def crop_figure(number: int) -> Image.Image:
    """Return the first illustration of the page, cropped to its box in the ground truth."""
    truth = json.loads((SPECIMEN_TRUTH / f"{BOOK.name}.json").read_text("utf-8"))
    page_pictures = (entry["picture"] for entry in truth if entry["page_id"] == f"{number:08}")
    x, y, width, height = next(picture["box"] for picture in page_pictures if picture["label"] == "illustration")
    return open_page(number).crop((x, y, x + width, y + height))


def test_rows_are_bytes_of_the_length_in_the_mapping(sscd: Encoder, pictures: list[Image.Image]) -> None:
    for images in (pictures[:2], []):
        rows = features_of(sscd, *images)
        assert rows.shape == (len(images), FEATURE_LENGTH)
        assert rows.dtype == np.int8
    assert index_body("pictures")["mappings"]["properties"]["features"]["properties"]["sscd"]["dims"] == FEATURE_LENGTH


def test_the_registry_describes_the_feature_lengths() -> None:
    """A change of the features must change their description, by which an old index is recognised."""
    assert f"sketched in {SKETCH_LENGTH:,} numbers; " in SPECS["sscd"].features
    assert (
        f"; {MEASUREMENT_COUNT} measurements of the print, {MEASUREMENT_REPEATS} times each" in SPECS["sscd"].features
    )


def test_feature_parts_concatenate_to_the_row(sscd: Encoder, pictures: list[Image.Image]) -> None:
    """The ablation in `evaluation` cuts the row into its parts by their lengths."""
    assert isinstance(sscd, FeatureEncoder)
    feature_blocks = [compute(pictures[:2]) for compute in sscd.feature_parts.values()]
    assert np.array_equal(np.concatenate(feature_blocks, axis=1), features_of(sscd, *pictures[:2]))
    assert [make([]).shape[1] for make in sscd.feature_parts.values()] == [part.shape[1] for part in feature_blocks]


def test_a_pictures_features_do_not_depend_on_the_batch(sscd: Encoder, pictures: list[Image.Image]) -> None:
    first_picture, second_picture, third_picture = pictures[:3]
    rows = features_of(sscd, first_picture, second_picture, first_picture)
    assert np.array_equal(rows[0], rows[2])
    assert np.array_equal(
        rows[:2], np.concatenate([features_of(sscd, first_picture), features_of(sscd, second_picture)])
    )
    assert not np.array_equal(rows[0], features_of(sscd, third_picture)[0])


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((500, 500), (320, 320)),
        ((300, 600), (224, 448)),
        ((3000, 1), (640, 160)),
        ((1, 3000), (160, 640)),
        ((1, 1), (320, 320)),
    ],
)
def test_a_view_has_the_pictures_proportions_and_the_area_of_the_square(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    pixels = prepare_view(Image.new("RGB", size, "red"))
    assert pixels.shape == (1, expected[1], expected[0], 3)
    assert all(side % SIDE_MULTIPLE == 0 for side in expected)
    assert expected[0] * expected[1] == pytest.approx(VIEW_AREA, rel=0.05)


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000), (90, 60)])
@pytest.mark.parametrize("mode", ["1", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_extreme_sizes_and_every_mode_give_features(sscd: Encoder, mode: str, size: tuple[int, int]) -> None:
    (row,) = features_of(sscd, Image.new(mode, size))
    assert row[:SKETCH_LENGTH].any()
    assert np.abs(row.astype(int)).max() <= 127


def test_transparent_and_grey_pictures_equal_their_rgb_versions(sscd: Encoder, pictures: list[Image.Image]) -> None:
    grey_image = pictures[0].convert("L")
    transparent_image = Image.new("RGBA", (90, 60), (0, 0, 0, 0))
    rows = features_of(
        sscd, grey_image, grey_image.convert("RGB"), transparent_image, Image.new("RGB", (90, 60), "white")
    )
    assert np.array_equal(rows[0], rows[1])
    assert np.array_equal(rows[2], rows[3])


def test_a_smaller_copy_is_more_similar_than_other_pictures(sscd: Encoder, pictures: list[Image.Image]) -> None:
    all_pictures = [*pictures[:3], crop_figure(9), open_page(3)]
    rows, copy_rows = features_of(sscd, *all_pictures), features_of(sscd, *map(halve_image, all_pictures))
    nearest = [max(range(len(rows)), key=lambda index: cosine(rows[index], copy_row)) for copy_row in copy_rows]
    assert nearest == list(range(len(all_pictures)))


def test_text_pages_are_more_similar_to_each_other_than_to_figures(sscd: Encoder) -> None:
    """Vectors separate two pages of text; features group them."""
    first_page, second_page, first_figure, second_figure = features_of(
        sscd, open_page(3), open_page(4), crop_figure(9), crop_figure(11)
    )
    min_similarity = min(cosine(first_page, second_page), cosine(first_figure, second_figure))
    assert (
        min_similarity
        > max(
            cosine(page_features, figure_features)
            for page_features in (first_page, second_page)
            for figure_features in (first_figure, second_figure)
        )
        + 0.02
    )
