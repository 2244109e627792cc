"""How sure a figure is: 95 % intervals of shares and of means."""

import numpy as np
import numpy.typing as npt

Z = 1.959963984540054
"""The normal distribution's 97.5th percentile."""

RESAMPLES = 2000


def wilson_interval(hits: int, total: int) -> tuple[float, float]:
    """Wilson's interval of a share (1927): it stays inside 0 to 1, and is not empty where all or none hit."""
    if total == 0:
        return 0.0, 1.0
    share, spread = hits / total, Z * Z / total
    centre = (share + spread / 2) / (1 + spread)
    half_width = Z * float(np.sqrt(share * (1 - share) / total + spread / (4 * total))) / (1 + spread)
    return max(0.0, centre - half_width), min(1.0, centre + half_width)


def bootstrap_interval(values: npt.NDArray[np.float64], seed: int = 42) -> tuple[float, float]:
    """The mean's interval from samples drawn again and again with replacement (percentiles)."""
    if not len(values):
        return 0.0, 1.0
    rng = np.random.default_rng(seed)
    means = [values[rng.integers(len(values), size=len(values))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)
