"""The outlier cut-off: how many hits of a page are clearly more similar to the picture than the rest."""

from collections.abc import Sequence
from math import log

MIN_HITS = 12
"""Fewest hits on a page from which a background can be estimated."""

THRESHOLD_SLOPES = 5.0
"""Slopes above the background line from which a hit is an outlier.

On about 1 page in 150 (e^5), an unrelated picture exceeds it.

Measured in docs/decisions/0002-boosts-from-evaluation.md. A constant cosine would not work: the similarity of unrelated
pictures depends on the model and the query.
"""

SELF_SIMILARITY = 1.0
"""The cosine of a picture with itself."""


def count_outliers(similarities: Sequence[float], threshold_slopes: float = THRESHOLD_SLOPES) -> int | None:
    """Return how many of the first hits are outliers; None if there are too few hits, or if they differ so much that
    even the same picture would not be an outlier.

    `similarities` are those of one page, the highest first. The largest of many unrelated values fall with the
    logarithm of their rank, and the first exceeds that line by an exponential variable of the same slope (Rényi's
    representation of order statistics). The slope is estimated from the second half of the page.
    """
    count = len(similarities)
    if count < MIN_HITS:
        return None
    half = count // 2
    slope = max((similarities[half - 1] - similarities[-1]) / log(count / half), 1e-4)

    def expected_similarity(rank: int) -> float:
        return similarities[half - 1] + slope * log(half / rank)

    if expected_similarity(1) + threshold_slopes * slope >= SELF_SIMILARITY:
        return None
    outlier_flags = (
        similarities[rank - 1] > expected_similarity(rank) + threshold_slopes * slope for rank in range(1, half + 1)
    )
    return next((index for index, is_outlier in enumerate(outlier_flags) if not is_outlier), half)
