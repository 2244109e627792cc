"""The parameters of a URL as Litestar reads, validates and describes them, made from the table of parameters."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from litestar.di import NamedDependency, Provide
from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from api.errors import AnyRequest, InvalidRequest
from api.search.parameter import MAX_REPETITIONS, Parameter
from api.search.parameters import FILTERS, PARAMETERS
from api.search.request import SearchRequest, parameter_default

PICTURE_PARAMETERS = tuple(name for name in PARAMETERS if name not in ("document", "group", "collapse"))
"""Parameters of a search for pictures alone, one by one: IIIF."""

EXPORT_PARAMETERS = tuple(name for name in PICTURE_PARAMETERS if name not in ("page", "size"))
"""Parameters of an export, which is the first pictures of a search in one file."""

BOOK_PARAMETERS = (*(name for name in FILTERS if name != "book"), "page", "size")
"""Parameters of a list of one book's pictures."""

OTHER_ADDRESSES: Mapping[str, str] = {
    **dict.fromkeys(("facet", "prefix", "order"), "/api/facets"),
    "seed": "/api/pictures/random",
    "motivation": "/iiif/books/{book_id}/search",
}
"""Parameter that `/api/search` does not take → the address that does."""


def build_parameters_struct(names: Iterable[str]) -> type[msgspec.Struct]:
    """Return a struct with a field per parameter; Litestar reads from it which parameters a URL may have."""
    fields = [(name, _query_type(PARAMETERS[name]), _query_default(PARAMETERS[name])) for name in names]
    return msgspec.defstruct("SearchParameters", fields, kw_only=True)


def accept_parameters(*names: str) -> dict[str, Provide]:
    """Return the dependency that limits the parameters of a handler's `search_request` to these."""
    return {"search_parameters": Provide(build_parameters_struct(names), sync_to_thread=False)}


def provide_search_request(search_parameters: NamedDependency[Any]) -> SearchRequest:
    """Return the search request of a URL; `search_parameters` is a struct that `accept_parameters` made."""
    return SearchRequest.from_parameters(msgspec.structs.asdict(search_parameters))


def value_type(parameter: Parameter) -> Any:
    """Return the type of one value of a parameter, with its limits."""
    if parameter.minimum is not None or parameter.maximum is not None:
        return Annotated[parameter.type, msgspec.Meta(ge=parameter.minimum, le=parameter.maximum)]
    if parameter.max_length is not None:
        return Annotated[parameter.type, msgspec.Meta(max_length=parameter.max_length)]
    return parameter.type


def _query_type(parameter: Parameter) -> Any:
    example = [parameter.example] if parameter.repeated and isinstance(parameter.example, str) else parameter.example
    definition = QueryParameter(
        description=parameter.full_description,
        examples=[Example(value=example)],
        ge=parameter.minimum,
        le=parameter.maximum,
        max_items=MAX_REPETITIONS if parameter.repeated else None,
    )
    if parameter.repeated:
        return Annotated[list[value_type(parameter)] | None, definition]  # type: ignore[misc]
    optional = _query_default(parameter) is None
    return Annotated[parameter.type | None if optional else parameter.type, definition]


def _query_default(parameter: Parameter) -> Any:
    return None if parameter.repeated else parameter_default(parameter.name)


def refuse_unknown_parameters(request: AnyRequest) -> None:
    """Refuse a misspelt parameter, which would otherwise be ignored and give the results of another search."""
    if unknown_names := [name for name in request.query_params if name not in PARAMETERS]:
        raise InvalidRequest(
            f"There is no parameter `{unknown_names[0][:50]}`{_address_hint(unknown_names[0])}. "
            f"There are: {', '.join(PARAMETERS)}."
        )


def refuse_all_but(*names: str) -> Callable[[AnyRequest], None]:
    """Return a check that refuses parameters other than these."""

    def refuse(request: AnyRequest) -> None:
        if unknown_names := [name for name in request.query_params if name not in names]:
            raise InvalidRequest(_refusal(unknown_names[0], names))

    return refuse


def refuse_search_parameters_but(*names: str) -> Callable[[AnyRequest], None]:
    """Return a check of a page's URL; parameters of no search are ignored, as mail and social media add their own."""

    def refuse(request: AnyRequest) -> None:
        if refused_names := [name for name in request.query_params if name in PARAMETERS and name not in names]:
            raise InvalidRequest(_refusal(refused_names[0], names))

    return refuse


def _refusal(name: str, accepted_names: Sequence[str]) -> str:
    accepted = f"It takes: {', '.join(accepted_names)}." if accepted_names else "It takes no parameters."
    return f"This address does not take the parameter `{name[:50]}`{_address_hint(name)}. {accepted}"


def _address_hint(name: str) -> str:
    """Return which address honours a parameter, as the end of a clause; empty if none does."""
    address = "/api/search" if name in PARAMETERS else OTHER_ADDRESSES.get(name)
    return f"; `{address}` does" if address else ""
