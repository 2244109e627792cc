"""Traces with OpenTelemetry: off unless a collector is named by the variables that OpenTelemetry defines.

The extra `opentelemetry` may be missing, so nothing of it is imported before it is needed.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, cast

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.monitoring.requests import current_record

ENDPOINT_VARIABLES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
MISSING_EXTRA = (
    "a collector of traces is named, but OpenTelemetry is not installed: pip install 'frontispiece[opentelemetry]', "
    "or remove the variable"
)
KEPT_HEADERS = frozenset({b"traceparent", b"tracestate"})
"""Of what a request says, what may go into a trace."""

log = structlog.get_logger()


class _Tracing:
    """The tracer of this process, once there is one."""

    provider: Any = None
    tracer: Any = None
    inject: Callable[[dict[str, str]], None] | None = None


def traces_endpoint() -> str:
    """Return the variable that names a collector; empty if none does."""
    is_off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return "" if is_off else next((name for name in ENDPOINT_VARIABLES if os.environ.get(name)), "")


def start_tracing() -> bool:
    """Send traces if a collector is named; return whether it is. Without the extra, write a sentence to the log."""
    variable = traces_endpoint()
    if not variable:
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.trace import set_tracer_provider  # noqa: PLC0415
    except ImportError:
        log.warning("tracing.not_installed", variable=variable, advice=MISSING_EXTRA)
        return False
    names = {} if os.environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: "frontispiece"}
    provider = TracerProvider(resource=Resource.create(names))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    set_tracer_provider(provider)  # for the spans of the Elasticsearch client
    trace_with(provider)
    log.info("tracing.started", variable=variable)
    return True


def trace_with(provider: Any) -> None:
    """Let the spans of the service go to a provider of tracers."""
    from opentelemetry.propagate import inject  # noqa: PLC0415

    _Tracing.provider, _Tracing.tracer, _Tracing.inject = provider, provider.get_tracer("frontispiece"), inject


def stop_tracing() -> None:
    """Make no more spans."""
    _Tracing.provider = _Tracing.tracer = _Tracing.inject = None


def span(name: str, **attributes: str) -> AbstractContextManager[object]:
    """Return a span around a part of the work, or nothing where there are no traces."""
    if _Tracing.tracer is None:
        return nullcontext()
    return cast(
        AbstractContextManager[object], _Tracing.tracer.start_as_current_span(name, attributes=attributes or None)
    )


def trace_headers() -> Mapping[str, str]:
    """Return the headers that continue the trace in Elasticsearch, whose client does not send them."""
    headers: dict[str, str] = {}
    if _Tracing.inject is not None:
        _Tracing.inject(headers)
    return headers


_SCOPE_KEY = "frontispiece.scope"


def wrap_with_traces(app: ASGIApp) -> ASGIApp:
    """Wrap the application with a span for each request, if there are traces.

    The span has the method, the route and the status, and nothing of the reader: no words, address or browser.
    """
    if _Tracing.tracer is None:
        return app
    from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware  # noqa: PLC0415
    from opentelemetry.trace import get_current_span  # noqa: PLC0415

    async def run_with_whole_scope(scope: Any, receive: Receive, send: Send) -> None:
        server_span = get_current_span()

        async def send_after_name(message: Message) -> None:
            if message["type"] == "http.response.start" and (record := current_record()):
                server_span.update_name(f"{scope['method']} {record.route}")
                server_span.set_attributes({"http.route": record.route, "frontispiece.request_id": record.id})
            await send(message)

        await app(scope[_SCOPE_KEY], receive, send_after_name)

    traced_app: Any = OpenTelemetryMiddleware(
        run_with_whole_scope,
        default_span_details=lambda scope: (scope["method"], {}),
        exclude_spans=["receive", "send"],
        tracer_provider=_Tracing.provider,
    )

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await traced_app(_nameless_scope(scope), receive, send)
        else:
            await app(scope, receive, send)

    return middleware


def _nameless_scope(scope: Scope) -> dict[str, Any]:
    """Return what a trace may say of a request, and the whole scope under a key of our own."""
    headers = [(name, value) for name, value in scope["headers"] if name in KEPT_HEADERS]
    nothing = {"path": "", "raw_path": b"", "query_string": b"", "client": None, "server": None, "headers": headers}
    return {**scope, **nothing, _SCOPE_KEY: scope}
