"""The engine, and an installation in containers: set up and filled on a secured node, and the service on it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from api.server import open_listener
from tests.containers.deployment import Deployment, Service
from tests.containers.engine import Engine, find_engine
from tests.secured.cluster import Cluster
from tests.secured.conftest import bare_cluster, installation  # noqa: F401 fixtures
from tests.waiting import wait_for_response


@pytest.fixture(scope="session")
def engine() -> Engine:
    name = find_engine()
    if not name:
        pytest.skip("neither podman nor docker answers here")
    return Engine(name)


@pytest.fixture(scope="session")
def deployment(engine: Engine, bare_cluster: Cluster) -> Iterator[Deployment]:  # noqa: F811
    """Volumes that are empty at first, and removed at the end."""
    new_deployment = Deployment(engine, bare_cluster, f"frontispiece-test-{uuid4().hex[:8]}")
    yield new_deployment
    new_deployment.remove_volumes()


@pytest.fixture(scope="session")
def filled_deployment(deployment: Deployment) -> Deployment:
    """The cluster set up and the specimen indexed, each in its container."""
    for result in (deployment.set_up(), deployment.index()):
        assert result.returncode == 0, result.stderr
    return deployment


@pytest.fixture(scope="session")
def service(filled_deployment: Deployment) -> Iterator[Service]:
    """The service in its container, as it answers."""
    with open_listener("127.0.0.1", 0) as free_socket:
        port = free_socket.getsockname()[1]
    running_service = filled_deployment.start_service(port)
    try:
        wait_for_response(f"{running_service.url}/health", running_service.is_running)
        yield running_service
    finally:
        filled_deployment.engine.call("rm", "--force", running_service.name)
