"""Which vision models a search uses, and how much each counts."""

from collections.abc import Iterable

from api.errors import InvalidRequest
from api.search.boosts import Boosts
from api.search.image_terms import parse_model_weights
from api.sentences import Sentence
from core.encoders.registry import is_text_model


def select_model_weights(requested: Iterable[str], index_models: Iterable[str], boosts: Boosts) -> dict[str, float]:
    """Return the models that a request names, or all vision models of the index, with their weights."""
    available_weights = {name: boosts.models.get(name, 1.0) for name in index_models if not is_text_model(name)}
    requested_weights = parse_model_weights(requested)
    if unknown_models := [name for name in requested_weights if name not in available_weights]:
        names = ", ".join(available_weights) or "none"
        unknown_model = unknown_models[0][:50]
        raise InvalidRequest(
            Sentence(
                "There is no model “%(model)s” in this index. It has: %(names)s.", model=unknown_model, names=names
            )
        )
    return {
        name: requested_weights[name] for name in available_weights if name in requested_weights
    } or available_weights
