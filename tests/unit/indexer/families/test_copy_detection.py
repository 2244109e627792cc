"""Copies are detected by cosine and perceptual hashes."""

from indexer.families.copy_detection import MAX_BITS_HASH_ONLY, SSCD_DETECTOR, best_model, copy_detector
from indexer.images.perceptual_hashes import EMPTY_HASH


def test_flat_picture_or_missing_hash_is_no_copy() -> None:
    assert SSCD_DETECTOR.tier(1.0, EMPTY_HASH, EMPTY_HASH) is None
    assert SSCD_DETECTOR.tier(1.0, "", "f" * 8 + "0" * 8) is None


def test_tier_depends_on_cosine_and_bits() -> None:
    original, near_hash, far_hash = "f" * 8 + "0" * 8, "f" * 8 + "0" * 6 + "0f", "0" * 8 + "f" * 8
    assert [SSCD_DETECTOR.tier(cosine, original, near_hash) for cosine in (0.95, 0.75, 0.5)] == ["exact", "near", None]
    assert SSCD_DETECTOR.tier(0.99, original, far_hash) is None, (
        "vectors alone do not decide: ornaments resemble each other"
    )


def test_only_hashes_decide_for_uncalibrated_model() -> None:
    assert best_model(["clip", "siglip"]) == "siglip"
    assert best_model([]) is None
    hash_a, hash_b = "f" * 8 + "0" * 8, f"{(0xFFFFFFFF00000000 ^ (2 ** (MAX_BITS_HASH_ONLY + 1) - 1)):016x}"
    hash_only = copy_detector("siglip")
    assert hash_only.tier(-0.5, hash_a, hash_a) == "exact"
    assert hash_only.tier(0.99, hash_a, hash_b) is None
    assert "hashes only" in str(hash_only)
