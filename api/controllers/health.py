"""The health checks: whether the process lives, and whether it can search."""

from dataclasses import replace

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec

from api.controllers.status_access import require_status_access
from api.elasticsearch.gateway import SearchGateway
from api.elasticsearch.health import Health
from api.image_service.server import MISSING_CROPS_MESSAGE, ImageServer


@get(
    "/health",
    operation_id="health",
    summary="Health",
    tags=["service"],
    guards=[require_status_access],
    responses={503: ResponseSpec(Health, generate_examples=False, description="Elasticsearch or the index is missing")},
)
async def get_health(
    gateway: NamedDependency[SearchGateway], image_server: NamedDependency[ImageServer]
) -> Response[Health]:
    """200 if the service can search; 503 with the same body if Elasticsearch or the index is missing."""
    health_state = await gateway.health()
    if health_state.pictures and not image_server.has_crops:
        health_state = replace(health_state, problem=health_state.problem or MISSING_CROPS_MESSAGE)
    return Response(health_state, status_code=503 if health_state.status == "unavailable" else 200)


@get("/health/ready", include_in_schema=False, guards=[require_status_access])
async def get_readiness(gateway: NamedDependency[SearchGateway]) -> Response[Health]:
    """Return what `/health` does, with 503 also if none of the models answers that the index was filled with."""
    health_state = await gateway.health()
    return Response(health_state, status_code=200 if health_state.is_ready else 503)


@get("/health/live", include_in_schema=False, media_type="text/plain", sync_to_thread=False)
def get_liveness() -> str:
    """Return 200 as long as the process answers, whatever Elasticsearch does."""
    return "ok"
