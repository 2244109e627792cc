"""The health check."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec

from api.elasticsearch.gateway import Health, SearchGateway


@get(
    "/health",
    operation_id="health",
    summary="Health",
    tags=["service"],
    responses={503: ResponseSpec(Health, generate_examples=False, description="Elasticsearch or the index is missing")},
)
async def get_health(gateway: NamedDependency[SearchGateway]) -> Response[Health]:
    """200 if the service can search; 503 with the same body if Elasticsearch or the index is missing."""
    health_state = await gateway.health()
    return Response(health_state, status_code=503 if health_state.status == "unavailable" else 200)
