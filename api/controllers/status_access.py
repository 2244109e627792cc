"""Who may read what the service says of itself: those at the status address, and those with the token."""

from hmac import compare_digest

from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.handlers import BaseRouteHandler

from api.monitoring.status_address import is_at_port

Connection = ASGIConnection[object, object, object, State]


def require_status_access(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuse a request without the token, if there is one; where there is an address for it, send it there."""
    _check(connection, is_public=True)


def require_status_access_to_metrics(connection: Connection, _: BaseRouteHandler) -> None:
    """Refuse a request without the token; without a token and an address there are no metrics."""
    _check(connection, is_public=False)


def _check(connection: Connection, *, is_public: bool) -> None:
    state = connection.app.state
    if state.status_port is not None and is_at_port(connection.scope.get("server"), state.status_port):
        return
    if not state.status_token:
        if is_public and state.status_port is None:
            return
        raise NotFoundException
    expected = f"Bearer {state.status_token}"
    if not compare_digest(connection.headers.get("authorization", "").encode(), expected.encode()):
        raise NotAuthorizedException(headers={"WWW-Authenticate": "Bearer"})
