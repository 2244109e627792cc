"""Whether the service can answer, for people and for the machine that watches it."""

from dataclasses import dataclass, field
from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec

from api.models import ModelState
from api.search import Searcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The node, the index behind the alias, and the vision models that filled it."""

    status: Literal["ok", "degraded", "unavailable"]
    """`degraded`: words are answered, but a model of the index cannot be asked here."""
    node: bool
    """Whether Elasticsearch answers."""
    index: str = ""
    """The index behind the alias; empty where there is none yet."""
    pictures: int = 0
    models: list[ModelState] = field(default_factory=list)
    problem: str = ""
    """What to do about it."""


@get(
    "/health",
    operation_id="health",
    summary="Health",
    tags=["service"],
    responses={503: ResponseSpec(Health, generate_examples=False, description="The node or the index is missing")},
)
async def health(searcher: NamedDependency[Searcher]) -> Response[Health]:
    """200 where questions are answered, 503 with the same body where the node or the index is missing."""
    found = await searcher.standing()
    usable = all(model.usable for model in found.models)
    status: Literal["ok", "degraded", "unavailable"] = "ok" if usable else "degraded"
    state = Health(
        status=status if found.index else "unavailable",
        node=found.node,
        index=found.index,
        pictures=found.pictures,
        models=found.models,
        problem=found.problem,
    )
    return Response(state, status_code=200 if found.index else 503)
