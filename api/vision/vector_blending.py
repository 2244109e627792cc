"""Vectors of several pictures → one vector per model.

Rocchio's sum: each picture's unit vector times its weight, added and normalised to unit length again (J. J. Rocchio,
“Relevance feedback in information retrieval”, 1971; Manning, Raghavan and Schütze, “Introduction to Information
Retrieval”, section 9.1.1). The weights come from the request.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from api.errors import InvalidRequest
from api.sentences import Sentence

MIN_RELATIVE_LENGTH = 1e-3
"""A sum shorter than this share of its parts has no direction: a packed vector is off by .01."""

VectorsByModel = Mapping[str, Sequence[float]]


def blend(weighted_vectors: Sequence[tuple[float, VectorsByModel]]) -> dict[str, list[float]]:
    """Return one unit vector per model.

    If any picture has a positive weight, only models that have a vector of such a picture are used. Raise
    `InvalidRequest` if the pictures cancel each other out.
    """
    positive_models = {name for weight, vectors in weighted_vectors for name in vectors if weight > 0}
    model_names = positive_models or {name for _, vectors in weighted_vectors for name in vectors}
    return {
        name: _blend_vectors([(weight, vectors[name]) for weight, vectors in weighted_vectors if name in vectors])
        for name in sorted(model_names)
    }


def _blend_vectors(weighted_vectors: Sequence[tuple[float, Sequence[float]]]) -> list[float]:
    weights = np.array([weight for weight, _ in weighted_vectors])
    total = weights @ np.array([vector for _, vector in weighted_vectors])
    length = float(np.linalg.norm(total))
    if length <= MIN_RELATIVE_LENGTH * np.abs(weights).sum():
        raise InvalidRequest(
            Sentence("These pictures cancel each other out: leave one of them out, or change its weight.")
        )
    unit_vector: list[float] = (total / length).tolist()
    return unit_vector
