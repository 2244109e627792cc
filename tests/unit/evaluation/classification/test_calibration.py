"""The expected calibration error, counted by hand."""

import numpy as np
import pytest

from evaluation.classification.calibration import reliability


def test_the_error_is_the_mean_distance_weighted_by_the_pictures() -> None:
    """Three pictures of .9 of which two are right, and one of .5 that is wrong."""
    result = reliability(np.array([0.9, 0.9, 0.9, 0.5]), np.array([True, True, False, False]))
    assert result.counts.tolist() == [1, 3]
    assert result.accuracy == pytest.approx([0, 2 / 3])
    assert result.expected_calibration_error == pytest.approx((3 * (0.9 - 2 / 3) + 0.5) / 4)


def test_who_is_sure_and_right_has_none() -> None:
    assert reliability(np.ones(5), np.ones(5, dtype=bool)).expected_calibration_error == 0.0
