"""Where a list of pictures stops being alike: for the line that says "nothing closer"."""

from collections.abc import Sequence
from math import log

MIN_HITS = 12
"""Pictures on a page; with fewer there is no background to stand out from."""

THRESHOLD_SLOPES = 5.0
"""How far above the line a picture is called close: an unrelated one is there once in e^5 = 150 pages.

Measured on altered copies of 94 pictures of the specimen and of real books that came first among 914 (sscd, the judged
set of `frontispiece evaluate relevance`): the original stood out in 71 % (95 % interval 61 to 79); without it nothing
was called close in 83 % (74 to 89), and what was then called close was often right, another print of the block or
another crop of the page. 3.5 steps gave 81 % and 81 %: on held-out copies no more than noise.

A constant cosine does not work: what unrelated pictures have differs per model and per query.
"""

SELF_SIMILARITY = 1.0
"""The cosine of a picture with itself."""


def count_outliers(similarities: Sequence[float], threshold_slopes: float = THRESHOLD_SLOPES) -> int | None:
    """How many of the first pictures stand out from the others, 0 if none does; None where it cannot be told: they are
    too few, or so different from each other that not even the same picture would stand out.

    `similarities` are of one page in its order, the most alike first. The largest of many unrelated values fall with
    the logarithm of their rank, and the first exceeds that line by an exponential of the same slope (Rényi's
    representation of order statistics); the page's second half tells the slope.
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
