"""Addresses that take the search's filters and little else of it."""

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

from litestar import Request
from litestar.di import Provide

from api.errors import InvalidRequest
from api.search.parameters import provide_search_request
from api.search.request import FILTERS, SearchRequest

FILTER_PARAMETERS = (*FILTERS, "has_caption", "hidden", "year_from", "year_to")


def refuse_all_but(*names: str) -> Callable[[Request[Any, Any, Any]], None]:
    """Words that are passed over would seem to have been looked for."""

    def refuse(request: Request[Any, Any, Any]) -> None:
        if unknown_names := [name for name in request.query_params if name not in names]:
            raise InvalidRequest(f"`{unknown_names[0][:50]}` has no part in this. These have: {', '.join(names)}.")

    return refuse


def search_request_provider(*names: str) -> Provide:
    """The question of an address that takes these parameters alone, and is described so: the others are as usual."""

    def provide_filtered_request(**values: Any) -> SearchRequest:
        return provide_search_request(**values)

    # Litestar reads the parameters, their limits and examples from the signature.
    accepted_parameters = [
        parameter
        for parameter in signature(provide_search_request).parameters.values()
        if _parameter_name(parameter) in names
    ]
    provide_filtered_request.__signature__ = signature(provide_search_request).replace(parameters=accepted_parameters)  # type: ignore[attr-defined]
    provide_filtered_request.__annotations__ = {
        parameter.name: parameter.annotation for parameter in accepted_parameters
    } | {"return": SearchRequest}
    return Provide(provide_filtered_request, sync_to_thread=False)


def _parameter_name(parameter: Parameter) -> str:
    """`type` is a word of Python's."""
    return parameter.name.rstrip("_")
