"""The expected calibration error, compared with values computed by hand."""

import numpy as np
import pytest

from evaluation.classification.calibration import reliability


def test_calibration_error_is_weighted_by_the_pictures_of_each_bin() -> None:
    """Three pictures with confidence 0.9, two of them correct, and one with 0.5 that is wrong."""
    result = reliability(np.array([0.9, 0.9, 0.9, 0.5]), np.array([True, True, False, False]))
    assert result.counts.tolist() == [1, 3]
    assert result.accuracy == pytest.approx([0, 2 / 3])
    assert result.expected_calibration_error == pytest.approx((3 * (0.9 - 2 / 3) + 0.5) / 4)


def test_confident_and_correct_predictions_have_no_error() -> None:
    assert reliability(np.ones(5), np.ones(5, dtype=bool)).expected_calibration_error == 0.0
